//! A received delivery, as text and as a line of `listen --json`.

use std::borrow::Cow;
use std::fmt::Write;

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use crate::auth::{Explanation, RejectionKind, Verdict};
use crate::models::event::EventKind;
use crate::models::request::Request;
use crate::models::rule::Severity;
use crate::models::text::fit;
use crate::validation::report::{Finding, ReportVerdict};

use super::Terminal;
use super::escape;
use super::findings::{LocatedFinding, LocatedReport};
use super::sending::{milliseconds, status_code};
use super::show::Show;
use super::signatures::causes;
use super::style::Style;

/// A received delivery. The field names are those of `listen --json`.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "delivery")]
pub struct Receipt<'a> {
    /// From 1, in the order of arrival.
    pub number: u64,
    /// When it was received.
    #[serde(serialize_with = "timestamp")]
    pub at: Timestamp,
    /// The path and the query.
    pub target: &'a str,
    /// The length of the body.
    pub bytes: usize,
    /// The verdict on its signature in one word.
    pub signature: &'static str,
    /// What was found in it. It is in no file: lines count from the start of its body.
    #[serde(flatten)]
    pub report: LocatedReport<'a>,
    /// The status of the response.
    pub status: u16,
    /// From the end of its head to the response, in milliseconds.
    pub ms: f64,
    /// The file it was saved to.
    pub capture: Option<String>,
    /// Where it was forwarded to.
    pub forwarded: &'a [Forwarded],
    /// Why the signature is not valid, if that was asked for.
    #[serde(flatten)]
    pub explanation: Option<Explanation>,
    /// The verdict on its signature; `None` if there is no secret to verify it with.
    #[serde(skip)]
    pub verdict: Option<&'a Verdict>,
    /// What it is about.
    #[serde(skip)]
    pub subject: Option<String>,
    /// The delivery itself.
    #[serde(skip)]
    pub delivery: &'a Request,
}

/// What happened to a delivery that was forwarded to an endpoint.
#[derive(Clone, Debug, Serialize)]
pub struct Forwarded {
    /// Where it was sent, the query included.
    pub url: String,
    /// The status of the endpoint's response.
    pub status: Option<u16>,
    /// How long the response took, in milliseconds.
    pub ms: Option<f64>,
    /// Why there is no response.
    pub error: Option<String>,
}

fn timestamp<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{at:.3}"))
}

impl Terminal {
    /// Prints a received delivery at once.
    ///
    /// # Errors
    /// As [`Terminal::flush`].
    pub fn receipt(&mut self, receipt: &Receipt<'_>) -> anyhow::Result<()> {
        self.print(receipt)?;
        self.flush()
    }
}

impl Show for Receipt<'_> {
    /// One line of at most 80 columns, what is wrong in lines below it; with `verbose`, headers and body too.
    fn text(&self, style: Style) -> String {
        let at = self.at.to_zoned_datetime(jiff::tz::TimeZone::system());
        let event = event(&self.report);
        let about = self.subject.as_deref().map(escape::line).unwrap_or_default();
        let signature = format!("{:<9}", self.signature);
        let signature = match self.verdict {
            Some(Verdict::Valid) => style.green(&signature),
            Some(_) => style.red(&signature),
            None => style.dim(&signature),
        };
        // Writing to a String cannot fail.
        let mut text = format!(
            "{} {event:<18} {} {signature} {} {} {:>8}\n",
            style.dim(&at.strftime("%H:%M:%S").to_string()),
            fit(&about, 17),
            conclusion(&self.report, style),
            status_code(self.status, style),
            milliseconds(self.ms),
        );
        if let Some(rejection) = self.verdict.and_then(Verdict::rejection)
            && rejection.kind == RejectionKind::Malformed
        {
            let _ = writeln!(text, "{:9}signature: {}", "", rejection.message);
        }
        for Forwarded { url, status, ms, error } in self.forwarded {
            let outcome = match (status, ms) {
                (Some(status), Some(ms)) => format!("{} {}", status_code(*status, style), milliseconds(*ms)),
                _ => style.red(&escape::line(error.as_deref().unwrap_or("no response"))),
            };
            let _ = writeln!(text, "{:9}-> {}  {outcome}", "", escape::line(url));
        }
        for LocatedFinding { finding, .. } in &self.report.findings {
            if style.verbose || finding.severity == Severity::Error {
                text += &finding_line(finding, style);
            }
        }
        if let Some(explanation) = &self.explanation {
            text += &causes(explanation, 9, style);
        }
        if style.verbose {
            text += &self.details(style);
        }
        text
    }
}

