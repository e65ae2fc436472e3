//! JSON on one line.

use std::borrow::Cow;

use super::error::SyntaxError;
use super::reader::Reader;

/// Returns a body on one line. Tokens do not change.
///
/// If the body is already on one line, only newlines at its end are removed. Otherwise, all white space between tokens is
/// removed.
///
/// # Errors
///
/// Returns an error if the body is not JSON.
pub fn on_one_line(body: &[u8]) -> Result<Cow<'_, [u8]>, SyntaxError> {
    let mut reader = Reader::new(body)?;
    reader.peek();
    reader.skip_value()?;
    reader.end()?;
    let is_line_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let end = body.iter().rposition(|byte| !is_line_end(byte)).map_or(0, |last| last + 1);
    let body = &body[..end];
    if !body.iter().any(is_line_end) {
        return Ok(Cow::Borrowed(body));
    }
    let (mut compact, mut in_string, mut is_escaped) = (Vec::with_capacity(body.len()), false, false);
    for &byte in body {
        if in_string {
            in_string = is_escaped || byte != b'"';
            is_escaped = !is_escaped && byte == b'\\';
        } else if byte.is_ascii_whitespace() {
            continue;
        } else {
            in_string = byte == b'"';
        }
        compact.push(byte);
    }
    Ok(Cow::Owned(compact))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_stay_as_they_are_written() {
        for (body, line) in [
            ("{ \"a\": 1.0 }", "{ \"a\": 1.0 }"),
            ("{ \"a\": 1.0 }\r\n", "{ \"a\": 1.0 }"),
            ("{\n  \"a b\\\" \\\\\": [1e2,\r\n \"\\u00e9  \"]\n}\n", "{\"a b\\\" \\\\\":[1e2,\"\\u00e9  \"]}"),
        ] {
            assert_eq!(on_one_line(body.as_bytes()).expect("JSON"), line.as_bytes());
        }
        assert!(on_one_line(b"{").is_err());
    }
}
