//! JSON as it is written: a tree that remembers where each token stands, repeated keys included.
//!
//! What is JSON is decided by `serde_json` alone; the walk below only runs over what it accepted, so it needs no errors.

pub mod json_type;

use std::borrow::Cow;
use std::ops::Range;

use json_type::JsonType;

/// A value and its place.
#[derive(Debug)]
pub struct Node<'a> {
    /// In bytes of the text.
    pub span: Range<usize>,
    /// What stands there.
    pub value: Value<'a>,
}

/// A value.
#[derive(Debug)]
pub enum Value<'a> {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean(bool),
    /// As written.
    Number(&'a str),
    /// Decoded.
    String(Cow<'a, str>),
    /// In order.
    Array(Vec<Node<'a>>),
    /// In the order of the text, repeats kept.
    Object(Vec<Member<'a>>),
}

/// A key and its value.
#[derive(Debug)]
pub struct Member<'a> {
    /// Decoded.
    pub key: Cow<'a, str>,
    /// The key with its quotes, in bytes of the text.
    pub key_span: Range<usize>,
    /// Its value.
    pub node: Node<'a>,
}

/// Why a body is not JSON, and where.
#[derive(Debug)]
pub struct SyntaxError {
    /// Where, in bytes of the text.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<&'static str>,
}

impl Value<'_> {
    /// The type of the value; a number without a fraction is a `Number` too.
    #[must_use]
    pub const fn json_type(&self) -> JsonType {
        match self {
            Self::Null => JsonType::Null,
            Self::Boolean(_) => JsonType::Boolean,
            Self::Number(_) => JsonType::Number,
            Self::String(_) => JsonType::String,
            Self::Array(_) => JsonType::Array,
            Self::Object(_) => JsonType::Object,
        }
    }
}

/// The value of a key; of a repeated one the last, as most readers have it.
#[must_use]
pub fn last<'n, 'a>(members: &'n [Member<'a>], key: &str) -> Option<&'n Node<'a>> {
    members.iter().rev().find(|member| member.key == key).map(|member| &member.node)
}

/// Reads a body.
///
/// # Errors
/// When `serde_json` does not take it for JSON, or it is nested more than 128 deep.
pub fn read(body: &[u8]) -> Result<Node<'_>, SyntaxError> {
    if let Err(error) = serde_json::from_slice::<serde_json::Value>(body) {
        return Err(explain(body, &error));
    }
    let text = std::str::from_utf8(body).map_err(|error| not_utf8(body, error.valid_up_to()))?;
    Ok(Walk { text, at: 0 }.node())
}

/// The commonest mistakes by their names; for the rest, what the reader said.
fn explain(body: &[u8], error: &serde_json::Error) -> SyntaxError {
    let at_start = |message: &str, help| SyntaxError { span: 0..1, message: message.to_owned(), help };
    match body {
        _ if body.trim_ascii().is_empty() => return at_start("the body is empty", None),
        [0xEF, 0xBB, 0xBF, ..] => {
            return at_start("the body begins with a byte order mark", Some("JSON is UTF-8 without a byte order mark"));
        }
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [b'{' | b'[', 0, ..] | [0, b'{' | b'[', ..] => {
            return at_start("the body is in UTF-16", Some("JSON that is sent is in UTF-8"));
        }
        _ => {}
    }
    if let Err(error) = std::str::from_utf8(body) {
        return not_utf8(body, error.valid_up_to());
    }
    let offset = offset(body, error.line(), error.column());
    let message = error.to_string();
    // "trailing comma at line 1 column 8" without its second half: the finding has a place of its own.
    let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
    let (message, help) = match (message.strip_prefix("EOF while parsing "), message) {
        (Some(what), _) => (format!("it ends in the middle of {what}"), Some("is it cut off?")),
        (_, "recursion limit exceeded") => ("it is nested too deep".to_owned(), Some("at most 128 levels are read")),
        (_, "expected ident") => ("only true, false and null are words here".to_owned(), None),
        (_, "trailing characters") => (
            "something follows behind its end".to_owned(),
            Some("one body is one JSON value; several bodies, one a line, go into an .ndjson file"),
        ),
        (_, other) => (other.to_owned(), None),
    };
    SyntaxError { span: offset..offset + 1, message: format!("the body is not JSON: {message}"), help }
}

fn not_utf8(body: &[u8], offset: usize) -> SyntaxError {
    let byte = body.get(offset).copied().unwrap_or_default();
    SyntaxError {
        span: offset..offset + 1,
        message: format!("the body is not UTF-8: byte 0x{byte:02x} at offset {offset}"),
        help: None,
    }
}

