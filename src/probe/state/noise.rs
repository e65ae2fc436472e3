//! Values that differ between two runs of the plain story, such as row numbers and times of receipt. They are ignored.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::changes::{ChangeKind, ELEMENT, StateChange, canonical};
use super::difference;

/// The most levels of keys that are learned.
const MAX_DEPTH: usize = 16;

/// The parts of a state that are ignored.
#[derive(Clone, Debug, Default)]
pub(super) struct Noise {
    /// Objects with keys that differ, by their paths.
    keys: BTreeSet<String>,
    /// Values that differ, by their paths.
    values: BTreeSet<String>,
}

/// How often each text occurs at each path.
type Occurrences = BTreeMap<String, BTreeMap<String, usize>>;

impl Noise {
    /// Adds the differences between two runs that should have had the same effect.
    pub(super) fn learn(&mut self, one: &[StateChange], other: &[StateChange]) {
        for _ in 0..MAX_DEPTH {
            let [(one_keys, one_values), (other_keys, other_values)] =
                [one, other].map(|changes| self.occurrences(changes));
            let before = (self.keys.len(), self.values.len());
            self.keys.extend(differing(&one_keys, &other_keys));
            if self.keys.len() == before.0 {
                self.values.extend(differing(&one_values, &other_values));
            }
            if (self.keys.len(), self.values.len()) == before {
                return;
            }
        }
    }

    /// Returns how one effect differs from the right one, in words.
    pub(super) fn difference(&self, right: &[StateChange], wrong: &[StateChange]) -> String {
        difference::describe(&self.significant(right), &self.significant(wrong))
    }

    /// Returns `applied twice` or `lost`, by the difference of two effects.
    pub(super) fn verb(&self, right: &[StateChange], wrong: &[StateChange]) -> &'static str {
        difference::verb(&self.significant(right), &self.significant(wrong))
    }

    /// Returns the changes that are not ignored, each as text, sorted.
    pub(super) fn significant(&self, changes: &[StateChange]) -> Vec<String> {
        let mut texts: Vec<_> = changes.iter().filter_map(|change| self.text(change)).collect();
        texts.sort();
        texts
    }

    fn text(&self, change: &StateChange) -> Option<String> {
        let path = self.path(&change.path);
        match &change.what {
            ChangeKind::Increased(_) if self.values.contains(&path) => None,
            ChangeKind::Increased(by) => Some(format!("{path} {by:+}")),
            ChangeKind::Set(value) => Some(format!("{path} {}", canonical(&self.reduced(value, &path)?))),
        }
    }

    /// Returns the path with [`ELEMENT`] for every ignored key.
    fn path(&self, keys: &[String]) -> String {
        keys.iter().fold(String::new(), |path, key| self.child(&path, key))
    }

    fn child(&self, path: &str, key: &str) -> String {
        format!("{path}/{}", if self.keys.contains(path) { ELEMENT } else { key })
    }

    /// Returns the value without its ignored parts, if something is left.
    fn reduced(&self, value: &Value, path: &str) -> Option<Value> {
        match value {
            Value::Object(members) if self.keys.contains(path) => {
                let values = members.values().filter_map(|value| self.reduced(value, &self.child(path, ELEMENT)));
                Some(Value::Array(values.collect()))
            }
            Value::Object(members) => {
                let reduce =
                    |(key, value): (&String, &Value)| Some((key.clone(), self.reduced(value, &self.child(path, key))?));
                Some(Value::Object(members.iter().filter_map(reduce).collect::<Map<_, _>>()))
            }
            Value::Array(elements) => {
                let path = format!("{path}/{ELEMENT}");
                Some(Value::Array(elements.iter().filter_map(|value| self.reduced(value, &path)).collect()))
            }
            _ => (!self.values.contains(path)).then(|| value.clone()),
        }
    }

    /// Returns the keys of objects and the values, by their paths.
    fn occurrences(&self, changes: &[StateChange]) -> (Occurrences, Occurrences) {
        let (mut keys, mut values) = (Occurrences::new(), Occurrences::new());
        for change in changes {
            let mut path = String::new();
            for key in &change.path {
                if key != ELEMENT {
                    count(&mut keys, &path, key);
                }
                path = self.child(&path, key);
            }
            match &change.what {
                ChangeKind::Increased(by) => count(&mut values, &path, &by.to_string()),
                ChangeKind::Set(value) => self.count_value(value, &path, &mut keys, &mut values),
            }
        }
        (keys, values)
    }

    fn count_value(&self, value: &Value, path: &str, keys: &mut Occurrences, values: &mut Occurrences) {
        match value {
            Value::Object(members) => {
                for (key, value) in members {
                    count(keys, path, key);
                    self.count_value(value, &self.child(path, key), keys, values);
                }
            }
            Value::Array(elements) => {
                let path = format!("{path}/{ELEMENT}");
                for value in elements {
                    self.count_value(value, &path, keys, values);
                }
            }
            leaf => count(values, path, &leaf.to_string()),
        }
    }
}

fn count(occurrences: &mut Occurrences, path: &str, text: &str) {
    *occurrences.entry(path.to_owned()).or_default().entry(text.to_owned()).or_default() += 1;
}

/// Returns the paths with occurrences that differ.
fn differing(one: &Occurrences, other: &Occurrences) -> Vec<String> {
    let paths: BTreeSet<_> = one.keys().chain(other.keys()).collect();
    paths.into_iter().filter(|path| one.get(*path) != other.get(*path)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::super::changes::changes;
    use super::super::difference::without;
    use super::*;
    use serde_json::json;

    #[test]
    fn row_numbers_and_times_of_receipt_are_ignored() {
        let empty = json!({"rows": [], "by_row": {}});
        let state = |first: u32, title: &str| {
            json!({
                "rows": [{"row": first, "title": title}, {"row": first + 1, "title": "B"}],
                "by_row": {first.to_string(): {"title": title}},
            })
        };
        let run = |first, title: &str| changes(&empty, &state(first, title));
        let mut noise = Noise::default();
        noise.learn(&run(1, "A"), &run(9, "A"));
        assert_eq!(noise.significant(&run(1, "A")), noise.significant(&run(20, "A")));
        assert_ne!(noise.significant(&run(1, "A")), noise.significant(&run(20, "C")));
        assert_eq!(without(&noise.significant(&run(1, "A")), &noise.significant(&run(1, "C"))).len(), 2);
    }

    #[test]
    fn an_additional_row_is_not_noise() {
        let run = |rows: &[u32]| changes(&json!([]), &json!(rows));
        let mut noise = Noise::default();
        noise.learn(&run(&[1, 2]), &run(&[3, 4]));
        assert_eq!(noise.significant(&run(&[1, 2])), Vec::<String>::new(), "nothing but noise");
    }
}
