//! What happened on a site, from which every profile writes its bodies. References to people and spaces are resolved,
//! so a profile needs nothing else. Times are milliseconds since the Unix epoch.

use std::sync::Arc;

use super::event::{Entity, EventKind};

/// One event, and everything that a body can say about it.
#[derive(Clone, Copy, Debug)]
pub struct Snapshot<'a> {
    /// The kind of the event.
    pub kind: EventKind,
    /// When it happened.
    pub timestamp: i64,
    /// Who did it.
    pub actor: &'a Person,
    /// The web address of the site: `https://acme-labs.atlassian.net/wiki`.
    pub site: &'a str,
    /// The era of the site.
    pub era: Era,
    /// The space in which it happened.
    pub space: &'a Space,
    /// What it happened to.
    pub subject: &'a Subject,
    /// What the user chose where a sender has a choice.
    pub options: BodyOptions,
    /// A random number, for senders with bodies that vary from delivery to delivery, in the order of keys for example.
    pub variation: u8,
}

/// What a user may choose where senders differ from site to site.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BodyOptions {
    /// Whole objects where the sender writes only ids by default, as Data Center does.
    pub is_full: bool,
    /// The type of ids, where it depends on the site; `None` leaves it to the era.
    pub id_type: Option<IdType>,
}

/// One of the [`BodyOptions`]. Each profile says which of them its bodies have.
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
    /// Returns what was chosen.
    pub fn choices(self) -> impl Iterator<Item = BodyChoice> {
        let (full, id_type) = (self.is_full.then_some(BodyChoice::Full), self.id_type.map(|_| BodyChoice::IdType));
        full.into_iter().chain(id_type)
    }
}

/// What an event is about: as it is after the event, or as it was before it was deleted.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the words of Confluence")]
pub enum Subject {
    Space(Space),
    Content(Content),
    /// With the content that it is on.
    Comment(Comment, Content),
    /// With the content that it is on.
    Attachment(Attachment, Content),
    /// With the content that it is on.
    Label(Label, Content),
    /// Content that was moved, with the pages above it before and after. At the top of its space, nothing is above it.
    Moved {
        content: Content,
        old_parent: Option<Content>,
        new_parent: Option<Content>,
    },
    /// The pages below a page, before and after they were put into another order.
    Reordered {
        parent: Content,
        before: Vec<Content>,
        after: Vec<Content>,
    },
    /// Content that is a copy, and what it is a copy of.
    Copied(Content, Content),
    /// With the page that it is on, and as it was before an update.
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

/// When a site was captured. Bodies of Confluence Cloud changed from year to year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Era {
    /// Ids are integers.
    Of2021,
    /// Content has `idAsString` and `spaceId` too.
    Of2024,
    /// Ids are strings, and updates have `suppressNotifications`.
    Of2026,
}

/// Somebody who has an account.
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
    /// Is it done?
    pub is_done: bool,
    /// Whom it is assigned to.
    pub assignee: Arc<Person>,
    /// When it is due.
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

/// A theme that was switched on, for a space or for all.
#[derive(Clone, Debug)]
pub struct Theme {
    /// Is it for all spaces?
    pub is_global: bool,
    /// The space that it is for, unless it is for all.
    pub space_id: i64,
    /// The key of the theme before; empty if there was none.
    pub old_key: &'static str,
    /// The key of the theme now.
    pub new_key: &'static str,
}

/// A relation from a person to content: `favourite`, for example.
#[derive(Clone, Debug)]
pub struct Relation {
    /// The name.
    pub name: &'static str,
    /// Who it starts from.
    pub source: Arc<Person>,
    /// What it leads to.
    pub target: Content,
}

/// A search.
#[derive(Clone, Debug)]
pub struct Search {
    /// What was searched for.
    pub query: String,
    /// What was found.
    pub results: Vec<Content>,
}

