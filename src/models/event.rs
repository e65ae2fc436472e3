//! The nineteen kinds of event, in one table, and a body as the document declares it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::payload::{AssociatedContent, Attachment, BlogPost, Comment, Label, Page, Space};

/// What happened: one of the nineteen kinds of the AsyncAPI document, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each variant's meaning is its row in TABLE")]
pub enum EventKind {
    PageCreated,
    PageUpdated,
    PageRemoved,
    PageTrashed,
    PageRestored,
    SpaceCreated,
    SpaceUpdated,
    SpaceRemoved,
    CommentCreated,
    CommentUpdated,
    CommentRemoved,
    AttachmentCreated,
    AttachmentUpdated,
    AttachmentRemoved,
    LabelCreated,
    LabelRemoved,
    BlogCreated,
    BlogUpdated,
    BlogRemoved,
}

/// What an event is about. Every entity has one body schema in the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the words of the trade")]
pub enum Entity {
    Page,
    Space,
    Comment,
    Attachment,
    Label,
    BlogPost,
}

struct Row {
    kind: EventKind,
    name: &'static str,
    entity: Entity,
    /// The summary of the document's message of this name.
    description: &'static str,
}

const fn row(kind: EventKind, name: &'static str, entity: Entity, description: &'static str) -> Row {
    Row { kind, name, entity, description }
}

/// One row a kind, in the order of the enum.
#[rustfmt::skip]
const TABLE: [Row; 19] = [
    row(EventKind::PageCreated, "page_created", Entity::Page, "A new page has been created in Confluence."),
    row(EventKind::PageUpdated, "page_updated", Entity::Page, "An existing page has been updated in Confluence."),
    row(EventKind::PageRemoved, "page_removed", Entity::Page, "A page has been permanently removed from Confluence."),
    row(EventKind::PageTrashed, "page_trashed", Entity::Page, "A page has been moved to the trash in Confluence."),
    row(EventKind::PageRestored, "page_restored", Entity::Page, "A page has been restored from the trash in Confluence."),
    row(EventKind::SpaceCreated, "space_created", Entity::Space, "A new space has been created in Confluence."),
    row(EventKind::SpaceUpdated, "space_updated", Entity::Space, "A space has been updated in Confluence."),
    row(EventKind::SpaceRemoved, "space_removed", Entity::Space, "A space has been removed from Confluence."),
    row(EventKind::CommentCreated, "comment_created", Entity::Comment, "A new comment has been added to a page or blog post."),
    row(EventKind::CommentUpdated, "comment_updated", Entity::Comment, "A comment has been updated on a page or blog post."),
    row(EventKind::CommentRemoved, "comment_removed", Entity::Comment, "A comment has been removed from a page or blog post."),
    row(EventKind::AttachmentCreated, "attachment_created", Entity::Attachment, "A file has been attached to a page or blog post."),
    row(EventKind::AttachmentUpdated, "attachment_updated", Entity::Attachment, "An attachment has been updated with a new version."),
    row(EventKind::AttachmentRemoved, "attachment_removed", Entity::Attachment, "An attachment has been removed from content."),
    row(EventKind::LabelCreated, "label_created", Entity::Label, "A label has been added to content."),
    row(EventKind::LabelRemoved, "label_removed", Entity::Label, "A label has been removed from content."),
    row(EventKind::BlogCreated, "blog_created", Entity::BlogPost, "A new blog post has been created in Confluence."),
    row(EventKind::BlogUpdated, "blog_updated", Entity::BlogPost, "A blog post has been updated in Confluence."),
    row(EventKind::BlogRemoved, "blog_removed", Entity::BlogPost, "A blog post has been removed from Confluence."),
];

// The table is indexed by the enum's discriminant, so a row out of order is a build error.
const _: () = {
    let mut index = 0;
    while index < TABLE.len() {
        assert!(TABLE[index].kind as usize == index, "TABLE is out of order");
        index += 1;
    }
};

/// Names that Confluence is known to send and the document lacks, in alphabetical order. Sources: Atlassian's
/// Connect module reference and consumers' code. A receiver meets them, so they are no nonsense.
const OUTSIDE_THE_DOCUMENT: [&str; 17] = [
    "attachment_restored",
    "attachment_trashed",
    "blog_moved",
    "blog_restored",
    "blog_trashed",
    "content_created",
    "content_removed",
    "content_updated",
    "label_added",
    "label_deleted",
    "page_archived",
    "page_children_reordered",
    "page_copied",
    "page_moved",
    "page_unarchived",
    "space_logo_updated",
    "space_permissions_updated",
];

impl EventKind {
    /// All nineteen, in the document's order.
    #[must_use]
    pub fn all() -> impl ExactSizeIterator<Item = Self> + Clone {
        TABLE.iter().map(|row| row.kind)
    }

