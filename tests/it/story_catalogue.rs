//! Stories of a sender that reports everything that any sender does: what no catalogue has yet is possible, happens often
//! enough, and is clean.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use cfwh::generator::Generator;
use cfwh::models::event::{Action, Catalogue, Entity, EventKind, EventRow, Evidence};
use cfwh::models::snapshot::{Content, ObjectMeta, Snapshot, Subject};
use cfwh::profiles::{ALL, Profile, published};
use serde_json::{Value, json};

use crate::story::{NOW, broken, for_seeds, told};

use Action::{
    Added, Archived, ChildrenReordered, Copied, Created, CreatedFromBlueprint, Deactivated, Deleted, Enabled, Followed,
    Initialized, Liked, LogoUpdated, Moved, Performed, PermissionsUpdated, Published, Reactivated, Removed, Restored,
    Snapshotted, Started, Trashed, Unarchived, Updated, Viewed,
};

/// What happens to each entity.
const ACTIONS: &[(Entity, &[Action])] = &[
    (Entity::Space, &[Created, Updated, Removed, PermissionsUpdated, LogoUpdated]),
    (
        Entity::Page,
        &[
            Created,
            Updated,
            Trashed,
            Restored,
            Removed,
            Moved,
            Copied,
            ChildrenReordered,
            Archived,
            Unarchived,
            PermissionsUpdated,
            Viewed,
            Liked,
            Initialized,
            Started,
            Snapshotted,
            Published,
            CreatedFromBlueprint,
        ],
    ),
    (Entity::BlogPost, &[Created, Updated, Trashed, Restored, Removed, Moved, Viewed, Liked, PermissionsUpdated]),
    (Entity::Content, &[Created, Updated, Trashed, Restored, Removed, PermissionsUpdated]),
    (Entity::Whiteboard, &[Created, Moved, Copied, PermissionsUpdated]),
    (Entity::Database, &[Created, Moved, Copied, PermissionsUpdated]),
    (Entity::Folder, &[Created, Moved, Copied, PermissionsUpdated]),
    (Entity::Embed, &[Created, Moved, Copied, PermissionsUpdated]),
    (Entity::CustomContent, &[Created, Updated, PermissionsUpdated, Trashed, Restored, Removed]),
    (Entity::Comment, &[Created, Updated, Liked, Removed, Trashed, Restored, PermissionsUpdated]),
    (
        Entity::Attachment,
        &[Created, Updated, Viewed, Archived, Unarchived, Trashed, Restored, Removed, PermissionsUpdated],
    ),
    (Entity::Label, &[Created, Added, Removed, Deleted]),
    (Entity::Task, &[Created, Updated, Removed]),
    (Entity::User, &[Created, Removed, Deactivated, Reactivated, Followed]),
    (Entity::Group, &[Created, Removed]),
    (Entity::Theme, &[Enabled]),
    (Entity::Relation, &[Created, Removed]),
    (Entity::Search, &[Performed]),
];

/// Some senders report that a comment was removed and nothing after that, or that a whiteboard was created and not that it
/// was deleted.
const WITHOUT_TRASH: &[(Entity, &[Action])] = &[
    (Entity::Space, &[Created, Updated, Removed]),
    (Entity::Page, &[Created, Updated, Removed, Moved]),
    (Entity::Comment, &[Created, Trashed]),
    (Entity::Attachment, &[Created, Removed]),
    (Entity::Group, &[Created]),
    (Entity::User, &[Created, Deactivated]),
    (Entity::Relation, &[Created, Deleted]),
    (Entity::Folder, &[Created, Copied]),
    (Entity::Content, &[Created, Removed]),
];

