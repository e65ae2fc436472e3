//! A received digest: its form, its algorithm, and what it may be a digest of.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};

use crate::auth::explanation::Cause;

const fn form(id: &'static str, message: &'static str) -> Cause {
    Cause::new(id, message, "send sha256= followed by 64 lower-case hex digits")
}

const fn algorithm(id: &'static str, message: &'static str) -> Cause {
    Cause::new(id, message, "use HMAC-SHA256")
}

const UPPER_CASE: Cause = form("upper-case", "the hex digits are in upper case");
const NO_PREFIX: Cause = form("no-prefix", "the prefix `sha256=` is missing");
const OTHER_PREFIX: Cause = form("other-prefix", "the prefix is not `sha256=`");
const BASE64: Cause = form("base64", "the digest is in base64, not in hex");
const BASE64_OF_HEX: Cause = form("base64-of-hex", "the hex digits of the digest are encoded in base64");

/// Removes text around a digest.
type Unwrap = fn(&str) -> Option<&str>;

const WRAPPINGS: [(Cause, Unwrap); 5] = [
    (form("spaces", "the signature has white space around it"), |text| {
        Some(text.trim()).filter(|trimmed| *trimmed != text)
    }),
    (form("header-name", "the value starts with the name of a header"), without_name),
    (form("quotes", "the signature is in quotes"), unquoted),
    (
        form("openssl-line", "the value is the whole line that openssl or sha256sum prints, not only the digest"),
        without_label,
    ),
    (
        form("listed", "the signature is in a list, like `t=…,v1=…` (Stripe) or `v1,…` (Standard Webhooks)"),
        |text| {
            let listed = text.split([',', ' ']).find_map(|part| part.strip_prefix("v1="));
            listed.or_else(|| text.strip_prefix("v1,"))
        },
    ),
];

/// Returns the text after the name of a header: `X-Hub-Signature-256: `.
pub(super) fn without_name(text: &str) -> Option<&str> {
    let (name, value) = text.split_once(": ")?;
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-').then_some(value)
}

/// Returns the text between quotes.
pub(super) fn unquoted(text: &str) -> Option<&str> {
    ['"', '\'', '`'].into_iter().find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote))
}

/// Returns the digest in a line of `openssl dgst` (`HMAC-SHA2-256(body)= …`, `SHA2-256(stdin)= …`, `(stdin)= …`), of
/// `openssl dgst -r` or of sha256sum (`… *body`).
pub(super) fn without_label(text: &str) -> Option<&str> {
    let labelled = text.rsplit_once(")= ").filter(|(label, _)| label.contains('(')).map(|(_, digest)| digest);
    let named = || text.split_once(" *").or_else(|| text.split_once("  ")).map(|(digest, _)| digest);
    labelled.or_else(named)
}

/// A received digest.
pub(super) struct Digest {
    bytes: Vec<u8>,
    algorithm: &'static Algorithm,
    /// The mistakes in its algorithm and its form.
    pub(super) forms: Vec<Cause>,
}

/// An algorithm. The length of a digest identifies it.
struct Algorithm {
    /// The prefix of digests.
    prefix: &'static str,
    /// The length of digests in bytes.
    length: usize,
    /// The mistake, if the algorithm is wrong.
    cause: Option<Cause>,
    functions: Functions,
}

/// Returns whether this is the digest of a message with a key. The message is given in pieces.
type IsHmac = fn(&[u8], &[u8], &[&[u8]]) -> bool;
/// Returns whether this is the digest of a message without a key.
type IsHash = fn(&[u8], &[&[u8]]) -> bool;
/// Returns the length of the prefix of a message that has this digest with this key. The lengths to try ascend.
type FindCut = fn(&[u8], &[u8], &[u8], &mut dyn Iterator<Item = usize>) -> Option<usize>;

/// The functions of an algorithm.
struct Functions {
    hmac: IsHmac,
    hash: IsHash,
    cut: FindCut,
}

impl Functions {
    const fn new<M: Mac + KeyInit + Clone, D: sha2::Digest>() -> Self {
        Self { hmac: is_hmac::<M>, hash: is_hash::<D>, cut: find_cut::<M> }
    }
}

static ALGORITHMS: [Algorithm; 6] = [
    Algorithm {
        prefix: "md5",
        length: 16,
        cause: Some(algorithm("md5", "the digest uses MD5")),
        functions: Functions::new::<Hmac<Md5>, Md5>(),
    },
    Algorithm {
        prefix: "sha256",
        length: 16,
        cause: Some(algorithm("half", "the digest is only half as long as it should be")),
        functions: Functions::new::<Hmac<Sha256>, Sha256>(),
    },
    Algorithm {
        prefix: "sha1",
        length: 20,
        cause: Some(algorithm("sha1", "the digest uses SHA-1")),
        functions: Functions::new::<Hmac<Sha1>, Sha1>(),
    },
    Algorithm { prefix: "sha256", length: 32, cause: None, functions: Functions::new::<Hmac<Sha256>, Sha256>() },
    Algorithm {
        prefix: "sha384",
        length: 48,
        cause: Some(algorithm("sha384", "the digest uses SHA-384")),
        functions: Functions::new::<Hmac<Sha384>, Sha384>(),
    },
    Algorithm {
        prefix: "sha512",
        length: 64,
        cause: Some(algorithm("sha512", "the digest uses SHA-512")),
        functions: Functions::new::<Hmac<Sha512>, Sha512>(),
    },
];

