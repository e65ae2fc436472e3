//! `--shrink`: finds the smallest body with which the receiver still fails in the same way.

use std::cell::Cell;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::client::endpoint::Endpoint;
use crate::client::error::SendError;
use crate::client::load::{PreparedRequest, SentRequest};
use crate::client::outcome_kind::OutcomeKind;
use crate::client::outgoing::as_stored;
use crate::commands::exit::Exit;
use crate::generator::Generator;
use crate::json;
use crate::models::response::Response;
use crate::models::status_pattern::ExpectedStatuses;
use crate::output::Terminal;
use crate::output::shrinking::{NotReproduced, ShrunkDelivery};
use crate::profiles::KnownEvent;
use crate::shrinking::{Shrinker, Shrunk};
use crate::store::captures::Captures;

use super::item::{Item, ItemContent};
use super::outcome;
use super::prepare::RequestBuilder;

/// The most requests of a run.
const MAX_REQUESTS: usize = 200;
/// The number of identical failures that confirm a failure, at the beginning and at the end.
const CONFIRMATIONS: usize = 3;
/// The folder of the result without `--failed`.
const FOLDER: &str = "shrunk";
/// How long and how often to wait for a receiver that is restarting.
const RESTART_STEP: Duration = Duration::from_millis(100);
const RESTART_STEPS: usize = 50;
/// The seed and time of the generated body for the comparison. Any values would work.
const REFERENCE: (u64, i64) = (1, 1_768_469_400_000);

/// Shrinks one delivery, and saves the result.
///
/// # Errors
/// Returns an error if there is not exactly one delivery with a JSON body, or it cannot be sent.
pub(super) fn shrink(
    mut items: impl Iterator<Item = anyhow::Result<Item>>,
    endpoint: &Endpoint,
    builder: &RequestBuilder<'_>,
    expected: &ExpectedStatuses,
    terminal: &mut Terminal,
) -> anyhow::Result<Exit> {
    let item = items.next().context("no delivery was given")??;
    if items.next().is_some() {
        bail!("--shrink takes one delivery; give one event, file or capture");
    }
    check(&item, builder)?;
    let receiver = FailingReceiver { item: &item, endpoint, builder, requests: Cell::new(0) };
    let body = item.body();
    let start = Instant::now();
    let (prepared, result) = receiver.send(&body)?;
    let sent = SentRequest { prepared: &prepared, attempts: 1, latency: start.elapsed(), expected, result };
    let kind = OutcomeKind::of(&sent.result);
    if sent.is_expected() || !depends_on_body(&sent.result) {
        outcome::show(&sent, terminal)?;
        if sent.is_expected() {
            terminal.say("the response is as expected, so the delivery is not shrunk");
            return Ok(Exit::Yes);
        }
        return Ok(Exit::Trouble);
    }
    let failure = failure(&sent.result);
    let source = &*item.source;
    let confirm =
        |body: &[u8], times: usize| (0..times).map(|_| receiver.fails(body, kind)).sum::<anyhow::Result<usize>>();
    let same = 1 + confirm(&body, CONFIRMATIONS - 1)?;
    if same < CONFIRMATIONS {
        let requests = receiver.requests.get();
        terminal.print(&NotReproduced { source, failure: &failure, same, of: CONFIRMATIONS, requests })?;
        return Ok(Exit::No);
    }
    let limit = MAX_REQUESTS - 2 * CONFIRMATIONS;
    let shrinker = Shrinker::new(&body, limit, |body: &[u8]| receiver.fails(body, kind).map(|count| count == 1));
    let shrunk = shrinker.run(reference(&item, builder).as_deref())?;
    let same = confirm(&shrunk.body, CONFIRMATIONS)?;
    let requests = receiver.requests.get();
    if same < CONFIRMATIONS {
        terminal.print(&NotReproduced { source, failure: &failure, same, of: CONFIRMATIONS, requests })?;
        return Ok(Exit::No);
    }
    let folder = builder.arguments().failed.as_deref().unwrap_or(Path::new(FOLDER));
    let prepared = receiver.prepare(&shrunk.body)?;
    let capture = Captures::open(folder)?.save(&as_stored(&prepared.url, &prepared.request), item.event)?;
    let Shrunk { body: smallest, parts, is_limited } = shrunk;
    terminal.print(&ShrunkDelivery {
        event: item.event,
        source,
        failure: &failure,
        parts,
        body: String::from_utf8_lossy(&smallest).into_owned(),
        bytes: smallest.len(),
        bytes_before: body.len(),
        requests,
        limited: is_limited,
        capture: capture.display().to_string(),
    })?;
    Ok(Exit::No)
}

