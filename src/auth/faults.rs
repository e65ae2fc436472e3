//! Faults that work with every scheme. Each scheme adds its own faults.

use std::time::SystemTime;

use bytes::Bytes;

use crate::models::request::{self, Request};
use crate::models::status_pattern::ExpectedStatuses;

use super::fault::{Fault, FaultHandling};
use super::scheme::{Scheme, SchemeInfo};

/// Injects a fault into an authenticated request.
type Inject = fn(Request, &dyn Scheme) -> Request;

/// One byte of the body changes after signing.
pub const TAMPERED_BODY: Fault = Fault::new("tampered-body", true, "one byte of the body changes after signing")
    .handled(FaultHandling::RefusedIfCovered);
/// An empty body with valid credentials.
pub const EMPTY_BODY: Fault = Fault::new("empty-body", false, "an empty body with valid credentials");
/// A body that is not JSON, with valid credentials.
pub const NOT_JSON: Fault = Fault::new("not-json", false, "a body that is not JSON, with valid credentials");
/// A media type other than `application/json`.
pub const WRONG_CONTENT_TYPE: Fault =
    Fault::new("wrong-content-type", false, "Content-Type: text/plain").handled(FaultHandling::AcceptedOrRefused);
const NO_CONTENT_TYPE: Fault =
    Fault::new("no-content-type", false, "no Content-Type header").handled(FaultHandling::AcceptedOrRefused);
const DUPLICATE: Fault = Fault::new("duplicate", false, "each delivery is sent twice with the same identifier")
    .handled(FaultHandling::Accepted);

static GENERAL: [(Fault, Inject); 7] = [
    (TAMPERED_BODY, |request, _| request.with_body(tampered(request.body()))),
    (Fault::new("truncated-body", true, "half of the body, with the signature of the whole body"), |request, _| {
        request.with_body(request.shared_body().slice(..request.body().len() / 2))
    }),
    (EMPTY_BODY, |request, scheme| authenticated(request.with_body(Bytes::new()), scheme)),
    (NOT_JSON, |request, scheme| authenticated(request.with_body(&b"{\"event\": page_created"[..]), scheme)),
    (WRONG_CONTENT_TYPE, |mut request, _| {
        request.headers_mut().set(request::CONTENT_TYPE, "text/plain");
        request
    }),
    (NO_CONTENT_TYPE, |mut request, _| {
        request.headers_mut().remove(request::CONTENT_TYPE);
        request
    }),
    (Fault { copies: 2, ..DUPLICATE }, |request, _| request),
];

/// Returns the faults of a scheme: its own, then the general ones.
pub fn all(scheme: &'static SchemeInfo) -> impl Iterator<Item = &'static Fault> + Clone {
    scheme.faults.iter().chain(GENERAL.iter().map(|(fault, _)| fault))
}

/// Returns the fault with this name.
pub fn find(scheme: &'static SchemeInfo, name: &str) -> Option<&'static Fault> {
    all(scheme).find(|fault| fault.name == name)
}

/// Injects a fault into an authenticated request. Without a secret, a fault that needs one
/// ([`Fault::needs_secret`]) changes nothing.
pub fn inject(fault: &'static Fault, request: Request, scheme: &dyn Scheme) -> Request {
    match GENERAL.iter().find(|(general, _)| general == fault) {
        Some((_, inject)) => inject(request, scheme),
        None => scheme.inject(fault, request),
    }
}

/// Returns the statuses that a correct receiver sends for a delivery with all of these faults. Without faults: `2xx`.
pub fn expected_statuses<'a>(faults: impl IntoIterator<Item = &'a Fault>, scheme: &SchemeInfo) -> ExpectedStatuses {
    let handling = faults.into_iter().map(|fault| fault.handling).max().unwrap_or(FaultHandling::Accepted);
    handling.statuses(scheme.covers_body)
}

fn authenticated(mut request: Request, scheme: &dyn Scheme) -> Request {
    scheme.authenticate(&mut request, SystemTime::now());
    request
}

/// Changes the last letter or digit. JSON stays JSON unless its last value is `true`.
fn tampered(body: &[u8]) -> Vec<u8> {
    let mut body = body.to_vec();
    match body.iter_mut().rev().find(|byte| byte.is_ascii_alphanumeric()) {
        Some(byte) if byte.is_ascii_digit() => *byte = if *byte == b'1' { b'2' } else { b'1' },
        Some(byte) => *byte ^= 1,
        None => body.push(b' '),
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::credentials::Credentials;
    use crate::auth::hub_signature;
    use crate::auth::secret::Secret;
    use crate::models::request::Headers;

    const BODY: &[u8] = br#"{"event":"page_created","page":{"id":"1"}}"#;

    #[test]
    fn only_faults_of_the_body_and_its_type_leave_valid_credentials() {
        let scheme = (hub_signature::INFO.with)(Credentials::from_secrets(vec![Secret::new("s").expect("a secret")]));
        let mut request = Request::post("", Headers::new(), BODY);
        request.headers_mut().append(request::CONTENT_TYPE, request::JSON);
        scheme.authenticate(&mut request, SystemTime::now());
        for fault in all(scheme.info()) {
            let wrong = inject(fault, request.clone(), scheme.as_ref());
            let verdict = scheme.verify(&wrong, SystemTime::now());
            let valid = ["empty-body", "not-json", "wrong-content-type", "no-content-type", "duplicate"];
            assert_eq!(verdict.is_valid(), valid.contains(&fault.name), "{}: {verdict:?}", fault.name);
            assert!(wrong != request || fault.copies > 1, "{} changes nothing", fault.name);
        }
    }

    #[test]
    fn a_tampered_body_is_still_json() {
        let body = tampered(BODY);
        assert_ne!(body, BODY);
        assert!(serde_json::from_slice::<serde_json::Value>(&body).is_ok());
    }
}
