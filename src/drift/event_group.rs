//! Groups of bodies: by event, or by entity if the event is unknown.

use crate::json::Node;
use crate::models::event::{Entity, EventKind};
use crate::profiles::{ALL, BodyType, KnownEvent, Profile};

/// The event of a body, or its entity. Bodies of Confluence Cloud do not name their event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum EventGroup {
    Event(EventKind),
    Entity(Entity),
    /// An undocumented event.
    Undocumented(&'static str),
    Unknown,
}

impl EventGroup {
    /// Identifies the group of a body. `name` is the event name in the body, or else in the target.
    pub(super) fn identify(body: &Node<'_>, name: &str, expected: Option<KnownEvent>) -> Self {
        match expected.or_else(|| KnownEvent::find(name)) {
            Some(KnownEvent::Documented(kind)) => return Self::Event(kind),
            Some(KnownEvent::Undocumented(name)) => return Self::Undocumented(name),
            None => {}
        }
        if body.get("event").is_some() {
            return Self::Unknown;
        }
        let mut forms = ALL.iter().flat_map(|profile| profile.bodies);
        let form = forms.find(|form| !form.key.is_empty() && body.get(form.key).is_some());
        form.map_or(Self::Unknown, |form| Self::Entity(form.entity))
    }

    /// Returns the type of its bodies in a profile.
    pub(super) fn form(self, profile: &Profile) -> Option<&'static BodyType> {
        match self {
            Self::Event(kind) => profile.body(profile.kind(kind.into())?),
            Self::Entity(entity) => profile.bodies.iter().find(|form| form.entity == entity),
            Self::Undocumented(_) | Self::Unknown => None,
        }
    }

    pub(super) fn name(self) -> Option<String> {
        match self {
            Self::Event(kind) => Some(kind.name().to_owned()),
            Self::Entity(entity) => Some(entity.pattern().to_owned()),
            Self::Undocumented(name) => Some(name.to_owned()),
            Self::Unknown => None,
        }
    }
}
