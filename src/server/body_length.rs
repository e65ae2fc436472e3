//! Finds requests that state the length of their body in two ways, by `Content-Length` and by `Transfer-Encoding`. If a
//! proxy believes one and the receiver the other, a part of the body becomes another request: request smuggling
//! (RFC 9112, section 6.3). hyper silently drops the `Content-Length`, so a handler cannot refuse such requests.

use std::borrow::Cow;

/// Scans the bytes of one connection from head to head. It must be right only about requests that hyper accepts, because
/// the connection ends after the others.
#[derive(Debug, Default)]
pub(super) struct BodyLengths {
    state: State,
    /// The beginning of a line that is not complete. It never exceeds hyper's limit for a head.
    line: Vec<u8>,
    has_content_length: bool,
    /// The value of `Content-Length`. hyper refuses one that is not a number, unless there is a `Transfer-Encoding`.
    content_length: u64,
    is_chunked: bool,
    /// The number of complete heads.
    heads: u64,
}

#[derive(Clone, Copy, Debug, Default)]
enum State {
    /// Before a request line; empty lines are skipped, as hyper does.
    #[default]
    Start,
    Head,
    /// The number of bytes that are left of a body.
    Body(u64),
    /// A chunked body. The connection is closed after it, so the rest is not scanned.
    Chunked,
}

impl BodyLengths {
    /// Scans further bytes. Returns the number, from 0, of the first request with a head that ends in them and states its
    /// length in two ways.
    pub(super) fn scan(&mut self, mut bytes: &[u8]) -> Option<u64> {
        let mut ambiguous = None;
        while !bytes.is_empty() {
            match self.state {
                State::Chunked => break,
                State::Body(left) => {
                    let skipped = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
                    bytes = &bytes[skipped..];
                    let left = left - skipped as u64;
                    self.state = if left == 0 { State::Start } else { State::Body(left) };
                }
                State::Start | State::Head => {
                    let Some(end) = memchr::memchr(b'\n', bytes) else {
                        self.line.extend_from_slice(bytes);
                        break;
                    };
                    let (line, rest) = bytes.split_at(end + 1);
                    bytes = rest;
                    let line = if self.line.is_empty() {
                        Cow::Borrowed(line)
                    } else {
                        let mut whole = std::mem::take(&mut self.line);
                        whole.extend_from_slice(line);
                        Cow::Owned(whole)
                    };
                    ambiguous = ambiguous.or(self.scan_line(&line));
                }
            }
        }
        ambiguous
    }

    /// Reads one line of a head, with its line end.
    fn scan_line(&mut self, line: &[u8]) -> Option<u64> {
        match (self.state, line) {
            (State::Start, b"\r\n" | b"\n") => {}
            (State::Start, _) => self.state = State::Head,
            (_, b"\r\n" | b"\n") => return self.end_head(),
            _ => {
                if let Some(value) = strip_name(line, b"content-length:") {
                    let length = std::str::from_utf8(value).ok().and_then(|text| text.trim().parse().ok());
                    (self.has_content_length, self.content_length) = (true, length.unwrap_or_default());
                } else if strip_name(line, b"transfer-encoding:").is_some() {
                    self.is_chunked = true;
                }
            }
        }
        None
    }

    fn end_head(&mut self) -> Option<u64> {
        let is_ambiguous = self.is_chunked && self.has_content_length;
        let next = match self.content_length {
            _ if self.is_chunked => State::Chunked,
            0 => State::Start,
            length => State::Body(length),
        };
        *self = Self { state: next, heads: self.heads + 1, ..Self::default() };
        is_ambiguous.then_some(self.heads - 1)
    }
}

fn strip_name<'a>(line: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let (start, value) = line.split_at_checked(name.len())?;
    start.eq_ignore_ascii_case(name).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str =
        "POST / HTTP/1.1\r\nHost: x\r\ncontent-LENGTH: 38\r\n\r\n\r\nTransfer-Encoding: chunked\r\n\r\n1234567";
    const BOTH: &str = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n";
    const CHUNKED: &str = "POST / HTTP/1.1\nTransfer-Encoding: chunked\n\n";

    fn scan(text: &str, piece: usize) -> Option<u64> {
        let mut body_lengths = BodyLengths::default();
        text.as_bytes().chunks(piece).fold(None, |ambiguous, bytes| ambiguous.or(body_lengths.scan(bytes)))
    }

    #[test]
    fn two_lengths_in_one_head_are_found_however_the_bytes_are_split() {
        for piece in [1, 2, 7, 1000] {
            assert_eq!(scan(BOTH, piece), Some(0));
            assert_eq!(scan(&format!("{ONE}{ONE}\r\n{BOTH}"), piece), Some(2), "those before it are sound");
            assert_eq!(scan(&format!("{ONE}{ONE}{CHUNKED}{BOTH}"), piece), None, "a chunked body has no head in it");
            assert_eq!(scan(CHUNKED, piece), None);
        }
    }

    #[test]
    fn a_second_length_counts_whatever_its_value() {
        for length in ["abc", "5, 5", "0x5", "", "-1", "99999999999999999999999", "5\r\nContent-Length: x"] {
            assert_eq!(scan(&BOTH.replace('5', length), 1000), Some(0), "{length:?}");
        }
    }
}
