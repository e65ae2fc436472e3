//! HTTP responses: received from an endpoint, sent by the server, or forwarded.

use std::borrow::Cow;

use bytes::Bytes;
use http::{StatusCode, Version};
use memchr::memmem;
use percent_encoding::percent_decode_str;

use super::headers::Headers;
use super::message;

/// An HTTP response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The status, 100 to 999.
    pub status: u16,
    /// The header fields, in order.
    pub headers: Headers,
    /// The body, or its first bytes if it is truncated.
    pub body: Bytes,
    /// The version and reason phrase, if they are not the default. Boxed because it is rare.
    pub status_line: Option<Box<StatusLine>>,
    /// Whether the body is truncated.
    pub is_truncated: bool,
}

/// The version and the reason phrase of a status line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusLine {
    /// The version of HTTP.
    pub version: Version,
    /// The reason phrase, if it is not the standard one.
    pub reason: Option<String>,
}

impl Response {
    /// Creates a response with a complete body.
    pub fn new(status: u16, headers: Headers, body: impl Into<Bytes>) -> Self {
        Self { status, headers, body: body.into(), status_line: None, is_truncated: false }
    }

    /// Creates a plain text response with one sentence and a newline. 204 and 304 have no body.
    pub fn text(status: u16, sentence: impl Into<Cow<'static, str>>) -> Self {
        let mut headers = Headers::new();
        if matches!(status, 204 | 304) {
            return Self::new(status, headers, Bytes::new());
        }
        headers.append("Content-Type", "text/plain; charset=utf-8");
        let body = match sentence.into() {
            // Static text that already ends with a newline is not copied.
            Cow::Borrowed(line) if line.ends_with('\n') => Bytes::from_static(line.as_bytes()),
            sentence => Bytes::from(format!("{sentence}\n")),
        };
        Self::new(status, headers, body)
    }

    /// Returns whether the status is 2xx. Confluence treats that as delivered.
    pub const fn is_success(&self) -> bool {
        self.status / 100 == 2
    }

    /// Returns the target of a redirect.
    pub fn redirects_to(&self) -> Option<Cow<'_, str>> {
        self.headers.text("Location").filter(|_| self.status / 100 == 3)
    }

    /// Returns the body as text without trailing white space. Invalid UTF-8 is replaced.
    pub fn body_text(&self) -> String {
        String::from_utf8_lossy(&self.body).trim_end().to_owned()
    }

    /// Returns the received reason phrase, or the standard one of the status.
    pub fn reason(&self) -> &str {
        let usual = || StatusCode::from_u16(self.status).ok()?.canonical_reason();
        let received = self.status_line.as_ref().and_then(|line| line.reason.as_deref());
        received.or_else(usual).unwrap_or_default()
    }

    /// Returns the status line: `HTTP/1.1 422 Unprocessable Entity`.
    pub fn status_line(&self) -> String {
        let version = self.status_line.as_ref().map_or(Version::HTTP_11, |line| line.version);
        format!("{version:?} {} {}", self.status, self.reason()).trim_end().to_owned()
    }

    /// Returns the response as an HTTP message: status line, header fields, an empty line, and the body.
    pub fn to_message(&self) -> Vec<u8> {
        message::write(&[&self.status_line()], &self.headers, &self.body)
    }

    /// Truncates the body to at most `length` bytes.
    pub fn truncate(&mut self, length: usize) {
        if self.body.len() > length {
            // A copy, so that the memory of the rest is freed.
            self.body = Bytes::copy_from_slice(&self.body[..length]);
            self.is_truncated = true;
        }
    }

    /// Returns the response without secrets, for output.
    ///
    /// Redirects and error pages may repeat the URL of the request, which may contain a secret. `sent` is this URL (or its target),
    /// and `shown` is the same URL without secrets. Query parameters that differ are redacted everywhere in the response.
    #[must_use]
    pub fn redacted(mut self, sent: &str, shown: &str) -> Self {
        let secrets = hidden_parameters(sent, shown);
        if secrets.is_empty() {
            return self;
        }
        self.headers = self.headers.iter().map(|(name, value)| (name, redact(value, &secrets))).collect();
        if let Cow::Owned(body) = redact(&self.body, &secrets) {
            self.body = body.into();
        }
        self
    }

    /// Returns the approximate size in memory, in bytes.
    pub fn size(&self) -> usize {
        let fields = self.headers.iter().map(|(name, value)| name.len() + value.len());
        fields.sum::<usize>() + self.body.len() + self.reason().len()
    }
}

