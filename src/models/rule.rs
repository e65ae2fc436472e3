//! The rules of validation, one row for each.

use std::fmt;

use serde::{Serialize, Serializer};

/// How severe a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The document allows it, but it may be a mistake.
    Warning,
    /// The document does not allow it, or the request is not readable.
    Error,
}

/// Where a rule is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// The AsyncAPI document. Any JSON Schema validator reports the same.
    Document,
    /// `cfwh`. The document says nothing about it.
    Cfwh,
}

impl Severity {
    /// Returns the word for results: `warning` or `error`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl Origin {
    /// Returns the word for results: `document` or `cfwh`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::Cfwh => "cfwh",
        }
    }
}

/// The description of a rule.
#[derive(Debug, Serialize)]
pub struct RuleInfo {
    /// The stable id: `undeclared-property`.
    #[serde(rename = "rule")]
    pub id: &'static str,
    /// The severity without `--strict`.
    pub severity: Severity,
    /// Where the rule is from.
    pub origin: Origin,
    /// What the rule requires, in one sentence.
    pub description: &'static str,
    /// How to fix a violation. Empty if the fix depends on the violation.
    #[serde(skip)]
    pub help: &'static str,
}

macro_rules! rules {
    ($($rule:ident $id:literal $severity:ident $origin:ident $description:literal $(fix $help:literal)?;)*) => {
        /// A rule that validation checks.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Rule {
            $(#[doc = concat!("`", $id, "`: ", $description)] $rule,)*
        }

        impl Rule {
            /// All rules: the rules for single requests, then the rules for stories.
            pub const ALL: &'static [Self] = &[$(Self::$rule,)*];

            /// Returns the description of the rule.
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
    Json "json" Error Document "The body is JSON in UTF-8, without a byte order mark, nested at most 128 levels deep.";
    Type "type" Error Document "A declared property has its declared type.";
    Required "required" Error Document "The body has every property that the document requires.";
    Enum "enum" Error Document "A property with a declared list of values has one of these values.";
    Format "format" Error Document "A `date-time` is a valid RFC 3339 time. A `uri` is a URI with a scheme.";
    Int64 "int64" Error Document "An `int64` is between -9223372036854775808 and 9223372036854775807.";
    OtherSender "other-sender" Error Document
        "The body is from the sender of the profile, not from a different sender.";
    UnknownEvent "unknown-event" Error Document "The event exists: the document declares it, or Confluence is known to send it.";
    MissingEvent "missing-event" Error Cfwh
        "The event is named: by `--event`, by `event` in the body, or by the last segment of the URL path."
        fix "set it with `--event NAME`: bodies of Confluence Cloud have no `event`";
    EventMismatch "event-mismatch" Error Cfwh "`event` in the body matches `--event`.";
    PayloadMismatch "payload-mismatch" Error Cfwh
        "The body has the payload of its event, not the payload of a different entity."
        fix "change the event or the payload so that they match";
    PathMismatch "path-mismatch" Warning Cfwh
        "If the URL path ends with an event name, `event` in the body is the same.";
    UndocumentedEvent "undocumented-event" Warning Cfwh
        "The document declares the event."
        fix "respond with 2xx: cfwh does not check the payload of this event";
    MissingProperty "missing-property" Warning Cfwh "The body has every property that the document declares.";
    UndeclaredProperty "undeclared-property" Warning Cfwh "The document declares every property of the body.";
    UnseenValue "unseen-value" Warning Cfwh
        "If the document lists known values, the value is one of them."
        fix "make sure that your receiver accepts unknown values: the list has only values that were captured";
    RepeatedKey "repeated-key" Warning Cfwh "No object repeats a key, because parsers disagree on which value counts."
        fix "write the key once: most parsers keep the last value, but some keep the first";
    UnpairedSurrogate "unpaired-surrogate" Warning Cfwh
        "No string has an unpaired surrogate escape, because parsers handle it differently."
        fix "write the whole character: some parsers refuse the body, and others replace the escape with U+FFFD";
    NumberRange "number-range" Warning Cfwh "Every number fits a double, because parsers handle larger numbers differently."
        fix "write a smaller number or a string: some parsers refuse the body, and others read infinity";
    ContradictoryStatus "contradictory-status" Warning Cfwh
        "The status fits the event: a page in `page_trashed` is not `current`.";
    StoryUnidentified "story/unidentified" Error Cfwh
        "In a story, every body identifies its event and its subject.";
    StoryNotCreated "story/not-created" Error Cfwh
        "In a story, the first event about an object or a space is its creation.";
    StoryRemoved "story/removed" Error Cfwh "In a story, no event is about an object that was removed before.";
    StoryRemovedSpace "story/removed-space" Error Cfwh "In a story, no event is about content of a space that was removed before.";
    StoryRepeatedId "story/repeated-id" Error Cfwh "In a story, no two objects are created with the same id.";
    StoryContainer "story/container" Error Cfwh
        "In a story, a comment, an attachment or a label is on content that exists, and stays on it.";
    StoryTrashed "story/trashed" Error Cfwh
        "In a story, an object in the trash is only restored or removed, and only such an object is restored.";
    StoryVersion "story/version" Error Cfwh "In a story, versions start at 1, and every update increments the version.";
    StoryTime "story/time" Error Cfwh "In a story, times never decrease.";
    StorySpace "story/space" Error Cfwh "In a story, content changes its space only with a move.";
    StoryCreator "story/creator" Error Cfwh "In a story, the creator of something never changes.";
    StoryTitle "story/title" Error Cfwh
        "In a story, a title changes only with an update, and comments, attachments and labels have the current title of their page.";
}

impl Rule {
    /// Returns the stable id: `undeclared-property`.
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
