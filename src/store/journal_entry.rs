//! One line of the journal: the results for a delivery.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::models::recorded_response::RecordedResponse;

/// A journal entry for a delivery. Fields have the same names and values as in the JSON lines of `cfwh listen`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JournalEntry<'a> {
    /// The number in the run of `listen`, from 1.
    pub number: u64,
    /// The time when the head of the request was received.
    pub at: Timestamp,
    /// The name of the event, which may be undocumented; `None` if it is unknown.
    #[serde(default)]
    pub event: Option<Cow<'a, str>>,
    /// The title or name of the page, space or other object of the event.
    #[serde(default)]
    pub subject: Option<Cow<'a, str>>,
    /// The path and query, without secret tokens.
    #[serde(default)]
    pub target: Cow<'a, str>,
    /// The length of the body.
    #[serde(default)]
    pub bytes: usize,
    /// The profile that it was validated against.
    #[serde(default)]
    pub profile: Cow<'a, str>,
    /// The authentication scheme that verified it, or `none`.
    #[serde(default = "none")]
    pub auth: Cow<'a, str>,
    /// The result of the verification: `valid`, `mismatch`, `unchecked` and so on.
    #[serde(default = "unchecked")]
    pub signature: Cow<'a, str>,
    /// The result of the validation: `clean`, `warnings`, `errors` or `unchecked`.
    #[serde(default = "unchecked")]
    pub verdict: Cow<'a, str>,
    /// The findings of the validation.
    #[serde(default)]
    pub findings: Vec<JournalFinding<'a>>,
    /// The number of findings that are left out.
    #[serde(default)]
    pub omitted: usize,
    /// The status of the response; `None` if the connection was closed on purpose.
    pub status: Option<u16>,
    /// The fault that was injected into the response: `close`, `truncate` or `drip`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<Cow<'a, str>>,
    /// The time from the end of the head to the response, in milliseconds.
    #[serde(default)]
    pub ms: f64,
    /// The file name of the capture in the same folder; `None` if it could not be saved.
    #[serde(default)]
    pub capture: Option<Cow<'a, str>>,
    /// The endpoints that it was forwarded to, with their responses.
    #[serde(default)]
    pub forwarded: Vec<JournalForward<'a>>,
    /// The response to the sender; `None` if the connection was closed on purpose.
    pub response: Option<RecordedResponse<'a>>,
}

const fn none<'a>() -> Cow<'a, str> {
    Cow::Borrowed("none")
}

const fn unchecked<'a>() -> Cow<'a, str> {
    Cow::Borrowed("unchecked")
}

/// A finding in a journal entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalFinding<'a> {
    /// The id of the rule.
    pub rule: Cow<'a, str>,
    /// `error` or `warning`.
    pub severity: Cow<'a, str>,
    /// A JSON Pointer (RFC 6901) into the body; `None` for a header.
    pub pointer: Option<Cow<'a, str>>,
    /// The name of the header; `None` for a finding in the body.
    pub header: Option<Cow<'a, str>>,
    /// The line in the body, or in the head, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The message: what was expected, and what was found.
    pub message: Cow<'a, str>,
}

/// The outcome of a forwarded delivery.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JournalForward<'a> {
    /// The URL, without credentials.
    pub url: Cow<'a, str>,
    /// The status of the response; `None` without a response.
    pub status: Option<u16>,
    /// The time until the response, in milliseconds.
    pub ms: Option<f64>,
    /// Why no response was received.
    pub error: Option<Cow<'a, str>>,
}

/// Returns text that owns its memory.
fn own(text: Cow<'_, str>) -> Cow<'static, str> {
    Cow::Owned(text.into_owned())
}

impl JournalEntry<'_> {
    /// Returns the same entry with owned texts.
    pub fn into_owned(self) -> JournalEntry<'static> {
        JournalEntry {
            number: self.number,
            at: self.at,
            event: self.event.map(own),
            subject: self.subject.map(own),
            target: own(self.target),
            bytes: self.bytes,
            profile: own(self.profile),
            auth: own(self.auth),
            signature: own(self.signature),
            verdict: own(self.verdict),
            findings: self.findings.into_iter().map(JournalFinding::into_owned).collect(),
            omitted: self.omitted,
            status: self.status,
            ms: self.ms,
            capture: self.capture.map(own),
            forwarded: self.forwarded.into_iter().map(JournalForward::into_owned).collect(),
            response: self.response.map(RecordedResponse::into_owned),
            fault: self.fault.map(own),
        }
    }
}

impl JournalFinding<'_> {
    fn into_owned(self) -> JournalFinding<'static> {
        JournalFinding {
            rule: own(self.rule),
            severity: own(self.severity),
            pointer: self.pointer.map(own),
            header: self.header.map(own),
            line: self.line,
            column: self.column,
            message: own(self.message),
        }
    }
}

impl JournalForward<'_> {
    fn into_owned(self) -> JournalForward<'static> {
        JournalForward { url: own(self.url), status: self.status, ms: self.ms, error: self.error.map(own) }
    }
}