impl Receipt<'_> {
    fn details(&self, style: Style) -> String {
        let mut text = format!("{:9}POST {}\n", "", escape::line(self.delivery.target()));
        for (name, value) in self.delivery.headers().iter() {
            let value = escape::line(&String::from_utf8_lossy(value));
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{:9}{}: {value}", "", style.dim(&escape::line(name)));
        }
        text.push('\n');
        for line in highlight(&escape::lines(&String::from_utf8_lossy(self.delivery.body())), style).lines() {
            let _ = writeln!(text, "{:9}{line}", "");
        }
        text.push('\n');
        text
    }
}

fn finding_line(finding: &Finding, style: Style) -> String {
    let label = format!("{}[{}]", finding.severity.name(), finding.rule.id());
    let label = match finding.severity {
        Severity::Error => style.red(&label),
        Severity::Warning => style.yellow(&label),
    };
    let place = finding.location.name();
    let place = if place.is_empty() { String::new() } else { format!(" {}", escape::line(place)) };
    format!("{:9}{label}{place}: {}\n", "", escape::line(&finding.message))
}

/// The name of the event; `page_*` if only the entity is known.
fn event(report: &LocatedReport<'_>) -> &'static str {
    let pattern = || report.candidates.first().map_or("-", |kind| kind.entity().pattern());
    report.event.map_or_else(pattern, EventKind::name)
}

/// Colours the keys and strings of JSON. It only looks at quotes, so it changes no text, JSON or not.
fn highlight(text: &str, style: Style) -> Cow<'_, str> {
    if !style.color {
        return Cow::Borrowed(text);
    }
    let mut painted = String::with_capacity(text.len() * 2);
    let mut rest = text;
    while let Some(start) = rest.find('"') {
        painted.push_str(&rest[..start]);
        let end = closing_quote(&rest[start..]).map_or(rest.len(), |length| start + length);
        let is_key = rest[end..].trim_start().starts_with(':');
        let string = &rest[start..end];
        painted.push_str(&if is_key { style.blue(string) } else { style.green(string) });
        rest = &rest[end..];
    }
    painted.push_str(rest);
    Cow::Owned(painted)
}

/// The length of a string in quotes, which `text` begins with.
fn closing_quote(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.char_indices().skip(1).find_map(|(index, character)| {
        let closes = character == '"' && !escaped;
        escaped = character == '\\' && !escaped;
        closes.then_some(index + 1)
    })
}

fn conclusion(report: &LocatedReport<'_>, style: Style) -> String {
    let count = |severity, noun: &str| {
        let count =
            report.findings.iter().filter(|located| located.finding.severity == severity).count() + report.omitted;
        format!("{:<11}", format!("{count} {noun}{}", if count == 1 { "" } else { "s" }))
    };
    match report.verdict {
        ReportVerdict::Clean => style.green("clean      "),
        ReportVerdict::Warnings => style.yellow(&count(Severity::Warning, "warning")),
        ReportVerdict::Errors => style.red(&count(Severity::Error, "error")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn highlighting_changes_nothing_but_the_colour() {
        let text = r#"{"a": "b\"c", "d": [1, true], "e" "#;
        let painted = highlight(text, Style { color: true, verbose: false }).into_owned();
        assert!(painted.contains("\u{1b}[34m\"a\"\u{1b}[0m"));
        let plain = painted.replace("\u{1b}[34m", "").replace("\u{1b}[32m", "").replace("\u{1b}[0m", "");
        assert_eq!(plain, text);
    }
}
