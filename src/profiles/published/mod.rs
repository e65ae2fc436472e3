//! The published AsyncAPI document, written by a third party. It is the default.

mod body;
mod events;
mod examples;

use super::profile::{EventIn, Profile};
use crate::models::event::Entity;

/// `spec`
pub static PROFILE: Profile = Profile {
    name: "spec",
    sender: "the published document",
    yaml: include_str!("confluence-webhooks.yaml"),
    json: include_str!("confluence-webhooks.json"),
    events: events::EVENTS,
    payload_keys: [
        Entity::Page.key(),
        Entity::Space.key(),
        Entity::Comment.key(),
        Entity::Attachment.key(),
        Entity::Label.key(),
        Entity::BlogPost.key(),
    ],
    signs: true,
    event_in: EventIn::Body,
    // The document requires nothing, so what it declares is all there is to expect.
    expects_all_declared: true,
    // No sender is known to send bodies of this form.
    is_recognised_by_others: false,
    write_body: body::write,
    examples: &examples::EXAMPLES,
};
