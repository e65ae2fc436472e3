//! All known events, documented or not.

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::models::event::{EventKind, UnknownEvent, nearest};

use super::profile::Profile;
use super::registry::{ALL, find_event, profiles_with};
use super::undocumented::UNDOCUMENTED;

/// An event that Confluence is known to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnownEvent {
    /// An event that the document of a profile declares.
    Documented(EventKind),
    /// An event without a declared body. Only its name is known.
    Undocumented(&'static str),
}

impl KnownEvent {
    /// Returns all events: first the events of the profiles, then the others in alphabetical order.
    pub fn all() -> impl Iterator<Item = Self> {
        // Most options list them. Without the cache, comparing names took half of the start-up time.
        static EVENTS: LazyLock<Vec<KnownEvent>> = LazyLock::new(|| KnownEvent::collect().collect());
        EVENTS.iter().copied()
    }

    fn collect() -> impl Iterator<Item = Self> {
        let of_profile = |index: usize| {
            let is_new =
                move |kind: &EventKind| ALL[..index].iter().all(|other| other.events.find(kind.name()).is_none());
            ALL[index].events.all().filter(is_new).map(Self::Documented)
        };
        (0..ALL.len()).flat_map(of_profile).chain(UNDOCUMENTED.into_iter().map(Self::Undocumented))
    }

    /// Returns the event with this name.
    pub fn find(name: &str) -> Option<Self> {
        let undocumented =
            || UNDOCUMENTED.binary_search(&name).ok().map(|index| Self::Undocumented(UNDOCUMENTED[index]));
        find_event(name).map(Self::Documented).or_else(undocumented)
    }

    /// Returns the most similar known name, if any is similar enough.
    pub fn nearest_name(name: &str) -> Option<&'static str> {
        nearest(name, Self::all().map(Self::name))
    }

    /// Returns the name: `page_created`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Documented(kind) => kind.name(),
            Self::Undocumented(name) => name,
        }
    }

    /// Returns the kind, if a document declares the event.
    pub const fn kind(self) -> Option<EventKind> {
        match self {
            Self::Documented(kind) => Some(kind),
            Self::Undocumented(_) => None,
        }
    }
}

impl From<EventKind> for KnownEvent {
    fn from(kind: EventKind) -> Self {
        Self::Documented(kind)
    }
}

impl fmt::Display for KnownEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Serialize for KnownEvent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl FromStr for KnownEvent {
    type Err = UnknownEvent;

    fn from_str(name: &str) -> Result<Self, UnknownEvent> {
        let unknown = || UnknownEvent { name: name.to_owned(), nearest: Self::nearest_name(name) };
        Self::find(name).ok_or_else(unknown)
    }
}

/// The error for a known event that the profile does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{event}` is not in {}; {}", profile.document_name(), others(*event))]
pub struct NotInProfile {
    event: KnownEvent,
    profile: &'static Profile,
}

impl Profile {
    /// Returns the kind of an event for this sender, because senders use the same name for different actions.
    pub fn kind(&self, event: KnownEvent) -> Option<EventKind> {
        self.events.find(event.name())
    }

    /// Returns the kind of an event for this sender, like [`Profile::kind`].
    ///
    /// # Errors
    ///
    /// Returns an error if the document of the profile does not declare the event. The error lists the profiles that do.
    pub fn own_kind(&'static self, event: KnownEvent) -> Result<EventKind, NotInProfile> {
        self.kind(event).ok_or(NotInProfile { event, profile: self })
    }
}

/// Returns a sentence about the profiles that have the event.
pub fn others(event: KnownEvent) -> String {
    profiles_with(|profile| profile.kind(event).is_some()).unwrap_or_else(|| {
        "Confluence sends it, but no document declares its body; list events with `cfwh events`".to_owned()
    })
}

impl<'de> Deserialize<'de> for EventKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        find_event(&name).ok_or_else(|| de::Error::custom(format_args!("no document declares the event `{name}`")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_listed_once_and_found() {
        let names: Vec<_> = KnownEvent::all().map(KnownEvent::name).collect();
        let declared: usize = ALL.iter().map(|profile| profile.events.all().len()).sum();
        assert!(
            names.len() > UNDOCUMENTED.len() + 19 && names.len() <= UNDOCUMENTED.len() + declared,
            "{}",
            names.len()
        );
        for (index, name) in names.iter().enumerate() {
            assert!(!names[..index].contains(name), "{name} is listed twice");
            assert_eq!(name.parse().map(KnownEvent::name), Ok(*name));
        }
    }

    #[test]
    fn a_misspelled_name_gets_a_suggestion() {
        for (wrong, meant) in [
            ("page_create", "page_created"),
            ("pageUpdated", "page_updated"),
            ("blogpost_created", "blog_created"),
            ("SPACE_REMOVED", "space_removed"),
            ("coment_removed", "comment_removed"),
            ("pageMoved", "page_moved"),
        ] {
            let error = wrong.parse::<KnownEvent>().expect_err("it is misspelt");
            assert_eq!(error.nearest, Some(meant), "{wrong}");
        }
        assert_eq!("hello".parse::<KnownEvent>().map_err(|error| error.nearest), Err(None));
    }

    #[test]
    fn an_event_without_a_document_has_no_kind() {
        assert_eq!(KnownEvent::find("plugin_enabled").map(KnownEvent::kind), Some(None));
        let event = KnownEvent::find("plugin_enabled").expect("it is known");
        let error = Profile::default_profile().own_kind(event).expect_err("no document declares it");
        let no_body = "Confluence sends it, but no document declares its body; list events with `cfwh events`";
        assert_eq!(error.to_string(), format!("`plugin_enabled` is not in the published document; {no_body}"));
    }
}
