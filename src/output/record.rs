//! Shows a received delivery, as text and as a line of `listen --json`.

use std::fmt::Write;

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use crate::auth::{Explanation, Rejection, RejectionKind, Verdict};
use crate::client::forward::Forward;
use crate::models::response::Response;
use crate::models::rule::Severity;
use crate::models::text::{fit, truncate};
use crate::profiles::KnownEvent;
use crate::receiver::record::{Record, Refusal};
use crate::validation::report::{Finding, ReportVerdict};

use super::escape;
use super::findings::{LocatedFinding, LocatedReport};
use super::highlight::highlight;
use super::response::{Extent, lines};
use super::sending::{milliseconds, optional_status, status_code};
use super::show::Show;
use super::signatures::causes;
use super::style::Style;
use super::terminal::Terminal;

/// The most columns of the target of a refused request.
const MAX_TARGET: usize = 100;
/// The columns of a line without the subject.
const OTHER_COLUMNS: usize = 63;
/// The smallest number of columns of the subject, even on a narrow terminal.
const MIN_SUBJECT: usize = 17;
/// The largest number of columns of the subject, so that the end of the line is not too far away.
const MAX_SUBJECT: usize = 60;

/// The indentation of an endpoint's response.
const INDENT: usize = 12;

/// A line of `listen --json`, with further data for the text.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "delivery")]
struct RecordLine<'a> {
    number: u64,
    #[serde(serialize_with = "timestamp")]
    at: Timestamp,
    target: &'a str,
    bytes: usize,
    signature: &'static str,
    /// Lines count from the start of the body.
    #[serde(flatten)]
    report: LocatedReport<'a>,
    /// `None` if the connection is closed without a response.
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<&'static str>,
    ms: f64,
    capture: Option<String>,
    forwarded: Vec<ShownForward<'a>>,
    #[serde(flatten)]
    explanation: Option<Explanation>,
    #[serde(skip)]
    record: &'a Record,
}

/// The outcome at an endpoint, with its response if it is shown.
#[derive(Debug, Serialize)]
struct ShownForward<'a> {
    #[serde(flatten)]
    forward: &'a Forward,
    #[serde(skip_serializing_if = "Option::is_none")]
    response: Option<&'a Response>,
}

impl<'a> RecordLine<'a> {
    fn new(record: &'a Record, explanation: Option<Explanation>, is_verbose: bool) -> Self {
        let forwarded = record.forwards.iter().map(|forward| {
            let response = forward.response.as_ref().filter(|_| is_verbose);
            ShownForward { forward, response }
        });
        Self {
            number: record.number,
            at: record.received_at,
            target: &record.target,
            bytes: record.body_length,
            signature: record.verdict.as_ref().map_or("unchecked", Verdict::name),
            report: LocatedReport::new(&record.report, &record.positions, 1),
            status: record.status(),
            fault: record.fault_name(),
            ms: record.elapsed.as_secs_f64() * 1000.0,
            capture: record.capture.as_ref().map(|path| path.display().to_string()),
            forwarded: forwarded.collect(),
            explanation,
            record,
        }
    }
}

fn timestamp<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{at:.3}"))
}

impl Terminal {
    /// Prints a received delivery and flushes, with the explanation of its signature, if any.
    ///
    /// # Errors
    /// Returns the errors of [`Terminal::flush`].
    pub fn record(&mut self, record: &Record, explanation: Option<Explanation>) -> anyhow::Result<()> {
        self.print(&RecordLine::new(record, explanation, self.is_verbose()))?;
        self.flush()
    }
}

/// A line of `listen --json` about a refused request.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "refused")]
struct RefusalLine<'a> {
    #[serde(serialize_with = "timestamp")]
    at: Timestamp,
    #[serde(flatten)]
    refusal: &'a Refusal,
}

impl Terminal {
    /// Prints a request that was refused before it was a delivery.
    ///
    /// # Errors
    /// Returns the errors of [`Terminal::flush`].
    pub fn refusal(&mut self, refusal: &Refusal) -> anyhow::Result<()> {
        self.print(&RefusalLine { at: refusal.at, refusal })?;
        self.flush()
    }
}

impl Show for RefusalLine<'_> {
    /// Renders one line, with only the beginning of a long target.
    fn text(&self, style: Style) -> String {
        let Refusal { method, target, status, reason, .. } = self.refusal;
        let request = match (method, target) {
            (Some(method), Some(target)) => format!("{} {}: ", truncate(method, 10), truncate(target, MAX_TARGET)),
            _ => String::new(),
        };
        let status = optional_status(*status, style);
        let text = escape::line(&format!("{request}{reason}"));
        format!("{} {} {status} {text}\n", time_of_day(self.at, style), style.red(&format!("{:<18}", "refused")))
    }
}