fn keyed<M: Mac + KeyInit>(key: &[u8]) -> M {
    <M as KeyInit>::new_from_slice(key).expect("HMAC takes a key of any length")
}

/// Compares in constant time, like everything that touches a secret.
fn is_hmac<M: Mac + KeyInit>(digest: &[u8], key: &[u8], message: &[&[u8]]) -> bool {
    let mut mac: M = keyed(key);
    for piece in message {
        mac.update(piece);
    }
    mac.verify_truncated_left(digest).is_ok()
}

fn is_hash<D: sha2::Digest>(digest: &[u8], message: &[&[u8]]) -> bool {
    let mut hash = D::new();
    for piece in message {
        hash.update(piece);
    }
    hash.finalize().starts_with(digest)
}

/// Reads the message once: it finishes a copy of the state for each length.
fn find_cut<M: Mac + KeyInit + Clone>(
    digest: &[u8],
    key: &[u8],
    message: &[u8],
    lengths: &mut dyn Iterator<Item = usize>,
) -> Option<usize> {
    let (mut mac, mut read): (M, usize) = (keyed(key), 0);
    let mut lengths = lengths;
    (&mut lengths).find(|&length| {
        mac.update(&message[read..length]);
        read = length;
        mac.clone().verify_truncated_left(digest).is_ok()
    })
}

impl Digest {
    /// Reads a header value, however it is written. Returns several digests if several algorithms have this length.
    pub(super) fn read(value: &[u8]) -> Vec<Self> {
        let Ok(mut text) = std::str::from_utf8(value) else { return Vec::new() };
        let mut forms = Vec::new();
        for (cause, unwrap) in WRAPPINGS {
            if let Some(inner) = unwrap(text) {
                forms.push(cause);
                text = inner;
            }
        }
        let (prefix, digits) = match text.split_once('=').filter(|(prefix, _)| is_algorithm(prefix)) {
            Some((prefix, digits)) => (Some(prefix), digits),
            None => (None, text),
        };
        let Some((bytes, form)) = decode(digits) else { return Vec::new() };
        forms.extend(form);
        let read = |algorithm: &'static Algorithm| {
            let mut forms = forms.clone();
            match prefix {
                None => forms.push(NO_PREFIX),
                // The prefix of another algorithm adds no information.
                Some(prefix) if prefix == "sha256" || prefix == algorithm.prefix => {}
                Some(_) => forms.push(OTHER_PREFIX),
            }
            forms.splice(0..0, algorithm.cause.clone());
            Self { bytes: bytes.clone(), algorithm, forms }
        };
        ALGORITHMS.iter().filter(|algorithm| algorithm.length == bytes.len()).map(read).collect()
    }

    pub(super) fn is_hmac(&self, key: &[u8], message: &[&[u8]]) -> bool {
        (self.algorithm.functions.hmac)(&self.bytes, key, message)
    }

    pub(super) fn is_hash(&self, message: &[&[u8]]) -> bool {
        (self.algorithm.functions.hash)(&self.bytes, message)
    }

    /// Returns the length of the prefix of the message that was signed with this key. `lengths` ascend.
    pub(super) fn find_cut(
        &self,
        key: &[u8],
        message: &[u8],
        mut lengths: impl Iterator<Item = usize>,
    ) -> Option<usize> {
        (self.algorithm.functions.cut)(&self.bytes, key, message, &mut lengths)
    }
}

/// Decodes a digest in hex or base64, and returns the mistake in its form.
fn decode(digits: &str) -> Option<(Vec<u8>, Option<Cause>)> {
    if let Ok(bytes) = hex::decode(digits) {
        return Some((bytes, digits.contains(|c: char| c.is_ascii_uppercase()).then_some(UPPER_CASE)));
    }
    let bytes = decode_base64(digits.as_bytes())?;
    match hex::decode(&bytes) {
        Ok(inner) => Some((inner, Some(BASE64_OF_HEX))),
        Err(_) => Some((bytes, Some(BASE64))),
    }
}

fn is_algorithm(prefix: &str) -> bool {
    ["sha256", "sha1", "sha512", "sha384", "md5", "sha-256", "hmac-sha256", "v0", "v1", "hmac"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(prefix))
}

/// Decodes base64 in the standard or the URL-safe alphabet, with or without padding.
pub(super) fn decode_base64(text: &[u8]) -> Option<Vec<u8>> {
    let engines = [&STANDARD, &STANDARD_NO_PAD, &URL_SAFE, &URL_SAFE_NO_PAD];
    engines.into_iter().find_map(|engine| engine.decode(text).ok())
}

/// Returns the causes of wrong algorithms and forms.
pub(super) fn causes() -> Vec<Cause> {
    let wrappings = WRAPPINGS.into_iter().map(|(cause, _)| cause);
    let algorithms = ALGORITHMS.iter().filter_map(|algorithm| algorithm.cause.clone());
    wrappings.chain([UPPER_CASE, NO_PREFIX, OTHER_PREFIX, BASE64, BASE64_OF_HEX]).chain(algorithms).collect()
}
