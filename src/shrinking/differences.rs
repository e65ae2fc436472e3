//! The changes that turn one body into another, value by value.

use crate::generator::edit::Edit;
use crate::json::json_type::JsonType;
use crate::json::{self, Node, Value, push_step};

/// One change that makes a body more like another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BodyChange {
    /// The JSON Pointer of the value that changes.
    pub(super) pointer: String,
    /// Does the body have no value there?
    pub(super) is_missing: bool,
    /// The type of the value of the other body there.
    pub(super) other_type: Option<JsonType>,
    /// The value of the other body there, as written.
    pub(super) other_text: Option<String>,
    edit: Edit,
}

impl BodyChange {
    /// `other` is the value of the other body as written, and its type. `None` removes the value.
    fn new(pointer: &str, is_missing: bool, other: Option<(String, JsonType)>) -> Option<Self> {
        let edit = match &other {
            Some((text, _)) => Edit::set(&format!("{pointer}={text}")),
            None => Edit::unset(pointer),
        };
        // An edit cannot express some unusual keys. They stay as they are.
        let edit = edit.ok()?;
        let (other_text, other_type) = other.unzip();
        Some(Self { pointer: pointer.to_owned(), is_missing, other_type, other_text, edit })
    }

    /// Returns the change that removes what is at this pointer.
    pub(super) fn removal(pointer: &str) -> Option<Self> {
        Self::new(pointer, false, None)
    }

    /// Returns the changed body; `None` if it has no value to replace.
    pub(super) fn apply(&self, body: &[u8]) -> Option<Vec<u8>> {
        let root = json::parse(body).ok()?;
        let mut steps = self.pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~"));
        if !self.is_missing && steps.try_fold(&root, |node, step| node.child(&step)).is_none() {
            return None;
        }
        self.edit.apply("", body).ok()
    }
}

/// Returns the changes that turn `body` into `other`, in the order of the two. Arrays are replaced whole.
pub(super) fn differences(body: &[u8], other: &[u8]) -> Vec<BodyChange> {
    let mut comparison = Comparison { body, other, pointer: String::new(), found: Vec::new() };
    if let (Ok(node), Ok(other)) = (json::parse(body), json::parse(other)) {
        comparison.compare(&node, &other);
    }
    comparison.found
}

struct Comparison<'a> {
    body: &'a [u8],
    other: &'a [u8],
    pointer: String,
    found: Vec<BodyChange>,
}

impl Comparison<'_> {
    fn compare(&mut self, node: &Node<'_>, other: &Node<'_>) {
        let (Value::Object(members), Value::Object(others)) = (&node.value, &other.value) else {
            if self.body[node.span()] != self.other[other.span()] {
                self.add(false, Some(other));
            }
            return;
        };
        let length = self.pointer.len();
        for (index, member) in members.iter().enumerate() {
            push_step(&mut self.pointer, &member.key);
            // The last one of a repeated key counts.
            if !members[index + 1..].iter().any(|later| later.key == member.key) {
                match other.get(&member.key) {
                    Some(value) => self.compare(&member.node, value),
                    None => self.add(false, None),
                }
            }
            self.pointer.truncate(length);
        }
        for member in others.iter().filter(|member| node.get(&member.key).is_none()) {
            push_step(&mut self.pointer, &member.key);
            self.add(true, Some(&member.node));
            self.pointer.truncate(length);
        }
    }

    fn add(&mut self, is_missing: bool, other: Option<&Node<'_>>) {
        let text = |node: &Node<'_>| String::from_utf8_lossy(&self.other[node.span()]).into_owned();
        let other = other.map(|other| (text(other), other.value.json_type()));
        self.found.extend(BodyChange::new(&self.pointer, is_missing, other));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_differences_together_make_the_other_body() {
        let body = br#"{"a":1,"b":{"x":null,"y":"=","extra":{}},"c":[1],"d/e":0}"#;
        let other = br#"{"a":1,"b":{"x":{"z":2},"y":"~","new":[]},"c":[1,2],"d/e":1,"f":true}"#;
        let found = differences(body, other);
        let pointers: Vec<_> = found.iter().map(|difference| difference.pointer.as_str()).collect();
        assert_eq!(pointers, ["/b/x", "/b/y", "/b/extra", "/b/new", "/c", "/d~1e", "/f"]);
        assert!(found.iter().map(|found| found.is_missing).eq([false, false, false, true, false, false, true]));
        let edited = found.iter().try_fold(body.to_vec(), |body, difference| difference.apply(&body)).expect("it fits");
        let value = |body: &[u8]| serde_json::from_slice::<serde_json::Value>(body).expect("JSON");
        assert_eq!(value(&edited), value(other));
        assert_eq!(found[0].apply(br#"{"b":{}}"#), None);
        assert_eq!(found[3].apply(br#"{"b":{}}"#).as_deref(), Some(&br#"{"b":{"new":[]}}"#[..]));
    }
}
