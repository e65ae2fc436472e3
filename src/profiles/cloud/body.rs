//! Bodies as Confluence Cloud was seen to send them: no `event`, versions that are numbers, whole pages where the
//! published document has a reference, ids with a type that depends on the era, and keys in an order that changes from
//! delivery to delivery.

use std::borrow::Cow;

use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::models::event::{Action, Entity};
use crate::models::snapshot::{Attachment, Comment, Content, Era, Label, ObjectMeta, Snapshot, Space, Subject};

/// The key of the payload, in the order of [`Entity::ALL`].
pub(super) const PAYLOAD_KEYS: [&str; Entity::ALL.len()] = ["page", "space", "comment", "attachments", "label", "blog"];

/// The keys at the top of a body, in the orders that occur. The payload has another key for each entity.
#[rustfmt::skip]
const BODY_KEYS: [[&str; 6]; ORDERS] = [
    ["timestamp", "userAccountId", "accountType", "updateTrigger", "suppressNotifications", "payload"],
    ["userAccountId", "accountType", "payload", "updateTrigger", "suppressNotifications", "timestamp"],
    ["payload", "updateTrigger", "suppressNotifications", "timestamp", "accountType", "userAccountId"],
];

/// The keys of pages, blog posts and comments, in the orders that occur.
#[rustfmt::skip]
const CONTENT_KEYS: [[&str; 12]; ORDERS] = [
    ["id", "idAsString", "title", "contentType", "spaceKey", "spaceId", "version",
     "creatorAccountId", "creationDate", "lastModifierAccountId", "modificationDate", "self"],
    ["spaceKey", "spaceId", "modificationDate", "lastModifierAccountId", "creatorAccountId", "creationDate",
     "title", "version", "contentType", "self", "id", "idAsString"],
    ["creatorAccountId", "spaceKey", "modificationDate", "lastModifierAccountId", "self", "id",
     "title", "creationDate", "contentType", "version", "idAsString", "spaceId"],
];

const ORDERS: usize = 3;

/// What Confluence percent-encodes when it puts a title into an address. It writes spaces as `+`.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b' ');

/// Writes the body of an event on one line.
pub(super) fn write(snapshot: &Snapshot<'_>, bytes: &mut Vec<u8>) {
    serde_json::to_writer(bytes, &Part(snapshot, ())).expect("a body is JSON");
}

/// A part of the body of an event; `()` stands for all of it.
struct Part<'a, T>(&'a Snapshot<'a>, T);

impl Serialize for Part<'_, ()> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let snapshot = self.0;
        let mut body = serializer.serialize_map(None)?;
        let is_page_update = snapshot.kind.entity() == Entity::Page && snapshot.kind.action() == Action::Updated;
        let version = match snapshot.subject {
            Subject::Content(page) if is_page_update => Some(&page.meta.version),
            _ => None,
        };
        for key in BODY_KEYS[order(snapshot)] {
            match (key, version) {
                ("timestamp", _) => body.serialize_entry(key, &snapshot.timestamp)?,
                ("userAccountId", _) => body.serialize_entry(key, &snapshot.actor.account_id)?,
                ("accountType", _) => body.serialize_entry(key, "customer")?,
                ("payload", _) => payload(snapshot, &mut body)?,
                ("updateTrigger", Some(version)) => {
                    // Not every update is made in the editor.
                    let is_edit = !version.number.is_multiple_of(9);
                    body.serialize_entry(key, if is_edit { "edit_page" } else { "unknown" })?;
                }
                ("suppressNotifications", Some(version)) if snapshot.era == Era::Of2026 => {
                    body.serialize_entry(key, &version.is_minor)?;
                }
                _ => {}
            }
        }
        body.end()
    }
}

