//! What must hold of any bytes that a stranger sends: each function takes them and panics where it does not hold.
//! `tests/it/property_tests.rs` runs them on a fixed number of inputs, `fuzz/` on as many as there is time for.

use std::path::Path;

use bytes::Bytes;
use cfwh::auth::Effort;
use cfwh::auth::hub_signature::HEADER;
use cfwh::auth::hub_signature::explain::explain;
use cfwh::auth::hub_signature::signature::Signature;
use cfwh::auth::secret::Secret;
use cfwh::json::{self, Member, Node, Pitfall, Value};
use cfwh::models::event::EventKind;
use cfwh::models::request::{Headers, Request};
use cfwh::output::emit::{self, ReportFormat};
use cfwh::output::escape;
use cfwh::output::style::Style;
use cfwh::output::validation::{ValidatedInput, checker};
use cfwh::profiles::ALL;
use cfwh::store::capture_format;
use cfwh::validation::Validator;
use cfwh::validation::report::{FindingLocation, Report};
use cfwh::validation::story::StoryChecker;

/// A key that no body and no report holds by chance.
pub const SECRET: &str = "k3y-that-must-not-show";

/// The fast way in says what the full path says, every finding points into what came, and every report of it is fit for
/// whoever reads it.
pub fn validation(validators: &[Validator], bytes: &[u8]) {
    // The first byte selects how the event is passed, so that bodies without an event are validated by their entity too.
    let (first, body) = bytes.split_first().unwrap_or((&0, b""));
    let expected = cfwh::profiles::published::PROFILE.events.all().nth(usize::from(*first));
    let delivery = Request::post("/webhooks/confluence", Headers::new(), body.to_vec());
    for validator in validators {
        judge(validator, &delivery, expected);
    }
    if json(body) {
        // Identification returns the same event.
        for target in ["/webhooks/confluence", "/webhooks/confluence/page_removed"] {
            let delivery = Request::post(target, Headers::new(), body.to_vec());
            for (validator, profile) in validators.iter().zip(ALL) {
                assert_eq!(validator.validate(&delivery, None).event(), profile.identify(target, body));
            }
        }
    }
}

/// The parser and `serde_json` accept the same JSON, and each span covers the text of its value.
pub fn json(bytes: &[u8]) -> bool {
    let (parsed, value) = (json::parse_with_pitfalls(bytes), serde_json::from_slice::<serde_json::Value>(bytes));
    // `serde_json` refuses some valid JSON, and allows one level less.
    let is_refused = |pitfalls: &[Pitfall]| !pitfalls.is_empty() || bytes.len() >= 256;
    let tree = match parsed {
        Ok((_, pitfalls)) if value.is_err() && is_refused(&pitfalls) => return true,
        parsed => parsed.map(|(tree, _)| tree),
    };
    match (&tree, &value) {
        (Ok(tree), Ok(value)) => assert_eq!(value_of(bytes, tree), *value),
        (Err(error), Err(_)) => assert!(error.span.end <= bytes.len() + 1, "{error:?}"),
        _ => panic!("{tree:?} and {value:?}: {:?}", String::from_utf8_lossy(bytes)),
    }
    tree.is_ok()
}

fn value_of(bytes: &[u8], node: &Node<'_>) -> serde_json::Value {
    let text = &bytes[node.span()];
    match &node.value {
        Value::Array(items) => {
            assert!(text.starts_with(b"[") && text.ends_with(b"]"));
            items.iter().map(|item| value_of(bytes, item)).collect()
        }
        Value::Object(members) => {
            assert!(text.starts_with(b"{") && text.ends_with(b"}"));
            let member = |member: &Member<'_>| {
                let key: String = serde_json::from_slice(&bytes[member.key_span()]).expect("a string");
                assert_eq!(key, member.key);
                (key, value_of(bytes, &member.node))
            };
            serde_json::Value::Object(members.iter().map(member).collect())
        }
        _ => {
            let value: serde_json::Value = serde_json::from_slice(text).expect("a scalar");
            assert_eq!(value.as_str(), node.as_str());
            value
        }
    }
}

fn judge(validator: &Validator, delivery: &Request, expected: Option<EventKind>) {
    let expected = expected.map(Into::into);
    let (fast, full) = (validator.validate(delivery, expected), validator.validate_thoroughly(delivery, expected));
    assert_eq!((fast.kind, &fast.findings, fast.max_severity), (full.kind, &full.findings, full.max_severity));
    assert_eq!(full.findings.is_empty(), full.max_severity.is_none());
    expect_within(delivery, &full);
    reports(delivery, &full);
}

fn expect_within(delivery: &Request, report: &Report) {
    for finding in &report.findings {
        if let FindingLocation::Body { span, .. } = &finding.location {
            // A missing token at the end has a position after the last byte.
            assert!(span.start <= span.end && span.end <= delivery.body().len() + 1, "{finding:?}");
        }
    }
}

fn reports(delivery: &Request, report: &Report) {
    for format in emit::ALL {
        report_as(format, delivery, report);
    }
}

