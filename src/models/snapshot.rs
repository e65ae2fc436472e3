//! The state of a site at an event. Every profile writes its bodies from it.
//!
//! People and spaces are resolved, so a profile needs no other data. Times are in milliseconds since the Unix epoch.

use std::sync::Arc;

use super::event::{Entity, EventKind};

/// One event, with everything that a body can contain.
#[derive(Clone, Copy, Debug)]
pub struct Snapshot<'a> {
    /// The kind of the event.
    pub kind: EventKind,
    /// The time of the event.
    pub timestamp: i64,
    /// The user who caused the event.
    pub actor: &'a Person,
    /// The web address of the site: `https://acme-labs.atlassian.net/wiki`.
    pub site: &'a str,
    /// The format of bodies on this site.
    pub era: Era,
    /// The space of the subject.
    pub space: &'a Space,
    /// The subject of the event.
    pub subject: &'a Subject,
    /// Options for senders with several body formats.
    pub options: BodyOptions,
    /// A random number for differences between deliveries, such as the order of keys.
    pub variation: u8,
}

/// Options for bodies that differ between sites.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BodyOptions {
    /// Write whole objects instead of ids. Data Center writes only ids by default.
    pub is_full: bool,
    /// The type of ids. `None` means the type of the era.
    pub id_type: Option<IdType>,
}

/// A field of [`BodyOptions`]. Each profile lists the ones that it supports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyChoice {
    /// [`BodyOptions::is_full`]
    Full,
    /// [`BodyOptions::id_type`]
    IdType,
}

/// The JSON type of an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[allow(missing_docs, reason = "the words of JSON")]
pub enum IdType {
    Integer,
    String,
}

impl BodyOptions {
    /// Returns the options that are set.
    pub fn choices(self) -> impl Iterator<Item = BodyChoice> {
        let (full, id_type) = (self.is_full.then_some(BodyChoice::Full), self.id_type.map(|_| BodyChoice::IdType));
        full.into_iter().chain(id_type)
    }
}

/// The subject of an event: its state after the event, or before its deletion.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the words of Confluence")]
pub enum Subject {
    Space(Space),
    Content(Content),
    /// With its content.
    Comment(Comment, Content),
    /// With its content.
    Attachment(Attachment, Content),
    /// With its content.
    Label(Label, Content),
    /// Content that moved, with its old and its new parent. Content at the top of a space has no parent.
    Moved {
        content: Content,
        old_parent: Option<Content>,
        new_parent: Option<Content>,
    },
    /// The child pages of a page, before and after they were reordered.
    Reordered {
        parent: Content,
        before: Vec<Content>,
        after: Vec<Content>,
    },
    /// A copy, and its original.
    Copied(Content, Content),
    /// With its page, and with its state before an update.
    Task {
        task: Task,
        before: Option<Task>,
        content: Content,
    },
    User(Arc<Person>),
    Group(Group),
    Theme(Theme),
    Relation(Relation),
    Search(Search),
}

/// The format of bodies, by the year of its captures. Bodies of Confluence Cloud change over the years.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Era {
    /// Ids are integers.
    Of2021,
    /// Content also has `idAsString` and `spaceId`.
    Of2024,
    /// Ids are strings, and updates have `suppressNotifications`.
    Of2026,
}

/// A user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The full name.
    pub name: String,
    /// The Atlassian account ID.
    pub account_id: String,
}

/// A task on a page.
#[derive(Clone, Debug)]
pub struct Task {
    /// Unique among tasks.
    pub id: i64,
    /// Whether the task is complete.
    pub is_done: bool,
    /// The assignee.
    pub assignee: Arc<Person>,
    /// The due date.
    pub due: Option<i64>,
}

/// A group of people.
#[derive(Clone, Debug)]
pub struct Group {
    /// A UUID.
    pub id: String,
    /// The name.
    pub name: String,
}

/// A theme that was enabled, for one space or for all spaces.
#[derive(Clone, Debug)]
pub struct Theme {
    /// Whether the theme applies to all spaces.
    pub is_global: bool,
    /// The space of the theme, unless it applies to all spaces.
    pub space_id: i64,
    /// The key of the previous theme. Empty if there was none.
    pub old_key: &'static str,
    /// The key of the new theme.
    pub new_key: &'static str,
}

/// A relation from a user to content, such as `favourite`.
#[derive(Clone, Debug)]
pub struct Relation {
    /// The name.
    pub name: &'static str,
    /// The user.
    pub source: Arc<Person>,
    /// The content.
    pub target: Content,
}

