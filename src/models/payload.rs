//! The typed payloads of the published document.
//!
//! Every field is an `Option`, because the document requires none. Writing borrows strings; reading owns them, so a receiver
//! deserializes an `EventBody<'static>`. Validation does not use these types: serde stops at the first error, and a report lists
//! all errors.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// Defines structs in which every field is optional.
macro_rules! payloads {
    ($($(#[$doc:meta])* $name:ident $(<$parameter:ident>)? { $($(#[$attribute:meta])* $field:ident: $type:ty,)+ })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase")]
        pub struct $name<'a $(, $parameter)?> {
            $($(#[$attribute])* #[serde(skip_serializing_if = "Option::is_none")] pub $field: Option<$type>,)+
        }
    )+};
}

/// Defines enums that serialize in lower case.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($word:ident),+ })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "lowercase")]
        #[allow(missing_docs, reason = "the value is the word")]
        pub enum $name { $($word),+ }
    )+};
}

/// Page data. spec: `PagePayload`.
pub type PagePayload<'a> = ContentPayload<'a, PageType>;

/// Blog post data. spec: `BlogPostPayload`.
pub type BlogPostPayload<'a> = ContentPayload<'a, BlogPostType>;

payloads! {
    /// Page data and blog post data, which differ in `type`.
    ContentPayload<T> {
        /// The unique identifier.
        id: Cow<'a, str>,
        /// The content type.
        r#type: T,
        /// The status.
        status: ContentStatus,
        /// The title.
        title: Cow<'a, str>,
        /// The key of its space.
        space_key: Cow<'a, str>,
        /// The current version.
        version: VersionPayload<'a>,
        /// Atlassian account ID of the creator.
        creator_account_id: Cow<'a, str>,
        /// Atlassian account ID of the last modifier.
        last_modifier_account_id: Cow<'a, str>,
        /// The REST API URL.
        #[serde(rename = "self")] self_: Cow<'a, str>,
    }

    /// Space data. spec: `SpacePayload`.
    SpacePayload {
        /// The unique identifier of the space. It is the only id in the document that is a number.
        id: i64,
        /// The key of the space.
        key: Cow<'a, str>,
        /// The name of the space.
        name: Cow<'a, str>,
        /// The type of space.
        r#type: SpaceType,
        /// The status of the space.
        status: SpaceStatus,
        /// Atlassian account ID of the space creator.
        creator_account_id: Cow<'a, str>,
        /// The REST API URL for this space.
        #[serde(rename = "self")] self_: Cow<'a, str>,
    }

    /// Comment data. spec: `CommentPayload`.
    CommentPayload {
        /// The unique identifier of the comment.
        id: Cow<'a, str>,
        /// The content type, always `comment`.
        r#type: CommentType,
        /// The status of the comment.
        status: ItemStatus,
        /// The title of the comment.
        title: Cow<'a, str>,
        /// The current version. Comments have only `number` and `when`.
        version: VersionPayload<'a>,
        /// The content or comment that the comment is on.
        container: ContainerPayload<'a>,
        /// Atlassian account ID of the comment creator.
        creator_account_id: Cow<'a, str>,
        /// The REST API URL for this comment.
        #[serde(rename = "self")] self_: Cow<'a, str>,
    }

    /// Attachment data. spec: `AttachmentPayload`.
    AttachmentPayload {
        /// The unique identifier of the attachment.
        id: Cow<'a, str>,
        /// The content type, always `attachment`.
        r#type: AttachmentType,
        /// The status of the attachment.
        status: ItemStatus,
        /// The filename of the attachment.
        title: Cow<'a, str>,
        /// The MIME type of the attachment.
        media_type: Cow<'a, str>,
        /// The file size in bytes.
        file_size: i64,
        /// The page or blog post of the attachment.
        container: ContainerPayload<'a>,
        /// Atlassian account ID of the attachment creator.
        creator_account_id: Cow<'a, str>,
        /// The REST API URL for this attachment.
        #[serde(rename = "self")] self_: Cow<'a, str>,
    }

    /// A label. spec: `LabelEvent.label`.
    LabelPayload {
        /// The name of the label.
        name: Cow<'a, str>,
        /// The prefix of the label: `global`, `my`, `team`.
        prefix: Cow<'a, str>,
    }

    /// One version. spec: `PagePayload.version`, `CommentPayload.version`, `BlogPostPayload.version`.
    VersionPayload {
        /// The version number, from 1.
        number: i64,
        /// The time of this version in RFC 3339: `2026-01-15T10:30:00.000Z`.
        when: Cow<'a, str>,
        /// The version message. Empty if the author wrote none. Not set on comments.
        message: Cow<'a, str>,
        /// Whether this was a minor edit. Not set on comments.
        minor_edit: bool,
    }

    /// The content of a comment, an attachment or a label. spec: `CommentPayload.container`, `AttachmentPayload.container`,
    /// `LabelEvent.associatedContent`.
    ContainerPayload {
        /// The unique identifier of the content.
        id: Cow<'a, str>,
        /// The type of the content. Only a comment can have a comment as its container.
        r#type: ContainerType,
        /// The title of the content.
        title: Cow<'a, str>,
    }
}

words! {
    /// The only value of a page's `type`.
    PageType { Page }

    /// The only value of a blog post's `type`.
    BlogPostType { BlogPost }

    /// The only value of a comment's `type`.
    CommentType { Comment }

    /// The only value of an attachment's `type`.
    AttachmentType { Attachment }

    /// The status of a page or a blog post.
    ContentStatus { Current, Draft, Trashed }

    /// The status of a comment or an attachment.
    ItemStatus { Current, Trashed }

    /// The type of a space.
    SpaceType { Global, Personal }

    /// The status of a space.
    SpaceStatus { Current, Archived }

    /// The type of a container.
    ContainerType { Page, BlogPost, Comment }
}
