//! Formats errors: a message, and advice after the label `fix`.

use std::io;

use serde::Serialize;

use crate::client::error::SendError;
use crate::probe::StateError;

use super::show::ToJson;

/// An error that ends a command, or that is about one input.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "error")]
pub struct ErrorLine {
    /// The kind of error: a stable code.
    pub code: &'static str,
    /// What happened.
    pub message: String,
    /// The advice, if any.
    pub fix: Option<String>,
    /// The exit code, unless a higher one follows.
    pub exit_code: u8,
}

impl ErrorLine {
    /// Describes an error. In `text`, advice is after the last semicolon.
    pub fn new(code: &'static str, text: &str) -> Self {
        let (message, fix) = split_advice(text);
        Self { code, message: message.to_owned(), fix: fix.map(str::to_owned), exit_code: 2 }
    }

    /// Renders the error as a line of JSON.
    pub fn render(&self) -> String {
        self.to_json() + "\n"
    }
}

impl From<&anyhow::Error> for ErrorLine {
    fn from(error: &anyhow::Error) -> Self {
        Self::new(code(error), &format!("{error:#}"))
    }
}

/// Splits a message from its advice, which is after the last semicolon.
pub(super) fn split_advice(text: &str) -> (&str, Option<&str>) {
    text.rsplit_once("; ").map_or((text, None), |(message, advice)| (message, Some(advice)))
}

/// Returns the code of an error: that of the network or file error that caused it, else `usage`.
fn code(error: &anyhow::Error) -> &'static str {
    if let Some(error) = error.chain().find_map(|cause| cause.downcast_ref::<SendError>()) {
        return error.code();
    }
    if error.is::<StateError>() {
        return "state";
    }
    match error.chain().find_map(|cause| cause.downcast_ref::<io::Error>()).map(io::Error::kind) {
        None => "usage",
        Some(io::ErrorKind::NotFound) => "not-found",
        Some(io::ErrorKind::PermissionDenied) => "permission-denied",
        Some(io::ErrorKind::AddrInUse) => "address-in-use",
        Some(io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge) => "no-space",
        Some(_) => "io",
    }
}
