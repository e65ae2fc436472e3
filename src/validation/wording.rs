//! Helpers for messages.

use std::borrow::Cow;

use crate::models::text;

/// The message and the fix of a finding.
pub(super) struct Wording {
    pub(super) message: String,
    pub(super) help: Option<Cow<'static, str>>,
}

impl From<String> for Wording {
    fn from(message: String) -> Self {
        Self { message, help: None }
    }
}

impl<H: Into<Cow<'static, str>>> From<(String, H)> for Wording {
    fn from((message, help): (String, H)) -> Self {
        Self { message, help: Some(help.into()) }
    }
}

/// Joins items with commas and a conjunction: `a, b or c`.
pub(super) fn join(items: &[String], conjunction: &str) -> String {
    match items {
        [init @ .., last] if !init.is_empty() => format!("{} {conjunction} {last}", init.join(", ")),
        _ => items.concat(),
    }
}

pub(super) fn quote(text: &str) -> String {
    format!("\"{}\"", truncate(text))
}

pub(super) fn code(text: &str) -> String {
    format!("`{}`", truncate(text))
}

/// Truncates text from a sender for a message.
pub(super) fn truncate(text: &str) -> Cow<'_, str> {
    text::truncate(text, 60)
}
