//! Forge Remote: the product events that Forge sends to the backend of an app.

mod body;
mod content;
mod events;
mod examples;
mod items;
mod objects;
mod retry;

use std::time::Duration;

use super::profile::{BodyType, DeliveryContext, EventIn, Profile, Retries};
use crate::models::event::Action::{ChildrenReordered, Copied, Moved, Published, Snapshotted, Started, Updated};
use crate::models::event::Entity::{
    Attachment, BlogPost, Comment, CustomContent, Database, Embed, Folder, Group, Label, Page, Relation, Search, Space,
    Task, User, Whiteboard,
};
use crate::models::request::{self, Headers};

/// `forge`
pub static PROFILE: Profile = Profile {
    name: "forge",
    sender: "Forge",
    yaml: include_str!("confluence-forge.yaml"),
    json: include_str!("confluence-forge.json"),
    events: events::EVENTS,
    bodies: &[
        BodyType::new("ContentUpdatedEvent", Page, "content").only(&[Updated, Started, Snapshotted, Published]),
        BodyType::new("ContentUpdatedEvent", BlogPost, "content").only(&[Updated]),
        BodyType::new("ContentUpdatedEvent", CustomContent, "content").only(&[Updated]),
        BodyType::new("ContentMovedEvent", Page, "content").only(&[Moved]),
        BodyType::new("ContentMovedEvent", Whiteboard, "content").only(&[Moved]),
        BodyType::new("ContentMovedEvent", Database, "content").only(&[Moved]),
        BodyType::new("ContentMovedEvent", Folder, "content").only(&[Moved]),
        BodyType::new("ContentMovedEvent", Embed, "content").only(&[Moved]),
        BodyType::new("ContentCopiedEvent", Page, "content").only(&[Copied]),
        BodyType::new("ContentCopiedEvent", Whiteboard, "content").only(&[Copied]),
        BodyType::new("ContentCopiedEvent", Database, "content").only(&[Copied]),
        BodyType::new("ContentCopiedEvent", Folder, "content").only(&[Copied]),
        BodyType::new("ContentCopiedEvent", Embed, "content").only(&[Copied]),
        BodyType::new("ChildrenReorderedEvent", Page, "content").only(&[ChildrenReordered]),
        BodyType::new("ContentEvent", Page, "content"),
        BodyType::new("ContentEvent", BlogPost, "content"),
        BodyType::new("ContentEvent", Whiteboard, "content"),
        BodyType::new("ContentEvent", Database, "content"),
        BodyType::new("ContentEvent", Folder, "content"),
        BodyType::new("ContentEvent", Embed, "content"),
        BodyType::new("ContentEvent", CustomContent, "content"),
        BodyType::new("CommentEvent", Comment, "content"),
        BodyType::new("AttachmentEvent", Attachment, "attachment"),
        BodyType::new("LabelEvent", Label, "label"),
        BodyType::new("TaskEvent", Task, "task"),
        BodyType::new("SpaceEvent", Space, "space"),
        BodyType::new("UserEvent", User, "user"),
        BodyType::new("GroupEvent", Group, "group"),
        BodyType::new("RelationEvent", Relation, ""),
        BodyType::new("SearchEvent", Search, ""),
    ],
    event_in: EventIn::Body("eventType"),
    envelope: Some("payload"),
    scheme: "forge",
    signs: true,
    write_headers,
    timeout: Some(Duration::from_secs(5)),
    // Atlassian's documentation, "Sending Atlassian app and lifecycle events to a remote".
    retries: Retries { count: 4, delay: Duration::from_secs(60) },
    write_retry: retry::write,
    breaker: None,
    ping: None,
    callbacks: None,
    // The document lists the properties that are always present.
    expects_all_declared: false,
    // `eventType` alone identifies its bodies, see `other_sender`.
    is_recognised_by_others: false,
    choices: &[],
    write_body: body::write,
    examples: &examples::EXAMPLES,
};

/// Adds the headers that are always present: the media type, and the trace and span ids of the invocation, with 128 and 64 bits
/// in hex.
fn write_headers(context: &DeliveryContext<'_>, headers: &mut Headers) {
    let trace = context.identifier.replace('-', "");
    headers.append(request::CONTENT_TYPE, request::JSON);
    headers.append("X-B3-Traceid", trace.as_str());
    headers.append("X-B3-Spanid", trace.get(..16).unwrap_or(&trace));
}
