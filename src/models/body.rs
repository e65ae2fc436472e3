//! The typed body of the published document.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::event::EventKind;
use super::payload::{
    AttachmentPayload, BlogPostPayload, CommentPayload, ContainerPayload, LabelPayload, PagePayload, SpacePayload,
};

/// A body as the published document declares it.
///
/// It is flat, like the JSON: the field for the entity of `event` is set, and the other payloads are `None`.
///
/// spec: `WebhookBase` with `PageEvent`, `SpaceEvent`, `CommentEvent`, `AttachmentEvent`, `LabelEvent`,
/// `BlogPostEvent`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EventBody<'a> {
    /// The time of the event, in milliseconds since the Unix epoch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<i64>,
    /// The kind of the event.
    pub event: EventKind,
    /// The Atlassian account ID of the user who triggered the event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_account_id: Option<Cow<'a, str>>,
    /// Set on page events.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<PagePayload<'a>>,
    /// Set on space events.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub space: Option<SpacePayload<'a>>,
    /// Set on comment events.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<CommentPayload<'a>>,
    /// Set on attachment events.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attachment: Option<AttachmentPayload<'a>>,
    /// Set on label events.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<LabelPayload<'a>>,
    /// Set on label events: the content with the label.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub associated_content: Option<ContainerPayload<'a>>,
    /// Set on blog post events.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blog_post: Option<BlogPostPayload<'a>>,
}

impl EventBody<'_> {
    /// Creates a body with an event and no other fields.
    pub const fn new(event: EventKind) -> Self {
        Self {
            timestamp: None,
            event,
            user_account_id: None,
            page: None,
            space: None,
            comment: None,
            attachment: None,
            label: None,
            associated_content: None,
            blog_post: None,
        }
    }
}
