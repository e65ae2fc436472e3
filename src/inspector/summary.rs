//! A delivery in a row of a list.

use jiff::Timestamp;
use serde::Serialize;

use crate::auth::Verdict;
use crate::models::request::Request;
use crate::store::journal_entry::JournalEntry;
use crate::validation::report::Report;

/// A delivery in a row of a list. Without an entry in the journal it is not known when it was received and what the response
/// was.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// The number in the name of its capture; `None` if it was not saved.
    pub number: Option<u64>,
    /// When it was received.
    pub at: Option<Timestamp>,
    /// The name of the event, which may be in no document.
    pub event: Option<String>,
    /// The title or the name of what it is about.
    pub subject: Option<String>,
    /// Path and query, without a token that is a secret.
    pub target: String,
    /// The length of the body.
    pub bytes: usize,
    /// The authentication scheme, or `none`.
    pub auth: String,
    /// The result of the verification in one word.
    pub signature: String,
    /// The result of the validation in one word.
    pub verdict: String,
    /// The status of the response.
    pub status: Option<u16>,
    /// The time until the response, in milliseconds.
    pub ms: Option<f64>,
    /// The file, as the folder was named.
    pub capture: Option<String>,
}

impl Summary {
    /// Returns what the journal has about a delivery.
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

    /// Returns what can be concluded from a request alone.
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
