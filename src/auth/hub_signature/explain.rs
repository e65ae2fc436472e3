//! Why a signature does not match, proven by reproducing it.
//!
//! The search goes through a finite list: the digest may be of other bytes than the body (its line ends, a byte order
//! mark, the JSON rewritten by some library …), made with another key than the secret (a line end too much, quotes,
//! not decoded …), with another algorithm, or written in another form. One thing is varied at a time in body or key; the
//! algorithm and the form may differ besides. A cause is named only when the received digest is reproduced, so what is
//! named is true; several are named when they give the same bytes.

use std::borrow::Cow;

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Sha256, Sha512};

use super::causes::{
    BASE64, BODIES, FINAL_LF, KEYS, NO_PREFIX, OTHER_PREFIX, SHA1, SHA512, SPACES, UPPER_CASE, decode_base64,
};
use super::json_rewrites;
use crate::auth::explanation::{Cause, Effort, Explanation};
use crate::auth::secret::Secret;

/// The largest body that a quick search rewrites, in bytes.
const QUICKLY_REWRITTEN: usize = 256 * 1024;

/// What to say when nothing reproduces the digest.
const RULED_OUT: &str = "no single change to the body's line ends, white space, encoding or JSON form, to the secret's \
     line ends, spaces, quotes or encoding, nor another algorithm or form of the digest explains it: most likely another \
     secret or another body was signed";

/// A digest as it was written.
struct Digest {
    bytes: Vec<u8>,
    algorithm: &'static Algorithm,
    /// What is unusual about the form.
    forms: Vec<Cause>,
}

/// An algorithm. The length of a digest says which one made it.
struct Algorithm {
    /// The prefix of its digests.
    prefix: &'static str,
    /// The length of its digests, in bytes.
    length: usize,
    /// Why it is wrong.
    cause: Option<Cause>,
    /// Is this the digest of this body with this key?
    verify: fn(&[u8], &[u8], &[u8]) -> bool,
}

static ALGORITHMS: [Algorithm; 3] = [
    Algorithm { prefix: "sha1", length: 20, cause: Some(SHA1), verify: verify::<Hmac<Sha1>> },
    Algorithm { prefix: "sha256", length: 32, cause: None, verify: verify::<Hmac<Sha256>> },
    Algorithm { prefix: "sha512", length: 64, cause: Some(SHA512), verify: verify::<Hmac<Sha512>> },
];

/// In constant time, as everything that touches a secret.
fn verify<M: Mac + KeyInit>(digest: &[u8], key: &[u8], body: &[u8]) -> bool {
    let mac = <M as KeyInit>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.chain_update(body).verify_slice(digest).is_ok()
}

/// Reads a header value as whoever wrote it may have meant it.
fn read(value: &[u8]) -> Option<Digest> {
    let mut forms = Vec::new();
    let text = std::str::from_utf8(value).ok()?;
    if text.trim() != text {
        forms.push(SPACES);
    }
    let text = text.trim();
    let (prefix, digits) = match text.split_once('=').filter(|(prefix, _)| is_algorithm(prefix)) {
        Some((prefix, digits)) => (Some(prefix), digits),
        None => (None, text),
    };
    let bytes = if let Ok(bytes) = hex::decode(digits) {
        if digits.contains(|c: char| c.is_ascii_uppercase()) {
            forms.push(UPPER_CASE);
        }
        bytes
    } else {
        forms.push(BASE64);
        decode_base64(digits.as_bytes())?
    };
    let algorithm = ALGORITHMS.iter().find(|algorithm| algorithm.length == bytes.len())?;
    match prefix {
        None => forms.push(NO_PREFIX),
        // Another algorithm's own prefix says nothing new.
        Some(prefix) if prefix == "sha256" || prefix == algorithm.prefix => {}
        Some(_) => forms.push(OTHER_PREFIX),
    }
    Some(Digest { bytes, algorithm, forms })
}

fn is_algorithm(prefix: &str) -> bool {
    ["sha256", "sha1", "sha512", "sha-256", "hmac-sha256", "v0", "v1", "hmac"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(prefix))
}

