//! Types of option values that no other module defines.

use std::str::FromStr;

use crate::auth::SchemeInfo;
use crate::models::event::UnknownEvent;
use crate::profiles::KnownEvent;
use crate::profiles::event_pattern::EventPattern;

/// The events to generate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventSource {
    /// One event.
    Event(KnownEvent),
    /// One of each event of the profile.
    All,
    /// A realistic sequence of events.
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

/// The value of `--retries`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryCount {
    /// At most this many times.
    UpTo(u32),
    /// As often as the sender retries.
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
                .map_err(|_| format!("expected a whole number from 0 to {}, or `auto`", u32::MAX)),
        }
    }
}

/// The value of `--at`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// The time when the command runs.
    Now,
    /// A time in milliseconds since the Unix epoch.
    Time(i64),
}

/// The value of `--auth`.
#[derive(Clone, Copy, Debug)]
pub enum AuthChoice {
    /// With this scheme.
    Scheme(&'static SchemeInfo),
    /// `none`: no authentication.
    None,
}

/// An endpoint that deliveries are forwarded to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The events to forward; `None` forwards all.
    pub pattern: Option<EventPattern>,
    /// The URL of the endpoint, as given.
    pub url: String,
}
