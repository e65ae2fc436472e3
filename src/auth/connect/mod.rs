//! Connect apps of Confluence Cloud: `Authorization: JWT`.
//!
//! The secret of the installation signs tokens with HS256. The claim `qsh` covers the method, the path and the query of the
//! request, but not its body. A key of Atlassian signs the callbacks `installed` and `uninstalled` with RS256.
//!
//! Sources: Atlassian's Connect documentation (support ends in December 2026), and tests with the receiver library
//! atlassian-connect-express 11.5.3.

mod callbacks;
mod cases;
mod explain;
mod faults;
pub mod qsh;
mod scheme;

use std::sync::Arc;
use std::time::SystemTime;

pub use scheme::{Connect, KEY_ID};

use super::authorization::{CONNECT, HEADER};
use super::cases::RootCause;
use super::credentials::Parameter;
use super::explanation::{Effort, Explanation};
use super::fault::Fault;
use super::scheme::{Scheme, SchemeInfo};
use super::verdict::Verdict;
use crate::models::request::Request;

/// `connect`
pub static INFO: SchemeInfo = SchemeInfo {
    name: "connect",
    description: "Authorization: JWT",
    header: Some(HEADER),
    copied_with: Some("authorization"),
    has_times: true,
    covers_target: true,
    covers_body: false,
    required: Some(Parameter::Secret),
    optional: &[Parameter::ClientKey, Parameter::AppPath, Parameter::Key],
    with: |credentials| Arc::new(Connect::new(credentials)),
    wrong_credentials: &faults::OTHER_SECRET,
    faults: faults::FAULTS,
    cases: cases::CASES,
    patterns: cases::PATTERNS,
    callbacks: &callbacks::NAMES,
};

