//! The cryptography of tokens: *ring*, which TLS uses too.

use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::signature::{self, Signer, Verifier};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, DecodingKeyKind, EncodingKey};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, RsaPublicKeyComponents};
use ring::{hmac, rsa};

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: |algorithm, key| Ok(Box::new(RingSigner::new(*algorithm, key)?)),
    verifier_factory: |algorithm, key| Ok(Box::new(RingVerifier::new(*algorithm, key)?)),
    // The module `keys` reads and writes keys.
    key_utils: KeyUtils::new_unimplemented(),
};

/// Makes `jsonwebtoken` use *ring*, unless the program already chose another provider.
pub(super) fn install() {
    let _ = PROVIDER.install_default();
}

/// Refuses algorithms other than HS256 and RS256, and keys for other algorithms.
fn check(algorithm: Algorithm, family: AlgorithmFamily) -> Result<(), Error> {
    match (algorithm, family) {
        (Algorithm::HS256, AlgorithmFamily::Hmac) | (Algorithm::RS256, AlgorithmFamily::Rsa) => Ok(()),
        _ => Err(ErrorKind::InvalidAlgorithm.into()),
    }
}

struct RingSigner {
    algorithm: Algorithm,
    key: EncodingKey,
}

impl RingSigner {
    fn new(algorithm: Algorithm, key: &EncodingKey) -> Result<Self, Error> {
        check(algorithm, key.family())?;
        Ok(Self { algorithm, key: key.clone() })
    }
}

impl Signer<Vec<u8>> for RingSigner {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, signature::Error> {
        if self.key.family() == AlgorithmFamily::Hmac {
            let key = hmac::Key::new(hmac::HMAC_SHA256, self.key.as_bytes());
            return Ok(hmac::sign(&key, message).as_ref().to_vec());
        }
        let pair = key_pair(self.key.as_bytes()).map_err(|_| signature::Error::new())?;
        let mut signature = vec![0; pair.public().modulus_len()];
        // The signature is deterministic. The random numbers only protect the key against timing attacks.
        let signed = pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature);
        signed.map(|()| signature).map_err(|_| signature::Error::new())
    }
}

impl JwtSigner for RingSigner {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

/// Reads a private key in PKCS#8 or PKCS#1.
pub(super) fn key_pair(der: &[u8]) -> Result<RsaKeyPair, ring::error::KeyRejected> {
    RsaKeyPair::from_pkcs8(der).or_else(|error| RsaKeyPair::from_der(der).map_err(|_| error))
}

/// Returns the modulus and the exponent of a private key.
pub(super) fn public_half(pair: &RsaKeyPair) -> (Vec<u8>, Vec<u8>) {
    let rsa::PublicKeyComponents { n, e } = rsa::PublicKeyComponents::<Vec<u8>>::from(pair.public());
    (n, e)
}

struct RingVerifier {
    algorithm: Algorithm,
    key: DecodingKey,
}

impl RingVerifier {
    fn new(algorithm: Algorithm, key: &DecodingKey) -> Result<Self, Error> {
        check(algorithm, key.family())?;
        Ok(Self { algorithm, key: key.clone() })
    }
}

impl Verifier<Vec<u8>> for RingVerifier {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), signature::Error> {
        let is_valid = match self.key.kind() {
            DecodingKeyKind::SecretOrDer(secret) => {
                hmac::verify(&hmac::Key::new(hmac::HMAC_SHA256, secret), message, signature)
            }
            DecodingKeyKind::RsaModulusExponent { n, e } => {
                RsaPublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
            }
        };
        is_valid.map_err(|_| signature::Error::new())
    }
}

impl JwtVerifier for RingVerifier {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}
