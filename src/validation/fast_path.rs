//! The fast way in: one pass over the bytes that says *clean* or *look closer*, and builds nothing.
//!
//! It may send a clean body to the slow way; it never passes a body that the slow way would object to (tests hold it to
//! that). What is JSON is decided by `serde_json`, here as there.

use std::borrow::Borrow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::json::json_type::JsonType;
use crate::models::event::{Entity, EventKind};
use crate::models::request::{self, Request};
use crate::profiles::find_event;
use crate::profiles::identify::{last_segment, named_by_target};
use crate::profiles::is_undocumented;
use crate::profiles::shape::{Property, Shape};

use super::report::Report;
use super::{Declarations, formats};

/// The six shapes of bodies as one, so that a body can be read before it has said which of them it has.
#[derive(Debug)]
pub(super) struct FastPath {
    /// Every property that any body may have at its top.
    top: Vec<&'static Property>,
    /// The properties that a body about an entity may have, as bits over `top`.
    allowed: [u64; Entity::ALL.len()],
    /// The properties that it must have to be clean.
    wanted: [u64; Entity::ALL.len()],
    /// Is every declared property wanted, or only what is required?
    wants_all: bool,
}

/// What a pass over a body has learnt.
#[derive(Default)]
struct Facts<'s> {
    event: Option<EventKind>,
    /// The top properties that were there, as bits.
    seen: u64,
    /// The payload's status.
    status: Option<&'s str>,
}

impl FastPath {
    pub(super) fn new(declarations: &'static Declarations) -> Self {
        let wants_all = declarations.wants_all;
        let (mut allowed, mut wanted) = ([0; Entity::ALL.len()], [0; Entity::ALL.len()]);
        let mut top: Vec<&Property> = Vec::new();
        for (entity, shape) in declarations.entities.iter().enumerate() {
            for property in &shape.properties {
                let index = top.iter().position(|known| known.name == property.name).unwrap_or_else(|| {
                    top.push(property);
                    top.len() - 1
                });
                allowed[entity] |= bit(index);
                if wants_all || shape.requires(property.name) {
                    wanted[entity] |= bit(index);
                }
            }
        }
        Self { top, allowed, wanted, wants_all }
    }

    /// The report on a delivery without any finding; `None` means that it must be looked at more closely.
    pub(super) fn accept(&self, delivery: &Request, expected: Option<EventKind>) -> Option<Report> {
        if !delivery.headers().all(request::CONTENT_TYPE).all(|value| value == request::JSON.as_bytes()) {
            return None;
        }
        let mut facts = Facts::default();
        // All of it at once, so that the reader need not look at every string by itself.
        let text = simdutf8::basic::from_utf8(delivery.body()).ok()?;
        let mut reader = serde_json::Deserializer::from_str(text);
        Top { acceptor: self, facts: &mut facts }.deserialize(&mut reader).ok()?;
        reader.end().ok()?;
        let fits = |entity: &Entity| {
            let index = *entity as usize;
            facts.seen & !self.allowed[index] == 0 && self.wanted[index] & !facts.seen == 0
        };
        let in_path = named_by_target(delivery.target());
        let Some(kind) = facts.event.or(expected).or(in_path) else {
            // An empty last segment is that of the plain path; any other might name an event outside the document.
            let untold = last_segment(delivery.target()).is_none_or(|name| !is_undocumented(name));
            return Entity::ALL.into_iter().find(fits).filter(|_| untold).map(|entity| Report::clean(None, entity));
        };
        let same = |other: Option<EventKind>| other.is_none_or(|other| other == kind);
        let clean = fits(&kind.entity())
            && same(expected)
            && same(in_path)
            && !facts.status.is_some_and(|status| kind.contradictory_statuses().contains(&status));
        clean.then(|| Report::clean(Some(kind), kind.entity()))
    }
}

const fn bit(index: usize) -> u64 {
    assert!(index < 64, "an object declares more properties than a u64 has bits");
    1 << index
}

/// The index of the property of this name. Properties mostly come in the declared order, so the search starts behind
/// the one that came last.
fn find(properties: &[impl Borrow<Property>], after: usize, name: &str) -> Option<usize> {
    let count = properties.len();
    (after..count).chain(0..after).find(|&index| properties[index].borrow().name == name)
}

/// Ends the pass; the slow way finds the words.
fn look_closer<E: Error>() -> E {
    E::custom("look closer")
}

/// The body.
struct Top<'s, 'f> {
    acceptor: &'s FastPath,
    facts: &'f mut Facts<'s>,
}

