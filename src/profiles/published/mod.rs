//! The published AsyncAPI document, from a third party. It is the default profile.

mod body;
mod events;
mod examples;

use super::profile::{BodyType, DeliveryContext, EventIn, Profile, Retries};
use crate::models::event::Entity::{Attachment, BlogPost, Comment, Label, Page, Space};
use crate::models::request::{self, Headers, Request};
use crate::models::retry::{RETRY, Retry};

/// `spec`
pub static PROFILE: Profile = Profile {
    name: "spec",
    sender: "the published document",
    yaml: include_str!("confluence-webhooks.yaml"),
    json: include_str!("confluence-webhooks.json"),
    events: events::EVENTS,
    bodies: &[
        BodyType::new("PageEvent", Page, "page"),
        BodyType::new("SpaceEvent", Space, "space"),
        BodyType::new("CommentEvent", Comment, "comment"),
        BodyType::new("AttachmentEvent", Attachment, "attachment"),
        BodyType::new("LabelEvent", Label, "label"),
        BodyType::new("BlogPostEvent", BlogPost, "blogPost"),
    ],
    event_in: EventIn::Body("event"),
    envelope: None,
    scheme: "hmac",
    signs: true,
    write_headers,
    timeout: None,
    // Atlassian's documentation: one POST.
    retries: Retries::NONE,
    breaker: None,
    ping: None,
    callbacks: None,
    write_retry,
    // The document requires no properties, so all declared properties are expected.
    expects_all_declared: true,
    // No known sender sends these bodies, but examples and tests contain them.
    is_recognised_by_others: true,
    choices: &[],
    write_body: body::write,
    examples: &examples::EXAMPLES,
};

/// Adds the headers that the document declares.
pub(super) fn write_headers(context: &DeliveryContext<'_>, headers: &mut Headers) {
    headers.append(request::CONTENT_TYPE, request::JSON);
    headers.append(request::IDENTIFIER, context.identifier);
}

/// Sets the retry header, as Jira does. Confluence does not retry.
pub(super) fn write_retry(_: &Profile, retry: Retry, request: &mut Request) {
    request.headers_mut().set(RETRY, retry.number.to_string());
}
