//! What stands at each place of the bodies of one event, counted.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Example, Seen, Source};
use crate::json;

/// More different keys than this in one object are not names of properties; what comes after them is counted together.
const KEYS: usize = 1000;
/// More different texts than this are no list of values.
const TEXTS: usize = 64;
/// Longer texts are no word of a list.
const LONGEST: usize = 40;

/// The JSON types, integers apart from other numbers as JSON Schema has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Type {
    Object,
    Array,
    String,
    Integer,
    Number,
    Boolean,
    Null,
}

impl Type {
    fn of(value: &Value) -> Self {
        match value {
            Value::Object(_) => Self::Object,
            Value::Array(_) => Self::Array,
            Value::String(_) => Self::String,
            Value::Number(number) if number.as_f64().is_some_and(|number| number.fract() == 0.0) => Self::Integer,
            Value::Number(_) => Self::Number,
            Value::Bool(_) => Self::Boolean,
            Value::Null => Self::Null,
        }
    }

    /// The word of JSON Schema.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Object => "object",
            Self::Array => "array",
            Self::String => "string",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Null => "null",
        }
    }
}

/// The bodies of one event.
#[derive(Debug, Default)]
pub(super) struct Census {
    pub(super) bodies: u64,
    pub(super) times: Times,
    pub(super) root: Place,
}

/// The earliest and the latest `timestamp`, in milliseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Times {
    pub(super) first: Option<i64>,
    pub(super) last: Option<i64>,
}

/// One place in bodies: a property, or the items of an array.
#[derive(Debug, Default)]
pub(super) struct Place {
    /// How often each type stood here.
    pub(super) types: BTreeMap<Type, Tally>,
    /// How often each short text stood here, as long as there are few.
    pub(super) texts: BTreeMap<String, Tally>,
    pub(super) members: BTreeMap<String, Place>,
    /// What stood under keys beyond the number that is told apart.
    pub(super) others: Option<Box<Place>>,
    pub(super) items: Option<Box<Place>>,
}

/// How often, when, and where first.
#[derive(Debug)]
pub(super) struct Tally {
    pub(super) count: u64,
    times: Times,
    example: Example,
}

/// Where the count of one body is.
struct Cursor<'a> {
    source: Source<'a>,
    timestamp: Option<i64>,
    /// A JSON Pointer to the value that is being counted.
    pointer: String,
}

impl Census {
    pub(super) fn take(&mut self, source: Source<'_>, body: &Value) {
        let timestamp = body.get("timestamp").and_then(Value::as_i64);
        self.bodies += 1;
        self.times.take(timestamp);
        self.root.take(body, &mut Cursor { source, timestamp, pointer: String::new() });
    }

    pub(super) fn merge(&mut self, later: Self) {
        self.bodies += later.bodies;
        self.times.merge(later.times);
        self.root.merge(later.root);
    }
}

impl Times {
    fn take(&mut self, timestamp: Option<i64>) {
        self.merge(Self { first: timestamp, last: timestamp });
    }

    fn merge(&mut self, other: Self) {
        self.first = self.first.into_iter().chain(other.first).min();
        self.last = self.last.max(other.last);
    }
}

impl Tally {
    fn new(value: &Value, cursor: &Cursor<'_>) -> Self {
        let example = Example {
            input: cursor.source.input.to_owned(),
            line: cursor.source.line,
            pointer: cursor.pointer.clone(),
            value: in_kind_and_size(value),
        };
        Self { count: 0, times: Times::default(), example }
    }

    fn take(&mut self, timestamp: Option<i64>) {
        self.count += 1;
        self.times.take(timestamp);
    }

    fn merge(&mut self, later: &Self) {
        self.count += later.count;
        self.times.merge(later.times);
    }

    pub(super) fn seen(&self) -> Seen {
        Seen {
            count: self.count,
            first_seen: self.times.first,
            last_seen: self.times.last,
            example: self.example.clone(),
        }
    }
}

