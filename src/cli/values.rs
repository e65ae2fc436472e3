//! What the values of flags are parsed into, where no room below has a type for it.

use crate::auth::SchemeInfo;
use crate::models::event::EventKind;
use crate::profiles::event_pattern::EventPattern;
use crate::profiles::{Profile, find_event};

/// What to generate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventSource {
    /// These events.
    Kinds(Vec<EventKind>),
    /// A sequence of events that makes sense.
    Story,
}

impl EventSource {
    /// Parses an event's name, `all` or `story`; returns `None` for anything else.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "all" => Some(Self::Kinds(Profile::default_profile().events.all().collect())),
            "story" => Some(Self::Story),
            name => find_event(name).map(|kind| Self::Kinds(vec![kind])),
        }
    }
}

/// How deliveries are authenticated.
#[derive(Clone, Copy, Debug)]
pub enum AuthChoice {
    /// With this scheme.
    Scheme(&'static SchemeInfo),
    /// Not at all.
    None,
}

/// An endpoint that deliveries are forwarded to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The events that are forwarded; all without it.
    pub pattern: Option<EventPattern>,
    /// The endpoint, as given.
    pub url: String,
}
