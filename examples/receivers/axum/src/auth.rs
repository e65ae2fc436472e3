//! Is a request from your Confluence? One function for each sender: copy the one that you need.
//!
//! Environment: `SENDER` is `spec`, `datacenter`, `cloud`, `connect` or `forge`; `Sender` has the variables of each.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::http::{HeaderMap, Method, Uri};
use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, dangerous, decode, decode_header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::jwks::KeySet;

/// A request. The body is as received: JSON that was parsed and written again has another signature.
pub struct Request {
    pub method: Method,
    pub uri: Uri,
    pub headers: HeaderMap,
    pub body: Bytes,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request is not from your Confluence.
    #[error("{0}")]
    Unauthorized(&'static str),
    #[error("the public keys cannot be fetched")]
    NoKeys,
}

use Error::Unauthorized;

/// Who sends, and what is needed to recognize it.
#[derive(Clone)]
pub enum Sender {
    /// `WEBHOOK_SECRET`
    Spec { secret: String },
    /// `WEBHOOK_SECRET`
    DataCenter { secret: String },
    /// `WEBHOOK_TOKEN`
    Cloud { token: String },
    /// `CONNECT_CLIENT_KEY`, `CONNECT_SHARED_SECRET` and, if the app's base URL has a path, `CONNECT_BASE_PATH`. One secret for
    /// each installation: your callback for `installed` stores them.
    Connect { shared_secrets: BTreeMap<String, String>, base_path: String },
    /// `FORGE_APP_ID` and, for tests, `FORGE_JWKS_URL`
    Forge { app_id: String, keys: Arc<KeySet> },
}

impl Sender {
    pub fn from_env() -> Result<Self, String> {
        Ok(match std::env::var("SENDER").as_deref().unwrap_or("spec") {
            "spec" => Self::Spec { secret: required("WEBHOOK_SECRET")? },
            "datacenter" => Self::DataCenter { secret: required("WEBHOOK_SECRET")? },
            "cloud" => Self::Cloud { token: required("WEBHOOK_TOKEN")? },
            "connect" => Self::Connect {
                shared_secrets: BTreeMap::from([(required("CONNECT_CLIENT_KEY")?, required("CONNECT_SHARED_SECRET")?)]),
                base_path: std::env::var("CONNECT_BASE_PATH").unwrap_or_default(),
            },
            "forge" => Self::Forge { app_id: required("FORGE_APP_ID")?, keys: Arc::new(KeySet::from_env()) },
            other => return Err(format!("no sender {other}")),
        })
    }

    /// Returns an error unless the request is from your Confluence. Waits if it must fetch keys.
    pub fn authenticate(&self, request: &Request) -> Result<(), Error> {
        match self {
            Self::Spec { secret } | Self::DataCenter { secret } => check_signature(secret, request),
            Self::Cloud { token } => check_url_token(token, request),
            Self::Connect { shared_secrets, base_path } => check_connect(shared_secrets, base_path, request),
            Self::Forge { app_id, keys } => check_forge(app_id, keys, request),
        }
    }

    /// Data Center's button "Test connection" sends this without a signature, also when there is a secret.
    pub fn is_connection_test(&self, request: &Request) -> bool {
        let is_ping = header(request, "X-Event-Key") == Some("diagnostics:ping");
        matches!(self, Self::DataCenter { .. }) && is_ping && &request.body[..] == br#"{"test": true}"#
    }
}

/// An empty secret would accept everybody.
fn required(name: &str) -> Result<String, String> {
    std::env::var(name).ok().filter(|value| !value.is_empty()).ok_or(format!("set {name}"))
}

/// Returns the value of a header that occurs once.
fn header<'r>(request: &'r Request, name: &str) -> Option<&'r str> {
    let mut values = request.headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

fn hmac_sha256(secret: &str, message: &[u8]) -> Hmac<Sha256> {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes());
    mac.expect("HMAC takes keys of any length").chain_update(message)
}

/// In constant time: the MACs under the expected value's key are compared, in constant time.
fn is_same(given: &str, expected: &str) -> bool {
    let tag = hmac_sha256(expected, expected.as_bytes()).finalize().into_bytes();
    hmac_sha256(expected, given.as_bytes()).verify(&tag).is_ok()
}

