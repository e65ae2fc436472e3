//! What the values of flags are parsed into, where no room below has a type for it.

use std::str::FromStr;

use crate::auth::SchemeInfo;
use crate::models::event::UnknownEvent;
use crate::profiles::KnownEvent;
use crate::profiles::event_pattern::EventPattern;

/// What to generate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventSource {
    /// This event.
    Event(KnownEvent),
    /// One of each event of the profile.
    All,
    /// A sequence of events that makes sense.
    Story,
}

impl FromStr for EventSource {
    type Err = UnknownEvent;

    /// Parses an event's name, `all` or `story`.
    fn from_str(word: &str) -> Result<Self, UnknownEvent> {
        match word {
            "all" => Ok(Self::All),
            "story" => Ok(Self::Story),
            name => Ok(Self::Event(name.parse()?)),
        }
    }
}

/// How often a delivery is retried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryCount {
    /// At most this many times.
    UpTo(u32),
    /// As the sender does it.
    Auto,
}

impl FromStr for RetryCount {
    type Err = String;

    /// Parses a number or `auto`.
    fn from_str(word: &str) -> Result<Self, String> {
        match word {
            "auto" => Ok(Self::Auto),
            number => number
                .parse()
                .map(Self::UpTo)
                .map_err(|_| format!("write a whole number from 0 to {}, or `auto`", u32::MAX)),
        }
    }
}

/// When the first event happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// When the command runs.
    Now,
    /// In milliseconds since the Unix epoch.
    Time(i64),
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
