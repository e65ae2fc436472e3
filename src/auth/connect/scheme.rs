//! Signs and verifies the tokens of Connect.

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use super::callbacks::{self, is_signed_with_key};
use super::qsh::query_string_hash;
use crate::auth::authorization::CONNECT;
use crate::auth::credentials::Credentials;
use crate::auth::jwt::keys::RsaKey;
use crate::auth::jwt::token::{self, TokenKey, UnverifiedToken, exact_seconds, seconds};
use crate::auth::secret::Secret;
use crate::auth::token_checks::{TokenResult, check_algorithm, check_times, missing};
use crate::auth::verdict::{Rejection, RejectionKind};
use crate::models::request::Request;

pub(super) const HS256: &str = "HS256";
pub(super) const RS256: &str = "RS256";

/// The default client key: `iss` in tokens.
const CLIENT_KEY: &str = "7b6b2e1a-0c1d-4f2e-9a3b-5c6d7e8f9a0b";
/// The default `sub`, for bodies without a user.
const ACCOUNT: &str = "557058:00000000-0000-0000-0000-000000000001";
/// The lifetime of tokens: 180 s in Atlassian's test vectors of 2016.
const LIFETIME: Duration = Duration::from_secs(180);
/// The lifetime of tokens that are signed with a key: 900 s in a token of 2021.
const CALLBACK_LIFETIME: Duration = Duration::from_secs(900);
/// The `kid` of the built-in key.
pub const KEY_ID: &str = "cfwh-test-kid-1";
/// The default base URL of the app.
const BASE_URL: &str = "https://app.example.com";
/// The scheme of a Connect app, with its credentials.
#[derive(Clone, Debug)]
pub struct Connect {
    pub(super) secrets: Vec<Secret>,
    pub(super) client_key: Option<String>,
    /// The path of the app's base URL, without a slash at the end.
    pub(super) base_path: String,
    base_url: Option<String>,
    lifetime: Option<Duration>,
    keys: Vec<RsaKey>,
}

/// The header and the claims of a token before it is signed.
pub(super) struct Draft {
    pub(super) header: Value,
    pub(super) claims: Value,
}

impl Connect {
    /// Creates the scheme. Without a secret, it signs and accepts only the callbacks that a key signs.
    pub fn new(credentials: Credentials) -> Self {
        Self {
            secrets: credentials.secrets,
            client_key: credentials.client_key,
            base_path: credentials.app_path.unwrap_or_default().trim_end_matches('/').to_owned(),
            base_url: credentials.base_url,
            lifetime: credentials.lifetime,
            keys: credentials.keys,
        }
    }

    /// Returns whether a key must sign the request. Only the path decides, because an attacker can choose the body.
    pub(super) fn is_signed_callback(request: &Request) -> bool {
        let path = request.target().split('?').next().unwrap_or_default();
        is_signed_with_key(path.rsplit('/').next().unwrap_or_default())
    }

    /// Returns the `iss` of the tokens.
    pub(super) fn client_key(&self) -> &str {
        self.client_key.as_deref().unwrap_or(CLIENT_KEY)
    }

    /// Returns the keys that sign callbacks.
    fn keys(&self) -> Vec<RsaKey> {
        if self.keys.is_empty() { vec![RsaKey::example(KEY_ID)] } else { self.keys.clone() }
    }

    /// Returns the hash of a request.
    pub(super) fn hash(&self, request: &Request) -> String {
        query_string_hash(request.method().as_str(), request.target(), &self.base_path)
    }

