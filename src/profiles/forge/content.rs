//! Content in bodies of Forge: pages, comments and attachments. Members have the order of Atlassian's examples.

use std::borrow::Cow;

use serde::Serialize;

use crate::models::event::Entity;
use crate::models::snapshot::{Content, ObjectMeta, Space};

use super::objects::{HistoryObject, LabelObject, SpaceObject, TextId, UserObject, VersionObject};

/// The type of custom content, which includes the id of the app.
const CUSTOM_CONTENT: &str =
    "forge:11111111-2222-4333-8444-555555555555:ffffffff-0000-4111-8222-333333333333:my-custom-content";

/// Content of any type. Pages, comments and attachments differ only in the members after the version.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ContentObject<'a> {
    id: TextId,
    r#type: &'static str,
    /// The subtype `live`, for live docs.
    #[serde(skip_serializing_if = "Option::is_none")]
    sub_type: Option<&'static str>,
    /// Set in events about labels and relations, where the title precedes the status.
    #[serde(rename = "title", skip_serializing_if = "Option::is_none")]
    title_before_status: Option<&'a str>,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    space: Option<SpaceObject<'a>>,
    history: HistoryObject<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<VersionObject<'a>>,
    /// The parents of a reply, the newest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ancestors: Option<Vec<ContentObject<'a>>>,
    /// The content of a comment or an attachment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) container: Option<Box<ContentObject<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) extensions: Option<Extensions<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) labels: Option<Vec<LabelObject<'a>>>,
}

impl<'a> ContentObject<'a> {
    /// Creates content with the members that all types share.
    pub(super) fn new(
        r#type: &'static str,
        status: &'static str,
        title: impl Into<Cow<'a, str>>,
        meta: &'a ObjectMeta,
        space: &'a Space,
    ) -> Self {
        Self {
            id: TextId(meta.id),
            r#type,
            sub_type: None,
            title_before_status: None,
            status,
            title: Some(title.into()),
            space: Some(SpaceObject::new(space)),
            history: HistoryObject::of_content(&meta.creator, meta.created),
            version: Some(VersionObject::new(&meta.version)),
            ancestors: None,
            container: None,
            extensions: None,
            labels: None,
        }
    }

    /// Creates a page, a blog post or other content of the content tree.
    pub(super) fn of_tree(content: &'a Content, status: &'static str, space: &'a Space) -> Self {
        let object = Self::new(type_name(content.entity), status, content.title.as_str(), &content.meta, space);
        Self { sub_type: content.is_live.then_some("live"), ..object }
    }

    /// Moves the title before the status.
    pub(super) fn with_title_before_status(self, content: &'a Content) -> Self {
        Self { title_before_status: Some(&content.title), title: None, ..self }
    }

    /// Removes the space, as in a container.
    pub(super) fn without_space(self) -> Self {
        Self { space: None, ..self }
    }

    /// Creates the parent of a reply. Only its id is known.
    pub(super) fn ancestor(id: i64, title: impl Into<Cow<'a, str>>, meta: &'a ObjectMeta, space: &'a Space) -> Self {
        Self { id: TextId(id), space: None, version: None, ..Self::new("comment", "current", title, meta, space) }
    }
}

const fn type_name(entity: Entity) -> &'static str {
    match entity {
        Entity::BlogPost => "blogpost",
        Entity::CustomContent => CUSTOM_CONTENT,
        other => other.key(),
    }
}

/// The members of some types of content.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Extensions<'a> {
    Comment {
        location: &'static str,
    },
    #[serde(rename_all = "camelCase")]
    File {
        media_type: &'a str,
        /// A string in the documented example, but a number in the documented list of types.
        file_size: TextId,
        media_type_description: &'static str,
        file_id: String,
        collection_name: String,
        download_path: String,
    },
}

/// One end of a relation.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum RelationEnd<'a> {
    User(UserObject<'a>),
    Content(Box<ContentObject<'a>>),
}
