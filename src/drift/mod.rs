//! What bodies show against a document, event by event: what is never declared, what is never seen, what differs.
//!
//! A [`Survey`] counts what is there and keeps no body; memory grows with the number of different properties, of which a
//! thousand are told apart in each place, and not with the number of bodies. What is counted is then held against a document
//! ([`Survey::differences`]) or written down as a schema ([`Survey::schema`]).

pub mod baseline;
mod census;
mod compare;
mod infer;
mod tally;

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::models::event::{Entity, EventKind};
use crate::models::request::Request;
use crate::profiles::document::Document;
use crate::profiles::find_event;
use crate::profiles::identify::{last_segment, named_by_body};
use crate::profiles::undocumented_events;
use crate::profiles::{ALL, Profile};
use census::Census;

/// Counts what bodies show.
#[derive(Debug, Default)]
pub struct Survey {
    events: BTreeMap<Subject, Census>,
    /// Inputs that are no JSON object.
    left_out: u64,
}

/// What a body is about, as far as it can be told. Confluence Cloud's leave the event out; of these only the entity is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Subject {
    Event(EventKind),
    Open(Entity),
    Outside(&'static str),
    Unknown,
}

/// Where a body was read.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The file; `-` is stdin.
    pub input: &'a str,
    /// The line that the body begins on, from 1.
    pub line: usize,
}

/// How the bodies of one event differ from the document.
#[derive(Clone, Debug, Serialize)]
pub struct Drift {
    /// The event; `page_*` where the bodies leave it open, null where nothing tells.
    pub event: Option<String>,
    /// How many bodies there were.
    pub bodies: u64,
    /// The earliest `timestamp` of them all, in milliseconds since the Unix epoch.
    pub first_seen: Option<i64>,
    /// The latest.
    pub last_seen: Option<i64>,
    /// Properties that the document does not declare.
    pub undeclared: Vec<Undeclared>,
    /// Properties that the document declares and no body has.
    pub unseen: Vec<Unseen>,
    /// Values of another type than the declared.
    pub types: Vec<OtherType>,
    /// Values that are not in the declared list.
    pub values: Vec<OtherValue>,
}

/// A property that the document does not declare.
#[derive(Clone, Debug, Serialize)]
pub struct Undeclared {
    /// Where: a JSON Pointer, with `*` for any index of an array.
    pub pointer: String,
    /// The JSON types that it had.
    pub types: Vec<&'static str>,
    #[serde(flatten)]
    #[allow(missing_docs, reason = "its fields say it")]
    pub seen: Seen,
}

/// A property that the document declares and no body has.
#[derive(Clone, Debug, Serialize)]
pub struct Unseen {
    /// Where it would be.
    pub pointer: String,
    /// Where the document declares it.
    pub document: String,
}

/// Values of another type than the declared.
#[derive(Clone, Debug, Serialize)]
pub struct OtherType {
    /// Where: a JSON Pointer, with `*` for any index of an array.
    pub pointer: String,
    /// The types that the document declares.
    pub declared: Vec<&'static str>,
    /// The JSON type that was there.
    pub found: &'static str,
    #[serde(flatten)]
    #[allow(missing_docs, reason = "its fields say it")]
    pub seen: Seen,
}

/// Values that are not in the declared list.
#[derive(Clone, Debug, Serialize)]
pub struct OtherValue {
    /// Where: a JSON Pointer, with `*` for any index of an array.
    pub pointer: String,
    /// The values that the document declares.
    pub declared: Vec<&'static str>,
    /// The value, where it looks like a word of a list; else only how long it is. Of more different values than a list
    /// would have, the last of the alphabet are counted together, declared ones among them: `more different texts`.
    pub found: String,
    #[serde(flatten)]
    #[allow(missing_docs, reason = "its fields say it")]
    pub seen: Seen,
}

