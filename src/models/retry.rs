//! What is said in a delivery that is sent again.

/// Counts the retries of a delivery, from 1 (Jira's documentation).
pub const RETRY: &str = "X-Atlassian-Webhook-Retry";

/// A retry of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// Which retry it is, from 1.
    pub number: u32,
    /// Why the attempt before it failed.
    pub failure: FailureKind,
}

/// Why an attempt failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// There was no response in time.
    Timeout,
    /// The receiver did not accept the credentials: 401.
    Unauthorized,
    /// Another status than 2xx, or no connection.
    Other,
}
