//! The judge against other opinions, on bodies that were damaged in every way we could think of: the fast way in against
//! the full path, and both against the `jsonschema` crate (Draft 7, formats asserted) with int64 by range.
//!
//! `CFWH_MUTANTS=FILE cargo test differential` writes the mutants to a file for `tests/outside_opinion.py`, which asks
//! a validator in another language.

use std::collections::BTreeMap;
use std::io::Write;

use cfwh::documents::Document;
use cfwh::generator::Generator;
use cfwh::generator::body::{Layout, Recipe};
use cfwh::models::delivery::{Delivery, Headers};
use cfwh::models::event::{Entity, EventKind, is_known_outside_the_document};
use cfwh::models::profile::Profile;
use cfwh::validation::Validator;
use cfwh::validation::report::{Finding, Report, Severity};
use cfwh::validation::rules::{self, Origin};
use rand::rngs::ChaCha8Rng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use serde_json::value::RawValue;
use serde_json::{Value, json};

const MUTANTS: usize = 100_000;

/// Tokens that are put in the place of a value. Numbers in every form, dates and URIs on both sides of the line.
#[rustfmt::skip]
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
    "1e-400",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "-9223372036854775809",
    "9223372036854775807.0",
    "1e18",
    "1e19",
    "18446744073709551616",
    "123456789012345678901234567890",
    "1.00000000000000000001",
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
fn mutate(body: &[u8], rng: &mut ChaCha8Rng) -> Vec<u8> {
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

/// Writes some key a second time, in front of another, with a value of its own.
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

/// What `jsonschema` says, with int64 by range, which it does not know.
struct Opinion {
    entities: Vec<jsonschema::Validator>,
    base: jsonschema::Validator,
}

impl Opinion {
    fn new() -> Self {
        let document = Document::of(Profile::Spec);
        let compile = |schema: &Value| {
            jsonschema::draft7::options().should_validate_formats(true).build(schema).expect("a schema")
        };
        let base = json!({ "$ref": "#/definitions/WebhookBase",
            "definitions": document.any_body_schema()["definitions"] });
        Self {
            entities: Entity::ALL.iter().map(|&entity| compile(&document.body_schema(entity))).collect(),
            base: compile(&base),
        }
    }

    /// Does the document allow this body?
    fn allows(&self, body: &[u8], value: &Value) -> bool {
        let kind = value.get("event").and_then(Value::as_str).map(EventKind::named);
        match kind {
            Some(Some(kind)) => {
                self.entities[kind.entity() as usize].is_valid(value) && integers_fit(body, Some(kind.entity()))
            }
            Some(None) => false,
            None => self.base.is_valid(value) && integers_fit(body, None),
        }
    }
}

/// The three places that the document declares as int64, read as they are written.
fn integers_fit(body: &[u8], entity: Option<Entity>) -> bool {
    let payload = match entity {
        Some(Entity::Space) => member(body, "space").and_then(|space| member(space.as_bytes(), "id")),
        Some(Entity::Attachment) => member(body, "attachment").and_then(|file| member(file.as_bytes(), "fileSize")),
        _ => None,
    };
    [member(body, "timestamp"), payload].into_iter().flatten().all(fits)
}

/// The text of a member, of repeated ones the last.
fn member<'b>(object: &'b [u8], key: &str) -> Option<&'b str> {
    let members: BTreeMap<String, &RawValue> = serde_json::from_slice(object).ok()?;
    members.get(key).map(|value| value.get())
}

fn fits(token: &str) -> bool {
    // 2^63, the first double past the range.
    const PAST: f64 = 9_223_372_036_854_775_808.0;
    match (token.parse::<i128>(), token.parse::<f64>()) {
        (Ok(integer), _) => i64::try_from(integer).is_ok(),
        (Err(_), Ok(double)) => (-PAST..PAST).contains(&double),
        // No number: its type is another matter.
        (Err(_), Err(_)) => true,
    }
}

/// Names known outside the document are a warning of ours, by design; the document's list would refuse them.
fn is_about_something_else(body: &Value) -> bool {
    body.get("event").and_then(Value::as_str).is_some_and(is_known_outside_the_document)
}

/// Does the document forbid the body? What Confluence Cloud sends instead may meet the document, and then is a warning.
fn is_forbidden(report: &Report) -> bool {
    let by_document =
        |finding: &Finding| finding.rule.origin == Origin::Document && finding.severity == Severity::Error;
    report.findings.iter().any(by_document)
}

