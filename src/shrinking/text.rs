//! Splits a string, as written in a body, into characters and escapes without changing them.

/// Splits the text between the quotes of a string into characters as written. Both halves of a surrogate pair are one character.
pub(super) fn characters(raw: &str) -> Vec<&str> {
    let mut rest = raw;
    let mut characters = Vec::new();
    while !rest.is_empty() {
        let (character, after) = rest.split_at(first_length(rest));
        characters.push(character);
        rest = after;
    }
    characters
}

fn first_length(text: &str) -> usize {
    let escape = |text: &str| if text.starts_with("\\u") { 6 } else { 2 };
    let length = match text.chars().next() {
        Some('\\')
            if is_surrogate(text, ["d8", "d9", "da", "db"]) && is_surrogate(&text[6..], ["dc", "dd", "de", "df"]) =>
        {
            12
        }
        Some('\\') => escape(text),
        Some(character) => character.len_utf8(),
        None => 0,
    };
    length.min(text.len())
}

fn is_surrogate(text: &str, beginnings: [&str; 4]) -> bool {
    let digits = text.strip_prefix("\\u").and_then(|digits| digits.get(..4));
    digits.is_some_and(|digits| beginnings.contains(&digits[..2].to_ascii_lowercase().as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_surrogate_pairs_are_characters() {
        assert_eq!(
            characters(r#"aé\n\u00e9\ud83d\ude00😀\"\ud800x"#),
            ["a", "é", r"\n", r"\u00e9", r"\ud83d\ude00", "😀", r#"\""#, r"\ud800", "x"]
        );
        assert!(characters("").is_empty());
    }
}
