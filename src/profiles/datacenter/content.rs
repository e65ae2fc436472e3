//! Payloads for pages, blog posts and comments.

use std::borrow::Cow;

use serde::Serialize;

use super::addresses;
use crate::models::event::Entity;
use crate::models::snapshot::{Comment, Content, ObjectMeta, Snapshot, Space, Version};

/// A label, which has only a name.
#[derive(Serialize)]
pub(super) struct LabelPayload<'a> {
    pub(super) name: &'a str,
}

/// A page, a blog post or a comment. By default, only its id.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ContentPayload<'a> {
    /// Set in events about labels.
    #[serde(skip_serializing_if = "Option::is_none")]
    labels: Option<Vec<LabelPayload<'a>>>,
    id: i64,
    #[serde(flatten)]
    details: Option<Box<ContentDetails<'a>>>,
}

/// The members of content in full bodies.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ContentDetails<'a> {
    #[serde(skip_serializing_if = "str::is_empty")]
    title: Cow<'a, str>,
    content_type: &'static str,
    creator_key: String,
    last_modifier_key: String,
    creation_date: i64,
    modification_date: i64,
    version: u32,
    #[serde(rename = "self")]
    address: String,
    space_key: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    in_reply_to: Option<ContentPayload<'a>>,
}

impl<'a> ContentPayload<'a> {
    /// Adds the labels, for events about labels.
    pub(super) fn with_labels(self, labels: Vec<LabelPayload<'a>>) -> Self {
        Self { labels: Some(labels), ..self }
    }
}

pub(super) fn content_payload<'a>(snapshot: &Snapshot<'a>, content: &'a Content) -> ContentPayload<'a> {
    let details = snapshot.options.is_full.then(|| ContentDetails {
        content_type: if content.entity == Entity::BlogPost { "blogpost" } else { "page" },
        title: content.title.trim().into(),
        ..details(snapshot, &content.meta, addresses::content(snapshot, content))
    });
    ContentPayload { labels: None, id: content.meta.id, details: details.map(Box::new) }
}

pub(super) fn comment_payload<'a>(snapshot: &Snapshot<'a>, comment: &'a Comment, on: &Content) -> ContentPayload<'a> {
    let details = snapshot.options.is_full.then(|| ContentDetails {
        in_reply_to: comment.in_reply_to.map(|id| replied_to(snapshot, id, on)),
        ..details(snapshot, &comment.meta, addresses::comment(snapshot, on, comment.meta.id))
    });
    ContentPayload { labels: None, id: comment.meta.id, details: details.map(Box::new) }
}

/// Returns the parent of a reply. Only its id is known, so the other members are made up.
fn replied_to<'a>(snapshot: &Snapshot<'a>, id: i64, on: &Content) -> ContentPayload<'a> {
    let meta = ObjectMeta::new(id, &on.meta.creator, on.meta.created);
    let details = details(snapshot, &meta, addresses::comment(snapshot, on, id));
    ContentPayload { labels: None, id, details: Some(Box::new(details)) }
}

/// Returns details without a title, as for a comment.
fn details<'a>(snapshot: &Snapshot<'a>, meta: &ObjectMeta, address: String) -> ContentDetails<'a> {
    let ObjectMeta { creator, created, version: Version { number, when, by, .. }, .. } = meta;
    ContentDetails {
        title: "".into(),
        content_type: "comment",
        creator_key: creator.user_key(),
        last_modifier_key: by.user_key(),
        creation_date: *created,
        modification_date: *when,
        version: *number,
        address,
        space_key: &snapshot.space.key,
        in_reply_to: None,
    }
}

/// Returns the home page of a space. It is created with the space and has its name.
pub(super) fn home_page<'a>(snapshot: &Snapshot<'a>, space: &'a Space) -> ContentPayload<'a> {
    let meta = ObjectMeta::new(space.home_page_id, &space.creator, space.created);
    let details = snapshot.options.is_full.then(|| {
        let title = format!("{} Home", space.name);
        let address = addresses::page(snapshot, &title, meta.id);
        ContentDetails { title: title.into(), content_type: "page", ..details(snapshot, &meta, address) }
    });
    ContentPayload { labels: None, id: meta.id, details: details.map(Box::new) }
}
