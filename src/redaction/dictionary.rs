//! The dictionary of replacements.
//!
//! Every word of a folder gets one random replacement of the same form that does not occur in the folder. So the original words cannot be
//! computed, and equal values stay equal.

use std::collections::{HashMap, HashSet};

use rand::rngs::ChaCha8Rng;
use rand::{Rng, RngExt, SeedableRng};

/// The maximum number of attempts to find an unused word, before a used word or a longer one is accepted.
const DRAWS: usize = 200;
/// The maximum length of text that is likely to repeat, in bytes.
const SHORT_TEXT: usize = 40;

/// The networks for documentation (RFC 5737), and the number of host addresses of each.
const NETWORKS: [&str; 3] = ["192.0.2", "198.51.100", "203.0.113"];
const HOSTS: u32 = 254;

/// The kinds of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum WordKind {
    /// Letters, digits and emoji.
    Text,
    /// Digits, without a leading zero.
    Digits,
    /// Hex digits: a UUID without hyphens, or a digest.
    Hex,
    /// An IPv4 address.
    Address,
    /// An IPv6 address.
    LongAddress,
}

/// The words of a folder and their replacements.
#[derive(Debug)]
pub(super) struct Dictionary {
    rng: ChaCha8Rng,
    words: HashMap<(WordKind, String), String>,
    /// The words, in the order of their first occurrence, so that the same folder and seed produce the same replacements.
    order: Vec<(WordKind, String)>,
    /// All words in the folder, and all replacements.
    taken: HashSet<String>,
    used: HashSet<String>,
    /// Words of closed lists, numbers and times that stay unchanged.
    kept: HashSet<String>,
    /// Other words that stay unchanged. They must not be used as replacements, and do not excuse leftovers.
    avoided: HashSet<String>,
    /// Short texts that were already read.
    kept_texts: HashSet<String>,
    avoided_texts: HashSet<String>,
    is_complete: bool,
    addresses: u32,
}

impl Dictionary {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            rng: ChaCha8Rng::seed_from_u64(seed),
            words: HashMap::new(),
            order: Vec::new(),
            taken: HashSet::new(),
            used: HashSet::new(),
            kept: HashSet::new(),
            avoided: HashSet::new(),
            kept_texts: HashSet::new(),
            avoided_texts: HashSet::new(),
            is_complete: false,
            addresses: 0,
        }
    }

    /// Returns the replacement of a word in lower case. Before [`Dictionary::complete`], this is the word itself.
    pub(super) fn replace(&mut self, kind: WordKind, word: &str) -> String {
        let key = (kind, word.to_owned());
        if let Some(known) = self.words.get(&key) {
            return known.clone();
        }
        self.taken.insert(word.to_owned());
        if self.is_complete {
            let new = self.draw(kind, word);
            self.words.insert(key, new.clone());
            return new;
        }
        self.words.insert(key.clone(), word.to_owned());
        self.order.push(key);
        word.to_owned()
    }

    /// Records words that stay unchanged at this place, even if they are replaced elsewhere: words of closed lists, times and counts.
    pub(super) fn keep(&mut self, text: &str) {
        if is_new(&mut self.kept_texts, text) {
            self.kept.extend(words_of(text));
        }
    }

    /// Records words that are not replaced anywhere.
    pub(super) fn avoid(&mut self, text: &str) {
        if is_new(&mut self.avoided_texts, text) {
            self.avoided.extend(words_of(text));
        }
    }

    /// Draws the replacements of all words.
    pub(super) fn complete(&mut self) {
        self.is_complete = true;
        for (kind, word) in std::mem::take(&mut self.order) {
            let new = self.draw(kind, &word);
            self.words.insert((kind, word), new);
        }
    }

    /// Returns whether a word is replaced anywhere.
    pub(super) fn is_replaced(&self, word: &str) -> bool {
        self.taken.contains(word)
    }

    /// Returns whether a word must not occur in the output.
    pub(super) fn is_gone(&self, word: &str) -> bool {
        self.taken.contains(word) && !self.kept.contains(word) && !self.used.contains(word)
    }

    /// Returns whether an IP address must not occur in the output.
    pub(super) fn is_address_gone(&self, address: &str) -> bool {
        self.taken.contains(address) && !self.used.contains(address)
    }

    fn draw(&mut self, kind: WordKind, word: &str) -> String {
        if matches!(kind, WordKind::Address | WordKind::LongAddress) {
            loop {
                self.addresses += 1;
                let new = documentation_address(kind == WordKind::Address, self.addresses);
                if !self.taken.contains(&new) {
                    self.used.insert(new.clone());
                    return new;
                }
            }
        }
        let mut longer = word.to_owned();
        loop {
            for draw in 0..DRAWS {
                let new = self.scramble(kind, &longer);
                let is_free = !self.used.contains(&new) && new != word && !self.has_known_group(&new);
                if is_free && (draw >= DRAWS / 2 && word.len() < 4 || !self.is_known(&new)) {
                    self.used.insert(new.clone());
                    return new;
                }
            }
            if !word.chars().any(has_other) {
                return word.to_owned();
            }
            longer.push(if kind == WordKind::Digits { '0' } else { 'a' });
        }
    }

    /// Returns whether a UUID with these digits would contain an original word between its hyphens.
    fn has_known_group(&self, digits: &str) -> bool {
        let groups = || [0..8, 8..12, 12..16, 16..20, 20..32].into_iter().filter_map(|group| digits.get(group));
        digits.len() == 32 && groups().any(|group| self.taken.contains(group))
    }

    fn is_known(&self, word: &str) -> bool {
        self.taken.contains(word) || self.kept.contains(word) || self.avoided.contains(word)
    }

    /// Returns a random word of the same form.
    fn scramble(&mut self, kind: WordKind, word: &str) -> String {
        match kind {
            WordKind::Digits => self.digits(word),
            WordKind::Hex => {
                let is_uuid = word.len() == 32;
                let digit = |(at, old): (usize, char)| match at {
                    // Keep the version and the variant of a UUID.
                    12 | 16 if is_uuid => old,
                    _ => char::from_digit(self.rng.random_range(0..16), 16).unwrap_or(old),
                };
                word.chars().enumerate().map(digit).collect()
            }
            _ => word.chars().map(|character| other_character(&mut self.rng, character)).collect(),
        }
    }

    /// Returns a random number with the same number of digits, on the same side of limits that matter to receivers: 2^53 for doubles, and
    /// 2^63 for integers.
    fn digits(&mut self, word: &str) -> String {
        const LIMITS: [u128; 3] = [(1 << 53) + 1, 1 << 63, (1 << 63) + 1];
        let side = |digits: &str| {
            digits.parse().map_or(LIMITS.len() + 1, |number: u128| LIMITS.partition_point(|limit| *limit <= number))
        };
        for _ in 0..DRAWS {
            let first = char::from(b'0' + self.rng.random_range(1..10_u8));
            let rest = (1..word.len()).map(|_| char::from(b'0' + self.rng.random_range(0..10_u8)));
            let new: String = std::iter::once(first).chain(rest).collect();
            if side(&new) == side(word) {
                return new;
            }
        }
        word.to_owned()
    }
}

