//! The fast path: accepts most valid bodies in one pass, without building a tree.
//!
//! It leaves all other bodies to the full check. It never accepts a body for which the full check reports a finding: both read the
//! same tokens and compare values with [`find_mismatch`], and tests compare their results.

use std::borrow::{Borrow, Cow};

use crate::json::json_type::JsonType;
use crate::json::{Reader, SyntaxError, Value};
use crate::models::event::EventKind;
use crate::models::request::{self, Request};
use crate::profiles::identify::named_by_target;
use crate::profiles::shape::{Property, Shape};
use crate::profiles::{KnownEvent, Profile};

use super::mismatch::find_mismatch;
use super::report::Report;
use super::shapes::ProfileShapes;
use super::subject;

/// The shapes of all bodies in one, because `event` may follow the payload.
#[derive(Debug)]
pub(super) struct FastPath {
    /// All top-level properties of bodies.
    top: Vec<&'static Property>,
    /// The properties that each type of body may have, as bits over `top`.
    allowed: Vec<u64>,
    /// The properties that each type of body must have.
    wanted: Vec<u64>,
    profile: &'static Profile,
}

/// The result of a pass over a body.
#[derive(Default)]
struct Pass<'a> {
    event: Option<EventKind>,
    /// The status of the payload.
    status: Option<Cow<'a, str>>,
    /// The best title of the payload, with its rank.
    subject: Option<(usize, Cow<'a, str>)>,
    /// The nesting depth of the current value. A payload may contain objects with keys of payloads.
    depth: usize,
}

/// The depth of the members of a payload.
const PAYLOAD: usize = 2;

/// The body may have findings and needs the full check.
struct NeedsFullCheck;

impl From<SyntaxError> for NeedsFullCheck {
    fn from(_: SyntaxError) -> Self {
        Self
    }
}

impl FastPath {
    pub(super) fn new(shapes: &'static ProfileShapes) -> Self {
        let expects_all_declared = shapes.profile.expects_all_declared;
        let (mut allowed, mut wanted) = (vec![0; shapes.bodies.len()], vec![0; shapes.bodies.len()]);
        // The base shape declares `event` for all bodies; a type declares its own events.
        let mut top: Vec<&Property> = shapes.base.properties.iter().collect();
        for (form, shape) in shapes.bodies.iter().enumerate() {
            for property in &shape.properties {
                let index = top.iter().position(|known| known.name == property.name).unwrap_or_else(|| {
                    top.push(property);
                    top.len() - 1
                });
                allowed[form] |= bit(index);
                if expects_all_declared || shape.requires(property.name) {
                    wanted[form] |= bit(index);
                }
            }
        }
        Self { top, allowed, wanted, profile: shapes.profile }
    }

    /// Returns the report of a request without findings, or `None` if the request may have some.
    pub(super) fn check(&self, request: &Request, expected: Option<KnownEvent>, with_subject: bool) -> Option<Report> {
        if !request.headers().all(request::CONTENT_TYPE).all(|value| value == request::JSON.as_bytes()) {
            return None;
        }
        let mut pass = Pass::default();
        let mut reader = Reader::new(request.body()).ok()?;
        if reader.peek() != Some(b'{') {
            return None;
        }
        let present = self.read_object(&mut reader, &self.top, "", &mut pass).ok()?;
        reader.end().ok()?;
        if !reader.into_pitfalls().is_empty() {
            return None;
        }
        let mut report = self.report(request.target(), expected, present, &pass)?;
        report.subject = pass.subject.filter(|_| with_subject).map(|(_, subject)| subject.into_owned());
        Some(report)
    }

