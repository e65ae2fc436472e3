//! Counts from a report: what `drift --merge` adds up.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::json::json_type::JsonType;
use crate::profiles::shape::Shape;

use super::report::{DriftMismatch, EventDrift, UndeclaredProperty};
use super::shape_counts::{EventCounts, OTHER_KEYS, OTHER_WORDS, ShapeCounts, UndeclaredCounts, is_word};
use super::value_stats::with_step;

/// What a report says about each path, until it is restored.
struct Paths<'r> {
    objects: HashSet<&'r str>,
    unseen: HashSet<&'r str>,
    /// By the object that has them.
    undeclared: BTreeMap<&'r str, Vec<&'r UndeclaredProperty>>,
    types: HashMap<&'r str, Vec<&'r DriftMismatch>>,
    values: HashMap<&'r str, Vec<&'r DriftMismatch>>,
}

/// Returns the counts that a report was made of, or `None` if it names a path that is not declared.
pub(super) fn counts<'d>(drift: &EventDrift, shape: &'d Shape) -> Option<EventCounts<'d>> {
    let mut paths = Paths {
        objects: drift.objects.iter().map(String::as_str).collect(),
        unseen: drift.unseen.iter().map(|property| property.pointer.as_str()).collect(),
        undeclared: BTreeMap::new(),
        types: by_pointer(&drift.types),
        values: by_pointer(&drift.values),
    };
    for property in &drift.undeclared {
        paths.undeclared.entry(property.pointer.rsplit_once('/')?.0).or_default().push(property);
    }
    let mut counts = EventCounts { bodies: drift.bodies, times: drift.times, ..EventCounts::new(shape) };
    paths.restore(&mut counts.root, shape, &mut String::new())?;
    let Paths { objects, unseen, undeclared, types, values } = paths;
    let is_restored =
        objects.is_empty() && unseen.is_empty() && undeclared.is_empty() && types.is_empty() && values.is_empty();
    is_restored.then_some(counts)
}

fn by_pointer(mismatches: &[DriftMismatch]) -> HashMap<&str, Vec<&DriftMismatch>> {
    mismatches.iter().fold(HashMap::new(), |mut paths, mismatch| {
        paths.entry(mismatch.pointer.as_str()).or_insert_with(Vec::new).push(mismatch);
        paths
    })
}

impl Paths<'_> {
    fn restore(&mut self, counts: &mut ShapeCounts, shape: &Shape, pointer: &mut String) -> Option<()> {
        for DriftMismatch { found, seen, .. } in self.types.remove(pointer.as_str()).unwrap_or_default() {
            let json_type = JsonType::named(found)?;
            counts.types.get_or_insert(&json_type, || (json_type, seen.clone()));
        }
        for DriftMismatch { found, seen, .. } in self.values.remove(pointer.as_str()).unwrap_or_default() {
            if found == OTHER_WORDS {
                counts.words.rest_entry(|| seen.clone());
            } else if is_word(found) {
                counts.words.entry(found, || seen.clone());
            } else {
                counts.texts.get_or_insert(&**found, || (found.as_str().into(), seen.clone()));
            }
        }
        if self.objects.remove(pointer.as_str()) {
            counts.is_object = true;
            self.restore_members(counts, shape, pointer)?;
        }
        let Some(items) = &shape.items else { return Some(()) };
        let of_items = counts.items.get_or_insert_default();
        with_step(pointer, "*", |pointer| self.restore(of_items, items, pointer))
    }

    fn restore_members(&mut self, counts: &mut ShapeCounts, shape: &Shape, pointer: &mut String) -> Option<()> {
        for property in self.undeclared.remove(pointer.as_str()).unwrap_or_default() {
            let new =
                || UndeclaredCounts { types: property.types.iter().copied().collect(), seen: property.seen.clone() };
            match property.pointer.rsplit_once('/')?.1 {
                OTHER_KEYS => counts.undeclared.rest_entry(new),
                step => counts.undeclared.entry(step, new),
            };
        }
        for property in &shape.properties {
            with_step(pointer, property.name, |pointer| {
                if self.unseen.remove(pointer.as_str()) {
                    return Some(());
                }
                let counts =
                    counts.properties.get_or_insert(&property.name, || (property.name, ShapeCounts::default()));
                self.restore(counts, &property.shape, pointer)
            })?;
        }
        Some(())
    }
}
