//! Turns the options of `fake` and `send` into generators, and a body into a request.

use std::time::SystemTime;

use anyhow::{Context, bail};
use bytes::Bytes;
use uuid::Uuid;

use crate::auth::Scheme;
use crate::cli::generation::{EventOptions, EventSource};
use crate::generator::Generator;
use crate::generator::body::{Layout, Recipe};
use crate::generator::disorder::Disorder;
use crate::generator::edit::Edit;
use crate::generator::story::Story;
use crate::models::request::{self, Headers, Request};
use crate::output::Terminal;

/// How many events a story has without `--count`: every kind is likely to occur, and a person can still read them.
const STORY_EVENTS: u64 = 100;

pub(super) fn recipe(source: &EventSource, options: &EventOptions, layout: Layout) -> anyhow::Result<Recipe> {
    let mut edits = Vec::new();
    for text in &options.set {
        edits.push(Edit::set(text).context("--set")?);
    }
    for text in &options.unset {
        edits.push(Edit::unset(text).context("--unset")?);
    }
    let (kinds, count) = match source {
        EventSource::Kinds(kinds) => (kinds.clone(), 1),
        EventSource::Story => (Vec::new(), STORY_EVENTS),
    };
    Ok(Recipe { kinds, count: options.count.unwrap_or(count), edits, layout })
}

/// Returns what is done to the order of a story. Single events have no order.
pub(super) fn disorder(options: &EventOptions, is_story: bool) -> anyhow::Result<Disorder> {
    let disorder = Disorder { shuffle: options.shuffle, duplicate: options.duplicate, drop: options.drop };
    if !is_story && !disorder.is_none() {
        bail!("--shuffle, --duplicate and --drop are for a story: cfwh fake story --shuffle");
    }
    Ok(disorder)
}

/// Returns the seed of the options, or a random one, which is printed so that the user can give it again.
pub(super) fn seed(options: &EventOptions, terminal: &mut Terminal) -> u64 {
    options.seed.unwrap_or_else(|| {
        // 32 bits are easier to type again, and four billion sites are enough.
        let seed = u64::from(rand::random::<u32>());
        terminal.say(&format!("seed {seed}"));
        seed
    })
}

pub(super) fn generator(seed: u64, options: &EventOptions) -> Generator {
    Generator::new(seed, options.at, options.profile)
}

pub(super) fn story(seed: u64, options: &EventOptions) -> Story {
    Story::new(seed, options.at, options.profile)
}

/// Returns the request that delivers a body: with its media type, its identifier, and credentials if there is a key.
pub(super) fn request(body: impl Into<Bytes>, identifier: Uuid, scheme: Option<&dyn Scheme>) -> Request {
    let mut headers = Headers::new();
    headers.append(request::CONTENT_TYPE, request::JSON);
    let mut request = Request::post("", headers, body);
    if let Some(scheme) = scheme {
        scheme.authenticate(&mut request, SystemTime::now());
    }
    request.headers_mut().append(request::IDENTIFIER, identifier.to_string());
    request
}