fn profile(
    actions: &'static [(Entity, &'static [Action])],
    write_body: fn(&Snapshot<'_>, &mut Vec<u8>),
) -> &'static Profile {
    let row = |entity: Entity, action: Action| {
        let name: &'static str = format!("{}_{action:?}", entity.key()).leak();
        let is_frequent = matches!((entity, action), (Entity::Page | Entity::Comment, Created | Updated));
        let weight = if is_frequent { 60 } else { 2 };
        EventRow { name, alias: None, entity, action, weight, description: "", evidence: Evidence::Inferred }
    };
    let rows = actions.iter().flat_map(|(entity, actions)| actions.iter().map(|action| row(*entity, *action)));
    let impossible = EventRow { weight: 0, ..row(Entity::Theme, Removed) };
    let events = Catalogue::new(rows.chain([impossible]).collect::<Vec<_>>().leak());
    Box::leak(Box::new(Profile { events, write_body, ..published::PROFILE }))
}

static WHOLE: LazyLock<&Profile> = LazyLock::new(|| profile(ACTIONS, write_whole));
static IDS: LazyLock<&Profile> = LazyLock::new(|| profile(ACTIONS, write_ids));
static SMALL: LazyLock<&Profile> = LazyLock::new(|| profile(WITHOUT_TRASH, write_whole));

/// Bodies that say everything, in the shape of Forge.
fn write_whole(snapshot: &Snapshot<'_>, bytes: &mut Vec<u8>) {
    write(snapshot, false, bytes);
}

/// Bodies that say only ids, in the shape of Data Center.
fn write_ids(snapshot: &Snapshot<'_>, bytes: &mut Vec<u8>) {
    write(snapshot, true, bytes);
}

fn write(snapshot: &Snapshot<'_>, ids_only: bool, bytes: &mut Vec<u8>) {
    let meta = |meta: &ObjectMeta, more: Value| {
        let mut object = json!({ "id": meta.id });
        if !ids_only {
            object["version"] = json!({ "number": meta.version.number });
            object["modificationDate"] = json!(meta.version.when);
            object["history"] = json!({ "createdBy": { "accountId": meta.creator.account_id } });
            object.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        }
        object
    };
    let content = |content: &Content| {
        let more = json!({
            "type": content.entity, "title": content.title, "space": { "id": content.space_id }, "parent": content.parent_id,
            "isTrashed": content.is_trashed, "isArchived": content.is_archived, "isLive": content.is_live,
            "labels": content.labels,
        });
        let mut object = meta(&content.meta, more);
        if !ids_only && content.space_id == snapshot.space.id {
            object["space"]["key"] = json!(snapshot.space.key);
        }
        object
    };
    let contents = |contents: &[Content]| contents.iter().map(content).collect::<Vec<_>>();
    let mut body = match snapshot.subject {
        Subject::Space(space) if ids_only => json!({ "space": { "id": space.id } }),
        Subject::Space(space) => json!({ "space": { "id": space.id, "key": space.key } }),
        Subject::Content(page) => json!({ "content": content(page) }),
        Subject::Comment(comment, page) if ids_only => {
            json!({ "comment": { "id": comment.meta.id }, "x": page.meta.id })
        }
        Subject::Comment(comment, page) => {
            let more = json!({ "container": content(page), "isTrashed": comment.is_trashed });
            json!({ "content": meta(&comment.meta, more) })
        }
        Subject::Attachment(file, page) => {
            let more = json!({ "isTrashed": file.is_trashed, "isArchived": file.is_archived });
            json!({ "attachedTo": content(page), "attachments": [meta(&file.meta, more)] })
        }
        Subject::Label(label, _) if snapshot.kind.action() == Deleted => json!({ "label": { "name": label.name } }),
        Subject::Label(label, page) => json!({ "label": { "name": label.name }, "content": content(page) }),
        Subject::Moved { content: page, old_parent, new_parent } => json!({
            "content": content(page), "old": old_parent.as_ref().map(content), "new": new_parent.as_ref().map(content),
        }),
        Subject::Reordered { parent, before, after } => {
            json!({ "content": content(parent), "before": contents(before), "after": contents(after) })
        }
        Subject::Copied(copy, original) => json!({ "content": content(copy), "original": content(original) }),
        Subject::Task { task, before, content: page } => json!({
            "task": format!("{task:?}"), "before": before.as_ref().map(|task| format!("{task:?}")), "page": content(page),
        }),
        Subject::User(person) => json!({ "user": person.account_id }),
        Subject::Group(group) => json!({ "group": group.name }),
        Subject::Theme(theme) => json!({
            "old": theme.old_key, "new": theme.new_key, "of": if theme.is_global { None } else { Some(&snapshot.space.key) },
        }),
        Subject::Relation(relation) => json!({
            "relation": [relation.name, relation.source.account_id], "target": content(&relation.target),
        }),
        Subject::Search(search) => json!({ "query": search.query, "results": contents(&search.results) }),
    };
    body["timestamp"] = json!(snapshot.timestamp);
    body["event"] = json!(snapshot.kind.name());
    serde_json::to_writer(bytes, &body).expect("JSON");
}

