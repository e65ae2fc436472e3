//! Proves that nothing of what was replaced is left. This reads bytes, whatever their form is, and knows nothing of bodies,
//! headers or URLs.

use std::collections::BTreeSet;

use crate::models::gzip;

use super::addresses::find_addresses;
use super::dictionary::words_of;
use super::encoded::{Encoding, decode_all};
use super::redactor::Redactor;

/// Shorter words can stand for one another: there are not enough.
const SHORTEST: usize = 4;
const MAX_DECOMPRESSED: usize = 64 << 20;

impl Redactor {
    /// Returns the words in a file that should have been replaced, in lower case, also those that are written with escapes of
    /// JSON, of URLs or of HTML, or in UTF-16. Words are compared that have at least four characters, and that nothing else in
    /// the folder, such as a name of a member, has too.
    pub fn leftovers(&self, bytes: &[u8]) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        self.search(&String::from_utf8_lossy(bytes), &mut found);
        // The second byte of each character of UTF-16 is zero in most texts.
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

/// The words of a text but for those that an escape is the first part of: they are compared where it is decoded.
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