fn report_as(format: &ReportFormat, delivery: &Request, report: &Report) {
    let validated = ValidatedInput::new("a\u{1b}[31m.json", Path::new("a\u{1b}[31m.json"), 1, delivery, report);
    let mut emitter = format.emitter(checker(), Style::default());
    let text = format!("{}{}", emitter.check(&validated.check()), emitter.finish(None));
    match format.name {
        // JSON escapes what JSON cannot hold and passes on the rest.
        "json" | "sarif" => {
            for value in serde_json::Deserializer::from_str(&text).into_iter::<serde_json::Value>() {
                value.expect("it is JSON");
            }
        }
        "github" => {
            let count = text.lines().filter(|line| line.starts_with("::")).count();
            assert_eq!((count, count), (text.lines().count(), report.findings.len()), "{text:?}");
            assert_safe(&text);
        }
        _ => assert_safe(&text),
    }
}

/// A capture that can be read is written as what reads back the same, and is judged without harm.
pub fn capture(validators: &[Validator], bytes: &[u8]) {
    let Ok(capture) = capture_format::parse(&Bytes::copy_from_slice(bytes)) else { return };
    assert!(capture_format::is_capture(bytes));
    let head = &bytes[..bytes.len() - capture.delivery.body().len()];
    assert_eq!(capture.body_line, head.split(|&byte| byte == b'\n').count());
    assert!(bytes.ends_with(capture.delivery.body()), "the body is as it was");
    let written = Bytes::from(capture_format::message(&capture.delivery));
    let again = capture_format::parse(&written).expect("what was written can be read");
    assert_eq!(again.delivery, capture.delivery);
    for validator in validators {
        judge(validator, &capture.delivery, None);
    }
}

/// Any lines are a sequence that is judged to its end, and every finding points into its own line.
pub fn story(validators: &[Validator], bytes: &[u8]) {
    for validator in validators {
        let mut sequence = StoryChecker::default();
        for line in bytes.split(|&byte| byte == b'\n') {
            let delivery = Request::post("", Headers::new(), line.to_vec());
            let mut report = validator.validate(&delivery, None);
            let is_identified = report.facts.is_some();
            let before = report.findings.len();
            sequence.check(&delivery, &mut report, usize::MAX);
            assert!(is_identified || report.findings.len() > before, "an unidentified event is a finding");
            expect_within(&delivery, &report);
            // The other formats show the same messages.
            report_as(&emit::TEXT, &delivery, &report);
        }
    }
}

/// Only one form is a signature, and it is valid for one body only.
pub fn signature(value: &[u8]) {
    let secret = secret();
    let right = secret.sign(value).to_string();
    assert_eq!(secret.verify([(HEADER, &right)], value).name(), "valid");
    match Signature::from_bytes(value) {
        Ok(signature) => {
            assert_eq!(signature.to_string().as_bytes(), value, "it is written as it was read");
            // The body is empty, because random input never matches a digest.
            assert_eq!(secret.verify([(HEADER, value)], b"").name(), "mismatch");
        }
        Err(error) => {
            assert_eq!(secret.verify([(HEADER, value)], b"").name(), "malformed");
            assert_safe(&error.to_string());
        }
    }
}

/// The search ends, names what it was led to, and never the key. The input is a header line and a body behind it.
pub fn explanation(bytes: &[u8]) {
    let secret = secret();
    let split = bytes.iter().position(|&byte| byte == b'\n').unwrap_or(bytes.len());
    let (value, body) = (&bytes[..split], bytes.get(split + 1..).unwrap_or_default());
    for effort in [Effort::Thorough, Effort::Quick] {
        for body in [body, bytes] {
            let diagnosis = explain(std::slice::from_ref(&secret), &signed(body, value), effort);
            assert!(diagnosis.causes.is_empty(), "nobody guesses a digest: {diagnosis:?}");
        }
    }
    // A body that was signed without its final newline is explained.
    if let Some(trimmed) = body.strip_suffix(b"\r\n").or_else(|| body.strip_suffix(b"\n")) {
        let header = secret.sign(trimmed).to_string();
        let request = signed(body, header.as_bytes());
        let diagnosis = explain(std::slice::from_ref(&secret), &request, Effort::Quick);
        assert!(!diagnosis.causes.is_empty());
        assert!(!format!("{diagnosis:?}").contains(SECRET));
    }
}

/// A body that was received with this signature.
fn signed(body: &[u8], value: &[u8]) -> Request {
    let mut request = Request::post("", Headers::new(), body.to_vec());
    request.headers_mut().append(HEADER, value);
    request
}

/// Control characters are escaped, and harmless text is unchanged.
pub fn escaping(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (line, lines) = (escape::line(&text), escape::lines(&text));
    assert!(!line.contains('\n'));
    assert_safe(&line);
    assert_safe(&lines);
    assert_eq!(escape::line(&line), line, "what is escaped is safe");
    if !text.chars().any(escape::is_unsafe) {
        // Commands to CI servers are escaped: `::` at the start, `##[`.
        let without_numbers = |text: &str| text.replace("\\u{3a}", ":").replace("\\u{23}", "#");
        assert_eq!(without_numbers(&line), without_numbers(&text));
    }
}

/// Fails when anything in a text would do something to a terminal.
#[track_caller]
pub fn assert_safe(text: &str) {
    let found = text.chars().find(|&character| character != '\n' && is_obeyed(character));
    assert_eq!(found, None, "{text:?}");
}

/// Facts apart from the program's own list on purpose: a character that is missing there must be found here.
fn is_obeyed(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn secret() -> Secret {
    Secret::new(SECRET).expect("it is not empty")
}
