//! One mutated event in a story is always caught: the table of docs/explanation/stories.md, row by row.

use crate::support::event_kind;
use cfwh::models::event::{Entity, EventKind};
use cfwh::profiles::published;
use rand::rngs::ChaCha8Rng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};

use crate::story::{broken, for_seeds, told};

/// An event of a story in the document's shape, to be changed.
fn kind(event: &Value) -> EventKind {
    event["event"].as_str().and_then(cfwh::profiles::find_event).expect("one of the nineteen")
}

fn payload(event: &Value) -> &Value {
    &event[kind(event).entity().key()]
}

fn payload_mut(event: &mut Value) -> &mut Value {
    let key = kind(event).entity().key();
    &mut event[key]
}

/// The pointers to the container in a body.
fn container_mut(event: &mut Value) -> &mut Value {
    if kind(event).entity() == Entity::Label {
        &mut event["associatedContent"]
    } else {
        &mut payload_mut(event)["container"]
    }
}

fn is(event: &Value, names: &[&str]) -> bool {
    names.iter().any(|name| kind(event).name().ends_with(name))
}

fn has_item(event: &Value) -> bool {
    !matches!(kind(event).entity(), Entity::Label)
}

/// Does a later event speak of this id or key?
fn is_spoken_of(id: &Value, later: &[Value]) -> bool {
    later.iter().any(|event| {
        let container = if event["associatedContent"].is_null() {
            &payload(event)["container"]
        } else {
            &event["associatedContent"]
        };
        [&payload(event)["id"], &payload(event)["spaceKey"], &container["id"]].contains(&id)
    })
}

/// One thing that is done to one event; `false` where the story has none that it can be done to.
type Mutation = fn(&mut Vec<Value>, &mut ChaCha8Rng) -> bool;

fn pick(story: &[Value], rng: &mut ChaCha8Rng, fits: impl Fn(usize, &Value) -> bool) -> Option<usize> {
    let fitting: Vec<usize> = (0..story.len()).filter(|&at| fits(at, &story[at])).collect();
    fitting.choose(rng).copied()
}

/// Changes an event that fits.
fn change(
    story: &mut [Value],
    rng: &mut ChaCha8Rng,
    fits: impl Fn(&Value) -> bool,
    change: impl FnOnce(&mut Value, &mut ChaCha8Rng),
) -> bool {
    let Some(at) = pick(story, rng, |_, event| fits(event)) else { return false };
    change(&mut story[at], rng);
    true
}

