//! The details of a delivery on the page.

use bytes::Bytes;
use serde::Serialize;

use crate::models::rule::Severity;

use super::banner::{Banner, banner};
use super::body_lines::{BodyLine, body_lines};
use super::delivery::Delivery;
use super::delivery_row::{DeliveryRow, Tone, UNCHECKED, VALID};
use super::inspection::{InspectedRequest, Inspection};
use super::inspector_settings::InspectorSettings;
use super::shown_credentials::{Audience, hide_credentials};

/// The maximum size of a raw body on the page, in bytes.
const MAX_BODY: usize = 256 * 1024;

/// The details of a delivery on the page.
#[derive(Debug, Serialize)]
pub(super) struct DeliveryView {
    #[serde(flatten)]
    inspection: Inspection,
    errors: usize,
    warnings: usize,
    tone: Tone,
    problem: Option<String>,
    /// The result in one sentence.
    headline: String,
    /// The advice.
    advice: Vec<String>,
    /// The formatted body. `None` if it is not JSON.
    lines: Option<Vec<BodyLine>>,
    lines_omitted: usize,
    /// Why the delivery has no explanation.
    unexplained: Option<&'static str>,
    /// Why the delivery cannot be replayed.
    not_sendable: Option<&'static str>,
}

impl DeliveryView {
    pub(super) fn new(delivery: &Delivery, settings: &InspectorSettings, shown_to: Audience) -> Self {
        if let Some(reason) = delivery.unread {
            return Self::of_row(delivery, reason, shown_to);
        }
        let Delivery { row, request, body_length, findings, entry, .. } = delivery;
        let is_whole = delivery.is_whole();
        let mut inspection = settings.inspector.inspect_request(request, entry.as_ref(), *body_length);
        if let Some((findings, omitted)) = findings.as_ref().filter(|_| !is_whole) {
            (inspection.findings, inspection.omitted) = (findings.clone(), *omitted);
        }
        if entry.is_none() {
            inspection.summary.at = row.summary.at;
        }
        inspection.summary.number = Some(row.number);
        inspection.summary.capture.clone_from(&row.summary.capture);
        // An explanation needs something to compare.
        inspection.explanation = inspection.explanation.filter(|found| found.tried > 0 || !found.causes.is_empty());
        let count = |severity| inspection.findings.iter().filter(|found| found.finding.severity == severity).count();
        let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
        let marked = DeliveryRow::new(row.number, inspection.summary.clone(), errors, warnings);
        let has_scheme = settings.inspector.scheme.is_some();
        let Banner { headline, advice } = banner(&marked, &inspection, has_scheme);
        let signature = inspection.summary.signature.as_str();
        let is_wrong = signature != VALID && signature != UNCHECKED;
        let unexplained = (inspection.explanation.is_none() && is_wrong).then_some(if !has_scheme {
            "fix: start cfwh inspect with --secret-file PATH to see why verification failed."
        } else if is_whole {
            "The delivery has no credentials to compare."
        } else {
            "The signature cannot be explained, because the body is truncated."
        });
        let pointers: Vec<_> = inspection.findings.iter().map(|found| found.finding.location.pointer()).collect();
        let shown = body_lines(request.body(), &pointers).filter(|_| is_whole);
        let (lines, lines_omitted) = shown.map_or((None, 0), |shown| (Some(shown.lines), shown.omitted));
        if request.body().len() > MAX_BODY {
            let is_boundary = |end: &usize| request.body()[*end] & 0b1100_0000 != 0b1000_0000;
            let end = (0..=MAX_BODY).rev().find(is_boundary).unwrap_or(MAX_BODY);
            inspection.request.request = request.with_body(Bytes::copy_from_slice(&request.body()[..end]));
            inspection.request.is_truncated = true;
        }
        hide_credentials(&mut inspection, shown_to);
        let DeliveryRow { tone, problem, .. } = marked;
        let not_sendable = not_sendable(delivery);
        Self {
            inspection,
            errors,
            warnings,
            tone,
            problem,
            headline,
            advice,
            lines,
            lines_omitted,
            unexplained,
            not_sendable,
        }
    }

    /// Creates the view of a delivery without bytes, from its row and the journal.
    fn of_row(delivery: &Delivery, reason: &'static str, shown_to: Audience) -> Self {
        let Delivery { row, request, entry, .. } = delivery;
        let target = row.summary.target.clone();
        let mut inspection = Inspection {
            summary: row.summary.clone(),
            request: InspectedRequest { request: request.clone(), target, body_line: 1, is_truncated: true },
            reason: None,
            explanation: None,
            findings: Vec::new(),
            omitted: 0,
            forwarded: entry.as_ref().map(|entry| entry.forwarded.clone()).unwrap_or_default(),
            response: entry.as_ref().and_then(|entry| entry.response.clone()),
        };
        hide_credentials(&mut inspection, shown_to);
        let advice = "The list shows the saved results. Headers and body are not available.";
        Self {
            inspection,
            errors: row.errors,
            warnings: row.warnings,
            tone: row.tone,
            problem: row.problem.clone(),
            headline: reason.to_owned(),
            advice: vec![advice.to_owned()],
            lines: None,
            lines_omitted: 0,
            unexplained: Some(reason),
            not_sendable: Some(reason),
        }
    }
}

/// Returns why a delivery cannot be replayed.
pub(super) fn not_sendable(delivery: &Delivery) -> Option<&'static str> {
    delivery.unread.or((!delivery.is_whole()).then_some(
        "The body of this delivery is truncated, so it cannot be replayed. fix: start cfwh listen with --capture to save whole bodies.",
    ))
}