    fn report(&self, target: &str, expected: Option<KnownEvent>, present: u64, pass: &Pass<'_>) -> Option<Report> {
        let fits = |form: usize| present & !self.allowed[form] == 0 && self.wanted[form] & !present == 0;
        let by_target = named_by_target(target);
        let Some(known) = pass.event.map(KnownEvent::from).or(expected).or(by_target) else {
            let form = (0..self.allowed.len()).find(|&form| fits(form))?;
            return Some(Report::clean(None, self.profile.bodies[form].entity));
        };
        // An undeclared event is a finding.
        let kind = self.profile.kind(known)?;
        let agrees = |other: Option<KnownEvent>| other.is_none_or(|other| self.profile.kind(other) == Some(kind));
        let contradicts = |status: &str| kind.contradictory_statuses().contains(&status);
        let is_clean = self.profile.body_index(kind).is_some_and(fits)
            && agrees(expected)
            && agrees(by_target)
            && !pass.status.as_deref().is_some_and(contradicts);
        is_clean.then(|| Report::clean(Some(kind), kind.entity()))
    }

    /// Reads the value of `key`. `holder` is the key of the object around it.
    fn read_value<'a>(
        &self,
        reader: &mut Reader<'a>,
        shape: &Shape,
        (holder, key): (&str, &str),
        pass: &mut Pass<'a>,
    ) -> Result<(), NeedsFullCheck> {
        match reader.peek() {
            Some(b'{') if shape.allows(JsonType::Object) => {
                let present = self.read_object(reader, &shape.properties, key, pass)?;
                if self.is_complete(shape, present) { Ok(()) } else { Err(NeedsFullCheck) }
            }
            Some(b'[') if shape.allows(JsonType::Array) => {
                let items = shape.items.as_deref().ok_or(NeedsFullCheck)?;
                reader.array(|reader| self.read_value(reader, items, (holder, key), pass))
            }
            first => {
                // Most values are strings. Reading them without `scalar` saves a copy.
                let value = if first == Some(b'"') { Value::String(reader.string()?) } else { reader.scalar()? };
                if find_mismatch(shape, &value).is_some() {
                    return Err(NeedsFullCheck);
                }
                if let Value::String(text) = value {
                    if key == self.profile.event_key() && holder.is_empty() {
                        pass.event = Some(self.profile.events.find(&text).ok_or(NeedsFullCheck)?);
                    } else if key == "status" && pass.depth == PAYLOAD && subject::is_payload_key(holder) {
                        pass.status = Some(text);
                    } else if let Some(rank) = subject::rank(holder, key, pass.depth == PAYLOAD)
                        && pass.subject.as_ref().is_none_or(|(best, _)| rank < *best)
                    {
                        pass.subject = Some((rank, text));
                    }
                }
                Ok(())
            }
        }
    }

    /// Reads an object, and returns its properties as bits.
    fn read_object<'a>(
        &self,
        reader: &mut Reader<'a>,
        properties: &[impl Borrow<Property>],
        holder: &str,
        pass: &mut Pass<'a>,
    ) -> Result<u64, NeedsFullCheck> {
        let (mut present, mut next) = (0, 0);
        pass.depth += 1;
        reader.object(|reader, key, _| {
            let index = find(properties, next, &key).ok_or(NeedsFullCheck)?;
            next = index + 1;
            if present & bit(index) != 0 {
                return Err(NeedsFullCheck);
            }
            present |= bit(index);
            self.read_value(reader, &properties[index].borrow().shape, (holder, &key), pass)
        })?;
        pass.depth -= 1;
        Ok(present)
    }

    fn is_complete(&self, shape: &Shape, present: u64) -> bool {
        let is_present = |name| find(&shape.properties, 0, name).is_some_and(|index| present & bit(index) != 0);
        if self.profile.expects_all_declared {
            present.count_ones() as usize == shape.properties.len()
        } else {
            shape.required.iter().all(|required| is_present(required.value))
        }
    }
}

const fn bit(index: usize) -> u64 {
    assert!(index < 64, "an object declares more properties than a u64 has bits");
    1 << index
}

/// Returns the index of a property. Most senders use the declared order, so the search starts at `next`.
fn find(properties: &[impl Borrow<Property>], next: usize, name: &str) -> Option<usize> {
    (next..properties.len()).chain(0..next).find(|&index| properties[index].borrow().name == name)
}
