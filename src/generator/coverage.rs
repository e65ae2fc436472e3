//! The smallest set of bodies about an event in which everything occurs that a receiver may meet: every property there and
//! not there, every value of an enum, numbers at their boundaries, awkward text.
//!
//! A property with four values needs five bodies, one without it among them, and in an object that may be missing too, one
//! more. All properties take their turns at once, so
//! the set is as large as the greatest need of any one property, and no smaller set has it all. Turns are shifted against
//! one another, so that not everything is missing in the same body.

use serde_json::{Map, Value, json};

use crate::models::event::{Entity, EventKind};
use crate::profiles::{EventIn, Profile};

use super::Generator;

/// A property of a body, and what becomes of it from body to body.
enum Property {
    /// These values, the usual one first.
    Leaf(Vec<Value>),
    /// An object; `true` where it stands in an array, as attachments of Confluence Cloud do.
    Object(Vec<Member>, bool),
}

struct Member {
    key: String,
    property: Property,
    /// Is it left out in one of the bodies?
    optional: bool,
}

/// The bodies, in an order of no meaning.
#[must_use]
pub fn bodies(seed: u64, now: i64, profile: &'static Profile, kind: EventKind) -> Vec<Value> {
    let members = members(usual(seed, now, profile, kind), "", profile);
    let count = members.iter().map(Member::need).max().unwrap_or(1);
    (0..count).map(|turn| object(&members, turn, count)).collect()
}

/// A body with every property that there may be: of Cloud, one of the latest era, and a reply where it is a comment.
fn usual(seed: u64, now: i64, profile: &'static Profile, kind: EventKind) -> Value {
    for seed in seed.. {
        let mut bytes = Vec::new();
        Generator::new(seed, now, profile).write(kind, &mut bytes);
        let body: Value = serde_json::from_slice(&bytes).expect("what is written is JSON");
        let is_whole = match (profile.event_in, kind.entity()) {
            (EventIn::Body, _) => true,
            (EventIn::Url, Entity::Comment) => {
                body["comment"]["id"].is_string() && !body["comment"]["inReplyTo"].is_null()
            }
            // Of a label's and a space's body, the content and the home page show the era.
            (EventIn::Url, _) => bytes_tell_latest_era(&body),
        };
        if is_whole {
            return body;
        }
    }
    unreachable!("one of three sites is of the latest era")
}

fn bytes_tell_latest_era(body: &Value) -> bool {
    let ids = ["/page/id", "/blog/id", "/attachedTo/id", "/labeled/id", "/space/homePage/id"];
    ids.iter().any(|id| body.pointer(id).is_some_and(Value::is_string))
}

fn members(object: Value, at: &str, profile: &'static Profile) -> Vec<Member> {
    let Value::Object(object) = object else { return Vec::new() };
    let member = |(key, value): (String, Value)| {
        let path = format!("{at}/{key}");
        let optional = !is_needed(&path, profile);
        let property = match value {
            Value::Object(_) => Property::Object(members(value, &path, profile), false),
            Value::Array(items) if key == "attachments" => {
                let first = items.into_iter().next().unwrap_or_default();
                Property::Object(members(first, &path, profile), true)
            }
            usual => Property::Leaf(values(&path, usual, profile)),
        };
        Member { key, property, optional }
    };
    object.into_iter().map(member).collect()
}

/// What cannot be missing: without `event` a body alone does not say what it is, and the observed document requires what
/// tells one thing from another.
fn is_needed(path: &str, profile: &'static Profile) -> bool {
    let mut steps = path.rsplit('/');
    let (key, of) = (steps.next().unwrap_or_default(), steps.next().unwrap_or_default());
    match profile.event_in {
        EventIn::Body => path == "/event",
        EventIn::Url if of.is_empty() => Entity::ALL.iter().any(|entity| profile.key(*entity) == key),
        EventIn::Url => match of {
            "label" => key == "name",
            "space" => key == "id" || key == "key",
            _ => key == "id",
        },
    }
}

impl Member {
    /// In how many bodies it must have its turn.
    fn need(&self) -> usize {
        let own = match &self.property {
            Property::Leaf(values) => values.len(),
            Property::Object(members, _) => members.iter().map(Self::need).max().unwrap_or(1),
        };
        own + usize::from(self.optional)
    }
}

