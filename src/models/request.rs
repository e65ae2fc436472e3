//! HTTP requests.

use bytes::Bytes;
use http::Method;

use super::message;

pub use super::headers::{Headers, is_hop_by_hop};

/// Identifies the registration (published document) or the delivery across retries (Jira documentation).
pub const IDENTIFIER: &str = "X-Atlassian-Webhook-Identifier";
/// The header with the media type of the body, which is always [`JSON`].
pub const CONTENT_TYPE: &str = "Content-Type";
/// The only media type that the document allows.
pub const JSON: &str = "application/json";

/// An HTTP request, byte for byte. The body is immutable; see [`Request::with_body`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    method: Method,
    target: String,
    headers: Headers,
    body: Bytes,
}

impl Request {
    /// Creates a request. `target` is the path and query (`/webhooks/confluence?lic=active`), or empty if unknown.
    pub fn new(method: Method, target: impl Into<String>, headers: Headers, body: impl Into<Bytes>) -> Self {
        Self { method, target: target.into(), headers, body: body.into() }
    }

    /// Creates a POST request, as all webhooks are.
    pub fn post(target: impl Into<String>, headers: Headers, body: impl Into<Bytes>) -> Self {
        Self::new(Method::POST, target, headers, body)
    }

    /// Returns the request with another method.
    pub fn with_method(self, method: Method) -> Self {
        Self { method, ..self }
    }

    /// Returns the request with another body. The headers still describe the old body.
    pub fn with_body(&self, body: impl Into<Bytes>) -> Self {
        Self::new(self.method.clone(), self.target.as_str(), self.headers.clone(), body)
    }

    /// Returns the request with an edited body, and updates `Content-Length` if present.
    pub fn with_edited_body(&self, body: impl Into<Bytes>) -> Self {
        let mut edited = self.with_body(body);
        if edited.headers.get("Content-Length").is_some() {
            edited.headers.set("Content-Length", edited.body.len().to_string());
        }
        edited
    }

    /// Returns the method.
    pub const fn method(&self) -> &Method {
        &self.method
    }

    /// Returns the path and query, or an empty string if unknown.
    pub fn target(&self) -> &str {
        &self.target
    }

    /// Sets the path and query, for schemes with credentials in the URL.
    pub fn set_target(&mut self, target: impl Into<String>) {
        self.target = target.into();
    }

    /// Returns the header fields, in order.
    pub const fn headers(&self) -> &Headers {
        &self.headers
    }

    /// Returns the header fields for modification.
    pub const fn headers_mut(&mut self) -> &mut Headers {
        &mut self.headers
    }

    /// Returns the raw bytes of the body.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Returns the request as an HTTP/1.1 message, with this target in its first line.
    pub fn to_message(&self, target: &str) -> Vec<u8> {
        message::write(&[self.method.as_str(), " ", target, " HTTP/1.1"], &self.headers, &self.body)
    }

    /// Returns the raw bytes of the body without copying them.
    pub fn shared_body(&self) -> Bytes {
        self.body.clone()
    }
}

/// Returns whether a media type is JSON: `application/json`, in any case, with or without parameters.
pub fn is_json(media_type: &str) -> bool {
    media_type.split(';').next().is_some_and(|essence| essence.trim().eq_ignore_ascii_case(JSON))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edited_body_changes_only_the_length_in_the_head() {
        let headers = [("x-b", "1"), ("content-length", "2"), ("X-A", "2")].into_iter().collect();
        let edited = Request::post("/x", headers, "{}").with_edited_body("{\"a\":1}");
        let fields: Vec<_> = edited.headers().iter().collect();
        assert_eq!(fields, [("x-b", &b"1"[..]), ("content-length", b"7"), ("X-A", b"2")]);
        let without = Request::post("/x", Headers::new(), "{}").with_edited_body("1");
        assert_eq!((without.headers(), without.body()), (&Headers::new(), &b"1"[..]));
    }

    #[test]
    fn json_is_json_with_a_charset_and_in_capitals() {
        assert!(is_json("application/json; charset=utf-8"));
        assert!(is_json("Application/JSON"));
        assert!(!is_json("application/jsonp"));
        assert!(!is_json("text/plain"));
    }
}
