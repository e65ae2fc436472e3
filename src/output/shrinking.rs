//! The result of `send --shrink`.

use serde::Serialize;

use crate::shrinking::Part;

use super::escape;
use super::show::Show;
use super::style::Style;

/// The most parts that the result names.
const MAX_PARTS: usize = 3;
/// The longest body that is shown, in bytes.
const MAX_BODY: usize = 400;

/// The smallest delivery that makes a receiver fail in the same way.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "shrunk")]
pub struct ShrunkDelivery<'a> {
    /// The event.
    pub event: Option<&'static str>,
    /// The source of the body.
    pub source: &'a str,
    /// The failure: `responds 500`.
    pub failure: &'a str,
    /// The parts of the body that cause the failure, most important first; empty if the receiver fails with any body.
    pub parts: Vec<Part>,
    /// The smallest body. Bytes that are not UTF-8 are replaced.
    pub body: String,
    /// The length of the smallest body, in bytes.
    pub bytes: usize,
    /// The length of the original body, in bytes.
    pub bytes_before: usize,
    /// The number of sent requests.
    pub requests: usize,
    /// Whether the limit of requests was reached.
    pub limited: bool,
    /// The file name of the saved capture.
    pub capture: String,
}

impl Show for ShrunkDelivery<'_> {
    fn text(&self, style: Style) -> String {
        let Self { failure, body, bytes, bytes_before, requests, capture, .. } = self;
        let shown: Vec<_> = self.parts.iter().take(MAX_PARTS).map(ToString::to_string).collect();
        let reason = match shown.as_slice() {
            [] => " with any body, even {}".to_owned(),
            [first] => format!(" because of {first}"),
            [first, others @ ..] => format!(" because of {first}, together with {}", others.join(" and ")),
        };
        let sentence = style.bold(&escape::line(&format!("the receiver {failure}{reason}")));
        let body = if *bytes <= MAX_BODY { format!("  {}\n", escape::line(body)) } else { String::new() };
        let limit = if self.limited { " (the limit), so a smaller body may also fail" } else { "" };
        let counts = format!("{bytes} of {bytes_before} bytes left after {requests} requests{limit}");
        format!("{sentence}\n{body}{counts}\nsaved as {}\n", escape::line(capture))
    }
}

/// A failure that could not be reproduced.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "not-reproducible")]
pub struct NotReproduced<'a> {
    /// The source of the body.
    pub source: &'a str,
    /// The failure.
    pub failure: &'a str,
    /// The number of identical outcomes with the same body.
    pub same: usize,
    /// The number of times that the body was sent.
    pub of: usize,
    /// The number of sent requests.
    pub requests: usize,
}

impl Show for NotReproduced<'_> {
    fn text(&self, _: Style) -> String {
        let Self { failure, same, of, requests, .. } = self;
        format!(
            "not reproducible: the receiver {failure} with the same body {same} of {of} times; {requests} requests\n"
        )
    }
}
