//! The design of `auth::Scheme` fits schemes that are not built in: a JWT over method, path and query, a token in the URL,
//! and an RS256 token that is verified with a key set. Each is one type here, as it would be one file in `src/auth`.

use std::fmt::Write;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cfwh::auth::cases::{AuthCase, AuthRequest, CaseId, CaseInfo, Level, Requirement, Role, RootCause};
use cfwh::auth::{Effort, Explanation, Fault, RejectionKind, Scheme, SchemeInfo, Verdict, faults};
use cfwh::models::request::{Headers, Request};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::{Digest, Sha256};

const AUTHORIZATION: &str = "Authorization";

fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

fn seconds(at: SystemTime) -> u64 {
    at.duration_since(UNIX_EPOCH).expect("it is after 1970").as_secs()
}

/// Connect's JWT: HS256, with a hash of the request's method, path and query.
#[derive(Clone, Debug)]
struct ConnectJwt {
    secret: &'static str,
}

/// `qsh`: the method, the path without a slash at its end, the decoded, sorted and encoded query.
fn query_string_hash(request: &Request) -> String {
    let (path, query) = request.target().split_once('?').unwrap_or((request.target(), ""));
    let path = if path == "/" { path } else { path.trim_end_matches('/') };
    let mut parameters: Vec<&str> =
        query.split('&').filter(|one| !one.is_empty() && !one.starts_with("jwt=")).collect();
    parameters.sort_unstable();
    let canonical = format!("{}&{path}&{}", request.method(), parameters.join("&"));
    hex::encode(Sha256::digest(canonical))
}

impl ConnectJwt {
    fn sign(&self, text: &str) -> String {
        let mac = Hmac::<Sha256>::new_from_slice(self.secret.as_bytes()).expect("any length");
        URL_SAFE_NO_PAD.encode(mac.chain_update(text).finalize().into_bytes())
    }
}

const WRONG_QSH: Fault = Fault::new("wrong-qsh", true, "a token for another path");
static JWT_FAULTS: [Fault; 1] = [WRONG_QSH];
static JWT_CASES: [AuthCase; 1] = [AuthCase {
    info: CaseInfo {
        id: CaseId("jwt/wrong-qsh"),
        level: Level::Must,
        rule: "Connect",
        sent: "a token for another path: 4xx",
        help: "compare qsh",
        role: Role::Forged,
    },
    request: AuthRequest::Fault(&WRONG_QSH),
    requires: Requirement::None,
}];
static JWT: SchemeInfo = SchemeInfo {
    name: "connect",
    description: "a JWT in Authorization",
    header: Some(AUTHORIZATION),
    copied_with: None,
    has_times: true,
    covers_target: true,
    covers_body: false,
    required: None,
    optional: &[],
    wrong_credentials: &WRONG_QSH,
    with: |_| Arc::new(ConnectJwt { secret: "cfwh-test-shared-secret-0123456789abcdef" }),
    faults: &JWT_FAULTS,
    cases: &JWT_CASES,
    patterns: &[],
    callbacks: &[],
};

