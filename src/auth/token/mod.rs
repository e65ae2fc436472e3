//! A token in the query of the URL: `?token=VALUE`.
//!
//! It protects a receiver of unsigned deliveries, such as those of Confluence Cloud. Anyone who sees the URL knows the token, and
//! it covers neither the body nor the time. A signature is better if the sender can sign.

mod cases;
mod faults;

use std::borrow::Cow;
use std::sync::Arc;
use std::time::SystemTime;

use faults::{EMPTY_TOKEN, MISSING_CREDENTIALS, TOKEN_IN_HEADER, WRONG_TOKEN};

use super::cases::RootCause;
use super::credentials::{Credentials, Parameter};
use super::explanation::{Cause, Effort, Explanation, Searched};
use super::fault::Fault;
use super::hub_signature::keys;
use super::scheme::{Scheme, SchemeInfo};
use super::url_token::{UrlToken, decoded, parameters};
use super::verdict::{Rejection, RejectionKind, Verdict};
use crate::models::request::Request;

/// The header that gets the token in the fault `token-in-header`.
const WRONG_HEADER: &str = "X-Webhook-Token";
/// A value that no token has.
const WRONG_VALUE: &str = "cfwh-a-token-that-nobody-uses";

/// `token`
pub static INFO: SchemeInfo = SchemeInfo {
    name: "token",
    description: "a token in the URL",
    header: None,
    copied_with: None,
    has_times: false,
    covers_target: false,
    covers_body: false,
    required: Some(Parameter::Token),
    optional: &[],
    with: |credentials| Arc::new(TokenInUrl::new(credentials)),
    wrong_credentials: &WRONG_TOKEN,
    faults: &[MISSING_CREDENTIALS, EMPTY_TOKEN, WRONG_TOKEN, TOKEN_IN_HEADER],
    cases: cases::CASES,
    patterns: cases::PATTERNS,
    callbacks: &[],
};

/// The scheme, with its token.
#[derive(Clone, Debug)]
pub struct TokenInUrl {
    token: Option<UrlToken>,
}

impl TokenInUrl {
    /// Creates the scheme. Without a token, it authenticates nothing.
    pub fn new(credentials: Credentials) -> Self {
        Self { token: credentials.token }
    }

    /// Returns the name of a header that contains the token.
    fn find_in_headers<'a>(token: &UrlToken, request: &'a Request) -> Option<&'a str> {
        let has_token = |value: &[u8]| {
            let value = value.trim_ascii();
            let last = value.rsplit(|&byte| byte == b' ').next().unwrap_or_default();
            token.value.equals(value) | token.value.equals(last)
        };
        request.headers().iter().find(|(_, value)| has_token(value)).map(|(name, _)| name)
    }
}

impl Scheme for TokenInUrl {
    fn info(&self) -> &'static SchemeInfo {
        &INFO
    }

    fn authenticate(&self, request: &mut Request, _: SystemTime) {
        if let Some(token) = &self.token {
            request.set_target(token.with_token(request.target()));
        }
    }

    fn attach(&self, request: &mut Request, credentials: &str) {
        if let Some(token) = &self.token {
            request.set_target(token.with_value(request.target(), credentials));
        }
    }

    /// Returns `None`: the token is the secret itself, and is never shown.
    fn expected(&self, _: &Request, _: SystemTime) -> Option<String> {
        None
    }

    fn verify(&self, request: &Request, _: SystemTime) -> Verdict {
        let Some(token) = &self.token else {
            return Verdict::rejected(RejectionKind::Unsigned, "no token is configured");
        };
        match token.values(request.target()).as_slice() {
            [] => {
                let rejection = Rejection::new(RejectionKind::Unsigned, "the URL has no token");
                let hint = Self::find_in_headers(token, request)
                    .map(|name| format!("the {name} header has the token: send it in the query of the URL"));
                Verdict::Rejected(Rejection { hint, ..rejection })
            }
            [value] if token.value.equals(value) => Verdict::Valid,
            [_] => Verdict::rejected(RejectionKind::Mismatch, "the token in the URL is wrong"),
            // Receivers disagree on which one counts.
            _ => Verdict::rejected(RejectionKind::Malformed, "the URL has the token more than once"),
        }
    }

    fn explain(&self, request: &Request, _: SystemTime, _: Effort) -> Explanation {
        let mut explanation = Explanation { otherwise: "the sender used a different token", ..Explanation::default() };
        let Some(token) = &self.token else { return explanation };
        if Self::find_in_headers(token, request).is_some() {
            explanation.causes.push(IN_HEADER);
        }
        explanation.count("the headers", request.headers().iter().count(), &[IN_HEADER.id]);
        let mut others = parameters(request.target()).map(|one| decoded(one.split_once('=').map_or("", |(_, it)| it)));
        let values = token.values(request.target());
        if values.is_empty() && others.any(|value| token.value.equals(&value)) {
            explanation.causes.push(OTHER_NAME);
        }
        explanation.count("the name of the parameter", parameters(request.target()).count(), &[OTHER_NAME.id]);
        let varied: Vec<_> = keys::varied(token.value.bytes()).collect();
        for (cause, _) in varied.iter().filter(|(_, varied)| values.iter().any(|value| value == varied)) {
            explanation.causes.push(cause.clone());
        }
        let ids = varied.iter().map(|(cause, _)| cause.id).collect();
        explanation.tried += varied.len();
        explanation.searched.push(Searched { what: "the value", compared: varied.len(), causes: ids });
        explanation
    }

    fn inject(&self, fault: &'static Fault, mut request: Request) -> Request {
        let Some(token) = &self.token else { return request };
        let without = token.without_token(request.target());
        match *fault {
            WRONG_TOKEN => request.set_target(token.with_value(&without, WRONG_VALUE)),
            EMPTY_TOKEN => request.set_target(token.with_value(&without, "")),
            TOKEN_IN_HEADER => {
                request.headers_mut().set(WRONG_HEADER, token.value.bytes().as_slice());
                request.set_target(without);
            }
            _ => request.set_target(without),
        }
        request
    }

    fn mistaken(&self, _: &Request) -> Vec<(RootCause, Request)> {
        Vec::new()
    }

    fn shown_target<'a>(&self, target: &'a str) -> Cow<'a, str> {
        self.token.as_ref().map_or(Cow::Borrowed(target), |token| token.redacted(target))
    }
}

