//! Comments and attachments in bodies of Forge, and their containers.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::models::event::Action;
use crate::models::snapshot::{Attachment, Comment, Content, Snapshot};

use super::content::{ContentObject, Extensions};
use super::objects::{TextId, uuid_of};

/// The characters that are percent-encoded in the path of a download.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Returns the status of the subject. A permanently deleted subject has the status `trashed`.
pub(super) const fn status(snapshot: &Snapshot<'_>, is_trashed: bool, is_archived: bool) -> &'static str {
    match snapshot.kind.action() {
        Action::Trashed | Action::Removed => "trashed",
        Action::Archived => "archived",
        _ => standing_status(is_trashed, is_archived),
    }
}

const fn standing_status(is_trashed: bool, is_archived: bool) -> &'static str {
    match (is_trashed, is_archived) {
        (true, _) => "trashed",
        (_, true) => "archived",
        _ => "current",
    }
}

/// Returns content that is not the subject of the event.
pub(super) fn standing<'a>(snapshot: &Snapshot<'a>, content: &'a Content) -> ContentObject<'a> {
    let status = standing_status(content.is_trashed, content.is_archived);
    ContentObject::of_tree(content, status, snapshot.space)
}

pub(super) fn comment_object<'a>(
    snapshot: &Snapshot<'a>,
    comment: &'a Comment,
    content: &'a Content,
) -> ContentObject<'a> {
    let (meta, space) = (&comment.meta, snapshot.space);
    let title = ["Re: ", &content.title].concat();
    let ancestor = |id| ContentObject::ancestor(id, title.clone(), &content.meta, space);
    let status = status(snapshot, comment.is_trashed, false);
    let ancestors = comment.in_reply_to.map(ancestor).into_iter().collect();
    let mut object = ContentObject::new("comment", status, title.clone(), meta, space);
    object.ancestors = Some(ancestors);
    object.container = Some(Box::new(standing(snapshot, content).without_space()));
    object.extensions = Some(Extensions::Comment { location: if meta.id % 4 == 1 { "inline" } else { "footer" } });
    object
}

pub(super) fn attachment_object<'a>(
    snapshot: &Snapshot<'a>,
    attachment: &'a Attachment,
    content: &'a Content,
) -> ContentObject<'a> {
    let (meta, id) = (&attachment.meta, content.meta.id);
    let name = utf8_percent_encode(&attachment.name, ENCODED);
    let version = meta.version.number;
    let address = format!("{}/download/attachments/{id}/{name}?version={version}", snapshot.site);
    let extensions = Extensions::File {
        media_type: attachment.media_type,
        file_size: TextId(attachment.size),
        media_type_description: media_type_description(attachment.media_type),
        file_id: uuid_of(meta.id),
        collection_name: format!("contentId-{id}"),
        download_path: format!("{address}&cacheVersion=1&api=v2"),
    };
    let title = attachment.name.as_str();
    let status = status(snapshot, attachment.is_trashed, attachment.is_archived);
    let mut object = ContentObject::new("attachment", status, title, meta, snapshot.space);
    object.container = Some(Box::new(standing(snapshot, content).without_space()));
    object.extensions = Some(extensions);
    object
}

fn media_type_description(media_type: &str) -> &'static str {
    match media_type.split_once('/') {
        Some(("application", "pdf")) => "PDF Document",
        Some(("image", "png")) => "PNG Image",
        Some(("image", "jpeg")) => "JPEG Image",
        Some(("image", _)) => "Image",
        Some(("text", _)) => "Text File",
        Some(("video", _)) => "Multimedia",
        _ => "File",
    }
}
