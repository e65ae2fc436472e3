//! The full check, which reports every finding of a request.

use std::ops::Range;

use crate::json::{self, Node, Pitfall, SyntaxError};
use crate::models::event::{Entity, EventKind};
use crate::models::request::{self, Headers, Request};
use crate::models::rule::Rule;
use crate::profiles::identify::{known_event, named_by_target};
use crate::profiles::{ALL, BodyType, KnownEvent, others};

use super::report::{FindingLocation, Report};
use super::shapes::ProfileShapes;
use super::walker::Walker;
use super::wording::{Wording, code, quote};

/// Checks a request and its parsed body. The report has at most `limit` findings.
pub(super) fn check(
    shapes: &'static ProfileShapes,
    request: &Request,
    body: &Result<(Node<'_>, Vec<Pitfall>), SyntaxError>,
    expected: Option<KnownEvent>,
    limit: usize,
) -> Report {
    let pitfalls = body.as_ref().map_or(&[][..], |(_, pitfalls)| pitfalls);
    let mut walker = Walker::new(limit, shapes.profile.expects_all_declared, pitfalls);
    check_headers(shapes, request.headers(), &mut walker);
    let mut check = Check { shapes, target: request.target(), expected, walker };
    let (kind, entity) = match body {
        Ok((body, _)) => match shapes.profile.wrapped(body) {
            Some(wrapped) => check.check_wrapped(body, wrapped),
            None => check.check_body(body),
        },
        Err(SyntaxError { span, message, help }) => {
            let wording = || Wording { message: message.clone(), help: help.map(Into::into) };
            check.walker.add(Rule::Json, span.clone(), None, wording);
            let known = expected.or_else(|| named_by_target(request.target()));
            let kind = known.and_then(|known| shapes.profile.kind(known));
            (kind, kind.map(EventKind::entity))
        }
    };
    Report { kind, entity, ..check.walker.into_report() }
}

/// Checks the headers. The document declares only `Content-Type: application/json`. Parameters are accepted, because real requests
/// have them.
fn check_headers(shapes: &ProfileShapes, headers: &Headers, walker: &mut Walker<'_>) {
    for (index, (name, value)) in headers.iter().enumerate() {
        let value = String::from_utf8_lossy(value);
        if name.eq_ignore_ascii_case(request::CONTENT_TYPE) && !request::is_json(&value) {
            let declared = shapes.headers.property(request::CONTENT_TYPE).and_then(|shape| shape.values.as_ref());
            let location = FindingLocation::Header { name: name.to_owned(), index };
            let (header, json) = (request::CONTENT_TYPE, request::JSON);
            let message = format!("`{header}` is {}, but the document declares `{json}`", quote(&value));
            walker.add_at(location, Rule::Enum, declared.map(|values| values.pointer.as_str()), message.into());
        }
    }
}

/// The check of a JSON body.
struct Check<'r> {
    shapes: &'static ProfileShapes,
    target: &'r str,
    expected: Option<KnownEvent>,
    walker: Walker<'r>,
}

