//! Positions of tokens in half the memory of a `Range<usize>`. A hostile body has a token in every other byte.

use std::ops::Range;

/// The maximum size of a body, in bytes.
pub(super) const MAX_LENGTH: usize = u32::MAX as usize;

/// A range of bytes in a body.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    start: u32,
    end: u32,
}

impl Span {
    /// Creates a span. The body has at most [`MAX_LENGTH`] bytes.
    pub(super) fn new(range: Range<usize>) -> Self {
        let offset = |offset| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { start: offset(range.start), end: offset(range.end) }
    }

    pub(super) const fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}
