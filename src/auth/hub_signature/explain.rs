//! Why a signature does not match, proven by reproducing it.
//!
//! The search goes through a finite list: the digest may be of other bytes than the body (its line ends, its encoding, the
//! JSON rewritten by some library …), made with another key than the secret (a line end too much, quotes, not decoded …),
//! computed otherwise, with another algorithm, or written in another form. First one thing is changed at a time, then two.
//! The algorithm and the form may differ besides. A cause is named only when the received digest is reproduced, so what is
//! named is true; several are named when they give the same bytes.

use std::borrow::Cow;

use super::bodies::{CUT, GUNZIPPED};
use super::candidates::{rewritten_json, usual_lengths, varied_bodies, varied_keys};
use super::constructions;
use super::digest::Digest;
use super::signature::{HEADER, OTHER_HEADER, REPEATED, is_other_signature};
use crate::auth::explanation::{Cause, Effort, Explanation, Searched};
use crate::auth::secret::Secret;
use crate::models::gzip::{self, gunzip};
use crate::models::request::Request;

const MIB: usize = 1024 * 1024;

/// The most signatures of one request that are explained.
const MOST_SIGNATURES: usize = 2;

/// How far a search goes.
struct Limits {
    /// The most bytes that are hashed for one kind of change, with all secrets together.
    single: usize,
    /// The most bytes that are hashed for two changes at once.
    pairs: usize,
    /// The largest body of which every length is tried.
    every_length: usize,
    /// The largest body after decompression.
    gunzipped: usize,
}

static THOROUGH: Limits = Limits { single: usize::MAX, pairs: 256 * MIB, every_length: 4 * MIB, gunzipped: 16 * MIB };
static QUICK: Limits = Limits { single: 3 * MIB, pairs: 0, every_length: 4 * 1024, gunzipped: MIB };

/// Looks for what was done differently when a request was signed, for each of the secrets; the right signature is found
/// too, where only its form or its header is wrong.
pub fn explain(secrets: &[Secret], request: &Request, effort: Effort) -> Explanation {
    let limits = if effort == Effort::Thorough { &THOROUGH } else { &QUICK };
    let mut explanation = Explanation::default();
    let mut signatures: Vec<_> =
        request.headers().iter().filter(|(name, _)| name.eq_ignore_ascii_case(HEADER)).collect();
    let is_repeated = signatures.len() > 1;
    if signatures.is_empty() {
        signatures.extend(request.headers().iter().find(|(name, value)| is_other_signature(name, value)));
    }
    // Each of several may have its own cause: the first that has one is explained.
    let digests = signatures.into_iter().take(MOST_SIGNATURES);
    for (name, digest) in
        digests.flat_map(|(name, value)| Digest::read(value).into_iter().map(move |digest| (name, digest)))
    {
        let mut search = Search {
            digest: &digest,
            limits,
            secrets: secrets.len().max(1),
            found: Vec::new(),
            explanation: &mut explanation,
        };
        search.request(secrets, request);
        let mut found = search.found;
        if found.is_empty() {
            continue;
        }
        found.retain(|cause| *cause != AS_IT_IS);
        if is_repeated {
            found.push(REPEATED);
        }
        if !name.eq_ignore_ascii_case(HEADER) {
            let message = format!("the signature is in {name}, not in {HEADER}");
            found.push(Cause { message: message.into(), ..OTHER_HEADER });
        }
        found.extend(digest.forms);
        for cause in found {
            if !explanation.causes.contains(&cause) {
                explanation.causes.push(cause);
            }
        }
        break;
    }
    explanation
}

/// What is found where the digest is right: then only its form or its header may be wrong.
const AS_IT_IS: Cause = Cause::new("as-it-is", "", "");

struct Search<'a> {
    digest: &'a Digest,
    limits: &'static Limits,
    /// How many there are.
    secrets: usize,
    found: Vec<Cause>,
    explanation: &'a mut Explanation,
}

