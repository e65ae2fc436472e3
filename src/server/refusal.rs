//! Describes a request that was refused before it was handled, even if it is not HTTP.

use jiff::Timestamp;
use serde::Serialize;

use super::heads::Head;

/// The longest target that hyper parses, in bytes.
const MAX_TARGET: usize = u16::MAX as usize - 1;

/// A request that was refused before it was handled.
#[derive(Clone, Debug, Serialize)]
pub struct Refusal {
    /// When it was refused.
    #[serde(skip)]
    pub at: Timestamp,
    /// The method; `None` if the received bytes are not an HTTP request.
    pub method: Option<String>,
    /// The target of the request line.
    pub target: Option<String>,
    /// The status of the response; `None` if the connection was closed without one.
    pub status: Option<u16>,
    /// Why it was refused, in one sentence.
    pub reason: String,
}

impl Refusal {
    pub(super) fn new(method: &str, target: &str, status: u16, reason: String) -> Self {
        let (method, target) = (Some(method.to_owned()), Some(target.to_owned()));
        Self { at: Timestamp::now(), method, target, status: Some(status), reason }
    }

    /// Returns the refusal of a request that hyper has not accepted.
    pub(super) fn from_head(head: &Head, status: Option<u16>, reason: String) -> Self {
        let line = String::from_utf8_lossy(&head.line);
        let parts = line.split_once(' ').and_then(|(method, rest)| Some((method, rest.rsplit_once(" HTTP/")?.0)));
        let (method, target) = parts.map(|(method, target)| (method.to_owned(), target.to_owned())).unzip();
        Self { at: Timestamp::now(), method, target, status, reason }
    }

    /// Returns the refusal of a request that hyper cannot parse, or `None` if the connection ended for another reason.
    pub(super) fn from_parse_error(error: &hyper::Error, head: &Head) -> Option<Self> {
        let is_http2 = head.line.starts_with(b"PRI * HTTP/2");
        let (status, reason) = if error.is_incomplete_message() {
            (None, "the connection was closed before the head was complete".to_owned())
        } else if !error.is_parse() {
            return None;
        } else if is_http2 {
            let status = (!error.is_parse_version_h2()).then_some(400);
            (status, "HTTP/2 is not supported: send HTTP/1.1".to_owned())
        } else if head.line.starts_with(&[0x16, 0x03]) {
            (Some(400), "the client sent TLS, but this port uses plain HTTP: use http:// in the URL".to_owned())
        } else if error.is_parse_too_large() && head.line.len() > MAX_TARGET {
            (Some(414), "the URL is longer than 64 KiB".to_owned())
        } else if error.is_parse_too_large() {
            (Some(431), "the head is larger than 64 KiB, or has more than 100 header lines".to_owned())
        } else {
            (Some(400), format!("this is not a valid HTTP/1.1 request ({error})"))
        };
        Some(Self::from_head(head, status, reason))
    }

    /// Returns the number of bytes that it uses in memory.
    pub fn size(&self) -> usize {
        let length = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        length(&self.method) + length(&self.target) + self.reason.len()
    }
}
