//! The format of a capture: an HTTP request message with a request line, header lines, an empty line, and the body to the end
//! of the file. You can read it with `cat`, compare it, replay it, and run it in editors that support `.http` files.

use bytes::Bytes;
use http::{HeaderName, HeaderValue};
use memchr::{memchr, memchr_iter, memmem};

use crate::models::request::{Headers, Request};

/// The file extension of captures.
pub const EXTENSION: &str = "http";

/// U+FEFF in UTF-8, which some editors write before the text.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Why text is not a capture.
#[derive(Debug, thiserror::Error)]
pub enum FormatError {
    /// The length of the body differs from `Content-Length`.
    #[error("`Content-Length` is {stated}, but the body has {length} bytes, so it was changed after it was received")]
    Length {
        /// The length in the header.
        stated: String,
        /// The length of the body.
        length: usize,
    },
    /// The text is not a capture.
    #[error("not a capture: {0}")]
    Form(&'static str),
}

/// Formats a delivery as an HTTP request message. The request line has the absolute form, because editors need it to send
/// the request.
pub fn message(delivery: &Request) -> Vec<u8> {
    delivery.to_message(&url(delivery))
}

/// Returns the URL that a delivery was sent to, from its head.
pub(super) fn url(delivery: &Request) -> String {
    // A reader could take a part of an invalid `Host` for the path. The header line contains it unchanged.
    let host = delivery.headers().text("Host").filter(|host| is_authority(host)).unwrap_or("localhost".into());
    let target = if delivery.target().is_empty() { "/" } else { delivery.target() };
    format!("http://{host}{target}")
}

/// Returns whether this is a host with an optional port, and has no character that would end them in a URL.
fn is_authority(host: &str) -> bool {
    !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_:[]~%".contains(&byte))
}

/// A parsed capture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capture {
    /// The delivery.
    pub delivery: Request,
    /// The line of the file where the body begins, from 1.
    pub body_line: usize,
}

/// Returns whether a text begins like a capture.
pub fn is_capture(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    let mut lines = bytes.split(|&byte| byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    lines.find(|line| !is_before_request(line)).is_some_and(|line| request_target(line).is_ok())
}

/// Returns whether editors allow this line before a request: a separator, a comment, or a blank line.
pub fn is_before_request(line: &[u8]) -> bool {
    is_comment(line) || line.trim_ascii().is_empty()
}

/// Returns whether this line is a separator or a comment of an editor.
pub fn is_comment(line: &[u8]) -> bool {
    let line = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line);
    line.starts_with(b"#") || line.starts_with(b"//")
}

/// Parses a capture. Lines of the head may end with CRLF or LF. The body is not changed.
///
/// # Errors
/// Returns an error if the request line is not `POST … HTTP/1.1` (the version is optional), a header line has no colon, HTTP
/// does not allow a header's name or value, or the empty line is missing.
pub fn parse(bytes: &Bytes) -> Result<Capture, FormatError> {
    let capture = parse_message(bytes)?;
    check_length(&capture.delivery)?;
    Ok(capture)
}

