//! Converts byte offsets to lines and columns.

use std::ops::Range;

use serde::Serialize;

use crate::models::request::Request;

use super::report::{Finding, FindingLocation};

/// A position as in an editor: line and column from 1, columns in characters. A line ends with LF; the CR of a CRLF is its last
/// character.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1. An invalid UTF-8 byte counts as one character.
    pub column: usize,
}

/// Finds positions in a body. It continues from the last position, so that ascending offsets need only one pass over the body.
#[derive(Debug)]
pub struct Locator<'a> {
    body: &'a [u8],
    offset: usize,
    position: Position,
}

impl<'a> Locator<'a> {
    /// Creates a locator at the first byte.
    pub const fn new(body: &'a [u8]) -> Self {
        Self { body, offset: 0, position: Position { line: 1, column: 1 } }
    }

    /// Returns the position of a byte. Offsets after the end return the position of the end.
    pub fn position(&mut self, offset: usize) -> Position {
        let offset = offset.min(self.body.len());
        if offset < self.offset {
            *self = Self::new(self.body);
        }
        for &byte in &self.body[self.offset..offset] {
            if byte == b'\n' {
                self.position = Position { line: self.position.line + 1, column: 1 };
            } else if !is_continuation(byte) {
                self.position.column += 1;
            }
        }
        self.offset = offset;
        // A byte inside a character has the position of the character.
        let inside = self.body.get(offset).is_some_and(|&byte| is_continuation(byte)) && self.position.column > 1;
        Position { column: self.position.column - usize::from(inside), ..self.position }
    }
}

/// Returns the start and the end of each finding. Lines of the body count from 1. For headers, the request line is line 1.
pub fn locate(findings: &[Finding], request: &Request) -> Vec<Range<Position>> {
    let (mut starts, mut ends) = (Locator::new(request.body()), Locator::new(request.body()));
    let locate = |finding: &Finding| match &finding.location {
        FindingLocation::Header { name, index } => {
            let length = name.len() + 2 + request.headers().nth(*index).map_or(0, <[u8]>::len);
            let line = index + 2;
            Position { line, column: 1 }..Position { line, column: length + 1 }
        }
        FindingLocation::Body { span, .. } => starts.position(span.start)..ends.position(span.end),
    };
    findings.iter().map(locate).collect()
}

/// Returns whether a byte is the second, third or fourth byte of a UTF-8 character.
const fn is_continuation(byte: u8) -> bool {
    byte & 0b1100_0000 == 0b1000_0000
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(body: &str, token: &str) -> (usize, usize) {
        let position = Locator::new(body.as_bytes()).position(body.find(token).expect("the body has the token"));
        (position.line, position.column)
    }

    #[test]
    fn lines_and_columns_start_at_one_and_count_characters() {
        assert_eq!(at("x", "x"), (1, 1));
        assert_eq!(at("a\n\tx", "x"), (2, 2));
        assert_eq!(at("a\r\nb\r\n  x", "x"), (3, 3));
        assert_eq!(at("é😀x", "x"), (1, 3));
        assert_eq!(at("e\u{301}x", "x"), (1, 3));
    }

    #[test]
    fn positions_do_not_depend_on_the_order_of_offsets() {
        let mut locator = Locator::new(b"ab\ncd");
        let forward = [0, 1, 3, 4].map(|offset| locator.position(offset));
        let backward = [4, 3, 1, 0].map(|offset| locator.position(offset));
        assert_eq!(forward.into_iter().rev().collect::<Vec<_>>(), backward);
    }

    #[test]
    fn an_offset_after_the_end_is_the_end() {
        assert_eq!(Locator::new(b"ab\n").position(99), Position { line: 2, column: 1 });
    }
}