impl Scheme for ConnectJwt {
    fn info(&self) -> &'static SchemeInfo {
        &JWT
    }

    fn authenticate(&self, request: &mut Request, at: SystemTime) {
        if let Some(token) = self.expected(request, at) {
            request.headers_mut().set(AUTHORIZATION, format!("JWT {token}"));
        }
    }

    fn attach(&self, request: &mut Request, credentials: &str) {
        request.headers_mut().set(AUTHORIZATION, credentials);
    }

    fn expected(&self, request: &Request, at: SystemTime) -> Option<String> {
        let (issued, expires, qsh) = (seconds(at), seconds(at) + 180, query_string_hash(request));
        let claims = format!(
            r#"{{"iss":"7b6b2e1a-0c1d-4f2e-9a3b-5c6d7e8f9a0b","iat":{issued},"exp":{expires},"qsh":"{qsh}","sub":"557058:00000000-0000-0000-0000-000000000001","context":{{}}}}"#
        );
        let mut token = URL_SAFE_NO_PAD.encode(r#"{"typ":"JWT","alg":"HS256"}"#);
        write!(token, ".{}", URL_SAFE_NO_PAD.encode(claims)).expect("it is written to memory");
        let signature = self.sign(&token);
        Some(format!("{token}.{signature}"))
    }

    fn verify(&self, request: &Request, at: SystemTime) -> Verdict {
        let Some(value) = request.headers().text(AUTHORIZATION) else {
            return Verdict::rejected(RejectionKind::Unsigned, "the Authorization header is missing");
        };
        let parts = value.strip_prefix("JWT ").and_then(|token| token.rsplit_once('.'));
        let Some((signed, signature)) = parts else {
            return Verdict::rejected(RejectionKind::Malformed, "it is not a JWT");
        };
        let claims = signed.split('.').nth(1).and_then(|claims| URL_SAFE_NO_PAD.decode(claims).ok());
        let claims: Value = serde_json::from_slice(&claims.unwrap_or_default()).unwrap_or_default();
        if self.sign(signed) != signature || claims["qsh"] != query_string_hash(request) {
            return Verdict::rejected(
                RejectionKind::Mismatch,
                "it was made for another request or with another secret",
            );
        }
        if claims["exp"].as_u64().is_some_and(|expires| seconds(at) >= expires) {
            return Verdict::rejected(RejectionKind::Expired, "its time is over");
        }
        Verdict::Valid
    }

    fn explain(&self, _: &Request, _: SystemTime, _: Effort) -> Explanation {
        Explanation::default()
    }

    fn inject(&self, _: &'static Fault, request: Request) -> Request {
        let elsewhere = Request::post("/elsewhere", Headers::new(), request.shared_body());
        let token = self.expected(&elsewhere, SystemTime::now()).expect("there is a key");
        let mut request = request;
        request.headers_mut().set(AUTHORIZATION, format!("JWT {token}"));
        request
    }

    fn mistaken(&self, _: &Request) -> Vec<(RootCause, Request)> {
        Vec::new()
    }
}

fn connect() -> ConnectJwt {
    ConnectJwt { secret: "cfwh-test-shared-secret-0123456789abcdef" }
}