/// The object in its turn of so many.
fn object(members: &[Member], turn: usize, count: usize) -> Value {
    let mut object = Map::new();
    for (index, member) in members.iter().enumerate() {
        let mut turn = (turn + index) % count;
        let mut count = count;
        if member.optional {
            if turn == 0 {
                continue;
            }
            (turn, count) = (turn - 1, count - 1);
        }
        let value = match &member.property {
            // When all have had their turn, the usual one is there again.
            Property::Leaf(values) => values.get(turn).unwrap_or(&values[0]).clone(),
            Property::Object(members, false) => self::object(members, turn, count),
            Property::Object(members, true) => Value::Array(vec![self::object(members, turn, count)]),
        };
        object.insert(member.key.clone(), value);
    }
    Value::Object(object)
}

/// What a property may be, beside what it usually is.
fn values(path: &str, usual: Value, profile: &'static Profile) -> Vec<Value> {
    let key = path.rsplit('/').next().unwrap_or_default();
    let others = match (key, &usual) {
        ("event" | "contentType" | "accountType", _) => Vec::new(),
        ("labels", _) => vec![json!([]), json!([{ "name": "runbook" }, { "name": "büro" }])],
        (_, Value::Bool(value)) => vec![json!(!value)],
        (_, Value::Number(_)) => numbers(key),
        ("id", _) if profile.event_in == EventIn::Url => vec![json!(1), json!(9_007_199_254_740_993_i64)],
        ("id" | "idAsString", _) => texts(&["1", "9007199254740993", "9223372036854775807"]),
        ("status", _) if path == "/space/status" => texts(&["current", "archived"]),
        ("status", _) if matches!(path, "/comment/status" | "/attachment/status") => texts(&["current", "trashed"]),
        ("status", _) => texts(&["current", "draft", "trashed"]),
        ("type", _) if path == "/space/type" => texts(&["global", "personal"]),
        ("type", _) if path == "/comment/container/type" => texts(&["page", "blogpost", "comment"]),
        ("type", _) if path.ends_with("/container/type") || path.starts_with("/associatedContent") => {
            texts(&["page", "blogpost"])
        }
        ("type", _) => Vec::new(),
        ("updateTrigger", _) => texts(&["edit_page", "unknown"]),
        ("prefix", _) => texts(&["global", "my", "team"]),
        ("when", _) => texts(&[
            "2024-02-29T23:59:59.999Z",
            "2026-01-15T10:30:00+01:00",
            "2026-01-15T00:00:00.000-12:00",
            "2026-01-15T09:30:00Z",
            "2026-01-15T09:30:00.123456789Z",
        ]),
        ("self", _) => texts(&["https://example.atlassian.net/wiki/x?a=b&c=%20#d", "https://[::1]:8443/wiki/"]),
        ("mediaType", _) => texts(&["application/octet-stream", "text/html; charset=utf-8"]),
        ("key" | "spaceKey", _) => texts(&["A", "~712020abcdef0123456789abcdef01234567"]),
        (key, _) if key.ends_with("AccountId") => {
            let uuid = "3f3c4a3e-9d42-4f2b-8a9c-8e115f0c1d7e";
            let forms = [format!("557058:{uuid}"), format!("712020:{uuid}"), "5b10ac8d82e05b22cc7d4ef5".to_owned()];
            forms.into_iter().map(Value::from).collect()
        }
        _ => awkward(),
    };
    let mut values = vec![usual];
    for other in others {
        if !values.contains(&other) {
            values.push(other);
        }
    }
    values
}

/// Where readers of numbers go wrong: 32 bits, the 53 of a double, 64, and nothing at all.
fn numbers(key: &str) -> Vec<Value> {
    const BEYOND_DOUBLES: i64 = 9_007_199_254_740_993;
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

/// Text that readers, databases and pages stumble over.
fn awkward() -> Vec<Value> {
    let long = "A title that does not end ".repeat(10);
    let mut values = texts(&[
        "",
        " leading and trailing ",
        "\"quoted\" \\ back / slash",
        "line\nfeed, tab\t, bell\u{7}, escape\u{1b}[31m, nul\u{0}, del\u{7f}",
        "<script>alert('&amp;')</script> ${jndi:x} {{7*7}} %s",
        "עברית‎ and \u{202e}reversed\u{202c}, zero\u{200b}width, \u{feff}mark, \u{2028}separators\u{2029}",
        "é is not e\u{301}, 👩‍👩‍👧‍👦 is one, 𝒜 is two units, 漢字",
        "null",
    ]);
    values.push(json!(long));
    values
}
