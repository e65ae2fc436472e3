//! One invalid story for each rule of stories. The last event breaks this rule and no other.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::models::event::{Action, Entity, EventKind};
use crate::models::rule::Rule;
use crate::profiles::Profile;

use super::story::Story;

/// A story with a last event that breaks a rule.
#[derive(Debug)]
pub struct InvalidStory {
    /// The rule.
    pub rule: Rule,
    /// The bodies, in order.
    pub events: Vec<Value>,
}

/// An event of a story.
#[derive(Clone, Debug)]
struct StoryEvent {
    profile: &'static Profile,
    kind: EventKind,
    body: Value,
}

/// Creates the last event of a story from the earlier events. Returns `None` if these events do not allow it.
type LastEvent = fn(&[StoryEvent]) -> Option<StoryEvent>;

const PAGE_UPDATED: (Entity, Action) = (Entity::Page, Action::Updated);
const LABEL_CREATED: (Entity, Action) = (Entity::Label, Action::Created);

/// The last events, in the order of `cfwh rules`. If the bodies of a sender cannot break a rule in the first way, the next way is tried.
/// `story/unidentified` is not in the list, because such a body breaks a rule for single bodies too.
const LAST_EVENTS: [(Rule, LastEvent); 12] = [
    (Rule::StoryNotCreated, |before| altered(before, PAGE_UPDATED, StoryEvent::id, unused_id)),
    (Rule::StoryRemoved, |before| {
        let removed = before.last().filter(|event| event.is(Entity::Page, Action::Removed))?;
        later_copy(before, |event| event.does(PAGE_UPDATED) && event.get(event.id()) == removed.get(removed.id()))
    }),
    (Rule::StoryRemovedSpace, |before| {
        let removed = before.last().filter(|event| event.is(Entity::Space, Action::Removed))?;
        let key = removed.payload_member("key")?;
        let has_left = |blog_post: &StoryEvent| {
            let is_last = |event: &StoryEvent| {
                event.is(Entity::BlogPost, Action::Removed) || event.is(Entity::BlogPost, Action::Moved)
            };
            before.iter().any(|event| is_last(event) && event.get(event.id()) == blog_post.get(blog_post.id()))
        };
        later_copy(before, |event| {
            event.is(Entity::BlogPost, Action::Updated) && event.get(event.space()) == Some(key) && !has_left(event)
        })
    }),
    (Rule::StoryRepeatedId, |before| {
        let is_creation = |event: &&StoryEvent| event.is(Entity::Page, Action::Created);
        let earlier = before.iter().rev().skip(1).find(is_creation)?;
        let id = earlier.get(earlier.id())?.clone();
        altered(before, (Entity::Page, Action::Created), StoryEvent::id, |_| Some(id.clone()))
    }),
    (Rule::StoryContainer, |before| {
        altered(before, (Entity::Comment, Action::Created), StoryEvent::container_id, unused_id)
    }),
    // Some senders omit the content of a comment.
    (Rule::StoryContainer, |before| {
        altered(before, (Entity::Attachment, Action::Created), StoryEvent::container_id, unused_id)
    }),
    (Rule::StoryTrashed, |before| {
        let trashed = before.last().filter(|event| event.is(Entity::Page, Action::Trashed))?;
        later_copy(before, |event| event.body == trashed.body)
    }),
    (Rule::StoryVersion, |before| {
        altered(before, PAGE_UPDATED, StoryEvent::version, |version| Some(json!(version.as_i64()? + 1)))
    }),
    (Rule::StoryTime, |before| {
        let earlier = before.get(before.len().checked_sub(2)?)?.milliseconds()? - 1;
        let mut last = before.last().filter(|event| event.does(LABEL_CREATED))?.clone();
        last.set_milliseconds(earlier)?;
        Some(last)
    }),
    (Rule::StorySpace, |before| {
        let of_spaces = |action| before.iter().filter(move |event| event.is(Entity::Space, action));
        let removed = |key: &Value| of_spaces(Action::Removed).any(|event| event.payload_member("key") == Some(key));
        let keys = || of_spaces(Action::Created).filter_map(|event| event.payload_member("key"));
        altered(before, PAGE_UPDATED, StoryEvent::space, |own| keys().find(|key| *key != own && !removed(key)).cloned())
    }),
    (Rule::StoryCreator, |before| {
        let accounts = || before.iter().filter_map(StoryEvent::account);
        altered(before, PAGE_UPDATED, StoryEvent::creator, |own| accounts().find(|account| *account != own).cloned())
    }),
    (Rule::StoryTitle, |before| {
        altered(before, LABEL_CREATED, StoryEvent::container_title, |_| Some(json!("A title of another day")))
    }),
];

/// Returns one story for each rule that the bodies of this sender can break.
///
/// # Panics
///
/// Never panics: generated bodies are JSON.
pub fn invalid_stories(seed: u64, now: i64, profile: &'static Profile) -> Vec<InvalidStory> {
    /// The number of events that contains everything a last event may need.
    const EVENTS: usize = 2000;
    let mut story = Story::new(seed, now, profile);
    let events: Vec<StoryEvent> = (0..EVENTS)
        .map(|_| {
            let mut body = Vec::new();
            let kind = story.write(&mut body);
            StoryEvent { profile, kind, body: serde_json::from_slice(&body).expect("a body is JSON") }
        })
        .collect();
    let stories = LAST_EVENTS.iter().filter_map(|(rule, last)| invalid_story(*rule, *last, &events));
    stories.fold(Vec::new(), |mut stories, story| {
        if stories.last().is_none_or(|before: &InvalidStory| before.rule != story.rule) {
            stories.push(story);
        }
        stories
    })
}

