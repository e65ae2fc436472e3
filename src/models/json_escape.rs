//! Escapes JSON for terminals and CI servers, without changing its value.

use std::borrow::Cow;
use std::fmt::Write;

/// The prefixes of commands to CI servers. GitHub and Azure find them anywhere in a line, and `TeamCity` at its start. GitHub's
/// `::` is a command only at the start of a line.
const CI_COMMANDS: [&str; 3] = ["##[", "##vso[", "##teamcity["];

/// Returns whether a character is unsafe in a terminal: C0, DEL, C1, bidirectional characters, and invisible characters
/// (`Default_Ignorable_Code_Point` in Unicode, except the variation selectors that emoji need).
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

/// Returns whether `rest` starts with a command to a CI server.
pub fn is_ci_command(rest: &str, is_line_start: bool) -> bool {
    let starts_with =
        |command: &&str| rest.get(..command.len()).is_some_and(|start| start.eq_ignore_ascii_case(command));
    rest.starts_with('#') && CI_COMMANDS.iter().any(starts_with) || is_line_start && rest.starts_with("::")
}

/// Escapes the unsafe characters of JSON: `\u202e`. They can occur only in strings.
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
    fn json_stays_the_same_json() {
        let value = serde_json::json!({ "\u{9b}": "\u{202e}\u{7f}##vso[x\u{e0001}", "é": "新\n" });
        for text in [value.to_string(), format!("{value:#}")] {
            let safe = json(&text);
            assert!(!safe.contains(|c: char| c != '\n' && is_unsafe(c)) && !safe.contains("##vso"), "{safe}");
            assert_eq!(serde_json::from_str::<serde_json::Value>(&safe).expect("it is JSON"), value);
        }
    }
}
