//! The source line of a finding, cut to a readable length.

use std::ops::Range;

use super::escape;

/// The number of characters before the token in a cut line.
const BEFORE: usize = 40;
/// The number of characters from the start of the token.
const AFTER: usize = 60;

/// A part of a line that is safe for a terminal.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Excerpt {
    pub(super) text: String,
    /// The token, as a byte range of `text`.
    pub(super) span: Range<usize>,
}

/// The number of bytes around a token for the shown characters and one more, with four bytes per character in UTF-8. A line
/// may be a body of megabytes with many findings, so it is not read as a whole for each finding.
const WINDOW: usize = 4 * (AFTER + 2);

/// Returns the line where the token at `span` begins.
pub(super) fn excerpt(body: &[u8], span: &Range<usize>) -> Excerpt {
    let at = span.start.min(body.len());
    let before = &body[at.saturating_sub(WINDOW)..at];
    let before = before.rsplit(|&byte| byte == b'\n').next().unwrap_or_default();
    let line = body[at..].iter().take(2 * WINDOW).position(|&byte| byte == b'\n').unwrap_or(2 * WINDOW);
    let end = body.len().min(at + line);
    let (token, after) = body[at..end].split_at(span.end.clamp(at, end) - at);

    // If the window begins inside a character, that character is not shown.
    let before = String::from_utf8_lossy(before);
    let cut = before.chars().count().saturating_sub(BEFORE);
    let mut text = if cut > 0 { "…".to_owned() } else { String::new() };
    push(&mut text, before.chars().skip(cut));
    let start = text.len();
    push(&mut text, String::from_utf8_lossy(token).chars().take(AFTER));
    let span = start..text.len();
    let room = AFTER.saturating_sub(text[span.clone()].chars().count());
    let after = String::from_utf8_lossy(after.trim_ascii_end());
    push(&mut text, after.chars().take(room));
    if room == 0 || after.chars().nth(room).is_some() {
        text.push('…');
    }
    Excerpt { text, span }
}

fn push(text: &mut String, characters: impl Iterator<Item = char>) {
    for character in characters {
        match character {
            // The parts of an excerpt must not form a command for a CI server.
            '#' if text.ends_with('#') => text.push_str("\\u{23}"),
            '\t' => text.push(' '),
            other => escape::push(text, other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(body: &str, token: &str) -> (String, String) {
        let start = body.find(token).expect("the body has the token");
        let excerpt = excerpt(body.as_bytes(), &(start..start + token.len()));
        (excerpt.text.clone(), excerpt.text[excerpt.span].to_owned())
    }

    #[test]
    fn a_short_line_is_shown_whole() {
        assert_eq!(of("{\r\n\t\"a\": 1,\r\n}", "1"), (" \"a\": 1,".into(), "1".into()));
    }

    #[test]
    fn a_long_line_is_cut_around_the_token() {
        let line = format!("{}TOKEN{}", "é".repeat(1000), "z".repeat(1000));
        let (text, token) = of(&line, "TOKEN");
        assert_eq!(token, "TOKEN");
        assert_eq!(text, format!("…{}TOKEN{}…", "é".repeat(BEFORE), "z".repeat(AFTER - 5)));
    }

    #[test]
    fn a_long_token_is_cut_too() {
        let line = format!("\"{}\"", "x".repeat(10_000));
        assert_eq!(of(&line, &line).0.chars().count(), AFTER + 1);
    }

    #[test]
    fn of_a_line_of_megabytes_only_what_is_near_counts() {
        let near = format!("{}TOKEN{}", "🚀".repeat(300), "é".repeat(300));
        let far = format!("{}{near}{}", "é".repeat(100_000), "🚀".repeat(100_000));
        assert_eq!(of(&far, "TOKEN"), of(&near, "TOKEN"));
    }

    #[test]
    fn what_hides_is_shown() {
        assert_eq!(of("\"\u{202e}\u{1b}\"x", "x"), ("\"\\u{202e}\\u{1b}\"x".into(), "x".into()));
    }
}
