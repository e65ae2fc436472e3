//! What `fake` makes and `send` sends: bodies as the options ask for them, and a body as a delivery.

use anyhow::Context;
use bytes::Bytes;
use jiff::Timestamp;
use uuid::Uuid;

use crate::cli;
use crate::cli::making::At;
use crate::generator::Generator;
use crate::generator::body::{Layout, Recipe};
use crate::generator::edit::Edit;
use crate::models::delivery::{self, Delivery, Headers};
use crate::models::event::EventKind;
use crate::signature::Secret;
use crate::terminal::Terminal;

/// What is to be made.
pub(super) fn recipe(kinds: &[EventKind], making: &cli::making::Making, layout: Layout) -> anyhow::Result<Recipe> {
    let mut edits = Vec::new();
    for written in &making.set {
        edits.push(Edit::set(written).context("--set")?);
    }
    for written in &making.unset {
        edits.push(Edit::unset(written).context("--unset")?);
    }
    Ok(Recipe { kinds: kinds.to_vec(), count: making.count.unwrap_or(1), edits, layout })
}

/// The generator that the options ask for. A seed that was not given is said, so that the same can be made again.
pub(super) fn generator(making: &cli::making::Making, terminal: &mut Terminal) -> Generator {
    seeded(seed(making, terminal), making)
}

/// The seed that the options ask for, or one that is said.
pub(super) fn seed(making: &cli::making::Making, terminal: &mut Terminal) -> u64 {
    making.seed.unwrap_or_else(|| {
        // 32 bits are easier to type again, and four billion worlds are enough.
        let seed = u64::from(rand::random::<u32>());
        terminal.say(&format!("seed {seed}"));
        seed
    })
}

/// The generator of this seed that begins when the options say.
pub(super) fn seeded(seed: u64, making: &cli::making::Making) -> Generator {
    let now = match making.at {
        At::Now => Timestamp::now().as_millisecond(),
        At::Time(time) => time,
    };
    Generator::new(seed, now)
}

/// A body as a delivery: with its media type, its identifier, and a signature where there is a secret.
pub(super) fn address(body: impl Into<Bytes>, identifier: Uuid, secret: Option<&Secret>) -> Delivery {
    let body = body.into();
    let mut headers = Headers::new();
    headers.append(delivery::CONTENT_TYPE, delivery::JSON);
    if let Some(secret) = secret {
        headers.append(delivery::SIGNATURE, secret.sign(&body).to_string());
    }
    headers.append(delivery::IDENTIFIER, identifier.to_string());
    Delivery::new("", headers, body)
}
