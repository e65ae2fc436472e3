//! Untrusted text, made safe for terminals and CI servers. What would move the cursor, colour the screen, turn the direction
//! of writing or hide is shown by its number, and what a CI server would run as a command is broken up.

use std::borrow::Cow;
use std::fmt::Write;

/// Where CI servers look for commands in a log: GitHub and Azure anywhere in a line, `TeamCity` at its start. GitHub's `::` is a
/// command only at the start of a line.
const CI_COMMANDS: [&str; 3] = ["##[", "##vso[", "##teamcity["];

/// Must this character not reach a terminal as it is? C0, DEL, C1, the bidirectional characters, and those that show nothing
/// (`Default_Ignorable_Code_Point` of Unicode, but for the variation selectors that emoji need).
pub const fn is_unsafe(character: char) -> bool {
    matches!(character,
        '\0'..='\u{1F}'
        | '\u{7F}'..='\u{9F}'
        | '\u{AD}'
        | '\u{34F}'
        | '\u{61C}'
        | '\u{115F}'..='\u{1160}'
        | '\u{17B4}'..='\u{17B5}'
        | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}'
        | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{3164}'
        | '\u{FE00}'..='\u{FE0D}'
        | '\u{FEFF}'
        | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFFB}'
        | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E0FFF}')
}

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

/// Does a command to a CI server start here?
fn is_ci_command(rest: &str, is_line_start: bool) -> bool {
    let starts_with =
        |command: &&str| rest.get(..command.len()).is_some_and(|start| start.eq_ignore_ascii_case(command));
    rest.starts_with('#') && CI_COMMANDS.iter().any(starts_with) || is_line_start && rest.starts_with("::")
}

/// Returns text as one safe line.
pub fn line(text: &str) -> String {
    escape(text, push)
}

/// Returns safe text with its line ends. Tabs become spaces.
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

/// Returns JSON in which unsafe characters are escaped as JSON does it: `\u202e`. Outside of strings JSON has none.
pub fn json(json: &str) -> Cow<'_, str> {
    let is_unsafe = |character: char| character >= '\u{7F}' && is_unsafe(character);
    if !json.contains(is_unsafe) && !json.contains("##") {
        return Cow::Borrowed(json);
    }
    let mut safe = String::with_capacity(json.len());
    for (index, character) in json.char_indices() {
        if is_unsafe(character) || is_ci_command(&json[index..], false) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                // Writing to a String cannot fail.
                let _ = write!(safe, "\\u{unit:04x}");
            }
        } else {
            safe.push(character);
        }
    }
    Cow::Owned(safe)
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

    #[test]
    fn json_stays_the_same_json() {
        let value = serde_json::json!({ "\u{9b}": "\u{202e}\u{7f}##vso[x\u{e0001}", "é": "新\n" });
        for text in [value.to_string(), format!("{value:#}")] {
            let safe = json(&text);
            assert!(!safe.contains(|c: char| c != '\n' && is_unsafe(c)) && !safe.contains("##vso"), "{safe}");
            assert_eq!(serde_json::from_str::<serde_json::Value>(&safe).expect("it is JSON"), value);
        }
    }
}
