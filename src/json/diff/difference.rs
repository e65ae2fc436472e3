//! The result of a comparison.

use serde::Serialize;

/// The differences between two values.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Differences {
    /// The differences, in order.
    pub differences: Vec<Difference>,
    /// The number of further differences.
    pub omitted: usize,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// A JSON Pointer into the second value, or into the first value for a removal. For a repeated key, it points to the last
    /// member.
    pub pointer: String,
    /// The kind of difference.
    pub change: Change,
    /// The value in the first body as written, truncated to [`Limits::value`] bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// The value in the second body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// The kinds of differences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// Only the second body has it.
    Added,
    /// Only the first body has it.
    Removed,
    /// Both bodies have it, with different values.
    Changed,
}

/// The limits of a report.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The maximum number of differences to list. The others are only counted.
    pub differences: usize,
    /// The maximum number of bytes of a value.
    pub value: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { differences: 1000, value: 1024 }
    }
}
