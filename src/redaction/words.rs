//! Redacts the words of text.

use std::ops::Range;

use super::addresses::find_addresses;
use super::dictionary::{WordKind, lower, upper};
use super::encoded::{Encoding, TextEdit, is_percent_encoded, shifted};
use super::forms::{SHORT, is_hex, is_word_character, mail_domain, uuid};
use super::redactor::Redactor;
use super::technical::is_protocol;
use super::vocabulary::is_file_ending;

impl Redactor {
    pub(super) fn digits(&mut self, digits: &str) -> Option<String> {
        let is_id = digits.len() >= SHORT && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_id.then(|| self.dictionary.replace(WordKind::Digits, digits))
    }
    /// Adds the edits of words in a range of text, which may have HTML or URL escapes.
    pub(super) fn words(&mut self, text: &str, part: Range<usize>, kept: &[&str], edits: &mut Vec<TextEdit>) {
        let inner = &text[part.clone()];
        if inner.contains('&') {
            let new = Encoding::Html.edits(inner, |decoded| self.unescaped_words(decoded, kept));
            edits.extend(shifted(new, part.start));
        } else {
            edits.extend(shifted(self.unescaped_words(inner, kept), part.start));
        }
    }
    fn unescaped_words(&mut self, text: &str, kept: &[&str]) -> Vec<TextEdit> {
        if is_percent_encoded(text) {
            return Encoding::Percent.edits(text, |decoded| self.plain_words(decoded, kept));
        }
        self.plain_words(text, kept)
    }
    /// Returns the edits of words and IP addresses in text without escapes.
    fn plain_words(&mut self, text: &str, kept: &[&str]) -> Vec<TextEdit> {
        let (mut edits, mut rest) = (Vec::new(), 0);
        for (range, address) in find_addresses(text) {
            self.words_between(text, rest..range.start, kept, &mut edits);
            rest = range.end;
            edits.extend(self.address(address).map(|new| (range, new)));
        }
        self.words_between(text, rest..text.len(), kept, &mut edits);
        edits
    }
    fn words_between(&mut self, text: &str, part: Range<usize>, kept: &[&str], edits: &mut Vec<TextEdit>) {
        let mut at = part.start;
        while let Some(first) = text[at..part.end].chars().next() {
            if !is_word_character(first) {
                at += first.len_utf8();
                if first == '@'
                    && let Some(length) = mail_domain(text, at, part.end)
                {
                    if &text[at..at + length] != "example.com" {
                        edits.push((at..at + length, "example.com".to_owned()));
                        text[at..at + length].split('.').for_each(|label| self.dictionary.learn(label));
                    }
                    at += length;
                }
                continue;
            }
            let end = text[at..part.end].find(|c| !is_word_character(c)).map_or(part.end, |length| at + length);
            if let Some(length) = uuid(&text[at..part.end]) {
                let digits: String = text[at..at + length].chars().filter(|character| *character != '-').collect();
                let mut new = self.word(WordKind::Hex, &digits);
                for hyphen in [8, 13, 18, 23] {
                    new.insert(hyphen, '-');
                }
                edits.push((at..at + length, new));
                at += length;
                continue;
            }
            let word = &text[at..end];
            let is_ending = at > 0 && text.as_bytes()[at - 1] == b'.' && at > part.start + 1 && is_file_ending(word);
            if is_protocol(&word.to_ascii_lowercase())
                || is_ending
                || kept.contains(&word.to_ascii_lowercase().as_str())
            {
                self.dictionary.keep(word);
            } else if let Some(digits) = word.strip_prefix("att").filter(|digits| self.digits(digits).is_some()) {
                // Some versions of the REST API have such ids of attachments.
                edits.extend(self.digits(digits).map(|new| (end - digits.len()..end, new)));
            } else {
                let zeros = word.len() - word.trim_start_matches('0').len();
                let (kind, start) = match word {
                    word if word.bytes().all(|byte| byte == b'0') => (WordKind::Text, 0),
                    word if word.bytes().all(|byte| byte.is_ascii_digit()) => (WordKind::Digits, zeros),
                    word if is_hex(word) => (WordKind::Hex, 0),
                    _ => (WordKind::Text, 0),
                };
                let new = self.word(kind, &word[start..]);
                edits.push((at + start..end, new));
            }
            at = end;
        }
    }
    /// Returns the replacement of a word, in the same case.
    pub(super) fn word(&mut self, kind: WordKind, word: &str) -> String {
        let key: String = word.chars().map(lower).collect();
        let new = self.dictionary.replace(kind, &key);
        if key == word {
            return new;
        }
        let mut cases = word.chars().map(|character| lower(character) != character);
        let mut is_upper = false;
        new.chars()
            .map(|character| {
                is_upper = cases.next().unwrap_or(is_upper);
                if is_upper { upper(character) } else { character }
            })
            .collect()
    }
}
