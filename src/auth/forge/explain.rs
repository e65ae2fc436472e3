//! Why a Forge invocation token is not valid.
//!
//! A cause is reported only if a key reproduces the signature, or if the token itself proves it.

use std::time::SystemTime;

use super::scheme::{Forge, ISSUER, KEY_ID, RS256};
use crate::auth::authorization::{FORGE, time_causes};
use crate::auth::explanation::{Cause, Explanation};
use crate::auth::jwt::keys::{EXAMPLE, RsaKey};
use crate::auth::jwt::token::{UnverifiedToken, exact_seconds};
use crate::models::request::Request;

/// Explains why the token of a request is not valid.
pub(super) fn explain(scheme: &Forge, request: &Request, at: SystemTime) -> Explanation {
    let mut explanation = Explanation {
        otherwise: "an unknown key signed the token, or the token changed after it was signed",
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
        let message = format!("the token is from {issuer:?}, not {ISSUER:?}");
        explanation.causes.push(Cause { message: message.into(), ..OTHER_ISSUER });
    }
    let audiences = token.audiences();
    if !audiences.contains(&scheme.app_id.as_str()) {
        let message = format!("the token is for {:?}, not {:?}", audiences.join(", "), scheme.app_id);
        explanation.causes.push(Cause { message: message.into(), ..OTHER_AUDIENCE });
    }
    time_causes(&token, exact_seconds(at), &mut explanation);
    explanation
}

/// Adds the causes that the algorithm, `kid` and the signature reveal.
fn key_causes(scheme: &Forge, token: &UnverifiedToken, explanation: &mut Explanation) {
    explanation.count("the algorithm", 1, &[OTHER_ALGORITHM.id]);
    if token.algorithm() != RS256 {
        let message = format!("`alg` of the token is {:?}, not {RS256:?}", token.algorithm());
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
            format!("the key {:?} signed the token, but `kid` names a different key", key.id().unwrap_or_default());
        explanation.causes.push(Cause { message: message.into(), ..OTHER_KEY });
    } else if token.is_signed_with_key(&RsaKey::example(KEY_ID)) && token.key_id() == Some(KEY_ID) {
        let message = format!("{EXAMPLE} signed the token");
        explanation.causes.push(Cause { message: message.into(), ..EXAMPLE_KEY });
    }
}

const TOKEN_OF_CONNECT: Cause = Cause::new(
    "token-of-connect",
    "it is a token of a Connect app: it has `qsh`",
    "use --auth connect for Connect apps",
);
const OTHER_ALGORITHM: Cause = Cause::new(
    "other-algorithm",
    "the token has the wrong algorithm",
    "accept only RS256, and ignore `alg` of the token",
);
const PUBLIC_KEY: Cause = Cause::new(
    "hs256-with-public-key",
    "the token is signed with HS256 and the public key as the secret, which is a known attack",
    "accept only RS256, and ignore `alg` of the token",
);
const UNKNOWN_KEY: Cause = Cause::new(
    "unknown-kid",
    "no key has the `kid` of the token",
    "fetch the key set again: Atlassian rotates its keys",
);
const OTHER_KEY: Cause = Cause::new(
    "other-key",
    "the token is signed with a different key than `kid` names",
    "sign with the key that `kid` names",
);
const EXAMPLE_KEY: Cause = Cause::new(
    "example-key",
    "the public example key signed the token",
    "use this key only for tests: cfwh signs with it if you do not set --key, and its private half is public",
);
const OTHER_ISSUER: Cause = Cause::new(
    "other-issuer",
    "the token is from a different issuer",
    "accept only tokens with `iss` set to forge/invocation-token",
);
const OTHER_AUDIENCE: Cause = Cause::new(
    "other-audience",
    "the token is for a different app",
    "set --app-id to the id of your app: it is in manifest.yml",
);
