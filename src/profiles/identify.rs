//! Which event a delivery is about: its body's `event`, or the last segment of its target.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;

use crate::models::event::EventKind;

use super::{find_event, is_undocumented};

/// The event that a target names: the last segment of its path, the query ignored
/// (`/webhooks/confluence/page_created?lic=active`). Confluence Cloud bodies carry no event, so one URL an event is normal.
#[must_use]
pub fn named_by_target(target: &str) -> Option<EventKind> {
    find_event(last_segment(target)?)
}

/// The last segment of a target's path, the query and a slash at the end ignored.
#[must_use]
pub fn last_segment(target: &str) -> Option<&str> {
    let path = target.split(['?', '#']).next()?;
    path.trim_end_matches('/').rsplit('/').next()
}

/// What a body itself calls its event: the text of its `event`, of a repeated key the last. `None` where there is none or
/// it is no text, and of a body that is no JSON object.
#[must_use]
pub fn named_by_body(body: &[u8]) -> Option<String> {
    let mut reader = serde_json::Deserializer::from_slice(body);
    let name = reader.deserialize_map(Named).ok()?;
    reader.end().ok()?;
    name
}

/// The event that a delivery is about: the body's `event` where it has one, else the last segment of its target. `None`
/// where neither names one of the nineteen.
#[must_use]
pub fn identify(target: &str, body: &[u8]) -> Option<EventKind> {
    match named_by_body(body) {
        Some(name) => find_event(&name),
        None => named_by_target(target),
    }
}

/// The name of the event that a delivery is about, whether or not the document has it; empty where nothing tells. It may
/// be what a stranger wrote.
#[must_use]
pub fn name(target: &str, body: &[u8]) -> String {
    named_by_body(body).unwrap_or_else(|| {
        last_segment(target)
            .filter(|name| find_event(name).is_some() || is_undocumented(name))
            .unwrap_or_default()
            .to_owned()
    })
}

/// Reads the name out of a body and builds nothing of the rest. A derived reader would refuse repeated keys.
struct Named;

/// A key of a body.
#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "lowercase")]
enum Key {
    Event,
    #[serde(other)]
    Other,
}

impl<'de> Visitor<'de> for Named {
    type Value = Option<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a body")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<String>, A::Error> {
        let mut name = None;
        while let Some(key) = map.next_key()? {
            match key {
                Key::Event => {
                    name = match map.next_value()? {
                        Value::String(name) => Some(name),
                        _ => None,
                    };
                }
                Key::Other => _ = map.next_value::<IgnoredAny>()?,
            }
        }
        Ok(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_target_names_its_event_in_the_last_segment() {
        let named = named_by_target;
        assert_eq!(named("/webhooks/confluence/page_created?lic=none"), find_event("page_created"));
        assert_eq!(named("/webhooks/confluence/page_created/"), find_event("page_created"));
        assert_eq!(named("page_created"), find_event("page_created"));
        assert_eq!(named("/webhooks/confluence?event=/page_created"), None);
        assert_eq!(named(""), None);
    }

    #[test]
    fn a_body_without_event_takes_its_kind_from_the_path() {
        let at = "/webhooks/confluence/page_created";
        assert_eq!(identify(at, b"{}"), find_event("page_created"));
        assert_eq!(identify(at, br#"{"event":"page_updated"}"#), find_event("page_updated"));
        assert_eq!(identify(at, br#"{"event":"page_moved"}"#), None);
        assert_eq!(identify(at, b"not JSON"), find_event("page_created"));
    }
    #[test]
    fn of_a_repeated_event_the_last_counts() {
        let named = |body: &str| named_by_body(body.as_bytes());
        assert_eq!(named(r#"{"event":"page_created","event":"page_updated"}"#).as_deref(), Some("page_updated"));
        assert_eq!(named(r#"{"event":7,"ev\u0065nt":"page\u005fcreated","x":{}}"#).as_deref(), Some("page_created"));
        assert_eq!(named(r#"{"event":"page_created","event":["page_updated"]}"#), None);
        assert_eq!(named(r#"["page_created"]"#), None);
        assert_eq!(named(r#"{"event":"page_created"} and more"#), None);
        assert_eq!(name("/page_moved", br#"{"event":"page_created","event":"lunch"}"#), "lunch");
    }
}