impl Check<'_> {
    /// Checks a body in an envelope. Other members of the envelope are not declared, so they are not checked.
    fn check_wrapped(&mut self, envelope: &Node<'_>, wrapped: &Node<'_>) -> (Option<EventKind>, Option<Entity>) {
        let mut about = (None, None);
        for member in envelope.members().unwrap_or_default() {
            let length = self.walker.enter(&member.key);
            if std::ptr::eq(&raw const member.node, wrapped) {
                about = self.check_body(wrapped);
            } else {
                self.walker.check(&member.node, None, &member.key);
            }
            self.walker.leave(length);
        }
        about
    }

    /// Checks the body. Returns its event and its entity.
    fn check_body(&mut self, body: &Node<'_>) -> (Option<EventKind>, Option<Entity>) {
        let profile = self.shapes.profile;
        let event = body.get(profile.event_key());
        let name = event.and_then(Node::as_str);
        let known = self.expected.or_else(|| known_event(name, self.target));
        let kind = known.and_then(|known| profile.kind(known));
        let mut form = kind.and_then(|kind| profile.body_index(kind));
        if let (Some(event), Some(name)) = (event, name) {
            self.check_event(name, event.span());
            if self.shapes.base.property(profile.event_key()).is_some() {
                self.walker.settled.push(profile.event_key());
            }
        } else if event.is_none() && kind.is_none() && body.members().is_some() {
            match known {
                Some(known) => add_undocumented(&mut self.walker, known, body.opening()),
                None => form = self.infer_form(body),
            }
        }
        if let Some(kind) = kind {
            self.check_payload(body, kind);
        }
        // Without a type, check only the properties that all bodies share.
        self.walker.is_open = form.is_none();
        self.walker.check(body, Some(form.map_or(&self.shapes.base, |form| &self.shapes.bodies[form])), "");
        (kind, kind.map(EventKind::entity).or_else(|| form.map(|form| profile.bodies[form].entity)))
    }

    /// Checks the event name in the body.
    fn check_event(&mut self, name: &str, span: Range<usize>) {
        let Some(named) = KnownEvent::find(name) else {
            return self.walker.within(self.shapes.profile.event_key(), |walker| {
                walker.add(Rule::UnknownEvent, span, None, || {
                    let similar = KnownEvent::nearest_name(name);
                    let help = similar.map(|similar| format!("did you mean `{similar}`?"));
                    (
                        format!("unknown event {}", quote(name)),
                        help.unwrap_or_else(|| "run `cfwh events` for a list".to_owned()),
                    )
                });
            });
        };
        let profile = self.shapes.profile;
        let named_kind = profile.kind(named);
        let is_other =
            |other: KnownEvent| other != named && (named_kind.is_none() || profile.kind(other) != named_kind);
        self.walker.within(profile.event_key(), |walker| match self.expected {
            Some(expected) if is_other(expected) => {
                let shape = profile.kind(expected).and_then(|kind| self.shapes.body(kind));
                let values = shape.and_then(|shape| shape.property(profile.event_key())?.values.as_ref());
                let values = values.filter(|values| !values.value.contains(&name));
                let rule = if values.is_some() { Rule::Enum } else { Rule::EventMismatch };
                walker.add(rule, span, values.map(|values| values.pointer.as_str()), || {
                    format!("`event` in the body is `{name}`, but `{expected}` is expected")
                });
            }
            _ => {
                if named_kind.is_none() {
                    add_undocumented(walker, named, span.clone());
                }
                if let Some(other) = named_by_target(self.target).filter(|other| is_other(*other)) {
                    walker.add(Rule::PathMismatch, span, None, || {
                        format!("`event` in the body is `{named}`, but the URL path ends with `{other}`")
                    });
                }
            }
        });
    }

    /// Infers the type of a body by its payload, if neither the body nor the URL names an event.
    fn infer_form(&mut self, body: &Node<'_>) -> Option<usize> {
        let profile = self.shapes.profile;
        let form = profile.bodies.iter().position(|form| body.get(form.key).is_some());
        let form = form.filter(|_| profile.names_event_in_url());
        if form.is_none() {
            let help = self.find_wrapped(body).map(Into::into);
            let wording = || Wording { message: "the request does not name its event".to_owned(), help };
            self.walker.add(Rule::MissingEvent, body.opening(), None, wording);
            // If the document requires the event, the missing property is already a finding.
            self.walker.settled.push(profile.event_key());
        }
        form
    }

    /// Returns a hint if another program has wrapped the delivery: a proxy, a queue or a log.
    fn find_wrapped(&self, body: &Node<'_>) -> Option<String> {
        if body.at("/log/entries").is_some() {
            return Some("this is an HTTP archive: give the file the extension `.har`".to_owned());
        }
        let is_delivery = |node: &Node<'_>| {
            let profile = self.shapes.profile;
            let has_payload = |form: &BodyType| node.get(form.key).and_then(Node::members).is_some();
            let event = node.get(profile.event_key()).and_then(Node::as_str);
            event.is_some_and(|name| KnownEvent::find(name).is_some()) || profile.bodies.iter().any(has_payload)
        };
        let is_wrapped = |node: &Node<'_>| {
            let text = node.as_str().filter(|text| text.starts_with('{'));
            is_delivery(node)
                || text.and_then(|text| json::parse(text.as_bytes()).ok()).is_some_and(|node| is_delivery(&node))
        };
        let member = body.members()?.iter().find(|member| is_wrapped(&member.node))?;
        Some(format!("the delivery may be in {}: validate only that value", code(&member.key)))
    }

    /// Checks that the body has the payload of its event, with a status that fits the event.
    fn check_payload(&mut self, body: &Node<'_>, kind: EventKind) {
        let profile = self.shapes.profile;
        let key = profile.key(kind);
        if key.is_empty() {
            return;
        }
        if let Some(payload) = body.get(key) {
            let status = payload.get("status").and_then(|node| Some((node.as_str()?, node.span())));
            if let Some((status, span)) = status.filter(|(status, _)| kind.contradictory_statuses().contains(status)) {
                self.walker.within(key, |walker| {
                    walker.within("status", |walker| {
                        walker.add(Rule::ContradictoryStatus, span, None, || {
                            format!("`status` is \"{status}\", which contradicts `{kind}`")
                        });
                    });
                });
            }
            return;
        }
        let payload_key = |key: &str| profile.bodies.iter().map(|form| form.key).find(|other| *other == key);
        let mut members = body.members().unwrap_or_default().iter();
        let Some((member, other)) = members.find_map(|member| Some((member, payload_key(&member.key)?))) else {
            return;
        };
        self.walker.within(&member.key, |walker| {
            walker.add(Rule::PayloadMismatch, member.key_span(), None, || {
                format!("the body of `{kind}` has `{}` instead of `{key}`", member.key)
            });
        });
        self.walker.settled.extend([other, key]);
    }
}

/// Adds a finding for an undocumented event.
fn add_undocumented(walker: &mut Walker<'_>, event: KnownEvent, span: Range<usize>) {
    walker.add(Rule::UndocumentedEvent, span, None, || {
        let has_profile = ALL.iter().any(|profile| profile.kind(event).is_some());
        Wording {
            message: format!("Confluence sends `{event}`, but the document does not declare it"),
            help: has_profile.then(|| others(event).into()),
        }
    });
}
