//! The parts of a body that matter, and their description.

use std::fmt;

use serde::Serialize;

use crate::json::json_type::JsonType;

/// A part of a body that matters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Part {
    /// A JSON Pointer (RFC 6901) into the shrunk body; empty for the whole body.
    pub pointer: String,
    /// What is special about the part.
    #[serde(flatten)]
    pub kind: PartKind,
    /// Of a string: how many characters matter, and the original number of characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub characters: Option<(usize, usize)>,
}

/// What is special about a part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum PartKind {
    /// The receiver needs a member that is missing.
    Missing,
    /// The member must be present; its value does not matter.
    Presence,
    /// `null`
    Null,
    /// `[]`
    EmptyArray,
    /// `{}`
    EmptyObject,
    /// `""`
    EmptyString,
    /// The same key twice in one object.
    DuplicateKey,
    /// A character above U+FFFF, such as an emoji.
    Emoji,
    /// Hebrew, Arabic or another right-to-left script, or a mark that sets the direction.
    RightToLeft,
    /// Another non-ASCII character.
    NonAscii,
    /// A control character, escaped.
    ControlCharacter,
    /// Characters with a meaning in HTML, SQL or a path.
    SpecialText {
        /// The characters.
        text: String,
    },
    /// Many characters; which ones does not matter.
    LongText,
    /// An integer above 2^53.
    LargeInteger,
    /// A number with a fraction or an exponent.
    Fraction {
        /// The number.
        value: String,
    },
    /// Any value other than the usual one.
    UnusualValue {
        /// The usual value, as written in the body.
        usual: String,
    },
    /// A value of another type than usual.
    OtherType {
        /// The type of the value.
        found: JsonType,
        /// The type of a usual value.
        usual: JsonType,
    },
    /// Nested arrays and objects.
    DeepNesting {
        /// The number of levels.
        levels: usize,
    },
    /// A body with at least this many bytes.
    LongBody {
        /// The smallest number of bytes with which the receiver fails.
        length: usize,
    },
    /// This value and no other.
    ExactValue {
        /// The value, as written in the body.
        value: String,
    },
}

impl Part {
    /// Returns the part for the whole body.
    pub(super) const fn whole(kind: PartKind) -> Self {
        Self { pointer: String::new(), kind, characters: None }
    }

    /// Returns the part at a pointer.
    pub(super) fn at(pointer: &str) -> Self {
        Self { pointer: pointer.to_owned(), kind: PartKind::Presence, characters: None }
    }

    /// Returns its rank, the most telling first: an unusual value says more than an exact value.
    pub(super) const fn rank(&self) -> u8 {
        match self.kind {
            PartKind::ExactValue { .. } => 2,
            PartKind::Presence => 3,
            PartKind::EmptyObject => 1,
            _ => 0,
        }
    }
}

impl fmt::Display for Part {
    /// After `because of`: `an emoji in /page/title (1 of 14 characters)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pointer = &self.pointer;
        match &self.kind {
            PartKind::Missing => write!(f, "the missing {pointer}"),
            PartKind::Presence => write!(f, "the member {pointer}"),
            PartKind::Null => write!(f, "null in {pointer}"),
            PartKind::EmptyArray => write!(f, "an empty array in {pointer}"),
            PartKind::EmptyObject => write!(f, "an empty object in {pointer}"),
            PartKind::EmptyString => write!(f, "an empty string in {pointer}"),
            PartKind::DuplicateKey => write!(f, "the repeated key {pointer}"),
            PartKind::Emoji => write!(f, "an emoji in {pointer}"),
            PartKind::RightToLeft => write!(f, "right-to-left text in {pointer}"),
            PartKind::NonAscii => write!(f, "a non-ASCII character in {pointer}"),
            PartKind::ControlCharacter => write!(f, "a control character in {pointer}"),
            PartKind::SpecialText { text } => write!(f, "the text {text} in {pointer}"),
            PartKind::LongText => write!(f, "a long text in {pointer}"),
            PartKind::LargeInteger => write!(f, "an integer above 2^53 in {pointer}"),
            PartKind::Fraction { value } => write!(f, "the number {value} in {pointer}, which is not an integer"),
            PartKind::UnusualValue { usual } => write!(f, "a value other than {usual} in {pointer}"),
            PartKind::OtherType { found, usual } => write!(f, "{found} in {pointer} instead of {usual}"),
            PartKind::DeepNesting { levels } => write!(f, "{levels} levels of nesting at {pointer}"),
            PartKind::LongBody { length } => write!(f, "the length of the body, {length} bytes or more"),
            PartKind::ExactValue { value } => write!(f, "the value {value} in {pointer}"),
        }?;
        match self.characters {
            Some((kept, _)) if self.kind == PartKind::LongText => write!(f, " ({kept} characters or more)"),
            Some((kept, before)) => write!(f, " ({kept} of {before} characters)"),
            None => Ok(()),
        }
    }
}

/// Returns true if a pointer is equal to another one or below it.
pub(super) fn is_within(pointer: &str, other: &str) -> bool {
    pointer.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
