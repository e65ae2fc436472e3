//! A JSON parser that keeps the position of every token, and repeated keys.

mod compact;
pub mod diff;
mod error;
pub mod json_type;
pub mod number;
mod pitfall;
mod pointer;
mod reader;
mod span;
mod splice;
mod tree;

use std::borrow::Cow;
use std::ops::Range;

pub use compact::on_one_line;
pub use error::SyntaxError;
pub use pitfall::{Pitfall, PitfallKind};
pub use pointer::push_step;
pub use reader::Reader;
pub use splice::{Replacement, removals, splice};
pub use tree::{Member, Node, Value};

/// Parses a body. Time and memory are proportional to its length.
///
/// # Errors
///
/// Returns an error if the body is not JSON in UTF-8, or nested more than 128 levels deep.
pub fn parse(body: &[u8]) -> Result<Node<'_>, SyntaxError> {
    parse_with_pitfalls(body).map(|(node, _)| node)
}

/// Parses a body, and lists the tokens that other parsers may refuse, in order.
///
/// # Errors
///
/// Returns the same errors as [`parse`].
pub fn parse_with_pitfalls(body: &[u8]) -> Result<(Node<'_>, Vec<Pitfall>), SyntaxError> {
    let mut reader = Reader::new(body)?;
    let node = node(&mut reader)?;
    reader.end()?;
    Ok((node, reader.into_pitfalls()))
}

/// Returns the position of the value of a top-level key, in bytes, without building a tree. If the key is repeated, the last
/// value counts.
///
/// # Errors
///
/// Returns the same errors as [`parse`].
pub fn find_span(body: &[u8], key: &str) -> Result<Option<Range<usize>>, SyntaxError> {
    let mut reader = Reader::new(body)?;
    let mut found = None;
    if reader.peek() == Some(b'{') {
        reader.object(|reader, name, _| {
            reader.peek();
            let start = reader.offset();
            reader.skip_value()?;
            if name == key {
                found = Some(start..reader.offset());
            }
            Ok::<_, SyntaxError>(())
        })?;
    } else {
        reader.skip_value()?;
    }
    reader.end()?;
    Ok(found)
}

/// Returns the string value of a top-level key without building a tree. If the key is repeated, the last value counts, as in
/// most parsers.
///
/// # Errors
///
/// Returns the same errors as [`parse`].
pub fn find_text<'a>(body: &'a [u8], key: &str) -> Result<Option<Cow<'a, str>>, SyntaxError> {
    let mut reader = Reader::new(body)?;
    let mut found = None;
    if reader.peek() == Some(b'{') {
        reader.object(|reader, name, _| {
            if name != key {
                return reader.skip_value();
            }
            found = if reader.peek() == Some(b'"') {
                Some(reader.string()?)
            } else {
                reader.skip_value().map(|()| None)?
            };
            Ok::<_, SyntaxError>(())
        })?;
    } else {
        reader.skip_value()?;
    }
    reader.end()?;
    Ok(found)
}

