//! Why a body is not JSON.

use std::fmt::Display;
use std::ops::Range;

/// Why a body is not JSON, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// The offending token, in bytes of the body.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<&'static str>,
}

impl SyntaxError {
    /// The error at the byte at `offset`.
    pub(super) fn new(offset: usize, message: impl Into<String>, help: Option<&'static str>) -> Self {
        Self { span: offset..offset + 1, message: message.into(), help }
    }

    /// The error in text that is encoded as JSON must be, but breaks its grammar.
    pub(super) fn grammar(offset: usize, message: impl Display, help: Option<&'static str>) -> Self {
        Self::new(offset, format!("the body is not JSON: {message}"), help)
    }
}