impl Search<'_> {
    fn request(&mut self, secrets: &[Secret], request: &Request) {
        let body = request.body();
        let gunzipped = gunzip(body, self.limits.gunzipped);
        if gunzipped.is_none() && body.starts_with(gzip::MAGIC) {
            self.leave_out("the decompressed body: it is larger than is decompressed here, or damaged");
        }
        for secret in secrets {
            self.body(secret.bytes(), request, gunzipped.is_none());
        }
        let Some(body) = gunzipped.filter(|_| self.found.is_empty()) else { return };
        let decompressed = request.with_body(body);
        for secret in secrets {
            self.body(secret.bytes(), &decompressed, true);
        }
        if !self.found.is_empty() {
            self.found.insert(0, GUNZIPPED);
        }
    }

    /// Changes one thing at a time, and then, unless that was found, two.
    fn body(&mut self, key: &[u8], request: &Request, is_text: bool) {
        let (body, length, limits) = (request.body(), request.body().len(), self.limits);
        let (single, pairs) = (limits.single / self.secrets, limits.pairs / self.secrets);
        let is_signed = |digest: &Digest, varied: &Cow<'_, [u8]>| digest.is_hmac(key, &[varied]);
        let unchanged = std::iter::once((vec![AS_IT_IS], Cow::Borrowed(body)));
        if self.compare("the form only", length, single, unchanged, is_signed) {
            return;
        }
        let (constructions, missing) = constructions::all(request);
        if let Some(missing) = missing {
            self.leave_out(&missing);
        }
        let computed = || constructions.iter().map(|construction| (vec![construction.cause.clone()], construction));
        let mut any = false;
        if is_text {
            any |= self.compare("the body", length, single, varied_bodies(body), is_signed);
            match rewritten_json(body) {
                Ok(rewritten) => any |= self.compare("the JSON", length, single, rewritten, is_signed),
                Err(error) => self.leave_out(&format!("the JSON as libraries rewrite it: {error}")),
            }
        }
        any |= self.compare("the secret", length, single, varied_keys(key), |digest, key| digest.is_hmac(key, &[body]));
        any |= self.compare("what is computed", length, single, computed(), |digest, construction| {
            construction.matches(digest, key, body)
        });
        if any || self.cut(key, body) {
            return;
        }
        if pairs == 0 {
            return self.leave_out("two changes at once: this is a quick search; `cfwh verify --explain` tries them");
        }
        let bodies = || {
            let rewritten = rewritten_json(body).ok().into_iter().flatten();
            varied_bodies(body).chain(rewritten).filter(|_| is_text)
        };
        let both = varied_keys(key).flat_map(|(cause, key)| {
            bodies().map(move |(causes, body)| ([&cause[..], &causes[..]].concat(), (key.clone(), body)))
        });
        self.compare(PAIRS[0], length, pairs, both, |digest, (key, body)| digest.is_hmac(key, &[body]));
        let computed_of_bodies = bodies().flat_map(|(causes, body)| {
            computed()
                .map(move |(more, construction)| ([&causes[..], &more[..]].concat(), (body.clone(), construction)))
        });
        self.compare(PAIRS[1], length, pairs, computed_of_bodies, |digest, (body, construction)| {
            construction.matches(digest, key, body)
        });
        let computed_with_keys = varied_keys(key).flat_map(|(cause, key)| {
            let computed = computed().filter(|(_, construction)| construction.uses_secret());
            computed.map(move |(more, construction)| ([&cause[..], &more[..]].concat(), (key.clone(), construction)))
        });
        self.compare(PAIRS[2], length, pairs, computed_with_keys, |digest, (key, construction)| {
            construction.matches(digest, key, body)
        });
    }

    /// Compares the digest with that of each candidate, of about this length, until that would hash too many bytes.
    /// Returns whether any reproduces it.
    fn compare<T>(
        &mut self,
        what: &'static str,
        length: usize,
        limit: usize,
        candidates: impl Iterator<Item = (Vec<Cause>, T)>,
        matches: impl Fn(&Digest, &T) -> bool,
    ) -> bool {
        /// What an HMAC hashes besides the message.
        const KEY_BLOCKS: usize = 256;
        let before = self.found.len();
        let mut hashed = 0_usize;
        for (causes, candidate) in candidates {
            let cost = length + KEY_BLOCKS;
            if hashed > 0 && cost > limit.saturating_sub(hashed) {
                self.leave_out(&format!("more changes to {what}: the body has {length} bytes"));
                break;
            }
            hashed = hashed.saturating_add(cost);
            self.count(what, 1, causes.first().filter(|_| !PAIRS.contains(&what)).map(|cause| cause.id));
            if matches(self.digest, &candidate) {
                self.found.extend(causes);
            }
        }
        self.found.len() > before
    }

    /// Looks for the length at which the body was cut off before it was signed.
    fn cut(&mut self, key: &[u8], body: &[u8]) -> bool {
        let every = body.len() <= self.limits.every_length;
        let lengths: Box<dyn Iterator<Item = usize>> =
            if every { Box::new(1..body.len()) } else { Box::new(usual_lengths(body).into_iter()) };
        let mut compared = 0;
        let length = self.digest.find_cut(key, body, lengths.inspect(|_| compared += 1));
        self.count(if every { LENGTHS[0] } else { LENGTHS[1] }, compared, Some(CUT.id));
        self.found.extend(length.map(|length| {
            let message = format!("only the first {length} of {} bytes of the body were signed", body.len());
            Cause { message: message.into(), ..CUT }
        }));
        length.is_some()
    }

    fn count(&mut self, what: &'static str, compared: usize, id: Option<&'static str>) {
        self.explanation.tried += compared;
        let searched = &mut self.explanation.searched;
        let index = searched.iter().position(|group| group.what == what).unwrap_or_else(|| {
            searched.push(Searched { what, compared: 0, causes: Vec::new() });
            searched.len() - 1
        });
        searched[index].compared += compared;
        let causes = &mut searched[index].causes;
        causes.extend(id.filter(|id| *id != AS_IT_IS.id && !causes.contains(id)));
    }

    fn leave_out(&mut self, what: &str) {
        let left_out = &mut self.explanation.left_out;
        if !left_out.iter().any(|known| known == what) {
            left_out.push(what.to_owned());
        }
    }
}

