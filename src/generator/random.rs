//! Everything random comes from a seed.

use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use uuid::Uuid;

/// Returns random numbers that are the same in every version of their crate: the streams of `ChaCha` with eight rounds
/// are specified. Stream 0 makes the events, so that all else that is random leaves them as they are.
pub(super) fn random(seed: u64, stream: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(stream);
    rng
}

/// Identifiers of deliveries. They are independent of the events, so that `send` sends the bodies that `fake` prints.
#[derive(Debug)]
pub struct Identifiers(ChaCha8Rng);

impl Identifiers {
    /// Returns identifiers that are the same for the same seed.
    pub fn new(seed: u64) -> Self {
        Self(random(seed, 1))
    }

    /// Returns other identifiers than [`Identifiers::new`], for a story that is sent in the same run.
    pub fn for_story(seed: u64) -> Self {
        Self(random(seed, 3))
    }

    /// Returns the next identifier: a random UUID (RFC 9562, version 4).
    pub fn next_uuid(&mut self) -> Uuid {
        uuid::Builder::from_random_bytes(self.0.random()).into_uuid()
    }
}