const IN_HEADER: Cause = Cause::new(
    "token-in-header",
    "the token was sent in a header",
    "add it to the query of the URL that you register with the sender",
);
const OTHER_NAME: Cause =
    Cause::new("token-of-other-name", "the token was sent under a different name", "use the same name on both sides");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::request::Headers;

    fn scheme() -> TokenInUrl {
        TokenInUrl::new(Credentials { token: "t&n=s3 cr+t".parse().ok(), ..Credentials::default() })
    }

    fn post(target: &str) -> Request {
        Request::post(target, Headers::new(), &b"{}"[..])
    }

    fn verdict(request: &Request) -> Verdict {
        scheme().verify(request, SystemTime::now())
    }

    #[test]
    fn the_token_is_encoded_in_the_query_and_replaces_another_one() {
        for (target, authenticated) in [
            ("/hook", "/hook?t%26n=s3%20cr%2Bt"),
            ("/hook?lic=active", "/hook?lic=active&t%26n=s3%20cr%2Bt"),
            ("/hook?t%26n=old&lic=active", "/hook?lic=active&t%26n=s3%20cr%2Bt"),
            ("/hook?t%26n=a&t%26n=b", "/hook?t%26n=s3%20cr%2Bt"),
        ] {
            let mut request = post(target);
            scheme().authenticate(&mut request, SystemTime::now());
            assert_eq!(request.target(), authenticated);
            assert_eq!(verdict(&request), Verdict::Valid);
        }
    }

    #[test]
    fn only_the_whole_value_under_its_name_in_the_query_is_valid() {
        for (target, expected) in [
            ("/hook?t%26n=s3+cr%2bt", "valid"),
            ("/hook", "unsigned"),
            ("/hook?other=s3+cr%2bt", "unsigned"),
            ("/t%26n=s3+cr%2bt", "unsigned"),
            ("/hook?t%26n", "mismatch"),
            ("/hook?t%26n=", "mismatch"),
            ("/hook?t%26n=s3+cr%2b", "mismatch"),
            ("/hook?t%26n=s3+cr%2btt", "mismatch"),
            ("/hook?t%26n=s3+cr%2bt&t%26n=s3+cr%2bt", "malformed"),
        ] {
            assert_eq!(verdict(&post(target)).name(), expected, "{target}");
        }
    }

    #[test]
    fn a_token_in_a_header_is_named() {
        for value in ["s3 cr+t", " s3 cr+t "] {
            let mut request = post("/hook");
            request.headers_mut().set("X-Token", value);
            let hint = verdict(&request).rejection().and_then(|rejection| rejection.hint.clone());
            assert_eq!(hint.as_deref(), Some("the X-Token header has the token: send it in the query of the URL"));
        }
        let mut request = post("/hook");
        request.headers_mut().set("X-Token", "another");
        assert_eq!(verdict(&request).rejection().and_then(|rejection| rejection.hint.clone()), None);
    }

    #[test]
    fn every_fault_is_refused() {
        for fault in INFO.faults {
            let mut request = post("/hook?lic=active");
            scheme().authenticate(&mut request, SystemTime::now());
            let faulty = scheme().inject(fault, request);
            assert!(!verdict(&faulty).is_valid(), "{}", fault.name);
            assert!(faulty.target().starts_with("/hook?lic=active"), "{}", faulty.target());
        }
    }

    #[test]
    fn a_shown_target_never_has_a_value() {
        for target in ["/hook?t%26n=s3%20cr%2Bt&a=b", "/hook?t%26n=guess&a=b", "/hook?t&n=x&t%26n=y"] {
            let shown = scheme().shown_target(target).into_owned();
            assert!(shown.contains("t%26n=[redacted]") && !shown.contains("s3") && !shown.contains("guess"), "{shown}");
        }
        assert_eq!(scheme().shown_target("/hook?a=b"), "/hook?a=b");
    }

    #[test]
    fn a_wrong_token_is_explained_by_what_was_done_to_it() {
        let explain = |target: &str| {
            let causes = scheme().explain(&post(target), SystemTime::now(), Effort::Thorough).causes;
            causes.iter().map(|cause| cause.id).collect::<Vec<_>>()
        };
        assert_eq!(explain("/hook?t%26n=s3%20cr%2Bt%0A"), ["secret-with-lf"]);
        assert_eq!(explain("/hook?token=s3%20cr%2Bt"), ["token-of-other-name"]);
        assert!(explain("/hook?t%26n=guess").is_empty());
    }
}
