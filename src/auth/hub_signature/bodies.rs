//! The texts that a sender may have signed instead of the body.

use std::borrow::Cow;

use percent_encoding::percent_decode;

use super::encodings;
use crate::auth::explanation::Cause;

const RAW: &str = "sign and verify the raw bytes of the request, before a framework parses them";

const fn body(id: &'static str, message: &'static str) -> Cause {
    Cause::new(id, message, RAW)
}

/// Changes a text. Returns `None` if the change does not apply.
pub(super) type Variation = fn(&[u8]) -> Option<Cow<'_, [u8]>>;

pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";
pub(super) const FINAL_LF: Cause = body("with-final-lf", "the body was signed with a newline (LF) added");
pub(super) const GUNZIPPED: Cause = body("gunzipped", "the body was signed before it was compressed with gzip");
pub(super) const CUT: Cause = body("cut", "only the first bytes of the body were signed");

/// All changes, the most likely first.
#[rustfmt::skip]
pub(super) const BODIES: &[(Cause, Variation)] = &[
    (body("empty-body", "an empty body was signed"), |_| Some(Cow::Borrowed(b""))),
    (body("without-final-newline", "the body was signed without its final newline"), |body| {
        Some(body.strip_suffix(b"\n").map(|body| body.strip_suffix(b"\r").unwrap_or(body))?.into())
    }),
    (FINAL_LF, |body| Some(around(b"", body, b"\n"))),
    (body("with-final-crlf", "the body was signed with CR LF added"), |body| Some(around(b"", body, b"\r\n"))),
    (body("without-line-ends", "the body was signed without its newlines, as `curl -d @file` sends it; use --data-binary"), |body| {
        Some(body.iter().copied().filter(|byte| !matches!(byte, b'\r' | b'\n' | 0)).collect())
    }),
    (body("crlf-for-lf", "the body was signed with CR LF instead of LF"), |body| {
        body.contains(&b'\n').then(|| replace(&replace(body, b"\r\n", b"\n"), b"\n", b"\r\n").into())
    }),
    (body("lf-for-crlf", "the body was signed with LF instead of CR LF"), |body| {
        body.contains(&b'\r').then(|| replace(body, b"\r\n", b"\n").into())
    }),
    (body("with-byte-order-mark", "the body was signed with a byte order mark added"), |body| {
        Some(around(BYTE_ORDER_MARK, body, b""))
    }),
    (body("without-byte-order-mark", "the body was signed without its byte order mark"), |body| {
        Some(body.strip_prefix(BYTE_ORDER_MARK)?.into())
    }),
    (body("trimmed", "the body was signed without surrounding white space"), |body| Some(body.trim_ascii().into())),
    (body("url-decoded", "the body was URL-decoded before it was signed"), |body| {
        body.contains(&b'%').then(|| percent_decode(body).into())
    }),
    (body("form-decoded", "the body was decoded as a form before it was signed"), |body| {
        let spaces = replace(body, b"+", b" ");
        Some(percent_decode(&spaces).collect::<Vec<u8>>().into())
    }),
    (body("ascii-body", "the body was encoded as ASCII before it was signed, with `?` for every other character"), encodings::ascii),
    (body("ascii-body-by-unit", "the body was encoded as ASCII before it was signed, with `?` for every other UTF-16 unit (.NET)"), encodings::ascii_by_unit),
    (body("ascii-body-by-byte", "the body was encoded as ASCII before it was signed, with `?` for every other byte (Java)"), encodings::ascii_by_byte),
    (body("received-in-double-utf-8", "the body was signed in UTF-8, then decoded as Latin-1 and encoded as UTF-8 again"), encodings::from_double_utf8),
    (body("received-in-double-utf-8-windows", "the body was signed in UTF-8, then decoded as Windows-1252 and encoded as UTF-8 again"), encodings::from_double_utf8_by_windows),
    (body("received-in-utf-16le", "the body was signed in UTF-8, but sent in little-endian UTF-16"), encodings::from_utf16_le),
    (body("received-in-utf-16be", "the body was signed in UTF-8, but sent in big-endian UTF-16"), encodings::from_utf16_be),
    (body("received-in-latin-1", "the body was signed in UTF-8, but sent in Latin-1"), encodings::from_latin1),
    (body("received-in-windows-1252", "the body was signed in UTF-8, but sent in Windows-1252"), encodings::from_windows_1252),
    (body("latin-1-body", "the body was signed in Latin-1"), encodings::latin1_text),
    (body("latin-1-body-low-bytes", "the body was signed in Node's `latin1`, which keeps only the low byte of each character"), encodings::low_bytes),
    (body("windows-1252-body", "the body was signed in Windows-1252"), encodings::windows_1252_text),
    (body("double-utf-8-body", "the body was decoded as Latin-1 and encoded as UTF-8 again before it was signed"), encodings::double_utf8),
    (body("double-utf-8-windows-body", "the body was decoded as Windows-1252 and encoded as UTF-8 again before it was signed"), encodings::double_utf8_by_windows),
    (body("lossy-utf-8-body", "the body was decoded as UTF-8 before it was signed, with U+FFFD for invalid bytes"), encodings::lossy_utf8),
    (body("utf-16le-body", "the body was signed in little-endian UTF-16"), encodings::utf16_le),
    (body("utf-16be-body", "the body was signed in big-endian UTF-16"), encodings::utf16_be),
    (body("utf-16le-mark-body", "the body was signed in little-endian UTF-16 with a byte order mark"), encodings::utf16_le_with_mark),
    (body("utf-16be-mark-body", "the body was signed in big-endian UTF-16 with a byte order mark"), encodings::utf16_be_with_mark),
];

pub(super) fn around<'a>(before: &[u8], original: &[u8], after: &[u8]) -> Cow<'a, [u8]> {
    [before, original, after].concat().into()
}

pub(super) fn replace(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
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
