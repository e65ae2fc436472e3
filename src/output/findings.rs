//! Findings with their lines and columns.

use std::ops::Range;

use serde::Serialize;

use crate::models::event::EventKind;
use crate::profiles::KnownEvent;
use crate::validation::position::Position;
use crate::validation::report::{Finding, FindingLocation, Report, ReportVerdict};

/// A report on one body, with the places of its findings. The field names are those of the JSON lines.
#[derive(Debug, Serialize)]
pub struct LocatedReport<'a> {
    /// The event, if it is known.
    pub event: Option<KnownEvent>,
    /// The events that are possible if only the entity is known.
    pub candidates: Vec<EventKind>,
    /// The report in one word.
    pub verdict: ReportVerdict,
    /// What was found.
    pub findings: Vec<LocatedFinding<'a>>,
    /// How many more findings there are.
    pub omitted: usize,
    /// Is it the test of a connection, which is no event?
    #[serde(rename = "ping", skip_serializing_if = "std::ops::Not::not")]
    pub is_ping: bool,
}

/// A finding, and where it begins and ends as an editor counts.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct LocatedFinding<'a> {
    /// What was found.
    #[serde(flatten)]
    pub finding: &'a Finding,
    /// Its first character.
    #[serde(flatten)]
    pub start: Position,
    /// The character after its last.
    #[serde(skip)]
    pub end: Position,
}

impl<'a> LocatedReport<'a> {
    /// Shows findings at their positions in the request. `line` is the line of the file that the body begins on, from 1.
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
