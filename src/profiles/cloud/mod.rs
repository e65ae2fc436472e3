//! Confluence Cloud as observed: captured deliveries of 2021 to 2026, and what follows from them.

mod body;
mod events;
mod examples;

use super::profile::{EventIn, Profile, Retries};
use super::published;
use crate::models::snapshot::BodyChoice;

/// `cloud`
pub static PROFILE: Profile = Profile {
    name: "cloud",
    sender: "Confluence Cloud",
    yaml: include_str!("confluence-cloud-observed.yaml"),
    json: include_str!("confluence-cloud-observed.json"),
    events: events::EVENTS,
    bodies: body::FORMS,
    event_in: EventIn::Url,
    envelope: None,
    scheme: "hmac",
    signs: false,
    write_headers: published::write_headers,
    timeout: None,
    // One POST, best effort, says Atlassian's documentation.
    retries: Retries::NONE,
    breaker: None,
    ping: None,
    callbacks: Some("connect"),
    write_retry: published::write_retry,
    // The document says itself what is always there.
    expects_all_declared: false,
    is_recognised_by_others: true,
    // Some sites send ids as integers, others as strings.
    choices: &[BodyChoice::IdType],
    write_body: body::write,
    examples: &examples::EXAMPLES,
};
