//! Retries of deliveries.

/// The header with the number of the retry, from 1 (Jira documentation).
pub const RETRY: &str = "X-Atlassian-Webhook-Retry";

/// A retry of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// The number of the retry, from 1.
    pub number: u32,
    /// Why the previous attempt failed.
    pub failure: FailureKind,
}

/// Why an attempt failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// No response within the time limit.
    Timeout,
    /// The receiver responded with 401.
    Unauthorized,
    /// Any other status that is not 2xx, or no connection.
    Other,
}
