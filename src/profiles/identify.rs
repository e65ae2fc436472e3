//! Identifies the event of a request by its body or by the last segment of its path.

use super::known_event::KnownEvent;
use super::profile::Profile;

/// Returns the event in a target: the last segment of its path (`/webhooks/confluence/page_created?lic=active`).
///
/// Bodies of Confluence Cloud do not name the event, so apps usually register one URL for each event.
pub fn named_by_target(target: &str) -> Option<KnownEvent> {
    KnownEvent::find(last_segment(target)?)
}

/// Returns the last segment of the path. Ignores the query and a slash at the end.
pub fn last_segment(target: &str) -> Option<&str> {
    let path = target.split(['?', '#']).next()?;
    path.trim_end_matches('/').rsplit('/').next().filter(|segment| !segment.is_empty())
}

/// Returns the event of a request, if it is known. `name` is the name in the body and has priority over the target.
pub fn known_event(name: Option<&str>, target: &str) -> Option<KnownEvent> {
    name.map_or_else(|| named_by_target(target), KnownEvent::find)
}

impl Profile {
    /// Returns the event of a request, if it is known: the event in the body, or else in the target. If this sender has its own name
    /// for the event, returns that event.
    pub fn identify(&self, target: &str, body: &[u8]) -> Option<KnownEvent> {
        let known = known_event(self.event_name(body).as_deref(), target)?;
        Some(self.kind(known).map_or(known, KnownEvent::from))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identify(target: &str, body: &[u8]) -> Option<KnownEvent> {
        Profile::default_profile().identify(target, body)
    }

    #[test]
    fn the_target_names_its_event_in_the_last_segment() {
        let named = named_by_target;
        assert_eq!(named("/webhooks/confluence/page_created?lic=none"), KnownEvent::find("page_created"));
        assert_eq!(named("/webhooks/confluence/page_created/"), KnownEvent::find("page_created"));
        assert_eq!(named("page_created"), KnownEvent::find("page_created"));
        assert_eq!(named("/webhooks/confluence?event=/page_created"), None);
        assert_eq!(named(""), None);
    }

    #[test]
    fn the_target_names_the_event_of_a_body_without_event() {
        let at = "/webhooks/confluence/page_created";
        assert_eq!(identify(at, b"{}"), KnownEvent::find("page_created"));
        assert_eq!(identify(at, br#"{"event":"page_updated"}"#), KnownEvent::find("page_updated"));
        assert_eq!(identify(at, br#"{"event":"page_moved"}"#), KnownEvent::find("page_moved"));
        assert_eq!(identify(at, br#"{"event":"lunch"}"#), None);
        assert_eq!(identify(at, b"not JSON"), KnownEvent::find("page_created"));
        assert_eq!(identify("/page_moved", b"{}"), KnownEvent::find("page_moved"));
        assert_eq!(identify("/webhooks", b"{}"), None);
    }

    #[test]
    fn the_last_value_of_a_repeated_event_counts() {
        let named = |body: &str| identify("", body.as_bytes()).map(KnownEvent::name);
        assert_eq!(named(r#"{"event":"page_created","event":"page_updated"}"#), Some("page_updated"));
        assert_eq!(named(r#"{"event":7,"ev\u0065nt":"page\u005fcreated","x":{}}"#), Some("page_created"));
        assert_eq!(named(r#"{"event":"page_created","event":["page_updated"]}"#), None);
        assert_eq!(named(r#"["page_created"]"#), None);
        assert_eq!(named(r#"{"event":"page_created"} and more"#), None);
    }
}
