//! The whole truth about one delivery: every finding, with its place. Slower than `accept`, and complete.

use std::collections::HashMap;
use std::ops::Range;

use crate::documents::shape::{Declared, Format, Kind, Shape};
use crate::json::{self, Member, Node, Value};
use crate::models::delivery::{self, Delivery};
use crate::models::event::{Entity, EventKind, is_known_outside_the_document, named_by_target, nearest};

use super::report::{Finding, Place, Report, Severity};
use super::rules::{self, Rule};
use super::{Declarations, formats};

pub(super) fn judge(
    declarations: &Declarations,
    delivery: &Delivery,
    expected: Option<EventKind>,
    strict: bool,
    limit: usize,
) -> Report {
    let mut findings = Findings { report: Report::default(), strict, limit };
    judge_headers(declarations, delivery, &mut findings);
    let told = expected.or_else(|| named_by_target(delivery.target()));
    findings.report.kind = match json::read(delivery.body()) {
        Ok(node) => judge_body(declarations, delivery, &node, expected, &mut findings),
        Err(error) => {
            let place = Place::Body { pointer: String::new(), span: error.span };
            findings.add(&rules::JSON, place, error.message, error.help.map(str::to_owned), None);
            told
        }
    };
    findings.into_report()
}

/// The one thing that the document says of headers: the `Content-Type` is `application/json`. Parameters are let
/// through, since real deliveries have them.
fn judge_headers(declarations: &Declarations, delivery: &Delivery, findings: &mut Findings) {
    for (index, (name, value)) in delivery.headers().iter().enumerate() {
        let value = String::from_utf8_lossy(value);
        if name.eq_ignore_ascii_case(delivery::CONTENT_TYPE) && !delivery::is_json(&value) {
            let declared =
                declarations.headers.property(delivery::CONTENT_TYPE).and_then(|shape| shape.values.as_ref());
            findings.add(
                &rules::ENUM,
                Place::Header { name: name.to_owned(), index },
                format!(
                    "`{}` is {}; the document declares `{}`",
                    delivery::CONTENT_TYPE,
                    quote(&value),
                    delivery::JSON
                ),
                None,
                declared.map(|values| values.pointer.clone()),
            );
        }
    }
}

/// Judges a body that is JSON and says which event it is about.
fn judge_body(
    declarations: &Declarations,
    delivery: &Delivery,
    body: &Node<'_>,
    expected: Option<EventKind>,
    findings: &mut Findings,
) -> Option<EventKind> {
    let in_path = named_by_target(delivery.target());
    let Value::Object(members) = &body.value else {
        let kind = expected.or(in_path);
        let shape = kind.map_or(&declarations.base, |kind| declarations.about(kind.entity()));
        check_value(findings, body, shape, &Name { pointer: "", noun: "the body" });
        return kind;
    };
    // Of repeated keys the last counts, for us as for the readers of most languages.
    let event = members.iter().rev().find(|member| member.key == "event");
    let name = event.and_then(|member| match &member.node.value {
        Value::String(name) => Some(name.as_ref()),
        _ => None,
    });
    let kind = match (expected, name) {
        (Some(expected), _) => Some(expected),
        (None, Some(name)) => EventKind::named(name),
        (None, None) => in_path,
    };
    let mut settled = Vec::new();
    if let (Some(event), Some(name)) = (event, name) {
        let told = Told { expected, in_path };
        judge_event(declarations, &told, name, &event.node, findings);
        settled.push("event");
    } else if event.is_none() && kind.is_none() {
        findings.add(
            &rules::NO_EVENT,
            in_body("", opening(body)),
            "nothing says which event this is".to_owned(),
            Some("real Confluence Cloud bodies carry no `event`: name it with `--event NAME`".to_owned()),
            None,
        );
    }
    let mut walk = Walk { findings, pointer: String::new() };
    match kind {
        Some(kind) => {
            let shape = declarations.about(kind.entity());
            if let Some(other) = other_subject(members, kind, walk.findings) {
                settled.extend([other.key(), kind.entity().key()]);
            }
            walk.object(body, members, Some(shape), &settled);
            judge_status(members, kind, walk.findings);
        }
        // Which properties belong there is not known, so only what every body has is judged.
        None => walk.base(body, members, &declarations.base),
    }
    kind
}

/// What was said of a delivery's event outside its body.
struct Told {
    expected: Option<EventKind>,
    in_path: Option<EventKind>,
}

