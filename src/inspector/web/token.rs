//! The token in the URL of the page. Other users of this machine can connect to the port, but do not know the token.

use std::hint::black_box;

/// A random token of 128 bits.
#[derive(Clone)]
pub(super) struct Token(String);

impl Token {
    pub(super) fn random() -> Self {
        Self(hex::encode(rand::random::<[u8; 16]>()))
    }

    pub(super) fn text(&self) -> &str {
        &self.0
    }

    /// Compares in constant time.
    pub(super) fn is(&self, other: &str) -> bool {
        let (own, other) = (self.0.as_bytes(), other.as_bytes());
        let difference = own.iter().zip(other).fold(0, |difference, (a, b)| black_box(difference | (a ^ b)));
        own.len() == other.len() && black_box(difference) == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_token_is_the_token() {
        let token = Token::random();
        assert!(token.is(token.text()) && token.text().len() == 32);
        for other in [
            "",
            &token.text()[1..],
            &format!("{}0", token.text()),
            &token.text().to_uppercase().replace(char::is_alphabetic, "g"),
        ] {
            assert!(!token.is(other), "{other}");
        }
    }
}
