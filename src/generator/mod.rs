//! Plausible events from a seed. The same seed and time give the same bytes on every machine.

pub mod bad_stories;
pub mod body;
mod cloud_payload;
pub mod coverage;
pub mod disorder;
pub mod edit;
mod fact;
pub mod flaws;
mod happening;
mod moment;
mod phrases;
mod shelf;
mod spec_payload;
pub mod story;
mod things;
mod words;
mod world;
mod writing;

use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use uuid::Uuid;

use crate::models::event::EventKind;
use crate::models::profile::Profile;
use fact::Fact;
use moment::Moment;
use world::World;

/// Makes events of one world: the same people, spaces and site throughout.
#[derive(Debug)]
pub struct Generator {
    profile: Profile,
    world: World,
    moment: Moment,
    rng: ChaCha8Rng,
    /// Milliseconds since the Unix epoch.
    now: i64,
}

impl Generator {
    /// `now` is the time of the first event, in milliseconds since the Unix epoch; later events come later. Bodies have
    /// the shapes of the profile; what happens is the same in both.
    #[must_use]
    pub fn new(seed: u64, now: i64, profile: Profile) -> Self {
        let mut rng = random(seed);
        Self { profile, world: World::settled(now, &mut rng), moment: Moment::default(), rng, now }
    }

    /// Writes the next event of this kind behind what is there, on one line, without a line end. Every property that its
    /// profile declares is there, but for those that its site's era lacks.
    pub fn write(&mut self, kind: EventKind, bytes: &mut Vec<u8>) {
        let fact = self.moment.draw(&mut self.world, kind, self.now, &mut self.rng);
        write(self.profile, &fact, bytes);
        self.now = world::later(self.now, pause(&mut self.rng));
    }
}

fn write(profile: Profile, fact: &Fact<'_>, bytes: &mut Vec<u8>) {
    match profile {
        Profile::Spec => spec_payload::write(fact, bytes),
        Profile::Cloud => cloud_payload::write(fact, bytes),
    }
}

/// `ChaCha` with eight rounds, because its stream is specified: the thread's generator may change with its crate.
fn random(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

/// From one event to the next, in milliseconds. A busy site: seconds to minutes.
fn pause(rng: &mut ChaCha8Rng) -> i64 {
    rng.random_range(800..180_000)
}

/// Identifiers for deliveries, apart from the events' own randomness: the bodies of `send` are those of `fake`.
#[derive(Debug)]
pub struct Identifiers(ChaCha8Rng);

impl Identifiers {
    /// The same identifiers for the same seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let mut rng = random(seed);
        rng.set_stream(1);
        Self(rng)
    }

    /// Others than [`Identifiers::new`], for the events of a story that is sent beside them.
    #[must_use]
    pub fn of_story(seed: u64) -> Self {
        let mut rng = random(seed);
        rng.set_stream(3);
        Self(rng)
    }

    /// The next one: a random UUID (RFC 9562, version 4).
    pub fn draw(&mut self) -> Uuid {
        uuid::Builder::from_random_bytes(self.0.random()).into_uuid()
    }
}