impl Place {
    fn take(&mut self, value: &Value, cursor: &mut Cursor<'_>) {
        self.types.entry(Type::of(value)).or_insert_with(|| Tally::new(value, cursor)).take(cursor.timestamp);
        match value {
            Value::String(text) if text.len() <= LONGEST => self.take_text(text, value, cursor),
            Value::Array(items) => {
                let place = self.items.get_or_insert_default();
                for (index, item) in items.iter().enumerate() {
                    cursor.within(&index.to_string(), |cursor| place.take(item, cursor));
                }
            }
            Value::Object(members) => {
                for (key, member) in members {
                    cursor.within(key, |cursor| self.member(key).take(member, cursor));
                }
            }
            _ => {}
        }
    }

    fn take_text(&mut self, text: &str, value: &Value, cursor: &Cursor<'_>) {
        if let Some(tally) = self.texts.get_mut(text) {
            tally.take(cursor.timestamp);
        } else if self.texts.len() < TEXTS {
            let mut tally = Tally::new(value, cursor);
            tally.take(cursor.timestamp);
            self.texts.insert(text.to_owned(), tally);
        }
    }

    fn member(&mut self, key: &str) -> &mut Self {
        // Nearly always the key is known already, and needs no copy.
        if !self.members.contains_key(key) {
            if self.members.len() >= KEYS {
                return self.others.get_or_insert_default();
            }
            self.members.insert(key.to_owned(), Self::default());
        }
        self.members.get_mut(key).expect("it has just been put there")
    }

    fn merge(&mut self, later: Self) {
        for (kind, tally) in later.types {
            match self.types.get_mut(&kind) {
                Some(own) => own.merge(&tally),
                None => drop(self.types.insert(kind, tally)),
            }
        }
        for (text, tally) in later.texts {
            let is_full = self.texts.len() >= TEXTS;
            match self.texts.get_mut(&text) {
                Some(own) => own.merge(&tally),
                None if is_full => {}
                None => drop(self.texts.insert(text, tally)),
            }
        }
        for (key, place) in later.members {
            self.member(&key).merge(place);
        }
        if let Some(others) = later.others {
            self.others.get_or_insert_default().merge(*others);
        }
        if let Some(items) = later.items {
            self.items.get_or_insert_default().merge(*items);
        }
    }

    /// How often anything stood here.
    pub(super) fn count(&self) -> u64 {
        self.types.values().map(|tally| tally.count).sum()
    }

    /// What stood here, whatever its type; the example is of the first type.
    pub(super) fn seen(&self) -> Option<Seen> {
        let mut tallies = self.types.values();
        let mut seen = tallies.next()?.seen();
        for tally in tallies {
            let mut times = Times { first: seen.first_seen, last: seen.last_seen };
            times.merge(tally.times);
            (seen.first_seen, seen.last_seen) = (times.first, times.last);
            seen.count += tally.count;
        }
        Some(seen)
    }
}

impl Cursor<'_> {
    fn within(&mut self, key: &str, count: impl FnOnce(&mut Self)) {
        let length = self.pointer.len();
        json::step(&mut self.pointer, key);
        count(self);
        self.pointer.truncate(length);
    }
}

/// A value without what it says.
fn in_kind_and_size(value: &Value) -> String {
    let of = |count: usize, thing: &str, things: &str| {
        let noun = if count == 1 { thing } else { things };
        format!("{} of {count} {noun}", Type::of(value).name())
    };
    match value {
        Value::Object(members) => of(members.len(), "property", "properties"),
        Value::Array(items) => of(items.len(), "item", "items"),
        Value::String(text) => of(text.chars().count(), "character", "characters"),
        Value::Number(number) => {
            let digits = number.to_string().bytes().filter(u8::is_ascii_digit).count();
            of(digits, "digit", "digits")
        }
        Value::Bool(_) | Value::Null => Type::of(value).name().to_owned(),
    }
}
