//! `listen --demo`: sends one of each event to itself, and one delivery of each kind that a receiver must distinguish.

use std::time::{Duration, SystemTime};

use jiff::Timestamp;

use crate::auth::{Scheme, faults};
use crate::client::endpoint::Endpoint;
use crate::client::tls::Trust;
use crate::client::url::{self, UrlTemplate};
use crate::commands::generation;
use crate::generator::body::{Layout, Recipe};
use crate::generator::edit::Edit;
use crate::generator::{Generator, Identifiers};
use crate::models::event::EventKind;
use crate::models::request::Request;
use crate::profiles::Profile;

/// The timeout for a run that hangs. Loopback responds immediately.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The result of the demo.
#[derive(Default)]
pub(super) struct Demonstration {
    /// Explanations of the lines that `listen` showed.
    pub(super) notes: Vec<String>,
    /// Whether a delivery got an unexpected response.
    pub(super) has_failed: bool,
}

/// Sends one of each event, signed, in order, and then three more: with an invalid signature, with a body that breaks a rule,
/// and a duplicate. `{event}` in `events` becomes the event's name.
pub(super) fn run(
    events: &str,
    scheme: Option<&dyn Scheme>,
    profile: &'static Profile,
    is_strict: bool,
) -> anyhow::Result<Demonstration> {
    let seed = rand::random();
    let template = UrlTemplate::parse(events)?;
    let endpoint = Endpoint::new(template.url(), TIMEOUT, &Trust::System)?;
    let mut identifiers = Identifiers::new(seed);
    let mut generator = Generator::new(seed, Timestamp::now().as_millisecond(), profile);
    let mut demonstration = Demonstration::default();
    let mut number = 0;
    let mut deliver = |event: &str, request: &Request, expected: u16, note: &str| -> anyhow::Result<()> {
        let url = url::with_target(&template.url_for(event), request.target());
        let status = endpoint.send(&url, request)?.status;
        number += 1;
        demonstration.has_failed |= status != expected;
        if !note.is_empty() {
            demonstration.notes.push(format!("  {number}  {status}  {note}"));
        }
        Ok(())
    };
    let request = |kind: EventKind, body: Vec<u8>, identifier, scheme: Option<&dyn Scheme>| {
        let target = url::target(&template.url_for(kind.name()));
        generation::request(profile, Some(kind.name()), &target, body, identifier, scheme)
    };
    let mut last = None;
    for kind in profile.events.all() {
        let request = request(kind, generator.body(kind), identifiers.next_uuid(), scheme);
        deliver(kind.name(), &request, 200, "")?;
        last = Some((kind, request));
    }
    let Some((kind, delivered)) = last else { return Ok(demonstration) };
    if let Some(scheme) = scheme {
        let right = request(kind, generator.body(kind), identifiers.next_uuid(), Some(scheme));
        let wrong = faults::inject(scheme.info().wrong_credentials, right, scheme);
        let verdict = scheme.verify(&wrong, SystemTime::now()).name();
        let note = format!("wrong credentials: `{verdict}`, and refused; -v shows why");
        deliver(kind.name(), &wrong, 401, &note)?;
    }
    let edits = vec![Edit::set("timestamp=\"yesterday\"")?];
    let recipe = Recipe { kinds: vec![kind], count: 1, edits, layout: Layout::Compact };
    let request = request(kind, recipe.body(&mut generator, kind)?, identifiers.next_uuid(), scheme);
    let (status, outcome) = if is_strict { (422, "refused by --strict") } else { (200, "accepted without --strict") };
    deliver(kind.name(), &request, status, &format!("an invalid body: `1 error`, named in the line below; {outcome}"))?;
    let outcome = "accepted, because senders repeat deliveries: your receiver must recognize it";
    deliver(kind.name(), &delivered, 200, &format!("a duplicate of {}: {outcome}", profile.events.all().len()))?;
    demonstration.notes.insert(0, "That was one of each event, and then:".to_owned());
    demonstration.notes.push("Run `cfwh listen --secret` to receive your own deliveries.".to_owned());
    Ok(demonstration)
}
