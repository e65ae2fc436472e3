//! Facts in the shape that the published document declares: every declared property is there. The keys come in the order
//! of `models::payload`, so that a body that is read into those types is written by them with the same bytes.

use crate::models::event::EventKind;

use super::fact::{Fact, Subject};
use super::things::{Attachment, Comment, Content, Item, Label, Sort, Space, Version};
use super::writing::Writer;

/// Writes the body, on one line.
pub(super) fn write(fact: &Fact<'_>, bytes: &mut Vec<u8>) {
    let mut writer = Writer(bytes);
    writer.raw(r#"{"timestamp":"#).number(fact.now);
    writer.raw(r#","event":""#).raw(fact.kind.name());
    writer.raw(r#"","userAccountId":""#).raw(&fact.actor().account_id);
    match fact.subject {
        Subject::Content(content) => write_content(fact, content, &mut writer),
        Subject::Space(space) => write_space(fact, space, &mut writer),
        Subject::Comment(comment, on) => write_comment(fact, comment, on, &mut writer),
        Subject::Attachment(attachment, on) => write_attachment(fact, attachment, on, &mut writer),
        Subject::Label(label, on) => write_label(label, on, &mut writer),
    }
    writer.raw("}");
}

fn write_content(fact: &Fact<'_>, content: &Content, writer: &mut Writer<'_>) {
    writer.raw(match content.sort {
        Sort::Page => r#"","page":{"id":""#,
        Sort::BlogPost => r#"","blogPost":{"id":""#,
    });
    writer.number(content.item.id).raw(r#"","type":""#).raw(sort(content.sort));
    writer.raw(r#"","status":""#).raw(status(fact.kind));
    writer.raw(r#"","title":""#).inside(&content.title);
    writer.raw(r#"","spaceKey":""#).raw(&fact.world.spaces[content.space].key).raw("\"");
    write_version(&content.item.version, writer);
    writer.raw(r#","message":"#).string(content.item.version.message);
    writer.raw(r#","minorEdit":"#).boolean(content.item.version.minor);
    writer.raw(r#"},"creatorAccountId":""#).raw(account(fact, content.item.creator));
    writer.raw(r#"","lastModifierAccountId":""#).raw(account(fact, content.item.version.by));
    write_self(fact, "", &content.item, writer);
}

fn write_space(fact: &Fact<'_>, space: &Space, writer: &mut Writer<'_>) {
    writer.raw(r#"","space":{"id":"#).number(space.id);
    writer.raw(r#","key":""#).raw(&space.key).raw(r#"","name":""#).inside(&space.name);
    writer.raw(r#"","type":""#).raw(if space.personal { "personal" } else { "global" });
    writer.raw(r#"","status":""#).raw(if space.archived { "archived" } else { "current" });
    writer.raw(r#"","creatorAccountId":""#).raw(account(fact, space.creator));
    writer.raw(r#"","self":""#).raw(&fact.world.site).raw("/rest/api/space/").raw(&space.key).raw("\"}");
}

fn write_comment(fact: &Fact<'_>, comment: &Comment, on: &Content, writer: &mut Writer<'_>) {
    writer.raw(r#"","comment":{"id":""#).number(comment.item.id);
    writer.raw(r#"","type":"comment","status":""#).raw(status(fact.kind));
    writer.raw(r#"","title":"Re: "#).inside(&on.title).raw("\"");
    write_version(&comment.item.version, writer);
    writer.raw(r#"},"container":{"id":""#);
    match comment.answers {
        // A reply is on the comment that it answers, whose title is the page's with the same `Re: `.
        Some((_, answered)) => writer.number(answered).raw(r#"","type":"comment","title":"Re: "#),
        None => writer.number(on.item.id).raw(r#"","type":""#).raw(sort(on.sort)).raw(r#"","title":""#),
    };
    writer.inside(&on.title);
    writer.raw(r#""},"creatorAccountId":""#).raw(account(fact, comment.item.creator));
    write_self(fact, "", &comment.item, writer);
}

fn write_attachment(fact: &Fact<'_>, attachment: &Attachment, on: &Content, writer: &mut Writer<'_>) {
    writer.raw(r#"","attachment":{"id":"att"#).number(attachment.item.id);
    writer.raw(r#"","type":"attachment","status":""#).raw(status(fact.kind));
    writer.raw(r#"","title":""#).inside(&attachment.name);
    writer.raw(r#"","mediaType":""#).raw(attachment.media_type);
    writer.raw(r#"","fileSize":"#).number(attachment.size);
    writer.raw(r#","container":"#);
    write_reference(on, writer);
    writer.raw(r#","creatorAccountId":""#).raw(account(fact, attachment.item.creator));
    write_self(fact, "att", &attachment.item, writer);
}

fn write_label(label: &Label, on: &Content, writer: &mut Writer<'_>) {
    writer.raw(r#"","label":{"name":""#).inside(&label.name);
    writer.raw(r#"","prefix":""#).raw(label.prefix).raw(r#""},"associatedContent":"#);
    write_reference(on, writer);
}

fn write_reference(content: &Content, writer: &mut Writer<'_>) {
    writer.raw(r#"{"id":""#).number(content.item.id).raw(r#"","type":""#).raw(sort(content.sort));
    writer.raw(r#"","title":""#).inside(&content.title).raw("\"}");
}

/// Leaves the object open: content tells more of a version than comments do.
fn write_version(version: &Version, writer: &mut Writer<'_>) {
    writer.raw(r#","version":{"number":"#).number(version.number);
    writer.raw(r#","when":""#).time(version.when).raw("\"");
}

/// The last property, and the end of the payload.
fn write_self(fact: &Fact<'_>, prefix: &str, item: &Item, writer: &mut Writer<'_>) {
    writer.raw(r#"","self":""#).raw(&fact.world.site).raw("/rest/api/content/").raw(prefix);
    writer.number(item.id).raw("\"}");
}

fn account<'a>(fact: &Fact<'a>, person: usize) -> &'a str {
    &fact.world.person(person).account_id
}

const fn sort(sort: Sort) -> &'static str {
    match sort {
        Sort::Page => "page",
        Sort::BlogPost => "blogpost",
    }
}

/// What was trashed, or removed for good, is not current any more.
const fn status(kind: EventKind) -> &'static str {
    use EventKind as E;
    match kind {
        E::PageTrashed | E::PageRemoved | E::BlogRemoved | E::CommentRemoved | E::AttachmentRemoved => "trashed",
        _ => "current",
    }
}