/// Looks for what was done differently when `value` was made. Everything that can be varied is varied alone, for each of
/// the secrets; the right signature is found too, where only its form is wrong.
pub fn explain(secrets: &[Secret], body: &[u8], value: &[u8], effort: Effort) -> Explanation {
    let mut explanation = Explanation { ruled_out: RULED_OUT, ..Explanation::default() };
    let Some(digest) = read(value) else { return explanation };
    let mut reproduces = |key: &[u8], body: &[u8]| {
        explanation.tried += 1;
        (digest.algorithm.verify)(&digest.bytes, key, body)
    };
    let mut found = Vec::new();
    let is_right = secrets.iter().any(|secret| reproduces(secret.bytes(), body));
    for secret in secrets.iter().filter(|_| !is_right) {
        for (causes, varied) in varied_bodies(body, effort) {
            if reproduces(secret.bytes(), &varied) {
                found.extend(causes);
            }
        }
        for (cause, varied) in varied_keys(secret.bytes()) {
            if reproduces(&varied, body) {
                found.push(cause);
            }
        }
    }
    if is_right || !found.is_empty() {
        found.extend(digest.algorithm.cause);
        found.extend(digest.forms);
    }
    for cause in found {
        if !explanation.causes.contains(&cause) {
            explanation.causes.push(cause);
        }
    }
    explanation
}

/// Everything that may have been signed instead of the body, where it differs from it.
fn varied_bodies(body: &[u8], effort: Effort) -> impl Iterator<Item = (Vec<Cause>, Cow<'_, [u8]>)> {
    let plain = BODIES.iter().filter_map(|(cause, vary)| Some((vec![*cause], vary(body)?)));
    let rewrites = effort == Effort::Thorough || body.len() <= QUICKLY_REWRITTEN;
    let rewritten = rewrites.then(|| json_rewrites::all(body)).into_iter().flatten().flat_map(|(cause, text)| {
        // As Go's encoder, jq and Python's print end it.
        let line = [text.as_slice(), b"\n"].concat();
        [(vec![cause], Cow::Owned(text)), (vec![cause, FINAL_LF], Cow::Owned(line))]
    });
    plain.chain(rewritten).filter(move |(_, varied)| varied.as_ref() != body)
}

