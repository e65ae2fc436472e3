//! Compares observations with a document.

use crate::json::json_type::JsonType;
use crate::profiles::shape::Shape;

use super::path_stats::{EventStats, MAX_TEXT_LENGTH, PathStats};
use super::report::{DriftMismatch, EventDrift, UndeclaredProperty, UnseenProperty};
use super::value_stats::{ValueStats, push_step};

/// Compares the bodies of an event with their shape.
pub(super) fn compare(event: Option<String>, stats: &EventStats, shape: &Shape) -> EventDrift {
    let mut drift = EventDrift { event, bodies: stats.bodies, times: stats.times, ..EventDrift::default() };
    compare_path(&stats.root, shape, &mut String::new(), &mut drift);
    drift
}

fn compare_path(stats: &PathStats, shape: &Shape, pointer: &mut String, drift: &mut EventDrift) {
    compare_types(stats, shape, pointer, drift);
    compare_values(stats, shape, pointer, drift);
    if stats.types.contains_key(&JsonType::Object) && shape.allows(JsonType::Object) {
        compare_members(stats, shape, pointer, drift);
    }
    if let (Some(items), Some(declared)) = (&stats.items, shape.items.as_deref()) {
        enter(pointer, "*", |pointer| compare_path(items, declared, pointer, drift));
    }
}

fn compare_types(stats: &PathStats, shape: &Shape, pointer: &str, drift: &mut EventDrift) {
    let Some(types) = &shape.types else { return };
    let declared: Vec<&str> = types.value.iter().map(|json_type| json_type.name()).collect();
    for (found, seen) in stats.types.iter().filter(|(found, _)| !types.value.contains(found)) {
        drift.types.push(mismatch(pointer, &declared, found.name().to_owned(), seen));
    }
}

fn compare_values(stats: &PathStats, shape: &Shape, pointer: &str, drift: &mut EventDrift) {
    let Some(values) = shape.values.as_ref().or(shape.seen.as_ref()) else { return };
    let mut add = |found, seen: &ValueStats| drift.values.push(mismatch(pointer, &values.value, found, seen));
    for (text, seen) in stats.texts.known.iter().filter(|(text, _)| !values.value.contains(&&***text)) {
        add(redact(text), seen);
    }
    // All declared lists and values are below these limits (see the test), so these values are always differences.
    if let Some(seen) = &stats.texts.rest {
        add("other values".to_owned(), seen);
    }
    if let Some(seen) = &stats.long_texts {
        add(format!("text of more than {MAX_TEXT_LENGTH} characters"), seen);
    }
}

fn mismatch(pointer: &str, declared: &[&str], found: String, seen: &ValueStats) -> DriftMismatch {
    let declared = declared.iter().map(ToString::to_string).collect();
    DriftMismatch { pointer: pointer.to_owned(), declared, found, seen: seen.clone() }
}

fn compare_members(stats: &PathStats, shape: &Shape, pointer: &mut String, drift: &mut EventDrift) {
    let rest = stats.members.rest.as_deref().map(|rest| ("*", rest));
    for (key, member) in stats.members.known.iter().map(|(key, member)| (&**key, member)).chain(rest) {
        enter(pointer, key, |pointer| match (shape.property(key), member.total()) {
            (Some(declared), _) => compare_path(member, declared, pointer, drift),
            (None, Some(seen)) => {
                let types = member.types.keys().copied().collect();
                drift.undeclared.push(UndeclaredProperty { pointer: pointer.clone(), types, seen });
            }
            (None, None) => {}
        });
    }
    // Beyond the limit of keys, a declared property may be among the rest.
    let is_unseen = |name: &str| stats.members.rest.is_none() && !stats.members.known.contains_key(name);
    for property in shape.properties.iter().filter(|property| is_unseen(property.name)) {
        enter(pointer, property.name, |pointer| {
            drift.unseen.push(UnseenProperty { pointer: pointer.clone(), document: property.shape.pointer.clone() });
        });
    }
}

fn enter(pointer: &mut String, key: &str, compare: impl FnOnce(&mut String)) {
    let length = pointer.len();
    push_step(pointer, key);
    compare(pointer);
    pointer.truncate(length);
}

/// Returns text that may be an enum value, which helps to fix the document. Other text may be private.
fn redact(text: &str) -> String {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')) {
        text.to_owned()
    } else {
        format!("text of {} characters", text.chars().count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drift::path_stats::MAX_TEXTS;
    use crate::profiles::ALL;
    use crate::profiles::document::Document;

    fn declared(shape: &Shape, values: &mut Vec<Vec<&'static str>>) {
        values.extend(shape.values.iter().map(|values| values.value.clone()));
        for shape in shape.properties.iter().map(|property| &property.shape).chain(shape.items.as_deref()) {
            declared(shape, values);
        }
    }

    #[test]
    fn every_declared_list_is_below_the_limits() {
        let mut lists = Vec::new();
        for profile in ALL {
            let document = Document::new(profile);
            for form in profile.bodies {
                declared(&document.shape(form), &mut lists);
            }
        }
        assert!(!lists.is_empty());
        for list in lists {
            assert!(
                list.len() < MAX_TEXTS && list.iter().all(|word| word.chars().count() <= MAX_TEXT_LENGTH),
                "{list:?}"
            );
        }
    }
}
