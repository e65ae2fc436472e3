//! The objects in bodies of Forge. Members have the order of Atlassian's examples.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use crate::models::snapshot::{Person, Space, Task, Version};

/// A time in ISO 8601 with milliseconds and `Z`.
pub(super) struct DateTime(pub(super) i64);

impl Serialize for DateTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let time = Timestamp::from_millisecond(self.0).unwrap_or_default();
        serializer.collect_str(&format_args!("{time:.3}"))
    }
}

/// An id that is a string. Only spaces and tasks have integer ids.
pub(super) struct TextId(pub(super) i64);

impl Serialize for TextId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ImageObject<'a> {
    path: Cow<'a, str>,
    width: u32,
    height: u32,
    is_default: bool,
}

impl<'a> ImageObject<'a> {
    fn new(path: impl Into<Cow<'a, str>>, is_default: bool) -> Self {
        Self { path: path.into(), width: 48, height: 48, is_default }
    }
}

/// A user. For privacy, all names are the account id.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct UserObject<'a> {
    r#type: &'static str,
    username: &'a str,
    account_id: &'a str,
    account_type: &'static str,
    email: &'a str,
    public_name: &'a str,
    profile_picture: ImageObject<'a>,
    display_name: &'a str,
    is_external_collaborator: bool,
}

impl<'a> UserObject<'a> {
    pub(super) fn new(person: &'a Person) -> Self {
        let id = person.account_id.as_str();
        Self {
            r#type: "known",
            username: id,
            account_id: id,
            account_type: "atlassian",
            email: id,
            public_name: id,
            profile_picture: ImageObject::new(["/wiki/aa-avatar/", id].concat(), false),
            display_name: id,
            is_external_collaborator: false,
        }
    }
}

/// The creator and the owner of content, or the creator of a space.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct HistoryObject<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    latest: Option<bool>,
    created_by: UserObject<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owned_by: Option<UserObject<'a>>,
    created_date: DateTime,
}

impl<'a> HistoryObject<'a> {
    pub(super) fn of_content(creator: &'a Person, created: i64) -> Self {
        Self {
            latest: Some(true),
            created_by: UserObject::new(creator),
            owned_by: Some(UserObject::new(creator)),
            created_date: DateTime(created),
        }
    }
}

#[derive(Serialize)]
pub(super) struct VersionObject<'a> {
    by: UserObject<'a>,
    when: DateTime,
    number: u32,
}

impl<'a> VersionObject<'a> {
    pub(super) fn new(version: &'a Version) -> Self {
        Self { by: UserObject::new(&version.by), when: DateTime(version.when), number: version.number }
    }
}

#[derive(Serialize)]
pub(super) struct SpaceObject<'a> {
    id: i64,
    key: &'a str,
    alias: &'a str,
    name: &'a str,
    icon: ImageObject<'a>,
    r#type: &'static str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    history: Option<HistoryObject<'a>>,
}

impl<'a> SpaceObject<'a> {
    pub(super) fn new(space: &'a Space) -> Self {
        Self {
            id: space.id,
            key: &space.key,
            alias: &space.key,
            name: &space.name,
            icon: ImageObject::new("/images/logo/default-space-logo-256.png", false),
            r#type: if space.is_personal { "personal" } else { "global" },
            status: if space.is_archived { "archived" } else { "current" },
            history: None,
        }
    }

    /// Creates a space with its history, for events about spaces.
    pub(super) fn with_history(space: &'a Space) -> Self {
        let history = HistoryObject {
            latest: None,
            created_by: UserObject::new(&space.creator),
            owned_by: None,
            created_date: DateTime(space.created),
        };
        Self { history: Some(history), ..Self::new(space) }
    }
}

#[derive(Serialize)]
pub(super) struct LabelObject<'a> {
    id: TextId,
    name: &'a str,
    prefix: &'a str,
}

impl<'a> LabelObject<'a> {
    pub(super) fn new(name: &'a str, prefix: &'a str) -> Self {
        // The id depends only on the name. FNV-1a distributes names well over nine digits.
        let hash = name.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        Self { id: TextId(i64::from(hash % 900_000_000) + 100_000_000), name, prefix }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TaskObject<'a> {
    id: i64,
    uuid: String,
    status: &'static str,
    status_as_string: &'static str,
    assignee: &'a str,
    due_date: Option<DateTime>,
}

impl<'a> TaskObject<'a> {
    pub(super) fn new(task: &'a Task) -> Self {
        let (status, status_as_string) =
            if task.is_done { ("complete", "CHECKED") } else { ("incomplete", "UNCHECKED") };
        Self {
            id: task.id,
            uuid: uuid_of(task.id),
            status,
            status_as_string,
            assignee: &task.assignee.account_id,
            due_date: task.due.map(DateTime),
        }
    }
}

#[derive(Serialize)]
pub(super) struct GroupObject<'a> {
    pub(super) id: &'a str,
    pub(super) name: &'a str,
}

/// Who created a relation, and when.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RelationData<'a> {
    pub(super) created_by: UserObject<'a>,
    pub(super) created_date: DateTime,
}

/// Returns a UUID that depends only on the id.
pub(super) fn uuid_of(id: i64) -> String {
    let hash = id.cast_unsigned().wrapping_mul(0x9e37_79b9_7f4a_7c15);
    format!("{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}", hash >> 32, hash >> 16 & 0xffff, hash & 0xfff, hash >> 52, id)
}
