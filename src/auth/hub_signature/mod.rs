//! `X-Hub-Signature`: the HMAC-SHA256 of the raw body, as `sha256=` and 64 lower-case hex digits.
//!
//! Source: the published AsyncAPI document. Confluence Data Center, Jira Cloud and Bitbucket use the same form.

mod bodies;
mod candidates;
mod cases;
pub mod causes;
mod constructions;
mod digest;
mod encodings;
pub mod explain;
mod faults;
mod json_numbers;
mod json_rewrites;
pub(super) mod keys;
mod search;
pub mod signature;

use std::sync::Arc;
use std::time::SystemTime;

use super::cases::RootCause;
use super::credentials::Parameter;
use super::explanation::{Effort, Explanation};
use super::fault::Fault;
use super::scheme::{Scheme, SchemeInfo};
use super::secret::Secret;
use super::verdict::{Rejection, RejectionKind, Verdict};
use crate::models::request::Request;
use signature::{GITHUB_HEADER, Signature, is_other_signature};

pub use signature::HEADER;

/// `hmac`
pub static INFO: SchemeInfo = SchemeInfo {
    name: "hmac",
    description: HEADER,
    header: Some(HEADER),
    copied_with: Some("signature"),
    has_times: false,
    covers_target: false,
    covers_body: true,
    required: Some(Parameter::Secret),
    optional: &[],
    with: |credentials| Arc::new(HubSignature::new(credentials.secrets)),
    wrong_credentials: &faults::OTHER_SECRET,
    faults: faults::FAULTS,
    cases: cases::CASES,
    patterns: cases::PATTERNS,
    callbacks: &[],
};

/// The scheme, with its secrets. The first one signs; each of them may verify, so that a secret can be rotated.
#[derive(Clone, Debug)]
pub struct HubSignature {
    secrets: Vec<Secret>,
}

impl HubSignature {
    /// Creates the scheme. Without a secret, it signs nothing, and no delivery is valid.
    pub const fn new(secrets: Vec<Secret>) -> Self {
        Self { secrets }
    }
}

impl Secret {
    /// Verifies the `X-Hub-Signature` of a delivery, in constant time.
    ///
    /// `headers` can be from any HTTP library: a reference to an `http::HeaderMap`, or any iterator over names and values.
    ///
    /// # Examples
    ///
    /// ```
    /// use cfwh::auth::secret::Secret;
    ///
    /// let secret = Secret::new("It's a Secret to Everybody")?;
    /// let value = "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9";
    /// assert!(secret.verify([("x-hub-signature", value)], b"Hello World!").is_valid());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn verify<N: AsRef<str>, V: AsRef<[u8]>>(
        &self,
        headers: impl IntoIterator<Item = (N, V)>,
        body: &[u8],
    ) -> Verdict {
        verify(std::slice::from_ref(self), headers, body)
    }

    /// Verifies like [`Secret::verify`], and returns a `Result` for `?`.
    ///
    /// # Errors
    ///
    /// Returns the rejection if the signature is missing or not valid.
    pub fn check<N: AsRef<str>, V: AsRef<[u8]>>(
        &self,
        headers: impl IntoIterator<Item = (N, V)>,
        body: &[u8],
    ) -> Result<(), Rejection> {
        self.verify(headers, body).into_result()
    }
}

/// Verifies the `X-Hub-Signature` of a delivery with several secrets. One of them must match.
pub fn verify<N: AsRef<str>, V: AsRef<[u8]>>(
    secrets: &[Secret],
    headers: impl IntoIterator<Item = (N, V)>,
    body: &[u8],
) -> Verdict {
    let (mut signature, mut other) = (None, None);
    for (name, value) in headers {
        if !name.as_ref().eq_ignore_ascii_case(HEADER) {
            if other.is_none() && is_other_signature(name.as_ref(), value.as_ref()) {
                other = Some(name);
            }
        } else if signature.replace(value).is_some() {
            // Receivers disagree on which one counts.
            return Verdict::rejected(RejectionKind::Malformed, "the request has more than one X-Hub-Signature header");
        }
    }
    let Some(value) = signature else {
        let rejection = Rejection::new(RejectionKind::Unsigned, "the X-Hub-Signature header is missing");
        return Verdict::Rejected(Rejection { hint: other.map(|name| hint(name.as_ref())), ..rejection });
    };
    let received = match Signature::from_bytes(value.as_ref()) {
        Ok(signature) => signature,
        Err(error) => return Verdict::rejected(RejectionKind::Malformed, error.to_string()),
    };
    // No early return: the duration must not reveal which secret matched.
    if secrets.iter().fold(false, |matched, secret| secret.matches(body, &received) | matched) {
        return Verdict::Valid;
    }
    let message = "X-Hub-Signature does not match the body and the secret";
    Verdict::rejected(RejectionKind::Mismatch, message)
}

