//! The requests of a case, and the responses that pass.

use crate::auth::cases::Failure;
use crate::client::error::SendError;
use crate::client::request_variant::RequestVariant;
use crate::client::url::{self, Url};
use crate::models::request::Request;
use crate::models::response::Response;

/// The response to a request, or why there is none.
pub(super) type ResponseResult = Result<Response, SendError>;

/// Which response to a request passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpectedResponse {
    /// A 2xx.
    Accepted,
    /// Any 4xx.
    Refused,
    /// A 2xx or a 4xx. A 5xx and no response fail.
    AcceptedOrRefused,
}

impl ExpectedResponse {
    /// Returns how the receiver failed, or `None` if it passed.
    pub(super) fn failure(self, result: &ResponseResult) -> Option<Failure> {
        let response = match result {
            Ok(response) => response,
            Err(SendError::Timeout(_) | SendError::BodyTimeout { .. }) => return Some(Failure::Silent),
            Err(_) => return Some(Failure::Closed),
        };
        match (response.status, self) {
            (200..=299, Self::Accepted | Self::AcceptedOrRefused)
            | (400..=499, Self::Refused | Self::AcceptedOrRefused) => None,
            (200..=299, Self::Refused) => Some(Failure::Accepted),
            (status @ 400..=499, Self::Accepted) => Some(Failure::Refused(status)),
            (500..=599, _) => Some(Failure::Crashed),
            (status, _) => Some(Failure::Other(status)),
        }
    }
}

/// One request of a case.
#[derive(Clone, Debug)]
pub struct CaseRequest {
    /// Its name among the requests of the case.
    pub label: String,
    /// The URL that it is sent to.
    pub url: Url,
    /// Its headers and its body.
    pub delivery: Request,
    /// How it is sent.
    pub variant: RequestVariant,
    /// Which response passes.
    pub expected: ExpectedResponse,
}

impl CaseRequest {
    /// Updates the URL to the target of the delivery, in which a scheme may have put credentials.
    pub(super) fn readdressed(self) -> Self {
        Self { url: url::with_target(&self.url, self.delivery.target()), ..self }
    }
}
