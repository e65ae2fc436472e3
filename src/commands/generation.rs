//! What `fake` makes and `send` sends: bodies as the options ask for them, and a body as a delivery.

use std::time::SystemTime;

use anyhow::{Context, bail};
use bytes::Bytes;
use jiff::Timestamp;
use uuid::Uuid;

use crate::auth::Scheme;
use crate::cli;
use crate::cli::generation::{At, Made};
use crate::generator::Generator;
use crate::generator::body::{Layout, Recipe};
use crate::generator::disorder::Disorder;
use crate::generator::edit::Edit;
use crate::generator::story::Story;
use crate::models::request::{self, Headers, Request};
use crate::output::Terminal;

/// Without `--count`: enough for every kind of event to be likely, and little to look at.
const STORY: u64 = 100;

/// What is to be made. A story's kinds are its own affair.
pub(super) fn recipe(made: &Made, making: &cli::generation::Making, layout: Layout) -> anyhow::Result<Recipe> {
    let mut edits = Vec::new();
    for written in &making.set {
        edits.push(Edit::set(written).context("--set")?);
    }
    for written in &making.unset {
        edits.push(Edit::unset(written).context("--unset")?);
    }
    let (kinds, count) = match made {
        Made::Kinds(kinds) => (kinds.clone(), 1),
        Made::Story => (Vec::new(), STORY),
    };
    Ok(Recipe { kinds, count: making.count.unwrap_or(count), edits, layout })
}

/// What is done to a story's order; single events have none.
pub(super) fn disorder(making: &cli::generation::Making, is_story: bool) -> anyhow::Result<Disorder> {
    let disorder = Disorder { shuffle: making.shuffle, duplicate: making.duplicate, drop: making.drop };
    if !is_story && !disorder.is_none() {
        bail!("--shuffle, --duplicate and --drop are for a story: cfwh fake story --shuffle");
    }
    Ok(disorder)
}

/// The seed that the options ask for, or one that is said, so that the same can be made again.
pub(super) fn seed(making: &cli::generation::Making, terminal: &mut Terminal) -> u64 {
    making.seed.unwrap_or_else(|| {
        // 32 bits are easier to type again, and four billion worlds are enough.
        let seed = u64::from(rand::random::<u32>());
        terminal.say(&format!("seed {seed}"));
        seed
    })
}

/// The generator of this seed that begins when the options say.
pub(super) fn generator(seed: u64, making: &cli::generation::Making) -> Generator {
    Generator::new(seed, now(making), making.profile)
}

/// The story of this seed that begins when the options say.
pub(super) fn story(seed: u64, making: &cli::generation::Making) -> Story {
    Story::new(seed, now(making), making.profile)
}

/// When the first event happens, in milliseconds since the Unix epoch.
pub(super) fn now(making: &cli::generation::Making) -> i64 {
    match making.at {
        At::Now => Timestamp::now().as_millisecond(),
        At::Time(time) => time,
    }
}

/// A body as a delivery: with its media type, its identifier, and credentials if there is a key.
pub(super) fn address(body: impl Into<Bytes>, identifier: Uuid, scheme: Option<&dyn Scheme>) -> Request {
    let mut headers = Headers::new();
    headers.append(request::CONTENT_TYPE, request::JSON);
    let mut request = Request::post("", headers, body);
    if let Some(scheme) = scheme {
        scheme.authenticate(&mut request, SystemTime::now());
    }
    request.headers_mut().append(request::IDENTIFIER, identifier.to_string());
    request
}
