//! Plausible events from a seed. The same seed and time give the same bytes on every machine.

pub mod body;
mod cloud_body;
pub mod coverage;
pub mod disorder;
pub mod edit;
mod entities;
pub mod invalid_bodies;
pub mod invalid_stories;
mod json_writer;
mod phrases;
mod published_body;
mod single_event;
mod site;
mod slab;
mod snapshot;
pub mod story;
mod text;
mod transitions;

use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use uuid::Uuid;

use crate::models::event::EventKind;
use crate::profiles::{EventIn, Profile};
use single_event::SingleEvent;
use site::Site;
use snapshot::Snapshot;

/// Makes events of one world: the same people, spaces and site throughout.
#[derive(Debug)]
pub struct Generator {
    profile: &'static Profile,
    world: Site,
    single_event: SingleEvent,
    rng: ChaCha8Rng,
    /// Milliseconds since the Unix epoch.
    now: i64,
}

impl Generator {
    /// `now` is the time of the first event, in milliseconds since the Unix epoch; later events come later. Bodies have
    /// the shapes of the profile; what happens is the same in both.
    #[must_use]
    pub fn new(seed: u64, now: i64, profile: &'static Profile) -> Self {
        let mut rng = random(seed);
        Self { profile, world: Site::settled(now, &mut rng), single_event: SingleEvent::default(), rng, now }
    }

    /// Writes the next event of this kind behind what is there, on one line, without a line end. Every property that its
    /// profile declares is there, but for those that its site's era lacks.
    pub fn write(&mut self, kind: EventKind, bytes: &mut Vec<u8>) {
        let snapshot = self.single_event.draw(&mut self.world, kind, self.now, &mut self.rng);
        write(self.profile, &snapshot, bytes);
        self.now = site::later(self.now, pause(&mut self.rng));
    }
}

fn write(profile: &'static Profile, snapshot: &Snapshot<'_>, bytes: &mut Vec<u8>) {
    match profile.event_in {
        EventIn::Body => published_body::write(snapshot, bytes),
        EventIn::Url => cloud_body::write(snapshot, bytes),
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
