//! The result of `send --shrink`.

use serde::Serialize;

use crate::shrinking::Part;

use super::escape;
use super::show::Show;
use super::style::Style;

/// The most parts that the sentence names.
const MAX_PARTS: usize = 3;
/// The longest body that is shown, in bytes.
const MAX_BODY: usize = 400;

/// The smallest delivery with which a receiver fails in the same way.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "shrunk")]
pub struct ShrunkDelivery<'a> {
    /// The event.
    pub event: Option<&'static str>,
    /// Where the body comes from.
    pub source: &'a str,
    /// What the receiver does: `responds 500`.
    pub failure: &'a str,
    /// What in the body matters, the most telling first; empty if it fails with any body.
    pub parts: Vec<Part>,
    /// The smallest body; bytes that are not UTF-8 are replaced.
    pub body: String,
    /// Its length.
    pub bytes: usize,
    /// The length of the body that was given.
    pub bytes_before: usize,
    /// How many requests were sent.
    pub requests: usize,
    /// Was the number of requests the reason to stop?
    pub limited: bool,
    /// The capture that the delivery is saved as.
    pub capture: String,
}

impl Show for ShrunkDelivery<'_> {
    fn text(&self, style: Style) -> String {
        let Self { failure, body, bytes, bytes_before, requests, capture, .. } = self;
        let shown: Vec<_> = self.parts.iter().take(MAX_PARTS).map(ToString::to_string).collect();
        let reason = match shown.as_slice() {
            [] => " whatever the body is, even with {}".to_owned(),
            [first] => format!(" because of {first}"),
            [first, others @ ..] => format!(" because of {first}, together with {}", others.join(" and ")),
        };
        let sentence = style.bold(&escape::line(&format!("the receiver {failure}{reason}")));
        let body = if *bytes <= MAX_BODY { format!("  {}\n", escape::line(body)) } else { String::new() };
        let limit = if self.limited { ", which is the limit: a smaller body may fail, too" } else { "" };
        let counts = format!("{bytes} of {bytes_before} bytes are left after {requests} requests{limit}");
        format!("{sentence}\n{body}{counts}\nsaved as {}\n", escape::line(capture))
    }
}

/// A failure that did not happen again.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "not-reproducible")]
pub struct NotReproduced<'a> {
    /// Where the body comes from.
    pub source: &'a str,
    /// What the receiver did.
    pub failure: &'a str,
    /// How often the same happened with the same body.
    pub same: usize,
    /// How often it was sent.
    pub of: usize,
    /// How many requests were sent.
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
