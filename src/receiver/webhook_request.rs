//! Checks whether a request is a webhook delivery.

use http::Method;
use http::header::{ACCEPT_ENCODING, ALLOW, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING};

use crate::models::request;
use crate::models::response::Response;
use crate::server::RequestHead;

/// Checks that a request is a webhook delivery: a POST request with JSON and a `Content-Length`, to a path that `is_served`.
///
/// # Errors
/// Returns a response with 404, 405, 411 or 415 to any other request.
pub fn check(head: &RequestHead, is_served: impl FnOnce(&str) -> bool) -> Result<(), Response> {
    if !is_served(head.uri.path()) {
        return Err(Response::text(404, "webhooks are not received at this path"));
    }
    if head.method != Method::POST {
        let mut response = Response::text(405, "use POST to send webhooks");
        response.headers.append(ALLOW, "POST");
        return Err(response);
    }
    if !head.headers.contains_key(CONTENT_LENGTH) && !head.headers.contains_key(TRANSFER_ENCODING) {
        return Err(Response::text(411, "the Content-Length header is missing"));
    }
    let mut media_types = head.headers.get_all(CONTENT_TYPE).iter().peekable();
    let is_json = media_types.peek().is_some() && media_types.all(|value| value.to_str().is_ok_and(request::is_json));
    if !is_json {
        return Err(Response::text(415, "the Content-Type must be application/json"));
    }
    let codings =
        head.headers.get_all(CONTENT_ENCODING).iter().flat_map(|value| value.as_bytes().split(|&b| b == b','));
    let mut codings = codings.map(<[u8]>::trim_ascii);
    if let Some(coding) = codings.find(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case(b"identity")) {
        let coding = String::from_utf8_lossy(coding);
        let reason =
            format!("the Content-Encoding is {coding}, but webhooks are not encoded: send the body without encoding");
        let mut response = Response::text(415, reason);
        response.headers.append(ACCEPT_ENCODING, "identity");
        return Err(response);
    }
    Ok(())
}