/// Returns a hint about a header that the sender may have confused with `X-Hub-Signature`.
fn hint(name: &str) -> String {
    let origin =
        if name.eq_ignore_ascii_case(GITHUB_HEADER) { "is the header of GitHub" } else { "is a different header" };
    format!("{name} {origin}: send {HEADER}")
}

impl Scheme for HubSignature {
    fn info(&self) -> &'static SchemeInfo {
        &INFO
    }

    fn authenticate(&self, request: &mut Request, at: SystemTime) {
        if let Some(signature) = self.expected(request, at) {
            request.headers_mut().set(HEADER, signature);
        }
    }

    fn attach(&self, request: &mut Request, credentials: &str) {
        let value = match credentials.split_once(':') {
            Some((name, value)) if name.trim().eq_ignore_ascii_case(HEADER) => value.trim(),
            _ => credentials,
        };
        request.headers_mut().set(HEADER, value);
    }

    fn expected(&self, request: &Request, _: SystemTime) -> Option<String> {
        self.secrets.first().map(|secret| secret.sign(request.body()).to_string())
    }

    fn verify(&self, request: &Request, _: SystemTime) -> Verdict {
        verify(&self.secrets, request.headers().iter(), request.body())
    }

    fn explain(&self, request: &Request, _: SystemTime, effort: Effort) -> Explanation {
        explain::explain(&self.secrets, request, effort)
    }

    fn inject(&self, fault: &'static Fault, request: Request) -> Request {
        faults::inject(fault, self.secrets.first(), request)
    }

    fn mistaken(&self, request: &Request) -> Vec<(RootCause, Request)> {
        self.secrets.first().map(|secret| cases::mistaken(secret, request)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Secret {
        Secret::new(text).expect("a secret")
    }

    fn name(secrets: &[Secret], values: &[&str]) -> &'static str {
        verify(secrets, values.iter().map(|value| (HEADER, value)), b"body").name()
    }

    #[test]
    fn any_of_several_secrets_may_match() {
        let [old, new] = [secret("old"), secret("new")];
        let value = old.sign(b"body").to_string();
        assert_eq!(name(&[new.clone(), old], &[&value]), "valid");
        assert_eq!(name(&[new], &[&value]), "mismatch");
    }

    #[test]
    fn two_headers_are_malformed_even_when_one_is_right() {
        let secret = secret("s");
        let value = secret.sign(b"body").to_string();
        assert_eq!(name(std::slice::from_ref(&secret), &[&value, &value]), "malformed");
        assert_eq!(name(&[secret], &[]), "unsigned");
    }

    #[test]
    fn the_headers_of_any_library_can_be_verified() {
        let secret = secret("s");
        let value = secret.sign(b"body").to_string();
        let mut map = http::HeaderMap::new();
        map.insert("x-hub-signature", value.parse().expect("a header value"));
        assert_eq!(secret.check(&map, b"body"), Ok(()));
        let error = secret.check(&map, b"other").expect_err("it is another body");
        assert_eq!(error.kind, RejectionKind::Mismatch);
    }

    #[test]
    fn credentials_are_attached_with_or_without_the_name_of_the_header() {
        let scheme = HubSignature::new(vec![secret("s")]);
        for credentials in ["sha256=00", "X-Hub-Signature: sha256=00", "x-hub-signature:sha256=00"] {
            let mut request = Request::post("", crate::models::request::Headers::new(), &b"{}"[..]);
            scheme.attach(&mut request, credentials);
            assert_eq!(request.headers().get(HEADER), Some(&b"sha256=00"[..]), "{credentials}");
        }
    }
}
