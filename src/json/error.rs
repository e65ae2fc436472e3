//! Syntax errors.

use std::fmt::Display;
use std::ops::Range;

/// Why a body is not JSON, with the position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// The position of the token, in bytes.
    pub span: Range<usize>,
    /// The message.
    pub message: String,
    /// How to fix it.
    pub help: Option<&'static str>,
}

impl SyntaxError {
    /// Creates an error for the byte at `offset`.
    pub(super) fn new(offset: usize, message: impl Into<String>, help: Option<&'static str>) -> Self {
        Self { span: offset..offset + 1, message: message.into(), help }
    }

    /// Creates an error for UTF-8 text that breaks the grammar of JSON.
    pub(super) fn grammar(offset: usize, message: impl Display, help: Option<&'static str>) -> Self {
        Self::new(offset, format!("the body is not JSON: {message}"), help)
    }
}