    /// The kind of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        TABLE.iter().find(|row| row.name == name).map(|row| row.kind)
    }

    /// The name on the wire: `page_created`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        TABLE[self as usize].name
    }

    /// What the event is about.
    #[must_use]
    pub const fn entity(self) -> Entity {
        TABLE[self as usize].entity
    }

    /// What the event means, in the document's words.
    #[must_use]
    pub const fn description(self) -> &'static str {
        TABLE[self as usize].description
    }
}

impl Entity {
    /// All six, in the document's order.
    pub const ALL: [Self; 6] = [Self::Page, Self::Space, Self::Comment, Self::Attachment, Self::Label, Self::BlogPost];

    /// The key of the payload inside a body: `page`, `blogPost`.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Space => "space",
            Self::Comment => "comment",
            Self::Attachment => "attachment",
            Self::Label => "label",
            Self::BlogPost => "blogPost",
        }
    }

    /// The noun in a sentence: `page`, `blog post`.
    #[must_use]
    pub const fn noun(self) -> &'static str {
        match self {
            Self::BlogPost => "blog post",
            other => other.key(),
        }
    }

    /// What all events about it have in common: `page_*`, `blog_*`.
    #[must_use]
    pub fn pattern(self) -> String {
        let prefix = EventKind::all().find(|kind| kind.entity() == self).and_then(|kind| kind.name().split('_').next());
        format!("{}_*", prefix.unwrap_or_default())
    }

    /// The article before the noun: `a`, `an`.
    #[must_use]
    pub const fn article(self) -> &'static str {
        match self {
            Self::Attachment => "an",
            _ => "a",
        }
    }
}

/// Is this a name that Confluence is known to send although the document lacks it?
#[must_use]
pub fn is_known_outside_the_document(name: &str) -> bool {
    OUTSIDE_THE_DOCUMENT.binary_search(&name).is_ok()
}

/// The names that Confluence is known to send although the document lacks them.
pub fn names_outside_the_document() -> impl Iterator<Item = &'static str> {
    OUTSIDE_THE_DOCUMENT.into_iter()
}

/// A name that is none of the nineteen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct UnknownEvent {
    /// The name as it was given.
    pub name: String,
    /// The nearest of the nineteen, when one is near enough to be meant.
    pub nearest: Option<EventKind>,
}

impl fmt::Display for UnknownEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no event `{}`", self.name)?;
        match self.nearest {
            Some(kind) => write!(f, "; did you mean `{kind}`?"),
            None => write!(f, "; `cfwh events` lists the nineteen"),
        }
    }
}

impl FromStr for EventKind {
    type Err = UnknownEvent;

    fn from_str(name: &str) -> Result<Self, UnknownEvent> {
        Self::named(name).ok_or_else(|| UnknownEvent {
            name: name.to_owned(),
            nearest: nearest(name, Self::all().map(Self::name)).and_then(Self::named),
        })
    }
}

/// The candidate that `word` was probably meant to be, if one is near enough to be worth offering.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // 0.8 offers `page_created` for `pageCreated` and `page_create`, and nothing for `hello`.
    const NEAR: f64 = 0.8;
    // Past this no declared name is meant, and comparing takes time that grows with the square.
    const LONGEST: usize = 64;
    if word.len() > LONGEST {
        return None;
    }
    let word = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(&word, &candidate.to_lowercase()), candidate))
        .filter(|(score, _)| *score >= NEAR)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, candidate)| candidate)
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Serialize for EventKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for EventKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// A body as the document declares it. Flat as the wire is: the payload that is set is the one that `event` is about.
///
/// spec: `WebhookBase` with `PageEvent`, `SpaceEvent`, `CommentEvent`, `AttachmentEvent`, `LabelEvent`, `BlogPostEvent`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
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

impl Event {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_reads_back_as_its_kind() {
        for kind in EventKind::all() {
            assert_eq!(kind.name().parse(), Ok(kind));
        }
    }

    #[test]
    fn a_misspelt_name_is_answered_with_the_nearest() {
        for (wrong, meant) in [
            ("page_create", EventKind::PageCreated),
            ("pageUpdated", EventKind::PageUpdated),
            ("blogpost_created", EventKind::BlogCreated),
            ("SPACE_REMOVED", EventKind::SpaceRemoved),
            ("coment_removed", EventKind::CommentRemoved),
        ] {
            assert_eq!(wrong.parse::<EventKind>().map_err(|e| e.nearest), Err(Some(meant)), "{wrong}");
        }
        assert_eq!("hello".parse::<EventKind>().map_err(|e| e.nearest), Err(None));
    }

    #[test]
    fn names_outside_the_document_are_sorted_and_none_of_the_nineteen() {
        assert!(OUTSIDE_THE_DOCUMENT.is_sorted());
        assert!(OUTSIDE_THE_DOCUMENT.iter().all(|name| name.parse::<EventKind>().is_err()));
        assert!(is_known_outside_the_document("page_moved"));
    }
}