/// Judges the name that a body gives its event.
fn judge_event(declarations: &Declarations, told: &Told, name: &str, node: &Node<'_>, findings: &mut Findings) {
    let place = in_body("/event", node.span.clone());
    let outside = is_known_outside_the_document(name);
    match (told.expected, EventKind::named(name)) {
        (None, None) if outside => findings.add(
            &rules::OUTSIDE_EVENT,
            place,
            format!("Confluence sends `{name}`, but the document lacks it, so what it carries is not judged"),
            Some("a receiver should answer it with a 2xx".to_owned()),
            None,
        ),
        (Some(expected), named) if named != Some(expected) && (named.is_some() || outside) => {
            let shape = declarations.about(expected.entity());
            let allowed = shape.property("event").and_then(|shape| shape.values.as_ref());
            let declared = allowed.filter(|values| !values.value.iter().any(|value| value == name));
            let message = format!("the body's event is `{name}`, but `{expected}` was asked for");
            let rule = if declared.is_some() { &rules::ENUM } else { &rules::OTHER_EVENT };
            findings.add(rule, place, message, None, declared.map(|values| values.pointer.clone()));
        }
        (_, None) => {
            let meant = nearest(name, EventKind::all().map(EventKind::name));
            findings.add(
                &rules::UNKNOWN_EVENT,
                place,
                format!("there is no event {}", quote(name)),
                Some(meant.map_or_else(
                    || "`cfwh events` lists the nineteen".to_owned(),
                    |meant| format!("did you mean `{meant}`?"),
                )),
                None,
            );
        }
        (_, Some(kind)) => {
            if let Some(other) = told.in_path.filter(|other| *other != kind) {
                let message =
                    format!("the body's event is `{kind}`, but it was posted to a path that ends in `{other}`");
                findings.add(&rules::OTHER_PATH, place, message, None, None);
            }
        }
    }
}

/// The entity whose payload stands in the place of the event's own.
fn other_subject(members: &[Member<'_>], kind: EventKind, findings: &mut Findings) -> Option<Entity> {
    let own = kind.entity();
    if members.iter().any(|member| member.key == own.key()) {
        return None;
    }
    let (member, other) = members.iter().find_map(|member| {
        let other = Entity::ALL.into_iter().find(|other| member.key == other.key())?;
        Some((member, other))
    })?;
    findings.add(
        &rules::OTHER_SUBJECT,
        in_body(&format!("/{}", other.key()), member.key_span.clone()),
        format!("`{kind}` is about a {}, but the body carries a {}", own.noun(), other.noun()),
        Some(format!("either the event is wrong, or `{}` belongs here", own.key())),
        None,
    );
    Some(other)
}

fn judge_status(members: &[Member<'_>], kind: EventKind, findings: &mut Findings) {
    let key = kind.entity().key();
    let Some(Value::Object(payload)) = last(members, key).map(|node| &node.value) else { return };
    let Some(node) = last(payload, "status") else { return };
    if let Value::String(status) = &node.value
        && rules::status_contradicts(kind, status)
    {
        findings.add(
            &rules::CONTRADICTORY_STATUS,
            in_body(&format!("/{key}/status"), node.span.clone()),
            format!("`status` is \"{status}\", which contradicts `{kind}`"),
            None,
            None,
        );
    }
}

fn last<'n, 'a>(members: &'n [Member<'a>], key: &str) -> Option<&'n Node<'a>> {
    members.iter().rev().find(|member| member.key == key).map(|member| &member.node)
}

/// Goes through a body and what is declared about it at the same time.
struct Walk<'f> {
    findings: &'f mut Findings,
    /// Where the walk is, as a JSON Pointer.
    pointer: String,
}

