//! Invalid tokens for testing receivers. Each token has exactly one fault.

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use super::scheme::{Forge, random_id};
use crate::auth::authorization::{CONNECT, FORGE, HEADER};
use crate::auth::fault::Fault;
use crate::auth::jwt::keys::RsaKey;
use crate::auth::jwt::token::{self, TokenKey, seconds};
use crate::models::request::Request;

pub(super) const MISSING_CREDENTIALS: Fault = Fault::new("missing-credentials", false, "no Authorization header");
pub(super) const MALFORMED: Fault = Fault::new("malformed", true, "a token without its signature");
pub(super) const OTHER_SCHEME: Fault =
    Fault::new("other-scheme", true, "a valid token with the scheme `JWT` instead of `Bearer`");
pub(super) const BAD_SIGNATURE: Fault = Fault::new("bad-signature", true, "the signature of another token");
pub(super) const OTHER_KEY: Fault = Fault::new("other-key", true, "signed with a different key than `kid` names");
pub(super) const UNKNOWN_KID: Fault = Fault::new("unknown-kid", true, "signed with a key that is not in the JWKS");
pub(super) const WRONG_KID: Fault =
    Fault::new("wrong-kid", true, "signed with the correct key, but `kid` is not in the JWKS");
pub(super) const ALG_NONE: Fault = Fault::new("alg-none", true, "not signed, `alg` is `none`");
pub(super) const HS256_WITH_PUBLIC_KEY: Fault =
    Fault::new("hs256-with-public-key", true, "signed with HS256 and the public key as the secret");
pub(super) const EXPIRED: Fault = Fault::new("expired", true, "a token that expired five minutes ago");
pub(super) const NOT_YET_VALID: Fault = Fault::new("not-yet-valid", true, "a token that becomes valid in ten minutes");
pub(super) const OTHER_AUDIENCE: Fault = Fault::new("other-audience", true, "a token for a different app");
pub(super) const OTHER_ISSUER: Fault = Fault::new("other-issuer", true, "a token from a different issuer");

#[rustfmt::skip]
pub(super) static FAULTS: &[Fault] = &[
    MISSING_CREDENTIALS, MALFORMED, OTHER_SCHEME, BAD_SIGNATURE, OTHER_KEY, UNKNOWN_KID, WRONG_KID, ALG_NONE, HS256_WITH_PUBLIC_KEY, EXPIRED,
    NOT_YET_VALID, OTHER_AUDIENCE, OTHER_ISSUER,
];

/// A `kid` that no key has.
const NO_KID: &str = "forge/invocation-token/unknown";

/// Injects a fault. Without a private key, a fault that needs one changes nothing.
pub(super) fn inject(fault: &Fault, scheme: &Forge, mut request: Request, at: SystemTime) -> Request {
    if *fault == MISSING_CREDENTIALS {
        request.headers_mut().remove(HEADER);
        return request;
    }
    let Some((key, signing)) = scheme.keys.first().and_then(|key| Some((key, key.signing()?))) else { return request };
    let (mut header, mut claims) = (scheme.header(), scheme.claims(at, random_id()));
    let other = RsaKey::other("");
    let other = other.signing().unwrap_or(signing);
    let public_pem = key.public_pem();
    let mut signed_with = TokenKey::Private(signing);
    match *fault {
        OTHER_KEY => signed_with = TokenKey::Private(other),
        UNKNOWN_KID => {
            header["kid"] = json!(NO_KID);
            signed_with = TokenKey::Private(other);
        }
        WRONG_KID => header["kid"] = json!(NO_KID),
        ALG_NONE => {
            header["alg"] = json!("none");
            signed_with = TokenKey::Nothing;
        }
        HS256_WITH_PUBLIC_KEY => {
            header["alg"] = json!("HS256");
            signed_with = TokenKey::Secret(public_pem.as_bytes());
        }
        EXPIRED => set_times(&mut claims, seconds(at).saturating_sub(325)),
        NOT_YET_VALID => set_times(&mut claims, seconds(at) + 600),
        OTHER_AUDIENCE => {
            let id = "ari:cloud:ecosystem::app/99999999-8888-7777-6666-555555555555";
            claims["aud"] = json!(id);
            claims["app"]["id"] = json!(id);
        }
        OTHER_ISSUER => claims["iss"] = json!("forge/other-token"),
        _ => {}
    }
    let mut token = token::write(&header, &claims, signed_with);
    if *fault == BAD_SIGNATURE {
        let later = token::write(&header, &scheme.claims(at + Duration::from_secs(1), random_id()), signed_with);
        token = token::with_other_signature(&token, &later);
    }
    if *fault == MALFORMED {
        token.truncate(token.rfind('.').unwrap_or_default());
    }
    let prefix = if *fault == OTHER_SCHEME { CONNECT } else { FORGE };
    prefix.set(&mut request, &token);
    request
}

/// Makes a token valid for 25 s, from the second `begins` on.
fn set_times(claims: &mut Value, begins: u64) {
    claims["iat"] = json!(begins);
    claims["nbf"] = json!(begins);
    claims["exp"] = json!(begins + 25);
}
