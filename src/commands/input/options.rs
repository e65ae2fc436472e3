//! The options for reading input.

use crate::cli::limits::Limits;

/// The options for reading input.
#[derive(Clone, Copy, Debug)]
pub struct ReadOptions {
    /// The largest size of a body, in bytes.
    pub max_body: usize,
    /// Whether a JSON array of objects is several bodies.
    pub splits_arrays: bool,
    /// Is it a part of a larger input, in which each line begins with its number?
    pub numbered: bool,
}

impl ReadOptions {
    /// Returns options for JSON bodies.
    pub const fn json(limits: Limits) -> Self {
        Self { max_body: limits.max_body, splits_arrays: true, numbered: false }
    }

    /// Returns options for bodies of any bytes.
    pub const fn bytes(max_body: usize) -> Self {
        Self { max_body, splits_arrays: false, numbered: false }
    }
}
