//! Writes the entries of a receiver to the journal.

use std::borrow::Cow;
use std::ops::Range;

use crate::auth::Verdict;
use crate::client::forward::Forward;
use crate::models::recorded_response::RecordedResponse;
use crate::store::journal::Journal;
use crate::store::journal_entry::{JournalEntry, JournalFinding, JournalForward};
use crate::validation::position::Position;
use crate::validation::report::Finding;

use super::record::{Entry, Record, Subscriber};

impl Subscriber for Journal {
    fn receive(&self, entry: &Entry) {
        if let Entry::Delivery(record) = entry {
            let is_verified = !matches!(record.verdict, Some(Verdict::Rejected(_)));
            self.append(&journal_entry(record), is_verified);
        }
    }
}

/// Returns the journal entry for a delivery.
pub fn journal_entry(record: &Record) -> JournalEntry<'_> {
    let Record { report, response, .. } = record;
    JournalEntry {
        number: record.number,
        at: record.received_at,
        event: report.event_name.as_deref().map(Cow::Borrowed),
        subject: report.subject.as_deref().map(Cow::Borrowed),
        target: (&*record.target).into(),
        bytes: record.body_length,
        profile: record.profile.into(),
        auth: record.auth.into(),
        signature: record.verdict.as_ref().map_or("unchecked", Verdict::name).into(),
        verdict: report.verdict().name().into(),
        findings: report.findings.iter().zip(&record.positions).map(finding).collect(),
        omitted: report.omitted,
        status: record.status(),
        fault: record.fault_name().map(Cow::Borrowed),
        ms: record.elapsed.as_secs_f64() * 1000.0,
        capture: record.capture.as_ref().and_then(|path| path.file_name()).map(|name| name.to_string_lossy()),
        forwarded: record.forwards.iter().map(forward).collect(),
        response: record.status().map(|_| RecordedResponse::from(response)),
    }
}

fn finding<'a>((finding, position): (&'a Finding, &Range<Position>)) -> JournalFinding<'a> {
    let pointer = finding.location.pointer();
    JournalFinding {
        rule: finding.rule.id().into(),
        severity: finding.severity.name().into(),
        pointer: pointer.map(Cow::Borrowed),
        header: pointer.is_none().then(|| finding.location.name().into()),
        line: position.start.line,
        column: position.start.column,
        message: (&*finding.message).into(),
    }
}

fn forward(forward: &Forward) -> JournalForward<'_> {
    let Forward { url, status, ms, error, .. } = forward;
    JournalForward { url: url.into(), status: *status, ms: *ms, error: error.as_deref().map(Cow::Borrowed) }
}
