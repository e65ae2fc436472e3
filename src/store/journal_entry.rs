//! One line of the journal: what is known about a delivery besides its bytes.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::models::recorded_response::RecordedResponse;

/// A delivery as the journal has it. Fields have the names and the values that the JSON lines of `cfwh listen` have.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JournalEntry<'a> {
    /// The number in the run of `listen`, from 1.
    pub number: u64,
    /// When the head of the request was received.
    pub at: Timestamp,
    /// The name of the event, which may be in no document; `None` if nothing names it.
    #[serde(default)]
    pub event: Option<Cow<'a, str>>,
    /// The title or the name of what the delivery is about.
    #[serde(default)]
    pub subject: Option<Cow<'a, str>>,
    /// Path and query, without a token that is a secret.
    #[serde(default)]
    pub target: Cow<'a, str>,
    /// The length of the body.
    #[serde(default)]
    pub bytes: usize,
    /// The profile that it was validated with.
    #[serde(default)]
    pub profile: Cow<'a, str>,
    /// The authentication scheme that verified it, or `none`.
    #[serde(default = "none")]
    pub auth: Cow<'a, str>,
    /// The result of the verification in one word: `valid`, `mismatch`, `unchecked` and so on.
    #[serde(default = "unchecked")]
    pub signature: Cow<'a, str>,
    /// The result of the validation in one word: `clean`, `warnings`, `errors` or `unchecked`.
    #[serde(default = "unchecked")]
    pub verdict: Cow<'a, str>,
    /// What validation found.
    #[serde(default)]
    pub findings: Vec<JournalFinding<'a>>,
    /// How many more findings there were.
    #[serde(default)]
    pub omitted: usize,
    /// The status of the response; `None` if the connection was closed instead, on purpose.
    pub status: Option<u16>,
    /// How the response failed on its way, on purpose: `close`, `truncate` or `drip`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<Cow<'a, str>>,
    /// From the end of the head to the response, in milliseconds.
    #[serde(default)]
    pub ms: f64,
    /// The name of the capture, in the same folder; `None` if it could not be saved.
    #[serde(default)]
    pub capture: Option<Cow<'a, str>>,
    /// Where it was forwarded to, and the statuses of the responses.
    #[serde(default)]
    pub forwarded: Vec<JournalForward<'a>>,
    /// The response to the sender; `None` if the connection was closed instead.
    pub response: Option<RecordedResponse<'a>>,
}

const fn none<'a>() -> Cow<'a, str> {
    Cow::Borrowed("none")
}

const fn unchecked<'a>() -> Cow<'a, str> {
    Cow::Borrowed("unchecked")
}

/// A finding as the journal has it.
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
    /// The line of the body, or of the head, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
    /// What was expected and what was found.
    pub message: Cow<'a, str>,
}

/// What happened to a delivery that was forwarded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JournalForward<'a> {
    /// The URL, without credentials.
    pub url: Cow<'a, str>,
    /// The status of the response; `None` if there is none.
    pub status: Option<u16>,
    /// The time until the response, in milliseconds.
    pub ms: Option<f64>,
    /// Why there is no response.
    pub error: Option<Cow<'a, str>>,
}

/// Returns text that is its own.
fn own(text: Cow<'_, str>) -> Cow<'static, str> {
    Cow::Owned(text.into_owned())
}

impl JournalEntry<'_> {
    /// Returns the same entry with texts of its own.
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