/// Refuses a delivery that cannot be shrunk.
fn check(item: &Item, builder: &RequestBuilder<'_>) -> anyhow::Result<()> {
    match &item.content {
        ItemContent::Ping(_) => bail!("--shrink has no effect on `ping`, because its body is fixed"),
        ItemContent::Capture(capture) => builder.check_editable(capture, &item.source)?,
        ItemContent::Body(..) => {}
    }
    if let Err(error) = json::parse(&item.body()) {
        bail!("--shrink needs a JSON body, but {} is not JSON: {}", item.source, error.message);
    }
    Ok(())
}

/// Returns whether this outcome can depend on the body.
const fn depends_on_body(result: &Result<Response, SendError>) -> bool {
    match result {
        Ok(_) => true,
        Err(error) => matches!(
            error,
            SendError::Timeout(_)
                | SendError::BodyTimeout { .. }
                | SendError::Closed
                | SendError::ClosedPlain
                | SendError::NotHttp
        ),
    }
}

/// Describes what the receiver does, as a predicate: "responds 500".
fn failure(result: &Result<Response, SendError>) -> String {
    match result {
        Ok(response) => format!("responds {}", response.status),
        Err(SendError::Timeout(time)) => format!("does not respond within {} s", time.as_secs_f64()),
        Err(SendError::BodyTimeout { timeout, .. }) => {
            format!("does not end its response within {} s", timeout.as_secs_f64())
        }
        Err(SendError::NotHttp) => "responds with something that is not HTTP".to_owned(),
        Err(_) => "closes the connection".to_owned(),
    }
}

/// Returns a usual body of the same event, or of another event of the sender.
fn reference(item: &Item, builder: &RequestBuilder<'_>) -> Option<Vec<u8>> {
    let profile = builder.arguments().events.profile;
    let known = item.event.and_then(KnownEvent::find).and_then(|event| profile.own_kind(event).ok());
    let kind = known.or_else(|| profile.events.all().next())?;
    let (seed, at) = REFERENCE;
    Some(Generator::new(seed, at, profile).body(kind))
}

/// A receiver that is tested with one delivery and different bodies.
struct FailingReceiver<'a> {
    item: &'a Item,
    endpoint: &'a Endpoint,
    builder: &'a RequestBuilder<'a>,
    requests: Cell<usize>,
}

impl FailingReceiver<'_> {
    /// Returns the delivery with this body, signed again.
    fn prepare(&self, body: &[u8]) -> anyhow::Result<PreparedRequest> {
        self.builder.build(self.item.clone().with_body(body.to_vec()))
    }

    /// Sends the delivery with this body. Retries if the receiver may be restarting.
    fn send(&self, body: &[u8]) -> anyhow::Result<(PreparedRequest, Result<Response, SendError>)> {
        let prepared = self.prepare(body)?;
        let is_first = self.requests.get() == 0;
        self.requests.set(self.requests.get() + 1);
        let mut result = self.endpoint.send(&prepared.url, &prepared.request);
        for _ in 0..RESTART_STEPS {
            if is_first || !matches!(result, Err(SendError::ConnectionRefused)) || !self.endpoint.pause(RESTART_STEP) {
                break;
            }
            result = self.endpoint.send(&prepared.url, &prepared.request);
        }
        Ok((prepared, result))
    }

    /// Sends the delivery with this body. Returns 1 if the outcome is the same, else 0.
    ///
    /// # Errors
    /// Returns an error if the receiver can no longer be reached, or the user interrupts the run.
    fn fails(&self, body: &[u8], kind: OutcomeKind) -> anyhow::Result<usize> {
        let (_, result) = self.send(body)?;
        if depends_on_body(&result) {
            return Ok(usize::from(OutcomeKind::of(&result) == kind));
        }
        let requests = self.requests.get();
        let error = result.err().map(|error| error.to_string()).unwrap_or_default();
        bail!("stopped after {requests} requests: {error}")
    }
}