fn payload<M: SerializeMap>(snapshot: &Snapshot<'_>, body: &mut M) -> Result<(), M::Error> {
    let key = PAYLOAD_KEYS[snapshot.kind.entity() as usize];
    match snapshot.subject {
        Subject::Content(content) => body.serialize_entry(key, &Part(snapshot, content)),
        Subject::Space(space) => body.serialize_entry(key, &Part(snapshot, space)),
        Subject::Comment(comment, content) => body.serialize_entry(key, &Part(snapshot, (comment, content))),
        Subject::Attachment(attachment, content) => {
            body.serialize_entry(key, &[Part(snapshot, (attachment, content))])?;
            body.serialize_entry("attachedTo", &Part(snapshot, content))
        }
        Subject::Label(label, content) => {
            body.serialize_entry(key, &Part(snapshot, label))?;
            body.serialize_entry("labeled", &Part(snapshot, content))
        }
    }
}

impl Serialize for Part<'_, &Content> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(snapshot, content) = *self;
        let mut object = serializer.serialize_map(None)?;
        for key in CONTENT_KEYS[order(snapshot)] {
            match key {
                "title" => object.serialize_entry(key, &content.title)?,
                "contentType" => {
                    object.serialize_entry(key, if content.entity == Entity::Page { "page" } else { "blogpost" })?;
                }
                "self" => object.serialize_entry(key, &address(snapshot, content))?,
                _ => common_entry(snapshot, key, &content.meta, &mut object)?,
            }
        }
        if snapshot.kind.entity() == Entity::Label {
            let labels: Vec<_> = content.labels.iter().map(|name| LabelName { name }).collect();
            object.serialize_entry("labels", &labels)?;
        }
        object.end()
    }
}

impl Serialize for Part<'_, (&Comment, &Content)> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(snapshot, (comment, content)) = *self;
        let mut object = serializer.serialize_map(None)?;
        for key in CONTENT_KEYS[order(snapshot)] {
            match key {
                // A comment has no title; its parent stands there.
                "title" => object.serialize_entry("parent", &Part(snapshot, content))?,
                "contentType" => object.serialize_entry(key, "comment")?,
                "self" => {
                    let address = format!("{}?focusedCommentId={}", address(snapshot, content), comment.meta.id);
                    object.serialize_entry(key, &address)?;
                }
                _ => common_entry(snapshot, key, &comment.meta, &mut object)?,
            }
        }
        if let Some(id) = comment.in_reply_to {
            object.serialize_entry("inReplyTo", &IdOnly::new(snapshot, id))?;
        }
        object.end()
    }
}

impl Serialize for Part<'_, (&Attachment, &Content)> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(snapshot, (attachment, content)) = *self;
        let mut object = serializer.serialize_map(None)?;
        let meta = &attachment.meta;
        common_entry(snapshot, "id", meta, &mut object)?;
        object.serialize_entry("fileName", &attachment.name)?;
        common_entry(snapshot, "version", meta, &mut object)?;
        object.serialize_entry("comment", meta.version.message)?;
        object.serialize_entry("fileSize", &attachment.size)?;
        for key in ["creatorAccountId", "creationDate", "lastModifierAccountId", "modificationDate"] {
            common_entry(snapshot, key, meta, &mut object)?;
        }
        let name = path_segment(&attachment.name);
        let address = format!("{}/download/attachments/{}/{name}", snapshot.site, content.meta.id);
        object.serialize_entry("self", &address)?;
        object.end()
    }
}

impl Serialize for Part<'_, &Label> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(snapshot, label) = *self;
        let mut object = serializer.serialize_map(None)?;
        object.serialize_entry("name", &label.name)?;
        object.serialize_entry("title", &label.name)?;
        object.serialize_entry("self", &format!("{}/label/{}", snapshot.site, path_segment(&label.name)))?;
        object.serialize_entry("ownerAccountId", &label.owner.account_id)?;
        object.end()
    }
}

