//! Why a signature does not match.
//!
//! The search tries a fixed list of mistakes: the sender signed other bytes than the body (other newlines, another encoding,
//! JSON that a library rewrote), used another key than the secret (with a newline, with quotes, not decoded), used another
//! computation or algorithm, or wrote the digest in another form. It tries one mistake at a time, then two at once; a wrong
//! algorithm and a wrong form are always tried as well.
//!
//! A cause is reported only if it reproduces the received digest. Several causes are reported if they produce the same bytes.

use super::digest::Digest;
use super::search::{QUICK, SignatureSearch, THOROUGH, UNCHANGED};
use super::signature::{HEADER, OTHER_HEADER, REPEATED, is_other_signature};
use crate::auth::explanation::{Cause, Effort, Explanation};
use crate::auth::secret::Secret;
use crate::models::request::Request;

/// The maximum number of signatures of one request that are explained.
const MOST_SIGNATURES: usize = 2;

/// Explains why the signature of a request does not match any of the secrets.
///
/// It also recognizes a correct signature in the wrong form or in the wrong header.
pub fn explain(secrets: &[Secret], request: &Request, effort: Effort) -> Explanation {
    let limits = if effort == Effort::Thorough { &THOROUGH } else { &QUICK };
    let mut explanation = Explanation::default();
    let mut signatures: Vec<_> =
        request.headers().iter().filter(|(name, _)| name.eq_ignore_ascii_case(HEADER)).collect();
    let is_repeated = signatures.len() > 1;
    if signatures.is_empty() {
        signatures.extend(request.headers().iter().find(|(name, value)| is_other_signature(name, value)));
    }
    // Each signature may have its own cause. The first one with a cause is explained.
    let digests = signatures.into_iter().take(MOST_SIGNATURES);
    for (name, digest) in
        digests.flat_map(|(name, value)| Digest::read(value).into_iter().map(move |digest| (name, digest)))
    {
        let mut search = SignatureSearch {
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
        found.retain(|cause| *cause != UNCHANGED);
        if is_repeated {
            found.push(REPEATED);
        }
        if !name.eq_ignore_ascii_case(HEADER) {
            let message = format!("the signature is in the {name} header, not in {HEADER}");
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

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
    use hmac::{Hmac, KeyInit, Mac};
    use rand::rngs::ChaCha8Rng;
    use rand::{RngExt, SeedableRng};
    use sha1::Sha1;
    use sha2::{Sha256, Sha512};

    use super::*;
    use crate::auth::hub_signature::causes::catalogue;
    use crate::auth::hub_signature::search::LENGTHS;
    use crate::models::request::Headers;

    /// Explains a delivery that has a body and a signature, and nothing else.
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

    #[test]
    fn a_wrong_algorithm_or_form_is_named_alone_and_with_other_causes() {
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

    /// Returns a secret and a request to which every change applies.
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
    fn an_explanation_counts_the_candidates_and_names_the_skipped_ones() {
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
    fn a_quick_search_of_a_large_body_is_limited_and_says_so() {
        let body = format!("{{\"a\":\"{}\"}}\n", "x".repeat(1024 * 1024));
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
    fn a_value_that_is_not_a_digest_is_not_searched_for() {
        for header in ["", "sha256=", "sha256=zz", "nonsense", "sha256=00"] {
            assert_eq!(explain(&[secret(b"k")], b"body", header.as_bytes(), Effort::Thorough), Explanation::default());
        }
    }

    #[test]
    fn ids_of_causes_are_unique() {
        let mut ids: Vec<_> = catalogue().iter().map(|cause| cause.id).collect();
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count);
    }
}
