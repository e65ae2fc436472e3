//! Why a Forge invocation token is not valid. A cause is named only when a key reproduces the signature, or when the token says
//! it itself.

use std::time::SystemTime;

use super::scheme::{Forge, ISSUER, KEY_ID, RS256};
use crate::auth::authorization::{FORGE, time_causes};
use crate::auth::explanation::{Cause, Explanation};
use crate::auth::jwt::keys::{EXAMPLE, RsaKey};
use crate::auth::jwt::token::{UnverifiedToken, exact_seconds};
use crate::models::request::Request;

/// Finds out why the token of a request is not valid.
pub(super) fn explain(scheme: &Forge, request: &Request, at: SystemTime) -> Explanation {
    let mut explanation = Explanation {
        otherwise: "it was signed with a key that is not known here, or changed after it was signed",
        ..Explanation::default()
    };
    let Some(token) = FORGE.find(request, &mut explanation) else { return explanation };
    explanation.count("the sender", 1, &[TOKEN_OF_CONNECT.id]);
    if token.text("qsh").is_some() {
        explanation.causes.push(TOKEN_OF_CONNECT);
        return explanation;
    }
    key_causes(scheme, &token, &mut explanation);
    explanation.count("the claims", 2, &[OTHER_ISSUER.id, OTHER_AUDIENCE.id]);
    let issuer = token.text("iss").unwrap_or_default();
    if issuer != ISSUER {
        let message = format!("the token is by {issuer:?}, not by {ISSUER:?}");
        explanation.causes.push(Cause { message: message.into(), ..OTHER_ISSUER });
    }
    let audiences = token.audiences();
    if !audiences.contains(&scheme.app_id.as_str()) {
        let message = format!("the token is for {:?}, not for {:?}", audiences.join(", "), scheme.app_id);
        explanation.causes.push(Cause { message: message.into(), ..OTHER_AUDIENCE });
    }
    time_causes(&token, exact_seconds(at), &mut explanation);
    explanation
}

/// What the algorithm, the `kid` and the signature show.
fn key_causes(scheme: &Forge, token: &UnverifiedToken, explanation: &mut Explanation) {
    explanation.count("the algorithm", 1, &[OTHER_ALGORITHM.id]);
    if token.algorithm() != RS256 {
        let message = format!("the token says `alg` {:?}, not {RS256}", token.algorithm());
        explanation.causes.push(Cause { message: message.into(), ..OTHER_ALGORITHM });
        explanation.count("HS256 with a public key as its secret", scheme.keys.len() * 2, &[PUBLIC_KEY.id]);
        let is_secret = |key: &RsaKey| {
            let pem = key.public_pem();
            token.is_signed_with_secret(pem.as_bytes()) || token.is_signed_with_secret(pem.trim_end().as_bytes())
        };
        if scheme.keys.iter().any(is_secret) {
            explanation.causes.push(PUBLIC_KEY);
        }
        return;
    }
    let named = scheme.named_keys(token);
    explanation.count("the key", scheme.keys.len() + 1, &[UNKNOWN_KEY.id, OTHER_KEY.id, EXAMPLE_KEY.id]);
    if named.is_empty() {
        let message = format!("no key has the `kid` {:?}", token.key_id().unwrap_or_default());
        explanation.causes.push(Cause { message: message.into(), ..UNKNOWN_KEY });
    } else if named.iter().any(|key| token.is_signed_with_key(key)) {
        return;
    }
    if let Some(key) = scheme.keys.iter().find(|key| token.is_signed_with_key(key)).filter(|_| !named.is_empty()) {
        let message =
            format!("it is signed with the key {:?}, not with the one that it names", key.id().unwrap_or_default());
        explanation.causes.push(Cause { message: message.into(), ..OTHER_KEY });
    } else if token.is_signed_with_key(&RsaKey::example(KEY_ID)) && token.key_id() == Some(KEY_ID) {
        let message = format!("it is signed with {EXAMPLE}");
        explanation.causes.push(Cause { message: message.into(), ..EXAMPLE_KEY });
    }
}

const TOKEN_OF_CONNECT: Cause = Cause::new(
    "token-of-connect",
    "it is a token of a Connect app, with a `qsh`",
    "verify deliveries of Connect apps with --auth connect",
);
const OTHER_ALGORITHM: Cause =
    Cause::new("other-algorithm", "the token has another algorithm", "accept RS256 only, whatever the token says");
const PUBLIC_KEY: Cause = Cause::new(
    "hs256-with-public-key",
    "it is signed with HS256, with the public key as the secret: an attack",
    "accept RS256 only, whatever the token says",
);
const UNKNOWN_KEY: Cause =
    Cause::new("unknown-kid", "no key has the `kid` of the token", "fetch the key set again: keys are rotated");
const OTHER_KEY: Cause = Cause::new(
    "other-key",
    "it is signed with another key than it names",
    "choose the key by `kid`, and sign with that key",
);
const EXAMPLE_KEY: Cause = Cause::new(
    "example-key",
    "it is signed with an example key",
    "everybody has this key: it is the one of cfwh without --key, and for tests only",
);
const OTHER_ISSUER: Cause =
    Cause::new("other-issuer", "the token is by another issuer", "only tokens by Forge are for a Forge remote");
const OTHER_AUDIENCE: Cause = Cause::new(
    "other-audience",
    "the token is for another app",
    "give the id of your app with --app-id: it is in its manifest.yml",
);
