//! The results of `send`.

use std::fmt::Write;

use serde::Serialize;

use crate::client::load::SentRequest;
use crate::client::load_stats::LoadSummary;
use crate::client::url;
use crate::models::response::Response;
use crate::models::text::truncate;

use super::escape;
use super::show::Show;
use super::style::Style;

/// What happened to one delivery that was sent.
#[derive(Debug, Serialize)]
pub struct SentDelivery<'a> {
    event: Option<&'static str>,
    /// Where the body comes from: the name of an event, a file, a line of a file.
    source: &'a str,
    /// Where it was sent, without user and password.
    url: String,
    status: Option<u16>,
    /// From the first byte sent to the last byte received, in milliseconds.
    ms: Option<f64>,
    attempts: u32,
    /// Why there is no response.
    pub error: Option<String>,
    #[serde(skip)]
    response: Option<&'a Response>,
}

impl<'a> SentDelivery<'a> {
    /// Describes a request that was sent.
    pub fn new(sent: &'a SentRequest<'a>) -> Self {
        let response = sent.result.as_ref().ok();
        let error = sent.result.as_ref().err().map(|error| match error.advice() {
            Some(advice) => format!("{error}; {advice}"),
            None => error.to_string(),
        });
        Self {
            event: sent.prepared.event,
            source: &sent.prepared.source,
            url: url::without_credentials(&sent.prepared.shown_url).to_string(),
            status: response.map(|response| response.status),
            ms: response.map(|_| sent.latency.as_secs_f64() * 1000.0),
            attempts: sent.attempts,
            error,
            response,
        }
    }

    /// What a person wants to know about a response that is not a 2xx: where it redirects to, how it is compressed, and
    /// the beginning of its body.
    fn details(&self, width: usize) -> Vec<String> {
        let Some(response) = self.response.filter(|response| !response.is_success()) else { return Vec::new() };
        let encoding = response.headers.text("Content-Encoding");
        let note = match (response.redirects_to(), &encoding) {
            (Some(to), _) => Some(format!("redirects to {to}; deliveries do not follow")),
            (None, Some(encoding)) => Some(format!("its body is compressed ({encoding})")),
            _ => None,
        };
        let lines = if encoding.is_some() { Vec::new() } else { first_lines(&response.body, width) };
        note.iter().map(|note| escape::line(note)).chain(lines).collect()
    }
}

impl Show for SentDelivery<'_> {
    fn text(&self, style: Style) -> String {
        let event = self.event.unwrap_or("-");
        let source = if event == self.source { String::new() } else { format!("  {}", escape::line(self.source)) };
        let (Some(status), Some(ms)) = (self.status, self.ms) else {
            let error = self.error.as_deref().unwrap_or("no response");
            return format!("{event:<18}  {}  {}{source}\n", style.error("---"), escape::line(error));
        };
        let mut text = format!("{event:<18}  {}  {:>8}{source}\n", status_code(status, style), milliseconds(ms));
        for line in self.details(style.columns().saturating_sub(22)) {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{:20}{}", "", style.dim(&line));
        }
        text
    }
}

impl Show for LoadSummary {
    fn text(&self, _: Style) -> String {
        let Self { sent, ok, refused, unanswered, skipped, seconds, rate, ms } = self;
        let skipped = skipped.map(|count| format!("; {count} skipped, so they are lost")).unwrap_or_default();
        let counts = format!(
            "{sent} sent: {ok} ok, {refused} refused, {unanswered} unanswered in {seconds:.2} s, {rate:.0} a second{skipped}\n"
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

/// The first lines of a body that are not blank.
fn first_lines(body: &[u8], width: usize) -> Vec<String> {
    const LINES: usize = 3;
    let text = String::from_utf8_lossy(body);
    let lines = text.lines().filter(|line| !line.trim().is_empty()).take(LINES);
    lines.map(|line| truncate(&escape::line(line), width).into_owned()).collect()
}

pub(super) fn status_code(status: u16, style: Style) -> String {
    match status {
        200..=299 => style.green(&status.to_string()),
        300..=399 => style.yellow(&status.to_string()),
        _ => style.red(&status.to_string()),
    }
}

/// With two significant digits: `4.2 µs`, `42 µs`, `0.42 ms`, `4.2 ms`, `42 ms`.
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
