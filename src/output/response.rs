//! Shows a response as text: status line, headers and body, safe for a terminal.

use std::io::{BufReader, Read};

use crate::models::gzip::GzipReader;
use crate::models::response::Response;
use crate::models::text::{size, truncate};

use super::escape;
use super::highlight::highlight;
use super::html;
use super::json_layout;
use super::style::Style;

/// The number of body lines that are shown for a failure.
const FIRST_LINES: usize = 10;
/// The most bytes that are decompressed.
const MAX_DECOMPRESSED: u64 = 64 * 1024;
/// The most bytes of one line that are shown, unless the whole response is shown.
const MAX_LINE: usize = 4096;

/// The part of a response to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// The status line, important headers, and the first lines of the body.
    Beginning,
    /// The status line, the headers and the body.
    Whole,
}

/// The content of a body, for a reader.
#[derive(Debug, PartialEq, Eq)]
enum BodyText {
    Json(String),
    Plain(String),
    /// A description, if it is not text.
    Note(String),
}

/// Returns the lines of a response, indented by this number of blanks.
pub(super) fn lines(response: &Response, extent: Extent, indent: usize, style: Style) -> String {
    let mut lines = vec![escape::line(&response.status_line())];
    match extent {
        Extent::Whole => lines.extend(response.headers.iter().map(|(name, value)| {
            let value = escape::line(&String::from_utf8_lossy(value));
            format!("{}: {value}", style.dim(&escape::line(name)))
        })),
        Extent::Beginning => lines.extend(response.redirects_to().map(|to| {
            let note = format!("redirects to {to}, but deliveries do not follow redirects");
            truncate(&escape::line(&note), width(indent, style)).into_owned()
        })),
    }
    if extent == Extent::Whole && !response.body.is_empty() {
        lines.push(String::new());
    }
    lines.extend(body_lines(response, extent, width(indent, style), style));
    let mut text = String::new();
    for line in lines {
        if !line.is_empty() {
            text.extend(std::iter::repeat_n(' ', indent));
            text.push_str(&line);
        }
        text.push('\n');
    }
    text
}

/// Returns the number of columns after an indentation.
fn width(indent: usize, style: Style) -> usize {
    const LEAST: usize = 20;
    // Only the lines of a terminal have a width.
    style.width.map_or(MAX_LINE, |width| width.saturating_sub(indent).max(LEAST))
}

fn body_lines(response: &Response, extent: Extent, width: usize, style: Style) -> Vec<String> {
    let (text, is_json, note) = match body_text(response) {
        (BodyText::Json(text), note) => (text, true, note),
        (BodyText::Plain(text), note) => (text, false, note),
        (BodyText::Note(what), _) => return vec![style.dim(&escape::line(&format!("({what})")))],
    };
    let text = escape::lines(&text);
    let mut lines: Vec<String> = match extent {
        Extent::Whole if is_json => highlight(&text, style).lines().map(str::to_owned).collect(),
        Extent::Whole => text.lines().map(str::to_owned).collect(),
        Extent::Beginning => {
            let mut rest = text.lines().filter(|line| !line.trim().is_empty());
            let first = rest.by_ref().take(FIRST_LINES).map(|line| {
                let line = truncate(beginning(line), width);
                if is_json { highlight(&line, style).into_owned() } else { line.into_owned() }
            });
            let mut lines: Vec<_> = first.collect();
            let more = rest.count();
            if more > 0 {
                let noun = if more == 1 { "line" } else { "lines" };
                lines.push(style.dim(&format!("… and {more} more {noun}; -v shows the whole response")));
            }
            lines
        }
    };
    lines.extend(note.map(|note| style.dim(&note)));
    if response.is_truncated {
        let length = size(response.body.len() as u64);
        lines.push(style.dim(&format!("… the body is cut at {length}")));
    }
    lines
}

/// Returns the beginning of a line, which may be very long.
fn beginning(line: &str) -> &str {
    let end = (0..=MAX_LINE.min(line.len())).rfind(|end| line.is_char_boundary(*end));
    &line[..end.unwrap_or_default()]
}

/// Returns the content of a body, and a note about its encoding.
fn body_text(response: &Response) -> (BodyText, Option<String>) {
    if response.body.is_empty() {
        return (BodyText::Note("no body".to_owned()), None);
    }
    let length = size(response.body.len() as u64);
    let coding = response.headers.text("Content-Encoding").unwrap_or_default().trim().to_ascii_lowercase();
    match coding.as_str() {
        "" | "identity" => (decoded_text(&response.body, response.is_truncated, response), None),
        "gzip" | "x-gzip" => match gunzip(&response.body) {
            Some((body, is_whole)) => {
                let part = if is_whole { "" } else { "the beginning, " };
                let note = format!("({part}decompressed from {length} of gzip)");
                (decoded_text(&body, !is_whole, response), Some(note))
            }
            None => (BodyText::Note(format!("{length} that are not gzip, although Content-Encoding is gzip")), None),
        },
        other => (BodyText::Note(format!("{length}, compressed: {}", truncate(other, 40))), None),
    }
}

