//! The judge against other opinions, on bodies that were damaged in every way we could think of: the fast way in against
//! the full path, and both against the `jsonschema` crate (Draft 7, formats asserted) with int64 by range.
//!
//! `CFWH_MUTANTS=FILE cargo test ten_thousand_mutants` writes the mutants to a file for `tests/python_jsonschema.py`, which
//! asks a validator in another language; `a_hundred_thousand_mutants -- --ignored` writes more.

use crate::support::all_events;
use std::collections::BTreeMap;
use std::io::Write;

use cfwh::generator::Generator;
use cfwh::generator::body::{Layout, Recipe};
use cfwh::models::event::Entity;
use cfwh::models::request::{Headers, Request};
use cfwh::models::rule::{Origin, Rule, Severity};
use cfwh::profiles::KnownEvent;
use cfwh::profiles::document::Document;
use cfwh::profiles::{cloud, find_event, published};
use cfwh::validation::Validator;
use cfwh::validation::report::{Finding, Report};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::body_mutator::{ROUNDED, mutate};

/// What `jsonschema` says, with int64 by range, which it does not know.
struct Opinion {
    entities: Vec<jsonschema::Validator>,
    base: jsonschema::Validator,
}

impl Opinion {
    fn new() -> Self {
        let document = Document::new(&published::PROFILE);
        let compile = |schema: &Value| {
            jsonschema::draft7::options().should_validate_formats(true).build(schema).expect("a schema")
        };
        let base = json!({ "$ref": "#/definitions/WebhookBase",
            "definitions": document.any_body_schema()["definitions"] });
        Self {
            entities: published::PROFILE.bodies.iter().map(|form| compile(&document.body_schema(form))).collect(),
            base: compile(&base),
        }
    }

    /// Does the document allow this body?
    fn allows(&self, body: &[u8], value: &Value) -> bool {
        let kind = value.get("event").and_then(Value::as_str).map(find_event);
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
    if token == "9223372036854775807.0" {
        // As a double, it would be past the range.
        return true;
    }
    match (token.parse::<i128>(), token.parse::<f64>()) {
        (Ok(integer), _) => i64::try_from(integer).is_ok(),
        (Err(_), Ok(double)) => (-PAST..PAST).contains(&double),
        // No number: its type is another matter.
        (Err(_), Err(_)) => true,
    }
}

/// Undocumented events are only a warning of `cfwh`, by design. The enum in the document would refuse them.
fn is_about_something_else(body: &Value) -> bool {
    let event = body.get("event").and_then(Value::as_str).and_then(KnownEvent::find);
    event.is_some_and(|event| published::PROFILE.kind(event).is_none())
}

/// Does the document forbid the body? What Confluence Cloud sends instead may meet the document, and then is a warning.
fn is_forbidden(report: &Report) -> bool {
    let by_document =
        |finding: &Finding| finding.rule.info().origin == Origin::Document && finding.severity == Severity::Error;
    report.findings.iter().any(by_document)
}

fn has_rounded_number(body: &str) -> bool {
    ROUNDED.iter().any(|number| body.contains(number))
}

const fn is_refused_by_some(rule: Rule) -> bool {
    // A finding that names the sender replaces all others.
    matches!(rule, Rule::Json | Rule::OtherSender | Rule::UnpairedSurrogate | Rule::NumberRange)
}

fn check(body: Vec<u8>, validator: &Validator, opinion: &Opinion) {
    let shown = String::from_utf8_lossy(&body).into_owned();
    let parsed = serde_json::from_slice::<Value>(&body);
    let delivery = Request::post("", Headers::new(), body);
    let (fast, full) = (validator.validate(&delivery, None), validator.validate_thoroughly(&delivery, None));
    assert_eq!(fast.kind, full.kind, "{shown}");
    assert_eq!(fast.findings, full.findings, "the fast way in and the full path disagree on {shown}");
    if parsed.is_ok() {
        assert_eq!(published::PROFILE.identify("", delivery.body()), full.event(), "{shown} is about two events");
    }
    match parsed {
        // `serde_json` refuses some JSON that others accept.
        Err(_) => assert!(full.findings.iter().any(|finding| is_refused_by_some(finding.rule)), "{shown}"),
        // We judge the number that is written, and the others the double that they round it to.
        Ok(_) if has_rounded_number(&shown) => {}
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
fn ten_thousand_mutants_get_the_same_verdict_from_all_validators() {
    compare_on_mutants(10_000);
}

#[test]
#[ignore = "takes minutes"]
fn a_hundred_thousand_mutants_get_the_same_verdict_from_all_validators() {
    compare_on_mutants(100_000);
}

fn compare_on_mutants(count: usize) {
    let mut file = std::env::var_os("CFWH_MUTANTS").map(|path| std::fs::File::create(path).expect("a file"));
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let mutants = |thread: usize| {
        let seed = thread as u64;
        let recipe =
            Recipe { kinds: all_events().collect(), count: u64::MAX, edits: Vec::new(), layout: Layout::Compact };
        let generator = Generator::new(seed, 1_768_469_400_000, &published::PROFILE);
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut mutants = Vec::new();
        for (_, body) in recipe.bodies(generator).flatten().take(count.div_ceil(threads)) {
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
                let (validator, opinion) = (Validator::new(&published::PROFILE), Opinion::new());
                for body in mutants(thread) {
                    check(body, &validator, &opinion);
                }
            });
        }
    });
}