impl Walk<'_> {
    /// The properties that every body has; the others are only looked through for repeated keys.
    fn base(&mut self, body: &Node<'_>, members: &[Member<'_>], base: &Shape) {
        self.object(body, members, None, &[]);
        for property in &base.properties {
            if let Some(node) = last(members, &property.name) {
                let name = Name { pointer: &format!("/{}", property.name), noun: &property.name };
                check_value(self.findings, node, &property.shape, &name);
            }
        }
    }

    /// An object: its keys, then its values. Without a shape only repeated keys count. Of the keys that are `settled`
    /// everything has been said already.
    fn object(&mut self, node: &Node<'_>, members: &[Member<'_>], shape: Option<&Shape>, settled: &[&str]) {
        let last: HashMap<&str, usize> =
            members.iter().enumerate().map(|(index, member)| (member.key.as_ref(), index)).collect();
        let mut first: HashMap<&str, usize> = HashMap::with_capacity(last.len());
        for (index, member) in members.iter().enumerate() {
            let key = member.key.as_ref();
            let length = self.enter(key);
            if *first.entry(key).or_insert(index) != index {
                self.add(
                    &rules::REPEATED_KEY,
                    member.key_span.clone(),
                    format!("{} is there again", code(key)),
                    Some("most readers take the last one, some the first".to_owned()),
                    None,
                );
            }
            match shape.filter(|_| last[key] == index && !settled.contains(&key)) {
                None => self.look_for_repeats(&member.node),
                Some(shape) => {
                    if let Some(declared) = shape.property(key) {
                        self.value(&member.node, declared, key);
                    } else {
                        self.undeclared(member, shape, &last);
                        self.look_for_repeats(&member.node);
                    }
                }
            }
            self.pointer.truncate(length);
        }
        for property in shape.into_iter().flat_map(|shape| &shape.properties) {
            let name = property.name.as_str();
            if !last.contains_key(name) && !settled.contains(&name) {
                let length = self.enter(&property.name);
                let document = Some(property.shape.pointer.clone());
                let message = format!("`{}` is missing", property.name);
                self.add(&rules::MISSING_PROPERTY, opening(node), message, None, document);
                self.pointer.truncate(length);
            }
        }
    }

    fn undeclared(&mut self, member: &Member<'_>, shape: &Shape, present: &HashMap<&str, usize>) {
        let absent =
            shape.properties.iter().map(|property| property.name.as_str()).filter(|name| !present.contains_key(name));
        let help = nearest(&member.key, absent).map(|name| format!("did you mean `{name}`?"));
        let message = format!("{} is not declared", code(&member.key));
        self.add(&rules::UNDECLARED_PROPERTY, member.key_span.clone(), message, help, Some(shape.pointer.clone()));
    }

    fn value(&mut self, node: &Node<'_>, shape: &Shape, key: &str) {
        let is_object = matches!(shape.kind, Some(Declared { value: Kind::Object, .. }));
        match &node.value {
            Value::Object(members) if is_object => self.object(node, members, Some(shape), &[]),
            _ => {
                check_value(self.findings, node, shape, &Name { pointer: &self.pointer, noun: key });
                self.look_for_repeats(node);
            }
        }
    }

    /// What nothing is declared about may still repeat a key.
    fn look_for_repeats(&mut self, node: &Node<'_>) {
        match &node.value {
            Value::Object(members) => self.object(node, members, None, &[]),
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    let length = self.enter(&index.to_string());
                    self.look_for_repeats(item);
                    self.pointer.truncate(length);
                }
            }
            _ => {}
        }
    }

    /// Goes down to `key`; the answer is the length to cut the pointer to on the way back.
    fn enter(&mut self, key: &str) -> usize {
        let length = self.pointer.len();
        self.pointer.push('/');
        for character in key.chars() {
            match character {
                '~' => self.pointer.push_str("~0"),
                '/' => self.pointer.push_str("~1"),
                other => self.pointer.push(other),
            }
        }
        length
    }

    fn add(
        &mut self,
        rule: &'static Rule,
        span: Range<usize>,
        message: String,
        help: Option<String>,
        document: Option<String>,
    ) {
        let place = Place::Body { pointer: self.pointer.clone(), span };
        self.findings.add(rule, place, message, help, document);
    }
}

/// How a value is spoken of.
struct Name<'a> {
    pointer: &'a str,
    noun: &'a str,
}

