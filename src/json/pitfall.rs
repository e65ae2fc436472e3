//! What RFC 8259 allows and parsers disagree on.

use std::ops::Range;

/// A token that is JSON, and that some parsers refuse or change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pitfall {
    /// What it is.
    pub kind: PitfallKind,
    /// The number, or the first such escape of a string, in bytes of the body.
    pub span: Range<usize>,
}

/// What parsers disagree on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PitfallKind {
    /// An escape like `\ud800`, which is half of a character.
    UnpairedSurrogate,
    /// A number beyond the largest double.
    NumberRange,
}
