//! The results of `send`.

use std::fmt::Write;

use serde::Serialize;

use crate::client::load_stats::LoadSummary;
use crate::models::text::truncate;

use super::escape;
use super::show::Show;
use super::style::Style;

/// What happened to one delivery that was sent.
#[derive(Debug, Serialize)]
pub struct SentDelivery<'a> {
    /// The event, if it is known.
    pub event: Option<&'static str>,
    /// Where the body comes from: the name of an event, a file, a line of a file.
    pub source: &'a str,
    /// Where it was sent, without user and password.
    pub url: &'a str,
    /// The status of the response.
    pub status: Option<u16>,
    /// From the first byte sent to the last byte received, in milliseconds.
    pub ms: Option<f64>,
    /// How many times it was sent.
    pub attempts: u32,
    /// Why there is no response.
    pub error: Option<String>,
    /// The body of the response if it is not a 2xx.
    #[serde(skip)]
    pub body: Option<&'a [u8]>,
    /// What else a person wants to know about the response: where it redirects to, how it is compressed.
    #[serde(skip)]
    pub note: Option<String>,
}

impl Show for SentDelivery<'_> {
    fn text(&self, style: Style) -> String {
        let event = self.event.unwrap_or("-");
        let source =
            if self.event == Some(self.source) { String::new() } else { format!("  {}", escape::line(self.source)) };
        let (None, Some(status), Some(ms)) = (&self.error, self.status, self.ms) else {
            let error = self.error.as_deref().unwrap_or("no response");
            return format!("{event:<18}  {}  {}{source}\n", style.error("---"), escape::line(error));
        };
        let mut text = format!("{event:<18}  {}  {:>8}{source}\n", status_code(status, style), milliseconds(ms));
        let note = self.note.iter().map(|note| escape::line(note));
        for line in note.chain(self.body.map(first_lines).unwrap_or_default()) {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{:20}{}", "", style.dim(&line));
        }
        text
    }
}

impl Show for LoadSummary {
    fn text(&self, _: Style) -> String {
        let Self { sent, ok, refused, unanswered, seconds, rate, ms } = self;
        format!(
            "{sent} sent: {ok} ok, {refused} refused, {unanswered} unanswered in {seconds:.2} s, {rate:.0} a second\n\
             latency: p50 {}, p90 {}, p99 {}, max {}\n",
            milliseconds(ms.p50),
            milliseconds(ms.p90),
            milliseconds(ms.p99),
            milliseconds(ms.max)
        )
    }
}

/// The first lines of a body that are not blank.
fn first_lines(body: &[u8]) -> Vec<String> {
    const LINES: usize = 3;
    const WIDTH: usize = 58;
    let text = String::from_utf8_lossy(body);
    let lines = text.lines().filter(|line| !line.trim().is_empty()).take(LINES);
    lines.map(|line| truncate(&escape::line(line), WIDTH).into_owned()).collect()
}

pub(super) fn status_code(status: u16, style: Style) -> String {
    match status {
        200..=299 => style.green(&status.to_string()),
        300..=399 => style.yellow(&status.to_string()),
        _ => style.red(&status.to_string()),
    }
}

/// With two significant digits: `0.42 ms`, `4.2 ms`, `42 ms`.
pub(super) fn milliseconds(ms: f64) -> String {
    let digits = if ms < 1.0 { 2 } else { usize::from(ms < 10.0) };
    format!("{ms:.digits$} ms")
}
