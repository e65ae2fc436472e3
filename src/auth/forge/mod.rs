//! Forge apps with a remote: `Authorization: Bearer` with a Forge invocation token (RS256).
//!
//! The receiver verifies the token with a public key of Atlassian, which it finds by `kid` in a JWKS. The token does not cover
//! the request. `cfwh` signs with [a public example key](super::jwt::keys::EXAMPLE) unless you set another key.
//!
//! Sources: Atlassian's documentation "Verifying Forge requests", and tests with the receiver library atlassian-connect-express
//! 11.5.3.

mod cases;
mod explain;
mod faults;
mod scheme;

use std::sync::Arc;
use std::time::SystemTime;

pub use scheme::{APP_ID, Forge, KEY_ID, SECOND_KEY_ID, is_app_id, second_key};

use super::authorization::{FORGE, HEADER};
use super::cases::RootCause;
use super::credentials::Parameter;
use super::explanation::{Effort, Explanation};
use super::fault::Fault;
use super::scheme::{Scheme, SchemeInfo};
use super::verdict::Verdict;
use crate::models::request::Request;

/// `forge`
pub static INFO: SchemeInfo = SchemeInfo {
    name: "forge",
    description: "Authorization: Bearer",
    header: Some(HEADER),
    copied_with: Some("authorization"),
    has_times: true,
    covers_target: false,
    covers_body: false,
    required: None,
    optional: &[Parameter::AppId, Parameter::Key],
    with: |credentials| Arc::new(Forge::new(credentials)),
    wrong_credentials: &faults::OTHER_KEY,
    faults: faults::FAULTS,
    cases: cases::CASES,
    patterns: cases::PATTERNS,
    callbacks: &[],
};

