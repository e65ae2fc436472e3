//! Summaries of deliveries.

use jiff::Timestamp;
use serde::Serialize;

use crate::auth::Verdict;
use crate::models::request::Request;
use crate::store::journal_entry::JournalEntry;
use crate::validation::report::Report;

/// A summary of a delivery. The time and the response are known only if the delivery is in the journal.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// The number in the name of the capture. `None` if the delivery was not saved.
    pub number: Option<u64>,
    /// The time of receipt.
    pub at: Option<Timestamp>,
    /// The event name. It may be unknown.
    pub event: Option<String>,
    /// The title or name of the subject.
    pub subject: Option<String>,
    /// The path and query, without a secret token.
    pub target: String,
    /// The length of the body, in bytes.
    pub bytes: usize,
    /// The authentication scheme, or `none`.
    pub auth: String,
    /// The result of verification, in one word.
    pub signature: String,
    /// The verdict of validation, in one word.
    pub verdict: String,
    /// The status of the response.
    pub status: Option<u16>,
    /// The time until the response, in milliseconds.
    pub ms: Option<f64>,
    /// The path of the capture.
    pub capture: Option<String>,
}

impl Summary {
    /// Creates a summary from the journal.
    pub fn from_entry(number: Option<u64>, capture: Option<String>, entry: &JournalEntry<'_>) -> Self {
        Self {
            number,
            at: Some(entry.at),
            event: entry.event.as_deref().map(str::to_owned),
            subject: entry.subject.as_deref().map(str::to_owned),
            target: entry.target.clone().into_owned(),
            bytes: entry.bytes,
            auth: entry.auth.clone().into_owned(),
            signature: entry.signature.clone().into_owned(),
            verdict: entry.verdict.clone().into_owned(),
            status: entry.status,
            ms: Some(entry.ms),
            capture,
        }
    }

    /// Creates a summary from a request.
    pub fn from_request(
        request: &Request,
        target: String,
        auth: &str,
        verdict: Option<&Verdict>,
        report: &Report,
    ) -> Self {
        Self {
            number: None,
            at: None,
            event: report.event_name.as_deref().map(str::to_owned),
            subject: report.subject.clone(),
            target,
            bytes: request.body().len(),
            auth: auth.to_owned(),
            signature: verdict.map_or("unchecked", Verdict::name).to_owned(),
            verdict: report.verdict().name().to_owned(),
            status: None,
            ms: None,
            capture: None,
        }
    }
}
