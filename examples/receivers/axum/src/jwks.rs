//! The public keys at a URL (RFC 7517).

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use jsonwebtoken::DecodingKey;
use jsonwebtoken::jwk::JwkSet;

use crate::auth::Error;

const ATLASSIAN: &str = "https://forge.cdn.prod.atlassian-dev.net/.well-known/jwks.json";

/// Fetched again when a key is unknown, at most every 30 s.
pub struct KeySet {
    url: String,
    fetched: Mutex<Option<(JwkSet, Instant)>>,
}

impl KeySet {
    pub fn from_env() -> Self {
        Self { url: std::env::var("FORGE_JWKS_URL").unwrap_or(ATLASSIAN.to_owned()), fetched: Mutex::new(None) }
    }

    /// The key with this id.
    pub fn find(&self, id: &str) -> Result<DecodingKey, Error> {
        let mut fetched = self.fetched.lock().unwrap_or_else(PoisonError::into_inner);
        let is_settled = fetched
            .as_ref()
            .is_some_and(|(keys, at)| keys.find(id).is_some() || at.elapsed() < Duration::from_secs(30));
        if !is_settled {
            *fetched = Some((self.fetch().map_err(|_| Error::NoKeys)?, Instant::now()));
        }
        let key = fetched.as_ref().and_then(|(keys, _)| keys.find(id));
        key.and_then(|key| DecodingKey::from_jwk(key).ok()).ok_or(Error::Unauthorized("the token is not valid"))
    }

    fn fetch(&self) -> Result<JwkSet, ureq::Error> {
        let request = ureq::get(&self.url).config().timeout_global(Some(Duration::from_secs(3))).build();
        request.call()?.body_mut().read_json()
    }
}
