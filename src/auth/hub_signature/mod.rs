//! HMAC-SHA256 over bytes: the `X-Hub-Signature` of a delivery.
//!
//! This module sees bytes and header values; only the diagnosis of a mismatch reads a body as JSON. The form is `sha256=`
//! and 64 lower-case hex digits over the raw body, which is what every known receiver accepts.

pub mod causes;
pub mod explain;
mod invalid;
mod json_rewrites;

use std::fmt;
use std::io::{self, Write};
use std::str::FromStr;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

const PREFIX: &str = "sha256=";

/// The key that sender and receiver share, as given: nothing trimmed, nothing decoded.
///
/// It prints as `[redacted]` and is wiped from memory when dropped. Copies that are not ours, held by the argument
/// list or the environment of the process, are not wiped.
#[derive(Clone)]
pub struct Secret {
    bytes: Zeroizing<Vec<u8>>,
    /// An HMAC that has taken the key in, and nothing else yet; wiped when dropped, like its copies.
    keyed: Hmac<Sha256>,
}

/// The secret has no byte. Anybody can sign with an empty key, so it protects nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the secret is empty")]
pub struct EmptySecret;

impl Secret {
    /// Takes the bytes as they are.
    ///
    /// # Errors
    /// When there is no byte.
    pub fn new(bytes: Vec<u8>) -> Result<Self, EmptySecret> {
        let bytes = Zeroizing::new(bytes);
        if bytes.is_empty() { Err(EmptySecret) } else { Ok(Self::keyed(bytes)) }
    }

    fn keyed(bytes: Zeroizing<Vec<u8>>) -> Self {
        let keyed = Hmac::new_from_slice(&bytes).expect("HMAC takes a key of any length");
        Self { bytes, keyed }
    }

    /// Signs a whole body.
    #[must_use]
    pub fn sign(&self, body: &[u8]) -> Signature {
        Signature(self.mac().chain_update(body).finalize().into_bytes().into())
    }

    /// Signs a body that is written piece by piece, in constant memory.
    #[must_use]
    pub fn signer(&self) -> Signer {
        Signer(self.mac())
    }

    /// Judges what a delivery carries in `X-Hub-Signature`: `values` are the values of all its fields of that name.
    /// The digests are compared in constant time.
    pub fn verify<'a>(&self, body: &[u8], values: impl IntoIterator<Item = &'a [u8]>) -> Verdict {
        verify_any(std::slice::from_ref(self), body, values)
    }

    fn mac(&self) -> Hmac<Sha256> {
        self.keyed.clone()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret([redacted])")
    }
}

/// Judges a body against several secrets, as while a key is rotated: any may match.
pub fn verify_any<'a>(secrets: &[Secret], body: &[u8], values: impl IntoIterator<Item = &'a [u8]>) -> Verdict {
    let mut values = values.into_iter();
    let Some(value) = values.next() else { return Verdict::Unsigned };
    if values.next().is_some() {
        return Verdict::Malformed(SignatureError::Repeated);
    }
    let received = match Signature::from_bytes(value) {
        Ok(signature) => signature,
        Err(error) => return Verdict::Malformed(error),
    };
    // No early return: how long this takes must not tell which of the secrets matched.
    let matched = secrets
        .iter()
        .fold(false, |matched, secret| secret.mac().chain_update(body).verify_slice(&received.0).is_ok() | matched);
    if matched { Verdict::Valid } else { Verdict::Mismatch { received } }
}

/// A signature in the making; the body is written to it.
pub struct Signer(Hmac<Sha256>);

impl Signer {
    /// The signature over all that was written.
    #[must_use]
    pub fn finish(self) -> Signature {
        Signature(self.0.finalize().into_bytes().into())
    }
}

impl Write for Signer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// An HMAC-SHA256 digest. It reads and prints as `sha256=` and 64 lower-case hex digits; there is no `==`, because
/// comparing digests in anything but constant time tells an attacker how far a guess was right.
#[derive(Clone, Copy, Debug)]
pub struct Signature([u8; 32]);

impl Signature {
    /// The 32 bytes of the digest.
    #[must_use]
    pub const fn digest(&self) -> &[u8; 32] {
        &self.0
    }

    /// Reads a header value.
    ///
    /// # Errors
    /// When it is anything but `sha256=` and 64 lower-case hex digits; the error says what it is instead.
    pub fn from_bytes(value: &[u8]) -> Result<Self, SignatureError> {
        let Some(digits) = value.strip_prefix(PREFIX.as_bytes()) else {
            return Err(SignatureError::without_prefix(value));
        };
        let mut digest = [0; 32];
        match hex::decode_to_slice(digits, &mut digest) {
            _ if !digits.iter().all(u8::is_ascii_hexdigit) => Err(SignatureError::NotHex),
            _ if digits.iter().any(u8::is_ascii_uppercase) => Err(SignatureError::UpperCase),
            Err(_) => Err(SignatureError::Length(digits.len())),
            Ok(()) => Ok(Self(digest)),
        }
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PREFIX}{}", hex::encode(self.0))
    }
}

impl FromStr for Signature {
    type Err = SignatureError;

    fn from_str(value: &str) -> Result<Self, SignatureError> {
        Self::from_bytes(value.as_bytes())
    }
}

