//! Findings with their lines and columns.

use serde::Serialize;

use crate::models::event::EventKind;
use crate::models::request::Request;
use crate::profiles::KnownEvent;
use crate::validation::position::{Locator, Position};
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
    /// Locates the findings. `line` is the line of the file that the body begins on, from 1.
    pub fn new(report: &'a Report, request: &Request, line: usize) -> Self {
        Self {
            event: report.event(),
            candidates: report.candidates().collect(),
            verdict: report.verdict(),
            findings: locate(&report.findings, request, line),
            omitted: report.omitted,
        }
    }
}

fn locate<'a>(findings: &'a [Finding], request: &Request, line: usize) -> Vec<LocatedFinding<'a>> {
    let mut starts = Locator::new(request.body());
    let mut ends = Locator::new(request.body());
    let in_file = |position: Position| Position { line: position.line + line - 1, ..position };
    let locate = |finding: &'a Finding| {
        let (start, end) = match &finding.location {
            FindingLocation::Header { name, index } => {
                let length = name.len() + 2 + request.headers().get(name).map_or(0, <[u8]>::len);
                // The request line is the first line.
                let line = index + 2;
                (Position { line, column: 1 }, Position { line, column: length + 1 })
            }
            FindingLocation::Body { span, .. } => {
                (in_file(starts.position(span.start)), in_file(ends.position(span.end)))
            }
        };
        LocatedFinding { finding, start, end }
    };
    findings.iter().map(locate).collect()
}
