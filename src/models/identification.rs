//! Which event a delivery is about: its body's `event`, or the last segment of its target.

use serde::Deserialize;

use super::event::{EventKind, is_known_outside_the_document};

/// The event that a target names: the last segment of its path, the query ignored
/// (`/webhooks/confluence/page_created?lic=active`). Confluence Cloud bodies carry no event, so one URL an event is normal.
#[must_use]
pub fn named_by_target(target: &str) -> Option<EventKind> {
    EventKind::named(last_segment(target)?)
}

/// The last segment of a target's path, the query and a slash at the end ignored.
#[must_use]
pub fn last_segment(target: &str) -> Option<&str> {
    let path = target.split(['?', '#']).next()?;
    path.trim_end_matches('/').rsplit('/').next()
}

/// The event that a delivery is about: the body's `event` where it has one, else the last segment of its target. `None`
/// where neither names one of the nineteen.
#[must_use]
pub fn identify(target: &str, body: &[u8]) -> Option<EventKind> {
    #[derive(Deserialize)]
    struct Named<'a> {
        #[serde(borrow)]
        event: std::borrow::Cow<'a, str>,
    }
    match serde_json::from_slice::<Named<'_>>(body) {
        Ok(named) => EventKind::named(&named.event),
        Err(_) => named_by_target(target),
    }
}

/// The name of the event that a delivery is about, whether or not the document has it; empty where nothing tells. It may
/// be what a stranger wrote.
#[must_use]
pub fn name(target: &str, body: &[u8]) -> String {
    #[derive(Deserialize)]
    struct Named {
        event: String,
    }
    match serde_json::from_slice::<Named>(body) {
        Ok(named) => named.event,
        Err(_) => last_segment(target)
            .filter(|name| EventKind::named(name).is_some() || is_known_outside_the_document(name))
            .unwrap_or_default()
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_target_names_its_event_in_the_last_segment() {
        let named = named_by_target;
        assert_eq!(named("/webhooks/confluence/page_created?lic=none"), Some(EventKind::PageCreated));
        assert_eq!(named("/webhooks/confluence/page_created/"), Some(EventKind::PageCreated));
        assert_eq!(named("page_created"), Some(EventKind::PageCreated));
        assert_eq!(named("/webhooks/confluence?event=/page_created"), None);
        assert_eq!(named(""), None);
    }

    #[test]
    fn a_body_without_event_takes_its_kind_from_the_path() {
        let at = "/webhooks/confluence/page_created";
        assert_eq!(identify(at, b"{}"), Some(EventKind::PageCreated));
        assert_eq!(identify(at, br#"{"event":"page_updated"}"#), Some(EventKind::PageUpdated));
        assert_eq!(identify(at, br#"{"event":"page_moved"}"#), None);
        assert_eq!(identify(at, b"not JSON"), Some(EventKind::PageCreated));
    }
}
