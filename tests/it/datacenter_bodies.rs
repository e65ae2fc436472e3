//! The bodies of Confluence Data Center, compared with what its source writes.

use std::path::Path;
use std::sync::Arc;

use cfwh::models::event::{Action, Entity, EventKind};
use cfwh::models::snapshot::{
    Attachment, BodyOptions, Comment, Content, Era, Group, Label, ObjectMeta, Person, Snapshot, Space, Subject, Theme,
};
use cfwh::profiles::datacenter::PROFILE;
use serde_json::Value;

/// The variation of an event without a user.
const WITHOUT_USER: u8 = 40;

/// The variation of an edit in the editor, and of a permission to view.
const PLAIN: u8 = 16 * 2;

fn person(number: u32) -> Arc<Person> {
    let account_id = format!("ff80818190000000019000000{number:07x}");
    Arc::new(Person { name: "Jo Example".to_owned(), account_id })
}

fn content(entity: Entity, id: i64, title: &str) -> Content {
    let mut meta = ObjectMeta::new(id, &person(0x00a_0001), 1_763_990_000_000);
    (meta.version.number, meta.version.when) = (2, 1_763_999_999_000);
    Content {
        entity,
        meta,
        title: title.to_owned(),
        space_id: 98306,
        is_trashed: false,
        is_archived: false,
        is_live: false,
        parent_id: None,
        labels: Vec::new(),
    }
}

fn page() -> Content {
    content(Entity::Page, 1_015_810, "Release notes")
}

fn space() -> Space {
    Space {
        id: 98306,
        key: "DEMO".to_owned(),
        name: "Demo space".to_owned(),
        description: String::new(),
        is_personal: false,
        is_archived: false,
        home_page_id: 1_015_809,
        creator: person(0x00a_0001),
        created: 1_763_000_000_000,
        modifier: person(0x00a_0001),
        modified: 1_763_999_999_000,
    }
}

/// Returns the subject of the files in `tests/data/datacenter`.
fn subject(kind: EventKind) -> Subject {
    let meta = |id, version| {
        let mut meta = ObjectMeta::new(id, &person(0x00a_0001), 1_763_990_000_000);
        if version == 2 {
            (meta.version.number, meta.version.when) = (2, 1_763_999_999_000);
        }
        meta
    };
    match (kind.entity(), kind.action()) {
        (Entity::Page, Action::Moved) => Subject::Moved {
            content: page(),
            old_parent: Some(content(Entity::Page, 1_015_809, "Demo space Home")),
            new_parent: Some(content(Entity::Page, 1_015_811, "Archive")),
        },
        (Entity::Page, Action::ChildrenReordered) => {
            let child = |id| content(Entity::Page, id, "Child");
            Subject::Reordered {
                parent: content(Entity::Page, 1_015_809, "Demo space Home"),
                before: vec![child(1_015_812), child(1_015_811)],
                after: vec![child(1_015_811), child(1_015_812)],
            }
        }
        (Entity::BlogPost, _) => {
            let mut blog = content(Entity::BlogPost, 1_015_813, "Week 47");
            blog.meta.created = 1_763_990_000_000;
            Subject::Content(blog)
        }
        (Entity::Page | Entity::Content, _) => Subject::Content(page()),
        (Entity::Comment, _) => {
            let comment = Comment {
                meta: meta(1_015_820, 2),
                content_id: 1_015_810,
                in_reply_to: Some(1_015_819),
                is_trashed: false,
            };
            Subject::Comment(comment, page())
        }
        (Entity::Attachment, _) => Subject::Attachment(
            Attachment {
                meta: meta(1_015_830, 1),
                content_id: 1_015_810,
                name: "plan.pdf".to_owned(),
                media_type: "application/pdf",
                size: 20480,
                is_trashed: false,
                is_archived: false,
            },
            page(),
        ),
        (Entity::Label, _) => {
            let (name, labels) = ("review".to_owned(), vec!["review".to_owned()]);
            let owner = person(0x00a_0001);
            Subject::Label(Label { name, prefix: "global", content_id: 1_015_810, owner }, Content { labels, ..page() })
        }
        (Entity::Space, _) => Subject::Space(space()),
        (Entity::Group, _) => Subject::Group(Group { id: "1".to_owned(), name: "confluence-users".to_owned() }),
        (Entity::User, _) => Subject::User(person(0x00a_0002)),
        _ => Subject::Theme(Theme {
            is_global: false,
            space_id: 98306,
            old_key: "",
            new_key: "com.example.theme:example-theme",
        }),
    }
}

fn written(kind: EventKind, is_full: bool, variation: u8) -> String {
    let (actor, space, subject) = (person(0x00a_0001), space(), subject(kind));
    let mut bytes = Vec::new();
    (PROFILE.write_body)(
        &Snapshot {
            kind,
            timestamp: 1_764_000_000_000,
            actor: &actor,
            site: "https://confluence.example.com",
            era: Era::Of2026,
            space: &space,
            subject: &subject,
            options: BodyOptions { is_full, id_type: None },
            variation,
        },
        &mut bytes,
    );
    String::from_utf8(bytes).expect("UTF-8")
}

fn file(name: &str) -> Option<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/datacenter");
    std::fs::read_to_string(folder.join(format!("{name}.json"))).ok()
}

#[test]
fn bodies_of_ids_are_those_of_the_source_byte_for_byte() {
    for kind in PROFILE.events.all() {
        let expected = file(kind.name()).unwrap_or_else(|| panic!("{kind} has no known body"));
        assert_eq!(written(kind, false, PLAIN), expected, "{kind}");
    }
    let removed = PROFILE.events.find("page_removed").expect("an event");
    assert_eq!(Some(written(removed, false, WITHOUT_USER)), file("page_removed-no-user"));
}

/// The keys of a value and the types of its values, in their order.
fn form(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let members: Vec<_> = members.iter().map(|(key, value)| format!("{key}:{}", form(value))).collect();
            format!("{{{}}}", members.join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(form).collect::<Vec<_>>().join(",")),
        Value::String(_) => "string".to_owned(),
        Value::Number(_) => "number".to_owned(),
        Value::Bool(_) => "boolean".to_owned(),
        Value::Null => "null".to_owned(),
    }
}

#[test]
fn full_bodies_are_those_of_the_source() {
    let mut count = 0;
    for kind in PROFILE.events.all() {
        let Some(expected) = file(&format!("full-{kind}")) else { continue };
        count += 1;
        let ours = written(kind, true, PLAIN);
        let read = |text: &str| form(&serde_json::from_str(text).expect("JSON"));
        assert_eq!(read(&ours), read(&expected), "{kind}");
        // Of a comment that is replied to and of a home page, only the id is known; mail addresses are made up.
        if !matches!(kind.entity(), Entity::Comment | Entity::Space | Entity::User) {
            assert_eq!(ours, expected, "{kind}");
        }
    }
    assert_eq!(count, 9);
}
