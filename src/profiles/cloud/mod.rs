//! Confluence Cloud, as captured from 2021 to 2026.

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
    // Atlassian's documentation: one POST, best effort.
    retries: Retries::NONE,
    breaker: None,
    ping: None,
    callbacks: Some("connect"),
    write_retry: published::write_retry,
    // The document lists the properties that are always present.
    expects_all_declared: false,
    is_recognised_by_others: true,
    // Some sites send ids as integers, others as strings.
    choices: &[BodyChoice::IdType],
    write_body: body::write,
    examples: &examples::EXAMPLES,
};
