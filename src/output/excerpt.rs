//! The source line of a finding, cut to what a terminal can show, with the token's place in it.

use std::ops::Range;

use super::escape;

/// Characters that are shown before the token where a line is too long.
const BEFORE: usize = 40;
/// Characters that are shown from the token's start on.
const AFTER: usize = 60;

/// A piece of a line, safe for a terminal.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Excerpt {
    pub(super) text: String,
    /// The token, in bytes of `text`.
    pub(super) span: Range<usize>,
}

/// So many bytes around a token hold all that is shown of its line, and one character more: UTF-8 takes up to four bytes
/// for each. A line may be a body of megabytes with a finding in every corner, so nobody reads all of it for each.
const WINDOW: usize = 4 * (AFTER + 2);

/// The line that the token at `span` begins on.
pub(super) fn excerpt(body: &[u8], span: &Range<usize>) -> Excerpt {
    let at = span.start.min(body.len());
    let nearest = at.saturating_sub(WINDOW);
    let start = body[nearest..at].iter().rposition(|&byte| byte == b'\n').map_or(nearest, |index| nearest + index + 1);
    let furthest = (at + 2 * WINDOW).min(body.len());
    let end = body[at..furthest].iter().position(|&byte| byte == b'\n').map_or(furthest, |index| at + index);
    let token_end = span.end.clamp(at, end);

    let mut text = String::new();
    // Where the window begins inside a character, that is more than is shown away.
    let before = from_utf8(&body[start..at]);
    let cut = before.chars().count().saturating_sub(BEFORE);
    if cut > 0 {
        text.push('…');
    }
    before.chars().skip(cut).for_each(|character| show(&mut text, character));
    let token_start = text.len();
    from_utf8(&body[at..token_end]).chars().take(AFTER).for_each(|character| show(&mut text, character));
    let span = token_start..text.len();
    let shown = text[span.clone()].chars().count();
    let after = from_utf8(body[token_end..end].trim_ascii_end());
    after.chars().take(AFTER.saturating_sub(shown)).for_each(|character| show(&mut text, character));
    if shown >= AFTER || after.chars().nth(AFTER - shown).is_some() {
        text.push('…');
    }
    Excerpt { text, span }
}

fn from_utf8(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

fn show(text: &mut String, character: char) {
    match character {
        '\t' => text.push(' '),
        other => escape::push(text, other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(body: &str, token: &str) -> (String, String) {
        let start = body.find(token).expect("the token is there");
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
