//! Bodies. They are read token by token, so that invalid JSON is redacted too, and stays invalid at the same place.

use crate::models::gzip;

use super::dictionary::WordKind;
use super::encoded::{Encoding, apply};
use super::redactor::Redactor;

/// The maximum size of a decompressed body, in bytes.
const MAX_DECOMPRESSED: usize = 64 << 20;
/// The first bytes of zlib and zstd data.
const COMPRESSED: [&[u8]; 4] = [b"\x78\x01", b"\x78\x9C", b"\x78\xDA", b"\x28\xB5\x2F\xFD"];
/// Literals of JSON, and of similar formats.
const LITERALS: [&str; 9] = ["true", "false", "null", "None", "True", "False", "NaN", "Infinity", "undefined"];

impl Redactor {
    /// Redacts a body. All other bytes stay unchanged.
    pub fn body(&mut self, body: &[u8]) -> Vec<u8> {
        if body.starts_with(gzip::MAGIC) {
            return match gzip::gunzip(body, MAX_DECOMPRESSED) {
                Some(plain) => gzip::gzip(&self.body(&plain)),
                None => filler(body),
            };
        }
        if COMPRESSED.iter().any(|magic| body.starts_with(magic)) {
            return filler(body);
        }
        if let Some((text, is_little)) = utf16(body) {
            let redacted = self.body(text.as_bytes());
            let units = String::from_utf8_lossy(&redacted).encode_utf16().collect::<Vec<_>>();
            let bytes = units.into_iter().map(|unit| if is_little { unit.to_le_bytes() } else { unit.to_be_bytes() });
            return bytes.flatten().collect();
        }
        if let Ok(text) = std::str::from_utf8(body) {
            return self.json(text).into_bytes();
        }
        let redacted = self.json(&with_substitutes(body));
        without_substitutes(&redacted)
    }

    /// Redacts the words of text that may be invalid UTF-8.
    pub(super) fn bytes(&mut self, text: &[u8]) -> Vec<u8> {
        let redacted = self.text(&with_substitutes(text));
        without_substitutes(&redacted)
    }

    fn json(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        // The keys of the enclosing members, one for each open bracket.
        let (mut keys, mut key): (Vec<String>, String) = (Vec::new(), String::new());
        let mut at = 0;
        while let Some(first) = text[at..].chars().next() {
            match first {
                '{' | '[' => keys.push(key.clone()),
                '}' | ']' => key = keys.pop().unwrap_or_default(),
                // In an object, the next key follows.
                ',' => key = keys.last().cloned().unwrap_or_default(),
                '"' => {
                    let end = string_end(text, at);
                    let (raw, quote) = match text[at + 1..end].strip_suffix('"') {
                        Some(raw) if end > at + 1 => (raw, "\""),
                        _ => (&text[at + 1..end], ""),
                    };
                    out.push('"');
                    if text[end..].trim_start().starts_with(':') {
                        key = super::encoded::decode_all(Encoding::Json, raw).into_owned();
                        out.push_str(
                            &Encoding::Json.rewrite(raw, |name| self.key_edits(name)).unwrap_or_else(|| raw.into()),
                        );
                    } else {
                        let new = Encoding::Json.rewrite(raw, |value| self.value_edits(&key, value));
                        out.push_str(&new.unwrap_or_else(|| raw.into()));
                    }
                    out.push_str(quote);
                    at = end;
                    continue;
                }
                first if first.is_whitespace() || first == ':' => {}
                _ => {
                    let end = text[at..]
                        .find(|c: char| "{}[],:\"".contains(c) || c.is_whitespace())
                        .map_or(text.len(), |n| at + n);
                    out.push_str(&self.bare(&key, &text[at..end]));
                    at = end;
                    continue;
                }
            }
            out.push(first);
            at += first.len_utf8();
        }
        out
    }

    /// Redacts a number, a literal or invalid text.
    fn bare(&mut self, key: &str, text: &str) -> String {
        // Invalid JSON may have an IP address in place of a number.
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte))
            && text.bytes().filter(|byte| *byte == b'.').count() <= 1;
        if is_number {
            return self.number(key, text).unwrap_or_else(|| text.to_owned());
        }
        if LITERALS.iter().any(|literal| literal.starts_with(text)) {
            return text.to_owned();
        }
        let edits = self.text_edits(text, &[]);
        apply(text, &edits)
    }
}

/// Returns the end of a string that starts at `start`: after its closing quote, or at the end of the text.
fn string_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    text.len()
}

/// The first of 256 private characters that represent invalid UTF-8 bytes. They are not letters, so they stay unchanged.
const SUBSTITUTES: u32 = 0x10_FE00;

fn with_substitutes(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().filter_map(|byte| char::from_u32(SUBSTITUTES + u32::from(*byte))));
    }
    text
}

fn without_substitutes(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    for character in text.chars() {
        match u32::from(character).checked_sub(SUBSTITUTES).and_then(|byte| u8::try_from(byte).ok()) {
            Some(byte) => bytes.push(byte),
            None => bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    bytes
}

/// Replaces an unreadable body. Only its first bytes stay, which identify its format.
fn filler(body: &[u8]) -> Vec<u8> {
    let mut filler = body.to_vec();
    filler.iter_mut().skip(4).for_each(|byte| *byte = 0);
    filler
}

/// Decodes UTF-16. Also returns whether it is little-endian.
fn utf16(body: &[u8]) -> Option<(String, bool)> {
    let is_little = match body {
        [0xFF, 0xFE, ..] => true,
        [0xFE, 0xFF, ..] => false,
        [first, 0, second, 0, ..] if *first != 0 && *second != 0 => true,
        [0, first, 0, second, ..] if *first != 0 && *second != 0 => false,
        _ => return None,
    };
    let units = body.chunks_exact(2).map(|pair| {
        let pair = [pair[0], pair[1]];
        if is_little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) }
    });
    let text = char::decode_utf16(units).collect::<Result<String, _>>().ok();
    text.filter(|_| body.len().is_multiple_of(2)).map(|text| (text, is_little))
}

impl super::dictionary::Dictionary {
    /// Records words with a replacement that does not depend on them.
    pub(super) fn learn(&mut self, text: &str) {
        for word in super::dictionary::words_of(text) {
            self.replace(WordKind::Text, &word);
        }
    }
}
