//! Checks of a body against earlier bodies.

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
        let message = "the body does not identify its event and subject".to_owned();
        Self { rule: Rule::StoryUnidentified, pointer: String::new(), message }
    }
}

pub(super) type Checked = Result<(), Violation>;

/// Returns a violation at `inner`, below the object at `pointer`.
pub(super) fn violation(rule: Rule, (pointer, inner): (&str, &str), message: String) -> Checked {
    let separator = if inner.starts_with('/') { "" } else { "/" };
    Err(Violation { rule, pointer: [pointer, separator, inner].concat(), message })
}

/// Checks the version, its time, the title and the creator.
pub(super) fn check_details(facts: &Facts, known: &Resource) -> Checked {
    let (before, now) = (&known.details, &facts.details);
    if let (Some(before), Some(version)) = (before.version, now.version) {
        let [least, most] = expected_versions(facts, before);
        if version < least || version > most {
            let message = format!("the version is {version}, but {least} is expected after {before}");
            return violation(Rule::StoryVersion, (facts.pointer, "version"), message);
        }
    }
    if let (Some(before), Some(modified)) = (before.modified, now.modified)
        && modified < before
    {
        let message = format!("the version is {} ms older than the previous version", before.abs_diff(modified));
        return violation(Rule::StoryTime, (facts.pointer, "version"), message);
    }
    // The title of a comment contains the title of its page. The title of an attachment is its file name.
    let has_own_title = matches!(facts.about, About::Content { .. });
    if has_own_title
        && !facts.kind.makes_version()
        && let (Some(before), Some(title)) = (&before.title, &now.title)
        && before != title
    {
        return violation(Rule::StoryTitle, (facts.pointer, "title"), "the title changed without an update".to_owned());
    }
    check_creator(facts, before.creator.as_deref())
}

/// Returns the range of the next version. It is not known for all actions whether they create a version.
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
            violation(Rule::StoryCreator, place, format!("the creator was `{before}`"))
        }
        _ => Ok(()),
    }
}

/// Checks that content stays in its space unless it is moved.
pub(super) fn check_same_space(facts: &Facts, known: &Resource) -> Checked {
    match (&known.details.space, &facts.details.space) {
        (Some(before), Some(space)) if before != space && facts.kind.action() != Action::Moved => {
            let place = (facts.pointer, facts.details.space_pointer);
            violation(Rule::StorySpace, place, format!("the space was `{before}`"))
        }
        _ => Ok(()),
    }
}

/// Checks that only objects in the trash are restored and, if the sender has a trash, deleted, and that nothing else happens to them.
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
    let state = if known.is_trashed {
        "is in the trash, where it can only be restored or removed"
    } else {
        "is not in the trash"
    };
    violation(Rule::StoryTrashed, (facts.pointer, "id"), format!("{id} {state}"))
}