/// A search.
#[derive(Clone, Debug)]
pub struct Search {
    /// The query.
    pub query: String,
    /// The results.
    pub results: Vec<Content>,
}

impl Person {
    /// Returns the user key on Data Center: 32 hex digits.
    pub fn user_key(&self) -> String {
        let digits: String = self.account_id.rsplit(':').next().unwrap_or_default().replace('-', "");
        format!("{digits:f>32}")
    }
}

/// A space.
#[derive(Clone, Debug)]
pub struct Space {
    /// Unique among spaces.
    pub id: i64,
    /// `ENG`. The key of a personal space is `~` and an account ID.
    pub key: String,
    /// The name.
    pub name: String,
    /// The description. May be empty.
    pub description: String,
    /// Whether it is a personal space.
    pub is_personal: bool,
    /// Whether it is archived.
    pub is_archived: bool,
    /// The id of the home page.
    pub home_page_id: i64,
    /// The creator.
    pub creator: Arc<Person>,
    /// The time of creation.
    pub created: i64,
    /// The user who changed it last.
    pub modifier: Arc<Person>,
    /// The time of the last change.
    pub modified: i64,
}

/// The fields that content, comments and attachments share.
#[derive(Clone, Debug)]
pub struct ObjectMeta {
    /// Unique on the site.
    pub id: i64,
    /// The creator.
    pub creator: Arc<Person>,
    /// The time of creation.
    pub created: i64,
    /// The latest version.
    pub version: Version,
}

/// A version of content, of a comment or of an attachment.
#[derive(Clone, Debug)]
pub struct Version {
    /// From 1.
    pub number: u32,
    /// The time of the version.
    pub when: i64,
    /// The author.
    pub by: Arc<Person>,
    /// The version message. Empty if the author wrote none.
    pub message: &'static str,
    /// Whether it is a minor edit.
    pub is_minor: bool,
}

/// A page, a blog post or other content.
#[derive(Clone, Debug)]
pub struct Content {
    /// [`Entity::Page`], [`Entity::BlogPost`], or another kind of content.
    pub entity: Entity,
    /// Id, creator and version.
    pub meta: ObjectMeta,
    /// The title.
    pub title: String,
    /// The id of its space.
    pub space_id: i64,
    /// Whether it is in the trash.
    pub is_trashed: bool,
    /// Whether it is archived.
    pub is_archived: bool,
    /// Whether it is a live doc, which is edited without drafts.
    pub is_live: bool,
    /// The id of its parent page.
    pub parent_id: Option<i64>,
    /// The names of its labels.
    pub labels: Vec<String>,
}

/// A comment.
#[derive(Clone, Debug)]
pub struct Comment {
    /// Id, creator and version.
    pub meta: ObjectMeta,
    /// The id of its page or blog post.
    pub content_id: i64,
    /// The id of the comment that it replies to.
    pub in_reply_to: Option<i64>,
    /// Whether it is in the trash.
    pub is_trashed: bool,
}

/// A file on a page or a blog post.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// Id, creator and version.
    pub meta: ObjectMeta,
    /// The id of its page or blog post.
    pub content_id: i64,
    /// The file name.
    pub name: String,
    /// The media type: `image/png`.
    pub media_type: &'static str,
    /// The size in bytes.
    pub size: i64,
    /// Whether it is in the trash.
    pub is_trashed: bool,
    /// Whether it is archived.
    pub is_archived: bool,
}

/// A label on a page or a blog post.
#[derive(Clone, Debug)]
pub struct Label {
    /// The name: `meeting-notes`.
    pub name: String,
    /// `global`, `my` or `team`.
    pub prefix: &'static str,
    /// The id of its page or blog post.
    pub content_id: i64,
    /// The owner.
    pub owner: Arc<Person>,
}

impl Content {
    /// Returns whether it is neither trashed nor archived.
    pub const fn is_active(&self) -> bool {
        !self.is_trashed && !self.is_archived
    }

    /// Returns whether it is an active page or blog post. Only these get comments, attachments and labels.
    pub const fn is_open_document(&self) -> bool {
        matches!(self.entity, Entity::Page | Entity::BlogPost) && self.is_active()
    }
}

impl Attachment {
    /// Returns whether it is neither trashed nor archived.
    pub const fn is_active(&self) -> bool {
        !self.is_trashed && !self.is_archived
    }
}

impl ObjectMeta {
    /// Creates the metadata of a new object, with version 1.
    pub fn new(id: i64, creator: &Arc<Person>, created: i64) -> Self {
        let version = Version { number: 1, when: created, by: Arc::clone(creator), message: "", is_minor: false };
        Self { id, creator: Arc::clone(creator), created, version }
    }
}
