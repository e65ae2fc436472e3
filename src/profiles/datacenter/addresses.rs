//! URLs of Confluence Data Center. Sources: its source code, and URLs in browsers.

use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::models::event::Entity;
use crate::models::snapshot::{Attachment, Content, Snapshot};

/// The characters that are percent-encoded in file names. A space is `+` in titles, but `%20` in file names.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Returns the URL of the site. It replaces the generated Cloud domain, which Data Center cannot have.
pub(super) fn site(snapshot: &Snapshot<'_>) -> String {
    let name = snapshot.site.strip_prefix("https://").and_then(|site| site.strip_suffix(".atlassian.net/wiki"));
    name.map_or_else(|| snapshot.site.to_owned(), |name| format!("https://confluence.{name}.example"))
}

/// Returns the URL of the space.
pub(super) fn space(snapshot: &Snapshot<'_>) -> String {
    format!("{}/display/{}", site(snapshot), snapshot.space.key)
}

/// Returns the URL of a page: with its title, or with its id if the title has special characters.
pub(super) fn page(snapshot: &Snapshot<'_>, title: &str, id: i64) -> String {
    titled(snapshot, "", title, id)
}

/// Returns the URL of a page or a blog post.
pub(super) fn content(snapshot: &Snapshot<'_>, content: &Content) -> String {
    let date = if content.entity == Entity::BlogPost {
        let created = Timestamp::from_millisecond(content.meta.created).unwrap_or_default();
        created.strftime("/%Y/%m/%d").to_string()
    } else {
        String::new()
    };
    titled(snapshot, &date, &content.title, content.meta.id)
}

fn titled(snapshot: &Snapshot<'_>, date: &str, title: &str, id: i64) -> String {
    if fits_address(title) {
        format!("{}{date}/{}", space(snapshot), title.replace(' ', "+"))
    } else {
        format!("{}/pages/viewpage.action?pageId={id}", site(snapshot))
    }
}

/// Returns the URL of a comment, on the page of its content.
pub(super) fn comment(snapshot: &Snapshot<'_>, on: &Content, id: i64) -> String {
    let page = content(snapshot, on);
    let separator = if page.contains('?') { '&' } else { '?' };
    format!("{page}{separator}focusedCommentId={id}#comment-{id}")
}

/// Returns the URL of an attachment.
pub(super) fn attachment(snapshot: &Snapshot<'_>, attachment: &Attachment) -> String {
    let Attachment { meta, content_id, name, .. } = attachment;
    let name = utf8_percent_encode(name, ENCODED);
    let (version, modified) = (meta.version.number, meta.version.when);
    format!(
        "{}/download/attachments/{content_id}/{name}?version={version}&modificationDate={modified}&api=v2",
        site(snapshot)
    )
}

/// Returns whether a title needs no encoding in a URL.
fn fits_address(title: &str) -> bool {
    title.bytes().all(|byte| byte.is_ascii_alphanumeric() || b" -_.!*(),".contains(&byte))
}
