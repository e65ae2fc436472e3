//! `fake story` and `validate --story`: what holds between the events of a story, docs/stories.md, and that what does not
//! hold is found.

use std::collections::BTreeMap;

use cfwh::generator::story::Story;
use cfwh::models::delivery::{Delivery, Headers};
use cfwh::models::event::{Entity, EventKind};
use cfwh::models::profile::Profile;
use cfwh::validation::report::Report;
use cfwh::validation::rules;
use cfwh::validation::sequence::Sequence;
use cfwh::validation::sequence::told::Told;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use crate::support::{Endpoint, Listener, Sandbox};

/// 2026-01-15T09:30:00Z
const NOW: i64 = 1_768_469_400_000;

/// Every rule that the bodies break, with the number of the event.
fn broken(bodies: impl IntoIterator<Item = (EventKind, Vec<u8>)>) -> Vec<(usize, &'static str)> {
    let mut sequence = Sequence::default();
    let mut broken = Vec::new();
    for (number, (kind, body)) in bodies.into_iter().enumerate() {
        let told = Told::read(kind, &body);
        let mut report = Report::clean(kind);
        sequence.judge(told.as_ref(), &Delivery::new("", Headers::new(), body), &mut report, usize::MAX);
        broken.extend(report.findings.iter().map(|finding| (number, finding.rule.id)));
    }
    broken
}

fn told(seed: u64, events: usize, profile: Profile) -> impl Iterator<Item = (EventKind, Vec<u8>)> {
    let mut story = Story::new(seed, NOW, profile);
    (0..events).map(move |_| {
        let mut body = Vec::new();
        let kind = story.write(&mut body);
        (kind, body)
    })
}

/// Runs a test on every core, each with its share of the seeds.
fn for_seeds(seeds: u64, test: impl Fn(u64) + Sync) {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get) as u64;
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let test = &test;
            scope.spawn(move || (thread..seeds).step_by(usize::try_from(threads).expect("few cores")).for_each(test));
        }
    });
}

#[test]
fn ten_thousand_stories_break_no_rule() {
    for_seeds(10_000, |seed| {
        let profile = if seed % 2 == 0 { Profile::Spec } else { Profile::Cloud };
        assert_eq!(
            broken(told(seed, 20 + usize::try_from(seed % 41).expect("it is small"), profile)),
            [],
            "seed {seed}, {profile}"
        );
    });
}

#[test]
fn long_stories_break_no_rule_and_any_thousand_events_have_every_kind() {
    for_seeds(8, |seed| {
        let bodies: Vec<_> = told(seed, 6000, Profile::Spec).collect();
        for thousand in bodies.windows(1000).step_by(100) {
            let missing: Vec<_> =
                EventKind::all().filter(|kind| thousand.iter().all(|(other, _)| other != kind)).collect();
            assert_eq!(missing, [], "seed {seed}");
        }
        assert_eq!(broken(bodies), [], "seed {seed}");
    });
}

/// An event of a story in the document's shape, to be changed.
fn kind(event: &Value) -> EventKind {
    event["event"].as_str().and_then(EventKind::named).expect("one of the nineteen")
}

fn payload(event: &Value) -> &Value {
    &event[kind(event).entity().key()]
}

fn payload_mut(event: &mut Value) -> &mut Value {
    let key = kind(event).entity().key();
    &mut event[key]
}

/// What the thing is on: where a body tells that.
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

