//! The facts in a body that story checks need, for all senders.

use std::fmt;

use jiff::Timestamp;

use crate::json::{Node, Value, number};
use crate::models::event::{Action, Entity, EventKind};
use crate::profiles::Profile;

/// An id. A number in any notation and the same number as a string are equal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Id {
    Number(i64),
    Text(Box<str>),
}

/// The facts in one body.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The sender. It decides which entities have a trash, and what the creation of a label means.
    pub(super) profile: &'static Profile,
    pub(super) kind: EventKind,
    /// The time of the event, in milliseconds since the Unix epoch.
    pub(super) timestamp: Option<i64>,
    pub(super) about: About,
    pub(super) details: Details,
    /// A JSON Pointer to the payload.
    pub(super) pointer: &'static str,
}

/// The subject of an event, and its place.
#[derive(Clone, Debug)]
pub(super) enum About {
    Space {
        id: Id,
        /// The key, or the id if the body has no key.
        key: String,
    },
    /// A page, a blog post or other content.
    Content { id: Id },
    /// A comment or an attachment. Some senders omit the content of a comment.
    Item { id: Id, container: Option<Container>, in_reply_to: Option<Id> },
    /// A label. Spaces have labels too.
    Label { name: String, prefix: Option<String>, container: Option<Container> },
    /// A subject that stories do not track, such as a user or a search.
    Other,
}

/// The content of an item or a label: a page or a blog post. In the published document, the container of a reply is a comment.
#[derive(Clone, Debug)]
pub(super) struct Container {
    pub(super) id: Id,
    pub(super) details: Details,
    /// A JSON Pointer to it.
    pub(super) pointer: &'static str,
}

/// Details of a page, a comment or another object. Each body has some of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Details {
    /// The key of the space.
    pub(super) space: Option<String>,
    /// The pointer to the key, below the payload.
    pub(super) space_pointer: &'static str,
    pub(super) version: Option<i64>,
    /// The time of the version, in milliseconds since the Unix epoch.
    pub(super) modified: Option<i64>,
    pub(super) title: Option<String>,
    /// The account of the creator.
    pub(super) creator: Option<String>,
    /// The pointer to the account, below the payload.
    pub(super) creator_pointer: &'static str,
}

impl Facts {
    /// Reads the facts of a body. Returns `None` if the body does not identify its subject.
    pub fn read(profile: &'static Profile, kind: EventKind, body: &Node<'_>) -> Option<Self> {
        let timestamp = body.get("timestamp").and_then(Node::as_i64).or_else(|| time(body, "eventCreatedDate"));
        let facts = Self { profile, kind, timestamp, about: About::Other, details: Details::default(), pointer: "" };
        let payloads = payload_pointers(kind.entity());
        let Some((payload, pointer)) = first_present(body, payloads) else {
            return (payloads.is_empty() || !is_followed(kind.action())).then_some(facts);
        };
        let container = first_present(body, container_pointers(kind.entity())).and_then(|(container, pointer)| {
            Some(Container { id: Id::read(container)?, details: Details::read(container), pointer })
        });
        let about = match kind.entity() {
            Entity::Space => {
                let id = Id::read(payload)?;
                let key = text(payload, "key").unwrap_or_else(|| id.to_string());
                About::Space { id, key }
            }
            Entity::Comment | Entity::Attachment => {
                let in_reply_to = payload.get("inReplyTo").and_then(Id::read);
                About::Item { id: Id::read(payload)?, container, in_reply_to }
            }
            Entity::Label => About::Label { name: text(payload, "name")?, prefix: text(payload, "prefix"), container },
            _ => About::Content { id: Id::read(payload)? },
        };
        Some(Self { about, details: Details::read(payload), pointer, ..facts })
    }

    /// Returns the content of the event as its type and id. For a label, this is the labeled content.
    pub fn content(&self) -> Option<(&'static str, String)> {
        let noun = self.kind.entity().noun();
        match &self.about {
            About::Space { id, .. } | About::Content { id } | About::Item { id, .. } => Some((noun, id.to_string())),
            About::Label { container, .. } => Some(("content", container.as_ref()?.id.to_string())),
            About::Other => None,
        }
    }

    /// Returns the version in the body.
    pub const fn version(&self) -> Option<i64> {
        self.details.version
    }

    /// Returns the title of the subject.
    pub fn title(&self) -> Option<&str> {
        self.details.title.as_deref()
    }

    /// Returns whether the event repeats another one. Data Center sends events about content in addition to events about pages.
    pub(super) fn is_repetition(&self) -> bool {
        self.kind.entity() == Entity::Content || self.kind.action() == Action::CreatedFromBlueprint
    }

