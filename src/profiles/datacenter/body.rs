//! Bodies of Confluence Data Center.
//!
//! They are compact, with members in a fixed order. By default, content has only its id. Sites that start with the system property
//! `confluence.webhooks.id.only.disabled` send full bodies.

use serde::Serialize;
use serde_json::{Map, Value};

use super::content::{ContentPayload, LabelPayload, comment_payload, content_payload};
use super::payloads::{
    AttachmentPayload, BlueprintPayload, SpacePayload, ThemePayload, UserPayload, attachment_payload,
    blueprint_payload, space_payload, theme_payload, user_payload,
};
use crate::models::event::{Action, Entity};
use crate::models::snapshot::{Content, Group, Snapshot, Subject};

/// One in this many events has no user, for example an event of a scheduled task.
const WITHOUT_USER: u8 = 40;

/// The triggers of updates. Most updates are made in the editor.
const TRIGGERS: [&str; 16] = [
    "edit_page",
    "edit_page",
    "edit_page",
    "edit_page",
    "edit_page",
    "edit_page",
    "edit_page",
    "edit_page",
    "view_page",
    "personal_tasklist",
    "revert",
    "discard_changes",
    "space_create",
    "page_rename",
    "link_refactoring",
    "unknown",
];

/// Writes a body on one line.
pub(super) fn write(snapshot: &Snapshot<'_>, bytes: &mut Vec<u8>) {
    serde_json::to_writer(bytes, &body(snapshot)).expect("a body is JSON");
}

/// All members of bodies, in the order of the source.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    timestamp: i64,
    event: &'a str,
    user_key: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    blueprint_context: Option<Map<String, Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    blueprint: Option<BlueprintPayload<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    creator: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<ContentPayload<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    update_trigger: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    old_parent: Option<ContentPayload<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    new_parent: Option<ContentPayload<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    old_sorted_children: Option<Vec<ContentPayload<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    new_sorted_children: Option<Vec<ContentPayload<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    blog: Option<ContentPayload<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<ContentPayload<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attached_to: Option<ContentPayload<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attachments: Option<[AttachmentPayload<'a>; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<ContentPayload<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    r#type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<LabelPayload<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    labeled: Option<ContentPayload<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    space: Option<SpacePayload<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_profile: Option<UserPayload<'a>>,
    #[serde(flatten)]
    theme: Option<ThemePayload<'a>>,
}

fn body<'a>(snapshot: &Snapshot<'a>) -> Body<'a> {
    let is_without_user = snapshot.variation.is_multiple_of(WITHOUT_USER);
    let mut body = Body {
        timestamp: snapshot.timestamp,
        event: snapshot.kind.name(),
        user_key: if is_without_user { String::new() } else { snapshot.actor.user_key() },
        ..Body::default()
    };
    let is_at = |action| snapshot.kind.action() == action;
    match snapshot.subject {
        Subject::Content(content) => match snapshot.kind.entity() {
            Entity::Page => {
                body.page = Some(content_payload(snapshot, content));
                if is_at(Action::Updated) {
                    body.update_trigger = Some(TRIGGERS[usize::from(snapshot.variation) % TRIGGERS.len()]);
                }
                if is_at(Action::CreatedFromBlueprint) {
                    body.blueprint_context = Some(Map::new());
                    body.blueprint = Some(blueprint_payload(snapshot.space));
                    body.creator = Some(content.meta.creator.user_key());
                }
            }
            Entity::BlogPost => body.blog = Some(content_payload(snapshot, content)),
            _ => {
                body.content = Some(content_payload(snapshot, content));
                if is_at(Action::PermissionsUpdated) {
                    body.r#type = Some(if snapshot.variation.is_multiple_of(2) { "View" } else { "Edit" });
                }
            }
        },
        Subject::Moved { content, old_parent, new_parent } => {
            body.page = Some(content_payload(snapshot, content));
            body.old_parent = old_parent.as_ref().map(|parent| content_payload(snapshot, parent));
            body.new_parent = new_parent.as_ref().map(|parent| content_payload(snapshot, parent));
        }
        Subject::Reordered { parent, before, after } => {
            let payloads =
                |contents: &'a [Content]| contents.iter().map(|child| content_payload(snapshot, child)).collect();
            body.page = Some(content_payload(snapshot, parent));
            body.old_sorted_children = Some(payloads(before));
            body.new_sorted_children = Some(payloads(after));
        }
        Subject::Comment(comment, content) => body.comment = Some(comment_payload(snapshot, comment, content)),
        Subject::Attachment(attachment, content) => {
            body.attached_to = Some(content_payload(snapshot, content));
            body.attachments = Some([attachment_payload(snapshot, attachment)]);
        }
        Subject::Label(label, content) => {
            body.label = Some(LabelPayload { name: &label.name });
            // No content has a deleted label.
            if !is_at(Action::Deleted) {
                let labels = content.labels.iter().map(|name| LabelPayload { name }).collect();
                body.labeled = Some(content_payload(snapshot, content).with_labels(labels));
            }
        }
        Subject::Space(space) => body.space = Some(space_payload(snapshot, space)),
        Subject::Group(Group { name, .. }) => body.group = Some(name),
        Subject::User(person) if !is_at(Action::Followed) => body.user_profile = Some(user_payload(snapshot, person)),
        Subject::Theme(theme) => body.theme = Some(theme_payload(snapshot, theme)),
        // These have no payload, or are not events of Data Center.
        Subject::User(_) | Subject::Copied(..) | Subject::Task { .. } | Subject::Relation(_) | Subject::Search(_) => {}
    }
    body
}