/// Parses the first capture of a file. Its body is everything after its head.
fn parse_message(bytes: &Bytes) -> Result<Capture, FormatError> {
    const CUT_OFF: FormatError = FormatError::Form("the empty line before the body is missing");
    if is_utf16(bytes) {
        return Err(FormatError::Form("it is in UTF-16; save it as UTF-8"));
    }
    if bytes.starts_with(BYTE_ORDER_MARK) {
        return Err(FormatError::Form("it begins with a byte order mark; save it as UTF-8 without one"));
    }
    let mut at = 0;
    let mut lines = 0;
    let mut next_line = || {
        let rest = &bytes[at..];
        let end = rest.iter().position(|&byte| byte == b'\n')?;
        at += end + 1;
        lines += 1;
        Some((rest[..end].strip_suffix(b"\r").unwrap_or(&rest[..end]), at, lines))
    };
    let line = loop {
        let (line, ..) = next_line().ok_or(CUT_OFF)?;
        if !is_before_request(line) {
            break line;
        }
    };
    if line.starts_with(b"@") {
        return Err(FormatError::Form("it contains an editor variable (`@…`); replace it with its value"));
    }
    let target = request_target(line)?;
    let mut headers = Headers::new();
    loop {
        let (line, body, lines) = next_line().ok_or(CUT_OFF)?;
        if line.is_empty() {
            let delivery = Request::post(target, headers, bytes.slice(body..));
            return Ok(Capture { delivery, body_line: lines + 1 });
        }
        let colon = line.iter().position(|&byte| byte == b':');
        let colon = colon.ok_or(FormatError::Form("a header line has no colon"))?;
        let name = std::str::from_utf8(&line[..colon]).map_err(|_| FormatError::Form("a header's name is not text"))?;
        if name.is_empty() || name.contains(char::is_whitespace) {
            return Err(FormatError::Form("a header line has no name"));
        }
        // Tools that captures are exported to would interpret invalid headers differently.
        HeaderName::from_bytes(name.as_bytes()).map_err(|_| FormatError::Form("HTTP forbids the name of a header"))?;
        let value = trim_blanks(&line[colon + 1..]);
        HeaderValue::from_bytes(value).map_err(|_| FormatError::Form("HTTP forbids the value of a header"))?;
        headers.append(name, value);
    }
}

/// Trims spaces and tabs around a header's value.
fn trim_blanks(value: &[u8]) -> &[u8] {
    let is_text = |byte: &u8| !matches!(byte, b' ' | b'\t');
    let start = value.iter().position(is_text).unwrap_or(value.len());
    let end = value.iter().rposition(is_text).map_or(start, |last| last + 1);
    &value[start..end]
}

/// Parses all requests of a file: a capture, or several requests separated by `###` lines, as in editors. Each body ends
/// before the line end that precedes the separator.
///
/// A received body can contain such lines too. They belong to the body if `Content-Length` includes them, or if the request
/// has `Transfer-Encoding`.
///
/// # Errors
/// Returns the errors of [`parse`]. Parsing stops after the first error.
pub fn parse_all(bytes: &Bytes) -> impl Iterator<Item = Result<Capture, FormatError>> + use<> {
    let mut rest = Some((bytes.clone(), 0));
    std::iter::from_fn(move || {
        let (bytes, line) = rest.take()?;
        let mut capture = match parse_message(&bytes) {
            Ok(capture) => capture,
            Err(error) => return Some(Err(error)),
        };
        capture.body_line += line;
        if let Some((end, next)) = separator(&capture.delivery) {
            let body = capture.delivery.shared_body();
            let next = bytes.slice(bytes.len() - body.len() + next..);
            let lines = memchr_iter(b'\n', &bytes[..bytes.len() - next.len()]).count();
            capture.delivery = capture.delivery.with_body(body.slice(..end));
            rest = Some((next, line + lines)).filter(|(next, _)| !next.is_empty());
        }
        Some(check_length(&capture.delivery).map(|()| capture))
    })
}

/// Returns the end of a request's body, and the start of the next request.
fn separator(delivery: &Request) -> Option<(usize, usize)> {
    let (headers, body) = (delivery.headers(), delivery.body());
    if headers.get("Transfer-Encoding").is_some() {
        return None;
    }
    let length = headers.get("Content-Length").and_then(stated_length);
    memmem::find_iter(body, b"\n###").find_map(|at| {
        let end = body[..at].strip_suffix(b"\r").unwrap_or(&body[..at]).len();
        let after = memchr(b'\n', &body[at + 1..]).map_or(body.len(), |line_end| at + 1 + line_end + 1);
        let next = body.len() - body[after..].trim_ascii_start().len();
        let is_separator =
            length.is_none_or(|length| length == end) && (next == body.len() || is_capture(&body[next..]));
        is_separator.then_some((end, next))
    })
}

/// Returns a text without a leading U+FEFF.
pub fn without_byte_order_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes)
}

