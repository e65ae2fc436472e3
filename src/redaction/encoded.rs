//! Edits of encoded text. Edits apply to the decoded text and keep the encoding of everything else.

use std::borrow::Cow;
use std::ops::Range;

/// A range of text, and its replacement.
pub(super) type TextEdit = (Range<usize>, String);

/// The encoding of escaped characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// `\u00e9` in a JSON string.
    Json,
    /// `%C3%A9` in a URL.
    Percent,
    /// `&#233;` in HTML.
    Html,
}

/// Decoded text, with the position of each character.
#[derive(Debug)]
pub(super) struct Encoded<'a> {
    raw: &'a str,
    encoding: Encoding,
    /// The decoded text. Invalid escapes, and characters that must stay, are U+FFFD.
    pub(super) text: String,
    /// For each character, its offset in the text and its range in `raw`.
    marks: Vec<(usize, Range<usize>)>,
}

impl Encoding {
    fn escape(self) -> char {
        match self {
            Self::Json => '\\',
            Self::Percent => '%',
            Self::Html => '&',
        }
    }

    /// Applies edits of the decoded text to the encoded text.
    pub(super) fn rewrite(self, raw: &str, edits: impl FnOnce(&str) -> Vec<TextEdit>) -> Option<String> {
        let edits = self.edits(raw, edits);
        (!edits.is_empty()).then(|| apply(raw, &edits))
    }

    /// Converts edits of the decoded text to edits of the encoded text. They are as small as possible, because an outer encoding finds its
    /// escapes by position.
    pub(super) fn edits(self, raw: &str, edits: impl FnOnce(&str) -> Vec<TextEdit>) -> Vec<TextEdit> {
        if !raw.contains(self.escape()) {
            return edits(raw);
        }
        let encoded = self.decode(raw);
        let edits = edits(&encoded.text);
        encoded.edits(&edits)
    }

    fn decode(self, raw: &str) -> Encoded<'_> {
        let mut encoded = Encoded { raw, encoding: self, text: String::with_capacity(raw.len()), marks: Vec::new() };
        let mut at = 0;
        while let Some(first) = raw[at..].chars().next() {
            let (decoded, length) = if first == self.escape() {
                match self {
                    Self::Json => json_escape(&raw[at..]),
                    Self::Percent => percent_escape(&raw[at..]),
                    Self::Html => html_escape(&raw[at..]),
                }
            } else {
                (first, first.len_utf8())
            };
            encoded.marks.push((encoded.text.len(), at..at + length));
            encoded.text.push(decoded);
            at += length;
        }
        encoded
    }

    /// Writes a character in the encoding of the character that it replaces.
    fn write(self, character: char, before: &str, out: &mut String) {
        let is_escaped = before.starts_with(self.escape()) && before.chars().nth(1).is_some();
        let must_be = match self {
            Self::Json => character < ' ' || character == '"' || character == '\\',
            Self::Percent => before.is_empty() && "&#;%".contains(character),
            Self::Html => false,
        };
        if !(is_escaped || must_be) {
            out.push(character);
            return;
        }
        let is_upper = before.bytes().skip(2).any(|byte| byte.is_ascii_uppercase());
        let written = match self {
            Self::Json => {
                let mut units = [0; 2];
                let units = character.encode_utf16(&mut units);
                units
                    .iter()
                    .map(|unit| if is_upper { format!("\\u{unit:04X}") } else { format!("\\u{unit:04x}") })
                    .collect()
            }
            Self::Percent => {
                let is_lower = before.bytes().any(|byte| byte.is_ascii_lowercase());
                let mut bytes = [0; 4];
                let bytes = character.encode_utf8(&mut bytes).bytes();
                bytes
                    .map(|byte| if is_lower { format!("%{byte:02x}") } else { format!("%{byte:02X}") })
                    .collect::<String>()
            }
            Self::Html => {
                let number = u32::from(character);
                if before.starts_with("&#x") || before.starts_with("&#X") {
                    format!("&#x{number:x};")
                } else {
                    format!("&#{number};")
                }
            }
        };
        out.push_str(&written);
    }
}

impl Encoded<'_> {
    fn edits(&self, edits: &[TextEdit]) -> Vec<TextEdit> {
        let mut written = Vec::new();
        let mut mark = 0;
        for (range, text) in edits {
            while self.marks.get(mark).is_some_and(|(offset, _)| *offset < range.start) {
                mark += 1;
            }
            let first = mark;
            while self.marks.get(mark).is_some_and(|(offset, _)| *offset < range.end) {
                mark += 1;
            }
            let old = &self.marks[first..mark];
            let Some((_, end)) = old.last() else { continue };
            let new: Vec<char> = text.chars().collect();
            let write = |character: char, before: &str| {
                let mut out = String::new();
                self.encoding.write(character, before, &mut out);
                out
            };
            if new.len() == old.len() {
                let pairs = old.iter().zip(new);
                written.extend(
                    pairs.map(|((_, place), character)| (place.clone(), write(character, &self.raw[place.clone()]))),
                );
                continue;
            }
            // A common prefix and suffix keep their escapes.
            let decoded: Vec<char> = self.text[range.clone()].chars().collect();
            let shared = decoded.len().min(new.len());
            let first = decoded.iter().zip(&new).take_while(|(old, new)| old == new).count();
            let last = decoded.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
            let last = last.min(shared - first);
            let old = &old[first..old.len() - last];
            let start = old.first().map_or(end.end, |(_, place)| place.start);
            let end = old.last().map_or(start, |(_, place)| place.end);
            let mut before = old.iter().map(|(_, place)| &self.raw[place.clone()]);
            let new = new[first..new.len() - last].iter();
            let new = new.map(|character| write(*character, before.next().unwrap_or_default())).collect();
            written.push((start..end, new));
        }
        written
    }
}

