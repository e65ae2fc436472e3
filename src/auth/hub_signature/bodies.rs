//! What may have been signed instead of the body.

use std::borrow::Cow;

use percent_encoding::percent_decode;

use super::encodings;
use crate::auth::explanation::Cause;

const RAW: &str = "sign and verify the raw bytes of the request, before any framework parses them";

const fn body(id: &'static str, message: &'static str) -> Cause {
    Cause::new(id, message, RAW)
}

/// What is made of the original; `None` where there is nothing to vary.
pub(super) type Variation = fn(&[u8]) -> Option<Cow<'_, [u8]>>;

pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";
pub(super) const FINAL_LF: Cause = body("with-final-lf", "the body was signed with a line feed after it");
pub(super) const GUNZIPPED: Cause = body("gunzipped", "the body was signed before it was compressed with gzip");
pub(super) const CUT: Cause = body("cut", "only the first bytes of the body were signed");

/// The likeliest first.
#[rustfmt::skip]
pub(super) const BODIES: &[(Cause, Variation)] = &[
    (body("empty-body", "an empty body was signed"), |_| Some(Cow::Borrowed(b""))),
    (body("without-final-newline", "the body was signed without its final line end"), |body| {
        Some(body.strip_suffix(b"\n").map(|body| body.strip_suffix(b"\r").unwrap_or(body))?.into())
    }),
    (FINAL_LF, |body| Some(around(b"", body, b"\n"))),
    (body("with-final-crlf", "the body was signed with CR and LF after it"), |body| Some(around(b"", body, b"\r\n"))),
    (body("without-line-ends", "the body was signed without its line ends, as `curl -d @file` sends it; use --data-binary"), |body| {
        Some(body.iter().copied().filter(|byte| !matches!(byte, b'\r' | b'\n' | 0)).collect())
    }),
    (body("crlf-for-lf", "the body was signed with CRLF for its LF line ends"), |body| {
        body.contains(&b'\n').then(|| replace(&replace(body, b"\r\n", b"\n"), b"\n", b"\r\n").into())
    }),
    (body("lf-for-crlf", "the body was signed with LF for its CRLF line ends"), |body| {
        body.contains(&b'\r').then(|| replace(body, b"\r\n", b"\n").into())
    }),
    (body("with-byte-order-mark", "the body was signed with a byte order mark in front"), |body| {
        Some(around(BYTE_ORDER_MARK, body, b""))
    }),
    (body("without-byte-order-mark", "the body was signed without its byte order mark"), |body| {
        Some(body.strip_prefix(BYTE_ORDER_MARK)?.into())
    }),
    (body("trimmed", "the body was signed without the white space around it"), |body| Some(body.trim_ascii().into())),
    (body("url-decoded", "the body was URL-decoded before it was signed"), |body| {
        body.contains(&b'%').then(|| percent_decode(body).into())
    }),
    (body("form-decoded", "the body was decoded as a form before it was signed"), |body| {
        let spaces = replace(body, b"+", b" ");
        Some(percent_decode(&spaces).collect::<Vec<u8>>().into())
    }),
    (body("ascii-body", "the body was signed in ASCII, with a question mark for each other character"), encodings::ascii),
    (body("ascii-body-by-unit", "the body was signed in ASCII, with a question mark for each other unit of UTF-16"), encodings::ascii_by_unit),
    (body("ascii-body-by-byte", "the body was signed in ASCII, with a question mark for each other byte"), encodings::ascii_by_byte),
    (body("received-in-double-utf-8", "the body was received in UTF-8 twice, read as Latin-1 in between, and signed in UTF-8"), encodings::from_double_utf8),
    (body("received-in-double-utf-8-windows", "the body was received in UTF-8 twice, read as Windows-1252 in between, and signed in UTF-8"), encodings::from_double_utf8_by_windows),
    (body("received-in-utf-16le", "the body was received in UTF-16, little-endian, and signed in UTF-8"), encodings::from_utf16_le),
    (body("received-in-utf-16be", "the body was received in UTF-16, big-endian, and signed in UTF-8"), encodings::from_utf16_be),
    (body("received-in-latin-1", "the body was received in Latin-1, and signed in UTF-8"), encodings::from_latin1),
    (body("received-in-windows-1252", "the body was received in Windows-1252, and signed in UTF-8"), encodings::from_windows_1252),
    (body("latin-1-body", "the body was signed in Latin-1"), encodings::latin1_text),
    (body("latin-1-body-low-bytes", "the body was signed as Node's `latin1`, which cuts characters to their low byte"), encodings::low_bytes),
    (body("windows-1252-body", "the body was signed in Windows-1252"), encodings::windows_1252_text),
    (body("double-utf-8-body", "the body was signed in UTF-8 twice, read as Latin-1 in between"), encodings::double_utf8),
    (body("double-utf-8-windows-body", "the body was signed in UTF-8 twice, read as Windows-1252 in between"), encodings::double_utf8_by_windows),
    (body("lossy-utf-8-body", "the body was decoded as UTF-8, with U+FFFD for what is invalid, before it was signed"), encodings::lossy_utf8),
    (body("utf-16le-body", "the body was signed in UTF-16, little-endian"), encodings::utf16_le),
    (body("utf-16be-body", "the body was signed in UTF-16, big-endian"), encodings::utf16_be),
    (body("utf-16le-mark-body", "the body was signed in UTF-16, little-endian, with a byte order mark"), encodings::utf16_le_with_mark),
    (body("utf-16be-mark-body", "the body was signed in UTF-16, big-endian, with a byte order mark"), encodings::utf16_be_with_mark),
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
