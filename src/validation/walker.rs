//! Walks a body with its shape and collects findings.

use std::collections::HashMap;
use std::ops::Range;

use crate::json::{Member, Node, Pitfall, PitfallKind, Value, push_step};
use crate::models::event::nearest;
use crate::models::rule::{Rule, Severity};
use crate::profiles::shape::{Property, Shape};

use super::mismatch::{describe_mismatch, find_mismatch};
use super::report::{Finding, FindingLocation, Report};
use super::wording::{Wording, code};

/// The maximum size of all pointers in a report: 16 MiB. The pointer of every finding below a long key repeats the key, so without a
/// limit half a megabyte of JSON could need gigabytes.
const MAX_POINTER_BYTES: usize = 16 << 20;
/// The maximum number of findings in a report. A body may have one in every five bytes, and each takes some hundred bytes.
const MAX_FINDINGS: usize = 20_000;

/// Walks a body.
pub(super) struct Walker<'p> {
    report: Report,
    /// The pitfalls that are not findings yet.
    pitfalls: &'p [Pitfall],
    /// The maximum number of listed findings. The others are only counted.
    limit: usize,
    pointer_bytes_left: usize,
    /// Whether every declared property is expected, or only the required ones.
    expects_all_declared: bool,
    /// Whether objects may have undeclared properties and lack declared ones.
    pub(super) is_open: bool,
    /// Top-level properties that need no check.
    pub(super) settled: Vec<&'static str>,
    /// The JSON Pointer to the current value.
    pointer: String,
}

impl<'p> Walker<'p> {
    pub(super) fn new(limit: usize, expects_all_declared: bool, pitfalls: &'p [Pitfall]) -> Self {
        Self {
            report: Report::default(),
            pitfalls,
            limit: limit.min(MAX_FINDINGS),
            pointer_bytes_left: MAX_POINTER_BYTES,
            expects_all_declared,
            is_open: false,
            settled: Vec::new(),
            pointer: String::new(),
        }
    }

    /// Adds a finding about a token of the current value. The message and the copy of the pointer are created only if the finding is
    /// stored, because a hostile body has a finding in every other byte.
    pub(super) fn add<W: Into<Wording>>(
        &mut self,
        rule: Rule,
        span: Range<usize>,
        document: Option<&str>,
        describe: impl FnOnce() -> W,
    ) {
        let has_room = self.report.findings.len() < self.limit || self.replace_warning(rule.info().severity);
        if let Some(left) = self.pointer_bytes_left.checked_sub(self.pointer.len()).filter(|_| has_room) {
            self.pointer_bytes_left = left;
            let location = FindingLocation::Body { pointer: self.pointer.clone(), span };
            self.add_at(location, rule, document, describe().into());
        } else {
            self.report.omitted += 1;
            self.report.max_severity = self.report.max_severity.max(Some(rule.info().severity));
        }
    }

    /// Makes room for an error by removing a warning.
    fn replace_warning(&mut self, severity: Severity) -> bool {
        let is_warning = |finding: &Finding| finding.severity == Severity::Warning;
        let last = self.report.findings.iter().rposition(is_warning).filter(|_| severity == Severity::Error);
        if let Some(index) = last {
            self.report.findings.remove(index);
            self.report.omitted += 1;
        }
        last.is_some()
    }

    /// Adds a finding anywhere in the request.
    pub(super) fn add_at(&mut self, location: FindingLocation, rule: Rule, document: Option<&str>, wording: Wording) {
        let (severity, document) = (rule.info().severity, document.map(str::to_owned));
        if self.report.findings.len() >= self.limit {
            self.report.omitted += 1;
            self.report.max_severity = self.report.max_severity.max(Some(severity));
            return;
        }
        let Wording { message, help } = wording;
        let help = help.or_else(|| Some(rule.info().help).filter(|help| !help.is_empty()).map(Into::into));
        self.report.max_severity = self.report.max_severity.max(Some(severity));
        self.report.findings.push(Finding { rule, severity, location, message, help, document });
    }

