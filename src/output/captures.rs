//! The results of `captures`.

use std::borrow::Cow;
use std::fmt::Write;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::auth::Explanation;
use crate::inspector::inspection::{Inspection, PlacedFinding};
use crate::inspector::summary::Summary;
use crate::json::diff::{Difference, Differences};
use crate::models::HeaderDifference;
use crate::models::text::fit;
use crate::redaction::{FileWithLeftovers, RedactedFolder};
use crate::store::journal_entry::JournalForward;
use crate::validation::position::Position;
use crate::validation::report::FindingLocation;

use super::escape;
use super::highlight::highlight;
use super::json_layout;
use super::response::{Extent, lines};
use super::sending::{milliseconds, status_code};
use super::show::Show;
use super::signatures::causes;
use super::snippet::snippet;
use super::style::Style;

/// The columns of a row without the subject, and those of its shorter forms.
const COLUMNS: usize = 80;
const COLUMNS_WITH_TIME_OF_DAY: usize = 69;
const COLUMNS_WITHOUT_SUBJECT: usize = 48;
/// The smallest and the largest number of columns of a subject.
const SUBJECT: (usize, usize) = (17, 60);

impl Show for Summary {
    /// Renders one line that fits the terminal. A narrow terminal first hides the date, then subject, verdict and duration.
    fn text(&self, style: Style) -> String {
        let number = self.number.map_or_else(|| "-".to_owned(), |number| number.to_string());
        let event = escape::line(self.event.as_deref().unwrap_or("-"));
        let event = fit(&event, 18);
        let signature = paint_signature(&self.signature, style);
        let status = self.status.map_or_else(|| "  -".to_owned(), |status| status_code(status, style));
        let is_narrow = style.width.is_some_and(|width| width < COLUMNS + SUBJECT.0);
        let at = |format| self.at.map_or_else(|| "-".to_owned(), |at| local_time(at, format));
        let at = if is_narrow { format!("{:<8}", at("%H:%M:%S")) } else { format!("{:<19}", at("%Y-%m-%d %H:%M:%S")) };
        if style.width.is_some_and(|width| width < COLUMNS_WITH_TIME_OF_DAY + SUBJECT.0) {
            let row = format!("{number:>6} {at} {event} {signature} {status}\n");
            let has_room = style.width.is_some_and(|width| width >= COLUMNS_WITHOUT_SUBJECT);
            return if has_room { row } else { format!("{number:>6} {event} {status}\n") };
        }
        let subject = escape::line(self.subject.as_deref().unwrap_or_default());
        let others = if is_narrow { COLUMNS_WITH_TIME_OF_DAY } else { COLUMNS };
        let subject = match style.width {
            Some(width) => fit(&subject, width.saturating_sub(others).clamp(SUBJECT.0, SUBJECT.1)),
            // Only the lines of a terminal have a width.
            None => format!("{subject:<40}"),
        };
        let ms = self.ms.map_or_else(|| "-".to_owned(), milliseconds);
        let verdict = paint_verdict(&self.verdict, style);
        format!("{number:>6} {at} {event} {subject} {signature} {verdict} {status} {ms:>8}\n")
    }
}

/// Formats a time in the local time zone.
fn local_time(at: Timestamp, format: &str) -> String {
    at.to_zoned_datetime(TimeZone::system()).strftime(format).to_string()
}

fn paint_signature(word: &str, style: Style) -> String {
    let text = fit(&escape::line(word), 9);
    match word {
        "valid" => style.green(&text),
        "unchecked" => style.dim(&text),
        _ => style.red(&text),
    }
}

fn paint_verdict(word: &str, style: Style) -> String {
    let text = fit(&escape::line(word), 9);
    match word {
        "clean" => style.green(&text),
        "warnings" => style.yellow(&text),
        "errors" => style.red(&text),
        _ => style.dim(&text),
    }
}

impl Show for Inspection {
    /// Renders the row, the reason for failed authentication, the request, the findings with source lines, and the response.
    fn text(&self, style: Style) -> String {
        let Self { summary, request, reason, explanation, findings, omitted, forwarded, response } = self;
        let mut text = summary.text(style);
        // Writing to a String cannot fail.
        if let Some(reason) = reason {
            let _ = writeln!(text, "{:7}{}", "", escape::line(reason));
        }
        if let Some(explanation) = explanation {
            text += &explained(explanation, style);
        }
        let _ = writeln!(text, "\n{} {} HTTP/1.1", request.request.method(), escape::line(&request.target));
        for (name, value) in request.request.headers().iter() {
            let value = escape::line(&String::from_utf8_lossy(value));
            let _ = writeln!(text, "{}: {value}", style.dim(&escape::line(name)));
        }
        let body = String::from_utf8_lossy(request.request.body());
        // Findings quote the original lines.
        let body = json_layout::indent(&body).map_or(body, Cow::Owned);
        let _ = writeln!(text, "\n{}\n", highlight(escape::lines(&body).trim_end(), style));
        let input = summary.capture.as_deref().unwrap_or("-");
        for PlacedFinding { finding, start, .. } in findings {
            let in_body = matches!(finding.location, FindingLocation::Body { .. });
            let line = start.line + if in_body { request.body_line - 1 } else { 0 };
            text += &snippet(finding, Position { line, ..*start }, input, &request.request, style);
        }
        if *omitted > 0 {
            let _ = writeln!(text, "and {omitted} more findings\n");
        }
        for JournalForward { url, status, ms, error } in forwarded {
            let outcome = match (status, ms) {
                (Some(status), Some(ms)) => format!("{} {}", status_code(*status, style), milliseconds(*ms)),
                _ => style.red(&escape::line(error.as_deref().unwrap_or("no response"))),
            };
            let _ = writeln!(text, "-> {}  {outcome}", escape::line(url));
        }
        text += &response.as_ref().map_or_else(
            || "the response is unknown, because the folder has no journal\n".to_owned(),
            |response| lines(&response.to_response(), Extent::Whole, 0, style),
        );
        text
    }
}

