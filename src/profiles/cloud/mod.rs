//! Confluence Cloud as observed: captured deliveries of 2021 to 2026, and what follows from them.

mod body;
mod examples;

use super::{EventIn, Profile, published};

/// `cloud`
pub static PROFILE: Profile = Profile {
    name: "cloud",
    sender: "Confluence Cloud",
    yaml: include_str!("confluence-cloud-observed.yaml"),
    json: include_str!("confluence-cloud-observed.json"),
    events: published::EVENTS,
    payload_keys: ["page", "space", "comment", "attachments", "label", "blog"],
    event_in: EventIn::Url,
    // The document says itself what is always there.
    expects_all_declared: false,
    recognises: &[],
    write_body: body::write,
    examples: &examples::EXAMPLES,
};
