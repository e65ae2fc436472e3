//! Whole deliveries: target, headers, body, and credentials that are made anew.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::auth::secret::Secret;
use crate::auth::{self, Credentials, Parameter, RejectionKind, Scheme, SchemeInfo, Verdict};
use crate::models::request::{Headers, Request};
use crate::profiles::KnownEvent;

use super::dictionary::words_of;
use super::encoded::apply;
use super::redactor::Redactor;

/// Headers with values that stay: they describe the message and not the sender.
const PLAIN_HEADERS: [&str; 14] = [
    "accept",
    "accept-encoding",
    "accept-language",
    "cache-control",
    "connection",
    "content-encoding",
    "content-type",
    "date",
    "expect",
    "keep-alive",
    "retry-after",
    "te",
    "transfer-encoding",
    "upgrade",
];

/// Headers with names that stay, besides those above and those of the documents.
const COMMON_HEADERS: &[&str] = &[
    "authorization",
    "content-length",
    "cookie",
    "forwarded",
    "from",
    "host",
    "location",
    "origin",
    "referer",
    "server",
    "set-cookie",
    "traceparent",
    "tracestate",
    "user-agent",
    "via",
    "x-atlassian-webhook-retry",
    "x-b3-sampled",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-port",
    "x-forwarded-proto",
    "x-real-ip",
];

/// What deliveries are authenticated with, before and after.
#[derive(Clone, Debug)]
pub struct Resigning {
    /// What they were authenticated with, if that is known: it decides whether a signature was valid.
    pub original: Option<Credentials>,
    /// The secret that they are signed with again. Tokens that need a key are signed with the built-in one.
    pub secret: Secret,
}

impl Redactor {
    /// Replaces what could identify somebody in a delivery, and authenticates it again if it was authenticated. What was not
    /// valid is not valid in the same way afterwards. `was_valid` says whether it was, where the original credentials do not.
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

    /// Replaces what could identify somebody in header fields, those that authenticate included.
    pub(super) fn headers(&mut self, headers: &Headers) -> Headers {
        headers.iter().map(|(name, value)| (self.header_name(name), self.header_value(name, value))).collect()
    }

    fn header_name(&mut self, name: &str) -> String {
        let lower = name.to_ascii_lowercase();
        let is_known = PLAIN_HEADERS.contains(&lower.as_str()) || COMMON_HEADERS.contains(&lower.as_str());
        // Also the names that other senders give to the same.
        let authenticates =
            |info: &&SchemeInfo| info.header.is_some_and(|header| lower.starts_with(&header.to_ascii_lowercase()));
        let is_known = is_known || auth::ALL.iter().any(authenticates);
        if is_known || self.has_header(&lower) || words_of(&lower).all(|word| !self.dictionary.is_replaced(&word)) {
            self.dictionary.keep(name);
            return name.to_owned();
        }
        self.text(name)
    }

    fn header_value(&mut self, name: &str, value: &[u8]) -> Vec<u8> {
        let lower = name.to_ascii_lowercase();
        let Ok(text) = std::str::from_utf8(value) else { return self.bytes(value) };
        let is_atlassian = lower == "user-agent" && text.starts_with("Atlassian");
        if PLAIN_HEADERS.contains(&lower.as_str())
            || lower == "content-length"
            || is_atlassian
            || KnownEvent::find(text).is_some()
        {
            self.dictionary.keep(text);
            return value.to_vec();
        }
        if matches!(lower.as_str(), "host" | "x-forwarded-host") {
            return self.host(text).map_or_else(|| value.to_vec(), String::into_bytes);
        }
        if lower == "x-forwarded-for" || lower == "x-real-ip" {
            let hosts = text.split(", ").map(|host| self.host(host).unwrap_or_else(|| host.to_owned()));
            return hosts.collect::<Vec<_>>().join(", ").into_bytes();
        }
        self.credentials(text).into_bytes()
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
        // A scheme with built-in keys knows without being told.
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
        // The name stays as it was written.
        if let Some(value) = signed.headers().get(header) {
            // The head of a token is the same for all senders.
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

/// What the scheme says without keys; `None` if the request carries nothing that has its form. The inner value is why it is
/// rejected, if it is.
#[allow(clippy::option_option, reason = "the outer one is whether it applies")]
fn verdict(info: &SchemeInfo, request: &Request, at: SystemTime) -> Option<Option<RejectionKind>> {
    match info.without_credentials().verify(request, at) {
        Verdict::Valid => Some(None),
        Verdict::Rejected(rejection) => match rejection.kind {
            RejectionKind::Unsigned | RejectionKind::Malformed => None,
            kind => Some(Some(kind)),
        },
    }
}

/// Makes a valid request invalid in this way, by one of the faults that the scheme knows.
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

/// What a token says about itself. Nothing of it is verified.
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