    /// Returns the header and the claims of the token for a request.
    pub(super) fn draft(&self, request: &Request, at: SystemTime) -> Draft {
        let client_key = self.client_key();
        let subject = callbacks::subject(request.body());
        // The sender decides by the body: it knows what it sends.
        let is_callback = match &subject.callback {
            Some(callback) => is_signed_with_key(callback),
            None => Self::is_signed_callback(request),
        };
        let (issued, hash) = (seconds(at), self.hash(request));
        let expires = |default: Duration| issued + self.lifetime.unwrap_or(default).as_secs();
        if is_callback {
            let id = self.keys().first().and_then(RsaKey::id).unwrap_or(KEY_ID).to_owned();
            let audience = self.base_url.as_deref().unwrap_or(BASE_URL);
            let exp = expires(CALLBACK_LIFETIME);
            return Draft {
                header: json!({ "kid": id, "typ": "JWT", "alg": RS256 }),
                claims: json!({
                    "iss": client_key, "aud": [audience], "iat": issued, "exp": exp, "qsh": hash, "context": {}
                }),
            };
        }
        let account = subject.account.unwrap_or_else(|| ACCOUNT.to_owned());
        let exp = expires(LIFETIME);
        Draft {
            header: json!({ "typ": "JWT", "alg": HS256 }),
            claims: json!({
                "iss": client_key, "iat": issued, "exp": exp, "qsh": hash, "sub": account, "context": {}
            }),
        }
    }

    /// Returns the signed token, or `None` without a key.
    pub(super) fn sign(&self, draft: &Draft) -> Option<String> {
        let Draft { header, claims } = draft;
        if header["alg"] == RS256 {
            return Some(token::write(header, claims, TokenKey::Private(self.keys().first()?.signing()?)));
        }
        Some(token::write(header, claims, TokenKey::Secret(self.secrets.first()?.bytes())))
    }

    /// Verifies the token of a request: first its form, then its signature and its claims.
    pub(super) fn check(&self, request: &Request, at: SystemTime) -> TokenResult {
        let token = CONNECT.read(request)?;
        if Self::is_signed_callback(request) {
            self.check_callback_key(&token)?;
        } else {
            check_algorithm(&token, HS256)?;
            // No early return: the duration must not reveal which secret matched.
            let is_signed = |secret: &Secret| token.is_signed_with_secret(secret.bytes());
            if !self.secrets.iter().fold(false, |matched, secret| is_signed(secret) | matched) {
                return Err(Rejection::new(
                    RejectionKind::Mismatch,
                    "the signature does not match the token and the secret",
                ));
            }
        }
        let issuer = token.text("iss").filter(|issuer| !issuer.is_empty()).ok_or_else(|| missing("iss"))?;
        if let Some(client_key) = self.client_key.as_deref().filter(|client_key| *client_key != issuer) {
            let message = format!("the token is from the installation {issuer:?}, not {client_key:?}");
            return Err(Rejection::new(RejectionKind::WrongIssuer, message));
        }
        let hash = token.text("qsh").ok_or_else(|| missing("qsh"))?;
        if hash != self.hash(request) {
            return Err(Rejection::new(
                RejectionKind::WrongQsh,
                "the token is for a different method, path or query (`qsh`)",
            ));
        }
        check_times(&token, exact_seconds(at))
    }

    /// Verifies the signature and the audience of a callback.
    fn check_callback_key(&self, token: &UnverifiedToken) -> TokenResult {
        check_algorithm(token, RS256)?;
        let keys = self.keys();
        let mut named = keys.iter().filter(|key| key.id() == token.key_id()).peekable();
        if named.peek().is_none() {
            let message = format!("no key has the `kid` {:?}", token.key_id().unwrap_or_default());
            return Err(Rejection::new(RejectionKind::UnknownKey, message));
        }
        if !named.any(|key| token.is_signed_with_key(key)) {
            return Err(Rejection::new(RejectionKind::Mismatch, "the signature does not match the token and the key"));
        }
        let Some(base_url) = &self.base_url else { return Ok(()) };
        let audiences = token.audiences();
        let is_this = |audience: &&str| audience.trim_end_matches('/') == base_url.trim_end_matches('/');
        if audiences.iter().any(is_this) {
            return Ok(());
        }
        let message = format!("the token is for {}, not for {base_url}", audiences.join(", "));
        Err(Rejection::new(RejectionKind::WrongAudience, message))
    }
}