impl Serialize for Part<'_, &Space> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(snapshot, space) = *self;
        let mut object = serializer.serialize_map(None)?;
        object.serialize_entry("id", &space.id)?;
        object.serialize_entry("key", &space.key)?;
        object.serialize_entry("title", &space.name)?;
        object.serialize_entry("description", &space.description)?;
        object.serialize_entry("isPersonalSpace", &space.is_personal)?;
        object.serialize_entry("self", &format!("{}/spaces/{}", snapshot.site, space.key))?;
        object.serialize_entry("homePage", &IdOnly::new(snapshot, space.home_page_id))?;
        object.serialize_entry("creatorAccountId", &space.creator.account_id)?;
        object.serialize_entry("creationDate", &space.created)?;
        object.serialize_entry("lastModifierAccountId", &space.modifier.account_id)?;
        object.serialize_entry("modificationDate", &space.modified)?;
        object.end()
    }
}

/// Writes what content, comments and attachments have in common.
fn common_entry<M: SerializeMap>(
    snapshot: &Snapshot<'_>,
    key: &str,
    meta: &ObjectMeta,
    object: &mut M,
) -> Result<(), M::Error> {
    let is_newer = snapshot.era >= Era::Of2024;
    match key {
        "id" => object.serialize_entry(key, &Id::new(snapshot, meta.id)),
        "idAsString" if is_newer => object.serialize_entry(key, &meta.id.to_string()),
        "spaceKey" => object.serialize_entry(key, &snapshot.space.key),
        "spaceId" if is_newer => object.serialize_entry(key, &snapshot.space.id),
        "version" => object.serialize_entry(key, &meta.version.number),
        "creatorAccountId" => object.serialize_entry(key, &meta.creator.account_id),
        "creationDate" => object.serialize_entry(key, &meta.created),
        "lastModifierAccountId" => object.serialize_entry(key, &meta.version.by.account_id),
        "modificationDate" => object.serialize_entry(key, &meta.version.when),
        _ => Ok(()),
    }
}

/// An id: the type depends on the era.
#[derive(Serialize)]
#[serde(untagged)]
enum Id {
    Number(i64),
    Text(String),
}

#[derive(Serialize)]
struct IdOnly {
    id: Id,
}

#[derive(Serialize)]
struct LabelName<'a> {
    name: &'a str,
}

impl Id {
    fn new(snapshot: &Snapshot<'_>, id: i64) -> Self {
        if snapshot.era == Era::Of2026 { Self::Text(id.to_string()) } else { Self::Number(id) }
    }
}

impl IdOnly {
    fn new(snapshot: &Snapshot<'_>, id: i64) -> Self {
        Self { id: Id::new(snapshot, id) }
    }
}

fn order(snapshot: &Snapshot<'_>) -> usize {
    usize::from(snapshot.variation) % ORDERS
}

/// Returns the web address of content, which has its title in it.
fn address(snapshot: &Snapshot<'_>, content: &Content) -> String {
    let folder = if content.entity == Entity::Page {
        Cow::Borrowed("pages")
    } else {
        let created = Timestamp::from_millisecond(content.meta.created).unwrap_or_default();
        created.strftime("blog/%Y/%m/%d").to_string().into()
    };
    let (key, id, title) = (&snapshot.space.key, content.meta.id.to_string(), path_segment(&content.title));
    [snapshot.site, "/spaces/", key, "/", &folder, "/", &id, "/", &title].concat()
}

fn path_segment(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string().replace(' ', "+")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_has_the_same_keys() {
        fn sorted<const N: usize>(mut keys: [&str; N]) -> [&str; N] {
            keys.sort_unstable();
            keys
        }
        for order in 1..ORDERS {
            assert_eq!(sorted(BODY_KEYS[order]), sorted(BODY_KEYS[0]));
            assert_eq!(sorted(CONTENT_KEYS[order]), sorted(CONTENT_KEYS[0]));
        }
    }

    #[test]
    fn spaces_in_an_address_are_plus_signs() {
        assert_eq!(path_segment("1:1 Ana / Zoë+"), "1%3A1+Ana+%2F+Zo%C3%AB%2B");
    }
}
