//! What holds between something that is known and what is told of it next.

use crate::models::event::{Entity, EventKind};
use crate::validation::rules::{self, Rule};

use super::memory::Live;
use super::told::{Id, Told};

/// A rule of stories that a delivery breaks.
pub(super) struct Breach {
    pub(super) rule: &'static Rule,
    /// Where in the body.
    pub(super) pointer: String,
    pub(super) message: String,
}

pub(super) type Held = Result<(), Breach>;

/// Its version is the next, or stays; its maker stays; its title changes with an update alone.
pub(super) fn follows(told: &Told, known: &Live) -> Held {
    let is_update = is_update(told.kind);
    if let (Some(before), Some(version)) = (known.version, told.thing.version()) {
        let due = before.saturating_add(i64::from(is_update));
        if version != due {
            let message = format!("its version is {version}; after {before} it is {due}");
            return breach(&rules::STORY_VERSION, told.within("version"), message);
        }
    }
    if let (Some(before), Some(when)) = (known.when, told.thing.when())
        && when < before
    {
        let message = format!("its version was made {} ms before the one before it", before.abs_diff(when));
        return breach(&rules::STORY_TIME, told.within("version"), message);
    }
    let named_alone = matches!(told.kind.entity(), Entity::Page | Entity::BlogPost);
    if named_alone
        && !is_update
        && told.thing.title.is_some()
        && known.title.is_some()
        && told.thing.title != known.title
    {
        return breach(&rules::STORY_TITLE, told.within("title"), "a title changes with an update only".to_owned());
    }
    same_creator(told, known.creator.as_deref())
}

pub(super) fn same_creator(told: &Told, known: Option<&str>) -> Held {
    match (known, &told.thing.creator_account_id) {
        (Some(before), Some(creator)) if before != creator => {
            breach(&rules::STORY_CREATOR, told.within("creatorAccountId"), format!("it was created by `{before}`"))
        }
        _ => Ok(()),
    }
}

pub(super) fn stays(told: &Told, known: &Live, space: &str) -> Held {
    match &known.space {
        Some(before) if before != space => {
            breach(&rules::STORY_SPACE, told.within("spaceKey"), format!("it was in the space `{before}`"))
        }
        _ => Ok(()),
    }
}

pub(super) fn trash(told: &Told, known: &Live, id: &Id) -> Held {
    let from_trash = matches!(told.kind, EventKind::PageRestored | EventKind::PageRemoved);
    if known.trashed == from_trash {
        return Ok(());
    }
    let is = if known.trashed { "is in the trash, and is only restored or removed" } else { "is not in the trash" };
    breach(&rules::STORY_TRASHED, told.within("id"), format!("{id} {is}"))
}

pub(super) fn breach(rule: &'static Rule, pointer: impl Into<String>, message: String) -> Held {
    Err(Breach { rule, pointer: pointer.into(), message })
}

impl Told {
    pub(super) fn within(&self, key: &str) -> String {
        format!("{}/{key}", self.at)
    }

    pub(super) fn on_within(&self, key: &str) -> String {
        format!("{}/{key}", self.on_at)
    }
}

pub(super) const fn is_creation(kind: EventKind) -> bool {
    use EventKind as E;
    matches!(kind, E::PageCreated | E::BlogCreated | E::CommentCreated | E::AttachmentCreated)
}

const fn is_update(kind: EventKind) -> bool {
    use EventKind as E;
    matches!(kind, E::PageUpdated | E::BlogUpdated | E::CommentUpdated | E::AttachmentUpdated)
}
