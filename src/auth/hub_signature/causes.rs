//! The ways in which signatures are known to be made wrong.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use percent_encoding::percent_decode;

use super::json_rewrites;
use crate::auth::explanation::Cause;

const RAW: &str = "sign and verify the raw bytes of the request, before any framework parses them";
const KEY: &str = "both sides must use exactly the same bytes as the secret";

const fn body(id: &'static str, message: &'static str) -> Cause {
    Cause { id, message, help: RAW }
}

const fn key(id: &'static str, message: &'static str) -> Cause {
    Cause { id, message, help: KEY }
}

const fn form(id: &'static str, message: &'static str) -> Cause {
    Cause { id, message, help: "write it as sha256= and 64 lower-case hex digits" }
}

pub(super) const UPPER_CASE: Cause = form("upper-case", "the hex digits are in upper case");
pub(super) const NO_PREFIX: Cause = form("no-prefix", "the prefix `sha256=` is missing");
pub(super) const OTHER_PREFIX: Cause = form("other-prefix", "the prefix is not `sha256=`");
pub(super) const BASE64: Cause = form("base64", "the digest is in base64, not in hex");
pub(super) const SPACES: Cause = form("spaces", "there is white space around the signature");
pub(super) const SHA1: Cause = Cause { id: "sha1", message: "it is made with HMAC-SHA1", help: "use HMAC-SHA256" };
pub(super) const SHA512: Cause =
    Cause { id: "sha512", message: "it is made with HMAC-SHA512", help: "use HMAC-SHA256" };

/// Every cause that can be named, in the order in which they are tried.
pub fn catalogue() -> Vec<Cause> {
    let forms = [UPPER_CASE, NO_PREFIX, OTHER_PREFIX, BASE64, SPACES, SHA1, SHA512];
    let bodies = BODIES.iter().map(|(cause, _)| *cause).chain(json_rewrites::FORMS.iter().map(|form| form.cause));
    forms.into_iter().chain(bodies).chain(KEYS.iter().map(|(cause, _)| *cause)).collect()
}

/// What is made of the original; `None` where there is nothing to vary.
pub(super) type Variation = fn(&[u8]) -> Option<Cow<'_, [u8]>>;

pub(super) const FINAL_LF: Cause = body("with-final-lf", "the body was signed with a line feed after it");

/// What may have been signed instead of the body. `None` where there is nothing to vary.
pub(super) const BODIES: &[(Cause, Variation)] = &[
    (body("empty-body", "an empty body was signed"), |_| Some(Cow::Borrowed(b""))),
    (body("without-final-newline", "the body was signed without its final line end"), |body| {
        Some(body.strip_suffix(b"\n").map(|body| body.strip_suffix(b"\r").unwrap_or(body))?.into())
    }),
    (FINAL_LF, |body| Some(around(b"", body, b"\n"))),
    (body("with-final-crlf", "the body was signed with CR and LF after it"), |body| Some(around(b"", body, b"\r\n"))),
    (body("crlf-for-lf", "the body was signed with CRLF for its LF line ends"), |body| {
        body.contains(&b'\n').then(|| replace(&replace(body, b"\r\n", b"\n"), b"\n", b"\r\n").into())
    }),
    (body("lf-for-crlf", "the body was signed with LF for its CRLF line ends"), |body| {
        body.contains(&b'\r').then(|| replace(body, b"\r\n", b"\n").into())
    }),
    (body("with-byte-order-mark", "the body was signed with a byte order mark in front"), |body| {
        Some(around(b"\xEF\xBB\xBF", body, b""))
    }),
    (body("without-byte-order-mark", "the body was signed without its byte order mark"), |body| {
        Some(body.strip_prefix(b"\xEF\xBB\xBF")?.into())
    }),
    (body("trimmed", "the body was signed without the white space around it"), |body| Some(body.trim_ascii().into())),
    (body("url-decoded", "the body was URL-decoded before it was signed"), |body| {
        body.contains(&b'%').then(|| percent_decode(body).into())
    }),
    (body("form-decoded", "the body was decoded as a form before it was signed"), |body| {
        let spaces = replace(body, b"+", b" ");
        Some(percent_decode(&spaces).collect::<Vec<u8>>().into())
    }),
];

/// What may have been the key instead of the secret.
pub(super) const KEYS: &[(Cause, Variation)] = &[
    (key("secret-with-lf", "the secret was used with a line feed after it"), |key| Some(around(b"", key, b"\n"))),
    (key("secret-with-crlf", "the secret was used with CR and LF after it"), |key| Some(around(b"", key, b"\r\n"))),
    (key("secret-trimmed", "the secret was used without the white space around it"), |key| {
        Some(key.trim_ascii().into())
    }),
    (key("secret-with-final-space", "the secret was used with a space after it"), |key| Some(around(b"", key, b" "))),
    (key("secret-with-leading-space", "the secret was used with a space in front"), |key| Some(around(b" ", key, b""))),
    (key("secret-in-double-quotes", "the secret was used with double quotes around it"), |key| {
        Some(around(b"\"", key, b"\""))
    }),
    (key("secret-in-single-quotes", "the secret was used with single quotes around it"), |key| {
        Some(around(b"'", key, b"'"))
    }),
    (key("secret-without-quotes", "the secret was used without the quotes around it"), |key| {
        let quoted = |quote: u8| key.strip_prefix(&[quote])?.strip_suffix(&[quote]);
        quoted(b'"').or_else(|| quoted(b'\'')).map(Cow::Borrowed)
    }),
    (key("secret-hex-decoded", "the secret was hex-decoded before it was used"), |key| {
        hex::decode(key).ok().map(Cow::Owned)
    }),
    (key("secret-base64-decoded", "the secret was base64-decoded before it was used"), |key| {
        decode_base64(key).map(Cow::Owned)
    }),
    (key("secret-hex-encoded", "the secret was used as hex digits of its bytes"), |key| {
        Some(hex::encode(key).into_bytes().into())
    }),
    (key("secret-base64-encoded", "the secret was used as base64 of its bytes"), |key| {
        Some(STANDARD.encode(key).into_bytes().into())
    }),
    (key("secret-empty", "an empty secret was used"), |_| Some(Cow::Borrowed(b""))),
];

fn around<'a>(before: &[u8], original: &[u8], after: &[u8]) -> Cow<'a, [u8]> {
    [before, original, after].concat().into()
}

/// Decodes base64 in the standard or the URL-safe alphabet, with or without padding.
pub(super) fn decode_base64(text: &[u8]) -> Option<Vec<u8>> {
    let engines = [&STANDARD, &STANDARD_NO_PAD, &URL_SAFE, &URL_SAFE_NO_PAD];
    engines.into_iter().find_map(|engine| engine.decode(text).ok())
}

fn replace(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut replaced = Vec::with_capacity(bytes.len() + 16);
    let mut rest = bytes;
    while let Some(at) = memchr::memmem::find(rest, from) {
        replaced.extend_from_slice(&rest[..at]);
        replaced.extend_from_slice(to);
        rest = &rest[at + from.len()..];
    }
    replaced.extend_from_slice(rest);
    replaced
}
