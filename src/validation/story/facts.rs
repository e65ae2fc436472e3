//! What a body says about its story, in the shape of any sender.

use std::fmt;

use jiff::Timestamp;

use crate::json::{Node, Value, number};
use crate::models::event::{Action, Entity, EventKind};

/// An id. A number and the same number in quotes are one id, however the number is written.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Id {
    Number(i64),
    Text(Box<str>),
}

/// What one body says about its story.
#[derive(Clone, Debug)]
pub struct Facts {
    pub(super) kind: EventKind,
    /// When the event happened, in milliseconds since the Unix epoch.
    pub(super) timestamp: Option<i64>,
    pub(super) about: About,
    pub(super) details: Details,
    /// A JSON Pointer to the payload.
    pub(super) pointer: &'static str,
}

/// What an event is about, and where that is.
#[derive(Clone, Debug)]
pub(super) enum About {
    Space {
        id: Id,
        key: String,
    },
    /// A page or a blog post; [`Details::space`] is known.
    Content {
        id: Id,
    },
    /// A comment or an attachment.
    Item {
        id: Id,
        container: Container,
        in_reply_to: Option<Id>,
    },
    Label {
        name: String,
        prefix: Option<String>,
        container: Container,
    },
    /// Something that stories do not follow: an account, a search.
    Other,
}

/// What an item or a label is on: a page or a blog post. In the published document, a reply is on a comment.
#[derive(Clone, Debug)]
pub(super) struct Container {
    pub(super) id: Id,
    pub(super) details: Details,
    /// A JSON Pointer to it.
    pub(super) pointer: &'static str,
}

/// What a body says about a page, a comment and so on. Each body has some of these.
#[derive(Clone, Debug, Default)]
pub(super) struct Details {
    /// The key of the space.
    pub(super) space: Option<String>,
    pub(super) version: Option<i64>,
    /// When the version was created, in milliseconds since the Unix epoch.
    pub(super) modified: Option<i64>,
    pub(super) title: Option<String>,
    pub(super) creator: Option<String>,
}

impl Facts {
    /// Reads the body of an event; `None` if the body does not identify what the event is about and where that is.
    pub fn read(kind: EventKind, body: &Node<'_>) -> Option<Self> {
        let (payloads, containers): (&[_], &[_]) = match (kind.entity(), kind.action()) {
            (_, Action::PermissionsUpdated | Action::Viewed | Action::Liked | Action::LogoUpdated) => (&[], &[]),
            (Entity::Page, _) => (&["/page", "/content"], &[]),
            (Entity::BlogPost, _) => (&["/blog", "/blogPost", "/content"], &[]),
            (Entity::Space, _) => (&["/space"], &[]),
            (Entity::Comment, _) => {
                (&["/comment", "/content"], &["/comment/parent", "/comment/container", "/content/container"])
            }
            (Entity::Attachment, _) => (&["/attachments/0", "/attachment"], &["/attachedTo", "/attachment/container"]),
            (Entity::Label, _) => (&["/label"], &["/labeled", "/associatedContent", "/content"]),
            _ => (&[], &[]),
        };
        let timestamp = body.get("timestamp").and_then(Node::as_i64);
        if payloads.is_empty() {
            return Some(Self { kind, timestamp, about: About::Other, details: Details::default(), pointer: "" });
        }
        let (payload, pointer) = first_present(body, payloads)?;
        let container = || {
            let (container, pointer) = first_present(body, containers)?;
            Some(Container { id: Id::read(container)?, details: Details::read(container), pointer })
        };
        let details = Details::read(payload);
        let about = match kind.entity() {
            Entity::Space => About::Space { id: Id::read(payload)?, key: text(payload, "key")? },
            Entity::Comment | Entity::Attachment => About::Item {
                id: Id::read(payload)?,
                container: container()?,
                in_reply_to: payload.get("inReplyTo").and_then(Id::read),
            },
            Entity::Label => {
                About::Label { name: text(payload, "name")?, prefix: text(payload, "prefix"), container: container()? }
            }
            _ => About::Content { id: Id::read(payload)? },
        };
        Some(Self { kind, timestamp, about, details, pointer })
    }
}

impl Details {
    fn read(node: &Node<'_>) -> Self {
        let version = node.get("version");
        let modified = version.and_then(|version| text(version, "when")?.parse::<Timestamp>().ok());
        Self {
            space: text(node, "spaceKey"),
            version: version.and_then(|version| version.get("number").unwrap_or(version).as_i64()),
            modified: match modified {
                Some(modified) => Some(modified.as_millisecond()),
                None => node.get("modificationDate").and_then(Node::as_i64),
            },
            title: text(node, "title"),
            creator: text(node, "creatorAccountId"),
        }
    }
}

impl Id {
    /// The `id` of an object.
    fn read(node: &Node<'_>) -> Option<Self> {
        match &node.get("id")?.value {
            Value::Number(number) => Some(match number::to_i64(number) {
                Some(integer) => Self::Number(integer),
                None => Self::Text((*number).into()),
            }),
            // `007` is not `7`, so only text that is written as a number would be is one.
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

/// The value at the first of these JSON Pointers that the body has. Senders use different ones.
fn first_present<'n, 'a>(body: &'n Node<'a>, pointers: &[&'static str]) -> Option<(&'n Node<'a>, &'static str)> {
    pointers.iter().find_map(|pointer| Some((body.at(pointer)?, *pointer)))
}

/// The text of a member. A number in its place is a finding, and still says what it says.
fn text(node: &Node<'_>, key: &str) -> Option<String> {
    match &node.get(key)?.value {
        Value::String(text) => Some(text.to_string()),
        Value::Number(number) => Some((*number).to_owned()),
        _ => None,
    }
}
