//! One count: how often, when, and where first.

use serde_json::Value;

use super::{Example, Seen, Source};
use crate::json;

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
    pub(super) fn of(value: &Value) -> Self {
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

/// The earliest and the latest `timestamp`, in milliseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Times {
    pub(super) first: Option<i64>,
    pub(super) last: Option<i64>,
}

/// How often, when, and where first.
#[derive(Debug)]
pub(super) struct Tally {
    pub(super) count: u64,
    pub(super) times: Times,
    /// The number of the value that is the example: the lowest of all that were counted.
    number: u64,
    example: Example,
}

/// Where the count of one body is.
pub(super) struct Cursor<'a> {
    pub(super) source: Source<'a>,
    pub(super) timestamp: Option<i64>,
    /// A JSON Pointer to the value that is being counted.
    pub(super) pointer: String,
    /// How many values the census has seen, this one included.
    pub(super) number: u64,
}

impl Times {
    pub(super) fn take(&mut self, timestamp: Option<i64>) {
        self.merge(Self { first: timestamp, last: timestamp });
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.first = self.first.into_iter().chain(other.first).min();
        self.last = self.last.max(other.last);
    }
}

impl Tally {
    /// A count of none yet, with this value as its example.
    pub(super) fn new(value: &Value, cursor: &Cursor<'_>) -> Self {
        let example = Example {
            input: cursor.source.input.to_owned(),
            line: cursor.source.line,
            pointer: cursor.pointer.clone(),
            value: in_kind_and_size(value),
        };
        Self { count: 0, times: Times::default(), number: cursor.number, example }
    }

    pub(super) fn take(&mut self, timestamp: Option<i64>) {
        self.count += 1;
        self.times.take(timestamp);
    }

    /// As it is in a census that has seen so many values before.
    pub(super) fn after(mut self, values: u64) -> Self {
        self.number += values;
        self
    }

    /// Takes in what was counted elsewhere, of the same census.
    pub(super) fn merge(&mut self, other: Self) {
        self.count += other.count;
        self.times.merge(other.times);
        if other.number < self.number {
            (self.number, self.example) = (other.number, other.example);
        }
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

impl Cursor<'_> {
    pub(super) fn within(&mut self, key: &str, count: impl FnOnce(&mut Self)) {
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