/// Reads a value. The reader limits the depth of this recursion.
fn node<'a>(reader: &mut Reader<'a>) -> Result<Node<'a>, SyntaxError> {
    let first = reader.peek();
    let start = reader.offset();
    let value = match first {
        Some(b'{') => {
            let mut members = Vec::new();
            reader.object(|reader, key, key_span| {
                members.push(Member::new(key, key_span, node(reader)?));
                Ok::<_, SyntaxError>(())
            })?;
            Value::Object(members.into_boxed_slice())
        }
        Some(b'[') => {
            let mut items = Vec::new();
            reader.array(|reader| {
                items.push(node(reader)?);
                Ok::<_, SyntaxError>(())
            })?;
            Value::Array(items.into_boxed_slice())
        }
        _ => reader.scalar()?,
    };
    Ok(Node::new(start..reader.offset(), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_token_has_its_span() {
        let body = br#" { "a\"\u00e9" : [ 1.5e3 , true ,null, {} ], "" : "x" } "#;
        let tree = parse(body).expect("it is JSON");
        let members = tree.members().expect("an object");
        assert_eq!(members[0].key, "a\"é");
        assert_eq!(&body[members[0].key_span()], br#""a\"\u00e9""#);
        let Value::Array(items) = &members[0].node.value else { panic!("an array") };
        let written: Vec<&[u8]> = items.iter().map(|item| &body[item.span()]).collect();
        assert_eq!(written, [&b"1.5e3"[..], b"true", b"null", b"{}"]);
        assert_eq!(members[1].key, "");
        assert_eq!(&body[members[1].node.span()], br#""x""#);
    }

    #[test]
    fn errors_have_a_message_and_an_offset() {
        let grammar = |message: &str| format!("the body is not JSON: {message}");
        let value = "expected an object, an array, a string, a number, `true`, `false` or `null`";
        let deep = "[".repeat(129);
        for (body, message, offset) in [
            (&b""[..], "the body is empty".to_owned(), 0),
            (b" \n", "the body is empty".to_owned(), 0),
            (b"\xEF\xBB\xBF{}", "the body starts with a byte order mark".to_owned(), 0),
            (b"\x1F\x8B\x08\0", "the body is compressed with gzip".to_owned(), 0),
            (b"\x78\x9C\xAB", "the body is compressed with zlib (deflate)".to_owned(), 0),
            (b"\x78\x01\xAB", "the body is compressed with zlib (deflate)".to_owned(), 0),
            (b"\x78\xDA\xAB", "the body is compressed with zlib (deflate)".to_owned(), 0),
            (b"\x28\xB5\x2F\xFD\x04", "the body is compressed with zstd".to_owned(), 0),
            (b"\x0B\x03\x80{}\x03", "the body is not UTF-8: byte 0x80 at offset 2".to_owned(), 2),
            (b"{\0}\0", "the body is in UTF-16".to_owned(), 0),
            (b"{\"a\":\xFF}", "the body is not UTF-8: byte 0xff at offset 5".to_owned(), 5),
            (b"{\n\"a\": 1,\n}", grammar("trailing comma"), 10),
            (b"[1,]", grammar("trailing comma"), 3),
            (b"[1 2]", grammar("expected `,` or `]`"), 3),
            (b"{\"a\":1 \"b\":2}", grammar("expected `,` or `}`"), 7),
            (b"{\"a\" 1}", grammar("expected `:`"), 5),
            (b"{a:1}", grammar("a key must be a string"), 1),
            (b"{,}", grammar("a key must be a string"), 1),
            (b"{\"a\":nul}", grammar(value), 5),
            (b"{\"a\":None}", grammar(value), 5),
            (b"[+1]", grammar(value), 1),
            (b"[01]", grammar("invalid number"), 2),
            (b"[1.]", grammar("invalid number"), 3),
            (b"[\"\\x\"]", grammar("invalid escape"), 3),
            (b"[\"\\u12x4\"]", grammar("invalid escape"), 6),
            (b"[\"\\ud800\\u12\"]", grammar("invalid escape"), 12),
            (b"[\"a\nb\"]", grammar("a control character in a string must be escaped"), 3),
            (b"{\"a\": [1", grammar("it ends in the middle of an array"), 7),
            (b"{\"a\"\n", grammar("it ends in the middle of an object"), 3),
            (b"[tru", grammar("it ends in the middle of a value"), 3),
            (b"[\"\\u00", grammar("it ends in the middle of a string"), 5),
            (b"{} {}", grammar("text follows the end of the value"), 3),
            (deep.as_bytes(), grammar("it is nested too deeply"), 128),
        ] {
            let error = parse(body).expect_err("it is not JSON");
            assert_eq!((error.message, error.span.start), (message, offset), "{body:?}");
        }
    }

    #[test]
    fn pitfalls_are_listed_with_their_position() {
        use PitfallKind::{NumberRange, UnpairedSurrogate};
        let body =
            br#"{"\ud83d\ude00 \udc00\udc00":[1e400,1e308,-1E999,"\ud800\u0041\ud800",1e-999],"a":"\ud83d\ude00"}"#;
        let (node, pitfalls) = parse_with_pitfalls(body).expect("it is JSON");
        let found: Vec<_> = pitfalls
            .into_iter()
            .map(|pitfall| (pitfall.kind, std::str::from_utf8(&body[pitfall.span]).expect("text")))
            .collect();
        assert_eq!(
            found,
            [
                (UnpairedSurrogate, r"\udc00"),
                (NumberRange, "1e400"),
                (NumberRange, "-1E999"),
                (UnpairedSurrogate, r"\ud800")
            ]
        );
        assert_eq!(node.members().expect("an object")[0].key, "😀 \u{fffd}\u{fffd}");
        assert_eq!(node.at("/a").and_then(Node::as_str), Some("😀"));
        assert!(parse(format!("{}{}", "[".repeat(128), "]".repeat(128)).as_bytes()).is_ok());
    }

    /// A hostile body has a value in every other byte.
    #[cfg(target_pointer_width = "64")]
    #[test]
    fn values_and_members_are_small() {
        assert_eq!((size_of::<Node<'_>>(), size_of::<Member<'_>>()), (32, 64));
        let tree = parse(b"[{\"\":0}]").expect("it is JSON");
        assert_eq!(tree.at("/0").map(Node::span), Some(1..7));
    }

    #[test]
    fn steps_are_escaped() {
        let mut pointer = String::new();
        push_step(&mut pointer, "a/b~c");
        assert_eq!(pointer, "/a~1b~0c");
    }
}
