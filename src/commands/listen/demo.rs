//! `listen --demo`: one of each event, sent to itself.

use std::time::Duration;

use jiff::Timestamp;

use crate::commands::making;
use crate::generator::body::{Layout, Recipe};
use crate::generator::{Generator, Identifiers};
use crate::models::event::EventKind;
use crate::models::profile::Profile;
use crate::signature::Secret;
use crate::transport::sender::{self, Endpoint, SendError};

/// Loopback answers at once; this only ends what hangs.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Sends one of each event to the URL, signed, one after another.
pub(super) fn run(url: &str, secret: &Secret) -> Result<(), SendError> {
    let seed = rand::random();
    let url = sender::parse_url(url)?;
    let endpoint = Endpoint::new(url.clone(), TIMEOUT)?;
    let mut identifiers = Identifiers::new(seed);
    let mut generator = Generator::new(seed, Timestamp::now().as_millisecond(), Profile::Spec);
    let recipe = Recipe { kinds: EventKind::all().collect(), count: 1, edits: Vec::new(), layout: Layout::Compact };
    for (_, body) in recipe.bodies(&mut generator).flatten() {
        endpoint.deliver(&url, &making::address(body, identifiers.draw(), Some(secret)))?;
    }
    Ok(())
}