/// Formats a time of day in the local time zone.
fn time_of_day(at: Timestamp, style: Style) -> String {
    style.dim(&at.to_zoned_datetime(jiff::tz::TimeZone::system()).strftime("%H:%M:%S").to_string())
}

impl Show for RecordLine<'_> {
    /// Renders one line that fits the terminal, and problems in lines below it. With `verbose`, also headers and body.
    fn text(&self, style: Style) -> String {
        let event = event(&self.report);
        let about = self.record.report.subject.as_deref().map(escape::line).unwrap_or_default();
        let signature = format!("{:<9}", self.signature);
        let signature = match &self.record.verdict {
            Some(Verdict::Valid) => style.green(&signature),
            Some(_) => style.red(&signature),
            None => style.dim(&signature),
        };
        // Writing to a String cannot fail.
        let mut text = format!(
            "{} {event:<18} {} {signature} {} {} {:>8}\n",
            time_of_day(self.at, style),
            fit(&about, style.columns().saturating_sub(OTHER_COLUMNS).clamp(MIN_SUBJECT, MAX_SUBJECT)),
            conclusion(&self.report, style),
            optional_status(self.status, style),
            milliseconds(self.ms),
        );
        if let Some(fault) = self.fault {
            let _ = writeln!(text, "{:9}response: {fault}, on purpose", "");
        }
        let rejection = self.record.verdict.as_ref().and_then(Verdict::rejection);
        if let Some(detail) = rejection.and_then(Rejection::detail) {
            let _ = writeln!(text, "{:9}signature: {}", "", escape::line(detail));
        }
        for ShownForward { forward: Forward { url, status, ms, error, .. }, response } in &self.forwarded {
            let outcome = match (status, ms) {
                (Some(status), Some(ms)) => format!("{} {}", status_code(*status, style), milliseconds(*ms)),
                _ => style.red(&escape::line(error.as_deref().unwrap_or("no response"))),
            };
            let _ = writeln!(text, "{:9}-> {}  {outcome}", "", escape::line(url));
            if let Some(response) = response {
                text += &lines(response, Extent::Whole, INDENT, style);
            }
        }
        for LocatedFinding { finding, .. } in &self.report.findings {
            if style.verbose || finding.severity == Severity::Error {
                text += &style.wrap(&finding_line(finding, style), 11);
                text.push('\n');
            }
        }
        match &self.explanation {
            Some(explanation) if style.verbose => text += &causes(explanation, 9, style, false),
            Some(explanation) => text += &cause(explanation, rejection, style),
            None => {}
        }
        if style.verbose {
            text += &self.details(style);
        }
        text
    }
}

/// Returns why a delivery is not authentic, in one line: the first cause that reproduces the received signature.
fn cause(explanation: &Explanation, rejection: Option<&Rejection>, style: Style) -> String {
    let line = match explanation.causes.first() {
        Some(cause) => format!("because {} [{}]", escape::line(&cause.message), cause.id),
        None if rejection.is_some_and(|rejection| rejection.kind == RejectionKind::Mismatch) => {
            "no cause found; -v says what was tried".to_owned()
        }
        None => return String::new(),
    };
    format!("{}\n", style.dim(&style.wrap(&format!("{:9}{line}", ""), 11)))
}

impl RecordLine<'_> {
    fn details(&self, style: Style) -> String {
        let mut text = format!("{:9}POST {}\n", "", escape::line(self.target));
        for (name, value) in self.record.request.headers().iter() {
            let value = escape::line(&String::from_utf8_lossy(value));
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{:9}{}: {value}", "", style.dim(&escape::line(name)));
        }
        text.push('\n');
        for line in highlight(&escape::lines(&String::from_utf8_lossy(self.record.request.body())), style).lines() {
            let _ = writeln!(text, "{:9}{line}", "");
        }
        if !self.record.has_whole_body() {
            let more = self.record.body_length - self.record.request.body().len();
            let _ = writeln!(text, "{:9}… and {more} more bytes", "");
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
    format!("{:9}{label}{place}: {}", "", escape::line(&finding.message))
}

/// Returns the name of the event, or `page_*` if only the entity is known.
fn event(report: &LocatedReport<'_>) -> &'static str {
    if report.is_ping {
        return "ping";
    }
    let pattern = || report.candidates.first().map_or("-", |kind| kind.entity().pattern());
    report.event.map_or_else(pattern, KnownEvent::name)
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
        ReportVerdict::Unchecked => style.dim("unchecked  "),
    }
}
