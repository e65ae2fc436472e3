//! The shared secret of a sender and a receiver.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

/// A shared secret. Its bytes are neither trimmed nor decoded.
///
/// It prints as `[redacted]`, and its memory is wiped when it is dropped. Copies in the argument list or the environment of
/// the process are not wiped.
#[derive(Clone)]
pub struct Secret {
    bytes: Zeroizing<Vec<u8>>,
    /// An HMAC that is initialized with the key. It and its copies are wiped when they are dropped.
    keyed: Hmac<Sha256>,
}

/// The error for an empty secret. An empty secret protects nothing, because anyone can sign with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the secret is empty")]
pub struct EmptySecret;

impl Secret {
    /// Creates a secret from bytes, unchanged.
    ///
    /// # Errors
    ///
    /// Returns an error if the secret is empty.
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

    /// Compares bytes with the secret. The time depends only on their length.
    pub(super) fn equals(&self, bytes: &[u8]) -> bool {
        let digest = self.hmac().chain_update(bytes).finalize();
        self.hmac().chain_update(self.bytes()).verify(&digest.into_bytes()).is_ok()
    }

    /// Returns an HMAC-SHA256 that is initialized with this key.
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