/// Cutting the body off, at every length or where that is usual.
const LENGTHS: [&str; 2] = ["the length of the body, every one", "the length of the body, usual ones"];

/// Two changes at once, of which there are too many to list.
const PAIRS: [&str; 3] =
    ["the secret and the body", "the body and what is computed", "the secret and what is computed"];

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
    use hmac::{Hmac, KeyInit, Mac};
    use rand::rngs::ChaCha8Rng;
    use rand::seq::IndexedRandom;
    use rand::{RngExt, SeedableRng};
    use sha1::Sha1;
    use sha2::{Sha256, Sha512};

    use super::*;
    use crate::auth::hub_signature::causes::catalogue;
    use crate::models::request::Headers;

    /// The explanation of a body that was received alone.
    fn explain(secrets: &[Secret], body: &[u8], header: &[u8], effort: Effort) -> Explanation {
        let mut request = Request::post("", Headers::new(), body.to_vec());
        request.headers_mut().append(HEADER, header);
        super::explain(secrets, &request, effort)
    }

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
        for _ in 0..25 {
            let (body, key) = (random_body(&mut rng), random_key(&mut rng));
            let rewritten = rewritten_json(&body).ok().into_iter().flatten();
            let bodies: Vec<_> = varied_bodies(&body)
                .chain(rewritten)
                .flat_map(|(causes, varied)| causes.into_iter().map(move |cause| (cause.id, varied.clone())))
                .map(|(id, varied)| (id, key.clone(), varied.into_owned()))
                .collect();
            let keys = varied_keys(&key).map(|(cause, varied)| (cause[0].id, varied.into_owned(), body.clone()));
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
            (
                format!("sha1={}", hex::encode(trimmed)),
                vec!["without-final-newline", "without-line-ends", "trimmed", "sha1"],
            ),
        ] {
            assert_eq!(ids(&explain(&[secret(key)], body, header.as_bytes(), Effort::Thorough)), expected, "{header}");
        }
    }

    /// A body, and a request around it, with something for every change.
    fn changeable() -> (Secret, Request) {
        let mut headers = Headers::new();
        for (name, value) in [("Host", "example.com"), ("X-Timestamp", "1700000000"), ("webhook-id", "msg_1")] {
            headers.append(name, value);
        }
        let body = "{\"a\": 1.0, \"b\": \"é€😀 %41+<\", \"c\": null}\r\n".as_bytes();
        (secret("\"aGVsbG8=é$x\\\"".as_bytes()), Request::post("/hook?a=b", headers, body))
    }

    fn find_no_cause(times: usize, effort: Effort) {
        let mut rng = ChaCha8Rng::seed_from_u64(2);
        let (secret, mut request) = changeable();
        for _ in 0..times {
            let header = format!("sha256={}", hex::encode(rng.random::<[u8; 32]>()));
            request.headers_mut().set(HEADER, header.clone());
            let explanation = super::explain(std::slice::from_ref(&secret), &request, effort);
            assert!(explanation.causes.is_empty() && explanation.tried > 150, "{header}: {explanation:?}");
        }
    }

    #[test]
    fn no_cause_is_named_for_a_random_digest() {
        find_no_cause(20, Effort::Thorough);
        find_no_cause(500, Effort::Quick);
    }

    #[test]
    #[ignore = "compares hundreds of millions of digests"]
    fn no_cause_is_named_for_a_hundred_thousand_random_digests() {
        find_no_cause(100_000, Effort::Thorough);
    }

    #[test]
    fn what_was_tried_is_counted_and_what_was_not_is_named() {
        let (secret, mut request) = changeable();
        request.headers_mut().set(HEADER, format!("sha256={}", "0".repeat(64)));
        let thorough = super::explain(std::slice::from_ref(&secret), &request, Effort::Thorough);
        let counted: usize = thorough.searched.iter().map(|group| group.compared).sum();
        assert_eq!(thorough.tried, counted);
        assert_eq!(thorough.left_out, Vec::<String>::new());
        let ids: Vec<_> = catalogue().iter().map(|cause| cause.id).collect();
        for group in &thorough.searched {
            assert!(group.causes.iter().all(|id| ids.contains(id)), "{group:?}");
        }
        let quick = super::explain(&[secret], &request, Effort::Quick);
        assert!(quick.tried < thorough.tried);
        assert!(quick.left_out.iter().any(|what| what.starts_with("two changes at once")), "{quick:?}");

        let explanation = explain(&[self::secret(b"s")], b"{\"a\":\"\\ud800\"}", b"", Effort::Thorough);
        assert_eq!(explanation, Explanation::default());
        let header = format!("sha256={}", "0".repeat(64));
        let explanation = explain(&[self::secret(b"s")], b"{\"a\":nul}", header.as_bytes(), Effort::Thorough);
        assert!(explanation.left_out.iter().any(|what| what.contains("the body is not JSON")), "{explanation:?}");
        assert!(explanation.left_out.iter().any(|what| what.contains("no timestamp")), "{explanation:?}");
        assert!(explanation.searched.iter().all(|group| group.what != "the JSON"));
    }

    #[test]
    fn a_large_body_bounds_what_a_quick_search_tries_and_it_says_so() {
        let body = format!("{{\"a\":\"{}\"}}\n", "x".repeat(MIB));
        let header = format!("sha256={}", "0".repeat(64));
        let explanation = explain(&[secret(b"s")], body.as_bytes(), header.as_bytes(), Effort::Quick);
        let hashed: usize =
            explanation.searched.iter().filter(|group| group.what != LENGTHS[1]).map(|g| g.compared).sum();
        assert!(hashed <= 5 * 3, "{explanation:?}");
        for what in ["the body", "the JSON", "the secret"] {
            let sentence = format!("more changes to {what}: ");
            assert!(explanation.left_out.iter().any(|left_out| left_out.starts_with(&sentence)), "{explanation:?}");
        }
    }

    #[test]
    fn what_is_no_digest_at_all_is_not_searched_for() {
        for header in ["", "sha256=", "sha256=zz", "nonsense", "sha256=00"] {
            assert_eq!(explain(&[secret(b"k")], b"body", header.as_bytes(), Effort::Thorough), Explanation::default());
        }
    }

    #[test]
    fn causes_have_names_of_their_own() {
        let mut ids: Vec<_> = catalogue().iter().map(|cause| cause.id).collect();
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count);
    }
}
