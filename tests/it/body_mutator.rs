//! Bodies that are damaged in every way we could think of: other tokens, keys that are gone, added or repeated, bytes that
//! are cut or put in.

use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use rand::seq::IndexedRandom;
use serde_json::{Value, json};

/// Tokens that are put in the place of a value. Numbers in every form, dates and URIs on both sides of the line.
#[rustfmt::skip]
/// Numbers with a fraction, which a double does not have.
pub const ROUNDED: [&str; 2] = ["1.00000000000000000001", "1e-400"];

const TOKENS: &[&str] = &[
    "null",
    "true",
    "false",
    "[]",
    "{}",
    "[1]",
    r#"{"a":1}"#,
    r#""""#,
    r#""x""#,
    r#""current""#,
    r#""trashed""#,
    r#""draft""#,
    r#""archived""#,
    r#""page""#,
    r#""blogpost""#,
    r#""comment""#,
    r#""Current""#,
    "0",
    "-0",
    "1",
    "1.0",
    "1e3",
    "1E+2",
    "15e-1",
    "1.5",
    "-1",
    "0.0",
    "-0.0",
    "1e400",
    ROUNDED[1],
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "-9223372036854775809",
    "9223372036854775807.0",
    "1e18",
    "1e19",
    "18446744073709551616",
    "123456789012345678901234567890",
    ROUNDED[0],
    "01",
    "+1",
    ".5",
    "1.",
    "NaN",
    "0x10",
    r#""2026-01-15T10:30:00Z""#,
    r#""2026-02-30T00:00:00Z""#,
    r#""2024-02-29T00:00:00Z""#,
    r#""2023-02-29T00:00:00Z""#,
    r#""2016-12-31T23:59:60Z""#,
    r#""2016-12-31T23:58:60Z""#,
    r#""1990-12-31T15:59:60-08:00""#,
    r#""1998-12-31T23:59:61Z""#,
    r#""2026-01-15t10:30:00z""#,
    r#""2026-01-15 10:30:00Z""#,
    r#""2026-01-15T10:30:00""#,
    r#""2026-01-15T10:30:00.Z""#,
    r#""2026-01-15T10:30:00.123456789123Z""#,
    r#""2026-01-15T10:30:00+01:00""#,
    r#""2026-01-15T10:30:00+0100""#,
    r#""2026-01-15T10:30:00+24:00""#,
    r#""2026-01-15T10:30:00-00:00""#,
    r#""2026-01-15T24:00:00Z""#,
    r#""2026-00-15T10:30:00Z""#,
    r#""2026-13-15T10:30:00Z""#,
    r#""26-01-15T10:30:00Z""#,
    r#""2026-01-15""#,
    r#""+2026-01-15T10:30:00Z""#,
    r#""2026-01-15T10:30Z""#,
    r#""1-01-15T10:30:00Z""#,
    r#""２026-01-15T10:30:00Z""#,
    r#""https://example.atlassian.net/wiki""#,
    r#""https://example.atlassian.net/a b""#,
    r#""/wiki/rest""#,
    r#""mailto:a@b.c""#,
    r#""urn:isbn:1""#,
    r#""http://""#,
    r#""http:""#,
    r#""://x""#,
    r#""a:b""#,
    r#""1a:b""#,
    r#""http://x/#a#b""#,
    r#""http://x/%zz""#,
    r#""http://x/%41""#,
    r#""http://[::1]/""#,
    r#""http://[::1""#,
    r#""http://[v1.x]/""#,
    r#""http://[::g]/""#,
    r#""http://a:b@c:d/""#,
    r#""http://x:99999999/""#,
    r#""http://é/""#,
    r#""http://x/é""#,
    r#""http://x/\u00e9""#,
    r#""http://x\\y""#,
    r#""http://x/<>""#,
    r#""http://x?y={z}""#,
    r#""http://x|y""#,
    r#""\ud83d\ude80""#,
    r#""\ud800""#,
    r#""\udc00x""#,
    r#""\x""#,
    "\"\n\"",
    r#""page_created""#,
    r#""page_moved""#,
    r#""space_removed""#,
    r#""nonsense""#,
    r#""\u0070age_created""#,
];

