//! The secret that sender and receiver share.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

/// A shared secret, as given: nothing trimmed, nothing decoded.
///
/// It prints as `[redacted]` and is wiped from memory when dropped. Copies that are not ours, in the argument list or the
/// environment of the process, are not wiped.
#[derive(Clone)]
pub struct Secret {
    bytes: Zeroizing<Vec<u8>>,
    /// An HMAC that has taken in the key and nothing else; wiped when dropped, like its copies.
    keyed: Hmac<Sha256>,
}

/// The secret is empty. Anybody can sign with an empty key, so it protects nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the secret is empty")]
pub struct EmptySecret;

impl Secret {
    /// Takes the bytes as they are.
    ///
    /// # Errors
    /// When there are none.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Result<Self, EmptySecret> {
        let bytes = Zeroizing::new(bytes.into());
        if bytes.is_empty() { Err(EmptySecret) } else { Ok(Self::from_bytes(bytes)) }
    }

    pub(super) fn from_bytes(bytes: Zeroizing<Vec<u8>>) -> Self {
        let keyed = Hmac::new_from_slice(&bytes).expect("HMAC takes a key of any length");
        Self { bytes, keyed }
    }

    pub(super) const fn bytes(&self) -> &Zeroizing<Vec<u8>> {
        &self.bytes
    }

    /// Are these bytes the secret? How long this takes tells only their length.
    pub(super) fn equals(&self, bytes: &[u8]) -> bool {
        let digest = self.hmac().chain_update(bytes).finalize();
        self.hmac().chain_update(self.bytes()).verify(&digest.into_bytes()).is_ok()
    }

    /// An HMAC-SHA256 with this key, to which data can be added.
    pub(super) fn hmac(&self) -> Hmac<Sha256> {
        self.keyed.clone()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_prints_as_redacted_and_is_never_empty() {
        assert_eq!(format!("{:?}", Secret::new("hunter2").expect("a secret")), "Secret([redacted])");
        assert_eq!(Secret::new("").err(), Some(EmptySecret));
    }
}
