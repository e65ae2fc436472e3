//! What a run changed in the state of the receiver.

use std::collections::BTreeMap;

use serde_json::Value;

/// One change of a state.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct StateChange {
    /// The keys from the root to the value. Elements of arrays have [`ELEMENT`].
    pub(super) path: Vec<String>,
    pub(super) what: ChangeKind,
}

/// What changed. Values that the run removed are ignored: they may belong to another run.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum ChangeKind {
    /// The value is new, or differs from the one before.
    Set(Value),
    /// The number grew by this much, or shrank if this is negative.
    Increased(f64),
}

/// Stands in a path for any element of an array, because the order of elements is ignored.
pub(super) const ELEMENT: &str = "*";

/// Returns how `after` differs from `before`.
pub(super) fn changes(before: &Value, after: &Value) -> Vec<StateChange> {
    let mut found = Vec::new();
    compare(before, after, &mut Vec::new(), &mut found);
    found
}

fn compare(before: &Value, after: &Value, path: &mut Vec<String>, found: &mut Vec<StateChange>) {
    let mut add = |what| found.push(StateChange { path: path.clone(), what });
    match (before, after) {
        _ if before == after => {}
        (Value::Object(before), Value::Object(after)) => {
            for (key, value) in after {
                path.push(key.clone());
                match before.get(key) {
                    Some(old) => compare(old, value, path, found),
                    None => found.push(StateChange { path: path.clone(), what: ChangeKind::Set(value.clone()) }),
                }
                path.pop();
            }
        }
        (Value::Array(before), Value::Array(after)) => compare_elements(before, after, path, found),
        (Value::Number(before), Value::Number(after)) => {
            let number = |number: &serde_json::Number| number.as_f64().unwrap_or_default();
            add(ChangeKind::Increased(number(after) - number(before)));
        }
        _ => add(ChangeKind::Set(after.clone())),
    }
}

/// Compares arrays as multisets. An element that was replaced by one with other numbers is a counter.
fn compare_elements(before: &[Value], after: &[Value], path: &mut Vec<String>, found: &mut Vec<StateChange>) {
    let mut old: BTreeMap<String, Vec<&Value>> = BTreeMap::new();
    for value in before {
        old.entry(canonical(value)).or_default().push(value);
    }
    let is_new = |value: &&Value| old.get_mut(&canonical(value)).and_then(Vec::pop).is_none();
    let new: Vec<&Value> = after.iter().filter(is_new).collect();
    let mut replaced: BTreeMap<String, Vec<&Value>> = BTreeMap::new();
    for value in old.into_values().flatten().rev() {
        replaced.entry(shape(value)).or_default().push(value);
    }
    for value in new {
        let shape = shape(value);
        if let Some(old) = replaced.get_mut(&shape).and_then(Vec::pop) {
            path.push(shape);
            compare(old, value, path, found);
        } else {
            path.push(ELEMENT.to_owned());
            found.push(StateChange { path: path.clone(), what: ChangeKind::Set(value.clone()) });
        }
        path.pop();
    }
}

/// Returns a value as text that does not depend on the order of members and elements.
pub(super) fn canonical(value: &Value) -> String {
    write(value, &|leaf| leaf.to_string())
}

/// Returns a value as text without its numbers.
fn shape(value: &Value) -> String {
    write(value, &|leaf| if leaf.is_number() { "#".to_owned() } else { leaf.to_string() })
}

fn write(value: &Value, leaf: &impl Fn(&Value) -> String) -> String {
    match value {
        Value::Object(members) => {
            let mut texts: Vec<_> = members
                .iter()
                .map(|(key, value)| format!("{}:{}", Value::from(key.as_str()), write(value, leaf)))
                .collect();
            texts.sort();
            format!("{{{}}}", texts.join(","))
        }
        Value::Array(elements) => {
            let mut texts: Vec<_> = elements.iter().map(|value| write(value, leaf)).collect();
            texts.sort();
            format!("[{}]", texts.join(","))
        }
        other => leaf(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn set(path: &[&str], value: Value) -> StateChange {
        StateChange { path: path.iter().map(|key| (*key).to_owned()).collect(), what: ChangeKind::Set(value) }
    }

    #[test]
    fn order_is_ignored_and_repetitions_are_not() {
        let found = changes(&json!({"a": [1, 2], "b": {"x": 1}}), &json!({"b": {"x": 1}, "a": [2, 1, 1]}));
        assert_eq!(found, [set(&["a", ELEMENT], json!(1))]);
    }

    #[test]
    fn counters_are_compared_by_how_much_they_grow() {
        let before = json!({"total": 5, "by": [{"label": "x", "pages": 2}]});
        let after = json!({"total": 8, "by": [{"label": "x", "pages": 4}, {"label": "y", "pages": 1}]});
        let found = changes(&before, &after);
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found.iter().any(|change| change.what == ChangeKind::Increased(3.0)));
        assert!(found.iter().any(|change| change.what == ChangeKind::Increased(2.0)));
        assert!(found.contains(&set(&["by", ELEMENT], json!({"label": "y", "pages": 1}))));
    }
}