/// The published document, and Data Center: HMAC-SHA256 of the body.
fn check_signature(secret: &str, request: &Request) -> Result<(), Error> {
    let digest = hmac_sha256(secret, &request.body).finalize().into_bytes();
    let expected = format!("sha256={}", hex::encode(digest));
    match header(request, "X-Hub-Signature") {
        Some(given) if is_same(given, &expected) => Ok(()),
        _ => Err(Unauthorized("X-Hub-Signature is missing or wrong")),
    }
}

/// The parameters of the URL, decoded, in order.
fn parameters(request: &Request) -> impl Iterator<Item = (std::borrow::Cow<'_, str>, std::borrow::Cow<'_, str>)> {
    form_urlencoded::parse(request.uri.query().unwrap_or_default().as_bytes())
}

/// Confluence Cloud signs nothing: register the URL with `?token=…`, and keep the token out of logs.
fn check_url_token(token: &str, request: &Request) -> Result<(), Error> {
    let given: Vec<_> = parameters(request).filter(|(name, _)| name == "token").collect();
    match &given[..] {
        [(_, given)] if is_same(given, token) => Ok(()),
        _ => Err(Unauthorized("the token in the URL is missing or wrong")),
    }
}

#[derive(Deserialize)]
struct Issuer {
    iss: String,
}

#[derive(Deserialize)]
struct ConnectClaims {
    qsh: String,
}

/// A Connect app: a token signed with the secret of the installation, for one method, path and query.
fn check_connect(secrets: &BTreeMap<String, String>, base_path: &str, request: &Request) -> Result<(), Error> {
    let token = token_after("JWT ", request)?;
    let issuer = dangerous::insecure_decode::<Issuer>(token).map_err(invalid)?.claims.iss;
    let secret = secrets.get(&issuer).ok_or(Unauthorized("no installation has this client key"))?;
    let mut validation = Validation::new(Algorithm::HS256);
    validation.leeway = 0;
    let key = DecodingKey::from_secret(secret.as_bytes());
    let claims = decode::<ConnectClaims>(token, &key, &validation).map_err(invalid)?.claims;
    if !is_same(&claims.qsh, &query_string_hash(base_path, request)) {
        return Err(Unauthorized("the token is for another request"));
    }
    Ok(())
}

/// All but letters, digits and these.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// <https://developer.atlassian.com/cloud/confluence/understanding-jwt-for-connect-apps/>
fn query_string_hash(base_path: &str, request: &Request) -> String {
    let encode = |text: &str| utf8_percent_encode(text, RESERVED).to_string();
    let mut values = BTreeMap::<String, Vec<String>>::new();
    for (name, value) in parameters(request).filter(|(name, _)| name != "jwt") {
        values.entry(encode(&name)).or_default().push(encode(&value));
    }
    let join = |(name, mut values): (String, Vec<String>)| {
        values.sort();
        format!("{name}={}", values.join(","))
    };
    let query: Vec<_> = values.into_iter().map(join).collect();
    // The path of the app's base URL is not covered.
    let path = request.uri.path();
    let path = path.strip_prefix(base_path).unwrap_or(path).trim_matches('/').replace('&', "%26");
    hex::encode(Sha256::digest(format!("{}&/{path}&{}", request.method, query.join("&"))))
}

#[derive(Deserialize)]
struct ForgeClaims {}

/// A Forge app's remote backend: a token that Atlassian signs for your app.
fn check_forge(app_id: &str, keys: &KeySet, request: &Request) -> Result<(), Error> {
    let token = token_after("Bearer ", request)?;
    let id = decode_header(token).map_err(invalid)?.kid.ok_or(Unauthorized("the token names no key"))?;
    let key = keys.find(&id)?;
    // Never the algorithm that the token names.
    let mut validation = Validation::new(Algorithm::RS256);
    validation.leeway = 0;
    validation.validate_nbf = true;
    validation.set_audience(&[app_id]);
    validation.set_issuer(&["forge/invocation-token"]);
    validation.set_required_spec_claims(&["aud", "exp", "iss"]);
    decode::<ForgeClaims>(token, &key, &validation).map_err(invalid)?;
    Ok(())
}

fn token_after<'r>(scheme: &str, request: &'r Request) -> Result<&'r str, Error> {
    let value = header(request, "Authorization").unwrap_or_default();
    value.strip_prefix(scheme).ok_or(Unauthorized("Authorization is missing or of another scheme"))
}

fn invalid(_: jsonwebtoken::errors::Error) -> Error {
    Unauthorized("the token is not valid")
}
