//! Signs and verifies Forge invocation tokens.

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use uuid::Uuid;

use crate::auth::authorization::FORGE;
use crate::auth::credentials::Credentials;
use crate::auth::jwt::keys::RsaKey;
use crate::auth::jwt::token::{self, TokenKey, UnverifiedToken, exact_seconds, seconds};
use crate::auth::token_checks::{TokenResult, check_algorithm, check_times};
use crate::auth::verdict::{Rejection, RejectionKind};
use crate::models::request::Request;

pub(super) const RS256: &str = "RS256";
pub(super) const ISSUER: &str = "forge/invocation-token";

/// The `kid` of the built-in key.
pub const KEY_ID: &str = "forge/invocation-token/cfwh-test";
/// The `kid` of the [second key](second_key).
pub const SECOND_KEY_ID: &str = "forge/invocation-token/cfwh-test-2";
/// The prefix of app ids.
const APP: &str = "ari:cloud:ecosystem::app/";
/// The default app id.
pub const APP_ID: &str = "ari:cloud:ecosystem::app/11111111-2222-3333-4444-555555555555";
/// The lifetime of tokens: 25 s in Atlassian's example.
const LIFETIME: Duration = Duration::from_secs(25);
const INSTALLATION: &str = "ari:cloud:ecosystem::installation/66666666-7777-8888-9999-000000000000";
const ENVIRONMENT: &str = "ffffffff-0000-1111-2222-333333333333";
const API: &str = "https://api.atlassian.com/ex/confluence/aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";

/// The scheme of a Forge app with a remote, with its credentials.
#[derive(Clone, Debug)]
pub struct Forge {
    /// The first key signs; each of them may verify, so that keys can be rotated.
    pub(super) keys: Vec<RsaKey>,
    /// The audience of the tokens.
    pub(super) app_id: String,
    lifetime: Duration,
}

/// Returns whether a text is an app id.
pub fn is_app_id(text: &str) -> bool {
    text.strip_prefix(APP).is_some_and(|id| !id.is_empty())
}

/// Returns the second key of a key set, as during a key rotation. Its private half is public, too.
pub fn second_key() -> RsaKey {
    RsaKey::second(SECOND_KEY_ID)
}

impl Forge {
    /// Creates the scheme. Without a key, it uses the built-in one.
    pub fn new(credentials: Credentials) -> Self {
        let mut keys = credentials.keys;
        if keys.is_empty() {
            keys.push(RsaKey::example(KEY_ID));
        }
        let app_id = credentials.app_id.unwrap_or_else(|| APP_ID.to_owned());
        Self { keys, app_id, lifetime: credentials.lifetime.unwrap_or(LIFETIME) }
    }

    /// Returns the header of a token that the first key signs.
    pub(super) fn header(&self) -> Value {
        let id = self.keys.first().and_then(RsaKey::id).unwrap_or_default();
        json!({ "typ": "JWT", "kid": id, "alg": RS256 })
    }

    /// Returns the claims of a token with this id.
    pub(super) fn claims(&self, at: SystemTime, id: Uuid) -> Value {
        let issued = seconds(at);
        let app = self.app_id.strip_prefix(APP).unwrap_or_default();
        json!({
            "app": {
                "id": self.app_id,
                "version": "1",
                "appVersion": "1.0.0",
                "installationId": INSTALLATION,
                "apiBaseUrl": API,
                "environment": {
                    "type": "DEVELOPMENT",
                    "id": format!("ari:cloud:ecosystem::environment/{app}/{ENVIRONMENT}"),
                },
                "module": { "type": "core:endpoint", "key": "confluence-events" },
            },
            "iat": issued,
            "iss": ISSUER,
            "aud": self.app_id,
            "exp": issued + self.lifetime.as_secs(),
            "nbf": issued,
            "jti": id.simple().to_string(),
        })
    }

    /// Returns a new token with a random id, or `None` if only public keys are known.
    pub(super) fn sign(&self, at: SystemTime) -> Option<String> {
        let key = self.keys.first()?.signing()?;
        Some(token::write(&self.header(), &self.claims(at, random_id()), TokenKey::Private(key)))
    }

    /// Returns a new token that the second key signs.
    pub(super) fn sign_with_second_key(&self, at: SystemTime) -> Option<String> {
        Self { keys: vec![second_key()], ..self.clone() }.sign(at)
    }

    /// Returns the keys with the `kid` of a token. Without a `kid`, a single key is used.
    pub(super) fn named_keys(&self, token: &UnverifiedToken) -> Vec<&RsaKey> {
        match token.key_id() {
            Some(id) => self.keys.iter().filter(|key| key.id() == Some(id)).collect(),
            None if self.keys.len() == 1 => self.keys.iter().collect(),
            None => Vec::new(),
        }
    }

    /// Verifies the token of a request.
    pub(super) fn check(&self, request: &Request, at: SystemTime) -> TokenResult {
        let token = FORGE.read(request)?;
        check_algorithm(&token, RS256)?;
        let reject = |kind, message: String| Err(Rejection::new(kind, message));
        let keys = self.named_keys(&token);
        if keys.is_empty() {
            return reject(
                RejectionKind::UnknownKey,
                match token.key_id() {
                    Some(id) => format!("no key has the `kid` {id:?}"),
                    None => "the token has no `kid`, but there are several keys".to_owned(),
                },
            );
        }
        if !keys.iter().any(|key| token.is_signed_with_key(key)) {
            return reject(RejectionKind::Mismatch, "the signature does not match the token and the key".to_owned());
        }
        if token.text("iss") != Some(ISSUER) {
            let issuer = token.text("iss").unwrap_or_default();
            return reject(RejectionKind::WrongIssuer, format!("the token is from {issuer:?}, not {ISSUER:?}"));
        }
        if !token.audiences().contains(&self.app_id.as_str()) {
            let audiences = token.audiences().join(", ");
            return reject(
                RejectionKind::WrongAudience,
                format!("the token is for {audiences:?}, not {:?}", self.app_id),
            );
        }
        check_times(&token, exact_seconds(at))
    }
}

/// Returns a random token id.
pub(super) fn random_id() -> Uuid {
    let mut bytes = [0; 16];
    // If the system has no random numbers, no signature is secure either.
    let _ = ring::rand::SecureRandom::fill(&ring::rand::SystemRandom::new(), &mut bytes);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}
