//! The whole truth about one delivery: every finding, with its place. Slower than `accept`, and complete.

use crate::json::{self, Member, Node, Value, last};
use crate::models::event::{Entity, EventKind, nearest};
use crate::models::request::{self, Request};
use crate::profiles::EventIn;
use crate::profiles::find_event;
use crate::profiles::identify::{last_segment, named_by_target};
use crate::profiles::is_undocumented;

use super::Declarations;
use super::findings::{Findings, in_body, opening};
use super::report::{Place, Report};
use super::rules;
use super::value::{Name, check_value};
use super::walk::Walk;
use super::wording::quote;

pub(super) fn check_request(
    declarations: &Declarations,
    delivery: &Request,
    expected: Option<EventKind>,
    limit: usize,
) -> Report {
    let mut findings = Findings::new(limit);
    judge_headers(declarations, delivery, &mut findings);
    let facts = expected.or_else(|| named_by_target(delivery.target()));
    let subject = match json::read(delivery.body()) {
        Ok(node) => judge_body(declarations, delivery, &node, expected, &mut findings),
        Err(error) => {
            let place = Place::Body { pointer: String::new(), span: error.span };
            findings.add(&rules::JSON, place, error.message, error.help.map(str::to_owned), None);
            Subject::of(facts)
        }
    };
    findings.into_report(subject.kind, subject.entity)
}

/// What a delivery is about.
#[derive(Clone, Copy)]
struct Subject {
    kind: Option<EventKind>,
    entity: Option<Entity>,
}

impl Subject {
    fn of(kind: Option<EventKind>) -> Self {
        Self { kind, entity: kind.map(EventKind::entity) }
    }
}

/// The one thing that the document says of headers: the `Content-Type` is `application/json`. Parameters are let
/// through, since real deliveries have them.
fn judge_headers(declarations: &Declarations, delivery: &Request, findings: &mut Findings) {
    for (index, (name, value)) in delivery.headers().iter().enumerate() {
        let value = String::from_utf8_lossy(value);
        if name.eq_ignore_ascii_case(request::CONTENT_TYPE) && !request::is_json(&value) {
            let declared = declarations.headers.property(request::CONTENT_TYPE).and_then(|shape| shape.values.as_ref());
            findings.add(
                &rules::ENUM,
                Place::Header { name: name.to_owned(), index },
                format!("`{}` is {}; the document declares `{}`", request::CONTENT_TYPE, quote(&value), request::JSON),
                None,
                declared.map(|values| values.pointer.clone()),
            );
        }
    }
}

/// Judges a body that is JSON and says what it is about.
fn judge_body(
    declarations: &Declarations,
    delivery: &Request,
    body: &Node<'_>,
    expected: Option<EventKind>,
    findings: &mut Findings,
) -> Subject {
    let in_path = named_by_target(delivery.target());
    let Value::Object(members) = &body.value else {
        let kind = expected.or(in_path);
        let shape = kind.map_or(&declarations.base, |kind| declarations.about(kind.entity()));
        check_value(findings, body, shape, &Name { pointer: "", noun: "the body" });
        return Subject::of(kind);
    };
    // What `identify::named_by_body` reads, here with its place; tests hold the two together.
    let event = last(members, "event");
    let name = event.and_then(|node| match &node.value {
        Value::String(name) => Some(name.as_ref()),
        _ => None,
    });
    let kind = match (expected, name) {
        (Some(expected), _) => Some(expected),
        (None, Some(name)) => find_event(name),
        (None, None) => in_path,
    };
    let mut subject = Subject::of(kind);
    let mut settled = Vec::new();
    if let (Some(event), Some(name)) = (event, name) {
        let facts = Facts { expected, in_path };
        judge_event(declarations, &facts, name, event, findings);
        if declarations.base.property("event").is_some() {
            settled.push("event");
        }
    } else if event.is_none() && kind.is_none() {
        subject.entity = without_event(declarations, delivery.target(), body, members, findings);
    }
    let mut walk = Walk::new(findings, declarations.wants_all);
    let Some(entity) = subject.entity else {
        // Which properties belong there is not known, so only what every body has is judged.
        walk.base(body, members, &declarations.base);
        return subject;
    };
    if let Some(kind) = kind
        && let Some(other) = other_subject(declarations, members, kind, walk.findings)
    {
        settled.extend([declarations.key(other), declarations.key(entity)]);
    }
    walk.object(body, members, Some(declarations.about(entity)), &settled);
    if let Some(kind) = kind {
        judge_status(declarations, members, kind, walk.findings);
    }
    subject
}

