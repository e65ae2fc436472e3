//! The result of inspecting a delivery.

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

/// The result of inspecting a delivery.
#[derive(Clone, Debug, Serialize)]
pub struct Inspection {
    /// The summary.
    #[serde(flatten)]
    pub summary: Summary,
    /// The request.
    pub request: InspectedRequest,
    /// Why authentication failed, in one sentence.
    pub reason: Option<String>,
    /// The causes, if a scheme with credentials explained them.
    #[serde(flatten)]
    pub explanation: Option<Explanation>,
    /// The findings of validation.
    pub findings: Vec<PlacedFinding>,
    /// The number of omitted findings.
    pub omitted: usize,
    /// The endpoints that the delivery was forwarded to.
    pub forwarded: Vec<JournalForward<'static>>,
    /// The response to the sender. `None` if the delivery is not in the journal.
    pub response: Option<RecordedResponse<'static>>,
}

/// The request of a delivery.
#[derive(Clone, Debug)]
pub struct InspectedRequest {
    /// The request. A long body may be truncated.
    pub request: Request,
    /// The path and query, without a secret token.
    pub target: String,
    /// The first line of the body in its file, from 1.
    pub body_line: usize,
    /// Whether the body is truncated.
    pub is_truncated: bool,
}

/// Serializes a request for results.
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

/// A finding with its position.
#[derive(Clone, Debug, Serialize)]
pub struct PlacedFinding {
    /// The finding.
    #[serde(flatten)]
    pub finding: Finding,
    /// The first character. Lines of the body start at 1. For headers, the request line is line 1.
    #[serde(flatten)]
    pub start: Position,
    /// The character after the last one.
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

/// Returns why authentication failed, in one sentence.
pub(super) fn reason(rejection: &Rejection) -> String {
    match &rejection.hint {
        Some(hint) => format!("{rejection}; {hint}"),
        None => rejection.to_string(),
    }
}
