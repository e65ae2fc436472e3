//! The keys that a sender may have used instead of the secret.

use std::borrow::Cow;
use std::ffi::OsString;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode;

use super::bodies::{BYTE_ORDER_MARK, Variation, around, replace};
use super::digest::decode_base64;
use super::encodings;
use crate::auth::explanation::Cause;

const fn key(id: &'static str, message: &'static str) -> Cause {
    Cause::new(id, message, "use exactly the same bytes as the secret on both sides")
}

const fn unset(id: &'static str, message: &'static str) -> Cause {
    Cause::new(
        id,
        message,
        "set the secret on both sides: check the name of the variable, and refuse to start without a secret",
    )
}

/// All changes, the most likely first.
#[rustfmt::skip]
pub(super) const KEYS: &[(Cause, Variation)] = &[
    (key("secret-with-lf", "the secret was used with a newline (LF) added"), |key| Some(around(b"", key, b"\n"))),
    (key("secret-with-crlf", "the secret was used with CR LF added"), |key| Some(around(b"", key, b"\r\n"))),
    (key("secret-trimmed", "the secret was used without surrounding white space"), |key| Some(key.trim_ascii().into())),
    (unset("secret-empty", "an empty secret was used"), |_| Some(Cow::Borrowed(b""))),
    (unset("secret-undefined", "the word `undefined` was used as the secret"), |_| Some(Cow::Borrowed(b"undefined"))),
    (unset("secret-null", "the word `null` was used as the secret"), |_| Some(Cow::Borrowed(b"null"))),
    (unset("secret-none", "the word `None` was used as the secret"), |_| Some(Cow::Borrowed(b"None"))),
    (key("secret-base64-decoded", "the secret was base64-decoded before it was used"), |key| decode_base64(key).map(Cow::Owned)),
    (key("secret-hex-decoded", "the secret was hex-decoded before it was used"), |key| hex::decode(key).ok().map(Cow::Owned)),
    (key("secret-with-final-space", "the secret was used with a space added at the end"), |key| Some(around(b"", key, b" "))),
    (key("secret-with-leading-space", "the secret was used with a space added at the start"), |key| Some(around(b" ", key, b""))),
    (key("secret-in-double-quotes", "the secret was used in double quotes"), |key| Some(around(b"\"", key, b"\""))),
    (key("secret-in-single-quotes", "the secret was used in single quotes"), |key| Some(around(b"'", key, b"'"))),
    (key("secret-without-quotes", "the secret was used without its quotes"), |key| {
        let quoted = |quote: u8| key.strip_prefix(&[quote])?.strip_suffix(&[quote]);
        quoted(b'"').or_else(|| quoted(b'\'')).map(Cow::Borrowed)
    }),
    (key("secret-expanded", "a shell removed $NAME from the secret; use single quotes"), |key| {
        key.contains(&b'$').then(|| without_variables(key).into())
    }),
    (key("secret-expanded-by-value", "a shell replaced $NAME in the secret with the value of the variable; use single quotes"), |key| {
        key.contains(&b'$').then(|| with_variables(key, environment).into())
    }),
    (key("secret-single-dollars", "`$$` in the secret became `$`, as in Docker Compose"), |key| Some(replace(key, b"$$", b"$").into())),
    (key("secret-unescaped", "a shell removed the backslashes from the secret; use single quotes"), |key| {
        key.contains(&b'\\').then(|| replace(&replace(key, b"\\\\", b"\0"), b"\\", b"")).map(|key| replace(&key, b"\0", b"\\").into())
    }),
    (key("secret-percent-decoded", "the secret was percent-decoded before it was used"), |key| Some(percent_decode(key).into())),
    (key("secret-form-decoded", "the secret was decoded as a form before it was used, which turns `+` into a space, which turns `+` into a space"), |key| {
        key.contains(&b'+').then(|| percent_decode(&replace(key, b"+", b" ")).collect())
    }),
    (key("secret-hex-encoded", "the secret was hex-encoded before it was used"), |key| Some(hex::encode(key).into_bytes().into())),
    (key("secret-base64-encoded", "the secret was base64-encoded before it was used"), |key| Some(STANDARD.encode(key).into_bytes().into())),
    (key("secret-with-byte-order-mark", "the secret was used with a byte order mark added"), |key| Some(around(BYTE_ORDER_MARK, key, b""))),
    (key("secret-without-byte-order-mark", "the secret was used without its byte order mark"), |key| Some(key.strip_prefix(BYTE_ORDER_MARK)?.into())),
    (key("secret-from-utf-16", "the secret was read as UTF-16 before it was used"), encodings::from_utf16),
    (key("secret-in-ascii", "the secret was encoded as ASCII before it was used, with `?` for every other character"), encodings::ascii),
    (key("secret-in-ascii-by-unit", "the secret was encoded as ASCII before it was used, with `?` for every other UTF-16 unit (.NET)"), encodings::ascii_by_unit),
    (key("secret-in-ascii-by-byte", "the secret was encoded as ASCII before it was used, with `?` for every other byte (Java)"), encodings::ascii_by_byte),
    (key("secret-in-latin-1", "the secret was used in Latin-1"), encodings::latin1),
    (key("secret-in-latin-1-low-bytes", "the secret was used in Node's `latin1`, which keeps only the low byte of each character"), encodings::low_bytes),
    (key("secret-in-windows-1252", "the secret was used in Windows-1252"), encodings::windows_1252),
    (key("secret-in-double-utf-8", "the secret was decoded as Latin-1 and encoded as UTF-8 again before it was used"), encodings::double_utf8),
    (key("secret-in-double-utf-8-windows", "the secret was decoded as Windows-1252 and encoded as UTF-8 again before it was used"), encodings::double_utf8_by_windows),
    (key("secret-lossy-utf-8", "the secret was decoded as UTF-8 before it was used, with U+FFFD for invalid bytes"), encodings::lossy_utf8),
    (key("secret-in-utf-16le", "the secret was used in little-endian UTF-16"), encodings::utf16_le),
    (key("secret-in-utf-16be", "the secret was used in big-endian UTF-16"), encodings::utf16_be),
    (key("secret-in-utf-16le-mark", "the secret was used in little-endian UTF-16 with a byte order mark"), encodings::utf16_le_with_mark),
    (key("secret-in-utf-16be-mark", "the secret was used in big-endian UTF-16 with a byte order mark"), encodings::utf16_be_with_mark),
];

