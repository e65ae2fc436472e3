//! Bodies of Forge, as documented by Atlassian. Members have the order of Atlassian's examples.

use serde::Serialize;

use crate::models::event::{Action, Entity};
use crate::models::snapshot::{Attachment, Comment, Content, ObjectMeta, Relation, Search, Snapshot, Subject};

use super::content::{ContentObject, RelationEnd};
use super::items::{attachment_object, comment_object, standing, status};
use super::objects::{DateTime, GroupObject, LabelObject, RelationData, SpaceObject, TaskObject, TextId, UserObject};

/// One in this many events that anonymous users can cause is from an anonymous user.
const ANONYMOUS: u8 = 8;

/// The relations without data about who created them and when.
const WITHOUT_DATA: [&str; 2] = ["like", "favourite"];

/// All top-level members, in order.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct ForgeBody<'a> {
    event_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    atlassian_id: Option<&'a str>,
    event_created_date: Option<DateTime>,
    /// Set in searches, where it follows the time.
    #[serde(rename = "atlassianId", skip_serializing_if = "Option::is_none")]
    searcher: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    suppress_notifications: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    update_trigger: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    self_generated: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<LabelObject<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    task: Option<TaskObject<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    old_task: Option<TaskObject<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<ContentObject<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prev_content: Option<ContentObject<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin_content_id: Option<TextId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    old_sorted_child_page_ids: Option<Vec<TextId>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    new_sorted_child_page_ids: Option<Vec<TextId>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attachment: Option<ContentObject<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    space: Option<SpaceObject<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<UserObject<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<GroupObject<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    relation_name: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    relation_data: Option<RelationData<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<RelationEnd<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<RelationEnd<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    query: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    results: Option<usize>,
}

/// Writes a body on one line.
pub(super) fn write(snapshot: &Snapshot<'_>, bytes: &mut Vec<u8>) {
    let mut body = base(snapshot);
    add_payload(snapshot, &mut body);
    serde_json::to_writer(bytes, &body).expect("a body is JSON");
}

/// Returns the members before the payload.
fn base<'a>(snapshot: &Snapshot<'a>) -> ForgeBody<'a> {
    let (kind, entity) = (snapshot.kind, snapshot.kind.entity());
    let is_open_to_all = matches!(kind.action(), Action::Viewed | Action::Performed);
    let is_anonymous = matches!(entity, Entity::User | Entity::Group)
        || is_open_to_all && snapshot.variation.is_multiple_of(ANONYMOUS);
    let actor = (!is_anonymous).then_some(snapshot.actor.account_id.as_str());
    // For these events, the documented lists of members have `selfGenerated`, but the examples omit it. Write both forms.
    let is_short = matches!(
        entity,
        Entity::Label | Entity::Space | Entity::User | Entity::Group | Entity::Relation | Entity::Search
    );
    ForgeBody {
        event_type: kind.name(),
        atlassian_id: actor.filter(|_| entity != Entity::Search),
        event_created_date: Some(DateTime(snapshot.timestamp)),
        searcher: actor.filter(|_| entity == Entity::Search),
        suppress_notifications: (!is_short).then(|| is_silent(snapshot)),
        update_trigger: update_trigger(snapshot),
        self_generated: (!is_short || snapshot.variation % 2 == 1).then_some(false),
        ..ForgeBody::default()
    }
}

/// Returns whether the version was saved without a notification.
fn is_silent(snapshot: &Snapshot<'_>) -> bool {
    let is_update = snapshot.kind.action() == Action::Updated;
    is_update && meta(snapshot.subject).is_some_and(|meta| meta.version.is_minor)
}

const fn meta(subject: &Subject) -> Option<&ObjectMeta> {
    match subject {
        Subject::Content(Content { meta, .. })
        | Subject::Comment(Comment { meta, .. }, _)
        | Subject::Attachment(Attachment { meta, .. }, _) => Some(meta),
        _ => None,
    }
}

/// Returns the trigger of an event that creates a version. The values are from webhooks of Confluence Cloud.
const fn update_trigger(snapshot: &Snapshot<'_>) -> Option<&'static str> {
    match (snapshot.kind.entity(), snapshot.kind.action()) {
        (Entity::Page, Action::Updated | Action::Started | Action::Snapshotted | Action::Published)
        | (Entity::BlogPost, Action::Updated) => Some("edit_page"),
        (Entity::Comment | Entity::Attachment | Entity::CustomContent, Action::Updated) => Some("unknown"),
        _ => None,
    }
}

fn add_payload<'a>(snapshot: &Snapshot<'a>, body: &mut ForgeBody<'a>) {
    let tree = |content: &'a Content| {
        let status = status(snapshot, content.is_trashed, content.is_archived);
        ContentObject::of_tree(content, status, snapshot.space)
    };
    match snapshot.subject {
        Subject::Content(content) => body.content = Some(tree(content)),
        Subject::Moved { content, .. } => {
            body.content = Some(tree(content));
            body.prev_content = Some(tree(content));
        }
        Subject::Copied(copy, original) => {
            body.content = Some(tree(copy));
            body.origin_content_id = Some(TextId(original.meta.id));
        }
        Subject::Reordered { parent, before, after } => {
            let ids = |pages: &[Content]| Some(pages.iter().map(|page| TextId(page.meta.id)).collect());
            body.content = Some(tree(parent));
            (body.old_sorted_child_page_ids, body.new_sorted_child_page_ids) = (ids(before), ids(after));
        }
        Subject::Comment(comment, content) => body.content = Some(comment_object(snapshot, comment, content)),
        Subject::Attachment(attachment, content) => {
            body.attachment = Some(attachment_object(snapshot, attachment, content));
        }
        Subject::Label(label, content) => {
            let others = content.labels.iter().filter(|name| **name != label.name);
            let mut object = standing(snapshot, content).with_title_before_status(content);
            object.labels = Some(others.map(|name| LabelObject::new(name, "global")).collect());
            body.label = Some(LabelObject::new(&label.name, label.prefix));
            body.content = Some(object);
        }
        Subject::Space(space) => body.space = Some(SpaceObject::with_history(space)),
        Subject::Task { task, before, content } => {
            body.task = Some(TaskObject::new(task));
            body.old_task = before.as_ref().map(TaskObject::new);
            body.content = Some(standing(snapshot, content));
        }
        Subject::User(person) => body.user = Some(UserObject::new(person)),
        Subject::Group(group) => body.group = Some(GroupObject { id: &group.id, name: &group.name }),
        Subject::Relation(relation) => add_relation(snapshot, relation, body),
        Subject::Search(Search { query, results }) => {
            body.query = Some(query);
            body.account_type = Some("atlassian");
            body.results = Some(results.len());
        }
        // Forge has no events about themes.
        Subject::Theme(_) => {}
    }
}

fn add_relation<'a>(snapshot: &Snapshot<'a>, relation: &'a Relation, body: &mut ForgeBody<'a>) {
    let target = standing(snapshot, &relation.target).with_title_before_status(&relation.target);
    let data =
        || RelationData { created_by: UserObject::new(&relation.source), created_date: DateTime(snapshot.timestamp) };
    body.relation_name = Some(relation.name);
    body.relation_data = (!WITHOUT_DATA.contains(&relation.name)).then(data);
    body.source = Some(RelationEnd::User(UserObject::new(&relation.source)));
    body.target = Some(RelationEnd::Content(Box::new(target)));
}
