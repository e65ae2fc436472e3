//! What must hold between a body and what earlier bodies said.

use crate::models::event::{Action, Entity};
use crate::models::rule::Rule;

use super::facts::{Facts, Id};
use super::state::Resource;

/// A broken rule.
pub(super) struct Violation {
    pub(super) rule: Rule,
    /// A JSON Pointer into the body.
    pub(super) pointer: String,
    pub(super) message: String,
}

impl Violation {
    pub(super) fn unidentified() -> Self {
        let message = "the body does not identify its event and what the event is about".to_owned();
        Self { rule: Rule::StoryUnidentified, pointer: String::new(), message }
    }
}

pub(super) type Checked = Result<(), Violation>;

/// A rule that is broken by the member `key` of the object at `pointer`.
pub(super) fn violation(rule: Rule, (pointer, key): (&str, &str), message: String) -> Checked {
    Err(Violation { rule, pointer: format!("{pointer}/{key}"), message })
}

/// The version, its time, the title and the creator follow from those of the earlier bodies.
pub(super) fn check_details(facts: &Facts, known: &Resource) -> Checked {
    let (before, now) = (&known.details, &facts.details);
    let is_update = facts.kind.action() == Action::Updated;
    if let (Some(before), Some(version)) = (before.version, now.version) {
        let expected = before.saturating_add(i64::from(is_update));
        if version != expected {
            let message = format!("its version is {version}; after {before}, {expected} was expected");
            return violation(Rule::StoryVersion, (facts.pointer, "version"), message);
        }
    }
    if let (Some(before), Some(modified)) = (before.modified, now.modified)
        && modified < before
    {
        let message = format!("its version was created {} ms before the previous version", before.abs_diff(modified));
        return violation(Rule::StoryTime, (facts.pointer, "version"), message);
    }
    // The title of a comment contains that of its page.
    let has_own_title = matches!(facts.kind.entity(), Entity::Page | Entity::BlogPost);
    if has_own_title
        && !is_update
        && let (Some(before), Some(title)) = (&before.title, &now.title)
        && before != title
    {
        return violation(Rule::StoryTitle, (facts.pointer, "title"), "its title changed without an update".to_owned());
    }
    check_creator(facts, before.creator.as_deref())
}

pub(super) fn check_creator(facts: &Facts, known: Option<&str>) -> Checked {
    match (known, &facts.details.creator) {
        (Some(before), Some(creator)) if before != creator => {
            violation(Rule::StoryCreator, (facts.pointer, "creatorAccountId"), format!("it was created by `{before}`"))
        }
        _ => Ok(()),
    }
}

/// Content stays in its space, and only a page in the trash is restored or removed.
pub(super) fn check_content(facts: &Facts, known: &Resource, id: &Id) -> Checked {
    if let Some(before) = &known.details.space
        && Some(before) != facts.details.space.as_ref()
    {
        return violation(Rule::StorySpace, (facts.pointer, "spaceKey"), format!("it was in the space `{before}`"));
    }
    let needs_trash =
        matches!((facts.kind.entity(), facts.kind.action()), (Entity::Page, Action::Restored | Action::Removed));
    if known.is_trashed == needs_trash {
        return Ok(());
    }
    let state =
        if known.is_trashed { "is in the trash: it can only be restored or removed" } else { "is not in the trash" };
    violation(Rule::StoryTrashed, (facts.pointer, "id"), format!("{id} {state}"))
}
