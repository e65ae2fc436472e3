//! Random numbers from a seed.

use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use uuid::Uuid;

/// Returns a random number generator that does not depend on the version of its crate, because the streams of `ChaCha8` are
/// specified. Stream 0 is for events; other streams are for other uses, so that these do not change the events.
pub(super) fn random(seed: u64, stream: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(stream);
    rng
}

/// Identifiers of deliveries. They do not depend on the events, so that `send` sends the bodies that `fake` prints.
#[derive(Debug)]
pub struct Identifiers(ChaCha8Rng);

impl Identifiers {
    /// Creates identifiers from a seed.
    pub fn new(seed: u64) -> Self {
        Self(random(seed, 1))
    }

    /// Creates identifiers that differ from those of [`Identifiers::new`], for a story in the same run.
    pub fn for_story(seed: u64) -> Self {
        Self(random(seed, 3))
    }

    /// Returns the next identifier: a random UUID (RFC 9562, version 4).
    pub fn next_uuid(&mut self) -> Uuid {
        uuid::Builder::from_random_bytes(self.0.random()).into_uuid()
    }
}