fn webhook(target: &str) -> Request {
    Request::post(target, Headers::new(), &br#"{"timestamp":1}"#[..])
}

#[test]
fn a_jwt_over_method_path_and_query_is_signed_as_the_known_answer_has_it() {
    const TOKEN: &str = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJpc3MiOiI3YjZiMmUxYS0wYzFkLTRmMmUtOWEzYi01YzZkN2U4ZjlhMGIiLCJpYXQiOjE3MDAwMDAwMDAsImV4cCI6MTcwMDAwMDE4MCwicXNoIjoiOTE3NDI4M2Y5YmI4NTY5NTdiZmFmOGM5MjM1MWUzNzkzOWI5NWU5ZGY4ODllYjQwNjYxZGIxZjNhZDZiZjcyOCIsInN1YiI6IjU1NzA1ODowMDAwMDAwMC0wMDAwLTAwMDAtMDAwMC0wMDAwMDAwMDAwMDEiLCJjb250ZXh0Ijp7fX0.kouNEPxxvtlqBYKj4KZDBZ-5cYaToPlEsVP15taInlU";
    let (scheme, mut request) = (connect(), webhook("/webhooks/page_created?lic=active"));
    scheme.authenticate(&mut request, at(1_700_000_000));
    assert_eq!(request.headers().text(AUTHORIZATION).as_deref(), Some(format!("JWT {TOKEN}").as_str()));
    assert_eq!(scheme.verify(&request, at(1_700_000_010)).name(), "valid");
    assert_eq!(scheme.verify(&request, at(1_700_000_180)).name(), "expired");
    let mut elsewhere = webhook("/webhooks/page_created");
    scheme.attach(&mut elsewhere, &format!("JWT {TOKEN}"));
    assert_eq!(
        scheme.verify(&elsewhere, at(1_700_000_010)).name(),
        "mismatch",
        "without the query it is another request"
    );
    assert_eq!(scheme.verify(&webhook("/"), at(1_700_000_010)).name(), "unsigned");
}

#[test]
fn a_scheme_adds_its_own_faults_to_the_general_ones() {
    let scheme = connect();
    let mut request = webhook("/webhooks/page_created");
    scheme.authenticate(&mut request, SystemTime::now());
    let names: Vec<_> = faults::all(scheme.info()).map(|fault| fault.name).collect();
    assert!(names.starts_with(&["wrong-qsh", "tampered-body"]), "{names:?}");
    let fault = faults::find(scheme.info(), "wrong-qsh").expect("it is its own");
    let wrong = faults::inject(fault, request, &scheme);
    assert_eq!(scheme.verify(&wrong, SystemTime::now()).name(), "mismatch");
}

/// A token in the query of the URL, which is how receivers of unsigned deliveries protect themselves.
#[derive(Debug)]
struct UrlToken {
    name: &'static str,
    value: &'static str,
}

static TOKEN: SchemeInfo = SchemeInfo {
    name: "token",
    description: "a token in the URL",
    header: None,
    copied_with: None,
    has_times: false,
    covers_target: false,
    covers_body: false,
    required: None,
    optional: &[],
    wrong_credentials: &WRONG_QSH,
    with: |_| Arc::new(UrlToken { name: "token", value: "s3cret" }),
    faults: &[],
    cases: &[],
    patterns: &[],
    callbacks: &[],
};

impl Scheme for UrlToken {
    fn info(&self) -> &'static SchemeInfo {
        &TOKEN
    }

    fn authenticate(&self, request: &mut Request, at: SystemTime) {
        if let Some(credentials) = self.expected(request, at) {
            self.attach(request, &credentials);
        }
    }

    fn attach(&self, request: &mut Request, credentials: &str) {
        let separator = if request.target().contains('?') { '&' } else { '?' };
        let target = format!("{}{separator}{credentials}", request.target());
        request.set_target(target);
    }

    fn expected(&self, _: &Request, _: SystemTime) -> Option<String> {
        Some(format!("{}={}", self.name, self.value))
    }

    fn verify(&self, request: &Request, _: SystemTime) -> Verdict {
        let query = request.target().split_once('?').map_or("", |(_, query)| query);
        let given = query.split('&').find_map(|one| one.strip_prefix(self.name)?.strip_prefix('='));
        match given {
            None => Verdict::rejected(RejectionKind::Unsigned, "the URL has no token"),
            Some(value) if value == self.value => Verdict::Valid,
            Some(_) => Verdict::rejected(RejectionKind::Mismatch, "the token in the URL is another one"),
        }
    }

    fn explain(&self, _: &Request, _: SystemTime, _: Effort) -> Explanation {
        Explanation::default()
    }

    fn inject(&self, _: &'static Fault, request: Request) -> Request {
        request
    }

    fn mistaken(&self, _: &Request) -> Vec<(RootCause, Request)> {
        Vec::new()
    }
}

#[test]
fn a_token_goes_into_the_url_and_is_verified_there() {
    let scheme = TOKEN.without_credentials();
    let mut request = webhook("/hook?lic=active");
    assert_eq!(scheme.verify(&request, SystemTime::now()).name(), "unsigned");
    scheme.authenticate(&mut request, SystemTime::now());
    assert_eq!(request.target(), "/hook?lic=active&token=s3cret");
    assert_eq!(scheme.verify(&request, SystemTime::now()).into_result(), Ok(()));
    assert_eq!(scheme.verify(&webhook("/hook?token=guess"), SystemTime::now()).name(), "mismatch");
}