/// Decompresses at most [`MAX_DECOMPRESSED`] bytes. Returns whether this is the whole body, or `None` if it cannot be
/// decompressed.
fn gunzip(compressed: &[u8]) -> Option<(Vec<u8>, bool)> {
    let mut body = Vec::new();
    let read = GzipReader::new(BufReader::new(compressed)).take(MAX_DECOMPRESSED + 1).read_to_end(&mut body);
    let limit = usize::try_from(MAX_DECOMPRESSED).unwrap_or(usize::MAX);
    let is_whole = read.is_ok() && body.len() <= limit;
    body.truncate(limit);
    (read.is_ok() || !body.is_empty()).then_some((body, is_whole))
}

fn decoded_text(body: &[u8], is_cut: bool, response: &Response) -> BodyText {
    let content_type = response.headers.text("Content-Type").unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let text = match std::str::from_utf8(body) {
        Ok(text) => Some(text.to_owned()),
        Err(error) if is_cut && error.error_len().is_none() => {
            Some(String::from_utf8_lossy(&body[..error.valid_up_to()]).into_owned())
        }
        // Text in another encoding is mostly readable.
        Err(_) if essence.starts_with("text/") => Some(String::from_utf8_lossy(body).into_owned()),
        Err(_) => None,
    };
    let Some(text) = text.filter(|text| !text.contains('\0')) else {
        let length = size(body.len() as u64);
        let what = if essence.is_empty() { "unknown type".into() } else { truncate(&essence, 60) };
        return BodyText::Note(format!("{length} of {what}"));
    };
    if essence.ends_with("/json") || essence.ends_with("+json") || text.trim_start().starts_with(['{', '[']) {
        return json_layout::indent(&text).map_or(BodyText::Plain(text), BodyText::Json);
    }
    if matches!(essence.as_str(), "text/html" | "application/xhtml+xml") || html::is_html(&text) {
        return BodyText::Plain(html::text(&text));
    }
    BodyText::Plain(text)
}

#[cfg(test)]
mod tests {
    use crate::models::response::StatusLine;

    use super::*;

    fn response(content_type: &str, body: impl Into<bytes::Bytes>) -> Response {
        Response::new(500, [("Content-Type", content_type)].into_iter().collect(), body.into())
    }

    fn shown(response: &Response, extent: Extent) -> String {
        lines(response, extent, 2, Style::default())
    }

    const HEAD: &str = "  HTTP/1.1 500 Internal Server Error\n";

    #[test]
    fn json_is_indented_and_html_is_text() {
        let json = response("application/problem+json", r#"{"error":"x","n":1.0}"#);
        assert_eq!(
            shown(&json, Extent::Beginning),
            format!("{HEAD}  {{\n    \"error\": \"x\",\n    \"n\": 1.0\n  }}\n")
        );
        let html = response("text/html; charset=utf-8", "<html><head><title>Oops</title></head><p>It broke</html>");
        assert_eq!(shown(&html, Extent::Beginning), format!("{HEAD}  Oops\n  It broke\n"));
    }

    #[test]
    fn the_first_ten_lines_are_shown_and_all_with_the_headers() {
        let body: Vec<_> = (1..=13).map(|line| format!("line {line}\n")).collect();
        let response = response("text/plain", body.concat());
        let beginning = shown(&response, Extent::Beginning);
        assert!(beginning.ends_with("  line 10\n  … and 3 more lines; -v shows the whole response\n"), "{beginning}");
        let whole = shown(&response, Extent::Whole);
        assert!(whole.starts_with(&format!("{HEAD}  Content-Type: text/plain\n\n  line 1\n")), "{whole}");
        assert!(whole.ends_with("  line 13\n"), "{whole}");
    }

    #[test]
    fn what_is_not_text_is_named() {
        for (content_type, body, expected) in [
            ("image/png", &b"\x89PNG\xff"[..], "(5 bytes of image/png)"),
            ("", b"\0\0", "(2 bytes of unknown type)"),
            ("image/\u{1b}[2J", b"\xff", "(1 bytes of image/\\u{1b}[2j)"),
            ("text/plain", b"caf\xe9", "caf\u{fffd}"),
            ("text/plain", b"", "(no body)"),
        ] {
            assert_eq!(shown(&response(content_type, body), Extent::Beginning), format!("{HEAD}  {expected}\n"));
        }
    }

    #[test]
    fn a_body_that_was_cut_says_so() {
        let mut response = response("text/plain", "aé");
        response.truncate(2);
        assert_eq!(shown(&response, Extent::Beginning), format!("{HEAD}  a\n  … the body is cut at 2 bytes\n"));
    }

    #[test]
    fn what_would_reach_the_terminal_is_escaped() {
        let hostile = "\u{1b}]0;x\u{7}\u{202e}";
        for content_type in ["text/plain", "application/json", "text/html"] {
            let mut response = response(content_type, format!("{{\"{hostile}\": \"{hostile}\"}}"));
            let line = StatusLine { version: http::Version::HTTP_11, reason: Some(hostile.to_owned()) };
            response.status_line = Some(Box::new(line));
            for extent in [Extent::Beginning, Extent::Whole] {
                let shown = shown(&response, extent);
                assert!(!shown.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{shown:?}");
            }
        }
    }
}
