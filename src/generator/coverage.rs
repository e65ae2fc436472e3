//! The smallest set of bodies for an event that covers every property present and missing, every enum value, boundary numbers,
//! and difficult text.
//!
//! A property with four values needs five bodies, one of them without the property, and one more if its object may be missing. All
//! properties vary at the same time, so the size of the set is the maximum over all properties. The variations are shifted, so that
//! not all properties are missing in the same body.

use serde_json::{Map, Value, json};

use crate::json::json_type::JsonType;
use crate::models::event::EventKind;
use crate::models::snapshot::{BodyOptions, Era, IdType};
use crate::profiles::Profile;
use crate::profiles::document::Document;
use crate::profiles::shape::{Format, Shape};

use super::single_event::Generator;

/// How a property varies between bodies.
enum Variation {
    /// These values, the usual value first.
    Values(Vec<Value>),
    Object(Vec<Member>),
    /// An array of objects, such as attachments of Confluence Cloud. Every other body has one more object.
    Array(Vec<Member>, usize),
}

struct Member {
    key: String,
    variation: Variation,
    /// Whether the member is missing in one body.
    is_optional: bool,
}

/// Returns the bodies, in no particular order.
pub fn bodies(seed: u64, now: i64, profile: &'static Profile, options: BodyOptions, kind: EventKind) -> Vec<Value> {
    let Some(form) = profile.body(kind) else { return Vec::new() };
    let shape = Document::new(profile).shape(form);
    let generator = Generator::new(seed, now, profile).with_options(options);
    let mut members = members(full_body(generator, kind), &shape, options.id_type);
    for member in &mut members {
        // The event must stay, because nothing else identifies it.
        if !profile.names_event_in_url() && member.key == profile.event_key() {
            member.is_optional = false;
            member.variation = Variation::Values(vec![json!(kind.name())]);
        }
    }
    let count = members.iter().map(Member::turns).max().unwrap_or(1);
    (0..count).map(|turn| object(&members, turn, count)).collect()
}

/// Returns a body with the most properties: from the latest era, and a reply if it is a comment.
fn full_body(mut generator: Generator, kind: EventKind) -> Value {
    fn count(value: &Value) -> usize {
        match value {
            Value::Object(members) => members.values().map(|member| 1 + count(member)).sum(),
            Value::Array(items) => items.iter().map(count).sum(),
            _ => 0,
        }
    }
    /// Among this many comments, at least one is a reply.
    const ATTEMPTS: usize = 64;
    generator.site.era = Era::Of2026;
    let bodies = (0..ATTEMPTS).map(|_| serde_json::from_slice(&generator.body(kind)).expect("a body is JSON"));
    bodies.max_by_key(count).unwrap_or_default()
}

fn members(object: Value, shape: &Shape, id_type: Option<IdType>) -> Vec<Member> {
    let undeclared = Shape::default();
    let Value::Object(object) = object else { return Vec::new() };
    let member = |(key, value): (String, Value)| {
        let is_optional = !shape.requires(&key);
        let shape = shape.property(&key).unwrap_or(&undeclared);
        let variation = match (value, &shape.items) {
            (object @ Value::Object(_), _) => Variation::Object(members(object, shape, id_type)),
            (Value::Array(items), Some(shape)) if key != "labels" && items.first().is_some_and(Value::is_object) => {
                let count = items.len();
                let fullest = items.into_iter().max_by_key(|item| item.as_object().map_or(0, Map::len));
                Variation::Array(members(fullest.unwrap_or_default(), shape, id_type), count)
            }
            (usual, _) => Variation::Values(values(&key, usual, shape, id_type)),
        };
        Member { key, variation, is_optional }
    };
    object.into_iter().map(member).collect()
}

impl Member {
    /// Returns the number of bodies that the member needs.
    fn turns(&self) -> usize {
        let turns = match &self.variation {
            Variation::Values(values) => values.len(),
            Variation::Object(members) | Variation::Array(members, _) => {
                members.iter().map(Self::turns).max().unwrap_or(1)
            }
        };
        turns + usize::from(self.is_optional)
    }
}

/// Returns the object for one body.
fn object(members: &[Member], turn: usize, count: usize) -> Value {
    let mut object = Map::new();
    for (index, member) in members.iter().enumerate() {
        let mut turn = (turn + index) % count;
        let mut count = count;
        if member.is_optional {
            if turn == 0 {
                continue;
            }
            (turn, count) = (turn - 1, count - 1);
        }
        let value = match &member.variation {
            // The usual value fills the remaining bodies.
            Variation::Values(values) => values.get(turn).unwrap_or(&values[0]).clone(),
            Variation::Object(members) => self::object(members, turn, count),
            Variation::Array(members, usual) => {
                let items = 0..usual + turn % 2;
                items.map(|index| self::object(members, (turn + index) % count, count)).collect()
            }
        };
        object.insert(member.key.clone(), value);
    }
    Value::Object(object)
}

