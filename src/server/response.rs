//! What is answered to a request.

use std::borrow::Cow;

use bytes::Bytes;

use crate::models::request::Headers;

/// What is answered to a request: a sentence of ours, or what an endpoint replied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status, 200 to 599.
    pub status: u16,
    /// The header fields; the length, a sentence's media type and what belongs to the connection are added on the way
    /// out.
    pub headers: Headers,
    /// The body.
    pub body: Bytes,
    /// The body is a sentence of ours.
    pub(crate) is_sentence: bool,
}

impl Answer {
    /// A status and a sentence for the one who sent it. It ends its line; where it does so already and is known to the
    /// compiler, it costs nothing.
    pub fn new(status: u16, text: impl Into<Cow<'static, str>>) -> Self {
        // A 204 and a 304 have no body, and so no sentence.
        let is_sentence = !matches!(status, 204 | 304);
        let body = match text.into() {
            _ if !is_sentence => Bytes::new(),
            Cow::Borrowed(line) if line.ends_with('\n') => Bytes::from_static(line.as_bytes()),
            text => Bytes::from(format!("{text}\n")),
        };
        Self { status, headers: Headers::new(), body, is_sentence }
    }

    /// What an endpoint replied, passed on.
    pub(crate) const fn passed_on(status: u16, headers: Headers, body: Bytes) -> Self {
        Self { status, headers, body, is_sentence: false }
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
