//! Plausible events from a seed. The same seed and time give the same bytes on every machine.

pub mod body;
pub mod edit;
mod spec_payload;
mod titles;
mod world;

use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use uuid::Uuid;

use crate::models::event::{Event, EventKind};
use world::World;

/// Makes events of one world: the same people, spaces and site throughout.
#[derive(Debug)]
pub struct Generator {
    world: World,
    rng: ChaCha8Rng,
    /// Milliseconds since the Unix epoch.
    now: i64,
}

impl Generator {
    /// `now` is the time of the first event, in milliseconds since the Unix epoch; later events come later.
    #[must_use]
    pub fn new(seed: u64, now: i64) -> Self {
        // ChaCha with eight rounds, because its stream is specified: the thread's generator may change with its crate.
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        Self { world: World::new(&mut rng), rng, now }
    }

    /// The next event of this kind, every declared property of its entity set.
    pub fn event(&mut self, kind: EventKind) -> Event {
        let event = spec_payload::event(&self.world, kind, self.now, &mut self.rng);
        // A busy site: seconds to minutes between one event and the next.
        self.now = self.now.saturating_add(self.rng.random_range(800..180_000));
        event
    }
}

/// Identifiers for deliveries, apart from the events' own randomness: the bodies of `send` are those of `fake`.
#[derive(Debug)]
pub struct Identifiers(ChaCha8Rng);

impl Identifiers {
    /// The same identifiers for the same seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(1);
        Self(rng)
    }

    /// The next one: a random UUID (RFC 9562, version 4).
    pub fn draw(&mut self) -> Uuid {
        uuid::Builder::from_random_bytes(self.0.random()).into_uuid()
    }
}
