//! The entities of events.

use serde::Serialize;

/// The subject of an event. The published document has the first six entities; the catalogues of other senders have the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the words of Confluence")]
pub enum Entity {
    Page,
    Space,
    Comment,
    Attachment,
    Label,
    BlogPost,
    /// A page, a blog post or a comment, in events that do not distinguish them.
    Content,
    Whiteboard,
    Database,
    Folder,
    Embed,
    CustomContent,
    Task,
    User,
    Group,
    Theme,
    Relation,
    Search,
}

impl Entity {
    /// All entities: first those of the published document, in its order.
    pub const ALL: [Self; 18] = [
        Self::Page,
        Self::Space,
        Self::Comment,
        Self::Attachment,
        Self::Label,
        Self::BlogPost,
        Self::Content,
        Self::Whiteboard,
        Self::Database,
        Self::Folder,
        Self::Embed,
        Self::CustomContent,
        Self::Task,
        Self::User,
        Self::Group,
        Self::Theme,
        Self::Relation,
        Self::Search,
    ];

    /// Returns the key of the payload in the published document: `page`, `blogPost`.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Space => "space",
            Self::Comment => "comment",
            Self::Attachment => "attachment",
            Self::Label => "label",
            Self::BlogPost => "blogPost",
            Self::Content => "content",
            Self::Whiteboard => "whiteboard",
            Self::Database => "database",
            Self::Folder => "folder",
            Self::Embed => "embed",
            Self::CustomContent => "customContent",
            Self::Task => "task",
            Self::User => "user",
            Self::Group => "group",
            Self::Theme => "theme",
            Self::Relation => "relation",
            Self::Search => "search",
        }
    }

    /// Returns the noun for messages: `page`, `blog post`.
    pub const fn noun(self) -> &'static str {
        match self {
            Self::BlogPost => "blog post",
            Self::CustomContent => "custom content",
            Self::Embed => "smart link",
            other => other.key(),
        }
    }

    /// Returns the pattern for its events in the style of the published document: `page_*`, `blog_*`.
    pub const fn pattern(self) -> &'static str {
        match self {
            Self::Page => "page_*",
            Self::Space => "space_*",
            Self::Comment => "comment_*",
            Self::Attachment => "attachment_*",
            Self::Label => "label_*",
            Self::BlogPost => "blog_*",
            Self::Content => "content_*",
            Self::Whiteboard => "whiteboard_*",
            Self::Database => "database_*",
            Self::Folder => "folder_*",
            Self::Embed => "embed_*",
            Self::CustomContent => "custom_content_*",
            Self::Task => "task_*",
            Self::User => "user_*",
            Self::Group => "group_*",
            Self::Theme => "theme_*",
            Self::Relation => "relation_*",
            Self::Search => "search_*",
        }
    }

    /// Returns the article of the noun: `a` or `an`.
    pub const fn article(self) -> &'static str {
        match self {
            Self::Attachment => "an",
            _ => "a",
        }
    }
}
