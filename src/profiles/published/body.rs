//! Bodies of the published document, with every declared property.

use std::borrow::Cow;

use jiff::Timestamp;

use crate::models::body::EventBody;
use crate::models::event::Entity;
use crate::models::payload::{
    AttachmentPayload, AttachmentType, BlogPostType, CommentPayload, CommentType, ContainerPayload, ContainerType,
    ContentPayload, ContentStatus, ItemStatus, LabelPayload, PageType, SpacePayload, SpaceStatus, SpaceType,
    VersionPayload,
};
use crate::models::snapshot::{Attachment, Comment, Content, Label, Person, Snapshot, Space, Subject, Version};

/// Writes a body on one line.
pub(super) fn write(snapshot: &Snapshot<'_>, bytes: &mut Vec<u8>) {
    serde_json::to_writer(bytes, &body(snapshot)).expect("a body is JSON");
}

fn body<'a>(snapshot: &Snapshot<'a>) -> EventBody<'a> {
    let mut body = EventBody::new(snapshot.kind);
    body.timestamp = Some(snapshot.timestamp);
    body.user_account_id = Some(account(snapshot.actor));
    match snapshot.subject {
        Subject::Space(space) => body.space = Some(space_payload(snapshot, space)),
        Subject::Content(content) if content.entity == Entity::BlogPost => {
            body.blog_post = Some(content_payload(snapshot, content, BlogPostType::BlogPost));
        }
        Subject::Content(content) => body.page = Some(content_payload(snapshot, content, PageType::Page)),
        Subject::Comment(comment, content) => body.comment = Some(comment_payload(snapshot, comment, content)),
        Subject::Attachment(attachment, content) => {
            body.attachment = Some(attachment_payload(snapshot, attachment, content));
        }
        Subject::Label(Label { name, prefix, .. }, content) => {
            body.label = Some(LabelPayload { name: Some(text(name)), prefix: Some(text(prefix)) });
            body.associated_content = Some(container_payload(content));
        }
        // The document declares no events with other subjects.
        _ => {}
    }
    body
}

fn content_payload<'a, T>(snapshot: &Snapshot<'a>, content: &'a Content, r#type: T) -> ContentPayload<'a, T> {
    let (id, version) = (content.meta.id.to_string(), &content.meta.version);

    ContentPayload {
        self_: Some(self_url(snapshot, "/rest/api/content/", &id)),
        id: Some(id.into()),
        r#type: Some(r#type),
        status: Some(if snapshot.kind.is_removal() { ContentStatus::Trashed } else { ContentStatus::Current }),
        title: Some(text(&content.title)),
        space_key: Some(text(&snapshot.space.key)),
        version: Some(VersionPayload {
            message: Some(text(version.message)),
            minor_edit: Some(version.is_minor),
            ..version_payload(version)
        }),
        creator_account_id: Some(account(&content.meta.creator)),
        last_modifier_account_id: Some(account(&version.by)),
    }
}

fn space_payload<'a>(snapshot: &Snapshot<'a>, space: &'a Space) -> SpacePayload<'a> {
    SpacePayload {
        id: Some(space.id),
        key: Some(text(&space.key)),
        name: Some(text(&space.name)),
        r#type: Some(if space.is_personal { SpaceType::Personal } else { SpaceType::Global }),
        status: Some(if space.is_archived { SpaceStatus::Archived } else { SpaceStatus::Current }),
        creator_account_id: Some(account(&space.creator)),
        self_: Some(self_url(snapshot, "/rest/api/space/", &space.key)),
    }
}

fn comment_payload<'a>(snapshot: &Snapshot<'a>, comment: &'a Comment, content: &'a Content) -> CommentPayload<'a> {
    let (id, title) = (comment.meta.id.to_string(), ["Re: ", &content.title].concat());
    CommentPayload {
        self_: Some(self_url(snapshot, "/rest/api/content/", &id)),
        id: Some(id.into()),
        r#type: Some(CommentType::Comment),
        status: Some(item_status(snapshot)),
        version: Some(version_payload(&comment.meta.version)),
        // The container of a reply is its parent comment.
        container: Some(comment.in_reply_to.map_or_else(
            || container_payload(content),
            |id| ContainerPayload {
                id: Some(id.to_string().into()),
                r#type: Some(ContainerType::Comment),
                title: Some(title.clone().into()),
            },
        )),
        title: Some(title.into()),
        creator_account_id: Some(account(&comment.meta.creator)),
    }
}

fn attachment_payload<'a>(
    snapshot: &Snapshot<'a>,
    attachment: &'a Attachment,
    content: &'a Content,
) -> AttachmentPayload<'a> {
    let id = format!("att{}", attachment.meta.id);
    AttachmentPayload {
        self_: Some(self_url(snapshot, "/rest/api/content/", &id)),
        id: Some(id.into()),
        r#type: Some(AttachmentType::Attachment),
        status: Some(item_status(snapshot)),
        title: Some(text(&attachment.name)),
        media_type: Some(text(attachment.media_type)),
        file_size: Some(attachment.size),
        container: Some(container_payload(content)),
        creator_account_id: Some(account(&attachment.meta.creator)),
    }
}

fn container_payload(content: &Content) -> ContainerPayload<'_> {
    ContainerPayload {
        id: Some(content.meta.id.to_string().into()),
        r#type: Some(if content.entity == Entity::Page { ContainerType::Page } else { ContainerType::BlogPost }),
        title: Some(text(&content.title)),
    }
}

/// Returns the version of a comment. The version of content also has a message and `minorEdit`.
fn version_payload<'a>(version: &Version) -> VersionPayload<'a> {
    let when = Timestamp::from_millisecond(version.when).unwrap_or_default();
    VersionPayload {
        number: Some(version.number.into()),
        when: Some(format!("{when:.3}").into()),
        message: None,
        minor_edit: None,
    }
}

fn item_status(snapshot: &Snapshot<'_>) -> ItemStatus {
    if snapshot.kind.is_removal() { ItemStatus::Trashed } else { ItemStatus::Current }
}

fn self_url(snapshot: &Snapshot<'_>, path: &str, id: &str) -> Cow<'static, str> {
    [snapshot.site, path, id].concat().into()
}

fn account(person: &Person) -> Cow<'_, str> {
    text(&person.account_id)
}

fn text(text: &str) -> Cow<'_, str> {
    Cow::Borrowed(text)
}
