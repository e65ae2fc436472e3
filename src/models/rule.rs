//! The rules that findings name: one row for each.

use std::fmt;

use serde::{Serialize, Serializer};

/// How bad it is to break a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The document allows it; it may still be a mistake.
    Warning,
    /// The document does not allow it, or the request cannot be understood.
    Error,
}

/// Who made a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// The AsyncAPI document: an independent JSON Schema validator agrees.
    Document,
    /// `cfwh`: the document does not say.
    Cfwh,
}

impl Severity {
    /// The word in results: `warning` or `error`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl Origin {
    /// The word in results: `document` or `cfwh`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::Cfwh => "cfwh",
        }
    }
}

/// What is known about a rule.
#[derive(Debug, Serialize)]
pub struct RuleInfo {
    /// The stable name: `undeclared-property`.
    #[serde(rename = "rule")]
    pub id: &'static str,
    /// How bad it is to break the rule, without `--strict`.
    pub severity: Severity,
    /// Who made the rule.
    pub origin: Origin,
    /// What holds when nothing breaks the rule, in one sentence.
    pub description: &'static str,
    /// How to fix a violation; empty if that is not always the same.
    #[serde(skip)]
    pub help: &'static str,
}

macro_rules! rules {
    ($($rule:ident $id:literal $severity:ident $origin:ident $description:literal $(fix $help:literal)?;)*) => {
        /// Something that validation checks.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Rule {
            $(#[doc = concat!("`", $id, "`: ", $description)] $rule,)*
        }

        impl Rule {
            /// All rules: those of a single request, then those of stories.
            pub const ALL: &'static [Self] = &[$(Self::$rule,)*];

            /// What is known about the rule.
            pub const fn info(self) -> &'static RuleInfo {
                match self {
                    $(Self::$rule => &RuleInfo {
                        id: $id,
                        severity: Severity::$severity,
                        origin: Origin::$origin,
                        description: $description,
                        help: concat!($($help)?),
                    },)*
                }
            }
        }
    };
}

rules! {
    Json "json" Error Document "The body is JSON in UTF-8, without a byte order mark and at most 128 levels deep.";
    Type "type" Error Document "Every declared property has the declared type.";
    Required "required" Error Document "Every property that the document requires is present.";
    Enum "enum" Error Document "Every property with a declared list of values has one of them.";
    Format "format" Error Document "A `date-time` is an RFC 3339 time that exists; a `uri` is a URI with a scheme.";
    Int64 "int64" Error Document "An `int64` lies between -9223372036854775808 and 9223372036854775807.";
    OtherSender "other-sender" Error Document
        "The body has the form that the profile declares, not that of another sender.";
    UnknownEvent "unknown-event" Error Document "The event is one of the nineteen that the document declares.";
    MissingEvent "missing-event" Error Cfwh
        "The event is known: from `--event`, from the body's `event` or from the last segment of the URL's path."
        fix "name it with `--event NAME`: bodies of Confluence Cloud have no `event`";
    EventMismatch "event-mismatch" Error Cfwh "The body's `event` is the one that `--event` names.";
    PayloadMismatch "payload-mismatch" Error Cfwh
        "The body contains the payload of its event, not that of another entity instead."
        fix "change either the event or the payload";
    PathMismatch "path-mismatch" Warning Cfwh
        "If the URL's path ends in the name of an event, the body's `event` is the same.";
    UndocumentedEvent "undocumented-event" Warning Cfwh
        "The event is one of the nineteen, not one of the others that Confluence is known to send."
        fix "respond to it with a 2xx: its payload is not checked";
    MissingProperty "missing-property" Warning Cfwh "Every property that the document declares is present.";
    UndeclaredProperty "undeclared-property" Warning Cfwh "Every property is one that the document declares.";
    UnseenValue "unseen-value" Warning Cfwh
        "Where the document lists the values that were seen, the value is one of them."
        fix "let the receiver handle it: a sender may send values that nobody has captured";
    RepeatedKey "repeated-key" Warning Cfwh "No object has the same key twice: parsers disagree on which one counts."
        fix "write it once: most parsers keep the last value, some the first";
    UnpairedSurrogate "unpaired-surrogate" Warning Cfwh
        "No string has half of a surrogate pair as an escape: parsers disagree on it."
        fix "write the whole character: some parsers refuse the body, others replace the half with another character";
    NumberRange "number-range" Warning Cfwh "Every number fits a double: parsers disagree on larger ones."
        fix "write a smaller number, or a string: some parsers refuse the body, others read infinity";
    ContradictoryStatus "contradictory-status" Warning Cfwh
        "The status does not contradict the event: a `page_trashed` is not `current`.";
    StoryUnidentified "story/unidentified" Error Cfwh
        "In a story, every body identifies its event and what the event is about.";
    StoryNotCreated "story/not-created" Error Cfwh
        "In a story, everything is created before anything else happens to it, and so is its space.";
    StoryRemoved "story/removed" Error Cfwh "In a story, nothing happens to anything after it was removed.";
    StoryRemovedSpace "story/removed-space" Error Cfwh "In a story, removing a space removes its content too.";
    StoryRepeatedId "story/repeated-id" Error Cfwh "In a story, every id is created once.";
    StoryContainer "story/container" Error Cfwh
        "In a story, what a comment, an attachment or a label is on exists, and they stay on it.";
    StoryTrashed "story/trashed" Error Cfwh
        "In a story, what is in the trash is only restored or removed, and only that is restored.";
    StoryVersion "story/version" Error Cfwh "In a story, the first version is 1, and every update increments it.";
    StoryTime "story/time" Error Cfwh "In a story, times never decrease.";
    StorySpace "story/space" Error Cfwh "In a story, content stays in its space unless it is moved.";
    StoryCreator "story/creator" Error Cfwh "In a story, the creator of something never changes.";
    StoryTitle "story/title" Error Cfwh
        "In a story, a title changes only with an update, and bodies about what is on a page contain its current title.";
}

impl Rule {
    /// The stable name: `undeclared-property`.
    pub const fn id(self) -> &'static str {
        self.info().id
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.id())
    }
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}