    /// Returns whether the sender reports a trash for the entity.
    pub(super) fn has_trash(&self) -> bool {
        self.profile.events.has_trash(self.kind.entity())
    }
}

/// Returns whether stories track an action. Other actions change nothing that a story checks.
const fn is_followed(action: Action) -> bool {
    use Action::{Added, Created, Removed, Restored, Trashed, Updated};
    matches!(action, Created | Updated | Removed | Trashed | Restored | Added)
}

/// Returns the pointers to the payload, for all senders. Empty for entities that stories do not track.
const fn payload_pointers(entity: Entity) -> &'static [&'static str] {
    match entity {
        Entity::Page => &["/page", "/content"],
        Entity::BlogPost => &["/blog", "/blogPost", "/content"],
        Entity::Space => &["/space"],
        Entity::Comment => &["/comment", "/content"],
        Entity::Attachment => &["/attachments/0", "/attachment"],
        Entity::Label => &["/label"],
        Entity::Content
        | Entity::Whiteboard
        | Entity::Database
        | Entity::Folder
        | Entity::Embed
        | Entity::CustomContent => &["/content"],
        Entity::Task | Entity::User | Entity::Group | Entity::Theme | Entity::Relation | Entity::Search => &[],
    }
}

/// Returns the pointers to the container of an item or a label.
const fn container_pointers(entity: Entity) -> &'static [&'static str] {
    match entity {
        Entity::Comment => &["/comment/parent", "/comment/container", "/content/container"],
        Entity::Attachment => &["/attachedTo", "/attachment/container"],
        Entity::Label => &["/labeled", "/associatedContent", "/content"],
        _ => &[],
    }
}

impl Details {
    fn read(node: &Node<'_>) -> Self {
        const SPACES: &[&str] = &["/spaceKey", "/space/key"];
        const CREATORS: &[&str] = &["/creatorAccountId", "/creatorKey", "/history/createdBy/accountId"];
        let version = node.get("version");
        let first_text = |pointers: &'static [&'static str]| {
            let (node, pointer) = first_present(node, pointers)?;
            Some((node_text(node)?, pointer))
        };
        let (space, creator) = (first_text(SPACES), first_text(CREATORS));
        Self {
            space_pointer: space.as_ref().map_or(SPACES[0], |(_, pointer)| pointer),
            space: space.map(|(key, _)| key),
            version: version.and_then(|version| version.get("number").unwrap_or(version).as_i64()),
            modified: version
                .and_then(|version| time(version, "when"))
                .or_else(|| node.get("modificationDate").and_then(Node::as_i64)),
            title: text(node, "title"),
            creator_pointer: creator.as_ref().map_or(CREATORS[0], |(_, pointer)| pointer),
            creator: creator.map(|(account, _)| account),
        }
    }
}

impl Id {
    /// Reads the `id` of an object.
    fn read(node: &Node<'_>) -> Option<Self> {
        match &node.get("id")?.value {
            Value::Number(number) => Some(match number::to_i64(number) {
                Some(integer) => Self::Number(integer),
                None => Self::Text((*number).into()),
            }),
            // `007` is not `7`: only a canonical number in a string equals the number.
            Value::String(text) => Some(match text.parse::<i64>() {
                Ok(integer) if integer.to_string() == *text => Self::Number(integer),
                _ => Self::Text(text.as_ref().into()),
            }),
            _ => None,
        }
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => text.fmt(f),
        }
    }
}

/// Returns the value at the first JSON Pointer that the body has. Senders use different pointers.
fn first_present<'n, 'a>(body: &'n Node<'a>, pointers: &[&'static str]) -> Option<(&'n Node<'a>, &'static str)> {
    pointers.iter().find_map(|pointer| Some((body.at(pointer)?, *pointer)))
}

/// Returns the text of a member. Accepts a number too, because a wrong type is a finding elsewhere.
fn text(node: &Node<'_>, key: &str) -> Option<String> {
    node_text(node.get(key)?)
}

fn node_text(node: &Node<'_>) -> Option<String> {
    match &node.value {
        Value::String(text) => Some(text.to_string()),
        Value::Number(number) => Some((*number).to_owned()),
        _ => None,
    }
}

/// Returns an RFC 3339 time, in milliseconds since the Unix epoch.
fn time(node: &Node<'_>, key: &str) -> Option<i64> {
    let time: Timestamp = text(node, key)?.parse().ok()?;
    Some(time.as_millisecond())
}