impl Scheme for Connect {
    fn info(&self) -> &'static SchemeInfo {
        &INFO
    }

    fn authenticate(&self, request: &mut Request, at: SystemTime) {
        if let Some(token) = self.sign(&self.draft(request, at)) {
            CONNECT.set(request, &token);
        }
    }

    fn attach(&self, request: &mut Request, credentials: &str) {
        CONNECT.attach(request, credentials);
    }

    fn expected(&self, request: &Request, at: SystemTime) -> Option<String> {
        Some(CONNECT.value(&self.sign(&self.draft(request, at))?))
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

    fn callback_body(&self, name: &str) -> Option<Vec<u8>> {
        callbacks::body(name, self.client_key(), self.secrets.first()?)
    }

    fn mistaken(&self, _: &Request) -> Vec<(RootCause, Request)> {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;
    use crate::auth::credentials::Credentials;
    use crate::auth::secret::Secret;
    use crate::models::request::Headers;

    const SECRET: &str = "cfwh-test-shared-secret-0123456789abcdef";
    const TOKEN: &str = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJpc3MiOiI3YjZiMmUxYS0wYzFkLTRmMmUtOWEzYi01YzZkN2U4ZjlhMGIiLCJpYXQiOjE3MDAwMDAwMDAsImV4cCI6MTcwMDAwMDE4MCwicXNoIjoiOTE3NDI4M2Y5YmI4NTY5NTdiZmFmOGM5MjM1MWUzNzkzOWI5NWU5ZGY4ODllYjQwNjYxZGIxZjNhZDZiZjcyOCIsInN1YiI6IjU1NzA1ODowMDAwMDAwMC0wMDAwLTAwMDAtMDAwMC0wMDAwMDAwMDAwMDEiLCJjb250ZXh0Ijp7fX0.kouNEPxxvtlqBYKj4KZDBZ-5cYaToPlEsVP15taInlU";
    const INSTALLED: &str = "eyJraWQiOiJjZndoLXRlc3Qta2lkLTEiLCJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJpc3MiOiI3YjZiMmUxYS0wYzFkLTRmMmUtOWEzYi01YzZkN2U4ZjlhMGIiLCJhdWQiOlsiaHR0cHM6Ly9hcHAuZXhhbXBsZS5jb20iXSwiaWF0IjoxNzAwMDAwMDAwLCJleHAiOjE3MDAwMDA5MDAsInFzaCI6IjRhMmUxZGU4Y2E3NGU2Y2FmZTg4NjJkMzMyZmEzYWM3YThlNTFlNjkyYmM2ZDc5OGVhNGRmZWRjMTQ5NDhiZjQiLCJjb250ZXh0Ijp7fX0.QrzqHZYWeBs1Kbfn6P0d9C4V2zJUE3RiQCWQow--vsUqjeKAXQA4VNyfv2gMDf-rhJHt4matKyPuXq9xaDGCCpix8fGfyq6xfgG4kq7fSiMP3ek87VynEUzggf--dNihgu4GWdvRFudAiu37IkPj1K8NDdjdc9S3k9eEIKWFXHdZWf5s574V7nR2VHOu5UGum8tUIGRXclplx44iuUVkScu6uTyeD_TVS35FIy_ozIpBTcSNWv0_zOafdz5M-q2srGtyocAbz81MkOC31vwCG2hZSad5H2B7rHgSCp3sGkrOGlaQDMVs8iDlhoR3BHN58uIAzpwJ2WGjd0AUrCCH2w";

    /// Atlassian's example, without `sub`.
    const OFFICIAL: &str = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJxc2giOiJiZTE2OTEwODU4YTQxZmQxOWVhNWMxYjRlOWRlY2NhOWE3ODRkMTAyNGNiMDBiMjE1OGRlZmUyZjI5ZGM4NmRkIiwiY29udGV4dCI6e30sImlzcyI6ImppcmE6MTIzNC01Njc4LTkwMDAiLCJleHAiOjE0NjY3MzEyNTUsImlhdCI6MTQ2NjczMTA3NX0.ssbmLUBemh6nQW3MH5o2fSdnOFTIKf2w0KASnnH8aXo";

    fn credentials(secret: &str) -> Credentials {
        Credentials::from_secrets(vec![Secret::new(secret).expect("a secret")])
    }

    fn connect() -> Connect {
        Connect::new(credentials(SECRET))
    }

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    fn post(target: &str) -> Request {
        Request::post(target, Headers::new(), &b""[..])
    }

    fn with(target: &str, value: &str) -> Request {
        let mut request = post(target);
        request.headers_mut().set(HEADER, value);
        request
    }

    #[test]
    fn known_answers() {
        let mut request = post("/webhooks/page_created?lic=active");
        connect().authenticate(&mut request, at(1_700_000_000));
        assert_eq!(request.headers().text(HEADER).as_deref(), Some(format!("JWT {TOKEN}").as_str()));
        let request = with("/test?param=value", &format!("JWT {OFFICIAL}")).with_method(http::Method::GET);
        let connect = Connect::new(credentials("7512836e-9137-48ac-baaf-a1935b96e17a"));
        assert_eq!(connect.verify(&request, at(1_466_731_080)), Verdict::Valid);
    }

    #[test]
    fn the_callbacks_of_an_installation_are_signed_with_a_key() {
        let mut request = post("/installed");
        connect().authenticate(&mut request, at(1_700_000_000));
        assert_eq!(request.headers().text(HEADER).as_deref(), Some(format!("JWT {INSTALLED}").as_str()));
        let app =
            |base_url: &str| Connect::new(Credentials { base_url: Some(base_url.to_owned()), ..credentials("s") });
        assert_eq!(app("https://app.example.com/").verify(&request, at(1_700_000_899)), Verdict::Valid);
        assert_eq!(app("https://other.example.com").verify(&request, at(1_700_000_899)).name(), "wrong-audience");
        assert_eq!(connect().verify(&request, at(1_700_000_900)).name(), "expired");
        // A callback needs the key, and a delivery needs the secret.
        assert_eq!(
            connect().verify(&with("/installed", &format!("JWT {TOKEN}")), at(1_700_000_010)).name(),
            "wrong-algorithm"
        );
        assert_eq!(
            connect().verify(&with("/hook", &format!("JWT {INSTALLED}")), at(1_700_000_010)).name(),
            "wrong-algorithm"
        );
    }

    #[test]
    fn only_a_token_for_this_request_at_this_time_is_valid() {
        const TARGET: &str = "/webhooks/page_created?lic=active";
        let good = format!("JWT {TOKEN}");
        for (target, value, seconds, expected) in [
            (TARGET, good.as_str(), 1_700_000_010, "valid"),
            (TARGET, &good, 1_700_000_179, "valid"),
            (TARGET, &good, 1_700_000_180, "expired"),
            ("/webhooks/page_created/?lic=active", &good, 1_700_000_010, "valid"),
            ("/webhooks/page_created", &good, 1_700_000_010, "wrong-qsh"),
            ("/webhooks/page_updated?lic=active", &good, 1_700_000_010, "wrong-qsh"),
            (TARGET, &good.replace("JWT", "jwt"), 1_700_000_010, "malformed"),
            (TARGET, &good.replace("JWT", "Bearer"), 1_700_000_010, "malformed"),
            (TARGET, TOKEN, 1_700_000_010, "malformed"),
            (TARGET, &good.replace("kouNEPxx", "kouNEPxy"), 1_700_000_010, "mismatch"),
            (TARGET, good.rsplit_once('.').expect("parts").0, 1_700_000_010, "malformed"),
            (TARGET, "JWT eyJhbGciOiJub25lIn0.e30.", 1_700_000_010, "wrong-algorithm"),
        ] {
            assert_eq!(connect().verify(&with(target, value), at(seconds)).name(), expected, "{target} {value}");
        }
        assert_eq!(connect().verify(&post(TARGET), at(1_700_000_010)).name(), "unsigned");
        let other = Connect::new(credentials("another secret"));
        assert_eq!(other.verify(&with(TARGET, &good), at(1_700_000_010)).name(), "mismatch");
        let app = |client_key: &str, path: &str| {
            Connect::new(Credentials {
                client_key: Some(client_key.to_owned()),
                app_path: Some(path.to_owned()),
                ..credentials(SECRET)
            })
        };
        let same = app("7b6b2e1a-0c1d-4f2e-9a3b-5c6d7e8f9a0b", "/app");
        assert_eq!(same.verify(&with(&format!("/app{TARGET}"), &good), at(1_700_000_010)), Verdict::Valid);
        assert_eq!(app("other", "").verify(&with(TARGET, &good), at(1_700_000_010)).name(), "wrong-issuer");
    }

    #[test]
    fn every_fault_is_refused_and_the_user_of_a_body_is_the_subject() {
        let scheme = Connect::new(Credentials { client_key: Some("client".to_owned()), ..credentials(SECRET) });
        for fault in INFO.faults {
            let mut request = post("/hook?lic=active");
            scheme.authenticate(&mut request, SystemTime::now());
            assert_eq!(scheme.verify(&request, SystemTime::now()), Verdict::Valid);
            let wrong = scheme.inject(fault, request);
            assert!(!scheme.verify(&wrong, SystemTime::now()).is_valid(), "{}", fault.name);
        }
        let request = Request::post("/hook", Headers::new(), &br#"{"userAccountId":"712020:a"}"#[..]);
        assert_eq!(scheme.draft(&request, at(1)).claims["sub"], "712020:a");
    }

    #[test]
    fn causes_are_named_by_proof() {
        let explain = |scheme: &Connect, request: &Request, seconds| {
            scheme
                .explain(request, at(seconds), Effort::Thorough)
                .causes
                .iter()
                .map(|cause| cause.id)
                .collect::<Vec<_>>()
        };
        let sign = |scheme: &Connect, signed: &str, received: &str| {
            let value = scheme.expected(&post(signed), at(1_700_000_000)).expect("a secret");
            with(received, &value)
        };
        let now = 1_700_000_010;
        let with_base =
            |path: &str| Connect::new(Credentials { app_path: Some(path.to_owned()), ..credentials(SECRET) });
        assert!(explain(&connect(), &sign(&connect(), "/hook", "/hook"), now).is_empty());
        for (signed, received, causes) in [
            ("/hook", "/hook?lic=active", &["qsh-without-licence"][..]),
            ("/hook?lic=active", "/hook", &["qsh-with-licence"]),
            ("/hook", "/hook?a=b&lic=none", &["qsh-without-query"]),
            ("/a/hook", "/hook", &[]),
            ("/hook", "/a/hook", &["qsh-without-base-path"]),
            ("/hook", "/a/b/hook?lic=active", &["qsh-without-base-path", "qsh-without-licence"]),
        ] {
            assert_eq!(explain(&connect(), &sign(&connect(), signed, received), now), causes, "{signed} {received}");
        }
        let whole = sign(&connect(), "/app/hook", "/app/hook");
        assert_eq!(explain(&with_base("/app"), &whole, now), ["qsh-with-base-path"]);
        let get =
            connect().expected(&post("/hook").with_method(http::Method::GET), at(1_700_000_000)).expect("a secret");
        assert_eq!(explain(&connect(), &with("/hook", &get), now), ["qsh-other-method"]);
        let with_line = Connect::new(credentials(&format!("{SECRET}\n")));
        assert_eq!(explain(&connect(), &sign(&with_line, "/hook", "/hook"), now), ["secret-with-lf"]);
        let right = sign(&connect(), "/hook", "/hook");
        assert_eq!(explain(&connect(), &right, 1_700_000_200), ["expired"]);
        let value = right.headers().text(HEADER).expect("a header").into_owned();
        let bearer = with("/hook", &value.replace("JWT", "Bearer"));
        assert_eq!(explain(&connect(), &bearer, now), ["other-scheme"]);
        let mut moved = post("/hook");
        moved.headers_mut().set("X-Forwarded-Authorization", value.as_str());
        assert_eq!(explain(&connect(), &moved, now), ["token-elsewhere"]);
    }
}
