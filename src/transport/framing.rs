//! Finds requests that state their length in two ways, by `Content-Length` and by `Transfer-Encoding`. Whoever stands
//! between sender and receiver may believe the other one, and then what one takes for a body is a request to the other
//! (RFC 9112, section 6.3). hyper drops the `Content-Length` without a word, so nobody behind it can refuse such requests.

/// Follows the bytes of one connection from head to head. It needs to be right only about requests that hyper accepts:
/// the connection ends after the others.
#[derive(Debug, Default)]
pub(super) struct Framing {
    state: State,
    /// The line of a head that is not whole yet; more than hyper's limit for a head never gets here.
    line: Vec<u8>,
    length: Option<u64>,
    chunked: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    /// Before a request line: empty lines are skipped, as hyper does.
    #[default]
    Start,
    Head,
    /// So many bytes of a body are still to come.
    Body(u64),
    /// A chunked body. The connection is closed behind it, so nothing needs following.
    Chunked,
}

impl Framing {
    /// Follows some bytes more. The answer is whether a head ended in them that states its length in two ways.
    pub(super) fn follow(&mut self, mut bytes: &[u8]) -> bool {
        let mut ambiguous = false;
        while !bytes.is_empty() {
            match self.state {
                State::Chunked => return ambiguous,
                State::Body(left) => {
                    let skipped = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
                    bytes = &bytes[skipped..];
                    self.state = if skipped as u64 == left { State::Start } else { State::Body(left - skipped as u64) };
                }
                State::Start | State::Head => {
                    let Some(end) = memchr::memchr(b'\n', bytes) else {
                        self.line.extend_from_slice(bytes);
                        return ambiguous;
                    };
                    let (line, rest) = bytes.split_at(end + 1);
                    bytes = rest;
                    if self.line.is_empty() {
                        ambiguous |= self.line(line);
                    } else {
                        let mut whole = std::mem::take(&mut self.line);
                        whole.extend_from_slice(line);
                        ambiguous |= self.line(&whole);
                    }
                }
            }
        }
        ambiguous
    }

    /// Takes one line of a head, its end included.
    fn line(&mut self, line: &[u8]) -> bool {
        match (self.state, line) {
            (State::Start, b"\r\n" | b"\n") => false,
            (State::Start, _) => {
                self.state = State::Head;
                false
            }
            (_, b"\r\n" | b"\n") => {
                let (length, chunked) = (self.length.take(), std::mem::take(&mut self.chunked));
                self.state = match length {
                    _ if chunked => State::Chunked,
                    Some(length) if length > 0 => State::Body(length),
                    _ => State::Start,
                };
                chunked && length.is_some()
            }
            _ => {
                if let Some(value) = value_of(line, b"content-length:") {
                    // A length that is no number is refused by hyper.
                    self.length = std::str::from_utf8(value).ok().and_then(|text| text.trim().parse().ok());
                } else if value_of(line, b"transfer-encoding:").is_some() {
                    self.chunked = true;
                }
                false
            }
        }
    }
}

fn value_of<'a>(line: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
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

    fn follow(text: &str, piece: usize) -> bool {
        let mut framing = Framing::default();
        text.as_bytes().chunks(piece).fold(false, |ambiguous, bytes| framing.follow(bytes) | ambiguous)
    }

    #[test]
    fn two_lengths_in_one_head_are_found_however_the_bytes_come() {
        for piece in [1, 2, 7, 1000] {
            assert!(follow(BOTH, piece));
            assert!(follow(&format!("{ONE}{ONE}\r\n{BOTH}"), piece));
            assert!(!follow(&format!("{ONE}{ONE}{CHUNKED}{BOTH}"), piece), "what is in a chunked body is no head");
            assert!(!follow(CHUNKED, piece));
        }
    }
}
