//! What a comparison of two JSON values returns.

use serde::Serialize;

/// How two values differ.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Differences {
    /// The differences, in the order of the values.
    pub differences: Vec<Difference>,
    /// How many more there are.
    pub omitted: usize,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// A JSON Pointer into the second value; of what was removed, into the first. Of a repeated key it means the last
    /// member, as readers of JSON do.
    pub pointer: String,
    /// What happened.
    pub change: Change,
    /// The value in the first body as it is written, cut after [`Limits::value`] bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// The value in the second body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// What happened to a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// Only the second body has it.
    Added,
    /// Only the first body has it.
    Removed,
    /// Both have it, and it differs.
    Changed,
}

/// How much is reported.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The most differences; the others are counted.
    pub differences: usize,
    /// The most bytes of a value.
    pub value: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { differences: 1000, value: 1024 }
    }
}
