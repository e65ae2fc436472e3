//! Finds requests that state their length in two ways, by `Content-Length` and by `Transfer-Encoding`. Whoever stands
//! between sender and receiver may believe the other one, and then what one takes for a body is a request to the other
//! (RFC 9112, section 6.3). hyper drops the `Content-Length` without a word, so nobody behind it can refuse such requests.

/// Follows the bytes of one connection from head to head. It needs to be right only about requests that hyper accepts:
/// the connection ends after the others.
#[derive(Debug, Default)]
pub(super) struct BodyLengths {
    state: State,
    /// The line of a head that is not whole yet; more than hyper's limit for a head never gets here.
    line: Vec<u8>,
    /// What this head says of its body.
    stated: Stated,
    /// Heads that have ended.
    heads: u64,
}

/// What a head says of its body.
#[derive(Clone, Copy, Debug, Default)]
struct Stated {
    /// There is a `Content-Length`, of whatever kind: beside `Transfer-Encoding` hyper does not even read it.
    sized: bool,
    /// Its number. Alone, one that is none is refused by hyper.
    length: u64,
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

impl BodyLengths {
    /// Follows some bytes more. The answer is the number, from 0, of the first head that ended in them and states its
    /// length in two ways.
    pub(super) fn follow(&mut self, mut bytes: &[u8]) -> Option<u64> {
        let mut ambiguous = None;
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
                        ambiguous = ambiguous.or(self.line(line));
                    } else {
                        let mut whole = std::mem::take(&mut self.line);
                        whole.extend_from_slice(line);
                        ambiguous = ambiguous.or(self.line(&whole));
                    }
                }
            }
        }
        ambiguous
    }

    /// Takes one line of a head, its end included.
    fn line(&mut self, line: &[u8]) -> Option<u64> {
        match (self.state, line) {
            (State::Start, b"\r\n" | b"\n") => {}
            (State::Start, _) => self.state = State::Head,
            (_, b"\r\n" | b"\n") => {
                let Stated { sized, length, chunked } = std::mem::take(&mut self.stated);
                self.state = match length {
                    _ if chunked => State::Chunked,
                    0 => State::Start,
                    length => State::Body(length),
                };
                let number = self.heads;
                self.heads += 1;
                return (chunked && sized).then_some(number);
            }
            _ => {
                if let Some(value) = value_of(line, b"content-length:") {
                    let length = std::str::from_utf8(value).ok().and_then(|text| text.trim().parse().ok());
                    (self.stated.sized, self.stated.length) = (true, length.unwrap_or_default());
                } else if value_of(line, b"transfer-encoding:").is_some() {
                    self.stated.chunked = true;
                }
            }
        }
        None
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

    fn follow(text: &str, piece: usize) -> Option<u64> {
        let mut body_lengths = BodyLengths::default();
        text.as_bytes().chunks(piece).fold(None, |ambiguous, bytes| ambiguous.or(body_lengths.follow(bytes)))
    }

    #[test]
    fn two_lengths_in_one_head_are_found_however_the_bytes_come() {
        for piece in [1, 2, 7, 1000] {
            assert_eq!(follow(BOTH, piece), Some(0));
            assert_eq!(follow(&format!("{ONE}{ONE}\r\n{BOTH}"), piece), Some(2), "those before it are sound");
            assert_eq!(follow(&format!("{ONE}{ONE}{CHUNKED}{BOTH}"), piece), None, "in a chunked body is no head");
            assert_eq!(follow(CHUNKED, piece), None);
        }
    }

    #[test]
    fn a_second_length_counts_whatever_it_says() {
        for length in ["abc", "5, 5", "0x5", "", "-1", "99999999999999999999999", "5\r\nContent-Length: x"] {
            assert_eq!(follow(&BOTH.replace('5', length), 1000), Some(0), "{length:?}");
        }
    }
}
