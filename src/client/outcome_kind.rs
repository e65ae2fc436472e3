//! In which way a request ended.

use crate::models::response::Response;

use super::error::SendError;

/// In which way a request ended: with this status, or without a response for a reason of this kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutcomeKind {
    /// The status.
    Status(u16),
    /// The stable word for the kind of error.
    Error(&'static str),
}

impl OutcomeKind {
    /// Returns the way in which a request ended.
    pub const fn of(result: &Result<Response, SendError>) -> Self {
        match result {
            Ok(response) => Self::Status(response.status),
            Err(error) => Self::Error(error.code()),
        }
    }
}
