//! What is answered to a request.

use bytes::Bytes;

use crate::models::delivery::{CONTENT_TYPE, Headers};

/// What is answered to a request: a sentence of ours, or what an endpoint replied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status, 200 to 599.
    pub status: u16,
    /// The header fields; the length and what belongs to the connection are added on the way out.
    pub headers: Headers,
    /// The body.
    pub body: Bytes,
}

impl Answer {
    /// A status and a sentence for the one who sent it.
    pub fn new(status: u16, text: impl Into<String>) -> Self {
        let mut headers = Headers::new();
        // A 204 and a 304 have no body, and so no sentence.
        let body = if matches!(status, 204 | 304) {
            Bytes::new()
        } else {
            headers.append(CONTENT_TYPE, "text/plain; charset=utf-8");
            let mut text = text.into();
            text.push('\n');
            Bytes::from(text)
        };
        Self { status, headers, body }
    }

    /// Is it a 2xx, which is what Confluence counts as delivered?
    #[must_use]
    pub const fn is_success(&self) -> bool {
        self.status / 100 == 2
    }

    /// The sentence.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).trim_end().to_owned()
    }
}
