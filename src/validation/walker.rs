//! Compares a body with its declared shape, from the outermost value to the innermost.

use std::collections::HashMap;
use std::ops::Range;

use crate::json::{Member, Node, Value, push_step};
use crate::models::event::nearest;
use crate::models::rule::Rule;
use crate::profiles::shape::{Property, Shape};

use super::findings::FindingCollector;
use super::mismatch::Mismatch;
use super::wording::{Wording, code};

/// Walks through a body.
pub(super) struct Walker {
    pub(super) findings: FindingCollector,
    /// Is every declared property expected, or only those that the document requires?
    expects_all_declared: bool,
    /// May objects have any other properties, and lack declared ones?
    pub(super) is_open: bool,
    /// Properties at the top of the body that need no further check.
    pub(super) settled: Vec<&'static str>,
    /// A JSON Pointer to the value that is being checked.
    pointer: String,
}

impl Walker {
    pub(super) const fn new(findings: FindingCollector, expects_all_declared: bool) -> Self {
        Self { findings, expects_all_declared, is_open: false, settled: Vec::new(), pointer: String::new() }
    }

    /// Adds a finding about the value that is being checked.
    pub(super) fn add<W: Into<Wording>>(
        &mut self,
        rule: Rule,
        span: Range<usize>,
        document: Option<&str>,
        describe: impl FnOnce() -> W,
    ) {
        self.findings.add(rule, (&self.pointer, span), document, describe);
    }

    /// Runs `check` on the member or the item with this key.
    pub(super) fn within<T>(&mut self, key: &str, check: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.pointer.len();
        push_step(&mut self.pointer, key);
        let result = check(self);
        self.pointer.truncate(length);
        result
    }

    /// Checks a value and everything in it. Without a shape, only repeated keys are findings.
    pub(super) fn check(&mut self, node: &Node<'_>, shape: Option<&Shape>, key: &str) {
        let mismatch = shape.and_then(|shape| Mismatch::find(shape, &node.value));
        if let Some(mismatch) = &mismatch {
            let noun = if self.pointer.is_empty() { "the body".to_owned() } else { code(key) };
            self.add(mismatch.rule(), node.span.clone(), Some(mismatch.document()), || {
                mismatch.describe(&noun, &node.value)
            });
        }
        let shape = shape.filter(|_| mismatch.is_none());
        match &node.value {
            Value::Object(members) => self.check_object(node, members, shape),
            Value::Array(items) => {
                let shape = shape.and_then(|shape| shape.items.as_deref());
                for (index, item) in items.iter().enumerate() {
                    let index = index.to_string();
                    self.within(&index, |walker| walker.check(item, shape, &index));
                }
            }
            _ => {}
        }
    }

    fn check_object(&mut self, node: &Node<'_>, members: &[Member<'_>], shape: Option<&Shape>) {
        let indices = index_keys(members);
        let find = |key: &str| {
            let has_key = |member: &Member<'_>| member.key == key;
            let search = || Some((members.iter().position(has_key)?, members.iter().rposition(has_key)?));
            if indices.is_empty() { search() } else { indices.get(key).copied() }
        };
        // Only the outermost object has any.
        let settled = std::mem::take(&mut self.settled);
        for (index, member) in members.iter().enumerate() {
            let key = member.key.as_ref();
            let (first, last) = find(key).unwrap_or((index, index));
            // Of a repeated key, the last value counts.
            let shape = shape.filter(|_| last == index && !settled.contains(&key));
            self.within(key, |walker| {
                if first != index {
                    let describe = || format!("{} is repeated", code(key));
                    walker.add(Rule::RepeatedKey, member.key_span.clone(), None, describe);
                }
                let declared = shape.and_then(|shape| shape.property(key));
                if let (Some(shape), None, false) = (shape, declared, walker.is_open) {
                    walker.add_undeclared(member, shape, |name| find(name).is_none());
                }
                walker.check(&member.node, declared, key);
            });
        }
        let Some(shape) = shape.filter(|_| !self.is_open) else { return };
        let is_absent = |name: &str| find(name).is_none() && !settled.contains(&name);
        for required in shape.required.iter().filter(|required| is_absent(required.value)) {
            self.add_missing(Rule::Required, node, required.value, &required.pointer);
        }
        for Property { name, shape: declared } in &shape.properties {
            if self.expects_all_declared && is_absent(name) && !shape.requires(name) {
                self.add_missing(Rule::MissingProperty, node, name, &declared.pointer);
            }
        }
    }

    fn add_missing(&mut self, rule: Rule, object: &Node<'_>, name: &str, document: &str) {
        self.within(name, |walker| {
            walker.add(rule, object.opening(), Some(document), || format!("`{name}` is missing"));
        });
    }

    fn add_undeclared(&mut self, member: &Member<'_>, shape: &Shape, is_absent: impl Fn(&str) -> bool) {
        self.add(Rule::UndeclaredProperty, member.key_span.clone(), Some(&shape.pointer), || {
            let names = shape.properties.iter().map(|property| property.name);
            let similar = nearest(&member.key, names.filter(|name| is_absent(name)));
            Wording {
                message: format!("{} is not declared", code(&member.key)),
                help: similar.map(|name| format!("did you mean `{name}`?").into()),
            }
        });
    }
}

/// The first and the last index of each key of an object with many members, which a stranger may have sent. Small objects are
/// searched: that is faster than hashing them.
fn index_keys<'n>(members: &'n [Member<'_>]) -> HashMap<&'n str, (usize, usize)> {
    let mut indices = HashMap::new();
    if members.len() > 32 {
        for (index, member) in members.iter().enumerate() {
            indices.entry(member.key.as_ref()).or_insert((index, index)).1 = index;
        }
    }
    indices
}
