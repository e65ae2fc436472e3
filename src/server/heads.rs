//! Scans a connection for the heads of requests, in the order and case of the wire. hyper groups header fields by name,
//! converts names to lower case, and does not return the bytes of a request that it refuses.
//!
//! The scan also finds requests with both `Content-Length` and `Transfer-Encoding`. If a proxy uses one and the receiver the
//! other, a part of the body becomes another request. This is request smuggling (RFC 9112, section 6.3). hyper silently
//! drops the `Content-Length`, so a handler cannot detect such requests.

use std::borrow::Cow;
use std::collections::VecDeque;

use crate::models::request::Headers;

/// Scans the bytes of one connection for heads. It needs to be correct only for requests that hyper accepts, because the
/// connection ends after any other request.
#[derive(Debug, Default)]
pub(super) struct HeadScanner {
    state: State,
    /// The beginning of an incomplete line. It never exceeds hyper's limit for a head.
    line: Vec<u8>,
    /// The incomplete head.
    head: Head,
    has_content_length: bool,
    /// The value of `Content-Length`. hyper refuses a value that is not a number, unless `Transfer-Encoding` is present.
    content_length: u64,
    is_chunked: bool,
    /// The complete heads that hyper has not returned as requests yet. Their number is bounded by hyper's buffer.
    complete: VecDeque<Head>,
}

/// The head of a request.
#[derive(Debug, Default)]
pub(super) struct Head {
    /// The request line without its line end, or the received part of it.
    pub(super) line: Vec<u8>,
    /// The header fields in the order and the case of the wire.
    pub(super) headers: Headers,
    /// Whether the head has both `Content-Length` and `Transfer-Encoding`.
    pub(super) is_ambiguous: bool,
}

#[derive(Clone, Copy, Debug, Default)]
enum State {
    /// Before a request line. Empty lines are skipped, as in hyper.
    #[default]
    Start,
    Fields,
    /// In a body, with this number of bytes left.
    Body(u64),
    /// In a chunked body. The connection is closed after it, so the rest is not scanned.
    Chunked,
}

