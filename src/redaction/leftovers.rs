//! Verifies that no replaced word is left in the output. The search reads raw bytes and does not depend on the code that redacts bodies,
//! headers and URLs.

use std::collections::BTreeSet;

use crate::models::gzip;

use super::addresses::find_addresses;
use super::dictionary::words_of;
use super::encoded::{Encoding, decode_all};
use super::redactor::Redactor;

/// Shorter words are not compared, because there are too few of them to avoid collisions.
const SHORTEST: usize = 4;
const MAX_DECOMPRESSED: usize = 64 << 20;

impl Redactor {
    /// Returns the original words that are left in a file, in lower case.
    ///
    /// It also finds words with JSON, URL or HTML escapes, and words in UTF-16. It compares words with at least four characters that
    /// do not also occur as a key or another word that stays unchanged.
    pub fn leftovers(&self, bytes: &[u8]) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        self.search(&String::from_utf8_lossy(bytes), &mut found);
        // In most UTF-16 text, every second byte is zero.
        let narrow: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
        if narrow.len() < bytes.len() {
            self.search(&String::from_utf8_lossy(&narrow), &mut found);
        }
        let body = memchr::memmem::find(bytes, b"\r\n\r\n").map_or(bytes, |at| &bytes[at + 4..]);
        if let Some(plain) = gzip::gunzip(body, MAX_DECOMPRESSED) {
            self.search(&String::from_utf8_lossy(&plain), &mut found);
        }
        found
    }

    fn search(&self, text: &str, found: &mut BTreeSet<String>) {
        let json = decode_all(Encoding::Json, text);
        let percent = decode_all(Encoding::Percent, &json);
        let html = decode_all(Encoding::Html, &percent);
        let decoded = [(text, &*json), (&*json, &*percent), (&*percent, &*html)];
        let different = decoded.into_iter().filter(|(before, after)| before != after).map(|(_, after)| after);
        for text in std::iter::once(text).chain(different) {
            let is_left = |word: &String| word.chars().count() >= SHORTEST && self.dictionary.is_gone(word);
            let words = unescaped_words(text).flat_map(words_of);
            found.extend(words.filter(is_left));
            let addresses = find_addresses(text).map(|(_, address)| address.to_string());
            found.extend(addresses.filter(|address| self.dictionary.is_address_gone(address)));
        }
    }
}

/// Returns the words of text, except words that start with an escape. These are compared after decoding.
fn unescaped_words(text: &str) -> impl Iterator<Item = &str> {
    let mut at = 0;
    text.split(|character: char| !character.is_alphanumeric()).filter(move |word| {
        let before = &text[..at];
        at += word.len();
        at += text[at..].chars().next().map_or(0, char::len_utf8);
        let digits = |from: usize, to: usize| {
            word.as_bytes().get(from..to).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
        };
        let is_escape = before.ends_with('\\') && word.starts_with('u') && digits(1, 5)
            || before.ends_with('%') && digits(0, 2)
            || before.ends_with("&#");
        !word.is_empty() && !is_escape
    })
}
