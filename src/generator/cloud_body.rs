//! Facts in the shapes that Confluence Cloud was seen to send: no `event`, versions that are numbers, whole pages where the
//! document has a reference, ids whose type depends on the year. A site stays in its era; the order of the keys changes
//! from delivery to delivery.

use crate::models::event::{Action, Entity};
use crate::profiles::cloud;

use super::entities::{Attachment, Comment, Content, ContentType, Item, Label, Space};
use super::json_writer::Writer;
use super::site::Era;
use super::snapshot::{ORDERS, Snapshot, Subject};

/// What stands at the top of a body.
#[derive(Clone, Copy)]
enum Top {
    Timestamp,
    Account,
    AccountType,
    Trigger,
    Suppress,
    Payload,
}

const TOP: [[Top; 6]; ORDERS] = [
    [Top::Timestamp, Top::Account, Top::AccountType, Top::Trigger, Top::Suppress, Top::Payload],
    [Top::Account, Top::AccountType, Top::Payload, Top::Trigger, Top::Suppress, Top::Timestamp],
    [Top::Payload, Top::Trigger, Top::Suppress, Top::Timestamp, Top::AccountType, Top::Account],
];

/// What pages, blog posts and comments have; a comment has no title.
#[derive(Clone, Copy)]
enum Field {
    Id,
    IdAsString,
    ContentType,
    Title,
    SpaceKey,
    SpaceId,
    Version,
    Creator,
    Created,
    Modifier,
    Modified,
    Address,
}

const FIELDS: [[Field; 12]; ORDERS] = {
    use Field as F;
    #[rustfmt::skip]
    let orders = [
        [F::Id, F::IdAsString, F::Title, F::ContentType, F::SpaceKey, F::SpaceId,
         F::Version, F::Creator, F::Created, F::Modifier, F::Modified, F::Address],
        [F::SpaceKey, F::SpaceId, F::Modified, F::Modifier, F::Creator, F::Created,
         F::Title, F::Version, F::ContentType, F::Address, F::Id, F::IdAsString],
        [F::Creator, F::SpaceKey, F::Modified, F::Modifier, F::Address, F::Id,
         F::Title, F::Created, F::ContentType, F::Version, F::IdAsString, F::SpaceId],
    ];
    orders
};

/// An object in the making.
struct Object<'w, 'b> {
    writer: &'w mut Writer<'b>,
    first: bool,
}

impl<'w, 'b> Object<'w, 'b> {
    fn begin(writer: &'w mut Writer<'b>) -> Self {
        writer.raw("{");
        Self { writer, first: true }
    }

    /// Writes a key; its value is to follow.
    fn key(&mut self, key: &str) -> &mut Writer<'b> {
        self.writer.raw(if self.first { "\"" } else { ",\"" }).raw(key).raw("\":");
        self.first = false;
        self.writer
    }

    fn end(self) {
        self.writer.raw("}");
    }
}

/// Writes the body, on one line.
pub(super) fn write(snapshot: &Snapshot<'_>, bytes: &mut Vec<u8>) {
    let mut writer = Writer(bytes);
    let mut body = Object::begin(&mut writer);
    let is_update = snapshot.kind.entity() == Entity::Page && snapshot.kind.action() == Action::Updated;
    for part in TOP[snapshot.order] {
        match part {
            Top::Timestamp => _ = body.key("timestamp").number(snapshot.now),
            Top::Account => _ = body.key("userAccountId").string(&snapshot.actor().account_id),
            Top::AccountType => _ = body.key("accountType").string("customer"),
            Top::Trigger if is_update => _ = body.key("updateTrigger").string(trigger(snapshot)),
            Top::Suppress if is_update && snapshot.world.era == Era::Third => {
                // Who calls an edit minor wants nobody told of it.
                let minor = matches!(snapshot.subject, Subject::Content(page) if page.item.version.minor);
                body.key("suppressNotifications").boolean(minor);
            }
            Top::Trigger | Top::Suppress => {}
            Top::Payload => write_payload(snapshot, &mut body),
        }
    }
    body.end();
}

