//! Everything about one delivery.

use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::auth::{Explanation, Rejection};
use crate::models::recorded_response::{RecordedResponse, header_fields};
use crate::models::request::Request;
use crate::store::journal_entry::JournalForward;
use crate::validation::position::Position;
use crate::validation::report::Finding;

use super::summary::Summary;

/// Everything about one delivery.
#[derive(Clone, Debug, Serialize)]
pub struct Inspection {
    /// What its row says.
    #[serde(flatten)]
    pub summary: Summary,
    /// The request.
    pub request: InspectedRequest,
    /// Why it is not authentic, in a sentence.
    pub reason: Option<String>,
    /// What makes that of it, as far as it can be proven. Only a scheme with its keys explains.
    #[serde(flatten)]
    pub explanation: Option<Explanation>,
    /// What validation finds.
    pub findings: Vec<PlacedFinding>,
    /// How many more findings there are.
    pub omitted: usize,
    /// Where it was forwarded to.
    pub forwarded: Vec<JournalForward<'static>>,
    /// The response to the sender; `None` without an entry in the journal.
    pub response: Option<RecordedResponse<'static>>,
}

/// The request of a delivery.
#[derive(Clone, Debug)]
pub struct InspectedRequest {
    /// Its bytes; of a long body in memory only the beginning.
    pub request: Request,
    /// Path and query, without a token that is a secret.
    pub target: String,
    /// The line of its file that the body begins on, from 1.
    pub body_line: usize,
    /// Is this only the beginning of the body?
    pub is_truncated: bool,
}

/// As results have it.
impl Serialize for InspectedRequest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { request, target, is_truncated, .. } = self;
        let text = std::str::from_utf8(request.body()).ok();
        let base64 = text.is_none().then(|| STANDARD.encode(request.body()));
        let mut fields = serializer.serialize_struct("InspectedRequest", 5 + usize::from(base64.is_some()))?;
        fields.serialize_field("method", request.method().as_str())?;
        fields.serialize_field("target", target)?;
        fields.serialize_field("headers", &header_fields(request.headers()))?;
        fields.serialize_field("body", &text)?;
        if let Some(base64) = base64 {
            fields.serialize_field("body_base64", &base64)?;
        }
        fields.serialize_field("truncated", is_truncated)?;
        fields.end()
    }
}

/// A finding and where it is.
#[derive(Clone, Debug, Serialize)]
pub struct PlacedFinding {
    /// What was found.
    #[serde(flatten)]
    pub finding: Finding,
    /// Its first character: in the body from line 1, or in the head, of which the request line is the first line.
    #[serde(flatten)]
    pub start: Position,
    /// The character after its last.
    pub end: Position,
}

impl PlacedFinding {
    /// Adds positions to findings.
    pub(super) fn all(findings: Vec<Finding>, positions: Vec<Range<Position>>) -> Vec<Self> {
        let placed = |(finding, position): (Finding, Range<Position>)| Self {
            finding,
            start: position.start,
            end: position.end,
        };
        findings.into_iter().zip(positions).map(placed).collect()
    }
}

/// Returns why a delivery is not authentic, in a sentence.
pub(super) fn reason(rejection: &Rejection) -> String {
    match &rejection.hint {
        Some(hint) => format!("{rejection}; {hint}"),
        None => rejection.to_string(),
    }
}
