//! Confluence Cloud as observed: captured deliveries of 2021 to 2026, and what follows from them.

mod body;
mod examples;

use super::profile::{EventIn, Profile};
use super::published;

/// `cloud`
pub static PROFILE: Profile = Profile {
    name: "cloud",
    sender: "Confluence Cloud",
    yaml: include_str!("confluence-cloud-observed.yaml"),
    json: include_str!("confluence-cloud-observed.json"),
    events: published::PROFILE.events,
    payload_keys: body::PAYLOAD_KEYS,
    signs: false,
    event_in: EventIn::Url,
    // The document says itself what is always there.
    expects_all_declared: false,
    is_recognised_by_others: true,
    write_body: body::write,
    examples: &examples::EXAMPLES,
};
