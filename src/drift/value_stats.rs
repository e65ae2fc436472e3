//! Statistics for values: counts, times and examples.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize, Serializer};

use crate::json::json_type::JsonType;
use crate::json::{self, Value, number};

use super::first_keys::MergeStats;

/// The earliest and the latest `timestamp` of bodies, in milliseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct TimeRange {
    /// The earliest.
    pub first_seen: Option<i64>,
    /// The latest.
    pub last_seen: Option<i64>,
}

/// The count, the time range and an example of a value.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ValueStats {
    /// The number of occurrences. Each item of an array counts.
    pub count: u64,
    /// The time range of these events.
    #[serde(flatten)]
    pub times: TimeRange,
    /// The first occurrence.
    pub example: Example,
    /// The number of the value in `example`.
    #[serde(skip)]
    number: ValueNumber,
}

/// The place of a value. The value itself may be private, so it is not stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Example {
    /// The file. `-` is stdin.
    pub input: Arc<str>,
    /// The first line of the body, from 1.
    pub line: usize,
    /// A JSON Pointer (RFC 6901).
    pub pointer: Box<str>,
    /// The type and size of the value: `string of 12 characters`. Not set in a baseline.
    #[serde(skip_deserializing)]
    pub value: ValueSize,
}

/// The type and size of a value, without its content: `string of 12 characters`.
#[derive(Clone, Copy, Debug)]
pub struct ValueSize {
    json_type: JsonType,
    /// The number of properties, items, characters or digits.
    count: u32,
}

/// The number of a part of the bodies, and the number of a value in that part.
pub(super) type ValueNumber = (usize, u64);

/// The current value.
pub(super) struct Cursor<'a> {
    pub(super) file: &'a Arc<str>,
    pub(super) line: usize,
    pub(super) timestamp: Option<i64>,
    pub(super) pointer: String,
    pub(super) number: ValueNumber,
}

impl TimeRange {
    pub(super) fn add(&mut self, timestamp: Option<i64>) {
        self.merge(Self { first_seen: timestamp, last_seen: timestamp });
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.first_seen = self.first_seen.into_iter().chain(other.first_seen).min();
        self.last_seen = self.last_seen.max(other.last_seen);
    }
}

impl ValueStats {
    /// Creates empty statistics with this value as the example.
    pub(super) fn new(value: &Value<'_>, cursor: &Cursor<'_>) -> Self {
        let example = Example {
            input: Arc::clone(cursor.file),
            line: cursor.line,
            pointer: cursor.pointer.as_str().into(),
            value: ValueSize::new(value),
        };
        Self { count: 0, times: TimeRange::default(), example, number: cursor.number }
    }

    pub(super) fn add(&mut self, cursor: &Cursor<'_>) {
        self.count += 1;
        self.times.add(cursor.timestamp);
    }
}

impl MergeStats for ValueStats {
    fn merge_stats(&mut self, other: Self) {
        self.count += other.count;
        self.times.merge(other.times);
        if other.number < self.number {
            (self.number, self.example) = (other.number, other.example);
        }
    }
}

impl Cursor<'_> {
    /// Runs `count` with the pointer at a member or an item.
    pub(super) fn enter(&mut self, key: &str, count: impl FnOnce(&mut Self)) {
        let length = self.pointer.len();
        push_step(&mut self.pointer, key);
        count(self);
        self.pointer.truncate(length);
    }
}

/// The maximum length of a pointer, in bytes. Longer pointers end with `…`, because a long key may have a thousand properties.
const MAX_POINTER: usize = 500;

/// Appends a step to a JSON Pointer, up to the maximum length.
pub(super) fn push_step(pointer: &mut String, key: &str) {
    if pointer.len() + key.len() <= MAX_POINTER {
        json::push_step(pointer, key);
    } else if !pointer.ends_with('…') {
        pointer.push_str("/…");
    }
}

/// Returns the type of a value. In JSON Schema, `1.0` is an integer.
pub(super) fn json_type(value: &Value<'_>) -> JsonType {
    match value {
        Value::Number(number) if number::is_integer(number) => JsonType::Integer,
        other => other.json_type(),
    }
}

impl ValueSize {
    fn new(value: &Value<'_>) -> Self {
        let count = match value {
            Value::Object(members) => members.len(),
            Value::Array(items) => items.len(),
            Value::String(text) => text.chars().count(),
            Value::Number(number) => number.bytes().filter(u8::is_ascii_digit).count(),
            Value::Boolean(_) | Value::Null => 0,
        };
        Self { json_type: json_type(value), count: u32::try_from(count).unwrap_or(u32::MAX) }
    }
}

impl Default for ValueSize {
    fn default() -> Self {
        Self { json_type: JsonType::Null, count: 0 }
    }
}

impl fmt::Display for ValueSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, units) = match self.json_type {
            JsonType::Object => ("property", "properties"),
            JsonType::Array => ("item", "items"),
            JsonType::String => ("character", "characters"),
            JsonType::Integer | JsonType::Number => ("digit", "digits"),
            JsonType::Boolean | JsonType::Null => return f.write_str(self.json_type.name()),
        };
        write!(f, "{} of {} {}", self.json_type.name(), self.count, if self.count == 1 { unit } else { units })
    }
}

impl Serialize for ValueSize {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