/// Why a header value is no signature.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// Nothing at all.
    #[error("the value is empty")]
    Empty,
    /// 64 hex digits with nothing in front.
    #[error("the prefix `sha256=` is missing in front of the digest")]
    NoPrefix,
    /// The prefix in another case: receivers compare it to the letter.
    #[error("the prefix is not the lower-case `sha256=`")]
    PrefixCase,
    /// `sha1=…`, `sha512=…`: the algorithm's name.
    #[error("it is made with {0}, not with sha256")]
    Algorithm(&'static str),
    /// Upper-case hex digits: no receiver that was tried accepts them.
    #[error("the hex digits are in upper case")]
    UpperCase,
    /// Something that is not hex, base64 for example.
    #[error("what follows `sha256=` is not hex")]
    NotHex,
    /// Another number of hex digits than 64.
    #[error("there are {0} hex digits where 64 belong")]
    Length(usize),
    /// More than one header of the name, so receivers disagree on which counts.
    #[error("the header is there more than once")]
    Repeated,
    /// None of these.
    #[error("it does not have the form `sha256=` and 64 lower-case hex digits")]
    Form,
}

impl SignatureError {
    fn without_prefix(value: &[u8]) -> Self {
        let starts =
            |prefix: &str| value.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()));
        if value.is_empty() {
            Self::Empty
        } else if value.len() == 64 && value.iter().all(u8::is_ascii_hexdigit) {
            Self::NoPrefix
        } else if starts(PREFIX) {
            Self::PrefixCase
        } else if starts("sha1=") {
            Self::Algorithm("sha1")
        } else if starts("sha512=") {
            Self::Algorithm("sha512")
        } else {
            Self::Form
        }
    }
}

/// What `verify` concludes.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// The body was signed with the secret, or with one of them.
    Valid,
    /// The header is missing.
    Unsigned,
    /// The header holds no signature.
    Malformed(SignatureError),
    /// The header holds a signature of something else: another body, another secret.
    Mismatch {
        /// The signature that came.
        received: Signature,
    },
}

impl Verdict {
    /// The verdict in one word, as the results print it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Unsigned => "unsigned",
            Self::Malformed(_) => "malformed",
            Self::Mismatch { .. } => "mismatch",
        }
    }

    /// Is it `Valid`?
    #[must_use]
    pub const fn is_valid(&self) -> bool {
        matches!(self, Self::Valid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Secret {
        Secret::new(text.into()).expect("a secret of some length")
    }

    #[test]
    fn known_answers() {
        let secret = secret("It's a Secret to Everybody");
        for (body, digest) in [
            ("Hello World!", "a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"),
            ("Hello, World!", "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"),
            ("{\"e\":\"é 😀\"}", "e82e353e06bea4c6be8f65f447c302f683fba95cf1878aa3cbb29fa123072e8f"),
        ] {
            assert_eq!(secret.sign(body.as_bytes()).to_string(), format!("sha256={digest}"));
        }
    }

    #[test]
    fn written_in_pieces_it_is_the_same_signature() {
        let secret = secret("s");
        let mut signer = secret.signer();
        for piece in ["Hel", "", "lo"] {
            signer.write_all(piece.as_bytes()).expect("it takes everything");
        }
        assert_eq!(signer.finish().to_string(), secret.sign(b"Hello").to_string());
    }

    #[test]
    fn only_the_lower_case_prefixed_form_is_a_signature() {
        use SignatureError as E;
        let digits = "a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9";
        let cases = [
            (String::new(), E::Empty),
            (digits.to_owned(), E::NoPrefix),
            (format!("SHA256={digits}"), E::PrefixCase),
            (format!("sha1={}", &digits[..40]), E::Algorithm("sha1")),
            (format!("sha512={digits}{digits}"), E::Algorithm("sha512")),
            (format!("sha256={}", digits.to_uppercase()), E::UpperCase),
            (format!("sha256={}", &digits[1..]), E::Length(63)),
            (format!("sha256={digits} "), E::NotHex),
            ("sha256=pHccOfvpDzF8eCToPe8zyq6cs9l2whSs4fKTfhMyY8k=".to_owned(), E::NotHex),
            (format!(" sha256={digits}"), E::Form),
            ("v0=abc".to_owned(), E::Form),
        ];
        for (value, expected) in cases {
            assert_eq!(value.parse::<Signature>().err(), Some(expected), "{value:?}");
        }
        assert!(format!("sha256={digits}").parse::<Signature>().is_ok());
    }

    #[test]
    fn any_of_several_secrets_may_match() {
        let [old, new] = [secret("old"), secret("new")];
        let header = old.sign(b"body").to_string();
        let both = [new.clone(), old];
        assert!(verify_any(&both, b"body", [header.as_bytes()]).is_valid());
        assert_eq!(new.verify(b"body", [header.as_bytes()]).name(), "mismatch");
    }

    #[test]
    fn two_headers_are_malformed_even_when_one_is_right() {
        let secret = secret("s");
        let header = secret.sign(b"body").to_string();
        let verdict = secret.verify(b"body", [header.as_bytes(), header.as_bytes()]);
        assert_eq!(verdict.name(), "malformed");
    }

    #[test]
    fn a_secret_prints_as_redacted() {
        assert_eq!(format!("{:?}", secret("hunter2")), "Secret([redacted])");
        assert_eq!(Secret::new(Vec::new()).err(), Some(EmptySecret));
    }
}
