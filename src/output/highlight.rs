//! Syntax colors for JSON.

use std::borrow::Cow;

use super::style::Style;

/// Colors the keys and strings of JSON. It only looks at quotes, and never changes the text, even if it is not JSON.
pub(super) fn highlight(text: &str, style: Style) -> Cow<'_, str> {
    if !style.color {
        return Cow::Borrowed(text);
    }
    let mut painted = String::with_capacity(text.len() * 2);
    let mut rest = text;
    while let Some(start) = rest.find('"') {
        painted.push_str(&rest[..start]);
        let end = closing_quote(&rest[start..]).map_or(rest.len(), |length| start + length);
        let is_key = rest[end..].trim_start().starts_with(':');
        let string = &rest[start..end];
        painted.push_str(&if is_key { style.blue(string) } else { style.green(string) });
        rest = &rest[end..];
    }
    painted.push_str(rest);
    Cow::Owned(painted)
}

/// Returns the length of the quoted string at the start of `text`.
fn closing_quote(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.char_indices().skip(1).find_map(|(index, character)| {
        let closes = character == '"' && !escaped;
        escaped = character == '\\' && !escaped;
        closes.then_some(index + 1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn highlighting_changes_nothing_but_the_colour() {
        let text = r#"{"a": "b\"c", "d": [1, true], "e" "#;
        let painted = highlight(text, Style { color: true, ..Style::default() }).into_owned();
        assert!(painted.contains("\u{1b}[34m\"a\"\u{1b}[0m"));
        let plain = painted.replace("\u{1b}[34m", "").replace("\u{1b}[32m", "").replace("\u{1b}[0m", "");
        assert_eq!(plain, text);
    }
}
