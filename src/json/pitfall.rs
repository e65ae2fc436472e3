//! Valid JSON (RFC 8259) that parsers handle differently.

use std::ops::Range;

/// A valid token that some parsers refuse or change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pitfall {
    /// The kind of pitfall.
    pub kind: PitfallKind,
    /// The position of the number, or of the first such escape in a string, in bytes.
    pub span: Range<usize>,
}

/// The kinds of pitfalls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PitfallKind {
    /// An escape such as `\ud800`, which is half of a surrogate pair.
    UnpairedSurrogate,
    /// A number that does not fit a double.
    NumberRange,
}
