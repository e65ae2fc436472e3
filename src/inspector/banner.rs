//! The banner of a delivery: its result in one sentence, with a fix.

use crate::models::rule::Severity;

use super::delivery_row::{DeliveryRow, Tone, UNCHECKED, VALID};
use super::inspection::Inspection;

/// The result of a delivery in one sentence, with advice.
pub(super) struct Banner {
    pub(super) headline: String,
    pub(super) advice: Vec<String>,
}

pub(super) fn banner(row: &DeliveryRow, inspection: &Inspection, has_scheme: bool) -> Banner {
    let Inspection { summary, reason: rejection, explanation, findings, .. } = inspection;
    let (rejection, explanation) = (rejection.as_deref(), explanation.as_ref());
    let status = summary.status.map_or_else(String::new, |status| format!("{status}: "));
    let is_authentic = summary.signature == VALID || summary.signature == UNCHECKED;
    if !is_authentic && row.tone == Tone::Bad {
        let reason = match summary.signature.as_str() {
            "mismatch" => "the signature does not match".to_owned(),
            "unsigned" => "the delivery is not signed".to_owned(),
            other => format!("the credentials are not valid ({other})"),
        };
        let cause = explanation.and_then(|explanation| explanation.causes.first());
        let because = cause.map(|cause| format!(", because {}", lower_first(&cause.message))).unwrap_or_default();
        let mut advice: Vec<_> = cause.map(|cause| format!("fix: {}", cause.help)).into_iter().collect();
        if advice.is_empty() {
            advice.extend(rejection.filter(|text| *text != summary.signature).map(sentence));
            advice.push(match (explanation, has_scheme) {
                _ if summary.signature == "unsigned" => {
                    "fix: configure the secret on the sender, so that it signs its deliveries.".to_owned()
                }
                (Some(explanation), _) if explanation.tried > 0 => format!(
                    "None of {} candidates matches: the secret is different, or the body changed after it was signed.",
                    explanation.tried
                ),
                (_, true) => "Open Signature to see what was compared.".to_owned(),
                (_, false) => "fix: start cfwh inspect with --secret-file PATH to see the cause.".to_owned(),
            });
        }
        return Banner { headline: format!("{status}{reason}{because}"), advice };
    }
    let first =
        findings.iter().find(|finding| finding.finding.severity == Severity::Error).or_else(|| findings.first());
    let advice: Vec<String> = first
        .and_then(|finding| finding.finding.help.as_ref())
        .map(|help| format!("fix: {help}"))
        .into_iter()
        .collect();
    match (row.tone, first) {
        (Tone::Bad, Some(first)) if row.errors > 0 => {
            let count = if row.errors == 1 { String::new() } else { format!(" ({} errors)", row.errors) };
            let place = Some(first.finding.location.name()).filter(|place| !place.is_empty());
            let place = place.map(|place| format!(" at {place}")).unwrap_or_default();
            Banner {
                headline: format!("{status}the body is not valid{place}: {}{count}", first.finding.message),
                advice,
            }
        }
        (Tone::Bad, _) => {
            let response = inspection.response.as_ref().and_then(|response| response.body.as_deref());
            let line = response.and_then(|body| body.lines().next()).filter(|line| !line.is_empty());
            let line = line.map_or_else(|| "the delivery was refused".to_owned(), str::to_owned);
            Banner {
                headline: format!("{status}{line}"),
                advice: vec!["Open Response to see the whole response.".to_owned()],
            }
        }
        (Tone::Warn, Some(first)) => {
            Banner { headline: format!("{status}accepted, with a warning: {}", first.finding.message), advice }
        }
        _ => {
            let signature = match summary.signature.as_str() {
                VALID => "the signature is valid",
                UNCHECKED => "the signature was not checked",
                _ => "the delivery is not signed",
            };
            let body = match summary.verdict.as_str() {
                "clean" => "the body is valid",
                "unchecked" => "the body was not checked",
                _ => "the body has warnings",
            };
            Banner { headline: format!("{status}{signature}, and {body}"), advice: Vec::new() }
        }
    }
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    let second_is_upper = text.chars().nth(1).is_some_and(|letter| letter.is_uppercase() || letter == '-');
    match letters.next() {
        Some(first) if !second_is_upper => first.to_lowercase().chain(letters).collect(),
        _ => text.to_owned(),
    }
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let text: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    if text.ends_with('.') { text } else { text + "." }
}
