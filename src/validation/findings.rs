//! A report in the making.

use std::ops::Range;

use crate::json::Node;
use crate::models::event::{Entity, EventKind};

use super::report::{Finding, Place, Report};
use super::rules::Rule;

/// So many bytes of pointers are kept, 16 MiB. A key may be as long as a body, and every finding below it has it in its
/// pointer: half a megabyte of JSON could ask for gigabytes.
const ROOM: usize = 16 << 20;

/// A report in the making.
pub(super) struct Findings {
    report: Report,
    limit: usize,
    /// What is left of [`ROOM`].
    room: usize,
}

impl Findings {
    /// Of more findings than `limit` the rest is only counted.
    pub(super) fn new(limit: usize) -> Self {
        Self { report: Report::default(), limit, room: ROOM }
    }

    /// Takes note that there is a finding; whether it is to be kept, or only counted. To be asked before the pointer is
    /// copied, which may be as long as a body.
    pub(super) fn takes(&mut self, rule: &Rule, pointer: &str) -> bool {
        self.report.worst = self.report.worst.max(Some(rule.severity));
        let left = self.room.checked_sub(pointer.len()).filter(|_| self.report.findings.len() < self.limit);
        match left {
            Some(left) => self.room = left,
            None => self.report.omitted += 1,
        }
        left.is_some()
    }

    /// Keeps what was taken.
    pub(super) fn keep(&mut self, finding: Finding) {
        self.report.findings.push(finding);
    }

    pub(super) fn add(
        &mut self,
        rule: &'static Rule,
        place: Place,
        message: String,
        help: Option<String>,
        document: Option<String>,
    ) {
        if self.takes(rule, place.pointer().unwrap_or_default()) {
            self.keep(Finding { rule, severity: rule.severity, place, message, help, document });
        }
    }

    pub(super) fn into_report(mut self, kind: Option<EventKind>, entity: Option<Entity>) -> Report {
        self.report.kind = kind;
        self.report.entity = entity;
        self.report.findings.sort_by_key(|finding| match &finding.place {
            Place::Header { index, .. } => (0, *index),
            Place::Body { span, .. } => (1, span.start),
        });
        self.report
    }
}

/// The opening bracket of an object, which is where a missing property is pointed out.
pub(super) const fn opening(node: &Node<'_>) -> Range<usize> {
    node.span.start..node.span.start + 1
}

pub(super) fn in_body(pointer: &str, span: Range<usize>) -> Place {
    Place::Body { pointer: pointer.to_owned(), span }
}
