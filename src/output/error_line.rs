//! An error as a line of JSON, for `--json`.

use std::io;

use serde::Serialize;

use crate::client::error::SendError;
use crate::probe::StateError;

use super::show::ToJson;

/// An error that ends a command, or that is about one of its inputs.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "error")]
pub struct ErrorLine {
    /// What kind of error it is, in a stable word.
    pub code: &'static str,
    /// What happened.
    pub message: String,
    /// What to do about it, if that is known.
    pub fix: Option<String>,
    /// The exit code, unless a higher one follows.
    pub exit_code: u8,
}

impl ErrorLine {
    /// Describes an error. Messages have the advice after a semicolon.
    pub fn new(code: &'static str, text: &str) -> Self {
        let (message, fix) = match text.rsplit_once("; ") {
            Some((message, fix)) => (message, Some(fix.to_owned())),
            None => (text, None),
        };
        Self { code, message: message.to_owned(), fix, exit_code: 2 }
    }

    /// Renders the line.
    pub fn render(&self) -> String {
        self.to_json() + "\n"
    }
}

impl From<&anyhow::Error> for ErrorLine {
    fn from(error: &anyhow::Error) -> Self {
        Self::new(code(error), &format!("{error:#}"))
    }
}

/// The kind of an error: that of the network or the file at its root, else `usage`.
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
