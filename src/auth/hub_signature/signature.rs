//! The `X-Hub-Signature` header and its value.

use std::fmt;
use std::io::{self, Write};

use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::digest::{unquoted, without_label, without_name};
use crate::auth::explanation::Cause;
use crate::auth::secret::Secret;

/// The name of the header.
pub const HEADER: &str = "X-Hub-Signature";

pub(super) const PREFIX: &str = "sha256=";

/// The header of GitHub, which senders often confuse with `X-Hub-Signature`.
pub(super) const GITHUB_HEADER: &str = "X-Hub-Signature-256";

pub(super) const OTHER_HEADER: Cause = Cause::new(
    "other-header",
    "the signature is in a header with another name",
    "send it in X-Hub-Signature; X-Hub-Signature-256 is the header of GitHub",
);
pub(super) const REPEATED: Cause = Cause::new(
    "repeated-header",
    "the request has more than one X-Hub-Signature header",
    "send one header: receivers disagree on which one counts",
);

/// Returns whether a header with another name may contain a signature.
pub(super) fn is_other_signature(name: &str, value: &[u8]) -> bool {
    let is_named = ["-signature", "-signature-256"].iter().any(|end| {
        let start = name.len().saturating_sub(end.len());
        name.get(start..).is_some_and(|name_end| name_end.eq_ignore_ascii_case(end))
    });
    !name.eq_ignore_ascii_case(HEADER) && (is_named || value.starts_with(PREFIX.as_bytes()))
}

impl Secret {
    /// Signs a body.
    pub fn sign(&self, body: &[u8]) -> Signature {
        Signature(self.hmac().chain_update(body).finalize().into_bytes().into())
    }

    /// Returns a signer for a body that is written in pieces, in constant memory.
    pub fn signer(&self) -> Signer {
        Signer(self.hmac())
    }

    /// Returns whether this is the signature of the body. Compares in constant time.
    pub(super) fn matches(&self, body: &[u8], signature: &Signature) -> bool {
        self.hmac().chain_update(body).verify_slice(&signature.0).is_ok()
    }
}

/// Computes a signature. Write the body to it.
pub struct Signer(Hmac<Sha256>);

impl Signer {
    /// Returns the signature of the written bytes.
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

/// An HMAC-SHA256 digest, written as `sha256=` and 64 lower-case hex digits.
///
/// It does not implement `PartialEq`: a comparison that is not in constant time tells an attacker how many bytes of a guess
/// are correct.
#[derive(Clone, Copy, Debug)]
pub struct Signature([u8; 32]);

impl Signature {
    /// Returns the 32 bytes of the digest.
    pub const fn digest(&self) -> &[u8; 32] {
        &self.0
    }

    /// Parses a header value.
    ///
    /// # Errors
    ///
    /// Returns an error if the value is not `sha256=` and 64 lower-case hex digits. The error says what is wrong.
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

/// The error for a header value that is not a signature.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignatureError {
    /// The value is empty.
    #[error("the signature is empty")]
    Empty,
    /// 64 hex digits without a prefix.
    #[error("the prefix `sha256=` is missing")]
    NoPrefix,
    /// The prefix has the wrong case. Receivers compare the exact text.
    #[error("the prefix `sha256=` is not in lower case")]
    PrefixCase,
    /// Another algorithm: `sha1=…`, `sha512=…`.
    #[error("the algorithm is {0}, not sha256")]
    Algorithm(&'static str),
    /// Upper-case hex digits. No tested receiver accepts them.
    #[error("the hex digits are in upper case")]
    UpperCase,
    /// Not hex, but base64 for example.
    #[error("the text after `sha256=` is not hex")]
    NotHex,
    /// A wrong number of hex digits.
    #[error("the digest has {0} hex digits, not 64")]
    Length(usize),
    /// The value is in quotes.
    #[error("the signature is in quotes")]
    Quotes,
    /// The value starts with the name of another header: `X-Hub-Signature-256: …`.
    #[error("the value starts with the name of another header")]
    HeaderName,
    /// A whole line of openssl or sha256sum: `HMAC-SHA2-256(body)= …`, `… *body`.
    #[error("the value is the whole line that openssl or sha256sum prints: send only the hex digits")]
    OpensslLine,
    /// Anything else.
    #[error("the signature is not `sha256=` followed by 64 lower-case hex digits")]
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
            match std::str::from_utf8(value) {
                Ok(text) if unquoted(text).is_some() => Self::Quotes,
                Ok(text) if without_name(text).is_some() => Self::HeaderName,
                Ok(text) if without_label(text).is_some() => Self::OpensslLine,
                _ => Self::Form,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Secret {
        Secret::new(text).expect("a secret")
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
            (format!("\"sha256={digits}\""), E::Quotes),
            (format!("'{digits}'"), E::Quotes),
            (format!("X-Hub-Signature-256: sha256={digits}"), E::HeaderName),
            (format!("HMAC-SHA2-256(body.json)= {digits}"), E::OpensslLine),
            (format!("SHA2-256(stdin)= {digits}"), E::OpensslLine),
            (format!("{digits} *body.json"), E::OpensslLine),
            (format!("{digits}  -"), E::OpensslLine),
        ];
        for (value, expected) in cases {
            assert_eq!(Signature::from_bytes(value.as_bytes()).err(), Some(expected), "{value:?}");
        }
        assert!(Signature::from_bytes(format!("sha256={digits}").as_bytes()).is_ok());
    }
}