/// Returns whether a text is in UTF-16, with or without a byte order mark.
pub fn is_utf16(bytes: &[u8]) -> bool {
    let is_ascii = |byte: u8| byte.is_ascii() && byte != 0;
    matches!(bytes, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..])
        || matches!(*bytes, [first, 0, second, 0, ..] | [0, first, 0, second, ..] if is_ascii(first) && is_ascii(second))
}

/// Returns the path and query of a request line, in origin form (`/path`) or absolute form (`http://host/path`).
fn request_target(line: &[u8]) -> Result<String, FormatError> {
    const NOT_ONE: FormatError = FormatError::Form("the first line is not `POST … HTTP/1.1`");
    let line = std::str::from_utf8(line).map_err(|_| NOT_ONE)?;
    let rest = line.strip_prefix("POST ").ok_or(NOT_ONE)?;
    // The version is optional, because editors add it.
    let (target, version) = rest.rsplit_once(' ').unwrap_or((rest, "HTTP/1.1"));
    if !version.starts_with("HTTP/") || target.contains(|c: char| c == ' ' || c.is_control()) {
        return Err(NOT_ONE);
    }
    origin_form(target).map(str::to_owned).ok_or(NOT_ONE)
}

/// Returns the path and query of a target, in origin form (`/path`) or absolute form (`http://host/path`).
pub fn origin_form(target: &str) -> Option<&str> {
    if target.starts_with('/') {
        return Some(target);
    }
    let rest = target.strip_prefix("http://").or_else(|| target.strip_prefix("https://"))?;
    Some(rest.find('/').map_or("/", |slash| &rest[slash..]))
}

/// Parses the value of `Content-Length`, which must be only digits (RFC 9110, section 8.6).
fn stated_length(value: &[u8]) -> Option<usize> {
    let digits = std::str::from_utf8(value).ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))?;
    digits.parse().ok()
}