impl HeadScanner {
    /// Scans further bytes.
    pub(super) fn scan(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            match self.state {
                State::Chunked => break,
                State::Body(left) => {
                    let skipped = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
                    bytes = &bytes[skipped..];
                    let left = left - skipped as u64;
                    self.state = if left == 0 { State::Start } else { State::Body(left) };
                }
                State::Start | State::Fields => {
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
                    self.scan_line(line.trim_ascii_end());
                }
            }
        }
    }

    /// Removes and returns the head of the next request that hyper returns.
    pub(super) fn next_head(&mut self) -> Option<Head> {
        self.complete.pop_front()
    }

    /// Removes and returns the first head that hyper has not returned, complete or not. Returns `None` if no byte of a head was
    /// received.
    pub(super) fn unhandled_head(&mut self) -> Option<Head> {
        let complete = self.next_head();
        complete
            .or_else(|| match self.state {
                State::Start => Some(Head { line: std::mem::take(&mut self.line), ..Head::default() }),
                State::Fields => Some(std::mem::take(&mut self.head)),
                State::Body(_) | State::Chunked => None,
            })
            .filter(|head| !head.line.is_empty())
    }

    /// Reads one line of a head, without its line end.
    fn scan_line(&mut self, line: &[u8]) {
        match self.state {
            State::Start if line.is_empty() => {}
            State::Start => {
                self.state = State::Fields;
                self.head = Head { line: line.to_vec(), headers: Headers::with_usual_capacity(), is_ambiguous: false };
            }
            _ if line.is_empty() => self.end_head(),
            _ => {
                let colon = memchr::memchr(b':', line).unwrap_or(line.len());
                let (name, value) = (&line[..colon], line.get(colon + 1..).unwrap_or_default().trim_ascii());
                // hyper refuses the request if this is not text.
                let name = std::str::from_utf8(name).unwrap_or_default();
                if name.eq_ignore_ascii_case("content-length") {
                    let length = std::str::from_utf8(value).ok().and_then(|text| text.parse().ok());
                    (self.has_content_length, self.content_length) = (true, length.unwrap_or_default());
                } else if name.eq_ignore_ascii_case("transfer-encoding") {
                    self.is_chunked = true;
                }
                self.head.headers.append(name, value);
            }
        }
    }

    fn end_head(&mut self) {
        self.head.is_ambiguous = self.is_chunked && self.has_content_length;
        self.complete.push_back(std::mem::take(&mut self.head));
        self.state = match self.content_length {
            _ if self.is_chunked => State::Chunked,
            0 => State::Start,
            length => State::Body(length),
        };
        (self.has_content_length, self.content_length, self.is_chunked) = (false, 0, false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str =
        "POST / HTTP/1.1\r\nHost: x\r\ncontent-LENGTH: 38\r\n\r\n\r\nTransfer-Encoding: chunked\r\n\r\n1234567";
    const BOTH: &str = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n";
    const CHUNKED: &str = "POST / HTTP/1.1\nTransfer-Encoding: chunked\n\n";

    fn scan(text: &str, piece: usize) -> HeadScanner {
        let mut scanner = HeadScanner::default();
        text.as_bytes().chunks(piece).for_each(|bytes| scanner.scan(bytes));
        scanner
    }

    /// The number, from 0, of the first request that states its length in two ways.
    fn first_ambiguous(text: &str, piece: usize) -> Option<usize> {
        scan(text, piece).complete.iter().position(|head| head.is_ambiguous)
    }

    #[test]
    fn two_lengths_in_one_head_are_found_however_the_bytes_are_split() {
        for piece in [1, 2, 7, 1000] {
            assert_eq!(first_ambiguous(BOTH, piece), Some(0));
            assert_eq!(first_ambiguous(&format!("{ONE}{ONE}\r\n{BOTH}"), piece), Some(2), "those before it are sound");
            assert_eq!(
                first_ambiguous(&format!("{ONE}{ONE}{CHUNKED}{BOTH}"), piece),
                None,
                "chunked bodies have no head"
            );
            assert_eq!(first_ambiguous(CHUNKED, piece), None);
        }
    }

    #[test]
    fn a_second_length_counts_whatever_its_value() {
        for length in ["abc", "5, 5", "0x5", "", "-1", "99999999999999999999999", "5\r\nContent-Length: x"] {
            assert_eq!(first_ambiguous(&BOTH.replace('5', length), 1000), Some(0), "{length:?}");
        }
    }

    #[test]
    fn fields_keep_their_case_and_their_order() {
        let text = "POST /a HTTP/1.1\r\nX-Aa: 1\r\nhOST:x\r\nX-Bb:\t2 \r\nx-aa: \r\nX-Odd: caf\u{e9}\r\n\r\n";
        for piece in [1, 3, 1000] {
            let head = scan(text, piece).next_head().expect("a head");
            assert_eq!(head.line, b"POST /a HTTP/1.1");
            let fields: Vec<_> =
                head.headers.iter().map(|(name, value)| (name, String::from_utf8_lossy(value))).collect();
            let expected = [("X-Aa", "1"), ("hOST", "x"), ("X-Bb", "2"), ("x-aa", ""), ("X-Odd", "caf\u{e9}")];
            assert_eq!(fields, expected.map(|(name, value)| (name, value.into())));
        }
    }

    #[test]
    fn of_a_head_that_is_not_complete_the_first_line_is_known() {
        for (text, line) in
            [("", None), ("POST / H", Some("POST / H")), ("GET / HTTP/1.1\r\nHost", Some("GET / HTTP/1.1"))]
        {
            let head = scan(text, 1000).unhandled_head();
            assert_eq!(head.map(|head| head.line), line.map(|line| line.as_bytes().to_vec()));
        }
        let mut handled = scan(&ONE[..ONE.len() - 9], 1000);
        handled.next_head();
        assert!(handled.unhandled_head().is_none(), "a body is not a head");
    }
}
