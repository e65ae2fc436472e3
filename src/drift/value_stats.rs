//! How often, when and where values were seen.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::json::json_type::JsonType;
use crate::json::{self, Value, number};

use super::first_keys::MergeStats;

/// The earliest and the latest `timestamp` of some bodies, in milliseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct TimeRange {
    /// The earliest.
    pub first_seen: Option<i64>,
    /// The latest.
    pub last_seen: Option<i64>,
}

/// How often, when and where a value was seen.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ValueStats {
    /// In how many bodies; each item of an array counts.
    pub count: u64,
    /// When these events happened.
    #[serde(flatten)]
    pub times: TimeRange,
    /// The first place, by the name of the input and the line: it does not depend on how the bodies were split.
    pub example: Example,
}

/// A place where a value was seen. The value itself may be private and is not stored.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Example {
    /// The file; `-` is stdin.
    pub input: Arc<str>,
    /// The line that the body begins on, from 1.
    pub line: usize,
    /// A JSON Pointer (RFC 6901).
    pub pointer: Box<str>,
    /// The type and size of the value: `string of 12 characters`.
    pub value: ValueSize,
}

/// The type and size of a value, without its content: `string of 12 characters`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ValueSize {
    json_type: JsonType,
    /// How many properties, items, characters or digits.
    count: u32,
}

/// The value that is being counted.
pub(super) struct Cursor<'a> {
    pub(super) file: &'a Arc<str>,
    pub(super) line: usize,
    pub(super) timestamp: Option<i64>,
    pub(super) pointer: String,
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
    /// Statistics of no value yet, with this one as the example.
    pub(super) fn new(value: &Value<'_>, cursor: &Cursor<'_>) -> Self {
        Self { count: 0, times: TimeRange::default(), example: Example::new(value, cursor) }
    }

    pub(super) fn add(&mut self, value: &Value<'_>, cursor: &Cursor<'_>) {
        self.count += 1;
        self.times.add(cursor.timestamp);
        let Example { input, line, .. } = &self.example;
        // Most values are on a later line of the same file.
        if !Arc::ptr_eq(input, cursor.file) || *line >= cursor.line {
            self.example.replace_if_later(Example::new(value, cursor));
        }
    }
}

impl MergeStats for ValueStats {
    fn merge_stats(&mut self, other: Self) {
        self.count += other.count;
        self.times.merge(other.times);
        self.example.replace_if_later(other.example);
    }
}

impl Example {
    fn new(value: &Value<'_>, cursor: &Cursor<'_>) -> Self {
        let pointer = cursor.pointer.as_str().into();
        Self { input: Arc::clone(cursor.file), line: cursor.line, pointer, value: ValueSize::new(value) }
    }

    /// Replaces it by a place that is before it.
    fn replace_if_later(&mut self, other: Self) {
        if other < *self {
            *self = other;
        }
    }
}

impl Cursor<'_> {
    /// Counts a member or item with its key appended to the pointer.
    pub(super) fn enter(&mut self, key: &str, count: impl FnOnce(&mut Self)) {
        let length = self.pointer.len();
        push_step(&mut self.pointer, key);
        count(self);
        self.pointer.truncate(length);
    }
}

/// Calls `visit` with one step appended to a pointer.
pub(super) fn with_step<R>(pointer: &mut String, key: &str, visit: impl FnOnce(&mut String) -> R) -> R {
    let length = pointer.len();
    push_step(pointer, key);
    let result = visit(pointer);
    pointer.truncate(length);
    result
}

/// The longest pointer, in bytes. Longer ones end with `…`: each of a thousand properties below a long key has a pointer.
const MAX_POINTER: usize = 500;

/// Appends one step to a JSON Pointer, unless it becomes too long.
fn push_step(pointer: &mut String, key: &str) {
    if pointer.len() + key.len() <= MAX_POINTER {
        json::push_step(pointer, key);
    } else if !pointer.ends_with('…') {
        pointer.push_str("/…");
    }
}

/// The type of a value. To JSON Schema `1.0` is an integer too.
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

impl<'de> Deserialize<'de> for ValueSize {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let (name, size) = text.split_once(" of ").unwrap_or((&text, "0"));
        let count = size.split(' ').next().and_then(|count| count.parse().ok());
        let size = JsonType::named(name).zip(count).map(|(json_type, count)| Self { json_type, count });
        size.ok_or_else(|| de::Error::custom("not the type and size of a value"))
    }
}