/// Forge's invocation token: RS256, verified with a set of public keys.
#[derive(Debug)]
struct ForgeToken {
    audience: &'static str,
    /// Key id, modulus and exponent.
    keys: Vec<(&'static str, Vec<u8>, Vec<u8>)>,
}

static FORGE: SchemeInfo = SchemeInfo {
    name: "forge",
    description: "a signed token in Authorization",
    header: Some(AUTHORIZATION),
    copied_with: None,
    has_times: true,
    covers_target: true,
    covers_body: false,
    required: None,
    optional: &[],
    wrong_credentials: &WRONG_QSH,
    with: |_| Arc::new(forge()),
    faults: &[],
    cases: &[],
    patterns: &[],
    callbacks: &[],
};

const AUDIENCE: &str = "ari:cloud:ecosystem::app/11111111-2222-3333-4444-555555555555";
/// The public example key of RFC 7515, appendix A.2.
const MODULUS: &str = "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";

fn forge() -> ForgeToken {
    let modulus = URL_SAFE_NO_PAD.decode(MODULUS).expect("base64");
    ForgeToken { audience: AUDIENCE, keys: vec![("forge/invocation-token/cfwh-test", modulus, vec![1, 0, 1])] }
}

impl ForgeToken {
    fn is_signed(&self, signed: &str, signature: &str) -> Option<bool> {
        use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
        let json = |part: usize| -> Option<Value> {
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(signed.split('.').nth(part)?).ok()?).ok()
        };
        let header = json(0)?;
        let (_, n, e) = self.keys.iter().find(|(id, ..)| header["kid"] == *id)?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        let key = RsaPublicKeyComponents { n, e };
        Some(key.verify(&RSA_PKCS1_2048_8192_SHA256, signed.as_bytes(), &signature).is_ok())
    }
}

impl Scheme for ForgeToken {
    fn info(&self) -> &'static SchemeInfo {
        &FORGE
    }

    /// The private key stays with the sender: this side of the scheme only verifies.
    fn authenticate(&self, _: &mut Request, _: SystemTime) {}

    fn attach(&self, request: &mut Request, credentials: &str) {
        request.headers_mut().set(AUTHORIZATION, credentials);
    }

    fn expected(&self, _: &Request, _: SystemTime) -> Option<String> {
        None
    }

    fn verify(&self, request: &Request, at: SystemTime) -> Verdict {
        let value = request.headers().text(AUTHORIZATION).unwrap_or_default().into_owned();
        let Some((signed, signature)) = value.strip_prefix("Bearer ").and_then(|token| token.rsplit_once('.')) else {
            return Verdict::rejected(RejectionKind::Unsigned, "there is no bearer token");
        };
        match self.is_signed(signed, signature) {
            Some(true) => {}
            Some(false) => return Verdict::rejected(RejectionKind::Mismatch, "the signature is not of this token"),
            None => return Verdict::rejected(RejectionKind::Malformed, "the key set has no such key"),
        }
        let claims = signed.split('.').nth(1).and_then(|part| URL_SAFE_NO_PAD.decode(part).ok()).unwrap_or_default();
        let claims: Value = serde_json::from_slice(&claims).unwrap_or_default();
        if claims["aud"] != self.audience {
            return Verdict::rejected(RejectionKind::WrongAudience, "it is for another app");
        }
        match (claims["nbf"].as_u64(), claims["exp"].as_u64()) {
            (Some(from), _) if seconds(at) < from => {
                Verdict::rejected(RejectionKind::NotYetValid, "its time has not begun")
            }
            (_, Some(until)) if seconds(at) >= until => Verdict::rejected(RejectionKind::Expired, "its time is over"),
            _ => Verdict::Valid,
        }
    }

    fn explain(&self, _: &Request, _: SystemTime, _: Effort) -> Explanation {
        Explanation::default()
    }

    fn inject(&self, _: &'static Fault, request: Request) -> Request {
        request
    }

    fn mistaken(&self, _: &Request) -> Vec<(RootCause, Request)> {
        Vec::new()
    }
}

