//! How often, when and where values were seen.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::json;
use crate::json::json_type::JsonType;

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
    /// The first place.
    pub example: Example,
    /// The number of the value in `example`.
    #[serde(skip)]
    number: ValueNumber,
}

/// A place where a value was seen. The value itself may be private and is not stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Example {
    /// The file; `-` is stdin.
    pub input: String,
    /// The line that the body begins on, from 1.
    pub line: usize,
    /// A JSON Pointer (RFC 6901).
    pub pointer: String,
    /// The type and size of the value: `string of 12 characters`.
    pub value: String,
}

/// The number of a part of the bodies, and the number of a value in that part.
pub(super) type ValueNumber = (usize, u64);

/// The value that is being counted.
pub(super) struct Cursor<'a> {
    pub(super) file: &'a str,
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
    /// Statistics of no value yet, with this one as the example.
    pub(super) fn new(value: &Value, cursor: &Cursor<'_>) -> Self {
        let example = Example {
            input: cursor.file.to_owned(),
            line: cursor.line,
            pointer: cursor.pointer.clone(),
            value: describe(value),
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
    /// Counts a member or item with its key appended to the pointer.
    pub(super) fn enter(&mut self, key: &str, count: impl FnOnce(&mut Self)) {
        let length = self.pointer.len();
        json::push_step(&mut self.pointer, key);
        count(self);
        self.pointer.truncate(length);
    }
}

/// The type and size of a value, without its content.
fn describe(value: &Value) -> String {
    let (count, unit, units) = match value {
        Value::Object(members) => (members.len(), "property", "properties"),
        Value::Array(items) => (items.len(), "item", "items"),
        Value::String(text) => (text.chars().count(), "character", "characters"),
        Value::Number(number) => (number.to_string().bytes().filter(u8::is_ascii_digit).count(), "digit", "digits"),
        Value::Bool(_) | Value::Null => return JsonType::from(value).name().to_owned(),
    };
    format!("{} of {count} {}", JsonType::from(value).name(), if count == 1 { unit } else { units })
}
