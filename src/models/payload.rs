//! What events carry, as the document declares it.
//!
//! Every field is an `Option`, because the document requires none. The words in the doc comments are the document's
//! own where it has some. What the generator writes reads into these types and is written by them with the same bytes, which
//! a test holds; `validate` does not go through them, for a typed reading stops at the first surprise and a report must show
//! them all.

use serde::{Deserialize, Serialize};

/// Page data. spec: `PagePayload`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Page {
    /// The unique identifier of the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The content type, always `page`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#type: Option<PageType>,
    /// The status of the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<ContentStatus>,
    /// The title of the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The key of the space the page belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub space_key: Option<String>,
    /// The version that the event made or met.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<Version>,
    /// Atlassian account ID of the page creator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub creator_account_id: Option<String>,
    /// Atlassian account ID of the last modifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_modifier_account_id: Option<String>,
    /// The REST API URL for this page.
    #[serde(rename = "self", skip_serializing_if = "Option::is_none")]
    pub self_: Option<String>,
}

/// Space data. spec: `SpacePayload`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Space {
    /// The unique identifier of the space: the only id of the document that is a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// The key of the space.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The name of the space.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The type of space.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#type: Option<SpaceType>,
    /// The status of the space.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<SpaceStatus>,
    /// Atlassian account ID of the space creator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub creator_account_id: Option<String>,
    /// The REST API URL for this space.
    #[serde(rename = "self", skip_serializing_if = "Option::is_none")]
    pub self_: Option<String>,
}

/// Comment data. spec: `CommentPayload`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Comment {
    /// The unique identifier of the comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The content type, always `comment`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#type: Option<CommentType>,
    /// The status of the comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<ItemStatus>,
    /// The title of the comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The version that the event made or met; the document declares only `number` and `when` here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<Version>,
    /// The content the comment is on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub container: Option<Container>,
    /// Atlassian account ID of the comment creator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub creator_account_id: Option<String>,
    /// The REST API URL for this comment.
    #[serde(rename = "self", skip_serializing_if = "Option::is_none")]
    pub self_: Option<String>,
}

/// Attachment data. spec: `AttachmentPayload`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Attachment {
    /// The unique identifier of the attachment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The content type, always `attachment`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#type: Option<AttachmentType>,
    /// The status of the attachment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<ItemStatus>,
    /// The filename of the attachment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The MIME type of the attachment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// The file size in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file_size: Option<i64>,
    /// The content the attachment is on: a page or a blog post, never a comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub container: Option<Container>,
    /// Atlassian account ID of the one who attached it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub creator_account_id: Option<String>,
    /// The REST API URL for this attachment.
    #[serde(rename = "self", skip_serializing_if = "Option::is_none")]
    pub self_: Option<String>,
}

/// A label. spec: `LabelEvent.label`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Label {
    /// The name of the label.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The prefix of the label: `global`, `my`, `team`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
}

/// Blog post data. spec: `BlogPostPayload`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct BlogPost {
    /// The unique identifier of the blog post.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The content type, always `blogpost`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#type: Option<BlogPostType>,
    /// The status of the blog post.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<ContentStatus>,
    /// The title of the blog post.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The key of the space the blog post belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub space_key: Option<String>,
    /// The version that the event made or met.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<Version>,
    /// Atlassian account ID of the author.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub creator_account_id: Option<String>,
    /// Atlassian account ID of the last modifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_modifier_account_id: Option<String>,
    /// The REST API URL for this blog post.
    #[serde(rename = "self", skip_serializing_if = "Option::is_none")]
    pub self_: Option<String>,
}

/// One version of content. spec: `PagePayload.version`, `CommentPayload.version`, `BlogPostPayload.version`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Version {
    /// The version number, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<i64>,
    /// When this version was made: RFC 3339, `2026-01-15T10:30:00.000Z`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// The version message; empty where the author wrote none. Not on comments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Whether this was a minor edit. Not on comments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minor_edit: Option<bool>,
}

/// The content that a comment or an attachment is on. spec: `CommentPayload.container`, `AttachmentPayload.container`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Container {
    /// The unique identifier of the content.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What it is. Attachments are never on a comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#type: Option<ContainerType>,
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

/// The content that a label was added to or removed from. spec: `LabelEvent.associatedContent`.
pub type AssociatedContent = Container;

/// The only value of a page's `type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the value is the word")]
pub enum PageType {
    Page,
}

/// The only value of a comment's `type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the value is the word")]
pub enum CommentType {
    Comment,
}

/// The only value of an attachment's `type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the value is the word")]
pub enum AttachmentType {
    Attachment,
}

/// The only value of a blog post's `type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the value is the word")]
pub enum BlogPostType {
    BlogPost,
}

/// The status of a page or a blog post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the value is the word")]
pub enum ContentStatus {
    Current,
    Draft,
    Trashed,
}

/// The status of a comment or an attachment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the value is the word")]
pub enum ItemStatus {
    Current,
    Trashed,
}

/// The type of a space.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the value is the word")]
pub enum SpaceType {
    Global,
    Personal,
}

/// The status of a space.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the value is the word")]
pub enum SpaceStatus {
    Current,
    Archived,
}

/// What a container is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the value is the word")]
pub enum ContainerType {
    Page,
    BlogPost,
    Comment,
}
