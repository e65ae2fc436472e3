//! Facts in the shape that the published document declares: every declared property is there. The keys come in the order
//! of `models::payload`, so that a body that is read into those types is written by them with the same bytes.

use crate::models::event::EventKind;

use super::entities::{Attachment, Comment, Content, ContentType, Item, Label, Space, Version};
use super::json_writer::Writer;
use super::snapshot::{Snapshot, Subject};

/// Writes the body, on one line.
pub(super) fn write(snapshot: &Snapshot<'_>, bytes: &mut Vec<u8>) {
    let mut writer = Writer(bytes);
    writer.raw(r#"{"timestamp":"#).number(snapshot.now);
    writer.raw(r#","event":""#).raw(snapshot.kind.name());
    writer.raw(r#"","userAccountId":""#).raw(&snapshot.actor().account_id);
    match snapshot.subject {
        Subject::Content(content) => write_content(snapshot, content, &mut writer),
        Subject::Space(space) => write_space(snapshot, space, &mut writer),
        Subject::Comment(comment, on) => write_comment(snapshot, comment, on, &mut writer),
        Subject::Attachment(attachment, on) => write_attachment(snapshot, attachment, on, &mut writer),
        Subject::Label(label, on) => write_label(label, on, &mut writer),
    }
    writer.raw("}");
}

fn write_content(snapshot: &Snapshot<'_>, content: &Content, writer: &mut Writer<'_>) {
    writer.raw(match content.content_type {
        ContentType::Page => r#"","page":{"id":""#,
        ContentType::BlogPost => r#"","blogPost":{"id":""#,
    });
    writer.number(content.item.id).raw(r#"","type":""#).raw(content_type(content.content_type));
    writer.raw(r#"","status":""#).raw(status(snapshot.kind));
    writer.raw(r#"","title":""#).inside(&content.title);
    writer.raw(r#"","spaceKey":""#).raw(&snapshot.world.spaces[content.space].key).raw("\"");
    write_version(&content.item.version, writer);
    writer.raw(r#","message":"#).string(content.item.version.message);
    writer.raw(r#","minorEdit":"#).boolean(content.item.version.minor);
    writer.raw(r#"},"creatorAccountId":""#).raw(account(snapshot, content.item.creator));
    writer.raw(r#"","lastModifierAccountId":""#).raw(account(snapshot, content.item.version.by));
    write_self(snapshot, "", &content.item, writer);
}

fn write_space(snapshot: &Snapshot<'_>, space: &Space, writer: &mut Writer<'_>) {
    writer.raw(r#"","space":{"id":"#).number(space.id);
    writer.raw(r#","key":""#).raw(&space.key).raw(r#"","name":""#).inside(&space.name);
    writer.raw(r#"","type":""#).raw(if space.personal { "personal" } else { "global" });
    writer.raw(r#"","status":""#).raw(if space.archived { "archived" } else { "current" });
    writer.raw(r#"","creatorAccountId":""#).raw(account(snapshot, space.creator));
    writer.raw(r#"","self":""#).raw(&snapshot.world.site).raw("/rest/api/space/").raw(&space.key).raw("\"}");
}

fn write_comment(snapshot: &Snapshot<'_>, comment: &Comment, on: &Content, writer: &mut Writer<'_>) {
    writer.raw(r#"","comment":{"id":""#).number(comment.item.id);
    writer.raw(r#"","type":"comment","status":""#).raw(status(snapshot.kind));
    writer.raw(r#"","title":"Re: "#).inside(&on.title).raw("\"");
    write_version(&comment.item.version, writer);
    writer.raw(r#"},"container":{"id":""#);
    match comment.answers {
        // A reply is on the comment that it answers, whose title is the page's with the same `Re: `.
        Some((_, answered)) => writer.number(answered).raw(r#"","type":"comment","title":"Re: "#),
        None => writer.number(on.item.id).raw(r#"","type":""#).raw(content_type(on.content_type)).raw(r#"","title":""#),
    };
    writer.inside(&on.title);
    writer.raw(r#""},"creatorAccountId":""#).raw(account(snapshot, comment.item.creator));
    write_self(snapshot, "", &comment.item, writer);
}

fn write_attachment(snapshot: &Snapshot<'_>, attachment: &Attachment, on: &Content, writer: &mut Writer<'_>) {
    writer.raw(r#"","attachment":{"id":"att"#).number(attachment.item.id);
    writer.raw(r#"","type":"attachment","status":""#).raw(status(snapshot.kind));
    writer.raw(r#"","title":""#).inside(&attachment.name);
    writer.raw(r#"","mediaType":""#).raw(attachment.media_type);
    writer.raw(r#"","fileSize":"#).number(attachment.size);
    writer.raw(r#","container":"#);
    write_reference(on, writer);
    writer.raw(r#","creatorAccountId":""#).raw(account(snapshot, attachment.item.creator));
    write_self(snapshot, "att", &attachment.item, writer);
}

fn write_label(label: &Label, on: &Content, writer: &mut Writer<'_>) {
    writer.raw(r#"","label":{"name":""#).inside(&label.name);
    writer.raw(r#"","prefix":""#).raw(label.prefix).raw(r#""},"associatedContent":"#);
    write_reference(on, writer);
}

fn write_reference(content: &Content, writer: &mut Writer<'_>) {
    writer.raw(r#"{"id":""#).number(content.item.id).raw(r#"","type":""#).raw(content_type(content.content_type));
    writer.raw(r#"","title":""#).inside(&content.title).raw("\"}");
}

/// Leaves the object open: content tells more of a version than comments do.
fn write_version(version: &Version, writer: &mut Writer<'_>) {
    writer.raw(r#","version":{"number":"#).number(version.number);
    writer.raw(r#","when":""#).time(version.when).raw("\"");
}

/// The last property, and the end of the payload.
fn write_self(snapshot: &Snapshot<'_>, prefix: &str, item: &Item, writer: &mut Writer<'_>) {
    writer.raw(r#"","self":""#).raw(&snapshot.world.site).raw("/rest/api/content/").raw(prefix);
    writer.number(item.id).raw("\"}");
}

fn account<'a>(snapshot: &Snapshot<'a>, person: usize) -> &'a str {
    &snapshot.world.person(person).account_id
}

const fn content_type(content_type: ContentType) -> &'static str {
    match content_type {
        ContentType::Page => "page",
        ContentType::BlogPost => "blogpost",
    }
}

/// What was trashed, or removed for good, is not current any more.
const fn status(kind: EventKind) -> &'static str {
    if kind.takes_away() { "trashed" } else { "current" }
}
