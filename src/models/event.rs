//! Events as rows of a catalogue. Each profile has its own catalogue.

use std::fmt;
use std::ptr;

use serde::{Serialize, Serializer};

/// What an event is about. The published document has the first six; the others occur in the catalogues of other senders.
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
    /// A page, a blog post or a comment, in events that do not say which.
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

/// What an event does to its entity. Senders use the same word for different actions (`removed` is "moved to the trash"
/// on Data Center and "deleted for good" on Cloud), so the action is a column of the catalogue and not read from the
/// name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Action {
    /// It was created.
    Created,
    /// It got a new version, or changed in another way.
    Updated,
    /// It was deleted for good.
    Removed,
    /// It was moved to the trash.
    Trashed,
    /// It was moved back from the trash.
    Restored,
    /// It was moved to another place.
    Moved,
    /// It is a copy of another.
    Copied,
    /// The pages below it were put into another order.
    ChildrenReordered,
    /// It was archived.
    Archived,
    /// It was taken out of the archive.
    Unarchived,
    /// The people who may see or edit it are others.
    PermissionsUpdated,
    /// Somebody looked at it.
    Viewed,
    /// Somebody likes it.
    Liked,
    /// A label was put on content.
    Added,
    /// A label ceased to exist: it is on nothing any more.
    Deleted,
    /// A space got another logo.
    LogoUpdated,
    /// A page was created from a template of an app.
    CreatedFromBlueprint,
    /// An account was deactivated.
    Deactivated,
    /// An account was activated again.
    Reactivated,
    /// Somebody follows somebody.
    Followed,
    /// It was switched on.
    Enabled,
    /// A search was made.
    Performed,
    /// A live document was opened for the first time.
    Initialized,
    /// An edit of a live document began.
    Started,
    /// A version of a live document was saved.
    Snapshotted,
    /// A live document became a page.
    Published,
}

/// Where the knowledge about an event comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Evidence {
    /// The published AsyncAPI document declares it.
    Published,
    /// A delivery was captured.
    Captured,
    /// The sender's source code shows it.
    Source,
    /// The sender's documentation describes it.
    Documented,
    /// It follows from similar events.
    Inferred,
}

impl Evidence {
    /// Returns the word for it, as in JSON lines.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Captured => "captured",
            Self::Source => "source",
            Self::Documented => "documented",
            Self::Inferred => "inferred",
        }
    }
}

/// One event of a sender: a row of the profile's catalogue. The names of the fields are those of the JSON lines.
#[derive(Debug, Serialize)]
pub struct EventRow {
    /// The name on the wire: `page_created`.
    #[serde(rename = "event")]
    pub name: &'static str,
    /// The name of the same event in the published document, where the sender has another: `page_created` is
    /// `avi:confluence:created:page`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alias: Option<&'static str>,
    /// What the event is about.
    pub entity: Entity,
    /// What it does to it.
    #[serde(skip)]
    pub action: Action,
    /// How often it occurs in a story, relative to the other events.
    #[serde(skip)]
    pub weight: u16,
    /// What the event means, in one sentence.
    pub description: &'static str,
    /// Where the row comes from.
    pub evidence: Evidence,
}

/// Returns the row of an event that has no other name in the published document.
pub const fn row(
    name: &'static str,
    entity: Entity,
    action: Action,
    weight: u16,
    evidence: Evidence,
    description: &'static str,
) -> EventRow {
    EventRow { name, alias: None, entity, action, weight, description, evidence }
}

/// The kind of an event: a reference to a row of a catalogue. Rows with the same name are equal.
#[derive(Clone, Copy)]
pub struct EventKind(&'static EventRow);

impl EventKind {
    /// Returns the kind that a row describes.
    pub const fn new(row: &'static EventRow) -> Self {
        Self(row)
    }

    /// Returns the row.
    pub const fn row(self) -> &'static EventRow {
        self.0
    }

    /// Returns the name on the wire: `page_created`.
    pub const fn name(self) -> &'static str {
        self.0.name
    }

    /// Returns what the event is about.
    pub const fn entity(self) -> Entity {
        self.0.entity
    }

    /// Returns what the event does to its entity.
    pub const fn action(self) -> Action {
        self.0.action
    }

    /// Returns what the event means, in one sentence.
    pub const fn description(self) -> &'static str {
        self.0.description
    }

    /// Does the event make a version of its entity, the first or a later one?
    pub const fn makes_version(self) -> bool {
        matches!(self.0.action, Action::Created | Action::Updated | Action::Snapshotted | Action::Published)
    }

    /// Does the event delete its entity, for good or to the trash?
    pub const fn is_removal(self) -> bool {
        matches!(self.0.action, Action::Removed | Action::Trashed)
    }

    /// Returns each `status` of the payload that contradicts the event: what was just trashed is not `current`, what
    /// was just created, updated or restored is not `trashed`. Empty if neither the document nor practice says
    /// anything.
    pub const fn contradictory_statuses(self) -> &'static [&'static str] {
        match (self.0.entity, self.0.action) {
            (Entity::Space | Entity::Label, _) => &[],
            (_, Action::Trashed) => &["current", "draft"],
            (_, Action::Created | Action::Updated | Action::Restored) => &["trashed"],
            _ => &[],
        }
    }
}

