//! Bodies of Confluence Cloud, as captured.
//!
//! They have no `event`, versions are numbers, and they contain whole pages where the published document has references. The type
//! of ids depends on the era, and the order of keys differs between deliveries.

use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use crate::models::event::{Action, Entity};
use crate::models::snapshot::{Attachment, Comment, Content, Era, IdType, Label, ObjectMeta, Snapshot, Space, Subject};

use crate::profiles::profile::BodyType;

/// The types of bodies.
pub(super) const FORMS: &[BodyType] = &[
    BodyType::new("PageEvent", Entity::Page, "page"),
    BodyType::new("SpaceEvent", Entity::Space, "space"),
    BodyType::new("CommentEvent", Entity::Comment, "comment"),
    BodyType::new("AttachmentEvent", Entity::Attachment, "attachments"),
    BodyType::new("LabelEvent", Entity::Label, "label"),
    BodyType::new("BlogPostEvent", Entity::BlogPost, "blog"),
];

/// The top-level keys, in the captured orders. The key of the payload depends on the entity.
#[rustfmt::skip]
const BODY_KEYS: [[&str; 6]; ORDERS] = [
    ["timestamp", "userAccountId", "accountType", "updateTrigger", "suppressNotifications", "payload"],
    ["userAccountId", "accountType", "payload", "updateTrigger", "suppressNotifications", "timestamp"],
    ["payload", "updateTrigger", "suppressNotifications", "timestamp", "accountType", "userAccountId"],
];

/// The keys of pages, blog posts and comments, in the captured orders.
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

/// The characters that Confluence percent-encodes in a title in a URL. It writes spaces as `+`.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b' ');

/// Writes a body on one line.
pub(super) fn write(snapshot: &Snapshot<'_>, bytes: &mut Vec<u8>) {
    let mut body = Object::new(bytes);
    let is_page_update = snapshot.kind.entity() == Entity::Page && snapshot.kind.action() == Action::Updated;
    let version = match snapshot.subject {
        Subject::Content(page) if is_page_update => Some(&page.meta.version),
        _ => None,
    };
    for key in BODY_KEYS[order(snapshot)] {
        match (key, version) {
            ("timestamp", _) => body.member(key, snapshot.timestamp),
            ("userAccountId", _) => body.member(key, &snapshot.actor.account_id),
            ("accountType", _) => body.member(key, "customer"),
            ("payload", _) => write_payload(snapshot, &mut body),
            ("updateTrigger", Some(version)) => {
                // Some updates are made outside the editor.
                let is_edit = !version.number.is_multiple_of(9);
                body.member(key, if is_edit { "edit_page" } else { "unknown" });
            }
            ("suppressNotifications", Some(version)) if snapshot.era == Era::Of2026 => {
                body.member(key, version.is_minor);
            }
            _ => {}
        }
    }
    body.end();
}

fn write_payload(snapshot: &Snapshot<'_>, body: &mut Object<'_>) {
    let payload = body.key(BodyType::of(FORMS, snapshot.kind).map_or("", |form| form.key));
    match snapshot.subject {
        Subject::Content(content) => write_content(snapshot, content, payload),
        Subject::Space(space) => write_space(snapshot, space, payload),
        Subject::Comment(comment, content) => write_comment(snapshot, comment, content, payload),
        Subject::Attachment(attachment, content) => {
            payload.push(b'[');
            write_attachment(snapshot, attachment, content, payload);
            payload.push(b']');
            write_content(snapshot, content, body.key("attachedTo"));
        }
        Subject::Label(label, content) => {
            write_label(snapshot, label, payload);
            write_content(snapshot, content, body.key("labeled"));
        }
        Subject::Moved { content, .. } | Subject::Reordered { parent: content, .. } | Subject::Copied(content, _) => {
            write_content(snapshot, content, payload);
        }
        // The catalogue has no events with other subjects.
        _ => payload.extend_from_slice(b"{}"),
    }
}

