//! The candidates that [`explain`](super::explain) compares: every known change that makes a difference.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::bodies::{BODIES, FINAL_LF};
use super::{json_rewrites, keys};
use crate::auth::explanation::Cause;

/// A text that may have been used instead of the original, with its causes.
pub(super) type Candidate<'a> = (Vec<Cause>, Cow<'a, [u8]>);

/// Returns the texts that may have been signed instead of the body.
pub(super) fn body_candidates(body: &[u8]) -> impl Iterator<Item = Candidate<'_>> {
    BODIES
        .iter()
        .filter_map(|(cause, vary)| Some((vec![cause.clone()], vary(body)?)))
        .filter(move |(_, varied)| varied.as_ref() != body)
}

/// Returns the JSON of the body as libraries rewrite it, where that differs from the body.
///
/// # Errors
///
/// Returns why the body is not JSON.
pub(super) fn rewritten_json(body: &[u8]) -> Result<impl Iterator<Item = Candidate<'_>>, String> {
    let rewritten = json_rewrites::all(body).map_err(|error| error.message)?.flat_map(|(cause, text)| {
        // Go's encoder, jq and Python's print add a newline.
        let line = [text.as_slice(), b"\n"].concat();
        [(vec![cause.clone()], Cow::<[u8]>::Owned(text)), (vec![cause, FINAL_LF], Cow::Owned(line))]
    });
    Ok(rewritten.filter(move |(_, varied)| varied.as_ref() != body))
}

/// Returns the keys that may have been used instead of the secret.
pub(super) fn key_candidates(key: &[u8]) -> impl Iterator<Item = Candidate<'_>> {
    keys::varied(key).map(|(cause, varied)| (vec![cause], varied))
}

/// Returns common buffer sizes, and the lengths in characters that bugs use as lengths in bytes.
pub(super) fn common_lengths(body: &[u8]) -> BTreeSet<usize> {
    let powers = (6..usize::BITS).map(|exponent| 1 << exponent);
    let text = std::str::from_utf8(body).unwrap_or_default();
    let mut lengths: BTreeSet<_> = [text.chars().count(), text.encode_utf16().count()].into();
    lengths.extend(powers.flat_map(|power: usize| [power - 1, power]));
    lengths.extend((1..=body.len() / 1000).map(|thousands| thousands * 1000));
    lengths.extend((1..=body.len() / 1024).map(|blocks| blocks * 1024));
    lengths.retain(|&length| length > 0 && length < body.len());
    lengths
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use rand::rngs::ChaCha8Rng;
    use rand::seq::IndexedRandom;
    use rand::{RngExt, SeedableRng};

    use super::*;
    use crate::auth::explanation::Effort;
    use crate::auth::hub_signature::HEADER;
    use crate::auth::hub_signature::explain::explain;
    use crate::auth::secret::Secret;
    use crate::models::request::{Headers, Request};

    fn secret(bytes: &[u8]) -> Secret {
        Secret::new(bytes.to_vec()).expect("it is not empty")
    }

    /// Returns the ids of the causes that a thorough search names.
    fn causes(key: &[u8], body: &[u8], header: &str) -> Vec<&'static str> {
        let request = Request::post("", Headers::from_iter([(HEADER, header)]), body.to_vec());
        explain(&[secret(key)], &request, Effort::Thorough).causes.iter().map(|cause| cause.id).collect()
    }

    /// Returns a random body with values that JSON libraries write differently.
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
    fn every_named_cause_reproduces_the_signed_bytes() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        for _ in 0..25 {
            let (body, key) = (random_body(&mut rng), random_key(&mut rng));
            let rewritten = rewritten_json(&body).ok().into_iter().flatten();
            let bodies: Vec<_> = body_candidates(&body)
                .chain(rewritten)
                .flat_map(|(causes, varied)| causes.into_iter().map(move |cause| (cause.id, varied.clone())))
                .map(|(id, varied)| (id, key.clone(), varied.into_owned()))
                .collect();
            let keys = key_candidates(&key).map(|(cause, varied)| (cause[0].id, varied.into_owned(), body.clone()));
            let all: Vec<_> = bodies.into_iter().chain(keys).collect();
            for (id, used_key, used_body) in &all {
                let named =
                    causes(&key, &body, &Secret::from_bytes(used_key.clone().into()).sign(used_body).to_string());
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
}