/// Checks that the body has the length in `Content-Length`. An editor or a transfer may have changed the body.
///
/// # Errors
/// Returns an error if the lengths differ.
pub fn check_length(delivery: &Request) -> Result<(), FormatError> {
    let length = delivery.body().len();
    for stated in delivery.headers().all("Content-Length") {
        if stated_length(stated) != Some(length) {
            let stated = if stated.is_empty() { "empty".into() } else { String::from_utf8_lossy(stated) }.into_owned();
            return Err(FormatError::Length { stated, length });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delivery(body: &'static [u8]) -> Request {
        let mut headers = Headers::new();
        headers.append("Host", "127.0.0.1:8080");
        headers.append("X-Odd", &b"caf\xe9"[..]);
        headers.append("X-Odd", "");
        Request::post("/webhooks/confluence?lic=active", headers, body)
    }

    #[test]
    fn a_capture_reads_back_the_same() {
        for body in [&b""[..], b"\r\n\r\n", b"{}\n", b"\xff\xfe\0", b"POST / HTTP/1.1\r\n\r\n"] {
            let saved = delivery(body);
            let capture = parse(&message(&saved).into()).expect("it is a capture");
            assert_eq!(capture, Capture { delivery: saved, body_line: 6 });
        }
    }

    #[test]
    fn an_invalid_host_does_not_become_part_of_the_target() {
        for host in ["a/b", "a b", "", "a?b", "a#b", "\u{feff}a", "user@a"] {
            let mut headers = Headers::new();
            headers.append("Host", host);
            let saved = Request::post("/hooks?x=1", headers, &b"{}"[..]);
            assert_eq!(parse(&message(&saved).into()).expect("it is a capture").delivery, saved, "{host:?}");
        }
    }

    #[test]
    fn a_capture_written_by_hand_may_have_plain_line_ends() {
        let capture = parse(&Bytes::from_static(b"POST /x HTTP/1.1\nA:1\n\n{}")).expect("it is a capture");
        assert_eq!(capture.delivery.target(), "/x");
        assert_eq!(capture.delivery.headers().get("a"), Some(&b"1"[..]));
        assert_eq!((capture.delivery.body(), capture.body_line), (&b"{}"[..], 4));
    }

    #[test]
    fn an_invalid_capture_has_a_reason() {
        for (text, reason) in [
            ("", "the empty line before the body is missing"),
            ("GET / HTTP/1.1\r\n\r\n", "the first line is not `POST … HTTP/1.1`"),
            ("POST / HTTP/1.1\r\nA: 1\r\n", "the empty line before the body is missing"),
            ("POST / HTTP/1.1\r\nno colon\r\n\r\n", "a header line has no colon"),
            ("POST / HTTP/1.1\r\n: x\r\n\r\n", "a header line has no name"),
            ("POST / HTTP/1.1\r\n A: x\r\n\r\n", "a header line has no name"),
            ("POST / HTTP/1.1\r\n@/etc/passwd;: x\r\n\r\n", "HTTP forbids the name of a header"),
            ("POST / HTTP/1.1\r\nA\u{e9}: x\r\n\r\n", "HTTP forbids the name of a header"),
            ("POST / HTTP/1.1\r\nA: x\ry\r\n\r\n", "HTTP forbids the value of a header"),
            ("POST / HTTP/1.1\r\nA: x\r\r\n\r\n", "HTTP forbids the value of a header"),
            ("POST / HTTP/1.1\r\nA: \0\r\n\r\n", "HTTP forbids the value of a header"),
            ("POST / HTTP/1.1\r\nA: \u{7f}\r\n\r\n", "HTTP forbids the value of a header"),
            ("POST /\u{1b}[2J HTTP/1.1\r\n\r\n", "the first line is not `POST … HTTP/1.1`"),
            ("POST hello\n\n", "the first line is not `POST … HTTP/1.1`"),
            ("\u{feff}POST / HTTP/1.1\n\n", "it begins with a byte order mark; save it as UTF-8 without one"),
            (
                "### first\n@host = example.com\nPOST http://{{host}}/ HTTP/1.1\n\n",
                "it contains an editor variable (`@…`); replace it with its value",
            ),
        ] {
            let error = parse(&Bytes::from_static(text.as_bytes())).expect_err("it is not a capture");
            assert_eq!(error.to_string(), format!("not a capture: {reason}"));
        }
    }

    #[test]
    fn requests_of_editors_are_separated_and_received_bodies_are_not() {
        let bodies = |text: &str| -> Vec<(String, usize)> {
            let captures = parse_all(&Bytes::from(text.to_owned())).map(|capture| capture.expect("it is a capture"));
            let text = |capture: &Capture| String::from_utf8_lossy(capture.delivery.body()).into_owned();
            captures.map(|capture| (text(&capture), capture.body_line)).collect()
        };
        let whole = |text: &str| vec![(text.to_owned(), 3)];
        assert_eq!(bodies("POST / HTTP/1.1\n\n1\n###\nPOST / HTTP/1.1\n\n2"), [("1".into(), 3), ("2".into(), 7)]);
        assert_eq!(
            bodies("POST / HTTP/1.1\r\n\r\n1\r\n### two\r\n\r\nPOST / HTTP/1.1\r\n\r\n2\n\r\n###\r\n"),
            [("1".into(), 3), ("2\n".into(), 8)]
        );
        assert_eq!(
            bodies("### first\n# a comment\n// another\n\nPOST /\n\n1\n### second\n# a comment\nPOST http://a/\n\n2"),
            [("1".into(), 7), ("2".into(), 12)]
        );
        assert_eq!(bodies("POST / HTTP/1.1\n\n\n###\nGET / HTTP/1.1\n"), whole("\n###\nGET / HTTP/1.1\n"));
        let body = "x\n###\nPOST / HTTP/1.1\n\n";
        for header in ["Transfer-Encoding: chunked".to_owned(), format!("Content-Length: {}", body.len())] {
            let captures = bodies(&format!("POST / HTTP/1.1\n{header}\n\n{body}"));
            assert_eq!(captures, [(body.to_owned(), 4)], "{header}");
        }
        assert_eq!(bodies(&format!("POST / HTTP/1.1\nContent-Length: 1\n\n{body}")).len(), 2);
    }
}