impl<'de> DeserializeSeed<'de> for Top<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Top<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a body")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let properties = &self.acceptor.top;
        let mut next = 0;
        while let Some(index) = map.next_key_seed(Key { properties, after: next })? {
            if self.facts.seen & bit(index) != 0 {
                return Err(look_closer());
            }
            self.facts.seen |= bit(index);
            next = index + 1;
            let property = &properties[index];
            if property.name == "event" {
                self.facts.event = Some(map.next_value_seed(EventName)?);
            } else {
                let wants_all = self.acceptor.wants_all;
                map.next_value_seed(Declared {
                    name: property.name,
                    shape: &property.shape,
                    wants_all,
                    status: &mut self.facts.status,
                })?;
            }
        }
        Ok(())
    }
}

/// A key, as the index of its property.
struct Key<'s, P> {
    properties: &'s [P],
    after: usize,
}

impl<'de, P: Borrow<Property>> DeserializeSeed<'de> for Key<'_, P> {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<P: Borrow<Property>> Visitor<'_> for Key<'_, P> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a declared key")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<usize, E> {
        find(self.properties, self.after, name).ok_or_else(look_closer)
    }
}

/// The body's `event`.
struct EventName;

impl<'de> DeserializeSeed<'de> for EventName {
    type Value = EventKind;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<EventKind, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for EventName {
    type Value = EventKind;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of an event")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<EventKind, E> {
        find_event(name).ok_or_else(look_closer)
    }
}

/// A value that something is declared about.
struct Declared<'s, 'f> {
    /// The key that it stands under.
    name: &'s str,
    shape: &'s Shape,
    wants_all: bool,
    status: &'f mut Option<&'s str>,
}

impl Declared<'_, '_> {
    fn check<E: Error>(&self, json_type: JsonType) -> Result<(), E> {
        if self.shape.allows(json_type) { Ok(()) } else { Err(look_closer()) }
    }
}

impl<'de> DeserializeSeed<'de> for Declared<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match self.shape.types.as_ref().map(|types| types.value.as_slice()) {
            Some([JsonType::String]) => deserializer.deserialize_str(self),
            Some([JsonType::Integer]) => deserializer.deserialize_i64(self),
            Some([JsonType::Boolean]) => deserializer.deserialize_bool(self),
            Some([JsonType::Object]) => deserializer.deserialize_map(self),
            Some([JsonType::Array]) => deserializer.deserialize_seq(self),
            Some(_) => deserializer.deserialize_any(self),
            None => Err(look_closer()),
        }
    }
}

impl<'de> Visitor<'de> for Declared<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the declared value")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.check(JsonType::String)?;
        if let Some(values) = &self.shape.values {
            let value = values.value.iter().find(|value| **value == text).ok_or_else(look_closer)?;
            if self.name == "status" {
                *self.status = Some(value);
            }
        }
        match &self.shape.format {
            Some(format) if !formats::text_has(format.value, text) => Err(look_closer()),
            _ => Ok(()),
        }
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        self.check(JsonType::Boolean)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        self.check(JsonType::Integer)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        self.check(JsonType::Integer)?;
        // Past the range of an int64, which not every integer has to keep to: the slow way knows.
        i64::try_from(number).map(|_| ()).map_err(|_| look_closer())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        self.check(JsonType::Array)?;
        let shape = self.shape.items.as_deref().ok_or_else(look_closer)?;
        let Self { name, wants_all, status, .. } = self;
        while items.next_element_seed(Declared { name, shape, wants_all, status: &mut *status })?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        self.check(JsonType::Object)?;
        let properties = &self.shape.properties;
        let (mut seen, mut next) = (0, 0);
        while let Some(index) = map.next_key_seed(Key { properties, after: next })? {
            if seen & bit(index) != 0 {
                return Err(look_closer());
            }
            seen |= bit(index);
            next = index + 1;
            // A container's status would be another thing than the payload's; the document declares none.
            let Property { name, shape } = &properties[index];
            map.next_value_seed(Declared { name, shape, wants_all: self.wants_all, status: &mut *self.status })?;
        }
        let there = |name: &str| find(properties, 0, name).is_some_and(|index| seen & bit(index) != 0);
        let whole = if self.wants_all {
            seen.count_ones() as usize == properties.len()
        } else {
            self.shape.required.iter().all(|required| there(required.value))
        };
        if whole { Ok(()) } else { Err(look_closer()) }
    }
}
