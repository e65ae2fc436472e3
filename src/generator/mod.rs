//! Plausible events from a seed. The same seed and time give the same bytes on every machine.

pub mod body;
pub mod coverage;
pub mod disorder;
pub mod edit;
pub mod invalid_bodies;
pub mod invalid_stories;
mod single_event;
mod site;
pub mod story;
mod text;
mod transitions;

use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use uuid::Uuid;

use crate::models::event::EventKind;
use crate::profiles::Profile;
use site::Site;

/// Generates events of one site: the same address, people and spaces throughout.
#[derive(Debug)]
pub struct Generator {
    site: Site,
}

impl Generator {
    /// Returns a generator of bodies of this profile. `now` is the time of the first event, in milliseconds since the
    /// Unix epoch; later events have later times.
    pub fn new(seed: u64, now: i64, profile: &'static Profile) -> Self {
        Self { site: Site::new(seed, now, profile).with_spaces() }
    }

    /// Appends the body of the next event of this kind to `bytes`, on one line without a line end. It has every
    /// property that the profile declares, except those that sites of its era lack.
    pub fn write(&mut self, kind: EventKind, bytes: &mut Vec<u8>) {
        let actor = self.site.any_person();
        let subject = self.site.single_event(kind, &actor);
        self.site.write(kind, &actor, &subject, bytes);
    }

    /// Returns the body of the next event of this kind.
    pub fn body(&mut self, kind: EventKind) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(body::USUAL_SIZE);
        self.write(kind, &mut bytes);
        bytes
    }
}

/// Returns random numbers that are the same in every version of their crate: the streams of `ChaCha` with eight rounds
/// are specified. Stream 0 makes the events, so that all else that is random leaves them as they are.
fn random(seed: u64, stream: u64) -> ChaCha8Rng {
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