fn write_content(snapshot: &Snapshot<'_>, content: &Content, bytes: &mut Vec<u8>) {
    let mut object = Object::new(bytes);
    for key in CONTENT_KEYS[order(snapshot)] {
        match key {
            "title" => object.member(key, &content.title),
            "contentType" => object.member(key, if content.entity == Entity::Page { "page" } else { "blogpost" }),
            "self" => object.content_address(snapshot, content, ""),
            _ => object.common_member(key, snapshot, &content.meta),
        }
    }
    if snapshot.kind.entity() == Entity::Label {
        let labels: Vec<_> = content.labels.iter().map(|name| LabelName { name }).collect();
        object.member("labels", labels);
    }
    object.end();
}

fn write_comment(snapshot: &Snapshot<'_>, comment: &Comment, content: &Content, bytes: &mut Vec<u8>) {
    let mut object = Object::new(bytes);
    for key in CONTENT_KEYS[order(snapshot)] {
        match key {
            // A comment has its parent instead of a title.
            "title" => write_content(snapshot, content, object.key("parent")),
            "contentType" => object.member(key, "comment"),
            "self" => {
                object.content_address(snapshot, content, &format!("?focusedCommentId={}", comment.meta.id));
            }
            _ => object.common_member(key, snapshot, &comment.meta),
        }
    }
    if let Some(id) = comment.in_reply_to {
        write_reference(snapshot, id, object.key("inReplyTo"));
    }
    object.end();
}

fn write_attachment(snapshot: &Snapshot<'_>, attachment: &Attachment, content: &Content, bytes: &mut Vec<u8>) {
    let mut object = Object::new(bytes);
    let meta = &attachment.meta;
    object.common_member("id", snapshot, meta);
    object.member("fileName", &attachment.name);
    object.common_member("version", snapshot, meta);
    object.member("comment", meta.version.message);
    object.member("fileSize", attachment.size);
    for key in ["creatorAccountId", "creationDate", "lastModifierAccountId", "modificationDate"] {
        object.common_member(key, snapshot, meta);
    }
    let id = content.meta.id.to_string();
    object.address(&[snapshot.site, "/download/attachments/", &id, "/"], &attachment.name, "");
    object.end();
}

fn write_label(snapshot: &Snapshot<'_>, label: &Label, bytes: &mut Vec<u8>) {
    let mut object = Object::new(bytes);
    object.member("name", &label.name);
    object.member("title", &label.name);
    object.address(&[snapshot.site, "/label/"], &label.name, "");
    object.member("ownerAccountId", &label.owner.account_id);
    object.end();
}

fn write_space(snapshot: &Snapshot<'_>, space: &Space, bytes: &mut Vec<u8>) {
    let mut object = Object::new(bytes);
    // All captured spaces have an integer id.
    match snapshot.options.id_type {
        Some(IdType::String) => object.number_in_quotes("id", space.id),
        _ => object.member("id", space.id),
    }
    object.member("key", &space.key);
    object.member("title", &space.name);
    object.member("description", &space.description);
    object.member("isPersonalSpace", space.is_personal);
    object.member("self", [snapshot.site, "/spaces/", &space.key].concat());
    write_reference(snapshot, space.home_page_id, object.key("homePage"));
    object.member("creatorAccountId", &space.creator.account_id);
    object.member("creationDate", space.created);
    object.member("lastModifierAccountId", &space.modifier.account_id);
    object.member("modificationDate", space.modified);
    object.end();
}

/// Writes an object that has only an id.
fn write_reference(snapshot: &Snapshot<'_>, id: i64, bytes: &mut Vec<u8>) {
    let mut object = Object::new(bytes);
    object.id(snapshot, id);
    object.end();
}

#[derive(Serialize)]
struct LabelName<'a> {
    name: &'a str,
}

/// Writes a JSON object with at least one member. Keys and URLs, most of a body, need no escapes. With serde, which checks every
/// character, writing a body takes 50 % longer.
struct Object<'b> {
    bytes: &'b mut Vec<u8>,
    /// The separator before the next key.
    separator: u8,
}