/// The table of docs/stories.md, row by row.
const MUTATIONS: [(&str, &[&str], Mutation); 13] = [
    ("a creation is left out", &["story/before-creation", "story/container"], |story, rng| {
        let fits = |at: usize, event: &Value| {
            let id =
                if kind(event) == EventKind::SpaceCreated { &payload(event)["key"] } else { &payload(event)["id"] };
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
        &["story/repeated-id", "story/after-removal", "story/version", "story/trashed", "story/before-creation"],
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
    ("an id that nobody created", &["story/before-creation"], |story, rng| {
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
    ("another space", &["story/space", "story/removed-space", "story/before-creation"], |story, rng| {
        let fits = |event: &Value| !payload(event)["spaceKey"].is_null() && !is(event, &["_created"]);
        let keys: Vec<Value> =
            story.iter().map(|event| payload(event)["key"].clone()).filter(Value::is_string).collect();
        change(story, rng, fits, |event, _| {
            let key = &mut payload_mut(event)["spaceKey"];
            *key = keys.iter().find(|other| *other != key).cloned().unwrap_or(json!("OTHER"));
        })
    }),
    ("a space that was never created", &["story/before-creation"], |story, rng| {
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
                let other = if kind(event) == EventKind::PageTrashed { "page_restored" } else { "page_trashed" };
                event["event"] = json!(other);
            },
        )
    }),
];

#[test]
fn one_mutated_event_is_always_caught() {
    for_seeds(25, |seed| {
        let story: Vec<Value> = told(seed, 150, Profile::Spec)
            .map(|(_, body)| serde_json::from_slice(&body).expect("a body is JSON"))
            .collect();
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        for (name, expected, mutate) in MUTATIONS {
            let mut mutated = story.clone();
            assert!(mutate(&mut mutated, &mut rng), "seed {seed}: no event for: {name}");
            let broken = broken(mutated.iter().map(|event| (kind(event), event.to_string().into_bytes())));
            let found = broken.iter().any(|(_, rule)| expected.contains(rule));
            assert!(found, "seed {seed}: {name}: {broken:?}");
        }
    });
}

#[test]
fn the_docs_name_every_rule_of_stories() {
    let docs = include_str!("../../docs/stories.md");
    for rule in rules::CATALOGUE.iter().filter(|rule| rule.id.starts_with("story/")) {
        assert!(docs.contains(&format!("| `{}` |", rule.id)), "{}", rule.id);
    }
}

const SEEDED: [&str; 6] = ["--seed", "5", "--at", "2026-01-15T09:30:00Z", "--format", "ndjson"];

#[test]
fn a_story_is_clean_and_a_disordered_one_is_told_so() {
    let sandbox = Sandbox::new();
    let fake = |more: &[&str]| {
        sandbox.run(&[&["fake", "story", "--count", "500"][..], &SEEDED, more].concat()).expect(0).stdout
    };
    let story = fake(&[]);
    assert_eq!(fake(&[]), story, "the same seed, the same bytes");
    let run = sandbox.run_with(&["validate", "--story", "--strict", "-"], story.clone()).expect(0);
    assert_eq!((run.text(), run.stderr.as_str()), ("", "500 validated: 500 clean, 0 with warnings, 0 with errors\n"));
    for (disorder, rule) in [
        (&["--shuffle"][..], "story/time"),
        (&["--duplicate", "0.2"], "story/repeated-id"),
        (&["--drop", "0.2"], "story/before-creation"),
    ] {
        let told = fake(disorder);
        assert_ne!(told, story);
        assert_eq!(fake(disorder), told, "{disorder:?}: the same seed, the same bytes");
        let run = sandbox.run_with(&["validate", "--story", "--json", "-"], told.clone()).expect(1);
        assert!(run.text().contains(rule), "{disorder:?}");
        sandbox.run_with(&["validate", "--strict", "-"], told).expect(0);
    }
}

#[test]
fn a_gap_in_a_story_is_shown_with_its_place() {
    let sandbox = Sandbox::new();
    let story = sandbox.run(&[&["fake", "story", "--count", "3"][..], &SEEDED].concat()).expect(0);
    sandbox.write("story.ndjson", story.text().lines().skip(1).collect::<Vec<_>>().join("\n"));
    insta::assert_snapshot!(sandbox.run(&["validate", "--story", "story.ndjson"]).expect(1).text());
}

#[test]
fn a_story_in_files_of_its_own_is_judged_in_their_order() {
    let sandbox = Sandbox::new();
    sandbox.run(&["fake", "story", "--count", "300", "--out", "out", "--seed", "2"]).expect(0);
    assert_eq!(sandbox.path().join("out").read_dir().expect("a folder").count(), 300);
    let run = sandbox.run(&["validate", "--story", "out"]).expect(0);
    assert_eq!(run.stderr, "300 validated: 300 clean, 0 with warnings, 0 with errors\n");
}

#[test]
fn disorder_is_for_stories() {
    let run = Sandbox::new().run(&["fake", "page_created", "--shuffle", "--seed", "1"]).expect(2);
    assert_eq!(run.stderr, "error: --shuffle, --duplicate and --drop are for a story: cfwh fake story --shuffle\n");
}

#[test]
fn a_story_is_sent_in_order_each_event_to_its_url() {
    let (sandbox, endpoint) = (Sandbox::new(), Endpoint::start(&[]));
    let url = endpoint.url("/hooks/{event}");
    let arguments =
        ["send", "story", "--to", &url, "--seed", "5", "--profile", "cloud", "--count", "40", "--format", "json"];
    let run = sandbox.run(&[&arguments[..], &["--at", "2026-01-15T09:30:00Z"]].concat()).expect(0);
    assert!(!run.stderr.contains("warning"), "{}", run.stderr);
    let received = endpoint.received();
    let bodies: Vec<_> = received
        .iter()
        .map(|request| {
            let name = request.url.rsplit('/').next().expect("a segment");
            (EventKind::named(name).expect("the URL names the event"), request.body.clone())
        })
        .collect();
    assert_eq!(bodies, told(5, 40, Profile::Cloud).collect::<Vec<_>>());
}

#[test]
fn an_event_that_is_told_twice_keeps_its_identifier() {
    let (sandbox, endpoint) = (Sandbox::new(), Endpoint::start(&[]));
    let url = endpoint.url("/hooks");
    sandbox.run(&["send", "story", "--to", &url, "--seed", "5", "--count", "20", "--duplicate", "1"]).expect(0);
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for request in endpoint.received() {
        *times.entry(request.header("X-Atlassian-Webhook-Identifier").expect("it is there").to_owned()).or_default() +=
            1;
    }
    assert_eq!(times.into_values().collect::<Vec<_>>(), [2; 20]);
}

#[test]
fn who_sends_bodies_without_an_event_to_one_url_is_warned_once() {
    let (sandbox, endpoint) = (Sandbox::new(), Endpoint::start(&[]));
    let warned = |path: &str| {
        let url = endpoint.url(path);
        let run =
            sandbox.run(&["send", "page_created", "--to", &url, "--seed", "5", "--profile", "cloud", "--count", "3"]);
        run.expect(0).stderr.matches("warning: ").count()
    };
    assert_eq!(warned("/hooks"), 1);
    assert_eq!(warned("/hooks/page_created?lic=active"), 0);
    assert_eq!(warned("/hooks/{event}"), 0);
}

#[test]
fn captures_of_a_story_without_event_names_are_judged_by_their_paths() {
    let (sandbox, other) = (Sandbox::new(), Sandbox::new());
    let listener = Listener::start(&sandbox, &["--capture", "calls", "--count", "60"]);
    let url = format!("{}/{{event}}", listener.url);
    other.run(&["send", "story", "--to", &url, "--seed", "5", "--profile", "cloud", "--count", "60"]).expect(0);
    listener.finish();
    let story_findings = |sandbox: &Sandbox| {
        let judged = sandbox.run(&["validate", "--story", "--json", "calls"]).json();
        assert!(judged.iter().all(|line| line["event"].is_string()));
        let findings = judged.iter().flat_map(|line| line["findings"].as_array().expect("a list").clone());
        findings.filter(|finding| finding["rule"].as_str().is_some_and(|rule| rule.starts_with("story/"))).count()
    };
    assert_eq!(story_findings(&sandbox), 0);
    std::fs::remove_file(sandbox.path().join("calls/000001-space_created.http")).expect("it was kept");
    assert_ne!(story_findings(&sandbox), 0);
}
