//! Makes untrusted text safe for terminals and CI servers. Characters that move the cursor, change colors, change the text
//! direction or are invisible are shown as escapes. Text that a CI server would run as a command is split.

use std::fmt::Write;

pub use crate::models::json_escape::{is_unsafe, json};

use crate::models::json_escape::is_ci_command;

/// Appends one character, escaped if it is unsafe.
pub fn push(text: &mut String, character: char) {
    match character {
        '\n' => text.push_str("\\n"),
        '\r' => text.push_str("\\r"),
        '\t' => text.push_str("\\t"),
        character if is_unsafe(character) => push_number(text, character),
        character => text.push(character),
    }
}

fn push_number(text: &mut String, character: char) {
    // Writing to a String cannot fail.
    let _ = write!(text, "\\u{{{:x}}}", u32::from(character));
}

/// Returns text as one safe line.
pub fn line(text: &str) -> String {
    escape(text, push)
}

/// Returns safe text with line ends. Tabs become spaces.
pub fn lines(text: &str) -> String {
    escape(&text.replace("\r\n", "\n"), |safe, character| match character {
        '\n' => safe.push('\n'),
        '\t' => safe.push_str("    "),
        other => push(safe, other),
    })
}

fn escape(text: &str, push: impl Fn(&mut String, char)) -> String {
    let mut safe = String::with_capacity(text.len());
    // Runners skip white space before a command.
    let mut is_line_start = true;
    for (index, character) in text.char_indices() {
        if is_ci_command(&text[index..], is_line_start) {
            push_number(&mut safe, character);
        } else {
            push(&mut safe, character);
        }
        is_line_start = character == '\n' || is_line_start && character.is_whitespace();
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
        assert_eq!(line("a\u{34f}b\u{3164}c\u{e0101}"), "a\\u{34f}b\\u{3164}c\\u{e0101}");
        assert_eq!(line("Übergabe 🚀 新しい ❤\u{fe0f}"), "Übergabe 🚀 新しい ❤\u{fe0f}");
    }

    #[test]
    fn nothing_is_a_command_to_a_ci_server() {
        assert_eq!(lines("a ::b::\n \t::set-output name=x::1"), "a ::b::\n     \\u{3a}:set-output name=x::1");
        assert_eq!(line("x ##vso[task.setvariable]"), "x \\u{23}#vso[task.setvariable]");
        assert_eq!(line("###[error]x ##TeamCity[y"), "#\\u{23}#[error]x \\u{23}#TeamCity[y");
        assert_eq!(line("## A heading, 1::2"), "## A heading, 1::2");
    }
}
