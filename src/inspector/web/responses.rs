//! Responses with security headers.

use serde::Serialize;

use crate::models::request::{CONTENT_TYPE, Headers, JSON};
use crate::models::response::Response;

/// The content security policy: only own files and data, nothing inline, and no framing.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; \
                      frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// The headers of every response.
const HEADERS: [(&str, &str); 7] = [
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    // The URL contains the token.
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("X-Frame-Options", "DENY"),
    ("Cache-Control", "no-store"),
];

/// Returns the header fields for a media type.
pub(super) fn headers(media_type: &str) -> Headers {
    let mut headers: Headers = HEADERS.into_iter().collect();
    headers.append(CONTENT_TYPE, media_type);
    headers
}

pub(super) fn document(media_type: &str, text: impl Into<bytes::Bytes>) -> Response {
    Response::new(200, headers(media_type), text)
}

pub(super) fn json(status: u16, value: &impl Serialize) -> Response {
    // Serialization cannot fail: all keys are strings.
    let body = serde_json::to_vec(value).unwrap_or_default();
    Response::new(status, headers(JSON), body)
}

/// Creates a response that refuses a request, with one sentence.
pub(super) fn refusal(status: u16, sentence: &'static str) -> Response {
    let mut response = Response::text(status, sentence);
    for (name, value) in HEADERS {
        response.headers.append(name, value);
    }
    response
}

/// An error for the page.
#[derive(Debug, Serialize)]
struct Failure<'a> {
    code: &'static str,
    message: &'a str,
}

pub(super) fn failure(status: u16, code: &'static str, message: &str) -> Response {
    json(status, &Failure { code, message })
}