const KEYS: &[&str] = &[
    "event",
    "timestamp",
    "page",
    "space",
    "blogPost",
    "id",
    "status",
    "title",
    "version",
    "spacekey",
    "x",
    "a/b~c",
    "",
];

/// Damages a body in one to three places.
pub fn mutate(body: &[u8], rng: &mut ChaCha8Rng) -> Vec<u8> {
    let mut value: Value = serde_json::from_slice(body).expect("it was generated");
    let mut marks = Vec::new();
    for _ in 0..rng.random_range(1..=3u8) {
        let target = random_value(&mut value, rng);
        match rng.random_range(0..10u8) {
            0..6 => {
                // Tokens that `serde_json` would not write as they are go in as marks and are replaced in the text.
                let mark = format!("@@{}@@", marks.len());
                *target = Value::String(mark.clone());
                marks.push((format!("\"{mark}\""), *TOKENS.choose(rng).expect("there are tokens")));
            }
            6 => remove_a_key(target, rng),
            7 | 8 => add_a_key(target, rng),
            _ => {}
        }
    }
    let mut text = if rng.random_ratio(1, 4) { format!("{value:#}") } else { value.to_string() };
    for (mark, token) in marks {
        text = text.replace(&mark, token);
    }
    if rng.random_ratio(1, 8) {
        text = repeat_a_key(&text, rng);
    }
    let mut bytes = text.into_bytes();
    if rng.random_ratio(1, 20) {
        damage_bytes(&mut bytes, rng);
    }
    bytes
}

/// A value anywhere in the tree.
fn random_value<'v>(value: &'v mut Value, rng: &mut ChaCha8Rng) -> &'v mut Value {
    if let Some(count) = value.as_array().map(Vec::len).filter(|&count| count > 0) {
        let index = rng.random_range(0..=count);
        // One past the end is the array itself.
        return if index == count { value } else { random_value(&mut value[index], rng) };
    }
    let keys: Vec<String> = value.as_object().map(|members| members.keys().cloned().collect()).unwrap_or_default();
    match keys.choose(rng) {
        Some(key) if !rng.random_ratio(1, 12) => random_value(&mut value[key.as_str()], rng),
        _ => value,
    }
}

fn remove_a_key(value: &mut Value, rng: &mut ChaCha8Rng) {
    if let Value::Object(members) = value {
        let keys: Vec<String> = members.keys().cloned().collect();
        if let Some(key) = keys.choose(rng) {
            members.shift_remove(key);
        }
    } else {
        *value = Value::Null;
    }
}

fn add_a_key(value: &mut Value, rng: &mut ChaCha8Rng) {
    let key = *KEYS.choose(rng).expect("there are keys");
    match value {
        Value::Object(members) => drop(members.insert(key.to_owned(), json!({ "nested": [1, { "id": 2 }] }))),
        other => *other = json!({ key: other.clone() }),
    }
}

/// Repeats a random key before another key, with a new value.
fn repeat_a_key(text: &str, rng: &mut ChaCha8Rng) -> String {
    let quotes: Vec<usize> = text.match_indices("\":").map(|(index, _)| index).collect();
    let Some(&end) = quotes.choose(rng) else { return text.to_owned() };
    let Some(start) = text[..end].rfind('"') else { return text.to_owned() };
    let key = if rng.random() { &text[start + 1..end] } else { "id" };
    let token = TOKENS.choose(rng).expect("there are tokens");
    format!("{}\"{key}\":{token},{}", &text[..start], &text[start..])
}

fn damage_bytes(bytes: &mut Vec<u8>, rng: &mut ChaCha8Rng) {
    let at = rng.random_range(0..=bytes.len());
    match rng.random_range(0..5u8) {
        0 => bytes.truncate(at),
        1 => bytes.insert(at, rng.random()),
        2 => bytes.splice(at..at, [0xEF, 0xBB, 0xBF]).for_each(drop),
        3 => bytes.extend_from_slice(b"\n{}"),
        _ => {
            let depth = rng.random_range(100..140);
            let nested = [vec![b'['; depth], vec![b']'; depth]].concat();
            if let Some(colon) = bytes.iter().position(|&byte| byte == b':') {
                let value = colon + 1;
                bytes.splice(value..value, [nested, b",\"x\":".to_vec()].concat()).for_each(drop);
            }
        }
    }
}
