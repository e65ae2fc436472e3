//! A report in the making.

use std::ops::Range;

use crate::json::Node;
use crate::models::event::{Entity, EventKind};

use super::report::{Finding, Place, Report};
use super::rules::Rule;

/// A report in the making.
pub(super) struct Findings {
    report: Report,
    limit: usize,
}

impl Findings {
    /// Of more findings than `limit` the rest is only counted.
    pub(super) fn new(limit: usize) -> Self {
        Self { report: Report::default(), limit }
    }

    pub(super) fn add(
        &mut self,
        rule: &'static Rule,
        place: Place,
        message: String,
        help: Option<String>,
        document: Option<String>,
    ) {
        let severity = rule.severity;
        self.report.worst = self.report.worst.max(Some(severity));
        if self.report.findings.len() < self.limit {
            self.report.findings.push(Finding { rule, severity, place, message, help, document });
        } else {
            self.report.omitted += 1;
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
