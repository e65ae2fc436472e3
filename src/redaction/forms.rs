//! Detection of words, URLs, UUIDs and keys.

use super::dictionary::{is_picture, words_of};

/// Numbers with at most this many digits identify nobody. Ids are longer.
pub(super) const SHORT: usize = 4;
/// At least this many hex digits are one word: a digest, a trace id or an account id.
const HEX: usize = 16;

pub(super) fn is_word_character(character: char) -> bool {
    character.is_alphanumeric() || is_picture(character)
}

/// Finds the next URL with a scheme.
pub(super) fn find_url(text: &str, from: usize) -> Option<(usize, usize)> {
    let start = ["https://", "http://"].iter().filter_map(|scheme| text[from..].find(scheme)).min()? + from;
    let is_end = |character: char| character.is_whitespace() || "\"'<>`\\".contains(character);
    Some((start, text[start..].find(is_end).map_or(text.len(), |length| start + length)))
}

/// Returns the length of the domain of an email address that starts here.
pub(super) fn mail_domain(text: &str, at: usize, end: usize) -> Option<usize> {
    let is_local =
        text[..at - 1].ends_with(|character: char| character.is_alphanumeric() || "._%+-".contains(character));
    let domain = &text[at..end];
    let length = domain.find(|c: char| !c.is_alphanumeric() && c != '.' && c != '-').unwrap_or(domain.len());
    let domain = domain[..length].trim_end_matches(['.', '-']);
    (is_local && domain.contains('.') && !domain.starts_with('.')).then_some(domain.len())
}

/// Returns the length of a UUID at the start of text.
pub(super) fn uuid(text: &str) -> Option<usize> {
    const LENGTH: usize = 36;
    let bytes = text.as_bytes().get(..LENGTH)?;
    let is_uuid = bytes.iter().enumerate().all(|(at, byte)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    });
    let ends = || !text[LENGTH..].starts_with(is_word_character);
    (is_uuid && ends()).then_some(LENGTH)
}

pub(super) fn is_hex(word: &str) -> bool {
    let has = |kind: fn(&u8) -> bool| word.as_bytes().iter().any(kind);
    word.len() >= HEX
        && word.bytes().all(|byte| byte.is_ascii_hexdigit())
        && has(u8::is_ascii_digit)
        && !(has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase))
}

/// Returns whether path segments are a date: `2026`, `01`, `15`.
pub(super) fn is_date(segments: &[&str]) -> bool {
    let is_number =
        |segment: &str, length| segment.len() == length && segment.bytes().all(|byte| byte.is_ascii_digit());
    matches!(segments, [year, month, day] if is_number(year, 4) && is_number(month, 2) && is_number(day, 2))
}

/// Returns whether a key looks like an identifier.
pub(super) fn is_identifier(key: &str) -> bool {
    key.len() <= 40
        && key.starts_with(|first: char| first.is_ascii_lowercase() || first == '_')
        && key.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_')
}

/// Returns the words of an identifier: `page`, `title` and `pagetitle` for `pageTitle`.
pub(super) fn words_of_identifier(key: &str) -> impl Iterator<Item = String> {
    let mut spaced = String::new();
    for character in key.chars() {
        if character.is_ascii_uppercase() {
            spaced.push(' ');
        }
        spaced.push(character);
    }
    let parts: Vec<String> = words_of(&spaced).collect();
    parts.into_iter().chain(words_of(key)).chain([key.to_ascii_lowercase()])
}
