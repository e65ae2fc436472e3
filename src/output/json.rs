//! Results as JSON lines.

use serde::Serialize;

use crate::models::event::EventKind;
use crate::receiver::expectations::Outcome;
use crate::validation::report::{Place, Report};

use super::emitter::Emitter;
use super::located::{Located, locate};
use super::results::{Forwarded, Judged, Receipt, Summary};
use crate::auth::Explanation;

/// The JSON lines of `validate`.
pub(super) struct JsonLines;

impl Emitter for JsonLines {
    fn judged(&mut self, judged: &Judged<'_>) -> String {
        let line = JudgedLine {
            input: judged.input,
            line: judged.line,
            event: judged.report.kind.map(EventKind::name),
            candidates: judged.report.candidates().map(EventKind::name).collect(),
            verdict: judged.report.conclusion().name(),
            findings: locate(judged).map(line).collect(),
            omitted: judged.report.omitted,
        };
        let mut line = serde_json::to_string(&line).expect("it is made of strings and numbers");
        line.push('\n');
        line
    }
}

/// A line of `validate --json`.
#[derive(Serialize)]
struct JudgedLine<'a> {
    input: &'a str,
    line: usize,
    event: Option<&'static str>,
    candidates: Vec<&'static str>,
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
    line: usize,
    column: usize,
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
    candidates: Vec<&'static str>,
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
    #[serde(flatten)]
    explanation: Option<&'a Explanation>,
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

pub(super) fn receipt<'a>(receipt: &'a Receipt<'_>, report: &'a Report) -> ReceiptLine<'a> {
    // A delivery stands in no file: lines count from the start of its body.
    let judged = Judged { input: "", line: 1, delivery: receipt.delivery, report };
    ReceiptLine {
        r#type: "delivery",
        number: receipt.number,
        at: format!("{:.3}", receipt.at),
        event: report.kind.map(EventKind::name),
        candidates: report.candidates().map(EventKind::name).collect(),
        target: receipt.delivery.target(),
        bytes: receipt.delivery.body().len(),
        signature: receipt.signature(),
        verdict: report.conclusion().name(),
        findings: locate(&judged).map(line).collect(),
        omitted: report.omitted,
        status: receipt.status,
        ms: receipt.ms,
        capture: receipt.capture.as_deref(),
        forwarded: receipt.forwarded,
        explanation: receipt.explanation.as_ref(),
    }
}

fn line(located: Located<'_>) -> FindingLine<'_> {
    let Located { finding, start, .. } = located;
    let (pointer, header) = match &finding.place {
        Place::Header { name, .. } => (None, Some(name.as_str())),
        Place::Body { pointer, .. } => (Some(pointer.as_str()), None),
    };
    FindingLine {
        rule: finding.rule.id,
        severity: finding.severity.name(),
        origin: finding.rule.origin.name(),
        pointer,
        header,
        line: start.line,
        column: start.column,
        message: &finding.message,
        help: finding.help.as_deref(),
        document: finding.document.as_deref(),
    }
}
