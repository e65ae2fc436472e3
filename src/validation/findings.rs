//! Collects findings into a report.

use std::ops::Range;

use crate::models::rule::Rule;

use super::report::{Finding, FindingLocation, Report};
use super::wording::Wording;

/// How many bytes of pointers a report may hold: 16 MiB. A key may be as long as a body, and the pointer of every finding
/// below it contains the key: without a bound, half a megabyte of JSON could ask for gigabytes.
const MAX_POINTER_BYTES: usize = 16 << 20;

/// Collects findings, up to a limit.
pub(super) struct FindingCollector {
    report: Report,
    limit: usize,
    pointer_bytes_left: usize,
}

impl FindingCollector {
    /// Findings beyond `limit` are only counted.
    pub(super) fn new(limit: usize) -> Self {
        Self { report: Report::default(), limit, pointer_bytes_left: MAX_POINTER_BYTES }
    }

    /// Adds a finding about a token of the body. Its words and its copy of `pointer` are made only if it is kept: a hostile
    /// body has a finding in every other byte.
    pub(super) fn add<W: Into<Wording>>(
        &mut self,
        rule: Rule,
        (pointer, span): (&str, Range<usize>),
        document: Option<&str>,
        describe: impl FnOnce() -> W,
    ) {
        let left =
            self.pointer_bytes_left.checked_sub(pointer.len()).filter(|_| self.report.findings.len() < self.limit);
        if let Some(left) = left {
            self.pointer_bytes_left = left;
            let location = FindingLocation::Body { pointer: pointer.to_owned(), span };
            self.keep(rule, location, document, describe().into());
        } else {
            self.report.omitted += 1;
            self.report.max_severity = self.report.max_severity.max(Some(rule.info().severity));
        }
    }

    pub(super) fn keep(&mut self, rule: Rule, location: FindingLocation, document: Option<&str>, wording: Wording) {
        let (severity, document) = (rule.info().severity, document.map(str::to_owned));
        let Wording { message, help } = wording;
        let help = help.or_else(|| Some(rule.info().help).filter(|help| !help.is_empty()).map(Into::into));
        self.report.max_severity = self.report.max_severity.max(Some(severity));
        self.report.findings.push(Finding { rule, severity, location, message, help, document });
    }

    /// The report, with the findings in the order of the request.
    pub(super) fn into_report(mut self) -> Report {
        self.report.findings.sort_by_key(|finding| match &finding.location {
            FindingLocation::Header { index, .. } => (0, *index),
            FindingLocation::Body { span, .. } => (1, span.start),
        });
        self.report
    }
}