/// Returns the shortest story, so that a reader finds the mistake.
fn invalid_story(rule: Rule, last_event: LastEvent, events: &[StoryEvent]) -> Option<InvalidStory> {
    (1..=events.len()).find_map(|length| {
        let before = &events[..length];
        let last = last_event(before)?;
        // A changed event replaces the original. A copy follows it.
        let is_copy = last.milliseconds() > before[length - 1].milliseconds();
        let first = if is_copy { before } else { &before[..length - 1] };
        let bodies = first.iter().map(|event| event.body.clone()).chain([last.body]);
        Some(InvalidStory { rule, events: bodies.collect() })
    })
}

impl StoryEvent {
    fn is(&self, entity: Entity, action: Action) -> bool {
        self.does((entity, action))
    }

    fn does(&self, (entity, action): (Entity, Action)) -> bool {
        self.kind.entity() == entity && self.kind.action() == action
    }

    /// Returns the value at a pointer.
    fn get(&self, pointer: Option<String>) -> Option<&Value> {
        self.body.pointer(&pointer?)
    }

    /// Returns a pointer to the payload: the first attachment, if there may be several.
    fn payload(&self) -> String {
        let key = self.profile.key(self.kind);
        if self.body[key].is_array() { format!("/{key}/0") } else { format!("/{key}") }
    }

    fn payload_member(&self, key: &str) -> Option<&Value> {
        self.body.pointer(&self.payload())?.get(key)
    }

    /// Returns the first pointer below `start` at which the body has a string or a number.
    fn first(&self, start: &str, pointers: &[&str]) -> Option<String> {
        let mut pointers = pointers.iter().map(|pointer| [start, pointer].concat());
        pointers.find(|pointer| self.body.pointer(pointer).is_some_and(|value| value.is_string() || value.is_number()))
    }

    fn id(&self) -> Option<String> {
        self.first(&self.payload(), &["/id"])
    }

    fn space(&self) -> Option<String> {
        self.first(&self.payload(), &["/spaceKey", "/space/key"])
    }

    fn version(&self) -> Option<String> {
        self.first(&self.payload(), &["/version/number", "/version"])
    }

    fn creator(&self) -> Option<String> {
        self.first(&self.payload(), &["/creatorAccountId", "/creatorKey", "/history/createdBy/accountId"])
    }

    fn container(&self, member: &str) -> Option<String> {
        let of_payload = ["/container", "/parent"].map(|key| [&self.payload(), key, member].concat());
        let of_body = ["/attachedTo", "/labeled", "/associatedContent", "/content"].map(|key| [key, member].concat());
        let pointers: Vec<&str> = of_payload.iter().chain(&of_body).map(String::as_str).collect();
        let own = [self.payload(), member.to_owned()].concat();
        self.first("", &pointers).filter(|pointer| *pointer != own)
    }

    fn container_id(&self) -> Option<String> {
        self.container("/id")
    }

    fn container_title(&self) -> Option<String> {
        self.container("/title")
    }

    /// Returns the user who caused the event.
    fn account(&self) -> Option<&Value> {
        ["userAccountId", "userKey", "atlassianId"].iter().find_map(|key| self.body.get(key))
    }

    fn milliseconds(&self) -> Option<i64> {
        self.body["timestamp"].as_i64().or_else(|| {
            let time: Timestamp = self.body["eventCreatedDate"].as_str()?.parse().ok()?;
            Some(time.as_millisecond())
        })
    }

    fn set_milliseconds(&mut self, milliseconds: i64) -> Option<()> {
        if let Some(timestamp) = self.body.get_mut("timestamp") {
            *timestamp = json!(milliseconds);
        } else {
            let time = Timestamp::from_millisecond(milliseconds).ok()?;
            *self.body.get_mut("eventCreatedDate")? = json!(format!("{time:.3}"));
        }
        Some(())
    }
}

/// Returns an unused id of the same type.
#[allow(clippy::unnecessary_wraps, reason = "other functions return `None` for some stories")]
fn unused_id(id: &Value) -> Option<Value> {
    Some(if id.is_number() { json!(1) } else { json!("1") })
}

/// Returns the last event with a changed value, if it is of this kind.
fn altered(
    before: &[StoryEvent],
    kind: (Entity, Action),
    pointer: fn(&StoryEvent) -> Option<String>,
    value: impl Fn(&Value) -> Option<Value>,
) -> Option<StoryEvent> {
    let mut last = before.last().filter(|event| event.does(kind))?.clone();
    let place = last.body.pointer_mut(&pointer(before.last()?)?)?;
    *place = value(place)?;
    Some(last)
}

/// Returns a copy of the latest event that matches, one second after the last event.
fn later_copy(before: &[StoryEvent], predicate: impl Fn(&StoryEvent) -> bool) -> Option<StoryEvent> {
    let mut copy = before.iter().rev().find(|event| predicate(event))?.clone();
    copy.set_milliseconds(before.last()?.milliseconds()? + 1000)?;
    Some(copy)
}
