//! What was counted, held against what a document declares.

use crate::json;
use crate::profiles::shape::{Kind, Shape};

use super::census::{Census, LONGEST, Place};
use super::tally::{Tally, Type};
use super::{Drift, OtherType, OtherValue, Undeclared, Unseen};

/// How the bodies of one event differ from what is declared about them.
pub(super) fn compare(event: Option<String>, census: &Census, shape: &Shape) -> Drift {
    let mut drift = Drift {
        event,
        bodies: census.bodies,
        first_seen: census.times.first,
        last_seen: census.times.last,
        undeclared: Vec::new(),
        unseen: Vec::new(),
        types: Vec::new(),
        values: Vec::new(),
    };
    place(&census.root, shape, &mut String::new(), &mut drift);
    drift
}

fn place(place: &Place, shape: &Shape, pointer: &mut String, drift: &mut Drift) {
    types(place, shape, pointer, drift);
    values(place, shape, pointer, drift);
    if place.types.contains_key(&Type::Object) && shape.allows(Kind::Object) {
        members(place, shape, pointer, drift);
    }
    if let (Some(items), Some(declared)) = (&place.items, shape.items.as_deref()) {
        within(pointer, "*", |pointer| self::place(items, declared, pointer, drift));
    }
}

fn types(place: &Place, shape: &Shape, pointer: &str, drift: &mut Drift) {
    let Some(kinds) = &shape.kinds else { return };
    for (&found, tally) in &place.types {
        if !kinds.value.iter().any(|&kind| is(found, kind)) {
            drift.types.push(OtherType {
                pointer: pointer.to_owned(),
                declared: kinds.value.iter().map(|kind| kind.name()).collect(),
                found: found.name(),
                seen: tally.seen(),
            });
        }
    }
}

fn values(place: &Place, shape: &Shape, pointer: &str, drift: &mut Drift) {
    let Some(declared) = &shape.values else { return };
    let mut add = |found: String, tally: &Tally| {
        let (pointer, declared) = (pointer.to_owned(), declared.value.clone());
        drift.values.push(OtherValue { pointer, declared, found, seen: tally.seen() });
    };
    for (text, tally) in place.texts.short.iter().filter(|(text, _)| !declared.value.contains(&text.as_str())) {
        add(word(text), tally);
    }
    // No list that is declared is as long, and no word of one (a test says so): with these there is a difference.
    if let Some(more) = &place.texts.more {
        add("more different texts".to_owned(), more);
    }
    if let Some(long) = &place.texts.long {
        add(format!("text of more than {LONGEST} characters"), long);
    }
}

fn members(place: &Place, shape: &Shape, pointer: &mut String, drift: &mut Drift) {
    let others = place.others.as_deref().map(|others| ("*", others));
    for (key, member) in place.members.iter().map(|(key, member)| (key.as_str(), member)).chain(others) {
        within(pointer, key, |pointer| match (shape.property(key), member.seen()) {
            (Some(declared), _) => self::place(member, declared, pointer, drift),
            (None, Some(seen)) => drift.undeclared.push(Undeclared {
                pointer: pointer.clone(),
                types: member.types.keys().map(|found| found.name()).collect(),
                seen,
            }),
            (None, None) => {}
        });
    }
    // Where not all keys are told apart, a property may be among the others.
    let is_unseen = |name: &str| place.others.is_none() && !place.members.contains_key(name);
    for property in shape.properties.iter().filter(|property| is_unseen(property.name)) {
        within(pointer, property.name, |pointer| {
            drift.unseen.push(Unseen { pointer: pointer.clone(), document: property.shape.pointer.clone() });
        });
    }
}

fn within(pointer: &mut String, key: &str, compare: impl FnOnce(&mut String)) {
    let length = pointer.len();
    json::step(pointer, key);
    compare(pointer);
    pointer.truncate(length);
}

const fn is(found: Type, declared: Kind) -> bool {
    matches!(
        (found, declared),
        (Type::Object, Kind::Object)
            | (Type::Array, Kind::Array)
            | (Type::String, Kind::String)
            | (Type::Integer, Kind::Integer)
            | (Type::Boolean, Kind::Boolean)
    )
}

/// A text that looks like a word of a list is one, and needed to mend the list; anything else may be somebody's data.
fn word(text: &str) -> String {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')) {
        text.to_owned()
    } else {
        format!("text of {} characters", text.chars().count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drift::census::TEXTS;
    use crate::models::event::Entity;
    use crate::profiles::ALL;
    use crate::profiles::document::Document;

    fn declared(shape: &Shape, values: &mut Vec<Vec<&'static str>>) {
        values.extend(shape.values.iter().map(|values| values.value.clone()));
        for shape in shape.properties.iter().map(|property| &property.shape).chain(shape.items.as_deref()) {
            declared(shape, values);
        }
    }

    #[test]
    fn every_declared_list_is_shorter_than_what_is_told_apart() {
        let mut lists = Vec::new();
        for document in ALL.map(Document::new) {
            for entity in Entity::ALL {
                declared(&document.shape(entity), &mut lists);
            }
        }
        assert!(!lists.is_empty());
        for list in lists {
            assert!(list.len() < TEXTS && list.iter().all(|word| word.chars().count() <= LONGEST), "{list:?}");
        }
    }
}
