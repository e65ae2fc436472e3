//! IP addresses: each is replaced with an address that is reserved for documentation.

use std::net::IpAddr;
use std::ops::Range;

use super::dictionary::WordKind;
use super::forms::is_word_character;
use super::redactor::Redactor;

/// Returns the IP addresses in text, with their positions.
pub(super) fn find_addresses(text: &str) -> impl Iterator<Item = (Range<usize>, IpAddr)> + '_ {
    let is_part = |byte: u8| byte.is_ascii_hexdigit() || byte == b'.' || byte == b':';
    let mut at = 0;
    std::iter::from_fn(move || {
        let bytes = text.as_bytes();
        while at < bytes.len() {
            let length = bytes[at..].iter().take_while(|byte| is_part(**byte)).count();
            let start = at;
            at += length.max(1);
            if length < 3 {
                continue;
            }
            // Next to a letter, it is part of a word.
            let is_separate =
                !text[..start].ends_with(is_word_character) && !text[start + length..].starts_with(is_word_character);
            let found = &text[start..start + length];
            let bare = found.trim_end_matches('.');
            // `10.0.0.1:8080` has a port.
            let without_port = bare.find(':').filter(|_| bare.contains('.')).map_or(bare, |end| &bare[..end]);
            let without_colon = bare.trim_end_matches(':');
            let candidates = [bare, without_port, without_colon];
            let is_written =
                |candidate: &&str| candidate.bytes().filter(|byte| *byte == b'.' || *byte == b':').count() > 1;
            let address = candidates
                .into_iter()
                .filter(is_written)
                .find_map(|candidate| Some((start..start + candidate.len(), candidate.parse().ok()?)));
            if let Some(address) = address.filter(|_| is_separate) {
                return Some(address);
            }
        }
        None
    })
}

impl Redactor {
    /// Returns the replacement of an address, or `None` for an address that exists on every machine.
    pub(super) fn address(&mut self, address: IpAddr) -> Option<String> {
        if address.is_loopback() || address.is_unspecified() {
            self.dictionary.keep(&address.to_string());
            return None;
        }
        let kind = if address.is_ipv4() { WordKind::Address } else { WordKind::LongAddress };
        if address.is_ipv6() {
            // The replacement starts with it.
            self.dictionary.keep("2001:db8");
        }
        Some(self.dictionary.replace(kind, &address.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_and_nothing_else_is() {
        let found =
            |text: &str| -> Vec<String> { find_addresses(text).map(|(range, _)| text[range].to_owned()).collect() };
        assert_eq!(found("host 10.20.30.40, 10.20.30.41:8080."), ["10.20.30.40", "10.20.30.41"]);
        assert_eq!(found("[2001:db8:dead:beef::77]:443 ::1"), ["2001:db8:dead:beef::77", "::1"]);
        assert_eq!(found("fe80::1: unreachable 10.0.0.9."), ["fe80::1", "10.0.0.9"]);
        for text in
            ["12:30:45", "1.2.3", "std::cell", "300.1.1.1", "v1.2.3.4", "a:b:c", "2026-01-15T10:30:00", "é10.0.0.1"]
        {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }
}
