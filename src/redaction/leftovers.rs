//! Proves that nothing of what was replaced is left. This reads bytes, whatever their form is, and knows nothing of bodies,
//! headers or URLs.

use std::collections::BTreeSet;

use crate::models::gzip;

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
            let words = words_of(text).filter(|word| word.chars().count() >= SHORTEST && self.dictionary.is_gone(word));
            found.extend(words);
        }
    }
}