fn check(body: Vec<u8>, validator: &Validator, opinion: &Opinion) {
    let shown = String::from_utf8_lossy(&body).into_owned();
    let parsed = serde_json::from_slice::<Value>(&body);
    let delivery = Delivery::new("", Headers::new(), body);
    let (fast, full) = (validator.validate(&delivery, None), validator.examine(&delivery, None));
    assert_eq!(fast.kind, full.kind, "{shown}");
    assert_eq!(fast.findings, full.findings, "the fast way in and the full path disagree on {shown}");
    match parsed {
        Err(_) => assert_eq!(full.findings[0].rule.id, rules::JSON.id, "{shown}"),
        Ok(value) if is_about_something_else(&value) => {}
        Ok(value) => assert_eq!(
            !is_forbidden(&full),
            opinion.allows(delivery.body(), &value),
            "the judge and `jsonschema` disagree on {shown}: {:?}",
            full.findings
        ),
    }
}

#[test]
fn a_hundred_thousand_mutants_are_judged_alike_by_all() {
    let mut file = std::env::var_os("CFWH_MUTANTS").map(|path| std::fs::File::create(path).expect("a file"));
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let mutants = |thread: usize| {
        let seed = thread as u64;
        let recipe =
            Recipe { kinds: EventKind::all().collect(), count: u64::MAX, edits: Vec::new(), layout: Layout::Compact };
        let mut generator = Generator::new(seed, 1_768_469_400_000, Profile::Spec);
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut mutants = Vec::new();
        for (_, body) in recipe.bodies(&mut generator).flatten().take(MUTANTS.div_ceil(threads)) {
            mutants.push(mutate(&body, &mut rng));
        }
        mutants
    };
    if let Some(file) = &mut file {
        for mutant in (0..threads).flat_map(mutants).filter(|mutant| !mutant.contains(&b'\n')) {
            file.write_all(&[mutant, b"\n".to_vec()].concat()).expect("it is written");
        }
    }
    std::thread::scope(|scope| {
        for thread in 0..threads {
            scope.spawn(move || {
                let (validator, opinion) = (Validator::of(Profile::Spec), Opinion::new());
                for body in mutants(thread) {
                    check(body, &validator, &opinion);
                }
            });
        }
    });
}

/// Bodies of Confluence Cloud, whose document has what the published one lacks: several types, arrays, `required`.
#[test]
fn mutants_of_cloud_bodies_are_judged_alike_by_all() {
    const EACH: usize = 1_000;
    let validator = Validator::of(Profile::Cloud);
    let document = Document::of(Profile::Cloud);
    let mut rng = ChaCha8Rng::seed_from_u64(0xC10D);
    let (mut forbidden, mut compared) = (0, 0);
    for (name, event) in super::cloud::BODIES {
        let kind = EventKind::named(event).expect("an event");
        let schema = document.body_schema(kind.entity());
        let opinion = jsonschema::draft7::options().should_validate_formats(true).build(&schema).expect("a schema");
        let body = super::cloud::body(name);
        for _ in 0..EACH {
            let mutant = mutate(&body, &mut rng);
            let shown = String::from_utf8_lossy(&mutant).into_owned();
            let delivery = Delivery::new("", Headers::new(), mutant);
            for expected in [None, Some(kind)] {
                let (fast, full) = (validator.validate(&delivery, expected), validator.examine(&delivery, expected));
                assert_eq!((fast.kind, fast.entity), (full.kind, full.entity), "{shown}");
                assert_eq!(fast.findings, full.findings, "the fast way in and the full path disagree on {shown}");
            }
            let Ok(value) = serde_json::from_slice::<Value>(delivery.body()) else { continue };
            // `jsonschema` knows no int64, and an `event` in the body is compared with the one that is asked for.
            if value.get("event").is_some() || has_a_large_integer(&shown) {
                continue;
            }
            let full = validator.examine(&delivery, Some(kind));
            let subject = full.findings.iter().any(|finding| finding.rule == &rules::OTHER_SUBJECT);
            let allowed = opinion.is_valid(&value);
            assert_eq!(!is_forbidden(&full) && !subject, allowed, "{shown}: {:?}", full.findings);
            forbidden += usize::from(!allowed);
            compared += 1;
        }
    }
    assert!(compared > 5_000 && forbidden > 1_000, "{forbidden} of {compared}: the mutants are too tame");
}

/// Is there a number whose value is an integer past 64 bits?
fn has_a_large_integer(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '+' | '-')).any(|token| !fits(token))
}

#[test]
fn undamaged_bodies_take_the_fast_way_in() {
    let validator = Validator::of(Profile::Spec);
    let recipe = Recipe { kinds: EventKind::all().collect(), count: 50, edits: Vec::new(), layout: Layout::Pretty };
    for (kind, body) in recipe.bodies(&mut Generator::new(7, 0, Profile::Spec)).flatten() {
        let delivery = Delivery::new("", Headers::new(), body);
        assert_eq!(validator.accepts(&delivery, None).and_then(|report| report.kind), Some(kind));
        assert_eq!(validator.examine(&delivery, None).worst, None);
    }
}