/// Everything that may have been used instead of the secret, where it differs from it.
fn varied_keys(key: &[u8]) -> impl Iterator<Item = (Cause, Cow<'_, [u8]>)> {
    KEYS.iter().filter_map(|(cause, vary)| Some((*cause, vary(key)?))).filter(move |(_, varied)| varied.as_ref() != key)
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
    use rand::rngs::ChaCha8Rng;
    use rand::seq::IndexedRandom;
    use rand::{RngExt, SeedableRng};

    use super::*;

    fn secret(bytes: &[u8]) -> Secret {
        Secret::new(bytes.to_vec()).expect("it is not empty")
    }

    fn hmac<M: Mac + KeyInit>(key: &[u8], body: &[u8]) -> Vec<u8> {
        <M as KeyInit>::new_from_slice(key).expect("any length").chain_update(body).finalize().into_bytes().to_vec()
    }

    fn ids(diagnosis: &Explanation) -> Vec<&'static str> {
        diagnosis.causes.iter().map(|cause| cause.id).collect()
    }

    /// Something like a body, with whatever makes readers and writers differ.
    fn random_body(rng: &mut ChaCha8Rng) -> Vec<u8> {
        let pieces = [
            "1.0",
            "1e3",
            "-0",
            "12345678901234567890",
            "true",
            "null",
            "\"\\u00e9\"",
            "\"é😀\"",
            "\"a/b\"",
            "\"<&>\"",
            "[1, 2]",
            "{}",
            "{ \"b\": 1,\n \"a\": 2 }",
            "\"%41+b\"",
            "\"\\u007f\"",
        ];
        let ends = ["", "\n", "\r\n", " "];
        let mut body = String::from(if rng.random_ratio(1, 8) { "\u{feff}" } else { "" });
        body.push('{');
        for index in 0..rng.random_range(0..5u8) {
            let key = ["z", "a", "10", "9", "id"].choose(rng).expect("a key");
            let separator = if index > 0 { [",", ",\n", ", "].choose(rng).expect("one") } else { "" };
            body.extend([separator, "\"", key, "\":", pieces.choose(rng).expect("a piece")]);
        }
        body.push('}');
        body.push_str(ends.choose(rng).expect("an end"));
        body.into_bytes()
    }

    fn random_key(rng: &mut ChaCha8Rng) -> Vec<u8> {
        let key: [u8; 8] = rng.random();
        let key = hex::encode(key);
        match rng.random_range(0..5u8) {
            0 => format!("\"{key}\""),
            1 => format!("{key}\n"),
            2 => STANDARD.encode(&key),
            3 => format!(" {key} "),
            _ => key,
        }
        .into_bytes()
    }

    #[test]
    fn whatever_was_done_is_named_and_what_else_is_named_gives_the_same_bytes() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        for _ in 0..60 {
            let (body, key) = (random_body(&mut rng), random_key(&mut rng));
            let bodies: Vec<_> = varied_bodies(&body, Effort::Thorough)
                .flat_map(|(causes, varied)| causes.into_iter().map(move |cause| (cause.id, varied.clone())))
                .map(|(id, varied)| (id, key.clone(), varied.into_owned()))
                .collect();
            let keys = varied_keys(&key).map(|(cause, varied)| (cause.id, varied.into_owned(), body.clone()));
            let all: Vec<_> = bodies.into_iter().chain(keys).collect();
            for (id, used_key, used_body) in &all {
                let header = format!("sha256={}", hex::encode(hmac::<Hmac<Sha256>>(used_key, used_body)));
                let named = ids(&explain(&[secret(&key)], &body, header.as_bytes(), Effort::Thorough));
                let mut same: Vec<_> = Vec::new();
                for (id, ..) in all.iter().filter(|(_, key, body)| (key, body) == (used_key, used_body)) {
                    if !same.contains(id) {
                        same.push(*id);
                    }
                }
                assert!(named.contains(id), "{id} is not named for {}", String::from_utf8_lossy(&body));
                assert_eq!(named, same, "{id}");
            }
        }
    }

    #[test]
    fn the_algorithm_and_the_form_are_named_alone_and_besides() {
        let (key, body) = (b"key".as_slice(), b"{\"a\":  1}\n".as_slice());
        let right = hmac::<Hmac<Sha256>>(key, body);
        let digits = hex::encode(&right);
        let trimmed = hmac::<Hmac<Sha1>>(key, body.trim_ascii());
        for (header, expected) in [
            (digits.clone(), vec!["no-prefix"]),
            (format!("sha256={}", digits.to_uppercase()), vec!["upper-case"]),
            (format!("sha256={}", STANDARD.encode(&right)), vec!["base64"]),
            (URL_SAFE_NO_PAD.encode(&right), vec!["base64", "no-prefix"]),
            (format!("SHA256={digits}"), vec!["other-prefix"]),
            (format!("sha256={digits}\n"), vec!["spaces"]),
            (format!("sha1={}", hex::encode(hmac::<Hmac<Sha1>>(key, body))), vec!["sha1"]),
            (format!("sha512={}", hex::encode(hmac::<Hmac<Sha512>>(key, body))), vec!["sha512"]),
            (format!("sha1={}", hex::encode(trimmed)), vec!["without-final-newline", "trimmed", "sha1"]),
        ] {
            assert_eq!(ids(&explain(&[secret(key)], body, header.as_bytes(), Effort::Thorough)), expected, "{header}");
        }
    }

    #[test]
    fn no_cause_is_named_for_a_random_digest() {
        let mut rng = ChaCha8Rng::seed_from_u64(2);
        let secret = secret(b"\"aGVsbG8=\"");
        for _ in 0..1_000 {
            let header = format!("sha256={}", hex::encode(rng.random::<[u8; 32]>()));
            let diagnosis =
                explain(std::slice::from_ref(&secret), b"{\"a\": 1.0}\r\n", header.as_bytes(), Effort::Thorough);
            assert!(diagnosis.causes.is_empty() && diagnosis.tried > 20, "{header}: {diagnosis:?}");
        }
    }

    #[test]
    fn what_is_no_digest_at_all_is_not_searched_for() {
        for header in ["", "sha256=", "sha256=zz", "nonsense", "sha256=00"] {
            assert_eq!(
                explain(&[secret(b"k")], b"body", header.as_bytes(), Effort::Thorough),
                Explanation { ruled_out: RULED_OUT, ..Explanation::default() }
            );
        }
    }

    #[test]
    fn causes_have_names_of_their_own() {
        let mut ids: Vec<_> = crate::auth::hub_signature::causes::catalogue().iter().map(|cause| cause.id).collect();
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count);
    }
}
