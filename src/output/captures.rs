//! The results of `captures`.

use std::fmt::Write;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::auth::Explanation;
use crate::inspector::inspection::{Inspection, PlacedFinding};
use crate::inspector::summary::Summary;
use crate::models::recorded_response::RecordedResponse;
use crate::models::text::fit;
use crate::store::journal_entry::JournalForward;
use crate::validation::position::Position;
use crate::validation::report::FindingLocation;

use super::escape;
use super::highlight::highlight;
use super::sending::{milliseconds, status_code};
use super::show::Show;
use super::signatures::causes;
use super::snippet::snippet;
use super::style::Style;

/// The columns of a row besides the subject.
const OTHER_COLUMNS: usize = 80;
/// The least and the most columns of a subject.
const SUBJECT: (usize, usize) = (17, 60);

impl Show for Summary {
    /// One line as wide as the terminal.
    fn text(&self, style: Style) -> String {
        let number = self.number.map_or_else(|| "-".to_owned(), |number| number.to_string());
        let at = self.at.map_or_else(|| "-".to_owned(), local_time);
        let event = escape::line(self.event.as_deref().unwrap_or("-"));
        let subject = escape::line(self.subject.as_deref().unwrap_or_default());
        let subject = fit(&subject, style.columns().saturating_sub(OTHER_COLUMNS).clamp(SUBJECT.0, SUBJECT.1));
        let status = self.status.map_or_else(|| "  -".to_owned(), |status| status_code(status, style));
        let ms = self.ms.map_or_else(|| "-".to_owned(), milliseconds);
        format!(
            "{number:>6} {at:<19} {} {subject} {} {} {status} {ms:>8}\n",
            fit(&event, 18),
            paint_signature(&self.signature, style),
            paint_verdict(&self.verdict, style),
        )
    }
}

/// The time on the clock of the reader.
fn local_time(at: Timestamp) -> String {
    at.to_zoned_datetime(TimeZone::system()).strftime("%Y-%m-%d %H:%M:%S").to_string()
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
    /// The row, why it is not authentic, the request, the findings at their places, and the response.
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
            || "no journal, so the response is not known\n".to_owned(),
            |response| response_text(response, style),
        );
        text
    }
}

fn explained(explanation: &Explanation, style: Style) -> String {
    causes(explanation, 7, style, style.verbose)
}

fn response_text(response: &RecordedResponse<'_>, style: Style) -> String {
    let mut text = format!("HTTP/1.1 {}\n", status_code(response.status, style));
    // Writing to a String cannot fail.
    for field in &response.headers {
        let _ = writeln!(text, "{}: {}", style.dim(&escape::line(&field.name)), escape::line(&field.value));
    }
    match &response.body {
        Some(body) if !body.is_empty() => {
            let _ = writeln!(text, "\n{}", highlight(escape::lines(body).trim_end(), style));
        }
        Some(_) => {}
        None => text += "\n(a body that is not text)\n",
    }
    if response.truncated {
        text += "… and more, which the journal does not have\n";
    }
    text
}
