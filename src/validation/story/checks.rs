//! What holds between something that is known and what is facts of it next.

use crate::models::event::{Action, Entity};
use crate::validation::rules::{self, Rule};

use super::facts::{Facts, Id};
use super::state::Live;

/// A rule of stories that a delivery breaks.
pub(super) struct Breach {
    pub(super) rule: &'static Rule,
    /// Where in the body.
    pub(super) pointer: String,
    pub(super) message: String,
}

pub(super) type Held = Result<(), Breach>;

/// Its version is the next, or stays; its maker stays; its title changes with an update alone.
pub(super) fn follows(facts: &Facts, known: &Live) -> Held {
    let is_update = facts.kind.action() == Action::Updated;
    if let (Some(before), Some(version)) = (known.version, facts.thing.version()) {
        let due = before.saturating_add(i64::from(is_update));
        if version != due {
            let message = format!("its version is {version}; after {before} it is {due}");
            return breach(&rules::STORY_VERSION, facts.within("version"), message);
        }
    }
    if let (Some(before), Some(when)) = (known.when, facts.thing.when())
        && when < before
    {
        let message = format!("its version was made {} ms before the one before it", before.abs_diff(when));
        return breach(&rules::STORY_TIME, facts.within("version"), message);
    }
    let named_alone = matches!(facts.kind.entity(), Entity::Page | Entity::BlogPost);
    if named_alone
        && !is_update
        && facts.thing.title.is_some()
        && known.title.is_some()
        && facts.thing.title != known.title
    {
        return breach(&rules::STORY_TITLE, facts.within("title"), "a title changes with an update only".to_owned());
    }
    same_creator(facts, known.creator.as_deref())
}

pub(super) fn same_creator(facts: &Facts, known: Option<&str>) -> Held {
    match (known, &facts.thing.creator_account_id) {
        (Some(before), Some(creator)) if before != creator => {
            breach(&rules::STORY_CREATOR, facts.within("creatorAccountId"), format!("it was created by `{before}`"))
        }
        _ => Ok(()),
    }
}

pub(super) fn stays(facts: &Facts, known: &Live, space: &str) -> Held {
    match &known.space {
        Some(before) if before != space => {
            breach(&rules::STORY_SPACE, facts.within("spaceKey"), format!("it was in the space `{before}`"))
        }
        _ => Ok(()),
    }
}

pub(super) fn trash(facts: &Facts, known: &Live, id: &Id) -> Held {
    let from_trash =
        matches!((facts.kind.entity(), facts.kind.action()), (Entity::Page, Action::Restored | Action::Removed));
    if known.trashed == from_trash {
        return Ok(());
    }
    let is = if known.trashed { "is in the trash, and is only restored or removed" } else { "is not in the trash" };
    breach(&rules::STORY_TRASHED, facts.within("id"), format!("{id} {is}"))
}

pub(super) fn breach(rule: &'static Rule, pointer: impl Into<String>, message: String) -> Held {
    Err(Breach { rule, pointer: pointer.into(), message })
}

impl Facts {
    pub(super) fn within(&self, key: &str) -> String {
        format!("{}/{key}", self.at)
    }

    pub(super) fn on_within(&self, key: &str) -> String {
        format!("{}/{key}", self.on_at)
    }
}
