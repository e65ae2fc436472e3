//! Tokens in compact form: three parts in base64url, joined with dots (RFC 7515, section 7.1).

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, crypto};
use serde_json::{Map, Value};

use super::keys::RsaKey;
use super::provider;

/// The error for text that is not a token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TokenError {
    /// The text does not have three parts.
    #[error("a token has 3 parts, not {0}")]
    Parts(usize),
    /// A part is not base64url.
    #[error("the {0} is not base64url")]
    Base64(&'static str),
    /// A part is not a JSON object.
    #[error("the {0} is not a JSON object")]
    Json(&'static str),
}

/// A token that is parsed but not verified.
#[derive(Clone, Debug)]
pub(crate) struct UnverifiedToken {
    /// The signed part: the encoded header and claims.
    signed: String,
    signature: String,
    header: Map<String, Value>,
    claims: Map<String, Value>,
}

impl UnverifiedToken {
    /// Parses a token, and verifies nothing.
    pub(crate) fn read(text: &str) -> Result<Self, TokenError> {
        let parts: Vec<_> = text.split('.').collect();
        let [header, claims, signature] = parts.as_slice() else { return Err(TokenError::Parts(parts.len())) };
        let object = |part: &str, name| {
            let json = URL_SAFE_NO_PAD.decode(part).map_err(|_| TokenError::Base64(name))?;
            serde_json::from_slice::<Map<String, Value>>(&json).map_err(|_| TokenError::Json(name))
        };
        let (header_json, claims_json) = (object(header, "header")?, object(claims, "claims")?);
        URL_SAFE_NO_PAD.decode(signature).map_err(|_| TokenError::Base64("signature"))?;
        Ok(Self {
            signed: format!("{header}.{claims}"),
            signature: (*signature).to_owned(),
            header: header_json,
            claims: claims_json,
        })
    }

    /// Returns `alg`. It must not decide how the token is verified.
    pub(crate) fn algorithm(&self) -> &str {
        self.header.get("alg").and_then(Value::as_str).unwrap_or_default()
    }

    /// Returns `kid`.
    pub(crate) fn key_id(&self) -> Option<&str> {
        self.header.get("kid").and_then(Value::as_str)
    }

    /// Returns a claim that is a string.
    pub(crate) fn text(&self, claim: &str) -> Option<&str> {
        self.claims.get(claim).and_then(Value::as_str)
    }

    /// Returns a claim that is a time, in seconds since the Unix epoch (RFC 7519, section 2).
    pub(crate) fn time(&self, claim: &str) -> Option<f64> {
        self.claims.get(claim).and_then(Value::as_f64)
    }

    /// Returns the audiences: `aud` is a string or an array of strings (RFC 7519, section 4.1.3).
    pub(crate) fn audiences(&self) -> Vec<&str> {
        match self.claims.get("aud") {
            Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
            other => other.and_then(Value::as_str).into_iter().collect(),
        }
    }

    /// Returns whether the signature is HS256 with this secret.
    pub(crate) fn is_signed_with_secret(&self, secret: &[u8]) -> bool {
        self.is_signed(&DecodingKey::from_secret(secret), Algorithm::HS256)
    }

    /// Returns whether the signature is RS256 with this key.
    pub(crate) fn is_signed_with_key(&self, key: &RsaKey) -> bool {
        self.is_signed(key.verifying(), Algorithm::RS256)
    }

    fn is_signed(&self, key: &DecodingKey, algorithm: Algorithm) -> bool {
        provider::install();
        crypto::verify(&self.signature, self.signed.as_bytes(), key, algorithm).unwrap_or(false)
    }
}

/// The key that signs a token.
#[derive(Clone, Copy, Debug)]
pub(crate) enum TokenKey<'a> {
    /// HS256 with this secret.
    Secret(&'a [u8]),
    /// RS256 with this key.
    Private(&'a EncodingKey),
    /// No key: the algorithm `none`.
    Nothing,
}

/// Returns the token. The members of header and claims keep their order.
pub(crate) fn write(header: &Value, claims: &Value, key: TokenKey<'_>) -> String {
    provider::install();
    let part = |json: &Value| URL_SAFE_NO_PAD.encode(json.to_string());
    let signed = format!("{}.{}", part(header), part(claims));
    let signature = match key {
        TokenKey::Secret(secret) => {
            crypto::sign(signed.as_bytes(), &EncodingKey::from_secret(secret), Algorithm::HS256)
        }
        TokenKey::Private(key) => crypto::sign(signed.as_bytes(), key, Algorithm::RS256),
        TokenKey::Nothing => Ok(String::new()),
    };
    // Keys are checked when they are read, and HMAC accepts any secret.
    format!("{signed}.{}", signature.unwrap_or_default())
}

/// Returns the time in whole seconds since the Unix epoch, for claims.
pub(crate) fn seconds(at: SystemTime) -> u64 {
    at.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs()
}

/// Returns the time in seconds since the Unix epoch, for comparisons with claims.
pub(crate) fn exact_seconds(at: SystemTime) -> f64 {
    at.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs_f64()
}

/// Returns a token with the signature of another token.
pub(crate) fn with_other_signature(token: &str, other: &str) -> String {
    let parts = (token.rsplit_once('.'), other.rsplit_once('.'));
    let (Some((signed, _)), Some((_, signature))) = parts else { return token.to_owned() };
    format!("{signed}.{signature}")
}
