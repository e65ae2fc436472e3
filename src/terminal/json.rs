//! Results as JSON lines.

use serde::Serialize;

use crate::expectations::Outcome;
use crate::validation::locate::{Locator, Position};
use crate::validation::report::{Finding, Place, Report};

use super::results::{Forwarded, Judged, Receipt, Summary};

/// A line of `validate --json`.
#[derive(Serialize)]
pub(super) struct JudgedLine<'a> {
    input: &'a str,
    line: usize,
    event: Option<&'static str>,
    verdict: &'static str,
    findings: Vec<FindingLine<'a>>,
    omitted: usize,
}

/// A finding in a line of `validate --json` or `listen --json`.
#[derive(Serialize)]
struct FindingLine<'a> {
    rule: &'static str,
    severity: &'static str,
    origin: &'static str,
    pointer: Option<&'a str>,
    header: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    message: &'a str,
    help: Option<&'a str>,
    document: Option<&'a str>,
}

/// A delivery in `listen --json`.
#[derive(Serialize)]
pub(super) struct ReceiptLine<'a> {
    r#type: &'static str,
    number: u64,
    at: String,
    event: Option<&'static str>,
    target: &'a str,
    bytes: usize,
    signature: &'static str,
    verdict: &'static str,
    findings: Vec<FindingLine<'a>>,
    omitted: usize,
    status: u16,
    ms: f64,
    capture: Option<&'a str>,
    forwarded: &'a [Forwarded],
}

/// The last line of `listen --json`.
#[derive(Serialize)]
pub(super) struct SummaryLine<'a> {
    r#type: &'static str,
    received: u64,
    accepted: u64,
    refused: u64,
    expectations: Vec<ExpectationLine<'a>>,
}

/// An expectation in the last line of `listen --json`.
#[derive(Serialize)]
struct ExpectationLine<'a> {
    expected: &'a str,
    met: bool,
    came: &'a str,
}

pub(super) fn summary(summary: &Summary) -> SummaryLine<'_> {
    SummaryLine {
        r#type: "summary",
        received: summary.received,
        accepted: summary.accepted,
        refused: summary.refused,
        expectations: summary
            .expectations
            .iter()
            .map(|Outcome { expected, is_met, came }| ExpectationLine { expected, met: *is_met, came })
            .collect(),
    }
}

pub(super) fn judged<'a>(judged: &Judged<'a>) -> JudgedLine<'a> {
    JudgedLine {
        input: judged.input,
        line: judged.line,
        event: judged.report.kind.map(crate::models::event::EventKind::name),
        verdict: judged.report.conclusion().name(),
        findings: findings(judged.report, judged.delivery.body(), Some(judged.line)),
        omitted: judged.report.omitted,
    }
}

pub(super) fn receipt<'a>(receipt: &'a Receipt<'_>, report: &'a Report) -> ReceiptLine<'a> {
    ReceiptLine {
        r#type: "delivery",
        number: receipt.number,
        at: format!("{:.3}", receipt.at),
        event: report.kind.map(crate::models::event::EventKind::name),
        target: receipt.delivery.target(),
        bytes: receipt.delivery.body().len(),
        signature: receipt.signature(),
        verdict: report.conclusion().name(),
        findings: findings(report, receipt.delivery.body(), None),
        omitted: report.omitted,
        status: receipt.status,
        ms: receipt.ms,
        capture: receipt.capture.as_deref(),
        forwarded: receipt.forwarded,
    }
}

/// `body_line` is the line of the file that the body begins on; `None` where it came from no file.
fn findings<'a>(report: &'a Report, body: &[u8], body_line: Option<usize>) -> Vec<FindingLine<'a>> {
    let mut locator = Locator::new(body);
    report.findings.iter().map(|finding| line(finding, &mut locator, body_line)).collect()
}

fn line<'a>(finding: &'a Finding, locator: &mut Locator<'_>, body_line: Option<usize>) -> FindingLine<'a> {
    let (pointer, header, position) = match &finding.place {
        Place::Header { name, index } => (None, Some(name.as_str()), body_line.map(|_| header_position(*index))),
        Place::Body { pointer, span } => {
            let position = locator.position(span.start);
            (Some(pointer.as_str()), None, Some(in_file(position, body_line.unwrap_or(1))))
        }
    };
    FindingLine {
        rule: finding.rule.id,
        severity: finding.severity.name(),
        origin: finding.rule.origin.name(),
        pointer,
        header,
        line: position.map(|position| position.line),
        column: position.map(|position| position.column),
        message: &finding.message,
        help: finding.help.as_deref(),
        document: finding.document.as_deref(),
    }
}

/// A header's place in a capture: the request line is the first line.
pub(super) const fn header_position(index: usize) -> Position {
    Position { line: index + 2, column: 1 }
}

/// A place in a body as a place in the file that the body begins in at `body_line`.
pub(super) const fn in_file(position: Position, body_line: usize) -> Position {
    Position { line: position.line + body_line - 1, ..position }
}