/// What a body is about that has no `event` and whose delivery names none of the nineteen either. Confluence Cloud
/// leaves the event out, so there the payload tells the entity, and only the event stays open.
fn without_event(
    declarations: &Declarations,
    target: &str,
    body: &Node<'_>,
    members: &[Member<'_>],
    findings: &mut Findings,
) -> Option<Entity> {
    if let Some(name) = last_segment(target).filter(|name| is_undocumented(name)) {
        outside(name, in_body("", opening(body)), findings);
        return None;
    }
    let carries = |entity: &Entity| members.iter().any(|member| member.key == declarations.key(*entity));
    let entity = Entity::ALL.into_iter().find(carries).filter(|_| declarations.profile.event_in == EventIn::Url);
    if entity.is_none() {
        findings.add(
            &rules::NO_EVENT,
            in_body("", opening(body)),
            "nothing says which event this is".to_owned(),
            Some("real Confluence Cloud bodies carry no `event`: name it with `--event NAME`".to_owned()),
            None,
        );
    }
    entity
}

/// An event that is not among the nineteen, and no nonsense either.
fn outside(name: &str, place: Place, findings: &mut Findings) {
    findings.add(
        &rules::OUTSIDE_EVENT,
        place,
        format!("Confluence sends `{name}`, but the document lacks it, so what it carries is not judged"),
        Some("a receiver should answer it with a 2xx".to_owned()),
        None,
    );
}

/// What was said of a delivery's event outside its body.
struct Facts {
    expected: Option<EventKind>,
    in_path: Option<EventKind>,
}

/// Judges the name that a body gives its event.
fn judge_event(declarations: &Declarations, facts: &Facts, name: &str, node: &Node<'_>, findings: &mut Findings) {
    let place = in_body("/event", node.span.clone());
    let is_outside = is_undocumented(name);
    match (facts.expected, find_event(name)) {
        (None, None) if is_outside => outside(name, place, findings),
        (Some(expected), named) if named != Some(expected) && (named.is_some() || is_outside) => {
            let shape = declarations.about(expected.entity());
            let allowed = shape.property("event").and_then(|shape| shape.values.as_ref());
            let declared = allowed.filter(|values| !values.value.contains(&name));
            let message = format!("the body's event is `{name}`, but `{expected}` was asked for");
            let rule = if declared.is_some() { &rules::ENUM } else { &rules::OTHER_EVENT };
            findings.add(rule, place, message, None, declared.map(|values| values.pointer.clone()));
        }
        (_, None) => {
            let meant = nearest(name, declarations.profile.events.all().map(EventKind::name));
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
            if let Some(other) = facts.in_path.filter(|other| *other != kind) {
                let message =
                    format!("the body's event is `{kind}`, but it was posted to a path that ends in `{other}`");
                findings.add(&rules::OTHER_PATH, place, message, None, None);
            }
        }
    }
}

/// The entity whose payload stands in the place of the event's own.
fn other_subject(
    declarations: &Declarations,
    members: &[Member<'_>],
    kind: EventKind,
    findings: &mut Findings,
) -> Option<Entity> {
    let own = kind.entity();
    let key = |entity| declarations.key(entity);
    if members.iter().any(|member| member.key == key(own)) {
        return None;
    }
    let (member, other) = members.iter().find_map(|member| {
        let other = Entity::ALL.into_iter().find(|&other| member.key == key(other))?;
        Some((member, other))
    })?;
    findings.add(
        &rules::OTHER_SUBJECT,
        in_body(&format!("/{}", key(other)), member.key_span.clone()),
        format!(
            "`{kind}` is about {} {}, but the body carries {} {}",
            own.article(),
            own.noun(),
            other.article(),
            other.noun()
        ),
        Some(format!("either the event is wrong, or `{}` belongs here", key(own))),
        None,
    );
    Some(other)
}

fn judge_status(declarations: &Declarations, members: &[Member<'_>], kind: EventKind, findings: &mut Findings) {
    let key = declarations.key(kind.entity());
    let Some(Value::Object(payload)) = last(members, key).map(|node| &node.value) else { return };
    let Some(node) = last(payload, "status") else { return };
    if let Value::String(status) = &node.value
        && kind.contradictory_statuses().contains(&status.as_ref())
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
