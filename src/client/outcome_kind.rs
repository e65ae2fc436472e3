//! The kinds of outcomes of a request.

use crate::models::response::Response;

use super::error::SendError;

/// The kind of an outcome: a status, or the kind of error if no response was received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutcomeKind {
    /// The status.
    Status(u16),
    /// The stable word for the kind of error.
    Error(&'static str),
}

impl OutcomeKind {
    /// Returns the kind of an outcome.
    pub const fn of(result: &Result<Response, SendError>) -> Self {
        match result {
            Ok(response) => Self::Status(response.status),
            Err(error) => Self::Error(error.code().info().name),
        }
    }
}