impl Person {
    /// Returns the key of the account on Data Center: 32 hex digits.
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
    /// `ENG`, or `~` and an account ID for a personal space.
    pub key: String,
    /// The name.
    pub name: String,
    /// What the space is for; may be empty.
    pub description: String,
    /// Does the space belong to one person?
    pub is_personal: bool,
    /// Is it archived?
    pub is_archived: bool,
    /// The id of the page that the space opens with.
    pub home_page_id: i64,
    /// Who created it.
    pub creator: Arc<Person>,
    /// When it was created.
    pub created: i64,
    /// Who changed it last.
    pub modifier: Arc<Person>,
    /// When it was changed last.
    pub modified: i64,
}

/// What content, comments and attachments have in common.
#[derive(Clone, Debug)]
pub struct ObjectMeta {
    /// Unique on the site.
    pub id: i64,
    /// Who created it.
    pub creator: Arc<Person>,
    /// When it was created.
    pub created: i64,
    /// The latest version.
    pub version: Version,
}

/// A version of content, of a comment or of an attachment.
#[derive(Clone, Debug)]
pub struct Version {
    /// From 1.
    pub number: u32,
    /// When it was made.
    pub when: i64,
    /// Who made it.
    pub by: Arc<Person>,
    /// Empty if the author wrote none.
    pub message: &'static str,
    /// Did the author call it a minor edit?
    pub is_minor: bool,
}

/// A page or a blog post.
#[derive(Clone, Debug)]
pub struct Content {
    /// [`Entity::Page`], [`Entity::BlogPost`], or another kind of content that some senders have events about.
    pub entity: Entity,
    /// Id, creator and version.
    pub meta: ObjectMeta,
    /// The title.
    pub title: String,
    /// The space that it is in.
    pub space_id: i64,
    /// Is it in the trash?
    pub is_trashed: bool,
    /// Is it in the archive?
    pub is_archived: bool,
    /// Is it a live document, which is edited without drafts?
    pub is_live: bool,
    /// The page above it.
    pub parent_id: Option<i64>,
    /// The names of its labels.
    pub labels: Vec<String>,
}

/// A comment.
#[derive(Clone, Debug)]
pub struct Comment {
    /// Id, creator and version.
    pub meta: ObjectMeta,
    /// The page or blog post that it is on.
    pub content_id: i64,
    /// The comment that it replies to.
    pub in_reply_to: Option<i64>,
    /// Is it in the trash?
    pub is_trashed: bool,
}

/// A file on a page or a blog post.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// Id, creator and version.
    pub meta: ObjectMeta,
    /// The page or blog post that it is on.
    pub content_id: i64,
    /// The file name.
    pub name: String,
    /// The media type: `image/png`.
    pub media_type: &'static str,
    /// In bytes.
    pub size: i64,
    /// Is it in the trash?
    pub is_trashed: bool,
    /// Is it in the archive?
    pub is_archived: bool,
}

/// A label on a page or a blog post.
#[derive(Clone, Debug)]
pub struct Label {
    /// The name: `meeting-notes`.
    pub name: String,
    /// `global`, `my` or `team`.
    pub prefix: &'static str,
    /// The page or blog post that it is on.
    pub content_id: i64,
    /// Who owns it.
    pub owner: Arc<Person>,
}

impl Content {
    /// Is it neither in the trash nor in the archive?
    pub const fn is_active(&self) -> bool {
        !self.is_trashed && !self.is_archived
    }

    /// Is it a page or a blog post that people can open? Comments, attachments and labels are on these.
    pub const fn is_open_document(&self) -> bool {
        matches!(self.entity, Entity::Page | Entity::BlogPost) && self.is_active()
    }
}

impl Attachment {
    /// Is it neither in the trash nor in the archive?
    pub const fn is_active(&self) -> bool {
        !self.is_trashed && !self.is_archived
    }
}

impl ObjectMeta {
    /// Returns the first version of something new.
    pub fn new(id: i64, creator: &Arc<Person>, created: i64) -> Self {
        let version = Version { number: 1, when: created, by: Arc::clone(creator), message: "", is_minor: false };
        Self { id, creator: Arc::clone(creator), created, version }
    }
}