impl Scheme for Forge {
    fn info(&self) -> &'static SchemeInfo {
        &INFO
    }

    fn authenticate(&self, request: &mut Request, at: SystemTime) {
        if let Some(token) = self.sign(at) {
            FORGE.set(request, &token);
        }
    }

    fn authenticate_with_second_key(&self, request: &mut Request, at: SystemTime) {
        if let Some(token) = self.sign_with_second_key(at) {
            FORGE.set(request, &token);
        }
    }

    fn attach(&self, request: &mut Request, credentials: &str) {
        FORGE.attach(request, credentials);
    }

    fn expected(&self, _: &Request, at: SystemTime) -> Option<String> {
        Some(FORGE.value(&self.sign(at)?))
    }

    fn verify(&self, request: &Request, at: SystemTime) -> Verdict {
        self.check(request, at).map_or_else(Verdict::Rejected, |()| Verdict::Valid)
    }

    fn explain(&self, request: &Request, at: SystemTime, _: Effort) -> Explanation {
        explain::explain(self, request, at)
    }

    fn inject(&self, fault: &'static Fault, request: Request) -> Request {
        faults::inject(fault, self, request, SystemTime::now())
    }

    fn mistaken(&self, _: &Request) -> Vec<(RootCause, Request)> {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use serde_json::Value;
    use uuid::Uuid;

    use super::*;
    use crate::auth::credentials::Credentials;
    use crate::auth::jwt::keys::RsaKey;
    use crate::auth::jwt::token::{self, TokenKey};
    use crate::models::request::Headers;

    const TOKEN: &str = "eyJ0eXAiOiJKV1QiLCJraWQiOiJmb3JnZS9pbnZvY2F0aW9uLXRva2VuL2Nmd2gtdGVzdCIsImFsZyI6IlJTMjU2In0.eyJhcHAiOnsiaWQiOiJhcmk6Y2xvdWQ6ZWNvc3lzdGVtOjphcHAvMTExMTExMTEtMjIyMi0zMzMzLTQ0NDQtNTU1NTU1NTU1NTU1IiwidmVyc2lvbiI6IjEiLCJhcHBWZXJzaW9uIjoiMS4wLjAiLCJpbnN0YWxsYXRpb25JZCI6ImFyaTpjbG91ZDplY29zeXN0ZW06Omluc3RhbGxhdGlvbi82NjY2NjY2Ni03Nzc3LTg4ODgtOTk5OS0wMDAwMDAwMDAwMDAiLCJhcGlCYXNlVXJsIjoiaHR0cHM6Ly9hcGkuYXRsYXNzaWFuLmNvbS9leC9jb25mbHVlbmNlL2FhYWFhYWFhLWJiYmItY2NjYy1kZGRkLWVlZWVlZWVlZWVlZSIsImVudmlyb25tZW50Ijp7InR5cGUiOiJERVZFTE9QTUVOVCIsImlkIjoiYXJpOmNsb3VkOmVjb3N5c3RlbTo6ZW52aXJvbm1lbnQvMTExMTExMTEtMjIyMi0zMzMzLTQ0NDQtNTU1NTU1NTU1NTU1L2ZmZmZmZmZmLTAwMDAtMTExMS0yMjIyLTMzMzMzMzMzMzMzMyJ9LCJtb2R1bGUiOnsidHlwZSI6ImNvcmU6ZW5kcG9pbnQiLCJrZXkiOiJjb25mbHVlbmNlLWV2ZW50cyJ9fSwiaWF0IjoxNzAwMDAwMDAwLCJpc3MiOiJmb3JnZS9pbnZvY2F0aW9uLXRva2VuIiwiYXVkIjoiYXJpOmNsb3VkOmVjb3N5c3RlbTo6YXBwLzExMTExMTExLTIyMjItMzMzMy00NDQ0LTU1NTU1NTU1NTU1NSIsImV4cCI6MTcwMDAwMDAyNSwibmJmIjoxNzAwMDAwMDAwLCJqdGkiOiIwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMSJ9.Ao3JsRnI7B-VTfyXD2oYClPqhQ14XpDlLIkLB6I1w42M0O16wZ8HPXgce6s77DgRywVbEn-N-2JyI33lmjwplEVvfOAGLoSZBeuAfyxakFaGbTmRD_FH-XW5CKfYGvE-Sp2zcChVD4eKctnO9NR-8dmgO--N2qvDIZ8XfAtOcuLKG_GLKhqfJVU_tW9H2BMIhmEiVJPdNrMx_-GyV5v_6-He8RUvpPuSLiEhAuWYCzwePuK4ho4DqpU5EWJNsFPyc7UM0yXYcU_fdo5FF9JUSkWpoYx-G3BRqHqUroFFHZ94YmRe0j6xl0Wnlr0We8iQbNvFmeoRcue2-ojR7sPvLA";

    fn forge() -> Forge {
        Forge::new(Credentials::default())
    }

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    fn with(value: &str) -> Request {
        let mut request = Request::post("/events", Headers::new(), &b"{}"[..]);
        request.headers_mut().set(HEADER, value);
        request
    }

    fn write(header: &Value, claims: &Value) -> String {
        let key = RsaKey::example(KEY_ID);
        token::write(header, claims, TokenKey::Private(key.signing().expect("it has its private half")))
    }

    #[test]
    fn the_known_answer() {
        let claims = forge().claims(at(1_700_000_000), Uuid::from_u128(1));
        assert_eq!(write(&forge().header(), &claims), TOKEN);
    }

    #[test]
    fn only_a_token_for_this_app_at_this_time_is_valid() {
        let changed = |header: &str, claims: &str| {
            let merge = |mut value: Value, changes: &str| {
                let changes: Value = serde_json::from_str(changes).expect("JSON");
                let members = value.as_object_mut().expect("an object");
                members.extend(changes.as_object().expect("an object").clone());
                members.retain(|_, value| !value.is_null());
                value
            };
            let claims = merge(forge().claims(at(1_700_000_000), Uuid::from_u128(1)), claims);
            format!("Bearer {}", write(&merge(forge().header(), header), &claims))
        };
        let good = format!("Bearer {TOKEN}");
        for (value, seconds, expected) in [
            (good.clone(), 1_700_000_010, "valid"),
            (good.replace("Bearer", "bearer"), 1_700_000_010, "valid"),
            (good.clone(), 1_700_000_024, "valid"),
            (good.clone(), 1_700_000_025, "expired"),
            (good.clone(), 1_699_999_999, "not-yet-valid"),
            (good.replace("Bearer", "JWT"), 1_700_000_010, "malformed"),
            (TOKEN.to_owned(), 1_700_000_010, "malformed"),
            (format!("{good}.x"), 1_700_000_010, "malformed"),
            (good.replace(".Ao3J", ".Ao3K"), 1_700_000_010, "mismatch"),
            (
                changed("{}", r#"{"aud":["a","ari:cloud:ecosystem::app/11111111-2222-3333-4444-555555555555"]}"#),
                1_700_000_010,
                "valid",
            ),
            (changed("{}", r#"{"aud":"ari:cloud:ecosystem::app/1"}"#), 1_700_000_010, "wrong-audience"),
            (changed("{}", r#"{"aud":null}"#), 1_700_000_010, "wrong-audience"),
            (changed("{}", r#"{"iss":"forge-sim"}"#), 1_700_000_010, "wrong-issuer"),
            (changed("{}", r#"{"exp":null}"#), 1_700_000_010, "malformed"),
            (changed(r#"{"kid":"other"}"#, "{}"), 1_700_000_010, "unknown-key"),
            (changed(r#"{"kid":null}"#, "{}"), 1_700_000_010, "valid"),
            (changed(r#"{"alg":"HS256"}"#, "{}"), 1_700_000_010, "wrong-algorithm"),
            (changed(r#"{"alg":"none"}"#, "{}"), 1_700_000_010, "wrong-algorithm"),
            (changed(r#"{"alg":"RS512"}"#, "{}"), 1_700_000_010, "wrong-algorithm"),
        ] {
            assert_eq!(forge().verify(&with(&value), at(seconds)).name(), expected, "{value}");
        }
        assert_eq!(forge().verify(&Request::post("/", Headers::new(), &b""[..]), at(0)).name(), "unsigned");
        let mut twice = with(&good);
        twice.headers_mut().append(HEADER, &good);
        assert_eq!(forge().verify(&twice, at(1_700_000_010)).name(), "malformed");
    }

    #[test]
    fn a_token_is_verified_with_the_key_that_it_names() {
        let other = RsaKey::other("b");
        let both =
            Forge::new(Credentials { keys: vec![RsaKey::example("a"), other.clone()], ..Credentials::default() });
        let rotated = Forge::new(Credentials { keys: vec![other], ..Credentials::default() });
        let sign = |scheme: &Forge| with(&scheme.expected(&with(""), at(1_700_000_000)).expect("it can sign"));
        assert_eq!(both.verify(&sign(&both), at(1_700_000_001)), Verdict::Valid);
        assert_eq!(both.verify(&sign(&rotated), at(1_700_000_001)), Verdict::Valid);
        assert_eq!(rotated.verify(&sign(&both), at(1_700_000_001)).name(), "unknown-key");
        let public = RsaKey::read(RsaKey::example(KEY_ID).public_pem().as_bytes()).expect("a key");
        let verifier = Forge::new(Credentials { keys: public, ..Credentials::default() });
        assert!(verifier.expected(&with(""), at(0)).is_none(), "a public key signs nothing");
    }

    #[test]
    fn every_token_has_an_id_of_its_own() {
        let [one, other] = [(); 2].map(|()| forge().sign(at(1_700_000_000)));
        assert_ne!(one, other);
    }

    #[test]
    fn every_fault_is_refused_for_its_own_reason() {
        for (fault, expected) in [
            ("missing-credentials", "unsigned"),
            ("malformed", "malformed"),
            ("other-scheme", "malformed"),
            ("bad-signature", "mismatch"),
            ("other-key", "mismatch"),
            ("unknown-kid", "unknown-key"),
            ("wrong-kid", "unknown-key"),
            ("alg-none", "wrong-algorithm"),
            ("hs256-with-public-key", "wrong-algorithm"),
            ("expired", "expired"),
            ("not-yet-valid", "not-yet-valid"),
            ("other-audience", "wrong-audience"),
            ("other-issuer", "wrong-issuer"),
        ] {
            let fault = INFO.faults.iter().find(|other| other.name == fault).unwrap_or_else(|| panic!("no {fault}"));
            let mut request = with("");
            forge().authenticate(&mut request, SystemTime::now());
            assert_eq!(forge().verify(&request, SystemTime::now()), Verdict::Valid);
            let wrong = forge().inject(fault, request);
            assert_eq!(forge().verify(&wrong, SystemTime::now()).name(), expected, "{}", fault.name);
        }
        assert_eq!(INFO.faults.len(), 13);
    }

    #[test]
    fn causes_are_named_by_proof() {
        let explain = |request: &Request, seconds| {
            let causes = forge().explain(request, at(seconds), Effort::Thorough).causes;
            causes.iter().map(|cause| cause.id).collect::<Vec<_>>()
        };
        let inject = |name: &str| {
            let fault = INFO.faults.iter().find(|fault| fault.name == name).expect("a fault");
            faults::inject(fault, &forge(), with(""), at(1_700_000_000))
        };
        let now = 1_700_000_001;
        assert!(explain(&with(&format!("Bearer {TOKEN}")), now).is_empty());
        for (fault, causes) in [
            ("other-scheme", &["other-scheme"][..]),
            ("other-key", &[]),
            ("unknown-kid", &["unknown-kid"]),
            ("alg-none", &["other-algorithm"]),
            ("hs256-with-public-key", &["other-algorithm", "hs256-with-public-key"]),
            ("expired", &["expired"]),
            ("not-yet-valid", &["not-yet-valid"]),
            ("other-audience", &["other-audience"]),
            ("other-issuer", &["other-issuer"]),
        ] {
            assert_eq!(explain(&inject(fault), now), causes, "{fault}");
        }
        let own = Forge::new(Credentials { keys: vec![RsaKey::other("a")], ..Credentials::default() });
        let causes = own.explain(&with(&format!("Bearer {TOKEN}")), at(now), Effort::Thorough).causes;
        assert_eq!(causes.iter().map(|cause| cause.id).collect::<Vec<_>>(), ["unknown-kid", "example-key"]);
        let connect = super::super::connect::INFO.without_credentials();
        assert_eq!(connect.verify(&with(&format!("Bearer {TOKEN}")), at(now)).name(), "malformed");
    }
}
