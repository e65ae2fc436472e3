//! A receiver that is bad on purpose, to test senders.

use std::time::Duration;

use rand::rngs::ChaCha8Rng;
use rand::{Rng, RngExt, SeedableRng};

use crate::cli;
use crate::models::response::Response;

/// What a receiver that is down answers.
const DOWN: u16 = 503;

/// How bad it is.
pub(super) struct FaultInjection {
    pub(super) delay: Option<Duration>,
    first: u64,
    rate: f64,
    /// Makes the same deliveries fail in every run.
    pub(super) seed: u64,
    failure: u16,
    success: Option<u16>,
}

impl FaultInjection {
    pub(super) fn new(arguments: &cli::listen::Listen) -> Self {
        let rate = arguments.fail_rate.unwrap_or(0.0);
        let fails = arguments.fail_first > 0 || arguments.fail_rate.is_some();
        // Where some deliveries are to fail, a status of failure is meant for those.
        let (failure, success) = match arguments.respond {
            Some(status) if fails && status >= 400 => (status, None),
            respond => (DOWN, respond),
        };
        let seed = arguments.seed.unwrap_or_else(rand::random);
        Self { delay: arguments.delay, first: arguments.fail_first, rate, seed, failure, success }
    }

    /// The answer to a delivery that fails on purpose. It depends on its number and the seed alone, however many come
    /// at once.
    pub(super) fn failure(&self, number: u64) -> Option<Response> {
        let fails = number <= self.first || (self.rate > 0.0 && self.draw(number).random_bool(self.rate));
        fails.then(|| Response::text(self.failure, "failing on purpose"))
    }

    /// The answer to a delivery that there is nothing against.
    pub(super) fn success(&self) -> Response {
        match self.success {
            Some(status) if status / 100 != 2 => Response::text(status, "responding with this status on purpose"),
            status => Response::text(status.unwrap_or(200), "ok\n"),
        }
    }

    fn draw(&self, number: u64) -> impl Rng {
        let mut random = ChaCha8Rng::seed_from_u64(self.seed);
        random.set_stream(number);
        random
    }
}
