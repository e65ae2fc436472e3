//! Every rule that a finding can name, and what a schema cannot say about an event.

use serde::Serialize;

use super::report::Severity;

/// One thing that `validate` looks for.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// The stable name: `type`, `undeclared-property`.
    #[serde(rename = "rule")]
    pub id: &'static str,
    /// How bad it is, without `--strict`.
    pub severity: Severity,
    /// Whose rule it is.
    pub origin: Origin,
    /// What holds when the rule is kept, in one sentence.
    #[serde(rename = "description")]
    pub sentence: &'static str,
}

/// Whose rule it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// The AsyncAPI document says so: an independent JSON Schema validator agrees.
    Document,
    /// The document is silent; we say so.
    Cfwh,
}

impl Origin {
    /// The word in results: `document` or `cfwh`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::Cfwh => "cfwh",
        }
    }
}

const fn error(id: &'static str, origin: Origin, sentence: &'static str) -> Rule {
    Rule { id, severity: Severity::Error, origin, sentence }
}

const fn warning(id: &'static str, sentence: &'static str) -> Rule {
    Rule { id, severity: Severity::Warning, origin: Origin::Cfwh, sentence }
}

const fn story(id: &'static str, sentence: &'static str) -> Rule {
    error(id, Origin::Cfwh, sentence)
}

/// The body is JSON in UTF-8.
pub static JSON: Rule = error(
    "json",
    Origin::Document,
    "The body is JSON in UTF-8, without a byte order mark and at most 128 levels deep.",
);
/// `type`
pub static TYPE: Rule = error("type", Origin::Document, "Every declared property has the declared type.");
/// `required`
pub static REQUIRED: Rule = error("required", Origin::Document, "Every property that the document requires is there.");
/// `enum`
pub static ENUM: Rule =
    error("enum", Origin::Document, "Every property with a declared list of values has one of them.");
/// `format`
pub static FORMAT: Rule =
    error("format", Origin::Document, "A `date-time` is an RFC 3339 time that exists; a `uri` is a URI with a scheme.");
/// `format: int64`
pub static INT64: Rule =
    error("int64", Origin::Document, "An `int64` lies between -9223372036854775808 and 9223372036854775807.");
/// The body's event is none of the nineteen.
pub static UNKNOWN_EVENT: Rule =
    error("unknown-event", Origin::Document, "The event is one of the nineteen that the document declares.");
/// What Confluence Cloud sends, held against the published document.
pub static CLOUD_BODY: Rule = error(
    "cloud-body",
    Origin::Document,
    "The body is not one that Confluence Cloud sends instead of what the published document declares.",
);
/// Nothing says which event it is.
pub static NO_EVENT: Rule = error(
    "no-event",
    Origin::Cfwh,
    "The event is known: from `--event`, from the body's `event` or from the last segment of the delivery's path.",
);
/// `--event` and the body disagree.
pub static OTHER_EVENT: Rule =
    error("other-event", Origin::Cfwh, "The body's `event` is the one that `--event` names.");
/// A page event that carries a space.
pub static OTHER_SUBJECT: Rule =
    error("other-subject", Origin::Cfwh, "The body carries what its event is about, not something else instead.");
/// Path and body disagree.
pub static OTHER_PATH: Rule =
    warning("other-path", "Where the delivery's path ends in an event's name, the body's `event` is the same.");
/// A name known to be sent, and not in the document.
pub static OUTSIDE_EVENT: Rule = warning(
    "outside-event",
    "The event is one of the nineteen, not one of the others that Confluence is known to send.",
);
/// A declared property is not there.
pub static MISSING_PROPERTY: Rule = warning("missing-property", "Every property that the document declares is there.");
/// A property that is not declared.
pub static UNDECLARED_PROPERTY: Rule =
    warning("undeclared-property", "Every property is one that the document declares.");
/// The same key twice in one object.
pub static REPEATED_KEY: Rule =
    warning("repeated-key", "No object has the same key twice: readers disagree on which counts.");
/// A trashed page that is current.
pub static CONTRADICTORY_STATUS: Rule =
    warning("contradictory-status", "The status does not contradict the event: a `page_trashed` is not `current`.");

/// A story's body does not say what it is about.
pub static STORY_UNPLACED: Rule =
    story("story/unplaced", "In a story, every body tells its event, which thing it is about and where that is.");
/// An update of what is not there yet.
pub static STORY_BEFORE_CREATION: Rule = story(
    "story/before-creation",
    "In a story, nothing happens to anything before it was created, nor in a space that was not.",
);
/// An update of what is not there any more.
pub static STORY_AFTER_REMOVAL: Rule =
    story("story/after-removal", "In a story, nothing happens to anything after it was removed.");
/// A page in a space that is gone.
pub static STORY_REMOVED_SPACE: Rule =
    story("story/removed-space", "In a story, a removed space takes its content with it.");
/// Something is created twice.
pub static STORY_REPEATED_ID: Rule = story("story/repeated-id", "In a story, no two things have the same id.");
/// A comment on nothing.
pub static STORY_CONTAINER: Rule =
    story("story/container", "In a story, what a comment, an attachment or a label is on exists, and they stay on it.");
/// An update in the trash.
pub static STORY_TRASHED: Rule =
    story("story/trashed", "In a story, a page in the trash is only restored or removed, and only such a page is.");
/// A gap between versions.
pub static STORY_VERSION: Rule =
    story("story/version", "In a story, the first version is 1, and an update makes the next.");
/// A time before the last.
pub static STORY_TIME: Rule = story("story/time", "In a story, times do not fall.");
/// A page in another space than before.
pub static STORY_SPACE: Rule = story("story/space", "In a story, content stays in its space.");
/// Another creator than before.
pub static STORY_CREATOR: Rule = story("story/creator", "In a story, whoever created something stays its creator.");
/// A title that nobody gave.
pub static STORY_TITLE: Rule =
    story("story/title", "In a story, a title changes with an update only, and what is on it tells the current one.");

/// All rules: those of a single delivery, errors first, then those of stories (`validate --story`).
pub static CATALOGUE: [&Rule; 29] = [
    &JSON,
    &TYPE,
    &REQUIRED,
    &ENUM,
    &FORMAT,
    &INT64,
    &CLOUD_BODY,
    &UNKNOWN_EVENT,
    &NO_EVENT,
    &OTHER_EVENT,
    &OTHER_SUBJECT,
    &OTHER_PATH,
    &OUTSIDE_EVENT,
    &MISSING_PROPERTY,
    &UNDECLARED_PROPERTY,
    &REPEATED_KEY,
    &CONTRADICTORY_STATUS,
    &STORY_UNPLACED,
    &STORY_BEFORE_CREATION,
    &STORY_AFTER_REMOVAL,
    &STORY_REMOVED_SPACE,
    &STORY_REPEATED_ID,
    &STORY_CONTAINER,
    &STORY_TRASHED,
    &STORY_VERSION,
    &STORY_TIME,
    &STORY_SPACE,
    &STORY_CREATOR,
    &STORY_TITLE,
];
