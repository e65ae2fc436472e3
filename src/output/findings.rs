//! Findings with lines and columns.

use std::ops::Range;

use serde::Serialize;

use crate::models::event::EventKind;
use crate::profiles::KnownEvent;
use crate::validation::position::Position;
use crate::validation::report::{Finding, FindingLocation, Report, ReportVerdict};

/// A report on one body, with positions of findings. The field names are those of the JSON lines.
#[derive(Debug, Serialize)]
pub struct LocatedReport<'a> {
    /// The event, if it is known.
    pub event: Option<KnownEvent>,
    /// The possible events, if only the entity is known.
    pub candidates: Vec<EventKind>,
    /// The verdict.
    pub verdict: ReportVerdict,
    /// The findings.
    pub findings: Vec<LocatedFinding<'a>>,
    /// The number of findings that are left out.
    pub omitted: usize,
    /// Whether it is a connection test, which is not an event.
    #[serde(rename = "ping", skip_serializing_if = "std::ops::Not::not")]
    pub is_ping: bool,
}

/// A finding with its start and end position, counted like an editor.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct LocatedFinding<'a> {
    /// The findings.
    #[serde(flatten)]
    pub finding: &'a Finding,
    /// The position of the first character.
    #[serde(flatten)]
    pub start: Position,
    /// The position after the last character.
    #[serde(skip)]
    pub end: Position,
}

impl<'a> LocatedReport<'a> {
    /// Returns findings with positions in the request. `line` is the line of the file where the body begins, from 1.
    pub fn new(report: &'a Report, positions: &[Range<Position>], line: usize) -> Self {
        let in_file = |finding: &Finding, position: Position| match finding.location {
            FindingLocation::Header { .. } => position,
            FindingLocation::Body { .. } => Position { line: position.line + line - 1, ..position },
        };
        let locate = |(finding, position): (&'a Finding, &Range<Position>)| LocatedFinding {
            finding,
            start: in_file(finding, position.start),
            end: in_file(finding, position.end),
        };
        Self {
            event: report.event(),
            candidates: report.candidates().collect(),
            verdict: report.verdict(),
            findings: report.findings.iter().zip(positions).map(locate).collect(),
            omitted: report.omitted,
            is_ping: report.is_ping,
        }
    }
}
