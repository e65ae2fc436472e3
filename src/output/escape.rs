//! Makes text from others safe for a terminal: a character that would move the cursor, colour the screen, turn the
//! direction of writing or hide is shown by its number.

use std::fmt::Write;

/// Must this character not reach a terminal as it is? C0, DEL, C1, the bidirectional and the zero-width characters, and
/// the other format characters that show nothing.
pub const fn is_unsafe(character: char) -> bool {
    matches!(character,
        '\0'..='\u{1F}'
        | '\u{7F}'..='\u{9F}'
        | '\u{AD}'
        | '\u{61C}'
        | '\u{180E}'
        | '\u{200B}'..='\u{200F}'
        | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{FEFF}'
        | '\u{FFF9}'..='\u{FFFB}'
        | '\u{E0000}'..='\u{E007F}')
}

/// Adds one character, escaped where it must be.
pub fn push(text: &mut String, character: char) {
    match character {
        '\n' => text.push_str("\\n"),
        '\r' => text.push_str("\\r"),
        '\t' => text.push_str("\\t"),
        unsafe_ if is_unsafe(unsafe_) => {
            // Writing to a String cannot fail.
            let _ = write!(text, "\\u{{{:x}}}", u32::from(unsafe_));
        }
        other => text.push(other),
    }
}

/// Text as one safe line.
pub fn line(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    text.chars().for_each(|character| push(&mut safe, character));
    safe
}

/// Text as safe lines: line ends stay, and tabs become spaces.
pub fn lines(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.replace("\r\n", "\n").chars() {
        match character {
            '\n' => safe.push('\n'),
            '\t' => safe.push_str("    "),
            other => push(&mut safe, other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_reach_the_terminal_is_shown_by_its_number() {
        assert_eq!(line("\u{1b}[31mred\u{7f}\u{9b}"), "\\u{1b}[31mred\\u{7f}\\u{9b}");
        assert_eq!(line("a\u{202e}b\u{200b}c\u{feff}"), "a\\u{202e}b\\u{200b}c\\u{feff}");
        assert_eq!(line("two\nlines\t\r"), "two\\nlines\\t\\r");
        assert_eq!(lines("two\r\nlines\t\r"), "two\nlines    \\r");
        assert_eq!(line("Übergabe 🚀 新しい"), "Übergabe 🚀 新しい");
    }
}