/// The table of docs/explanation/stories.md, row by row.
const MUTATIONS: [(&str, &[&str], Mutation); 13] = [
    ("a creation is left out", &["story/not-created", "story/container"], |story, rng| {
        let fits = |at: usize, event: &Value| {
            let id =
                if kind(event) == event_kind("space_created") { &payload(event)["key"] } else { &payload(event)["id"] };
            is(event, &["_created"]) && has_item(event) && is_spoken_of(id, &story[at + 1..])
        };
        pick(story, rng, fits).map(|at| story.remove(at)).is_some()
    }),
    ("an event is moved before a creation", &["story/time"], |story, rng| {
        let created = |at: usize, event: &Value| {
            story[..at]
                .iter()
                .position(|other| is(other, &["_created"]) && payload(other)["id"] == payload(event)["id"])
        };
        let Some(at) = pick(story, rng, |at, event| has_item(event) && created(at, event).is_some()) else {
            return false;
        };
        let to = created(at, &story[at]).expect("it was just found");
        let event = story.remove(at);
        story.insert(to, event);
        true
    }),
    (
        "an event comes twice",
        &["story/repeated-id", "story/removed", "story/version", "story/trashed", "story/not-created"],
        |story, rng| {
            let fits = |_: usize, event: &Value| !is(event, &["space_updated", "attachment_updated"]);
            let Some(at) = pick(story, rng, fits) else { return false };
            story.insert(at + 1, story[at].clone());
            true
        },
    ),
    ("another version", &["story/version"], |story, rng| {
        change(
            story,
            rng,
            |event| !payload(event)["version"].is_null(),
            |event, rng| {
                let version = &mut payload_mut(event)["version"]["number"];
                let wrong = version.as_i64().expect("a number") + if rng.random() { 1 } else { -1 };
                *version = json!(wrong);
            },
        )
    }),
    ("an earlier time", &["story/time"], |story, rng| {
        let at = rng.random_range(1..story.len());
        let before = story[at - 1]["timestamp"].as_i64().expect("a number");
        story[at]["timestamp"] = json!(before - rng.random_range(1..10_000));
        true
    }),
    ("an id that nobody created", &["story/not-created"], |story, rng| {
        change(
            story,
            rng,
            |event| has_item(event) && !is(event, &["_created"]),
            |event, _| {
                let id = &mut payload_mut(event)["id"];
                *id = if id.is_number() { json!(7) } else { json!("7") };
            },
        )
    }),
    ("an id that was used", &["story/repeated-id"], |story, rng| {
        let is_creation = |event: &Value| is(event, &["_created"]) && payload(event)["id"].is_string();
        let Some(first) = story.iter().position(is_creation) else { return false };
        let used = payload(&story[first])["id"].clone();
        let Some(at) = pick(story, rng, |at, event| at > first && is_creation(event)) else { return false };
        payload_mut(&mut story[at])["id"] = used;
        true
    }),
    ("on an id that nobody created", &["story/container"], |story, rng| {
        change(
            story,
            rng,
            |event| {
                is(
                    event,
                    &[
                        "comment_created",
                        "comment_updated",
                        "comment_removed",
                        "attachment_created",
                        "attachment_removed",
                        "label_created",
                        "label_removed",
                    ],
                )
            },
            |event, _| {
                container_mut(event)["id"] = json!("7");
            },
        )
    }),
    ("another creator", &["story/creator"], |story, rng| {
        change(
            story,
            rng,
            |event| has_item(event) && !is(event, &["_created"]),
            |event, _| {
                payload_mut(event)["creatorAccountId"] = json!("somebody else");
            },
        )
    }),
    ("another space", &["story/space", "story/removed-space", "story/not-created"], |story, rng| {
        let fits = |event: &Value| !payload(event)["spaceKey"].is_null() && !is(event, &["_created"]);
        let keys: Vec<Value> =
            story.iter().map(|event| payload(event)["key"].clone()).filter(Value::is_string).collect();
        change(story, rng, fits, |event, _| {
            let key = &mut payload_mut(event)["spaceKey"];
            *key = keys.iter().find(|other| *other != key).cloned().unwrap_or(json!("OTHER"));
        })
    }),
    ("a space that was never created", &["story/not-created"], |story, rng| {
        change(
            story,
            rng,
            |event| !payload(event)["spaceKey"].is_null(),
            |event, _| {
                payload_mut(event)["spaceKey"] = json!("NOWHERE");
            },
        )
    }),
    ("another title of what it is on", &["story/title"], |story, rng| {
        let fits = |event: &Value| {
            let container = if event["associatedContent"].is_null() {
                &payload(event)["container"]
            } else {
                &event["associatedContent"]
            };
            matches!(container["type"].as_str(), Some("page" | "blogpost"))
        };
        change(story, rng, fits, |event, _| container_mut(event)["title"] = json!("Nobody called it so"))
    }),
    ("trashed and restored exchanged", &["story/trashed"], |story, rng| {
        change(
            story,
            rng,
            |event| is(event, &["page_trashed", "page_restored"]),
            |event, _| {
                let other = if kind(event) == event_kind("page_trashed") { "page_restored" } else { "page_trashed" };
                event["event"] = json!(other);
            },
        )
    }),
];

#[test]
fn every_mutation_of_a_story_is_caught() {
    for_seeds(10, |seed| {
        let story: Vec<Value> = told(seed, 150, &published::PROFILE)
            .map(|(_, body)| serde_json::from_slice(&body).expect("a body is JSON"))
            .collect();
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        for (name, expected, mutate) in MUTATIONS {
            let mut mutated = story.clone();
            assert!(mutate(&mut mutated, &mut rng), "seed {seed}: no event for: {name}");
            let broken =
                broken(&published::PROFILE, mutated.iter().map(|event| (kind(event), event.to_string().into_bytes())));
            let found = broken.iter().any(|(_, rule)| expected.contains(rule));
            assert!(found, "seed {seed}: {name}: {broken:?}");
        }
    });
}
