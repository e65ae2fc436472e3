//! How inputs are read.

use crate::cli::limits::Limits;

/// How inputs are read.
#[derive(Clone, Copy, Debug)]
pub struct ReadOptions {
    /// The most bytes that a body may have, or a file with one.
    pub max_body: usize,
    /// Is a JSON array of objects several bodies?
    pub splits_arrays: bool,
}

impl ReadOptions {
    /// Reads bodies that are JSON.
    pub const fn json(limits: Limits) -> Self {
        Self { max_body: limits.max_body, splits_arrays: true }
    }

    /// Reads bodies that are any bytes.
    pub const fn bytes(max_body: usize) -> Self {
        Self { max_body, splits_arrays: false }
    }
}