fn explained(explanation: &Explanation, style: Style) -> String {
    causes(explanation, 7, style, style.verbose)
}

/// The differences between two deliveries.
#[derive(Debug, Serialize)]
pub struct DeliveryDiff<'a> {
    before: &'a str,
    after: &'a str,
    /// The paths and queries, if both are known and differ.
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<TargetDifference<'a>>,
    headers: Vec<HeaderDifference>,
    #[serde(flatten)]
    body: Differences,
}

#[derive(Debug, Serialize)]
struct TargetDifference<'a> {
    before: &'a str,
    after: &'a str,
}

impl<'a> DeliveryDiff<'a> {
    /// Compares the targets, headers and bodies of two deliveries.
    pub fn new(
        (before, after): (&'a str, &'a str),
        target: Option<(&'a str, &'a str)>,
        headers: Vec<HeaderDifference>,
        body: Differences,
    ) -> Self {
        let target = target.map(|(before, after)| TargetDifference { before, after });
        Self { before, after, target, headers, body }
    }

    /// Returns whether the deliveries are equal.
    pub const fn is_empty(&self) -> bool {
        self.target.is_none() && self.headers.is_empty() && self.body.differences.is_empty()
    }
}

impl Show for DeliveryDiff<'_> {
    /// Renders a line for each value: removed values are red with `-`, added values are green with `+`.
    fn text(&self, style: Style) -> String {
        let mut text = String::new();
        let removed = |value: &str| style.red(&format!("  - {}", escape::line(value)));
        let added = |value: &str| style.green(&format!("  + {}", escape::line(value)));
        let mut add = |name: &str, before: Option<&str>, after: Option<&str>| {
            text.extend([&style.bold(&escape::line(name)), "\n"]);
            for line in before.map(removed).into_iter().chain(after.map(added)) {
                text.extend([&line, "\n"]);
            }
        };
        if let Some(TargetDifference { before, after }) = &self.target {
            add("target", Some(before), Some(after));
        }
        for HeaderDifference { name, before, after } in &self.headers {
            add(&format!("{name}:"), before.as_deref(), after.as_deref());
        }
        for Difference { pointer, before, after, .. } in &self.body.differences {
            let name = if pointer.is_empty() { "the whole body" } else { pointer };
            add(name, before.as_deref(), after.as_deref());
        }
        if self.body.omitted > 0 {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "and {} more differences", self.body.omitted);
        }
        text
    }
}

/// The result of a redaction.
#[derive(Debug, Serialize)]
pub struct Redaction {
    /// The new folder.
    pub folder: String,
    /// The new secret of the deliveries.
    pub secret: String,
    /// Whether every file was searched for original words.
    #[serde(rename = "verified")]
    pub is_verified: bool,
    /// The counts.
    #[serde(flatten)]
    pub redacted: RedactedFolder,
}

impl Show for Redaction {
    fn text(&self, style: Style) -> String {
        let Self { folder, secret, is_verified, redacted } = self;
        let RedactedFolder { captures, app_ids, client_keys, leftovers } = redacted;
        let noun = if *captures == 1 { "delivery" } else { "deliveries" };
        let mut text = format!("{captures} {noun} redacted in {}\n", escape::line(folder));
        // Writing to a String cannot fail.
        let _ = writeln!(text, "secret {secret}");
        for id in app_ids {
            let _ = writeln!(text, "app id {}", escape::line(id));
        }
        for key in client_keys {
            let _ = writeln!(text, "client key {}", escape::line(key));
        }
        for FileWithLeftovers { file, words } in leftovers {
            let words = words.iter().map(|word| escape::line(word)).collect::<Vec<_>>().join(", ");
            let _ = writeln!(text, "{} {}: {words}", style.red("left"), escape::line(file));
        }
        if *is_verified && leftovers.is_empty() {
            text += "verified: no original word was found\n";
        }
        text
    }
}
