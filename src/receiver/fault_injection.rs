//! A receiver that fails on purpose, to test senders.

use std::time::Duration;

use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

use crate::models::response::Response;

/// Which deliveries fail, and how.
#[derive(Clone, Debug)]
pub struct FaultInjection {
    /// The pause before each response.
    pub delay: Option<Duration>,
    /// This many deliveries fail at first.
    pub fail_first: u64,
    /// The probability that a delivery fails, 0 to 1.
    pub fail_rate: f64,
    /// The same deliveries fail for the same seed.
    pub seed: u64,
    /// The status of the response to a delivery that fails.
    pub failure_status: u16,
    /// The status of the response to a delivery that is accepted.
    pub success_status: u16,
}

impl Default for FaultInjection {
    /// No delivery fails.
    fn default() -> Self {
        Self { delay: None, fail_first: 0, fail_rate: 0.0, seed: 0, failure_status: 503, success_status: 200 }
    }
}

impl FaultInjection {
    /// Returns the response to a delivery that fails on purpose. It depends only on its number and the seed, however many
    /// deliveries are received at once.
    pub(super) fn failure(&self, number: u64) -> Option<Response> {
        let fails = number <= self.fail_first || (self.fail_rate > 0.0 && self.draws(number));
        fails.then(|| Response::text(self.failure_status, "failing on purpose"))
    }

    /// Returns the response to a delivery that is accepted.
    pub(super) fn success(&self) -> Response {
        let text = if self.success_status / 100 == 2 { "ok\n" } else { "responding with this status on purpose" };
        Response::text(self.success_status, text)
    }

    fn draws(&self, number: u64) -> bool {
        let mut random = ChaCha8Rng::seed_from_u64(self.seed);
        random.set_stream(number);
        random.random_bool(self.fail_rate)
    }
}
