//! Deliveries, and new credentials for them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::auth::secret::Secret;
use crate::auth::{self, Credentials, Parameter, RejectionKind, Scheme, SchemeInfo, Verdict};
use crate::models::request::Request;

use super::encoded::apply;
use super::redactor::Redactor;

/// The credentials of deliveries, before and after.
#[derive(Clone, Debug)]
pub struct Resigning {
    /// The original credentials, if known. They decide whether a signature was valid.
    pub original: Option<Credentials>,
    /// The new secret. The built-in key signs tokens that need a key.
    pub secret: Secret,
}

impl Redactor {
    /// Redacts a delivery, and authenticates it again if it was authenticated. Invalid credentials stay invalid in the same way.
    ///
    /// `was_valid` says whether the credentials were valid, if the original credentials are unknown.
    pub fn request(&mut self, request: &Request, resigning: &Resigning, was_valid: Option<bool>) -> Request {
        let body = self.body(request.body());
        let edits = self.target_edits(request.target());
        let target = apply(request.target(), &edits);
        let headers = self.headers(request.headers());
        let stated = request.body().len().to_string();
        let length = body.len().to_string();
        let headers = headers.iter().map(|(name, value)| {
            let is_length = name.eq_ignore_ascii_case("Content-Length") && value == stated.as_bytes();
            (name, if is_length { length.as_bytes() } else { value })
        });
        let redacted = Request::new(request.method().clone(), target, headers.collect(), body);
        self.authenticate(request, redacted, resigning, was_valid)
    }

    fn authenticate(
        &mut self,
        original: &Request,
        mut redacted: Request,
        resigning: &Resigning,
        was_valid: Option<bool>,
    ) -> Request {
        let token = Times::read(original);
        let found =
            auth::ALL.iter().find_map(|info| Some((*info, info.header?, verdict(info, original, token.issued)?)));
        let Some((info, header, without_keys)) = found else { return redacted };
        // A scheme with a built-in key can verify without credentials.
        let known = resigning.original.as_ref().map(|credentials| {
            (info.with)(Credentials { lifetime: None, ..credentials.clone() }).verify(original, token.issued)
        });
        let rejection = match (known, was_valid) {
            (Some(Verdict::Rejected(rejection)), _) => Some(rejection.kind),
            (None, Some(false)) => Some(without_keys.unwrap_or(RejectionKind::Mismatch)),
            _ => None,
        };
        let mut credentials = Credentials::from_secrets(vec![resigning.secret.clone()]);
        credentials.lifetime = token.lifetime;
        if info.takes(Parameter::AppId) {
            credentials.app_id = token.audience.map(|audience| self.redacted("ari", &audience));
            self.app_ids.extend(credentials.app_id.clone());
        }
        if info.takes(Parameter::ClientKey) {
            credentials.client_key = token.issuer.map(|issuer| self.redacted("clientKey", &issuer));
            self.client_keys.extend(credentials.client_key.clone());
        }
        let scheme = (info.with)(credentials);
        let mut signed = redacted.clone();
        scheme.authenticate(&mut signed, token.issued);
        if let Some(kind) = rejection {
            let Some(invalid) = with_rejection(&*scheme, info, &signed, token.issued, kind) else { return redacted };
            signed = invalid;
        }
        // Keep the written name.
        if let Some(value) = signed.headers().get(header) {
            // The header of a token identifies nobody.
            self.dictionary.keep(&String::from_utf8_lossy(value));
            let field = |(name, old): (&str, &[u8])| {
                let is_it = name.eq_ignore_ascii_case(header);
                (name.to_owned(), if is_it { value.to_vec() } else { old.to_vec() })
            };
            *redacted.headers_mut() = redacted.headers().iter().map(field).collect();
        }
        redacted
    }

    fn redacted(&mut self, key: &str, text: &str) -> String {
        let edits = self.value_edits(key, text);
        apply(text, &edits)
    }
}

/// Returns the verdict of a scheme without credentials. Returns `None` if the request has no credentials of this form. The inner value is
/// the reason of a rejection.
#[allow(clippy::option_option, reason = "the outer option says whether the scheme applies")]
fn verdict(info: &SchemeInfo, request: &Request, at: SystemTime) -> Option<Option<RejectionKind>> {
    match info.without_credentials().verify(request, at) {
        Verdict::Valid => Some(None),
        Verdict::Rejected(rejection) => match rejection.kind {
            RejectionKind::Unsigned | RejectionKind::Malformed => None,
            kind => Some(Some(kind)),
        },
    }
}

/// Makes a valid request invalid in this way, with a fault of the scheme.
fn with_rejection(
    scheme: &dyn Scheme,
    info: &SchemeInfo,
    signed: &Request,
    at: SystemTime,
    kind: RejectionKind,
) -> Option<Request> {
    let faults = std::iter::once(info.wrong_credentials).chain(info.faults);
    let mut invalid = faults.map(|fault| scheme.inject(fault, signed.clone()));
    let is_same = |request: &Request| {
        let verdict = scheme.verify(request, at);
        request.body() == signed.body() && verdict.rejection().is_some_and(|rejection| rejection.kind == kind)
    };
    invalid.find(is_same)
}

/// Unverified claims of a token.
struct Times {
    issued: SystemTime,
    lifetime: Option<Duration>,
    issuer: Option<String>,
    audience: Option<String>,
}

impl Times {
    fn read(request: &Request) -> Self {
        let claims = request.headers().iter().find_map(|(_, value)| {
            let token = std::str::from_utf8(value).ok()?.rsplit(' ').next()?;
            let mut parts = token.split('.').skip(1);
            let claims = URL_SAFE_NO_PAD.decode(parts.next().filter(|_| parts.next().is_some())?).ok()?;
            serde_json::from_slice::<Value>(&claims).ok().filter(Value::is_object)
        });
        let claims = claims.unwrap_or_default();
        let time = |claim: &str| claims[claim].as_u64();
        let text = |claim: &str| claims[claim].as_str().map(str::to_owned);
        let issued = time("iat").unwrap_or_default();
        let lifetime = time("exp").and_then(|expires| expires.checked_sub(issued)).map(Duration::from_secs);
        let issued = UNIX_EPOCH.checked_add(Duration::from_secs(issued)).unwrap_or(UNIX_EPOCH);
        Self { issued, lifetime, issuer: text("iss"), audience: text("aud") }
    }
}
