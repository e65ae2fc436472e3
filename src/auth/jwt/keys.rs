//! RSA keys: read from PEM files and key sets, and written as key sets (JWKS, RFC 7517).

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::jwk::{AlgorithmParameters, JwkSet, PublicKeyUse};
use jsonwebtoken::{DecodingKey, EncodingKey};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{PrivateKeyDer, SubjectPublicKeyInfoDer};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{der, provider};

/// The name of the built-in key in messages. Its private half is public, so it protects nothing.
pub const EXAMPLE: &str = "the public example key of RFC 7515 A.2";

/// The built-in key: the private key of RFC 7515, appendix A.2.
const EXAMPLE_KEY: &str = include_str!("example_key.pem");
/// A second key, for tokens that are signed with the wrong key. Made with `openssl genpkey`.
const OTHER_KEY: &str = include_str!("other_key.pem");
/// A third key, for key sets with two keys. Made with `openssl genpkey`.
const SECOND_KEY: &str = include_str!("second_key.pem");

/// The minimum length of a modulus in bytes: RS256 requires 2048 bits (RFC 7518, section 3.3).
const MIN_MODULUS: usize = 256;

/// An RSA key: the public half, and the private half if known.
#[derive(Clone)]
pub struct RsaKey {
    /// The `kid` of tokens that the key signs.
    id: Option<String>,
    modulus: Vec<u8>,
    exponent: Vec<u8>,
    signing: Option<EncodingKey>,
    verifying: DecodingKey,
}

/// The error for a file without a usable key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file is neither PEM nor a key set, or has no key.
    #[error("no RSA key found; use PEM with PRIVATE KEY, RSA PRIVATE KEY or PUBLIC KEY, or a JWKS")]
    None,
    /// The file starts like JSON, but is not a key set.
    #[error("it is not a JWKS: {0}; use PEM, or JSON with `keys`")]
    KeySet(serde_json::Error),
    /// The key is damaged, not RSA, or shorter than 2048 bits.
    #[error("the key is not usable: RS256 needs an RSA key of at least 2048 bits")]
    Unusable,
}

impl RsaKey {
    /// Returns [the built-in key](EXAMPLE) with this `kid`.
    pub fn example(id: &str) -> Self {
        Self::built_in(EXAMPLE_KEY, id)
    }

    /// Returns the wrong key for tests, with this `kid`. Its private half is public.
    pub(crate) fn other(id: &str) -> Self {
        Self::built_in(OTHER_KEY, id)
    }

    /// Returns the second key of a key set, with this `kid`. Its private half is public.
    pub(crate) fn second(id: &str) -> Self {
        Self::built_in(SECOND_KEY, id)
    }

    fn built_in(pem: &str, id: &str) -> Self {
        let mut key = Self::read(pem.as_bytes()).ok().and_then(|mut keys| keys.pop()).expect("a test reads it");
        key.id = Some(id.to_owned());
        key
    }

    /// Reads the keys of a file: PEM with private or public keys, or a JWKS. The `kid` of a PEM key is its thumbprint (RFC
    /// 7638).
    ///
    /// # Errors
    ///
    /// Returns an error if the file has no key, or a key that is not usable.
    pub fn read(file: &[u8]) -> Result<Vec<Self>, KeyError> {
        provider::install();
        let keys: Vec<_> =
            if file.trim_ascii_start().starts_with(b"{") { read_key_set(file)? } else { read_pem(file)? };
        if keys.is_empty() { Err(KeyError::None) } else { Ok(keys) }
    }

    fn new(
        id: Option<String>,
        modulus: Vec<u8>,
        exponent: Vec<u8>,
        signing: Option<EncodingKey>,
    ) -> Result<Self, KeyError> {
        if modulus.len() < MIN_MODULUS {
            return Err(KeyError::Unusable);
        }
        let verifying = DecodingKey::from_rsa_raw_components(&modulus, &exponent);
        Ok(Self { id, modulus, exponent, signing, verifying })
    }

    /// Returns the key with its thumbprint as its `kid`.
    fn with_thumbprint(mut self) -> Self {
        let JsonWebKey { n, e, .. } = self.json_web_key();
        self.id = Some(URL_SAFE_NO_PAD.encode(Sha256::digest(format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#))));
        self
    }

    /// Returns the `kid`.
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// Returns the private half, if known.
    pub const fn signing(&self) -> Option<&EncodingKey> {
        self.signing.as_ref()
    }

    /// Returns the public half.
    pub(crate) const fn verifying(&self) -> &DecodingKey {
        &self.verifying
    }

    /// Returns the public half as an entry of a JWKS.
    pub fn json_web_key(&self) -> JsonWebKey {
        JsonWebKey {
            kty: "RSA",
            usage: "sig",
            alg: "RS256",
            kid: self.id.clone(),
            n: URL_SAFE_NO_PAD.encode(&self.modulus),
            e: URL_SAFE_NO_PAD.encode(&self.exponent),
        }
    }

    /// Returns the public half as PEM, with a newline at the end.
    pub fn public_pem(&self) -> String {
        let text = STANDARD.encode(der::write_public_key(&self.modulus, &self.exponent));
        let lines = text.as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line).into_owned() + "\n");
        format!("-----BEGIN PUBLIC KEY-----\n{}-----END PUBLIC KEY-----\n", lines.collect::<String>())
    }
}

/// Prints the id and never the private half.
impl fmt::Debug for RsaKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RsaKey").field("id", &self.id).finish_non_exhaustive()
    }
}