/// `serde_json` counts lines from 1 and columns in bytes from 1, and names the byte that it read last.
fn offset(body: &[u8], line: usize, column: usize) -> usize {
    let start = match line.checked_sub(2) {
        None => 0,
        Some(skip) => {
            body.iter().enumerate().filter(|(_, byte)| **byte == b'\n').nth(skip).map_or(0, |(index, _)| index + 1)
        }
    };
    (start + column.saturating_sub(1)).min(body.len())
}

/// Runs over text that is known to be JSON, at most 128 levels deep.
struct Walk<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Walk<'a> {
    fn node(&mut self) -> Node<'a> {
        self.skip_space();
        let start = self.at;
        let value = match self.peek() {
            b'{' => Value::Object(self.object()),
            b'[' => Value::Array(self.array()),
            b'"' => Value::String(self.string()),
            word @ (b't' | b'f') => self.word(Value::Boolean(word == b't')),
            b'n' => self.word(Value::Null),
            _ => {
                self.skip_while(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'));
                Value::Number(&self.text[start..self.at])
            }
        };
        Node { span: start..self.at, value }
    }

    fn object(&mut self) -> Vec<Member<'a>> {
        let mut members = Vec::new();
        self.at += 1;
        while self.next_item(b'}') {
            let start = self.at;
            let key = self.string();
            let key_span = start..self.at;
            self.skip_space();
            self.at += 1; // the colon
            members.push(Member { key, key_span, node: self.node() });
        }
        members
    }

    fn array(&mut self) -> Vec<Node<'a>> {
        let mut items = Vec::new();
        self.at += 1;
        while self.next_item(b']') {
            items.push(self.node());
        }
        items
    }

    /// Goes to the next item, past a comma; past the bracket where there is none.
    fn next_item(&mut self, end: u8) -> bool {
        self.skip_space();
        if self.peek() == b',' {
            self.at += 1;
            self.skip_space();
        }
        let more = self.peek() != end && self.at < self.text.len();
        self.at += usize::from(!more);
        more
    }

    fn string(&mut self) -> Cow<'a, str> {
        let start = self.at;
        let mut escaped = false;
        self.at += 1;
        loop {
            self.skip_while(|byte| byte != b'"' && byte != b'\\');
            if self.peek() != b'\\' {
                break;
            }
            escaped = true;
            self.at += 2;
        }
        self.at += 1;
        if escaped {
            // Only what was already read once comes here, so there is nothing that can fail.
            Cow::Owned(serde_json::from_str(&self.text[start..self.at]).unwrap_or_default())
        } else {
            Cow::Borrowed(&self.text[start + 1..self.at - 1])
        }
    }

    fn word(&mut self, value: Value<'a>) -> Value<'a> {
        self.skip_while(|byte| byte.is_ascii_lowercase());
        value
    }

    fn skip_space(&mut self) {
        self.skip_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
    }

    fn skip_while(&mut self, condition: impl Fn(u8) -> bool) {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += rest.iter().position(|&byte| !condition(byte)).unwrap_or(rest.len());
    }

    fn peek(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or_default()
    }
}

/// Goes one step further in a JSON Pointer (RFC 6901).
pub fn step(pointer: &mut String, key: &str) {
    pointer.push('/');
    for character in key.chars() {
        match character {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_token_knows_its_place() {
        let body = br#" { "a\"\u00e9" : [ 1.5e3 , true ,null, {} ], "" : "x" } "#;
        let Value::Object(members) = read(body).expect("it is JSON").value else { panic!("an object") };
        assert_eq!(members[0].key, "a\"é");
        assert_eq!(&body[members[0].key_span.clone()], br#""a\"\u00e9""#);
        let Value::Array(items) = &members[0].node.value else { panic!("an array") };
        let written: Vec<&[u8]> = items.iter().map(|item| &body[item.span.clone()]).collect();
        assert_eq!(written, [&b"1.5e3"[..], b"true", b"null", b"{}"]);
        assert_eq!(members[1].key, "");
        assert_eq!(&body[members[1].node.span.clone()], br#""x""#);
    }

    #[test]
    fn what_is_not_json_is_told_by_its_name_and_place() {
        for (body, message, offset) in [
            (&b""[..], "the body is empty", 0),
            (b"\xEF\xBB\xBF{}", "the body begins with a byte order mark", 0),
            (b"{\0}\0", "the body is in UTF-16", 0),
            (b"{\"a\":\xFF}", "the body is not UTF-8: byte 0xff at offset 5", 5),
            (b"{\n\"a\": 1,\n}", "the body is not JSON: trailing comma", 10),
            (b"{\"a\":nul}", "the body is not JSON: only true, false and null are words here", 8),
            (b"{} {}", "the body is not JSON: something follows behind its end", 3),
        ] {
            let error = read(body).expect_err("it is not JSON");
            assert_eq!((error.message.as_str(), error.span.start), (message, offset), "{body:?}");
        }
    }
}
