//! A body as the published document declares it.

use serde::{Deserialize, Serialize};

use super::event::EventKind;
use super::payload::{AssociatedContent, Attachment, BlogPost, Comment, Label, Page, Space};

/// A body as the document declares it. Flat as the wire is: the payload that is set is the one that `event` is about.
///
/// spec: `WebhookBase` with `PageEvent`, `SpaceEvent`, `CommentEvent`, `AttachmentEvent`, `LabelEvent`, `BlogPostEvent`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EventBody {
    /// When it happened, in milliseconds since the Unix epoch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<i64>,
    /// The event type identifier.
    pub event: EventKind,
    /// The Atlassian account ID of the user who triggered the event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_account_id: Option<String>,
    /// Set on page events.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<Page>,
    /// Set on space events.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub space: Option<Space>,
    /// Set on comment events.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<Comment>,
    /// Set on attachment events.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attachment: Option<Attachment>,
    /// Set on label events.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<Label>,
    /// Set on label events: the content the label was added to or removed from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub associated_content: Option<AssociatedContent>,
    /// Set on blog post events.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blog_post: Option<BlogPost>,
}

impl EventBody {
    /// An event of this kind that carries nothing yet.
    #[must_use]
    pub const fn empty(event: EventKind) -> Self {
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