#[test]
fn an_rs256_token_is_verified_with_a_key_set_an_audience_and_times() {
    let mut request = webhook("/forge");
    let scheme = forge();
    scheme.attach(&mut request, &format!("Bearer {FORGE_TOKEN}"));
    for (time, name) in [(1_700_000_010, "valid"), (1_699_999_999, "not-yet-valid"), (1_700_000_025, "expired")] {
        assert_eq!(scheme.verify(&request, at(time)).name(), name);
    }
    let other = ForgeToken { audience: "ari:cloud:ecosystem::app/other", ..forge() };
    assert_eq!(other.verify(&request, at(1_700_000_010)).name(), "wrong-audience");
    let without_keys = ForgeToken { keys: Vec::new(), ..forge() };
    assert_eq!(without_keys.verify(&request, at(1_700_000_010)).name(), "malformed");
    scheme.attach(&mut request, &format!("Bearer {}", FORGE_TOKEN.replace(".Ao3", ".Bo3")));
    assert_eq!(scheme.verify(&request, at(1_700_000_010)).name(), "mismatch");
}

const FORGE_TOKEN: &str = "eyJ0eXAiOiJKV1QiLCJraWQiOiJmb3JnZS9pbnZvY2F0aW9uLXRva2VuL2Nmd2gtdGVzdCIsImFsZyI6IlJTMjU2In0.eyJhcHAiOnsiaWQiOiJhcmk6Y2xvdWQ6ZWNvc3lzdGVtOjphcHAvMTExMTExMTEtMjIyMi0zMzMzLTQ0NDQtNTU1NTU1NTU1NTU1IiwidmVyc2lvbiI6IjEiLCJhcHBWZXJzaW9uIjoiMS4wLjAiLCJpbnN0YWxsYXRpb25JZCI6ImFyaTpjbG91ZDplY29zeXN0ZW06Omluc3RhbGxhdGlvbi82NjY2NjY2Ni03Nzc3LTg4ODgtOTk5OS0wMDAwMDAwMDAwMDAiLCJhcGlCYXNlVXJsIjoiaHR0cHM6Ly9hcGkuYXRsYXNzaWFuLmNvbS9leC9jb25mbHVlbmNlL2FhYWFhYWFhLWJiYmItY2NjYy1kZGRkLWVlZWVlZWVlZWVlZSIsImVudmlyb25tZW50Ijp7InR5cGUiOiJERVZFTE9QTUVOVCIsImlkIjoiYXJpOmNsb3VkOmVjb3N5c3RlbTo6ZW52aXJvbm1lbnQvMTExMTExMTEtMjIyMi0zMzMzLTQ0NDQtNTU1NTU1NTU1NTU1L2ZmZmZmZmZmLTAwMDAtMTExMS0yMjIyLTMzMzMzMzMzMzMzMyJ9LCJtb2R1bGUiOnsidHlwZSI6ImNvcmU6ZW5kcG9pbnQiLCJrZXkiOiJjb25mbHVlbmNlLWV2ZW50cyJ9fSwiaWF0IjoxNzAwMDAwMDAwLCJpc3MiOiJmb3JnZS9pbnZvY2F0aW9uLXRva2VuIiwiYXVkIjoiYXJpOmNsb3VkOmVjb3N5c3RlbTo6YXBwLzExMTExMTExLTIyMjItMzMzMy00NDQ0LTU1NTU1NTU1NTU1NSIsImV4cCI6MTcwMDAwMDAyNSwibmJmIjoxNzAwMDAwMDAwLCJqdGkiOiIwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMSJ9.Ao3JsRnI7B-VTfyXD2oYClPqhQ14XpDlLIkLB6I1w42M0O16wZ8HPXgce6s77DgRywVbEn-N-2JyI33lmjwplEVvfOAGLoSZBeuAfyxakFaGbTmRD_FH-XW5CKfYGvE-Sp2zcChVD4eKctnO9NR-8dmgO--N2qvDIZ8XfAtOcuLKG_GLKhqfJVU_tW9H2BMIhmEiVJPdNrMx_-GyV5v_6-He8RUvpPuSLiEhAuWYCzwePuK4ho4DqpU5EWJNsFPyc7UM0yXYcU_fdo5FF9JUSkWpoYx-G3BRqHqUroFFHZ94YmRe0j6xl0Wnlr0We8iQbNvFmeoRcue2-ojR7sPvLA";