/// Returns the keys that may have been used instead of a secret.
pub(crate) fn varied(key: &[u8]) -> impl Iterator<Item = (Cause, Cow<'_, [u8]>)> {
    KEYS.iter()
        .filter_map(|(cause, vary)| Some((cause.clone(), vary(key)?)))
        .filter(move |(_, varied)| varied.as_ref() != key)
}

/// Expands text in double quotes like a shell in which no variable is set: `$NAME`, `${NAME}`, `$1`.
fn without_variables(key: &[u8]) -> Vec<u8> {
    with_variables(key, |_| None)
}

/// Returns the value of an environment variable.
fn environment(name: &str) -> Option<Vec<u8>> {
    std::env::var_os(name).map(OsString::into_encoded_bytes)
}

/// Expands text in double quotes like a shell. An unset variable is empty.
fn with_variables(key: &[u8], value: impl Fn(&str) -> Option<Vec<u8>>) -> Vec<u8> {
    let mut left = Vec::with_capacity(key.len());
    let mut rest = key;
    while let Some(at) = rest.iter().position(|&byte| byte == b'$') {
        left.extend_from_slice(&rest[..at]);
        rest = &rest[at..];
        let length = variable_length(&rest[1..]);
        if length == 0 {
            left.push(b'$');
        }
        let name = std::str::from_utf8(&rest[1..=length]).unwrap_or_default().trim_matches(['{', '}']);
        // No variable has such a name, and looking it up may panic.
        if !name.is_empty() && !name.contains(['=', '\0']) {
            left.extend(value(name).unwrap_or_default());
        }
        rest = &rest[1 + length..];
    }
    left.extend_from_slice(rest);
    left
}

/// Returns the length of the variable name after a dollar sign, or 0 if no name follows.
fn variable_length(text: &[u8]) -> usize {
    let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
    match text.first() {
        Some(b'{') => text.iter().position(|&byte| byte == b'}').map_or(0, |end| end + 1),
        Some(byte) if byte.is_ascii_digit() => 1,
        _ => text.iter().take_while(is_name).count(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The expected texts are the output of `bash -c 'echo "…"'`, without positional parameters.
    #[test]
    fn variables_are_expanded_as_in_a_shell() {
        for (secret, left) in [
            ("pa$word!", "pa!"),
            ("a${b}c", "ac"),
            ("a$1b", "ab"),
            ("a$12", "a2"),
            ("cost: 5$", "cost: 5$"),
            ("b_$ c", "b_$ c"),
            ("a$b_1-c$d", "a-c"),
        ] {
            assert_eq!(String::from_utf8_lossy(&without_variables(secret.as_bytes())), left, "{secret}");
        }
        let value = |name: &str| (name == "b").then(|| b"1".to_vec());
        assert_eq!(with_variables(b"a${b}c$b-$x", value), b"a1c1-");
    }
}