impl<'b> Object<'b> {
    const fn new(bytes: &'b mut Vec<u8>) -> Self {
        Self { bytes, separator: b'{' }
    }

    fn end(self) {
        self.bytes.push(b'}');
    }

    /// Writes a key. The caller must write the value to the returned buffer.
    fn key(&mut self, key: &str) -> &mut Vec<u8> {
        self.bytes.extend([self.separator, b'"']);
        self.bytes.extend_from_slice(key.as_bytes());
        self.bytes.extend(*b"\":");
        self.separator = b',';
        self.bytes
    }

    fn member(&mut self, key: &str, value: impl Serialize) {
        serde_json::to_writer(self.key(key), &value).expect("a value is JSON");
    }

    /// Writes an id. Its type depends on the era unless the options set it.
    fn id(&mut self, snapshot: &Snapshot<'_>, id: i64) {
        let of_era = if snapshot.era == Era::Of2026 { IdType::String } else { IdType::Integer };
        match snapshot.options.id_type.unwrap_or(of_era) {
            IdType::String => self.number_in_quotes("id", id),
            IdType::Integer => self.member("id", id),
        }
    }

    fn number_in_quotes(&mut self, key: &str, number: i64) {
        self.key(key).push(b'"');
        serde_json::to_writer(&mut *self.bytes, &number).expect("a number is JSON");
        self.bytes.push(b'"');
    }

    /// Writes a member that content, comments and attachments share.
    fn common_member(&mut self, key: &str, snapshot: &Snapshot<'_>, meta: &ObjectMeta) {
        let is_newer = snapshot.era >= Era::Of2024;
        match key {
            "id" => self.id(snapshot, meta.id),
            "idAsString" if is_newer => self.number_in_quotes(key, meta.id),
            "spaceKey" => self.member(key, &snapshot.space.key),
            "spaceId" if is_newer => self.member(key, snapshot.space.id),
            "version" => self.member(key, meta.version.number),
            "creatorAccountId" => self.member(key, &meta.creator.account_id),
            "creationDate" => self.member(key, meta.created),
            "lastModifierAccountId" => self.member(key, &meta.version.by.account_id),
            "modificationDate" => self.member(key, meta.version.when),
            _ => {}
        }
    }

    /// Writes the URL of content, which contains its title.
    fn content_address(&mut self, snapshot: &Snapshot<'_>, content: &Content, query: &str) {
        let date;
        let folder = if content.entity == Entity::Page {
            "/pages/"
        } else {
            let created = Timestamp::from_millisecond(content.meta.created).unwrap_or_default();
            date = created.strftime("/blog/%Y/%m/%d/").to_string();
            &date
        };
        let id = content.meta.id.to_string();
        let start = [snapshot.site, "/spaces/", &snapshot.space.key, folder, &id, "/"];
        self.address(&start, &content.title, query);
    }

    /// Writes a URL with a title before its query.
    fn address(&mut self, start: &[&str], title: &str, query: &str) {
        let bytes = self.key("self");
        bytes.push(b'"');
        let from = bytes.len();
        for piece in start.iter().copied().chain(utf8_percent_encode(title, ENCODED)).chain([query]) {
            bytes.extend_from_slice(piece.as_bytes());
        }
        // The loop has no branch, so the compiler can vectorize it.
        for byte in &mut bytes[from..] {
            *byte = if *byte == b' ' { b'+' } else { *byte };
        }
        bytes.push(b'"');
    }
}

fn order(snapshot: &Snapshot<'_>) -> usize {
    usize::from(snapshot.variation) % ORDERS
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
        let mut bytes = Vec::new();
        Object::new(&mut bytes).address(&["https://example.com/"], "1:1 Ana / Zoë+", "?a=b");
        assert_eq!(bytes, br#"{"self":"https://example.com/1%3A1+Ana+%2F+Zo%C3%AB%2B?a=b""#);
    }
}