/// Not every update is made in the editor.
const fn trigger(snapshot: &Snapshot<'_>) -> &'static str {
    match snapshot.subject {
        Subject::Content(page) if page.item.version.number.is_multiple_of(9) => "unknown",
        _ => "edit_page",
    }
}

fn write_payload(snapshot: &Snapshot<'_>, body: &mut Object<'_, '_>) {
    let key = cloud::PROFILE.key(snapshot.kind.entity());
    match snapshot.subject {
        Subject::Content(content) => write_content(snapshot, content, &[], body.key(key)),
        Subject::Space(space) => write_space(snapshot, space, body.key(key)),
        Subject::Comment(comment, on) => write_comment(snapshot, comment, on, body.key(key)),
        Subject::Attachment(attachment, on) => {
            write_attachment(snapshot, attachment, on, body.key(key));
            write_content(snapshot, on, &[], body.key("attachedTo"));
        }
        Subject::Label(label, on) => {
            write_label(snapshot, label, body.key(key));
            write_content(snapshot, on, &on.labels, body.key("labeled"));
        }
    }
}

/// A page or a blog post; the labels stand only where one of them was put on or taken off.
fn write_content(snapshot: &Snapshot<'_>, content: &Content, labels: &[String], writer: &mut Writer<'_>) {
    let mut object = Object::begin(writer);
    for field in FIELDS[snapshot.order] {
        match field {
            Field::Title => _ = object.key("title").string(&content.title),
            Field::ContentType => _ = object.key("contentType").string(content_type(content.content_type)),
            Field::Address => {
                let writer = object.key("self").raw("\"");
                write_address(snapshot, content, writer);
                writer.raw("\"");
            }
            other => write_field(snapshot, other, &content.item, content, &mut object),
        }
    }
    if snapshot.kind.entity() == Entity::Label {
        let writer = object.key("labels").raw("[");
        for (index, label) in labels.iter().enumerate() {
            writer.raw(if index == 0 { r#"{"name":"# } else { r#",{"name":"# }).string(label).raw("}");
        }
        writer.raw("]");
    }
    object.end();
}

fn write_comment(snapshot: &Snapshot<'_>, comment: &Comment, on: &Content, writer: &mut Writer<'_>) {
    let mut object = Object::begin(writer);
    for field in FIELDS[snapshot.order] {
        match field {
            // The page stands where the page's title would.
            Field::Title => write_content(snapshot, on, &[], object.key("parent")),
            Field::ContentType => _ = object.key("contentType").string("comment"),
            Field::Address => {
                let writer = object.key("self").raw("\"");
                write_address(snapshot, on, writer);
                writer.raw("?focusedCommentId=").number(comment.item.id).raw("\"");
            }
            other => write_field(snapshot, other, &comment.item, on, &mut object),
        }
    }
    if let Some((_, answered)) = comment.answers {
        let writer = object.key("inReplyTo").raw(r#"{"id":"#);
        write_id(snapshot, answered, writer);
        writer.raw("}");
    }
    object.end();
}

/// What is the same of content and of comments on it.
fn write_field(snapshot: &Snapshot<'_>, field: Field, item: &Item, content: &Content, object: &mut Object<'_, '_>) {
    let space = &snapshot.world.spaces[content.space];
    let newer = snapshot.world.era >= Era::Second;
    match field {
        Field::Id => write_id(snapshot, item.id, object.key("id")),
        Field::IdAsString if newer => _ = object.key("idAsString").raw("\"").number(item.id).raw("\""),
        Field::SpaceKey => _ = object.key("spaceKey").string(&space.key),
        Field::SpaceId if newer => _ = object.key("spaceId").number(space.id),
        Field::Version => _ = object.key("version").number(item.version.number),
        Field::Creator | Field::Created | Field::Modifier | Field::Modified => {
            write_author(snapshot, field, item, object)
        }
        Field::IdAsString | Field::SpaceId | Field::ContentType | Field::Title | Field::Address => {}
    }
}

/// Who made it and when, who changed it last and when.
fn write_author(snapshot: &Snapshot<'_>, field: Field, item: &Item, object: &mut Object<'_, '_>) {
    let account = |person: usize| &snapshot.world.person(person).account_id;
    match field {
        Field::Creator => object.key("creatorAccountId").string(account(item.creator)),
        Field::Created => object.key("creationDate").number(item.created),
        Field::Modifier => object.key("lastModifierAccountId").string(account(item.version.by)),
        _ => object.key("modificationDate").number(item.version.when),
    };
}

fn write_attachment(snapshot: &Snapshot<'_>, attachment: &Attachment, on: &Content, writer: &mut Writer<'_>) {
    writer.raw("[");
    let mut object = Object::begin(writer);
    write_id(snapshot, attachment.item.id, object.key("id"));
    object.key("fileName").string(&attachment.name);
    object.key("version").number(attachment.item.version.number);
    object.key("comment").string(attachment.item.version.message);
    object.key("fileSize").number(attachment.size);
    for field in [Field::Creator, Field::Created, Field::Modifier, Field::Modified] {
        write_author(snapshot, field, &attachment.item, &mut object);
    }
    let address = object.key("self").raw("\"").raw(&snapshot.world.site).raw("/download/attachments/");
    address.number(on.item.id).raw("/").segment(&attachment.name).raw("\"");
    object.end();
    writer.raw("]");
}

fn write_label(snapshot: &Snapshot<'_>, label: &Label, writer: &mut Writer<'_>) {
    writer.raw(r#"{"name":"#).string(&label.name).raw(r#","title":"#).string(&label.name);
    writer.raw(r#","self":""#).raw(&snapshot.world.site).raw("/label/").segment(&label.name);
    writer.raw(r#"","ownerAccountId":"#).string(&snapshot.world.person(label.owner).account_id).raw("}");
}

fn write_space(snapshot: &Snapshot<'_>, space: &Space, writer: &mut Writer<'_>) {
    let account = |person: usize| &snapshot.world.person(person).account_id;
    let mut object = Object::begin(writer);
    object.key("id").number(space.id);
    object.key("key").string(&space.key);
    object.key("title").string(&space.name);
    object.key("description").string(&space.description);
    object.key("isPersonalSpace").boolean(space.personal);
    object.key("self").raw("\"").raw(&snapshot.world.site).raw("/spaces/").raw(&space.key).raw("\"");
    let writer = object.key("homePage").raw(r#"{"id":"#);
    write_id(snapshot, space.home, writer);
    writer.raw("}");
    object.key("creatorAccountId").string(account(space.creator));
    object.key("creationDate").number(space.created);
    object.key("lastModifierAccountId").string(account(space.modifier));
    object.key("modificationDate").number(space.modified);
    object.end();
}

/// Both types are in the field.
fn write_id(snapshot: &Snapshot<'_>, id: u64, writer: &mut Writer<'_>) {
    match snapshot.world.era {
        Era::First | Era::Second => writer.number(id),
        Era::Third => writer.raw("\"").number(id).raw("\""),
    };
}

/// The web address of content, which has the title in it.
fn write_address(snapshot: &Snapshot<'_>, content: &Content, writer: &mut Writer<'_>) {
    writer.raw(&snapshot.world.site).raw("/spaces/").raw(&snapshot.world.spaces[content.space].key);
    match content.content_type {
        ContentType::Page => writer.raw("/pages/"),
        ContentType::BlogPost => writer.raw("/blog/").day(content.item.created).raw("/"),
    };
    writer.number(content.item.id).raw("/").segment(&content.title);
}

const fn content_type(content_type: ContentType) -> &'static str {
    match content_type {
        ContentType::Page => "page",
        ContentType::BlogPost => "blogpost",
    }
}
