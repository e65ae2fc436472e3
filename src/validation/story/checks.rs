//! What must hold between a body and what earlier bodies said.

use crate::models::event::Action;
use crate::models::rule::Rule;

use super::facts::{About, Facts, Id};
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

/// A rule that is broken at `inner`, below the object at `pointer`.
pub(super) fn violation(rule: Rule, (pointer, inner): (&str, &str), message: String) -> Checked {
    let separator = if inner.starts_with('/') { "" } else { "/" };
    Err(Violation { rule, pointer: [pointer, separator, inner].concat(), message })
}

/// The version, its time, the title and the creator follow from those of the earlier bodies.
pub(super) fn check_details(facts: &Facts, known: &Resource) -> Checked {
    let (before, now) = (&known.details, &facts.details);
    if let (Some(before), Some(version)) = (before.version, now.version) {
        let [least, most] = expected_versions(facts, before);
        if version < least || version > most {
            let message = format!("its version is {version}; after {before}, {least} was expected");
            return violation(Rule::StoryVersion, (facts.pointer, "version"), message);
        }
    }
    if let (Some(before), Some(modified)) = (before.modified, now.modified)
        && modified < before
    {
        let message = format!("its version was created {} ms before the previous version", before.abs_diff(modified));
        return violation(Rule::StoryTime, (facts.pointer, "version"), message);
    }
    // The title of a comment contains that of its page, and that of an attachment is its name.
    let has_own_title = matches!(facts.about, About::Content { .. });
    if has_own_title
        && !facts.kind.makes_version()
        && let (Some(before), Some(title)) = (&before.title, &now.title)
        && before != title
    {
        return violation(Rule::StoryTitle, (facts.pointer, "title"), "its title changed without an update".to_owned());
    }
    check_creator(facts, before.creator.as_deref())
}

/// The least and the greatest version that may follow. Of some actions it is not known whether they make a version.
fn expected_versions(facts: &Facts, before: i64) -> [i64; 2] {
    let next = before.saturating_add(1);
    match facts.kind.action() {
        _ if facts.is_repetition() => [before, next],
        Action::Updated => [next; 2],
        Action::Trashed | Action::Restored | Action::Removed => [before; 2],
        _ => [before, next],
    }
}

pub(super) fn check_creator(facts: &Facts, known: Option<&str>) -> Checked {
    match (known, &facts.details.creator) {
        (Some(before), Some(creator)) if before != creator => {
            let place = (facts.pointer, facts.details.creator_pointer);
            violation(Rule::StoryCreator, place, format!("it was created by `{before}`"))
        }
        _ => Ok(()),
    }
}

/// Content stays in its space unless it is moved.
pub(super) fn check_same_space(facts: &Facts, known: &Resource) -> Checked {
    match (&known.details.space, &facts.details.space) {
        (Some(before), Some(space)) if before != space && facts.kind.action() != Action::Moved => {
            let place = (facts.pointer, facts.details.space_pointer);
            violation(Rule::StorySpace, place, format!("it was in the space `{before}`"))
        }
        _ => Ok(()),
    }
}

/// Only what is in the trash is restored and, where there is a trash, deleted; nothing else happens to it.
pub(super) fn check_trash(facts: &Facts, known: &Resource, id: &Id) -> Checked {
    let is_possible = match facts.kind.action() {
        _ if facts.is_repetition() => true,
        Action::Restored => known.is_trashed,
        Action::Removed => known.is_trashed || !facts.has_trash(),
        _ => !known.is_trashed,
    };
    if is_possible {
        return Ok(());
    }
    let state =
        if known.is_trashed { "is in the trash: it can only be restored or removed" } else { "is not in the trash" };
    violation(Rule::StoryTrashed, (facts.pointer, "id"), format!("{id} {state}"))
}
