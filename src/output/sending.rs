//! The results of `send`.

use std::borrow::Cow;
use std::fmt::Write;

use serde::Serialize;

use crate::client::error::SendError;
use crate::client::load::SentRequest;
use crate::client::load_stats::{FailureExample, LoadSummary};
use crate::client::url;
use crate::models::response::Response;
use crate::models::status_pattern::ExpectedStatuses;

use super::error_line::split_advice;
use super::escape;
use super::response::{Extent, lines};
use super::show::Show;
use super::style::Style;

/// The indentation of the lines of a response.
const INDENT: usize = 20;

/// The advice after a 401 or 403.
const REFUSED_FIX: &str =
    "compare the secret or the token with that of the receiver; `cfwh probe` with the same options names the cause";

/// The outcome of one sent delivery.
#[derive(Debug, Serialize)]
pub struct SentDelivery<'a> {
    event: Option<&'static str>,
    /// The source of the body: the name of an event, a file, or a line of a file.
    source: &'a str,
    /// The URL that it was sent to, without user and password.
    url: String,
    status: Option<u16>,
    /// The time from the first sent byte to the last received byte, in milliseconds.
    ms: Option<f64>,
    attempts: u32,
    /// Why no response was received.
    pub error: Option<String>,
    /// The last response.
    response: Option<Cow<'a, Response>>,
    /// Whether the status is expected.
    ok: bool,
    #[serde(skip)]
    expected: &'a ExpectedStatuses,
    /// Whether the text leaves out the response.
    #[serde(skip)]
    is_brief: bool,
}

impl<'a> SentDelivery<'a> {
    /// Returns the outcome of a sent request.
    pub fn new(sent: &'a SentRequest<'a>) -> Self {
        let response = sent.shown_response();
        Self {
            event: sent.prepared.event,
            source: &sent.prepared.source,
            url: url::without_credentials(&sent.prepared.shown_url).to_string(),
            status: response.as_ref().map(|response| response.status),
            ms: response.as_ref().map(|_| sent.latency.as_secs_f64() * 1000.0),
            attempts: sent.attempts,
            error: sent.result.as_ref().err().map(SendError::sentence),
            response,
            ok: sent.is_expected(),
            expected: sent.expected,
            is_brief: false,
        }
    }

    /// Leaves out the response in text, because it would be the same for many deliveries.
    #[must_use]
    pub fn in_brief(self) -> Self {
        Self { is_brief: true, ..self }
    }
}

impl Show for SentDelivery<'_> {
    fn text(&self, style: Style) -> String {
        let event = self.event.unwrap_or("-");
        let source = if event == self.source { String::new() } else { format!("  {}", escape::line(self.source)) };
        let (Some(status), Some(ms)) = (self.status, self.ms) else {
            let error = self.error.as_deref().unwrap_or("no response");
            let (message, fix) = message_and_fix(error, style);
            return format!("{event:<18}  {}  {message}{source}\n{fix}", style.error("---"));
        };
        let status = expected_status(status, self.ok, style);
        let is_unusual = !self.ok && !self.expected.is_success();
        let note = if is_unusual { format!("  expected {}", self.expected) } else { String::new() };
        let mut text = format!("{event:<18}  {status}  {:>8}{source}{note}\n", milliseconds(ms));
        let response = self.response.as_deref().filter(|_| style.verbose || !self.ok);
        if let Some(response) = response.filter(|_| !self.is_brief) {
            let extent = if style.verbose { Extent::Whole } else { Extent::Beginning };
            text += &lines(response, extent, INDENT, style);
            if matches!(response.status, 401 | 403) && !self.ok && self.expected.is_success() {
                let _ = writeln!(text, "  {} {REFUSED_FIX}", style.dim("fix:"));
            }
        }
        text
    }
}

impl Show for LoadSummary {
    fn text(&self, style: Style) -> String {
        let Self { sent, ok, refused, unanswered, expected, skipped, seconds, rate, ms, examples } = self;
        let skipped = skipped.map(|count| format!("; {count} skipped and lost")).unwrap_or_default();
        let examples: String = examples.iter().map(|example| example_text(example, style)).collect();
        let (ok, refused) = if expected.is_success() {
            (format!("{ok} ok"), format!("{refused} refused"))
        } else {
            (format!("{ok} with {expected} as expected"), format!("{refused} with another status"))
        };
        let counts = format!(
            "{examples}{sent} sent: {ok}, {refused}, {unanswered} unanswered in {seconds:.2} s, {rate:.0} a second{skipped}\n"
        );
        if sent == unanswered {
            return counts;
        }
        format!(
            "{counts}latency: p50 {}, p90 {}, p99 {}, max {}\n",
            milliseconds(ms.p50),
            milliseconds(ms.p90),
            milliseconds(ms.p99),
            milliseconds(ms.max)
        )
    }
}

/// Returns the message of an error, and a line with its advice or nothing.
fn message_and_fix(error: &str, style: Style) -> (String, String) {
    let (message, advice) = split_advice(error);
    let fix = advice.map(|advice| format!("  {} {}\n", style.dim("fix:"), escape::line(advice)));
    (escape::line(message), fix.unwrap_or_default())
}

/// Renders one example of a kind of failure.
fn example_text(example: &FailureExample, style: Style) -> String {
    let FailureExample { count, event, source, status, error, response } = example;
    let (message, fix) = message_and_fix(error.as_deref().unwrap_or("no response"), style);
    let what = status.map_or_else(|| style.error(&message), |status| status_code(status, style));
    let source = event.map_or(Cow::Owned(escape::line(source)), Cow::Borrowed);
    // Writing to a String cannot fail.
    let mut text = format!("{count} got {what}");
    let Some(response) = response else { return format!("{text}, for example {source}\n{fix}") };
    let _ = writeln!(text, ", for example {source}:");
    let extent = if style.verbose { Extent::Whole } else { Extent::Beginning };
    text + &lines(response, extent, INDENT, style)
}

/// Renders a status in green if it is expected, otherwise in red.
fn expected_status(status: u16, is_expected: bool, style: Style) -> String {
    match status {
        _ if is_expected => style.green(&status.to_string()),
        200..=299 => style.red(&status.to_string()),
        _ => status_code(status, style),
    }
}

/// Renders the status of a response, or a placeholder without a response.
pub(super) fn optional_status(status: Option<u16>, style: Style) -> String {
    status.map_or_else(|| style.red("---"), |status| status_code(status, style))
}

pub(super) fn status_code(status: u16, style: Style) -> String {
    match status {
        200..=299 => style.green(&status.to_string()),
        300..=399 => style.yellow(&status.to_string()),
        _ => style.red(&status.to_string()),
    }
}

/// Formats a time with two significant digits: `4.2 µs`, `42 µs`, `0.42 ms`, `4.2 ms`, `42 ms`.
pub(super) fn milliseconds(ms: f64) -> String {
    let (value, unit) = if ms < 0.1 { (ms * 1000.0, "µs") } else { (ms, "ms") };
    let digits = if value < 1.0 { 2 } else { usize::from(value < 10.0) };
    format!("{value:.digits$} {unit}")
}

#[cfg(test)]
mod tests {
    use super::milliseconds;

    #[test]
    fn times_have_two_significant_digits() {
        let times = [0.000_4, 0.004_2, 0.042, 0.42, 4.2, 42.0, 420.0].map(milliseconds);
        assert_eq!(times, ["0.40 µs", "4.2 µs", "42 µs", "0.42 ms", "4.2 ms", "42 ms", "420 ms"]);
    }
}