/// Returns the usual value of a property, followed by its other values.
fn values(key: &str, usual: Value, shape: &Shape, id_type: Option<IdType>) -> Vec<Value> {
    let format = shape.format.as_ref().map(|format| format.value);
    let others = match (&usual, &shape.values, format) {
        (_, Some(declared), _) => texts(&declared.value),
        (Value::Null, ..) => Vec::new(),
        (Value::Number(_) | Value::String(_), ..) if is_id(key) && has_both_types(shape) => ids(id_type),
        (Value::Bool(value), ..) => vec![json!(!value)],
        (Value::Number(_), ..) => numbers(key),
        (Value::Array(_), ..) if key == "labels" => {
            vec![json!([]), json!([{ "name": "runbook" }, { "name": "büro" }])]
        }
        (Value::Array(_), ..) => vec![json!([])],
        (.., Some(Format::DateTime)) => texts(&[
            "2024-02-29T23:59:59.999Z",
            "2026-01-15T10:30:00+01:00",
            "2026-01-15T00:00:00.000-12:00",
            "2026-01-15T09:30:00Z",
            "2026-01-15T09:30:00.123456789Z",
        ]),
        (.., Some(Format::Uri)) => {
            texts(&["https://example.atlassian.net/wiki/x?a=b&c=%20#d", "https://[::1]:8443/wiki/"])
        }
        _ if shape.seen.is_some() => texts(shape.seen.as_ref().map_or(&[], |seen| &seen.value)),
        _ if shape.allows(JsonType::Integer) => vec![json!(1), json!(BEYOND_DOUBLES)],
        _ => match key {
            "contentType" | "accountType" => Vec::new(),
            "id" | "idAsString" => texts(&["1", "9007199254740993", "9223372036854775807"]),
            "updateTrigger" => texts(&["edit_page", "unknown"]),
            "prefix" => texts(&["global", "my", "team"]),
            "mediaType" => texts(&["application/octet-stream", "text/html; charset=utf-8"]),
            "key" | "spaceKey" => texts(&["A", "~712020abcdef0123456789abcdef01234567"]),
            _ if key.ends_with("AccountId") => texts(&[
                "557058:3f3c4a3e-9d42-4f2b-8a9c-8e115f0c1d7e",
                "712020:3f3c4a3e-9d42-4f2b-8a9c-8e115f0c1d7e",
                "5b10ac8d82e05b22cc7d4ef5",
            ]),
            _ => awkward_texts(),
        },
    };
    let mut values = vec![usual];
    for other in others {
        if !values.contains(&other) {
            values.push(other);
        }
    }
    values
}

/// Returns whether it is the key of an id or another number that some senders write as a string.
fn is_id(key: &str) -> bool {
    key == "id" || key.ends_with("Id") || key == "fileSize"
}

fn has_both_types(shape: &Shape) -> bool {
    shape.allows(JsonType::Integer) && shape.allows(JsonType::String)
}

/// Returns ids of both types, or of the chosen type.
fn ids(id_type: Option<IdType>) -> Vec<Value> {
    let integers = [json!(1), json!(BEYOND_DOUBLES), json!(i64::MAX)];
    let strings = [1, BEYOND_DOUBLES, i64::MAX].map(|id| json!(id.to_string()));
    match id_type {
        Some(IdType::Integer) => integers.to_vec(),
        Some(IdType::String) => strings.to_vec(),
        None => [strings, integers].concat(),
    }
}

/// An integer that a double cannot represent.
const BEYOND_DOUBLES: i64 = 9_007_199_254_740_993;

/// Returns numbers that parsers often get wrong: more than 32 bits, more than the 53 bits of a double, the largest 64-bit integer, and
/// zero.
fn numbers(key: &str) -> Vec<Value> {
    let numbers: &[i64] = match key {
        "number" | "version" => &[1, 2_147_483_647],
        "fileSize" => &[0, 2_147_483_648, 4_294_967_296, BEYOND_DOUBLES, i64::MAX],
        "timestamp" => &[0, -1, 2_147_483_648, BEYOND_DOUBLES, i64::MIN, i64::MAX],
        _ => &[0, 2_147_483_648, BEYOND_DOUBLES, i64::MAX],
    };
    numbers.iter().map(|number| json!(number)).collect()
}

fn texts(texts: &[&str]) -> Vec<Value> {
    texts.iter().map(|text| json!(text)).collect()
}

/// Returns text that parsers, databases and web pages often get wrong.
fn awkward_texts() -> Vec<Value> {
    let long = "A title that does not end ".repeat(10);
    texts(&[
        "",
        " leading and trailing ",
        "\"quoted\" \\ back / slash",
        "line\nfeed, tab\t, bell\u{7}, escape\u{1b}[31m, nul\u{0}, del\u{7f}",
        "<script>alert('&amp;')</script> ${jndi:x} {{7*7}} %s",
        "עברית‎ and \u{202e}reversed\u{202c}, zero\u{200b}width, \u{feff}mark, \u{2028}separators\u{2029}",
        "é is not e\u{301}, 👩‍👩‍👧‍👦 is one, 𝒜 is two units, 漢字",
        "null",
        &long,
    ])
}
