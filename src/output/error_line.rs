//! Formats errors: a message, and advice after the label `fix`.

use std::io;

use serde::Serialize;

use crate::client::error::SendError;
use crate::models::error_code::ErrorCode;
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
    /// Describes a usage error. In `text`, advice is after the last semicolon.
    pub fn usage(text: &str) -> Self {
        let (message, fix) = split_advice(text);
        Self::new(ErrorCode::Usage, message.to_owned(), fix.map(str::to_owned))
    }

    fn new(code: ErrorCode, message: String, fix: Option<String>) -> Self {
        let code = code.info();
        let fix = fix.or_else(|| (!code.fix.is_empty()).then(|| code.fix.to_owned()));
        Self { code: code.name, message, fix, exit_code: 2 }
    }

    /// Renders the error as a line of JSON.
    pub fn render(&self) -> String {
        self.to_json() + "\n"
    }
}

/// Joins the messages of an error and its causes. The advice is that of the innermost cause that has some, or else that of the
/// code.
impl From<&anyhow::Error> for ErrorLine {
    fn from(error: &anyhow::Error) -> Self {
        let mut fix = None;
        let messages = error.chain().map(|cause| {
            let text = cause.to_string();
            let (message, advice) = split_advice(&text);
            fix = advice.map(str::to_owned).or_else(|| fix.take());
            message.to_owned()
        });
        let message = messages.collect::<Vec<_>>().join(": ");
        Self::new(code(error), message, fix)
    }
}

/// Splits a message from its advice, which is after the last semicolon.
pub(super) fn split_advice(text: &str) -> (&str, Option<&str>) {
    text.rsplit_once("; ").map_or((text, None), |(message, advice)| (message, Some(advice)))
}

/// Returns the code of an error: that of the network or file error that caused it, else `usage`.
fn code(error: &anyhow::Error) -> ErrorCode {
    if let Some(error) = error.chain().find_map(|cause| cause.downcast_ref::<SendError>()) {
        return error.code();
    }
    if error.is::<StateError>() {
        return ErrorCode::State;
    }
    match error.chain().find_map(|cause| cause.downcast_ref::<io::Error>()).map(io::Error::kind) {
        None => ErrorCode::Usage,
        Some(io::ErrorKind::NotFound) => ErrorCode::NotFound,
        Some(io::ErrorKind::PermissionDenied) => ErrorCode::PermissionDenied,
        Some(io::ErrorKind::AddrInUse) => ErrorCode::AddressInUse,
        Some(io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge) => {
            ErrorCode::NoSpace
        }
        Some(_) => ErrorCode::Io,
    }
}