/// Judges a value without going into it: its type, and of a string or a number its values, its format, its range.
fn check_value(findings: &mut Findings, node: &Node<'_>, shape: &Shape, name: &Name<'_>) {
    let mut add = |rule: &'static Rule, pointer: &str, message: String, help: Option<String>| {
        findings.add(rule, in_body(name.pointer, node.span.clone()), message, help, Some(pointer.to_owned()));
    };
    let noun = if name.pointer.is_empty() { name.noun.to_owned() } else { code(name.noun) };
    if let Some(kind) = &shape.kind
        && !has_kind(&node.value, kind.value)
    {
        let found = match &node.value {
            Value::Number(number) if kind.value == Kind::Integer => format!("the number {}", cut(number)),
            other => other.noun().to_owned(),
        };
        let message = format!("{noun} is {found}; the document declares {}", kind.value);
        return add(&rules::TYPE, &kind.pointer, message, mend(&node.value, kind.value));
    }
    match &node.value {
        Value::String(text) => {
            if let Some(values) = &shape.values
                && !values.value.iter().any(|value| value == text)
            {
                let message = format!("{noun} is {}; the document declares {}", quote(text), one_of(&values.value));
                let help = nearest(text, values.value.iter().map(String::as_str));
                add(&rules::ENUM, &values.pointer, message, help.map(|value| format!("did you mean \"{value}\"?")));
            }
            if let Some(format) = &shape.format
                && !formats::text_has(format.value, text)
            {
                let (what, help) = describe(format.value);
                add(
                    &rules::FORMAT,
                    &format.pointer,
                    format!("{noun} is {}, which is no {what}", quote(text)),
                    Some(help.to_owned()),
                );
            }
        }
        Value::Number(number) => {
            if let Some(Declared { value: Format::Int64, pointer }) = &shape.format
                && !formats::is_int64(number)
            {
                add(&rules::INT64, pointer, format!("{noun} is {}, which does not fit 64 bits", cut(number)), None);
            }
        }
        _ => {}
    }
}

fn has_kind(value: &Value<'_>, kind: Kind) -> bool {
    match (value, kind) {
        (Value::Object(_), Kind::Object) | (Value::String(_), Kind::String) | (Value::Boolean(_), Kind::Boolean) => {
            true
        }
        (Value::Number(number), Kind::Integer) => formats::is_integer(number),
        _ => false,
    }
}

/// How a value becomes what is declared, where that can be told.
fn mend(value: &Value<'_>, kind: Kind) -> Option<String> {
    match (value, kind) {
        (Value::Number(number), Kind::String) => Some(format!("write it in quotes: \"{}\"", cut(number))),
        (Value::String(text), Kind::Integer) if text.parse::<i64>().is_ok() => {
            Some(format!("write it without quotes: {text}"))
        }
        (Value::String(text), Kind::Boolean) if matches!(text.as_ref(), "true" | "false") => {
            Some(format!("write it without quotes: {text}"))
        }
        (Value::Null, _) => Some("leave the property out where there is no value".to_owned()),
        _ => None,
    }
}

const fn describe(format: Format) -> (&'static str, &'static str) {
    match format {
        Format::DateTime => ("date-time", "RFC 3339, with an offset from UTC: 2026-01-15T10:30:00.000Z"),
        Format::Uri => ("URI", "RFC 3986, with a scheme and without spaces: https://example.atlassian.net/wiki"),
        Format::Int64 => ("int64", "from -9223372036854775808 to 9223372036854775807"),
    }
}

/// The opening bracket of an object, which is where a missing property is pointed out.
const fn opening(node: &Node<'_>) -> Range<usize> {
    node.span.start..node.span.start + 1
}

fn in_body(pointer: &str, span: Range<usize>) -> Place {
    Place::Body { pointer: pointer.to_owned(), span }
}

/// `a`, `b` or `c`
fn one_of(values: &[String]) -> String {
    match values {
        [] => "no value".to_owned(),
        [only] => format!("\"{only}\""),
        [init @ .., last] => {
            let init: Vec<String> = init.iter().map(|value| format!("\"{value}\"")).collect();
            format!("{} or \"{last}\"", init.join(", "))
        }
    }
}

fn quote(text: &str) -> String {
    format!("\"{}\"", cut(text))
}

fn code(text: &str) -> String {
    format!("`{}`", cut(text))
}

/// So much of a stranger's text as a sentence can bear.
fn cut(text: &str) -> String {
    const LONGEST: usize = 60;
    match text.char_indices().nth(LONGEST) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

/// A report in the making.
struct Findings {
    report: Report,
    strict: bool,
    limit: usize,
}

impl Findings {
    fn add(
        &mut self,
        rule: &'static Rule,
        place: Place,
        message: String,
        help: Option<String>,
        document: Option<String>,
    ) {
        let severity = if self.strict { Severity::Error } else { rule.severity };
        self.report.worst = self.report.worst.max(Some(severity));
        if self.report.findings.len() < self.limit {
            self.report.findings.push(Finding { rule, severity, place, message, help, document });
        } else {
            self.report.omitted += 1;
        }
    }

    fn into_report(mut self) -> Report {
        self.report.findings.sort_by_key(|finding| match &finding.place {
            Place::Header { index, .. } => (0, *index),
            Place::Body { span, .. } => (1, span.start),
        });
        self.report
    }
}