/// Bodies of Confluence Cloud, whose document has what the published one lacks: several types, arrays, `required`.
#[test]
fn mutants_of_cloud_bodies_get_the_same_verdict_from_all_validators() {
    compare_on_mutants_of_cloud(200);
}

#[test]
#[ignore = "takes minutes"]
fn many_mutants_of_cloud_bodies_get_the_same_verdict_from_all_validators() {
    compare_on_mutants_of_cloud(5_000);
}

/// How many times each captured body is damaged.
fn compare_on_mutants_of_cloud(each: usize) {
    let validator = Validator::new(&cloud::PROFILE);
    let document = Document::new(&cloud::PROFILE);
    let mut rng = ChaCha8Rng::seed_from_u64(0xC10D);
    let (mut forbidden, mut compared) = (0, 0);
    for (name, event) in super::cloud::BODIES {
        let kind = find_event(event).expect("an event");
        let schema = document.body_schema(cloud::PROFILE.body(kind).expect("a form"));
        let opinion = jsonschema::draft7::options().should_validate_formats(true).build(&schema).expect("a schema");
        let body = super::cloud::body(name);
        for _ in 0..each {
            let mutant = mutate(&body, &mut rng);
            let shown = String::from_utf8_lossy(&mutant).into_owned();
            let delivery = Request::post("", Headers::new(), mutant);
            for expected in [None, Some(kind.into())] {
                let (fast, full) =
                    (validator.validate(&delivery, expected), validator.validate_thoroughly(&delivery, expected));
                assert_eq!((fast.kind, fast.entity), (full.kind, full.entity), "{shown}");
                assert_eq!(fast.findings, full.findings, "the fast way in and the full path disagree on {shown}");
            }
            let Ok(value) = serde_json::from_slice::<Value>(delivery.body()) else { continue };
            // `jsonschema` knows no int64, and an `event` in the body is compared with the one that is asked for.
            if value.get("event").is_some() || has_a_large_integer(&shown) || has_rounded_number(&shown) {
                continue;
            }
            let full = validator.validate_thoroughly(&delivery, Some(kind.into()));
            let subject = full.findings.iter().any(|finding| finding.rule == Rule::PayloadMismatch);
            let allowed = opinion.is_valid(&value);
            assert_eq!(!is_forbidden(&full) && !subject, allowed, "{shown}: {:?}", full.findings);
            forbidden += usize::from(!allowed);
            compared += 1;
        }
    }
    let bodies = super::cloud::BODIES.len();
    assert!(
        compared > each * bodies / 4 && forbidden > compared / 5,
        "{forbidden} of {compared}: the mutants are too tame"
    );
}

/// Returns whether a number is an integer that does not fit 64 bits.
fn has_a_large_integer(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '+' | '-')).any(|token| !fits(token))
}

#[test]
fn valid_bodies_take_the_fast_path() {
    let validator = Validator::new(&published::PROFILE);
    let recipe = Recipe { kinds: all_events().collect(), count: 50, edits: Vec::new(), layout: Layout::Pretty };
    for (kind, body) in recipe.bodies(Generator::new(7, 0, &published::PROFILE)).flatten() {
        let delivery = Request::post("", Headers::new(), body);
        assert_eq!(validator.validate_fast(&delivery, None).and_then(|report| report.kind), Some(kind));
        assert_eq!(validator.validate_thoroughly(&delivery, None).max_severity, None);
    }
}
