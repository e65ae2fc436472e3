//! Patterns for event names.

use std::fmt;
use std::str::FromStr;

use crate::models::event::{EventKind, UnknownEvent};
use crate::models::text::matches_pattern;

use super::known_event::KnownEvent;
use super::registry::find_event;

/// An event name, or a pattern in which `*` matches any characters: `page_*`, `*_created`, `*`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventPattern(String);

/// The error for a pattern that matches no known event.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnknownPattern {
    /// A name without `*`.
    #[error(transparent)]
    Event(#[from] UnknownEvent),
    /// A pattern with `*`.
    #[error("no event matches `{0}`; `cfwh events` lists them")]
    EventPattern(String),
}

impl EventPattern {
    /// Returns whether the pattern matches an event name.
    ///
    /// An unknown event has an empty name, which only `*` matches. A pattern also matches an event by its name in the published
    /// document and by the pattern of its entity: `page_created` and `page_*` match `avi:confluence:created:page`.
    pub fn matches(&self, name: &str) -> bool {
        matches_pattern(&self.0, name) || find_event(name).is_some_and(|kind| self.matches_otherwise(kind))
    }

    fn matches_otherwise(&self, kind: EventKind) -> bool {
        let alias = kind.row().alias;
        alias.is_some_and(|alias| matches_pattern(&self.0, alias)) || self.0 == kind.entity().pattern()
    }
}

impl fmt::Display for EventPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for EventPattern {
    type Err = UnknownPattern;

    fn from_str(text: &str) -> Result<Self, UnknownPattern> {
        let pattern = Self(text.to_owned());
        if KnownEvent::all().any(|event| pattern.matches(event.name())) {
            return Ok(pattern);
        }
        if text.contains('*') {
            return Err(UnknownPattern::EventPattern(text.to_owned()));
        }
        text.parse::<KnownEvent>()?;
        Ok(pattern)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::event::EventKind;
    use crate::profiles::Profile;

    #[test]
    fn a_star_stands_for_any_characters() {
        let matches = |pattern: &str, name: &str| EventPattern(pattern.to_owned()).matches(name);
        for (pattern, name) in [
            ("page_created", "page_created"),
            ("page_*", "page_created"),
            ("*_created", "page_created"),
            ("*", "page_created"),
            ("*", ""),
            ("*e*e*", "page_created"),
            ("p*d", "page_created"),
            ("page_created*", "page_created"),
        ] {
            assert!(matches(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [
            ("page_*", "blog_created"),
            ("page", "page_created"),
            ("*_updated", "page_created"),
            ("created*created", "created"),
            ("page_*", ""),
            ("", "page_created"),
        ] {
            assert!(!matches(pattern, name), "{pattern} {name}");
        }
    }

    #[test]
    fn an_event_with_two_names_is_matched_by_both() {
        let matches = |pattern: &str, name: &str| EventPattern(pattern.to_owned()).matches(name);
        for pattern in ["avi:confluence:created:page", "avi:*:page", "page_created", "page_*", "*_created", "*"] {
            assert!(matches(pattern, "avi:confluence:created:page"), "{pattern}");
        }
        assert!(matches("page_*", "avi:confluence:viewed:page"), "it has no other name");
        assert!(!matches("page_created", "avi:confluence:updated:page"));
        assert!(!matches("avi:confluence:created:page", "page_created"), "it may be another sender's");
    }

    #[test]
    fn a_pattern_that_stands_for_nothing_is_an_error() {
        assert!("page_*".parse::<EventPattern>().is_ok());
        assert!("page_moved".parse::<EventPattern>().is_ok(), "known, though outside the document");
        let error = |text: &str| text.parse::<EventPattern>().expect_err("it is not a pattern").to_string();
        assert_eq!(error("page_create"), "unknown event `page_create`; did you mean `page_created`?");
        assert_eq!(error("pages_*"), "no event matches `pages_*`; `cfwh events` lists them");
    }

    #[test]
    fn every_pattern_of_an_entity_matches_its_events_and_no_others() {
        let published = Profile::default_profile().events;
        for kind in published.all() {
            for entity in published.all().map(EventKind::entity) {
                let pattern: EventPattern = entity.pattern().parse().expect("a pattern");
                assert_eq!(pattern.matches(kind.name()), kind.entity() == entity, "{pattern} {kind}");
            }
        }
    }
}
