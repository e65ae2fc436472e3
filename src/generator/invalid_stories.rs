//! One story a rule of stories, whose last event breaks that rule and no other.

use serde_json::{Value, json};

use crate::profiles::Profile;

use super::story::Story;

/// A story in the document's shape, and the rule that its end breaks.
#[derive(Debug)]
pub struct InvalidStory {
    /// As `cfwh rules` names it.
    pub rule: &'static str,
    /// The bodies, in order.
    pub events: Vec<Value>,
}

/// Makes the last event of a story of what went before; `None` where it cannot be made there.
type End = fn(&[Value]) -> Option<Value>;

/// In the order of `cfwh rules`. A body that does not say what it is about breaks a rule of single bodies too, so
/// `story/unplaced` is not among them.
const ENDS: [(&str, End); 11] = [
    ("story/before-creation", |before| altered(before, "page_updated", "/page/id", &json!("1"))),
    ("story/after-removal", |before| {
        let removed = before.last().filter(|event| is(event, "page_removed"))?;
        later_copy(before, |event| is(event, "page_updated") && event["page"]["id"] == removed["page"]["id"])
    }),
    ("story/removed-space", |before| {
        let removed = before.last().filter(|event| is(event, "space_removed"))?;
        let is_gone = |blog_post: &Value| {
            before.iter().any(|event| is(event, "blog_removed") && event["blogPost"]["id"] == blog_post["id"])
        };
        later_copy(before, |event| {
            let blog_post = &event["blogPost"];
            is(event, "blog_updated") && blog_post["spaceKey"] == removed["space"]["key"] && !is_gone(blog_post)
        })
    }),
    ("story/repeated-id", |before| {
        let earlier = before.iter().rev().skip(1).find(|event| is(event, "page_created"))?;
        altered(before, "page_created", "/page/id", &earlier["page"]["id"])
    }),
    ("story/container", |before| altered(before, "comment_created", "/comment/container/id", &json!("1"))),
    ("story/trashed", |before| {
        let trashed = before.last().filter(|event| is(event, "page_trashed"))?;
        later_copy(before, |event| event == trashed)
    }),
    ("story/version", |before| {
        let number = before.last()?.pointer("/page/version/number")?.as_i64()?;
        altered(before, "page_updated", "/page/version/number", &json!(number + 1))
    }),
    ("story/time", |before| {
        let now = before.get(before.len().checked_sub(2)?)?["timestamp"].as_i64()?;
        altered(before, "label_created", "/timestamp", &json!(now - 1))
    }),
    ("story/space", |before| {
        let removed =
            |key: &Value| before.iter().any(|event| is(event, "space_removed") && event["space"]["key"] == *key);
        let own = before.last()?.pointer("/page/spaceKey")?;
        let mut keys = before.iter().filter(|event| is(event, "space_created")).map(|event| &event["space"]["key"]);
        altered(before, "page_updated", "/page/spaceKey", keys.find(|key| *key != own && !removed(key))?)
    }),
    ("story/creator", |before| {
        let creator = before.last()?.pointer("/page/creatorAccountId")?;
        let other = before.iter().map(|event| &event["userAccountId"]).find(|account| *account != creator)?;
        altered(before, "page_updated", "/page/creatorAccountId", other)
    }),
    ("story/title", |before| {
        altered(before, "label_created", "/associatedContent/title", &json!("A title of another day"))
    }),
];

/// One story for each rule that can be shown.
///
/// # Panics
/// Never: what a story writes is JSON.
#[must_use]
pub fn invalid_stories(seed: u64, now: i64) -> Vec<InvalidStory> {
    /// In so many events everything has happened that an end may need.
    const EVENTS: usize = 2000;
    let mut story = Story::new(seed, now, Profile::default_profile());
    let events: Vec<Value> = (0..EVENTS)
        .map(|_| {
            let mut body = Vec::new();
            story.write(&mut body);
            serde_json::from_slice(&body).expect("what is written is JSON")
        })
        .collect();
    ENDS.iter().filter_map(|(rule, end)| invalid_story(rule, *end, &events)).collect()
}

/// The shortest, so that a reader finds what is wrong.
fn invalid_story(rule: &'static str, end: End, events: &[Value]) -> Option<InvalidStory> {
    (1..=events.len()).find_map(|length| {
        let before = &events[..length];
        let last = end(before)?;
        // An altered event takes the place of its original, a copy comes behind it.
        let is_copy = last["timestamp"].as_i64() > before[length - 1]["timestamp"].as_i64();
        let kept = if is_copy { before } else { &before[..length - 1] };
        Some(InvalidStory { rule, events: kept.iter().cloned().chain([last]).collect() })
    })
}

fn is(event: &Value, name: &str) -> bool {
    event["event"] == name
}

/// The last event with another value, where it is of this kind.
fn altered(before: &[Value], name: &str, pointer: &str, value: &Value) -> Option<Value> {
    let mut last = before.last().filter(|event| is(event, name))?.clone();
    *last.pointer_mut(pointer)? = value.clone();
    Some(last)
}

/// The latest that is so, a second after the last event.
fn later_copy(before: &[Value], predicate: impl Fn(&Value) -> bool) -> Option<Value> {
    let mut copy = before.iter().rev().find(|event| predicate(event))?.clone();
    copy["timestamp"] = json!(before.last()?["timestamp"].as_i64()? + 1000);
    Some(copy)
}
