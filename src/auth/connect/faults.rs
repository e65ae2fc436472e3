//! Invalid tokens for testing receivers. Each token has exactly one fault.

use std::time::{Duration, SystemTime};

use serde_json::json;

use super::scheme::{Connect, Draft};
use crate::auth::authorization::{CONNECT, FORGE, HEADER};
use crate::auth::fault::Fault;
use crate::auth::jwt::token::{self, TokenKey, seconds};
use crate::models::request::Request;

pub(super) const MISSING_CREDENTIALS: Fault = Fault::new("missing-credentials", false, "no Authorization header");
pub(super) const MALFORMED: Fault = Fault::new("malformed", true, "a token without its signature");
pub(super) const OTHER_SCHEME: Fault =
    Fault::new("other-scheme", true, "a valid token with the scheme `Bearer` instead of `JWT`");
pub(super) const BAD_SIGNATURE: Fault = Fault::new("bad-signature", true, "the signature of another token");
pub(super) const OTHER_SECRET: Fault = Fault::new("other-secret", false, "signed with a different secret");
pub(super) const EMPTY_KEY: Fault = Fault::new("empty-key", false, "signed with an empty secret");
pub(super) const ALG_NONE: Fault = Fault::new("alg-none", false, "not signed, `alg` is `none`");
pub(super) const EXPIRED: Fault = Fault::new("expired", true, "a token that expired five minutes ago");
pub(super) const OTHER_ISSUER: Fault = Fault::new("other-issuer", true, "the client key of another installation");
pub(super) const WRONG_QSH: Fault = Fault::new("wrong-qsh", true, "a token for a different path");
pub(super) const OTHER_METHOD: Fault = Fault::new("qsh-other-method", true, "a token for a GET request");
pub(super) const OTHER_QUERY: Fault = Fault::new("qsh-other-query", true, "a token for a different query");
pub(super) const MISSING_QSH: Fault = Fault::new("missing-qsh", true, "a token without `qsh`");
pub(super) const CONTEXT_TOKEN: Fault =
    Fault::new("context-token", true, "a context token, with `qsh` set to `context-qsh`");

#[rustfmt::skip]
pub(super) static FAULTS: &[Fault] = &[
    MISSING_CREDENTIALS, MALFORMED, OTHER_SCHEME, BAD_SIGNATURE, OTHER_SECRET, EMPTY_KEY, ALG_NONE, EXPIRED, OTHER_ISSUER,
    WRONG_QSH, OTHER_METHOD, OTHER_QUERY, MISSING_QSH, CONTEXT_TOKEN,
];

/// Injects a fault. Without a secret, a fault that needs one changes nothing.
pub(super) fn inject(fault: &Fault, scheme: &Connect, mut request: Request, at: SystemTime) -> Request {
    let mut draft = scheme.draft(&request, at);
    match *fault {
        MISSING_CREDENTIALS => {
            request.headers_mut().remove(HEADER);
            return request;
        }
        ALG_NONE => draft.header["alg"] = json!("none"),
        EXPIRED => {
            let past = seconds(at).saturating_sub(480);
            draft.claims["iat"] = json!(past);
            draft.claims["exp"] = json!(past + 180);
        }
        OTHER_ISSUER => draft.claims["iss"] = json!("00000000-0000-0000-0000-000000000000"),
        WRONG_QSH => draft.claims["qsh"] = hash_after(scheme, &request, |other| other.set_target("/elsewhere")),
        OTHER_METHOD => {
            draft.claims["qsh"] = hash_after(scheme, &request, |other| {
                *other = other.clone().with_method(http::Method::GET);
            });
        }
        OTHER_QUERY => {
            draft.claims["qsh"] = hash_after(scheme, &request, |other| {
                let path = other.target().split('?').next().unwrap_or_default();
                other.set_target(format!("{path}?other=query"));
            });
        }
        MISSING_QSH => _ = draft.claims.as_object_mut().map(|claims| claims.shift_remove("qsh")),
        CONTEXT_TOKEN => draft.claims["qsh"] = json!("context-qsh"),
        _ => {}
    }
    let signed = match *fault {
        ALG_NONE => Some(token::write(&draft.header, &draft.claims, TokenKey::Nothing)),
        OTHER_SECRET => {
            Some(token::write(&draft.header, &draft.claims, TokenKey::Secret(b"cfwh: a secret that nobody uses")))
        }
        EMPTY_KEY => Some(token::write(&draft.header, &draft.claims, TokenKey::Secret(b""))),
        BAD_SIGNATURE => {
            let later = scheme.draft(&request, at + Duration::from_secs(1));
            Some(token::with_other_signature(&signed(scheme, &draft), &signed(scheme, &later)))
        }
        MALFORMED => scheme
            .sign(&draft)
            .map(|token| token.rsplit_once('.').map_or_else(String::new, |(start, _)| start.to_owned())),
        _ => scheme.sign(&draft),
    };
    if let Some(token) = signed {
        let prefix = if *fault == OTHER_SCHEME { FORGE } else { CONNECT };
        prefix.set(&mut request, &token);
    }
    request
}

fn signed(scheme: &Connect, draft: &Draft) -> String {
    scheme.sign(draft).unwrap_or_default()
}

/// Returns the hash of the request after a change.
fn hash_after(scheme: &Connect, request: &Request, change: impl FnOnce(&mut Request)) -> serde_json::Value {
    let mut other = request.clone();
    change(&mut other);
    json!(scheme.hash(&other))
}
