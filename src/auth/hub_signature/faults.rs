//! Invalid signatures for testing receivers. Each signature has exactly one fault.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha1::Sha1;
use zeroize::Zeroizing;

use super::signature::{HEADER, PREFIX};
use crate::auth::fault::Fault;
use crate::auth::secret::Secret;
use crate::models::request::Request;

pub(super) const UNSIGNED: Fault = Fault::new("unsigned", false, "no X-Hub-Signature header");
pub(super) const EMPTY_SIGNATURE: Fault = Fault::new("empty-signature", false, "an empty X-Hub-Signature header");
pub(super) const BAD_SIGNATURE: Fault = Fault::new("bad-signature", true, "the last digit of the signature is wrong");
pub(super) const OTHER_SECRET: Fault = Fault::new("other-secret", false, "signed with a different secret");
pub(super) const EMPTY_KEY: Fault = Fault::new("empty-key", false, "signed with an empty secret");
pub(super) const SHA1: Fault = Fault::new("sha1", true, "signed with HMAC-SHA1: sha1=…");
pub(super) const BASE64: Fault = Fault::new("base64", true, "the correct digest in base64 instead of hex");
pub(super) const BARE_HEX: Fault = Fault::new("bare-hex", true, "the correct digest without `sha256=`");
pub(super) const UPPER_CASE: Fault = Fault::new("upper-case", true, "the correct digest in upper case");
pub(super) const TRUNCATED_SIGNATURE: Fault =
    Fault::new("truncated-signature", true, "the first half of the correct digest");
pub(super) const TWO_SIGNATURES: Fault =
    Fault::new("two-signatures", true, "a wrong X-Hub-Signature header before the correct one");
pub(super) const RESERIALISED: Fault =
    Fault::new("reserialised", true, "JSON with unusual spacing, with the signature of its compact form");

#[rustfmt::skip]
pub(super) static FAULTS: &[Fault] = &[
    UNSIGNED, EMPTY_SIGNATURE, BAD_SIGNATURE, OTHER_SECRET, EMPTY_KEY, SHA1, BASE64, BARE_HEX, UPPER_CASE, TRUNCATED_SIGNATURE,
    TWO_SIGNATURES, RESERIALISED,
];

/// Injects a fault. Without a secret, a fault that needs one changes nothing.
pub(super) fn inject(fault: &Fault, secret: Option<&Secret>, mut request: Request) -> Request {
    let sign = |body: &[u8]| secret.map(|secret| secret.sign(body).to_string());
    let digest = || secret.map(|secret| hex::encode(secret.sign(request.body()).digest()));
    let value = match *fault {
        UNSIGNED => {
            request.headers_mut().remove(HEADER);
            return request;
        }
        EMPTY_SIGNATURE => Some(String::new()),
        BAD_SIGNATURE => sign(request.body()).map(|mut right| {
            let last = right.pop();
            right.push(if last == Some('0') { '1' } else { '0' });
            right
        }),
        OTHER_SECRET => {
            let other = Secret::new("cfwh: a secret that nobody uses").expect("it is not empty");
            Some(other.sign(request.body()).to_string())
        }
        EMPTY_KEY => Some(Secret::from_bytes(Zeroizing::new(Vec::new())).sign(request.body()).to_string()),
        SHA1 => secret.map(|secret| sign_with_sha1(secret, request.body())),
        BASE64 => secret.map(|secret| sign_in_base64(secret, request.body())),
        BARE_HEX => digest(),
        UPPER_CASE => digest().map(|digest| format!("{PREFIX}{}", digest.to_uppercase())),
        TRUNCATED_SIGNATURE => digest().map(|digest| format!("{PREFIX}{}", &digest[..32])),
        TWO_SIGNATURES => {
            if let Some(right) = sign(request.body()) {
                request.headers_mut().set(HEADER, format!("{PREFIX}{}", "0".repeat(64)));
                request.headers_mut().append(HEADER, right);
            }
            return request;
        }
        RESERIALISED => {
            let (sent, signed) = with_unusual_spacing(request.body());
            request = request.with_body(sent);
            sign(&signed)
        }
        _ => None,
    };
    if let Some(value) = value {
        request.headers_mut().set(HEADER, value);
    }
    request
}

/// Returns `sha1=` and the HMAC-SHA1 of the body, the form that GitHub deprecated.
fn sign_with_sha1(secret: &Secret, body: &[u8]) -> String {
    let mac = Hmac::<Sha1>::new_from_slice(secret.bytes()).expect("HMAC takes a key of any length");
    format!("sha1={}", hex::encode(mac.chain_update(body).finalize().into_bytes()))
}

/// Returns `sha256=` and the correct digest in base64.
fn sign_in_base64(secret: &Secret, body: &[u8]) -> String {
    format!("{PREFIX}{}", STANDARD.encode(secret.sign(body).digest()))
}

/// Returns a body with unusual spacing, and the compact form of the same JSON.
fn with_unusual_spacing(body: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let Ok(value) = serde_json::from_slice::<Value>(body) else {
        return ([body, b" "].concat(), body.to_vec());
    };
    let compact = value.to_string().into_bytes();
    let mut spaced = format!("{value:#}").into_bytes();
    spaced.insert(1, b' ');
    (spaced, compact)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_answers() {
        // openssl dgst -sha1 -hmac key, and -sha256 … -binary | base64, of RFC 2202's sentence.
        let secret = Secret::new("key").expect("a secret");
        let body = b"The quick brown fox jumps over the lazy dog";
        assert_eq!(sign_with_sha1(&secret, body), "sha1=de7c9b85b8b78aa6bc8a7a36f70a90701c9db4d9");
        assert_eq!(sign_in_base64(&secret, body), "sha256=97yD9DBThCSxMpjmqm+xQ+9NWaFJRhdZl0edvC0aPNg=");
    }
}