/// Returns the reserved address with this number, from 1. When IPv4 addresses for documentation run out, addresses for benchmarks (RFC
/// 2544) follow.
fn documentation_address(is_short: bool, number: u32) -> String {
    if !is_short {
        // RFC 3849.
        return format!("2001:db8::{number:x}");
    }
    let index = number - 1;
    let network = usize::try_from(index / HOSTS).ok().and_then(|network| NETWORKS.get(network));
    if let Some(network) = network {
        return format!("{network}.{}", index % HOSTS + 1);
    }
    let [_, _, high, low] = index.to_be_bytes();
    format!("198.{}.{high}.{low}", 18 + (index >> 16 & 1))
}

/// Records a short text, and returns whether it is new. Most short texts are keys that repeat. Longer texts always count as new.
fn is_new(texts: &mut HashSet<String>, text: &str) -> bool {
    let is_known = text.len() <= SHORT_TEXT && texts.contains(text);
    if text.len() <= SHORT_TEXT && !is_known {
        texts.insert(text.to_owned());
    }
    !is_known
}

/// Returns the words of text in lower case.
pub(super) fn words_of(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| word.chars().map(lower).collect())
}

/// Returns the lower case of a character, if it is one character and the conversion is reversible.
pub(super) fn lower(character: char) -> char {
    let mut lower = character.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(lower), None) if upper(lower) == character => lower,
        _ => character,
    }
}

/// Returns the upper case of a character, if it is one character.
pub(super) fn upper(character: char) -> char {
    let mut upper = character.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(upper), None) => upper,
        _ => character,
    }
}

/// Returns whether a character is an emoji or another symbol, but not a modifier.
pub(super) fn is_picture(character: char) -> bool {
    matches!(character, '\u{2600}'..='\u{27BF}' | '\u{1F000}'..='\u{1F3FA}' | '\u{1F400}'..='\u{1FAFF}')
}

fn has_other(character: char) -> bool {
    character.is_alphanumeric() || is_picture(character)
}

/// Returns a random character of the same script, case and UTF-8 length.
fn other_character(rng: &mut impl Rng, character: char) -> char {
    let (first, last) = match character {
        'a'..='z' => ('a', 'z'),
        '0'..='9' => ('0', '9'),
        '\u{4E00}'..='\u{9FA5}' => ('\u{4E00}', '\u{9FA5}'),
        '\u{AC00}'..='\u{D7A3}' => ('\u{AC00}', '\u{D7A3}'),
        '\u{1F300}'..='\u{1F5FF}' | '\u{1F900}'..='\u{1F9FF}' => ('\u{1F600}', '\u{1F64F}'),
        _ => {
            let block = u32::from(character) & !0x7F;
            let (first, last) = (char::from_u32(block), char::from_u32(block | 0x7F));
            (first.unwrap_or(character), last.unwrap_or(character))
        }
    };
    let is_like = |other: &char| {
        other.len_utf8() == character.len_utf8()
            && other.is_alphabetic() == character.is_alphabetic()
            && other.is_numeric() == character.is_numeric()
            && is_picture(*other) == is_picture(character)
            && lower(*other) == *other
            && (upper(*other) == *other) == (upper(character) == character)
    };
    let (first, last) = (u32::from(first), u32::from(last));
    let draw = |_| char::from_u32(rng.random_range(first..=last)).filter(is_like);
    (0..DRAWS).find_map(draw).unwrap_or(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_replacements_are_reserved() {
        assert_eq!(documentation_address(true, 1), "192.0.2.1");
        assert_eq!(documentation_address(true, 255), "198.51.100.1");
        assert_eq!(documentation_address(true, 762), "203.0.113.254");
        assert_eq!(documentation_address(true, 763), "198.18.2.250");
        assert_eq!(documentation_address(false, 17), "2001:db8::11");
    }
}
