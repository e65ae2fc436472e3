//! One story for each rule of stories: its last event breaks that rule and no other.

use serde_json::{Value, json};

use crate::models::rule::Rule;
use crate::profiles::Profile;

use super::story::Story;

/// A story, and the rule that its last event breaks.
#[derive(Debug)]
pub struct InvalidStory {
    /// The rule.
    pub rule: Rule,
    /// The bodies, in order.
    pub events: Vec<Value>,
}

/// Makes the last event of a story from the events before it, or returns `None` if that is not possible there.
type LastEvent = fn(&[Value]) -> Option<Value>;

/// In the order of `cfwh rules`. A body that does not say what it is about breaks a rule of single bodies too, so
/// `story/unidentified` is not among them.
const LAST_EVENTS: [(Rule, LastEvent); 11] = [
    (Rule::StoryNotCreated, |before| altered(before, "page_updated", "/page/id", &json!("1"))),
    (Rule::StoryRemoved, |before| {
        let removed = before.last().filter(|event| is(event, "page_removed"))?;
        later_copy(before, |event| is(event, "page_updated") && event["page"]["id"] == removed["page"]["id"])
    }),
    (Rule::StoryRemovedSpace, |before| {
        let removed = before.last().filter(|event| is(event, "space_removed"))?;
        let is_gone = |blog_post: &Value| {
            before.iter().any(|event| is(event, "blog_removed") && event["blogPost"]["id"] == blog_post["id"])
        };
        later_copy(before, |event| {
            let blog_post = &event["blogPost"];
            is(event, "blog_updated") && blog_post["spaceKey"] == removed["space"]["key"] && !is_gone(blog_post)
        })
    }),
    (Rule::StoryRepeatedId, |before| {
        let earlier = before.iter().rev().skip(1).find(|event| is(event, "page_created"))?;
        altered(before, "page_created", "/page/id", &earlier["page"]["id"])
    }),
    (Rule::StoryContainer, |before| altered(before, "comment_created", "/comment/container/id", &json!("1"))),
    (Rule::StoryTrashed, |before| {
        let trashed = before.last().filter(|event| is(event, "page_trashed"))?;
        later_copy(before, |event| event == trashed)
    }),
    (Rule::StoryVersion, |before| {
        let number = before.last()?.pointer("/page/version/number")?.as_i64()?;
        altered(before, "page_updated", "/page/version/number", &json!(number + 1))
    }),
    (Rule::StoryTime, |before| {
        let now = before.get(before.len().checked_sub(2)?)?["timestamp"].as_i64()?;
        altered(before, "label_created", "/timestamp", &json!(now - 1))
    }),
    (Rule::StorySpace, |before| {
        let removed =
            |key: &Value| before.iter().any(|event| is(event, "space_removed") && event["space"]["key"] == *key);
        let own = before.last()?.pointer("/page/spaceKey")?;
        let mut keys = before.iter().filter(|event| is(event, "space_created")).map(|event| &event["space"]["key"]);
        altered(before, "page_updated", "/page/spaceKey", keys.find(|key| *key != own && !removed(key))?)
    }),
    (Rule::StoryCreator, |before| {
        let creator = before.last()?.pointer("/page/creatorAccountId")?;
        let other = before.iter().map(|event| &event["userAccountId"]).find(|account| *account != creator)?;
        altered(before, "page_updated", "/page/creatorAccountId", other)
    }),
    (Rule::StoryTitle, |before| {
        altered(before, "label_created", "/associatedContent/title", &json!("A title of another day"))
    }),
];

/// Returns one story for each rule.
///
/// # Panics
/// Never: a body is JSON.
pub fn invalid_stories(seed: u64, now: i64, profile: &'static Profile) -> Vec<InvalidStory> {
    /// This many events contain everything that a last event may need.
    const EVENTS: usize = 2000;
    let mut story = Story::new(seed, now, profile);
    let events: Vec<Value> = (0..EVENTS)
        .map(|_| {
            let mut body = Vec::new();
            story.write(&mut body);
            serde_json::from_slice(&body).expect("a body is JSON")
        })
        .collect();
    LAST_EVENTS.iter().filter_map(|(rule, last)| invalid_story(*rule, *last, &events)).collect()
}

/// Returns the shortest story, so that a reader finds what is wrong.
fn invalid_story(rule: Rule, last_event: LastEvent, events: &[Value]) -> Option<InvalidStory> {
    (1..=events.len()).find_map(|length| {
        let before = &events[..length];
        let last = last_event(before)?;
        // An altered event replaces its original, a copy follows it.
        let is_copy = last["timestamp"].as_i64() > before[length - 1]["timestamp"].as_i64();
        let first = if is_copy { before } else { &before[..length - 1] };
        Some(InvalidStory { rule, events: first.iter().cloned().chain([last]).collect() })
    })
}

fn is(event: &Value, name: &str) -> bool {
    event["event"] == name
}

/// Returns the last event with another value, if it is of this kind.
fn altered(before: &[Value], name: &str, pointer: &str, value: &Value) -> Option<Value> {
    let mut last = before.last().filter(|event| is(event, name))?.clone();
    *last.pointer_mut(pointer)? = value.clone();
    Some(last)
}

/// Returns a copy of the latest event for which the predicate holds, a second after the last event.
fn later_copy(before: &[Value], predicate: impl Fn(&Value) -> bool) -> Option<Value> {
    let mut copy = before.iter().rev().find(|event| predicate(event))?.clone();
    copy["timestamp"] = json!(before.last()?["timestamp"].as_i64()? + 1000);
    Some(copy)
}
