//! Through a body and what is declared about it, at the same time.

use std::collections::HashMap;
use std::ops::Range;

use crate::json::json_type::JsonType;
use crate::json::{self, Member, Node, Value, last};
use crate::models::event::nearest;
use crate::profiles::shape::{Property, Shape};

use super::findings::{Findings, opening};
use super::report::{Finding, Place};
use super::rules::{self, Rule};
use super::value::{Name, check_value};
use super::wording::code;

/// Goes through a body and what is declared about it at the same time.
pub(super) struct Walk<'f> {
    pub(super) findings: &'f mut Findings,
    /// Is every declared property missed where it is absent, or only what is required?
    wants_all: bool,
    /// Where the walk is, as a JSON Pointer.
    pointer: String,
}

impl<'f> Walk<'f> {
    pub(super) const fn new(findings: &'f mut Findings, wants_all: bool) -> Self {
        Self { findings, wants_all, pointer: String::new() }
    }

    /// The properties that every body has; the others are only looked through for repeated keys.
    pub(super) fn base(&mut self, body: &Node<'_>, members: &[Member<'_>], base: &Shape) {
        self.object(body, members, None, &[]);
        for property in &base.properties {
            if let Some(node) = last(members, property.name) {
                let name = Name { pointer: &format!("/{}", property.name), noun: property.name };
                check_value(self.findings, node, &property.shape, &name);
            }
        }
    }

    /// An object: its keys, then its values. Without a shape only repeated keys count. Of the keys that are `settled`
    /// everything has been said already.
    pub(super) fn object(&mut self, node: &Node<'_>, members: &[Member<'_>], shape: Option<&Shape>, settled: &[&str]) {
        let last: HashMap<&str, usize> =
            members.iter().enumerate().map(|(index, member)| (member.key.as_ref(), index)).collect();
        let mut first: HashMap<&str, usize> = HashMap::with_capacity(last.len());
        for (index, member) in members.iter().enumerate() {
            let key = member.key.as_ref();
            let length = self.enter(key);
            if *first.entry(key).or_insert(index) != index {
                self.add(&rules::REPEATED_KEY, member.key_span.clone(), None, || {
                    (
                        format!("{} is there again", code(key)),
                        Some("most readers take the last one, some the first".to_owned()),
                    )
                });
            }
            match shape.filter(|_| last[key] == index && !settled.contains(&key)) {
                None => self.look_for_repeats(&member.node),
                Some(shape) => {
                    if let Some(declared) = shape.property(key) {
                        self.value(&member.node, declared, key);
                    } else {
                        self.undeclared(member, shape, &last);
                        self.look_for_repeats(&member.node);
                    }
                }
            }
            self.pointer.truncate(length);
        }
        let absent = |name: &str| !last.contains_key(name) && !settled.contains(&name);
        for required in shape.into_iter().flat_map(|shape| &shape.required).filter(|name| absent(name.value)) {
            self.missing(&rules::REQUIRED, node, required.value, &required.pointer);
        }
        for Property { name, shape: declared } in shape.into_iter().flat_map(|shape| &shape.properties) {
            if self.wants_all && absent(name) && !shape.is_some_and(|shape| shape.requires(name)) {
                self.missing(&rules::MISSING_PROPERTY, node, name, &declared.pointer);
            }
        }
    }

    fn missing(&mut self, rule: &'static Rule, object: &Node<'_>, name: &str, document: &str) {
        let length = self.enter(name);
        self.add(rule, opening(object), Some(document), || (format!("`{name}` is missing"), None));
        self.pointer.truncate(length);
    }

    fn undeclared(&mut self, member: &Member<'_>, shape: &Shape, present: &HashMap<&str, usize>) {
        self.add(&rules::UNDECLARED_PROPERTY, member.key_span.clone(), Some(&shape.pointer), || {
            let names = shape.properties.iter().map(|property| property.name);
            let meant = nearest(&member.key, names.filter(|name| !present.contains_key(name)));
            (format!("{} is not declared", code(&member.key)), meant.map(|name| format!("did you mean `{name}`?")))
        });
    }

    fn value(&mut self, node: &Node<'_>, shape: &Shape, key: &str) {
        match (&node.value, shape.items.as_deref()) {
            (Value::Object(members), _) if shape.allows(JsonType::Object) => {
                self.object(node, members, Some(shape), &[]);
            }
            (Value::Array(items), Some(declared)) if shape.allows(JsonType::Array) => {
                for (index, item) in items.iter().enumerate() {
                    let index = index.to_string();
                    let length = self.enter(&index);
                    self.value(item, declared, &index);
                    self.pointer.truncate(length);
                }
            }
            _ => {
                check_value(self.findings, node, shape, &Name { pointer: &self.pointer, noun: key });
                self.look_for_repeats(node);
            }
        }
    }

    /// What nothing is declared about may still repeat a key.
    fn look_for_repeats(&mut self, node: &Node<'_>) {
        match &node.value {
            Value::Object(members) => self.object(node, members, None, &[]),
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    let length = self.enter(&index.to_string());
                    self.look_for_repeats(item);
                    self.pointer.truncate(length);
                }
            }
            _ => {}
        }
    }

    /// Goes down to `key`; the answer is the length to cut the pointer to on the way back.
    fn enter(&mut self, key: &str) -> usize {
        let length = self.pointer.len();
        json::step(&mut self.pointer, key);
        length
    }

    /// Message and help are put into words only where the finding is kept: a hostile body has one in every other byte.
    fn add(
        &mut self,
        rule: &'static Rule,
        span: Range<usize>,
        document: Option<&str>,
        words: impl FnOnce() -> (String, Option<String>),
    ) {
        if self.findings.takes(rule, &self.pointer) {
            let (message, help) = words();
            let document = document.map(str::to_owned);
            let place = Place::Body { pointer: self.pointer.clone(), span };
            self.findings.keep(Finding { rule, severity: rule.severity, place, message, help, document });
        }
    }
}