impl PartialEq for EventKind {
    fn eq(&self, other: &Self) -> bool {
        ptr::eq(self.0, other.0) || self.0.name == other.0.name
    }
}

impl Eq for EventKind {}

impl PartialOrd for EventKind {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// By entity, then by action: the order of the published document.
impl Ord for EventKind {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let key = |kind: &Self| (kind.0.entity, kind.0.action, kind.0.name);
        key(self).cmp(&key(other))
    }
}

impl fmt::Debug for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name)
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0.name)
    }
}

impl Serialize for EventKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.name)
    }
}

impl Entity {
    /// All entities: those of the published document in its order, then the others.
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

    /// Returns the word for it in the published document and in names of events: `page`, `blogPost`.
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

    /// Returns the noun in a sentence: `page`, `blog post`.
    pub const fn noun(self) -> &'static str {
        match self {
            Self::BlogPost => "blog post",
            Self::CustomContent => "custom content",
            Self::Embed => "smart link",
            other => other.key(),
        }
    }

    /// Returns the pattern that matches the events about it in the published document and like it: `page_*`, `blog_*`.
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

    /// Returns the article before the noun: `a`, `an`.
    pub const fn article(self) -> &'static str {
        match self {
            Self::Attachment => "an",
            _ => "a",
        }
    }
}

/// Returns the name of an event as a part of the name of a file: Windows allows no colon there.
pub fn in_file_name(event: &str) -> String {
    event.replace(':', "-")
}

/// The events of one sender, in the order of its documentation.
#[derive(Clone, Copy, Debug)]
pub struct Catalogue(&'static [EventRow]);

impl Catalogue {
    /// Returns the catalogue of these rows.
    pub const fn new(rows: &'static [EventRow]) -> Self {
        Self(rows)
    }

    /// Returns all events.
    pub fn all(self) -> impl ExactSizeIterator<Item = EventKind> + Clone {
        self.0.iter().map(EventKind)
    }

    /// Returns the event of this name, or of this name in the published document.
    pub fn find(self, name: &str) -> Option<EventKind> {
        self.0.iter().find(|row| row.name == name || row.alias == Some(name)).map(EventKind)
    }

    /// Returns the events about this entity.
    pub fn about(self, entity: Entity) -> impl Iterator<Item = EventKind> {
        self.all().filter(move |kind| kind.entity() == entity)
    }

    /// Returns the events that occur in stories.
    pub fn in_stories(self) -> impl Iterator<Item = EventKind> + Clone {
        self.all().filter(|kind| kind.row().weight > 0)
    }

    /// Is such an entity moved to a trash before it is deleted? In the published document, only pages are. A sender that
    /// reports nothing after the trash has none.
    pub fn has_trash(self, entity: Entity) -> bool {
        let has = |action| self.in_stories().any(|kind| kind.entity() == entity && kind.action() == action);
        has(Action::Trashed) && (has(Action::Removed) || has(Action::Restored))
    }

    /// Does the catalogue have an event that does this to this entity?
    pub fn has(self, entity: Entity, action: Action) -> bool {
        self.about(entity).any(|kind| kind.action() == action)
    }
}

/// A name that no sender is known to give an event.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no event `{name}`; {}", match nearest {
    Some(name) => format!("did you mean `{name}`?"),
    None => "`cfwh events` lists them".to_owned(),
})]
pub struct UnknownEvent {
    /// The name as given.
    pub name: String,
    /// The name that was probably meant.
    pub nearest: Option<&'static str>,
}

/// Returns the candidate that `word` was probably meant to be.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // At 0.8, `pageCreated` and `page_create` give `page_created`, and `hello` gives nothing.
    const SIMILAR: f64 = 0.8;
    // Longer words are not misspelt names, and the time to compare them grows with the square of their length.
    const LONGEST: usize = 64;
    if word.len() > LONGEST {
        return None;
    }
    let word = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(&word, &candidate.to_lowercase()), candidate))
        .filter(|(score, _)| *score >= SIMILAR)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, candidate)| candidate)
}
