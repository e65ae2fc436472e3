//! Deliveries with one thing wrong on purpose, for testing receivers: a table of faults.

use bytes::Bytes;
use serde_json::Value;

use crate::auth::hub_signature::Secret;
use crate::models::request::{self, Request};

/// One thing that is wrong with a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each variant's meaning is its row in TABLE")]
pub enum Fault {
    Unsigned,
    EmptySignature,
    BadSignature,
    OtherSecret,
    Sha1,
    Base64,
    BareHex,
    UpperCase,
    TruncatedSignature,
    TwoSignatures,
    Reserialised,
    TamperedBody,
    TruncatedBody,
    EmptyBody,
    NotJson,
    WrongContentType,
    NoContentType,
    Duplicate,
}

struct Row {
    fault: Fault,
    name: &'static str,
    description: &'static str,
    needs_secret: bool,
}

const fn row(fault: Fault, name: &'static str, needs_secret: bool, description: &'static str) -> Row {
    Row { fault, name, description, needs_secret }
}

/// One row a fault, in the order of the enum.
#[rustfmt::skip]
const TABLE: [Row; 18] = [
    row(Fault::Unsigned, "unsigned", false, "no X-Hub-Signature"),
    row(Fault::EmptySignature, "empty-signature", false, "an X-Hub-Signature without a value"),
    row(Fault::BadSignature, "bad-signature", true, "the last digit of the signature is another"),
    row(Fault::OtherSecret, "other-secret", false, "signed with another secret"),
    row(Fault::Sha1, "sha1", true, "signed with HMAC-SHA1: sha1=…"),
    row(Fault::Base64, "base64", true, "the right digest in base64 instead of hex"),
    row(Fault::BareHex, "bare-hex", true, "the right digest without `sha256=` in front"),
    row(Fault::UpperCase, "upper-case", true, "the right digest in upper case"),
    row(Fault::TruncatedSignature, "truncated-signature", true, "the first half of the right digest"),
    row(Fault::TwoSignatures, "two-signatures", true, "a wrong X-Hub-Signature before the right one"),
    row(Fault::Reserialised, "reserialised", true, "spaced-out JSON, with the signature of the compact form"),
    row(Fault::TamperedBody, "tampered-body", true, "one byte of the body changed after signing"),
    row(Fault::TruncatedBody, "truncated-body", true, "half of the body, with the signature of the whole"),
    row(Fault::EmptyBody, "empty-body", false, "no body, signed as such"),
    row(Fault::NotJson, "not-json", false, "a body that is not JSON, signed as such"),
    row(Fault::WrongContentType, "wrong-content-type", false, "Content-Type: text/plain"),
    row(Fault::NoContentType, "no-content-type", false, "no Content-Type"),
    row(Fault::Duplicate, "duplicate", false, "each delivery twice, with the same identifier"),
];

// The table is indexed by the enum's discriminant, so a row out of order is a build error.
const _: () = {
    let mut index = 0;
    while index < TABLE.len() {
        assert!(TABLE[index].fault as usize == index, "TABLE is out of order");
        index += 1;
    }
};

impl Fault {
    /// All of them, in the table's order.
    #[must_use]
    pub fn all() -> impl ExactSizeIterator<Item = Self> + Clone {
        TABLE.iter().map(|row| row.fault)
    }

