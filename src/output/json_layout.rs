//! Indents JSON. Only white space between tokens changes: numbers, escapes, repeated keys and their order do not.

use serde::de::IgnoredAny;

/// The deepest nesting that is indented. Deeper JSON would be mostly blanks.
const MAX_DEPTH: usize = 32;

/// Returns JSON with one member or item per line, or `None` if the text is not JSON or is nested too deeply.
pub(super) fn indent(json: &str) -> Option<String> {
    serde_json::from_str::<IgnoredAny>(json).ok()?;
    let mut laid_out = String::with_capacity(json.len() * 2);
    let (mut depth, mut in_string, mut is_escaped) = (0_usize, false, false);
    let mut tokens = json.chars().peekable();
    let break_line = |text: &mut String, depth: usize| {
        text.push('\n');
        text.extend(std::iter::repeat_n("  ", depth));
    };
    while let Some(character) = tokens.next() {
        if in_string {
            laid_out.push(character);
            in_string = is_escaped || character != '"';
            is_escaped = !is_escaped && character == '\\';
            continue;
        }
        match character {
            '"' => {
                in_string = true;
                laid_out.push('"');
            }
            '{' | '[' => {
                laid_out.push(character);
                while tokens.next_if(char::is_ascii_whitespace).is_some() {}
                // An empty object or array is on one line.
                if let Some(end) = tokens.next_if(|next| matches!(next, '}' | ']')) {
                    laid_out.push(end);
                    continue;
                }
                depth += 1;
                if depth > MAX_DEPTH {
                    return None;
                }
                break_line(&mut laid_out, depth);
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                break_line(&mut laid_out, depth);
                laid_out.push(character);
            }
            ',' => {
                laid_out.push(',');
                break_line(&mut laid_out, depth);
            }
            ':' => laid_out.push_str(": "),
            character if character.is_ascii_whitespace() => {}
            character => laid_out.push(character),
        }
    }
    Some(laid_out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_white_space_between_tokens_changes() {
        let json = r#" {"a":1.50e0,"a":[ ],"b" : [ -0 ,"x\\\"{,: \u00e9" , {}],"c":{"d":null}} "#;
        let expected = "{\n  \"a\": 1.50e0,\n  \"a\": [],\n  \"b\": [\n    -0,\n    \"x\\\\\\\"{,: \\u00e9\",\n    {}\n  ],\n  \
                        \"c\": {\n    \"d\": null\n  }\n}";
        assert_eq!(indent(json).as_deref(), Some(expected));
        assert_eq!(indent("7").as_deref(), Some("7"));
    }

    #[test]
    fn what_is_not_json_or_too_deep_is_left_alone() {
        let deep = |depth: usize| "[".repeat(depth) + "1" + &"]".repeat(depth);
        assert!(indent(&deep(MAX_DEPTH)).is_some());
        for json in ["{", "{\"a\":1}x", "", &deep(MAX_DEPTH + 1), &deep(100_000)] {
            assert_eq!(indent(json), None);
        }
    }
}