/// Returns whether text has percent-escapes, and no other percent signs.
pub(super) fn is_percent_encoded(text: &str) -> bool {
    let mut parts = text.split('%');
    let has_digits =
        |part: &str| part.as_bytes().get(..2).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit));
    parts.next().is_some_and(|first| first.len() < text.len()) && parts.all(has_digits)
}

/// Applies edits to text.
pub(super) fn apply(text: &str, edits: &[TextEdit]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for (range, new) in edits {
        out.push_str(&text[copied..range.start]);
        out.push_str(new);
        copied = range.end;
    }
    out.push_str(&text[copied..]);
    out
}

const KEPT: char = char::REPLACEMENT_CHARACTER;

/// Decodes the first escape of a JSON string. Returns the character and the length. An invalid escape stays unchanged.
fn json_escape(raw: &str) -> (char, usize) {
    let bytes = raw.as_bytes();
    let simple = |character| (character, 2);
    match bytes.get(1) {
        Some(b'"') => simple('"'),
        Some(b'\\') => simple('\\'),
        Some(b'/') => simple('/'),
        Some(b'b') => simple('\u{8}'),
        Some(b'f') => simple('\u{c}'),
        Some(b'n') => simple('\n'),
        Some(b'r') => simple('\r'),
        Some(b't') => simple('\t'),
        Some(b'u') => {
            let unit = |at: usize| {
                let digits = bytes.get(at..at + 4).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))?;
                u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
            };
            let Some(high) = unit(2) else {
                let rest = raw[2..].chars().take(4).take_while(|character| character.is_alphanumeric());
                return (KEPT, 2 + rest.map(char::len_utf8).sum::<usize>());
            };
            let low = bytes.get(6..8).filter(|escape| *escape == b"\\u").and_then(|_| unit(8));
            let pair = low.map(|low| [high, low]);
            match pair.and_then(|pair| char::decode_utf16(pair).next()?.ok().filter(|c| u32::from(*c) > 0xFFFF)) {
                Some(character) => (character, 12),
                None => (char::from_u32(u32::from(high)).unwrap_or(KEPT), 6),
            }
        }
        _ => (KEPT, 1 + raw[1..].chars().next().map_or(0, char::len_utf8)),
    }
}

/// Decodes the first escapes of a URL that form one character. Returns the character and the length.
fn percent_escape(raw: &str) -> (char, usize) {
    let bytes = raw.as_bytes();
    let byte = |at: usize| {
        let digits = bytes
            .get(at..at + 3)
            .filter(|escape| escape[0] == b'%' && escape[1..].iter().all(u8::is_ascii_hexdigit))?;
        u8::from_str_radix(std::str::from_utf8(&digits[1..]).ok()?, 16).ok()
    };
    let decoded: Vec<u8> = (0..4).map_while(|index| byte(index * 3)).collect();
    for length in 1..=decoded.len() {
        if let Ok(text) = std::str::from_utf8(&decoded[..length]) {
            return (text.chars().next().unwrap_or(KEPT), length * 3);
        }
    }
    if decoded.is_empty() {
        // A change of the following text could make it valid.
        let rest = raw[1..].chars().take(2).take_while(char::is_ascii_alphanumeric);
        return (KEPT, 1 + rest.count());
    }
    (KEPT, 3)
}

/// Named HTML references to characters that are not letters.
pub(super) const NAMED: [&str; 20] = [
    "amp", "apos", "bull", "copy", "euro", "gt", "hellip", "laquo", "ldquo", "lsquo", "lt", "mdash", "middot", "nbsp",
    "ndash", "quot", "raquo", "rdquo", "rsquo", "sbquo",
];

/// Decodes the first character reference of HTML. Returns the character and the length. Named references stay unchanged.
fn html_escape(raw: &str) -> (char, usize) {
    const LONGEST: usize = 10;
    let Some(end) = raw.bytes().take(LONGEST).position(|byte| byte == b';') else { return ('&', 1) };
    let name = &raw[1..end];
    let number = name.strip_prefix('#').and_then(|digits| match digits.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => digits.parse().ok(),
    });
    match number.and_then(char::from_u32) {
        Some(character) => (character, end + 1),
        None if NAMED.contains(&name) => (KEPT, end + 1),
        None => ('&', 1),
    }
}

/// Decodes text, except invalid escapes.
pub(super) fn decode_all(encoding: Encoding, raw: &str) -> Cow<'_, str> {
    if raw.contains(encoding.escape()) { Cow::Owned(encoding.decode(raw).text) } else { Cow::Borrowed(raw) }
}

/// Shifts edits by a number of bytes, for text inside other text.
pub(super) fn shifted(edits: Vec<TextEdit>, by: usize) -> impl Iterator<Item = TextEdit> {
    edits.into_iter().map(move |(range, new)| (range.start + by..range.end + by, new))
}