fn read_pem(file: &[u8]) -> Result<Vec<RsaKey>, KeyError> {
    let private = PrivateKeyDer::pem_slice_iter(file).filter_map(Result::ok).map(|key| {
        let der = key.secret_der();
        let pair = provider::key_pair(der).map_err(|_| KeyError::Unusable)?;
        let (modulus, exponent) = provider::public_half(&pair);
        RsaKey::new(None, modulus, exponent, Some(EncodingKey::from_rsa_der(der)))
    });
    let public = SubjectPublicKeyInfoDer::pem_slice_iter(file).filter_map(Result::ok).map(|info| {
        let (modulus, exponent) = der::read_public_key(&info).ok_or(KeyError::Unusable)?;
        RsaKey::new(None, modulus, exponent, None)
    });
    private.chain(public).map(|key| key.map(RsaKey::with_thumbprint)).collect()
}

fn read_key_set(file: &[u8]) -> Result<Vec<RsaKey>, KeyError> {
    let set: JwkSet = serde_json::from_slice(file).map_err(KeyError::KeySet)?;
    let mut keys = Vec::new();
    for key in set.keys {
        let is_for_signatures = !matches!(key.common.public_key_use, Some(PublicKeyUse::Encryption));
        if let AlgorithmParameters::RSA(parameters) = &key.algorithm
            && is_for_signatures
        {
            let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).map_err(|_| KeyError::Unusable);
            keys.push(RsaKey::new(key.common.key_id, decode(&parameters.n)?, decode(&parameters.e)?, None)?);
        }
    }
    Ok(keys)
}

/// A public key as an entry of a JWKS.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct JsonWebKey {
    kty: &'static str,
    #[serde(rename = "use")]
    usage: &'static str,
    alg: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<String>,
    n: String,
    e: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    const PUBLIC: &str = "-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAofgWCuLjybRlzo0tZWJj
NiuSfb4p4fAkd/wWJcyQoTbji9k0l8W26mPddxHmfHQp+Vaw+4qPCJrcS2mJPMEz
P1Pt0Bm4d4QlL+yRT+SFd2lZS+pCgNMsD1W/YpRPEwOWvG6b32690r2jZ47soMZo
9wGzjb/7OMg0LOL+bSf63kpaSHSXndS5z5rexMdbBYUsLA9e+KXBdQOS+UTo7WTB
EMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6/I5IhlJH7aGhyxX
FvUK+DWNmoudF8NAco9/h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXp
oQIDAQAB
-----END PUBLIC KEY-----
";
    const MODULUS: &str = "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";

    #[test]
    fn the_example_key_is_that_of_the_rfc_in_every_form() {
        let key = RsaKey::example("k");
        assert_eq!((key.json_web_key().n.as_str(), key.json_web_key().e.as_str()), (MODULUS, "AQAB"));
        assert_eq!(key.public_pem(), PUBLIC);
        let public = RsaKey::read(PUBLIC.as_bytes()).expect("a key").remove(0);
        assert!(public.signing().is_none() && key.signing().is_some());
        assert_eq!(public.json_web_key().n, MODULUS);
        let set = format!(
            r#"{{"keys":[{{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}},{{"kty":"RSA","use":"sig","kid":"a","n":"{MODULUS}","e":"AQAB"}}]}}"#
        );
        let keys = RsaKey::read(set.as_bytes()).expect("keys");
        assert_eq!(keys.len(), 1);
        assert_eq!((keys[0].id(), keys[0].public_pem().as_str()), (Some("a"), PUBLIC));
        assert_ne!(RsaKey::other("k").public_pem(), PUBLIC);
    }

    #[test]
    fn the_id_of_a_key_in_pem_is_its_thumbprint() {
        // RFC 7638, section 3.1: the key and its thumbprint.
        let set = r#"{"keys":[{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB"}]}"#;
        let pem = RsaKey::read(set.as_bytes()).expect("a key")[0].public_pem();
        let key = RsaKey::read(pem.as_bytes()).expect("a key").remove(0);
        assert_eq!(key.id(), Some("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"));
    }

    #[test]
    fn what_is_no_usable_key_is_refused() {
        for (file, expected) in [
            ("", "no RSA key found"),
            ("secret", "no RSA key found"),
            ("{}", "it is not a JWKS"),
            (r#"{"keys":[]}"#, "no RSA key found"),
            (r#"{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]}"#, "the key is not usable"),
            ("-----BEGIN PUBLIC KEY-----\nMAA=\n-----END PUBLIC KEY-----\n", "the key is not usable"),
            ("-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n", "the key is not usable"),
        ] {
            let error = RsaKey::read(file.as_bytes()).expect_err("no key").to_string();
            assert!(error.starts_with(expected), "{file}: {error}");
        }
        assert_eq!(format!("{:?}", RsaKey::example("k")), "RsaKey { id: Some(\"k\"), .. }");
    }
}