/// The text that replaces the value of a secret parameter.
const HIDDEN: &[u8] = b"[redacted]";

/// A secret parameter as text, and the length of its part that is not secret.
type SecretParameter = (Vec<u8>, usize);

/// Returns the parameters that only the first query has, both encoded and decoded.
fn hidden_parameters(sent: &str, shown: &str) -> Vec<SecretParameter> {
    let query = |target| str::split_once(target, '?').map_or("", |(_, query)| query).split('&');
    let shown: Vec<_> = query(shown).collect();
    let mut secrets = Vec::new();
    for parameter in query(sent).filter(|parameter| !shown.contains(parameter)) {
        let Some((name, value)) = parameter.split_once('=').filter(|(_, value)| !value.is_empty()) else { continue };
        let decoded = |text| percent_decode_str(text).collect::<Vec<u8>>();
        let decoded_name = decoded(name);
        let start = decoded_name.len() + 1;
        secrets.push((parameter.as_bytes().to_vec(), name.len() + 1));
        secrets.push(([decoded_name, decoded(value)].join(&b'='), start));
    }
    secrets.dedup();
    secrets
}

fn redact<'a>(bytes: &'a [u8], secrets: &[SecretParameter]) -> Cow<'a, [u8]> {
    let mut redacted = Cow::Borrowed(bytes);
    for (secret, start) in secrets {
        if memmem::find(&redacted, secret).is_none() {
            continue;
        }
        let (mut text, mut end) = (Vec::with_capacity(redacted.len()), 0);
        for at in memmem::find_iter(&redacted, secret) {
            text.extend_from_slice(&redacted[end..at + start]);
            text.extend_from_slice(HIDDEN);
            end = at + secret.len();
        }
        text.extend_from_slice(&redacted[end..]);
        redacted = text.into();
    }
    redacted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_body_is_truncated() {
        let mut response = Response::new(200, Headers::new(), "abc");
        response.truncate(3);
        assert!(!response.is_truncated);
        response.truncate(2);
        assert_eq!((&*response.body, response.is_truncated), (&b"ab"[..], true));
    }

    #[test]
    fn a_status_line_has_the_received_version_and_reason() {
        let mut response = Response::text(422, "no");
        assert_eq!(response.status_line(), "HTTP/1.1 422 Unprocessable Entity");
        let mut set = |reason: &str| {
            let line = StatusLine { version: Version::HTTP_10, reason: Some(reason.to_owned()) };
            response.status_line = Some(Box::new(line));
            response.clone()
        };
        let response = set("Nope");
        assert_eq!(response.status_line(), "HTTP/1.0 422 Nope");
        assert_eq!(response.to_message(), b"HTTP/1.0 422 Nope\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nno\n");
        assert_eq!(set("").status_line(), "HTTP/1.0 422");
        assert_eq!(Response::text(599, "").status_line(), "HTTP/1.1 599");
    }

    #[test]
    fn a_secret_in_the_url_is_redacted_everywhere_in_the_response() {
        let headers = [("Location", "http://h/x?a=b&t=s3%20cret&t=s3%20cret#x"), ("X-A", "1")].into_iter().collect();
        let response = Response::new(302, headers, "no POST /x?a=b&t=s3 cret here, nor t=s3%20cret");
        let redacted = response.clone().redacted("/x?a=b&t=s3%20cret", "/x?a=b&t=[redacted]");
        let location = redacted.headers.text("Location").map(Cow::into_owned);
        assert_eq!(location.as_deref(), Some("http://h/x?a=b&t=[redacted]&t=[redacted]#x"));
        assert_eq!(redacted.body, "no POST /x?a=b&t=[redacted] here, nor t=[redacted]");
        assert_eq!(response.clone().redacted("/x?a=b", "/x?a=b"), response);
    }
}
