//! What an endpoint responded.

use std::time::Duration;

use super::request::Headers;

/// What the endpoint answered.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status, 100 to 999.
    pub status: u16,
    /// Its header fields, in the order of the wire.
    pub headers: Headers,
    /// The body's beginning, up to the sender's cap.
    pub body: Vec<u8>,
    /// From sending the first byte to reading the last.
    pub elapsed: Duration,
}

impl Response {
    /// Is it a 2xx, which is what Confluence counts as delivered?
    #[must_use]
    pub const fn is_success(&self) -> bool {
        self.status / 100 == 2
    }
}