#[test]
fn every_event_happens_in_any_two_thousand_of_a_long_story() {
    for_seeds(1, |seed| {
        for profile in ALL.into_iter().chain([*WHOLE, *SMALL]) {
            let expected: BTreeSet<_> = profile.events.in_stories().map(EventKind::name).collect();
            let window = if expected.len() > 40 { 2000 } else { 1000 };
            let kinds: Vec<_> = told(seed, 6000, profile).map(|(kind, _)| kind.name()).collect();
            for (index, window) in kinds.windows(window).step_by(100).enumerate() {
                let happened: BTreeSet<_> = window.iter().copied().collect();
                let missing: Vec<_> = expected.difference(&happened).collect();
                assert!(
                    missing.is_empty(),
                    "{profile} {} seed {seed}, at {}: {missing:?}",
                    expected.len(),
                    index * 100
                );
                assert!(happened.is_subset(&expected), "what has no weight does not happen");
            }
        }
    });
}

#[test]
fn stories_of_every_sender_break_no_rule() {
    for_seeds(2, |seed| {
        for profile in ALL.into_iter().chain([*WHOLE, *IDS, *SMALL]) {
            let broken = broken(profile, told(seed, 3000, profile));
            assert_eq!(broken, [], "{profile}, seed {seed}");
        }
    });
}

#[test]
fn single_events_have_the_subjects_of_their_sender() {
    let mut generator = Generator::new(1, NOW, &WHOLE);
    for kind in WHOLE.events.all() {
        for _ in 0..50 {
            let body: Value = serde_json::from_slice(&generator.body(kind)).expect("JSON");
            let content = &body["content"];
            match (kind.entity(), kind.action()) {
                (_, Moved) => assert!(body["new"]["id"] == content["parent"] && content["id"] != body["new"]["id"]),
                (_, Copied) => assert!(body["original"]["id"] != content["id"] && content["version"]["number"] == 1),
                (_, ChildrenReordered) => assert!(ids(&body["before"]) != ids(&body["after"])),
                (Entity::Comment | Entity::Attachment, _) => {}
                (entity, Trashed | Archived) => {
                    assert_eq!(content["isTrashed"] == true, kind.action() == Trashed, "{entity:?}");
                    assert_eq!(content["isArchived"] == true, kind.action() == Archived, "{entity:?}");
                }
                (Entity::Label, Added) => {
                    assert!(content["labels"].as_array().expect("labels").contains(&body["label"]["name"]));
                }
                (Entity::Task, action) => assert!(body["before"].is_null() != (action == Updated)),
                (Entity::Theme, _) => assert_ne!(body["old"], body["new"]),
                (Entity::Content, _) => assert!(["page", "blogPost"].map(Value::from).contains(&content["type"])),
                _ => {}
            }
        }
    }
}

fn ids(contents: &Value) -> Vec<i64> {
    contents.as_array().expect("a list").iter().map(|content| content["id"].as_i64().expect("an id")).collect()
}