    /// The fault of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        TABLE.iter().find(|row| row.name == name).map(|row| row.fault)
    }

    /// `bad-signature`
    #[must_use]
    pub const fn name(self) -> &'static str {
        TABLE[self as usize].name
    }

    /// What is wrong, in a few words.
    #[must_use]
    pub const fn description(self) -> &'static str {
        TABLE[self as usize].description
    }

    /// Is there nothing to get wrong without a secret?
    #[must_use]
    pub const fn needs_secret(self) -> bool {
        TABLE[self as usize].needs_secret
    }

    /// How many deliveries become of one.
    #[must_use]
    pub const fn copies(self) -> usize {
        if matches!(self, Self::Duplicate) { 2 } else { 1 }
    }

    /// The delivery with the fault in it. Signatures are made with the secret; without one, what is wrong with them
    /// cannot be made and stays out ([`Fault::needs_secret`]).
    ///
    /// # Panics
    /// Never: the other secret is not empty.
    #[must_use]
    pub fn apply(self, mut delivery: Request, secret: Option<&Secret>) -> Request {
        let digest = |body: &[u8]| secret.map(|secret| hex::encode(secret.sign(body).digest()));
        let signed = |body: &[u8]| secret.map(|secret| secret.sign(body).to_string());
        let signature = match self {
            Self::Unsigned => {
                delivery.headers_mut().remove(request::SIGNATURE);
                None
            }
            Self::EmptySignature => Some(String::new()),
            Self::BadSignature => signed(delivery.body()).map(|mut right| {
                let last = if right.ends_with('0') { '1' } else { '0' };
                right.pop();
                right.push(last);
                right
            }),
            Self::OtherSecret => {
                let other = Secret::new(b"cfwh: not the secret of anybody".to_vec()).expect("it is not empty");
                Some(other.sign(delivery.body()).to_string())
            }
            Self::Sha1 => secret.map(|secret| secret.sign_with_sha1(delivery.body())),
            Self::Base64 => secret.map(|secret| secret.sign_in_base64(delivery.body())),
            Self::BareHex => digest(delivery.body()),
            Self::UpperCase => digest(delivery.body()).map(|digest| format!("sha256={}", digest.to_uppercase())),
            Self::TruncatedSignature => digest(delivery.body()).map(|digest| format!("sha256={}", &digest[..32])),
            Self::TwoSignatures => {
                if let Some(right) = signed(delivery.body()) {
                    delivery.headers_mut().set(request::SIGNATURE, format!("sha256={}", "0".repeat(64)));
                    delivery.headers_mut().append(request::SIGNATURE, right);
                }
                None
            }
            Self::Reserialised => {
                let (sent, meant) = spaced_out(delivery.body());
                delivery = with_body(&delivery, sent);
                signed(&meant)
            }
            Self::TamperedBody => {
                delivery = with_body(&delivery, tampered(delivery.body()));
                None
            }
            Self::TruncatedBody => {
                let half = delivery.body().len() / 2;
                delivery = with_body(&delivery, delivery.shared_body().slice(..half));
                None
            }
            Self::EmptyBody => {
                delivery = with_body(&delivery, Bytes::new());
                signed(b"")
            }
            Self::NotJson => {
                const TEXT: &[u8] = b"{\"event\": page_created";
                delivery = with_body(&delivery, TEXT);
                signed(TEXT)
            }
            Self::WrongContentType => {
                delivery.headers_mut().set(request::CONTENT_TYPE, "text/plain");
                None
            }
            Self::NoContentType => {
                delivery.headers_mut().remove(request::CONTENT_TYPE);
                None
            }
            Self::Duplicate => None,
        };
        if let Some(signature) = signature {
            delivery.headers_mut().set(request::SIGNATURE, signature);
        }
        delivery
    }
}

fn with_body(delivery: &Request, body: impl Into<Bytes>) -> Request {
    Request::new(delivery.target(), delivery.headers().clone(), body)
}

/// The last letter or digit is another: JSON stays JSON, as long as its last value is no `true`.
fn tampered(body: &[u8]) -> Vec<u8> {
    let mut body = body.to_vec();
    match body.iter_mut().rev().find(|byte| byte.is_ascii_alphanumeric()) {
        Some(byte) if byte.is_ascii_digit() => *byte = if *byte == b'1' { b'2' } else { b'1' },
        Some(byte) => *byte ^= 1,
        None => body.push(b' '),
    }
    body
}

/// A body with odd spacing, and the compact form of the same JSON.
fn spaced_out(body: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let Ok(value) = serde_json::from_slice::<Value>(body) else {
        return ([body, b" "].concat(), body.to_vec());
    };
    let compact = value.to_string().into_bytes();
    let mut spaced = format!("{value:#}").into_bytes();
    spaced.insert(1, b' ');
    (spaced, compact)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::request::Headers;

    fn delivery(secret: &Secret) -> Request {
        let body = br#"{"event":"page_created","page":{"id":"1"}}"#;
        let mut headers = Headers::new();
        headers.append(request::CONTENT_TYPE, request::JSON);
        headers.append(request::SIGNATURE, secret.sign(body).to_string());
        Request::new("", headers, &body[..])
    }

    #[test]
    fn only_faults_of_the_rest_leave_a_valid_signature() {
        let secret = Secret::new(b"s".to_vec()).expect("a secret");
        for fault in Fault::all() {
            let wrong = fault.apply(delivery(&secret), Some(&secret));
            let verdict = secret.verify(wrong.body(), wrong.headers().all(request::SIGNATURE));
            let valid = matches!(
                fault,
                Fault::EmptyBody | Fault::NotJson | Fault::WrongContentType | Fault::NoContentType | Fault::Duplicate
            );
            assert_eq!(verdict.is_valid(), valid, "{}: {verdict:?}", fault.name());
        }
    }

    #[test]
    fn a_tampered_body_is_still_json() {
        let secret = Secret::new(b"s".to_vec()).expect("a secret");
        for fault in [Fault::TamperedBody, Fault::Reserialised] {
            let wrong = fault.apply(delivery(&secret), Some(&secret));
            assert_ne!(wrong.body(), delivery(&secret).body());
            assert!(serde_json::from_slice::<Value>(wrong.body()).is_ok(), "{}", fault.name());
        }
    }

    #[test]
    fn every_name_reads_back_as_its_fault() {
        for fault in Fault::all() {
            assert_eq!(Fault::named(fault.name()), Some(fault));
        }
    }
}