    /// Returns the report, with findings in the order of the request.
    pub(super) fn into_report(mut self) -> Report {
        self.report.findings.sort_by_key(|finding| match &finding.location {
            FindingLocation::Header { index, .. } => (0, *index),
            FindingLocation::Body { span, .. } => (1, span.start),
        });
        self.report
    }

    /// Runs `check` with the pointer at a member or an item.
    pub(super) fn within<T>(&mut self, key: &str, check: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.enter(key);
        let result = check(self);
        self.leave(length);
        result
    }

    /// Moves the pointer to a member or an item. Returns the argument for [`Walker::leave`].
    pub(super) fn enter(&mut self, key: &str) -> usize {
        let length = self.pointer.len();
        push_step(&mut self.pointer, key);
        length
    }

    /// Moves the pointer back.
    pub(super) fn leave(&mut self, length: usize) {
        self.pointer.truncate(length);
    }

    /// Checks a value and everything in it. Without a shape, it only reports repeated keys.
    pub(super) fn check(&mut self, node: &Node<'_>, shape: Option<&Shape>, key: &str) {
        let mismatch = shape.and_then(|shape| Some((shape, find_mismatch(shape, &node.value)?)));
        if let Some((shape, (rule, document))) = mismatch {
            let noun = if self.pointer.is_empty() { "the body".to_owned() } else { code(key) };
            self.add(rule, node.span(), Some(document), || describe_mismatch(rule, shape, &noun, &node.value));
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
            _ => self.check_pitfalls(&node.span(), key),
        }
    }

    /// Adds the pitfalls of a token. Tokens must be checked in order.
    fn check_pitfalls(&mut self, token: &Range<usize>, key: &str) {
        while let Some((Pitfall { kind, span }, rest)) = self.pitfalls.split_first()
            && span.end <= token.end
        {
            self.pitfalls = rest;
            let (rule, what) = match kind {
                PitfallKind::UnpairedSurrogate => (Rule::UnpairedSurrogate, "has an unpaired surrogate escape"),
                PitfallKind::NumberRange => (Rule::NumberRange, "does not fit a double"),
            };
            self.add(rule, span.clone(), None, || format!("{} {what}", code(key)));
        }
    }

    fn check_object(&mut self, node: &Node<'_>, members: &[Member<'_>], shape: Option<&Shape>) {
        let indices = index_keys(members);
        let find = |key: &str| {
            let has_key = |member: &Member<'_>| member.key == key;
            let search = || Some((members.iter().position(has_key)?, members.iter().rposition(has_key)?));
            if indices.is_empty() { search() } else { indices.get(key).copied() }
        };
        // Only the top-level object has such properties.
        let settled = std::mem::take(&mut self.settled);
        for (index, member) in members.iter().enumerate() {
            let key = member.key.as_ref();
            let (first, last) = find(key).unwrap_or((index, index));
            // The last value of a repeated key counts.
            let shape = shape.filter(|_| last == index && !settled.contains(&key));
            self.within(key, |walker| {
                if first != index {
                    let describe = || format!("{} is repeated", code(key));
                    walker.add(Rule::RepeatedKey, member.key_span(), None, describe);
                }
                walker.check_pitfalls(&member.key_span(), key);
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
        self.add(Rule::UndeclaredProperty, member.key_span(), Some(&shape.pointer), || {
            let names = shape.properties.iter().map(|property| property.name);
            let similar = nearest(&member.key, names.filter(|name| is_absent(name)));
            Wording {
                message: format!("{} is not declared", code(&member.key)),
                help: similar.map(|name| format!("did you mean `{name}`?").into()),
            }
        });
    }
}

/// Returns the first and the last index of each key, for objects with many members. Small objects are searched instead, which is
/// faster than hashing.
fn index_keys<'n>(members: &'n [Member<'_>]) -> HashMap<&'n str, (usize, usize)> {
    let mut indices = HashMap::new();
    if members.len() > 32 {
        for (index, member) in members.iter().enumerate() {
            indices.entry(member.key.as_ref()).or_insert((index, index)).1 = index;
        }
    }
    indices
}
