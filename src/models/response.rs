//! One HTTP response: what an endpoint sent, what the server sends, what is passed on from one to the other.

use std::borrow::Cow;

use bytes::Bytes;

use super::headers::Headers;

/// One HTTP response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The status, 100 to 999.
    pub status: u16,
    /// The header fields, in the order of the wire.
    pub headers: Headers,
    /// The body, or its beginning where a client reads no more.
    pub body: Bytes,
}

impl Response {
    /// Returns a response with one sentence as plain text, and a line end. A 204 and a 304 have no body, so they have no
    /// sentence.
    pub fn text(status: u16, sentence: impl Into<Cow<'static, str>>) -> Self {
        let mut headers = Headers::new();
        if matches!(status, 204 | 304) {
            return Self { status, headers, body: Bytes::new() };
        }
        headers.append("Content-Type", "text/plain; charset=utf-8");
        let body = match sentence.into() {
            // Nothing is copied for a line that the compiler knows.
            Cow::Borrowed(line) if line.ends_with('\n') => Bytes::from_static(line.as_bytes()),
            sentence => Bytes::from(format!("{sentence}\n")),
        };
        Self { status, headers, body }
    }

    /// Returns whether the status is 2xx, which Confluence counts as delivered.
    pub const fn is_success(&self) -> bool {
        self.status / 100 == 2
    }

    /// Returns where the response redirects to.
    pub fn redirects_to(&self) -> Option<Cow<'_, str>> {
        self.headers.text("Location").filter(|_| self.status / 100 == 3)
    }

    /// Returns the body as text without its final line end; bytes that are not UTF-8 are replaced.
    pub fn body_text(&self) -> String {
        String::from_utf8_lossy(&self.body).trim_end().to_owned()
    }
}
