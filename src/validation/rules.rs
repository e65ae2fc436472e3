//! Every rule that a finding can name, and what a schema cannot say about an event.

use crate::models::event::EventKind;

use super::report::Severity;

/// One thing that `validate` looks for.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// The stable name: `type`, `undeclared-property`.
    pub id: &'static str,
    /// How bad it is, without `--strict`.
    pub severity: Severity,
    /// Whose rule it is.
    pub origin: Origin,
    /// What holds when the rule is kept, in one sentence.
    pub sentence: &'static str,
}

/// Whose rule it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// All rules, errors first.
pub static CATALOGUE: [&Rule; 17] = [
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
];

/// Does the payload's `status` contradict what happened? What was just trashed is `trashed`; what was just made,
/// changed or restored is not. Of what was removed for good the document and the field say nothing either way.
#[must_use]
pub fn status_contradicts(kind: EventKind, status: &str) -> bool {
    use EventKind as E;
    match kind {
        E::PageTrashed => matches!(status, "current" | "draft"),
        E::PageCreated
        | E::PageUpdated
        | E::PageRestored
        | E::CommentCreated
        | E::CommentUpdated
        | E::AttachmentCreated
        | E::AttachmentUpdated
        | E::BlogCreated
        | E::BlogUpdated => status == "trashed",
        E::PageRemoved
        | E::CommentRemoved
        | E::AttachmentRemoved
        | E::BlogRemoved
        | E::SpaceCreated
        | E::SpaceUpdated
        | E::SpaceRemoved
        | E::LabelCreated
        | E::LabelRemoved => false,
    }
}
