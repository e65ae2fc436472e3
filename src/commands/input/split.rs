//! Splits input into bodies.

use bytes::Bytes;

use crate::json::{Reader, SyntaxError};

/// The text is not an array of objects.
struct NotBodies;

impl From<SyntaxError> for NotBodies {
    fn from(_: SyntaxError) -> Self {
        Self
    }
}

/// Returns the objects in a JSON array, byte for byte, each with the number of lines before it. Returns `None` for any other
/// text.
pub(super) fn array_items(bytes: &Bytes) -> Option<impl Iterator<Item = (usize, Bytes)> + use<>> {
    if bytes.trim_ascii_start().first() != Some(&b'[') {
        return None;
    }
    let mut reader = Reader::new(bytes).ok()?;
    reader.peek();
    let mut spans = Vec::new();
    let read = reader.array(|reader| {
        if reader.peek() != Some(b'{') {
            return Err(NotBodies);
        }
        let start = reader.offset();
        reader.skip_value()?;
        spans.push(start..reader.offset());
        Ok(())
    });
    read.ok()?;
    reader.end().ok()?;
    let (bytes, mut line, mut at) = (bytes.clone(), 0, 0);
    let item = move |span: std::ops::Range<usize>| {
        line += memchr::memchr_iter(b'\n', &bytes[at..span.start]).count();
        at = span.start;
        (line, bytes.slice(span))
    };
    (!spans.is_empty()).then(|| spans.into_iter().map(item))
}

/// Divides a line into its number and the body after a tab. Spaces before the number, as `cat -n` writes them, do not count.
pub(super) fn split_number(line: &Bytes) -> Option<(usize, Bytes)> {
    let tab = memchr::memchr(b'\t', line)?;
    let number = str::from_utf8(&line[..tab]).ok()?.trim_start_matches(' ');
    let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
    let number = number.parse().ok().filter(|number| is_number && *number > 0)?;
    Some((number, line.slice(tab + 1..)))
}

/// Returns lines without their line ends, LF or CRLF.
pub(super) fn lines(bytes: Bytes) -> impl Iterator<Item = Bytes> {
    let mut start = 0;
    std::iter::from_fn(move || {
        let rest = bytes.get(start..).filter(|rest| !rest.is_empty())?;
        let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let line = bytes.slice(start..start + rest[..end].strip_suffix(b"\r").unwrap_or(&rest[..end]).len());
        start += end + 1;
        Some(line)
    })
}
