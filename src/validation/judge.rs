//! The whole truth about one delivery: every finding, with its place. Slower than `accept`, and complete.

use crate::json::{self, Member, Node, Value, last};
use crate::models::delivery::{self, Delivery};
use crate::models::event::{Entity, EventKind, is_known_outside_the_document, named_by_target, nearest};

use super::Declarations;
use super::findings::{Findings, in_body, opening};
use super::report::{Place, Report};
use super::rules;
use super::value::{Name, check_value};
use super::walk::Walk;
use super::wording::quote;

pub(super) fn judge(
    declarations: &Declarations,
    delivery: &Delivery,
    expected: Option<EventKind>,
    strict: bool,
    limit: usize,
) -> Report {
    let mut findings = Findings::new(strict, limit);
    judge_headers(declarations, delivery, &mut findings);
    let told = expected.or_else(|| named_by_target(delivery.target()));
    let kind = match json::read(delivery.body()) {
        Ok(node) => judge_body(declarations, delivery, &node, expected, &mut findings),
        Err(error) => {
            let place = Place::Body { pointer: String::new(), span: error.span };
            findings.add(&rules::JSON, place, error.message, error.help.map(str::to_owned), None);
            told
        }
    };
    findings.into_report(kind)
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
    let mut walk = Walk::new(findings);
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
