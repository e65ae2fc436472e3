//! Signatures that no receiver should accept, for testing receivers: right in everything but one thing.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

use super::{PREFIX, Secret};

impl Secret {
    /// `sha1=` and the HMAC-SHA1 of the body: the form that GitHub gave up.
    ///
    /// # Panics
    /// Never: HMAC takes a key of any length.
    #[must_use]
    pub fn sign_with_sha1(&self, body: &[u8]) -> String {
        let mac = Hmac::<Sha1>::new_from_slice(&self.bytes).expect("HMAC takes a key of any length");
        format!("sha1={}", hex::encode(mac.chain_update(body).finalize().into_bytes()))
    }

    /// The secret with a line end behind it, as a file that an editor wrote has it.
    #[must_use]
    pub fn with_line_end(&self) -> Self {
        let mut bytes = self.bytes.clone();
        bytes.push(b'\n');
        Self::keyed(bytes)
    }

    /// `sha256=` and the right digest in base64.
    #[must_use]
    pub fn sign_in_base64(&self, body: &[u8]) -> String {
        format!("{PREFIX}{}", STANDARD.encode(self.sign(body).digest()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_answers() {
        // openssl dgst -sha1 -hmac key, and -sha256 … -binary | base64, of RFC 2202's sentence.
        let secret = Secret::new(b"key".to_vec()).expect("a secret");
        let body = b"The quick brown fox jumps over the lazy dog";
        assert_eq!(secret.sign_with_sha1(body), "sha1=de7c9b85b8b78aa6bc8a7a36f70a90701c9db4d9");
        assert_eq!(secret.sign_in_base64(body), "sha256=97yD9DBThCSxMpjmqm+xQ+9NWaFJRhdZl0edvC0aPNg=");
    }
}