/// The state of a long story.
#[derive(Default)]
struct World {
    parents: BTreeMap<i64, Value>,
    archived: BTreeSet<i64>,
    opened: BTreeSet<i64>,
    accounts: BTreeMap<String, bool>,
    themes: BTreeMap<String, Value>,
    uses: BTreeMap<String, BTreeSet<i64>>,
    /// The event that has to come next.
    next: Option<(&'static str, Value)>,
}

impl World {
    fn check(&mut self, kind: EventKind, body: &Value) {
        let (entity, action) = (kind.entity(), kind.action());
        if let Some((name, label)) = self.next.take() {
            assert_eq!((kind.name(), &body["label"]), (name, &label));
        }
        let content = &body["content"];
        let id = content["id"].as_i64().unwrap_or_default();
        match (entity, action) {
            (Entity::Label, action) => self.check_label(action, body, id),
            (Entity::User, Created) => assert!(self.accounts.insert(account(body), true).is_none()),
            (Entity::User, Removed) => assert!(self.accounts.remove(&account(body)).is_some()),
            (Entity::User, Deactivated) => assert_eq!(self.accounts.insert(account(body), false), Some(true)),
            (Entity::User, Reactivated) => assert_eq!(self.accounts.insert(account(body), true), Some(false)),
            (Entity::Theme, _) => {
                let before = self.themes.insert(body["of"].to_string(), body["new"].clone());
                assert_eq!(before.unwrap_or_else(|| json!("")), body["old"]);
                assert_ne!(body["new"], body["old"]);
            }
            (Entity::Task, Updated) => assert_ne!(body["task"], body["before"]),
            (Entity::Page, Moved) => {
                assert!(body["old"]["id"] != body["new"]["id"] && body["new"]["id"] == content["parent"]);
                assert_ne!(content["id"], body["new"]["id"]);
                if body["old"].is_object() {
                    assert_eq!(self.parents.get(&id), Some(&body["old"]["id"]), "the page was there before");
                }
            }
            (Entity::Page, ChildrenReordered) => {
                let [before, after] = ["before", "after"].map(|list| ids(&body[list]));
                assert_ne!(before, after);
                assert_eq!(BTreeSet::from_iter(before), BTreeSet::from_iter(after));
                assert!(body["before"].as_array().expect("a list").iter().all(|child| child["parent"] == id));
            }
            (Entity::Page, Archived) => assert!(self.archived.insert(id)),
            (Entity::Page, Unarchived) => assert!(self.archived.remove(&id)),
            (Entity::Page, Initialized) => assert!(self.opened.insert(id) && content["isLive"] == true),
            (Entity::Page, Started | Snapshotted) => assert_eq!(content["isLive"], true),
            (Entity::Page, Published) => assert_eq!(content["isLive"], false),
            _ => {}
        }
        let container = if entity == Entity::Attachment { &body["attachedTo"] } else { content };
        if action != Unarchived {
            assert!(
                !self.archived.contains(&container["id"].as_i64().unwrap_or_default()) || action == Archived,
                "{kind}"
            );
        }
        if !matches!(entity, Entity::Comment | Entity::Label) {
            self.parents.insert(id, content["parent"].clone());
        }
        for child in body["before"].as_array().into_iter().flatten() {
            self.parents.insert(child["id"].as_i64().unwrap_or_default(), child["parent"].clone());
        }
    }

    fn check_label(&mut self, action: Action, body: &Value, id: i64) {
        let name = body["label"]["name"].as_str().expect("a name");
        let uses = self.uses.entry(name.to_owned()).or_default();
        match action {
            Created => self.next = Some(("label_Added", body["label"].clone())),
            Added => assert!(uses.insert(id), "it is on this page already"),
            Removed => assert!(uses.remove(&id), "it is not on this page"),
            _ => assert!(uses.is_empty() || uses.iter().all(|page| *page != id), "it ceases to exist without uses"),
        }
    }
}

fn account(body: &Value) -> String {
    body["user"].as_str().expect("an account").to_owned()
}

#[test]
fn events_of_a_story_are_possible() {
    for_seeds(4, |seed| {
        let mut world = World::default();
        for (kind, body) in told(seed, 6000, &WHOLE) {
            world.check(kind, &serde_json::from_slice(&body).expect("JSON"));
        }
        let counts = [world.opened.len(), world.themes.len(), world.uses.len()];
        assert!(counts.iter().all(|count| *count > 3), "{counts:?}");
    });
}
