//! What a body tells of a story, in either profile: which thing, its version, where it is, who made it.

use jiff::Timestamp;
use serde::Deserialize;

use crate::models::event::{Entity, EventKind};

/// An id as a body has it; a number and the same number in quotes are one id.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Id {
    Number(u64),
    Text(Box<str>),
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Number(u64),
            Text(Box<str>),
        }
        Ok(match Written::deserialize(deserializer)? {
            Written::Number(number) => Self::Number(number),
            // `007` is not `7`, so only what is written as a number would be is one.
            Written::Text(text) => match text.parse() {
                Ok(number) if !text.starts_with(['0', '+']) => Self::Number(number),
                _ => Self::Text(text),
            },
        })
    }
}

impl std::fmt::Display for Id {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => text.fmt(f),
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Body {
    timestamp: Option<i64>,
    page: Option<Payload>,
    blog_post: Option<Payload>,
    blog: Option<Payload>,
    space: Option<Payload>,
    comment: Option<Payload>,
    attachment: Option<Payload>,
    attachments: Vec<Payload>,
    label: Option<Payload>,
    associated_content: Option<Box<Payload>>,
    labeled: Option<Box<Payload>>,
    attached_to: Option<Box<Payload>>,
}

/// Any payload; each has some of these.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Payload {
    pub(super) id: Option<Id>,
    pub(super) key: Option<String>,
    pub(super) name: Option<String>,
    pub(super) prefix: Option<String>,
    pub(super) title: Option<String>,
    pub(super) space_key: Option<String>,
    pub(super) creator_account_id: Option<String>,
    version: Option<Version>,
    modification_date: Option<i64>,
    container: Option<Box<Payload>>,
    parent: Option<Box<Payload>>,
    in_reply_to: Option<Box<Payload>>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Version {
    Number(i64),
    Whole { number: Option<i64>, when: Option<String> },
}

/// One body's part in a story.
#[derive(Debug)]
pub struct Facts {
    pub(super) kind: EventKind,
    /// When it happened, in milliseconds since the Unix epoch.
    pub(super) now: Option<i64>,
    pub(super) thing: Payload,
    /// What the thing is on: a page, a blog post, or of a reply in the document's shape, a comment.
    pub(super) on: Option<Payload>,
    /// The comment that a reply answers, where the body says so beside what it is on.
    pub(super) answers: Option<Id>,
    /// Where the thing stands in the body, as a JSON Pointer.
    pub(super) at: &'static str,
    /// Where stands what it is on.
    pub(super) on_at: &'static str,
}

impl Facts {
    /// Reads a body about this event; `None` where it does not tell which thing it is about.
    #[must_use]
    pub fn read(kind: EventKind, body: &[u8]) -> Option<Self> {
        let body: Body = serde_json::from_slice(body).ok()?;
        // Where the two profiles differ, the shape of Cloud's stands first.
        let (mut thing, at) = match kind.entity() {
            Entity::Page => (body.page?, "/page"),
            Entity::BlogPost => either(body.blog, "/blog", body.blog_post, "/blogPost")?,
            Entity::Space => (body.space?, "/space"),
            Entity::Comment => (body.comment?, "/comment"),
            Entity::Attachment => {
                either(body.attachments.into_iter().next(), "/attachments/0", body.attachment, "/attachment")?
            }
            Entity::Label => (body.label?, "/label"),
        };
        let on = match kind.entity() {
            Entity::Page | Entity::BlogPost | Entity::Space => None,
            Entity::Comment => {
                either(thing.parent.take(), "/comment/parent", thing.container.take(), "/comment/container")
            }
            Entity::Attachment => {
                either(body.attached_to, "/attachedTo", thing.container.take(), "/attachment/container")
            }
            Entity::Label => either(body.labeled, "/labeled", body.associated_content, "/associatedContent"),
        };
        let (on, on_at) = on.map_or((None, ""), |(on, on_at)| (Some(*on), on_at));
        let answers = thing.in_reply_to.take().and_then(|answered| answered.id);
        let facts = Self { kind, now: body.timestamp, thing, on, answers, at, on_at };
        facts.is_placed().then_some(facts)
    }

    /// Does it tell which thing it is about, and what that is on?
    fn is_placed(&self) -> bool {
        let on_something = self.on.as_ref().is_some_and(|on| on.id.is_some());
        match self.kind.entity() {
            Entity::Page | Entity::BlogPost => self.thing.id.is_some() && self.thing.space_key.is_some(),
            Entity::Space => self.thing.id.is_some() && self.thing.key.is_some(),
            Entity::Comment | Entity::Attachment => self.thing.id.is_some() && on_something,
            Entity::Label => self.thing.name.is_some() && on_something,
        }
    }
}

/// The one of two shapes that is there, and where it stands.
fn either<T>(
    observed: Option<T>,
    at: &'static str,
    published: Option<T>,
    otherwise_at: &'static str,
) -> Option<(T, &'static str)> {
    observed.map(|thing| (thing, at)).or_else(|| published.map(|thing| (thing, otherwise_at)))
}

impl Payload {
    pub(super) fn version(&self) -> Option<i64> {
        match &self.version {
            Some(Version::Number(number)) => Some(*number),
            Some(Version::Whole { number, .. }) => *number,
            None => None,
        }
    }

    /// When the version was made, in milliseconds since the Unix epoch.
    pub(super) fn when(&self) -> Option<i64> {
        match &self.version {
            Some(Version::Whole { when: Some(when), .. }) => Some(when.parse::<Timestamp>().ok()?.as_millisecond()),
            _ => self.modification_date,
        }
    }
}