/// How often something was seen, when, and where for example.
#[derive(Clone, Debug, Serialize)]
pub struct Seen {
    /// In so many bodies; of the items of an array each counts.
    pub count: u64,
    /// The earliest `timestamp` of these bodies, in milliseconds since the Unix epoch.
    pub first_seen: Option<i64>,
    /// The latest.
    pub last_seen: Option<i64>,
    /// The first body that it was seen in.
    pub example: Example,
}

/// One place where something was seen. The value itself is somebody's data and is not told.
#[derive(Clone, Debug, Serialize)]
pub struct Example {
    /// The file; `-` is stdin.
    pub input: String,
    /// The line that the body begins on, from 1.
    pub line: usize,
    /// A JSON Pointer (RFC 6901).
    pub pointer: String,
    /// What stands there, in kind and size: `string of 12 characters`.
    pub value: String,
}

impl Survey {
    /// Counts one body. `expected` is the event that the caller says it is.
    pub fn take(&mut self, source: Source<'_>, delivery: &Request, expected: Option<EventKind>) {
        let Ok(body @ Value::Object(_)) = serde_json::from_slice(delivery.body()) else {
            self.left_out += 1;
            return;
        };
        let name = named_by_body(delivery.body());
        let name = name.as_deref().or_else(|| last_segment(delivery.target())).unwrap_or_default();
        let subject = Subject::of(&body, name, expected);
        self.events.entry(subject).or_default().take(source, &body);
    }

    /// Takes in what was counted elsewhere, of bodies that come later.
    pub fn merge(&mut self, later: Self) {
        self.left_out += later.left_out;
        for (subject, census) in later.events {
            self.events.entry(subject).or_default().merge(census);
        }
    }

    /// Was nothing counted?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// Inputs that are no JSON object, and of which nothing was counted.
    #[must_use]
    pub const fn left_out(&self) -> u64 {
        self.left_out
    }

    /// How the bodies differ from the document of a profile, event by event; events without a difference are there too.
    #[must_use]
    pub fn differences(&self, profile: &'static Profile) -> Vec<Drift> {
        let document = Document::new(profile);
        let differ = |(subject, census): (&Subject, &Census)| {
            let shape = subject.entity().map_or_else(|| document.base_shape(), |entity| document.shape(entity));
            compare::compare(subject.name(), census, &shape)
        };
        self.events.iter().map(differ).collect()
    }

    /// A JSON Schema (Draft 7) that accepts every body that was counted: one schema an event.
    #[must_use]
    pub fn schema(&self) -> Value {
        infer::schema(self.events.iter().map(|(subject, census)| (subject.name(), census)))
    }
}

impl Drift {
    /// Is there any difference?
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.count() == 0
    }

    /// How many differences there are.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.undeclared.len() + self.unseen.len() + self.types.len() + self.values.len()
    }
}

impl Subject {
    /// `name` is what the body or else its target calls the event.
    fn of(body: &Value, name: &str, expected: Option<EventKind>) -> Self {
        if let Some(kind) = expected.or_else(|| find_event(name)) {
            return Self::Event(kind);
        }
        if let Some(name) = undocumented_events().find(|known| *known == name) {
            return Self::Outside(name);
        }
        // The payload tells as much, under the name that either document gives it.
        let carries = |entity: &Entity| ALL.iter().any(|profile| body.get(profile.key(*entity)).is_some());
        if body.get("event").is_none() {
            return Entity::ALL.into_iter().find(carries).map_or(Self::Unknown, Self::Open);
        }
        Self::Unknown
    }

    const fn entity(self) -> Option<Entity> {
        match self {
            Self::Event(kind) => Some(kind.entity()),
            Self::Open(entity) => Some(entity),
            Self::Outside(_) | Self::Unknown => None,
        }
    }

    fn name(self) -> Option<String> {
        match self {
            Self::Event(kind) => Some(kind.name().to_owned()),
            Self::Open(entity) => Some(entity.pattern().to_owned()),
            Self::Outside(name) => Some(name.to_owned()),
            Self::Unknown => None,
        }
    }
}
