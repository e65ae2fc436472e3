//! Turns counts into a report.

use crate::profiles::Profile;
use crate::profiles::shape::Shape;

use super::report::{DocumentId, DriftMismatch, EventDrift, UndeclaredProperty, UnseenProperty};
use super::shape_counts::{EventCounts, OTHER_KEYS, OTHER_WORDS, ShapeCounts, UndeclaredCounts};
use super::value_stats::{ValueStats, with_step};

/// Reports how the bodies of one event differ from what a profile declares.
pub(super) fn report(event: Option<String>, counts: &EventCounts<'_>, profile: &Profile) -> EventDrift {
    let (bodies, times) = (counts.bodies, counts.times);
    let document = DocumentId::new(profile);
    let mut drift = EventDrift { event, document, bodies, times, ..EventDrift::default() };
    report_path(&counts.root, counts.shape, &mut String::new(), &mut drift);
    drift
}

fn report_path(counts: &ShapeCounts, shape: &Shape, pointer: &mut String, drift: &mut EventDrift) {
    report_types(counts, shape, pointer, drift);
    report_values(counts, shape, pointer, drift);
    if counts.is_object {
        drift.objects.push(pointer.clone());
        report_members(counts, shape, pointer, drift);
    }
    if let (Some(items), Some(declared)) = (&counts.items, shape.items.as_deref()) {
        with_step(pointer, "*", |pointer| report_path(items, declared, pointer, drift));
    }
}

fn report_types(counts: &ShapeCounts, shape: &Shape, pointer: &str, drift: &mut EventDrift) {
    let Some(types) = &shape.types else { return };
    let declared: Vec<&str> = types.value.iter().map(|json_type| json_type.name()).collect();
    let mismatches = counts.types.iter().map(|(found, seen)| mismatch(pointer, &declared, found.name(), seen));
    drift.types.extend(mismatches);
}

fn report_values(counts: &ShapeCounts, shape: &Shape, pointer: &str, drift: &mut EventDrift) {
    let Some(values) = shape.values.as_ref().or(shape.seen.as_ref()) else { return };
    let words = counts.words.known.iter().map(|(word, seen)| (&**word, seen));
    let more_words = counts.words.rest.iter().map(|seen| (OTHER_WORDS, &**seen));
    let texts = counts.texts.iter().map(|(text, seen)| (&**text, seen));
    let found = words.chain(more_words).chain(texts);
    drift.values.extend(found.map(|(found, seen)| mismatch(pointer, &values.value, found, seen)));
}

fn mismatch(pointer: &str, declared: &[&str], found: &str, seen: &ValueStats) -> DriftMismatch {
    let declared = declared.iter().map(ToString::to_string).collect();
    DriftMismatch { pointer: pointer.to_owned(), declared, found: found.to_owned(), seen: seen.clone() }
}

fn report_members(counts: &ShapeCounts, shape: &Shape, pointer: &mut String, drift: &mut EventDrift) {
    let rest = counts.undeclared.rest.as_deref().map(|rest| (OTHER_KEYS, rest));
    let known = counts.undeclared.known.iter().map(|(step, counts)| (&**step, counts));
    for (step, UndeclaredCounts { types, seen }) in known.chain(rest) {
        let pointer = format!("{pointer}/{step}");
        let types = types.iter().copied().collect();
        drift.undeclared.push(UndeclaredProperty { pointer, types, seen: seen.clone() });
    }
    for property in &shape.properties {
        with_step(pointer, property.name, |pointer| {
            if let Some(counts) = counts.properties.get(&property.name) {
                return report_path(counts, &property.shape, pointer, drift);
            }
            let document = property.shape.pointer.clone();
            drift.unseen.push(UnseenProperty { pointer: pointer.clone(), document });
        });
    }
}
