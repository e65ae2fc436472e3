//! Rows in the list of deliveries.

use std::time::SystemTime;

use serde::Serialize;

use crate::models::rule::Severity;
use crate::receiver::journal::journal_entry;
use crate::receiver::record::Record;
use crate::store::journal_entry::JournalEntry;
use crate::validation::report::{Report, ReportVerdict};

use super::summary::Summary;

/// The value of `signature` if nothing was verified.
pub(super) const UNCHECKED: &str = "unchecked";
/// The value of `signature` if it is valid.
pub(super) const VALID: &str = "valid";

/// The mark of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Tone {
    /// No problems.
    Ok,
    /// Validation has warnings.
    Warn,
    /// Authentication failed, validation has errors, or the delivery was refused.
    Bad,
    /// Nothing was checked.
    Plain,
}

/// A row in the list of deliveries.
#[derive(Clone, Debug, Serialize)]
pub(super) struct DeliveryRow {
    /// The number, which is unique in an inspector. The summary has it, too.
    #[serde(skip)]
    pub(super) number: u64,
    #[serde(flatten)]
    pub(super) summary: Summary,
    pub(super) errors: usize,
    pub(super) warnings: usize,
    pub(super) tone: Tone,
    /// The problem, in a few words.
    pub(super) problem: Option<String>,
}

impl DeliveryRow {
    pub(super) fn from_record(record: &Record) -> Self {
        let capture = record.capture.as_ref().map(|path| path.display().to_string());
        Self::from_entry(record.number, capture, &journal_entry(record))
    }

    pub(super) fn from_entry(number: u64, capture: Option<String>, entry: &JournalEntry<'_>) -> Self {
        let count =
            |severity: Severity| entry.findings.iter().filter(|finding| finding.severity == severity.name()).count();
        let summary = Summary::from_entry(Some(number), capture, entry);
        Self::new(number, summary, count(Severity::Error), count(Severity::Warning))
    }

    /// Creates the row of a capture that is not in the journal.
    pub(super) fn from_report(number: u64, summary: Summary, report: &Report) -> Self {
        let count = |severity| report.findings.iter().filter(|finding| finding.severity == severity).count();
        Self::new(number, summary, count(Severity::Error), count(Severity::Warning))
    }

    pub(super) fn new(number: u64, summary: Summary, errors: usize, warnings: usize) -> Self {
        let summary = Summary { number: Some(number), ..summary };
        Self { number, summary, errors, warnings, tone: Tone::Plain, problem: None }.marked()
    }

    /// Returns the row with the result of a verification.
    pub(super) fn verified(self, auth: &str, signature: &str) -> Self {
        let summary = Summary { auth: auth.to_owned(), signature: signature.to_owned(), ..self.summary };
        Self { summary, ..self }.marked()
    }

    /// Returns the time at which to verify the credentials.
    pub(super) fn received_at(&self) -> SystemTime {
        self.summary.at.and_then(|at| SystemTime::try_from(at).ok()).unwrap_or_else(SystemTime::now)
    }

    fn is_accepted(&self) -> bool {
        self.summary.status.is_some_and(|status| status / 100 == 2)
    }

    fn marked(mut self) -> Self {
        let plural = |count: usize, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
        let Summary { status, signature, verdict, .. } = &self.summary;
        let is_refused = status.is_some() && !self.is_accepted();
        let is_unsigned_and_accepted = signature == "unsigned" && self.is_accepted();
        let is_authentic = signature == VALID || signature == UNCHECKED || is_unsigned_and_accepted;
        let problem = if !is_authentic {
            Some(signature.clone())
        } else if verdict == ReportVerdict::Errors.name() {
            Some(plural(self.errors.max(1), "error"))
        } else if is_refused {
            status.map(|status| format!("status {status}"))
        } else {
            None
        };
        let has_warnings = verdict == ReportVerdict::Warnings.name();
        self.tone = match problem {
            Some(_) => Tone::Bad,
            None if has_warnings => Tone::Warn,
            None if verdict == ReportVerdict::Clean.name() => Tone::Ok,
            None => Tone::Plain,
        };
        self.problem = problem.or_else(|| has_warnings.then(|| plural(self.warnings.max(1), "warning")));
        self
    }
}
