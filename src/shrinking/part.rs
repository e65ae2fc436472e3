//! The parts of a body that matter, and what they are in a few words.

use std::collections::HashMap;
use std::fmt;

use serde::Serialize;

use crate::json;
use crate::json::json_type::JsonType;
use crate::json::number;

use super::differences::BodyChange;
use super::outline::{Leaf, depth};
use super::text::characters;

/// A text of this many characters is long.
const LONG_TEXT: usize = 32;
/// Arrays and objects in one another, this many: deep.
const DEEP: usize = 4;
/// The largest integer that every smaller one can be told from in a double.
const EXACT: u64 = 1 << 53;
/// The most characters of a value that are shown.
const MAX_SHOWN: usize = 40;

/// A part of a body that matters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Part {
    /// A JSON Pointer (RFC 6901) into the shrunk body; empty for the whole body.
    pub pointer: String,
    /// What is special about it.
    #[serde(flatten)]
    pub kind: PartKind,
    /// How many characters matter, and how many there were; of a string.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub characters: Option<(usize, usize)>,
}

/// What is special about a part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum PartKind {
    /// The receiver needs something that is not there.
    Missing,
    /// The member must be there; its value does not matter.
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
    /// A character beyond the basic plane, as emoji are.
    Emoji,
    /// Hebrew, Arabic or another script from right to left, or a control character for that.
    RightToLeft,
    /// Another character beyond ASCII.
    NonAscii,
    /// A control character, escaped.
    ControlCharacter,
    /// Characters that mean something in HTML, SQL or a path.
    SpecialText {
        /// They.
        text: String,
    },
    /// Many characters, whichever they are.
    LongText,
    /// An integer beyond 2^53.
    LargeInteger,
    /// A number with a fraction or an exponent.
    Fraction {
        /// It.
        value: String,
    },
    /// Any other value than a usual one.
    UnusualValue {
        /// The usual one, as it is written.
        usual: String,
    },
    /// A value of another type than usual.
    OtherType {
        /// Its type.
        found: JsonType,
        /// That of a usual value.
        usual: JsonType,
    },
    /// Arrays and objects in one another.
    DeepNesting {
        /// How many.
        levels: usize,
    },
    /// A body with as many bytes.
    LongBody {
        /// The fewest with which it fails.
        length: usize,
    },
    /// This value and no other.
    ExactValue {
        /// It, as it is written.
        value: String,
    },
}

impl Part {
    /// Returns a part that is the whole body.
    pub(super) const fn whole(kind: PartKind) -> Self {
        Self { pointer: String::new(), kind, characters: None }
    }

    /// Returns a part of which only the place is known.
    pub(super) fn at(pointer: &str) -> Self {
        Self { pointer: pointer.to_owned(), kind: PartKind::Presence, characters: None }
    }

    /// Returns how telling it is: what is strange is more so than an exact value.
    const fn rank(&self) -> u8 {
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
            PartKind::DuplicateKey => write!(f, "a key that is there twice, {pointer}"),
            PartKind::Emoji => write!(f, "an emoji in {pointer}"),
            PartKind::RightToLeft => write!(f, "text from right to left in {pointer}"),
            PartKind::NonAscii => write!(f, "a character beyond ASCII in {pointer}"),
            PartKind::ControlCharacter => write!(f, "a control character in {pointer}"),
            PartKind::SpecialText { text } => write!(f, "the text {text} in {pointer}"),
            PartKind::LongText => write!(f, "a long text in {pointer}"),
            PartKind::LargeInteger => write!(f, "an integer beyond 2^53 in {pointer}"),
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

/// A leaf of the smallest body.
pub(super) struct ProbedLeaf {
    /// Its number.
    pub(super) index: usize,
    pub(super) leaf: Leaf,
    /// As it is written.
    pub(super) text: String,
    /// Does the receiver not fail with an ordinary value in its place?
    pub(super) has_exact_value: bool,
    /// Does the failure need it at all?
    pub(super) is_needed: bool,
}

/// Names the parts that matter, the most telling first.
pub(super) fn parts(
    body: &[u8],
    leaves: &[ProbedLeaf],
    repairs: &[BodyChange],
    lengths: &HashMap<usize, usize>,
    reference: Option<&[u8]>,
) -> Vec<Part> {
    let reference = reference.and_then(|reference| json::parse(reference).ok());
    let usual_type = |pointer: &str| {
        let repaired = repairs.iter().find(|repair| repair.pointer == pointer).and_then(|repair| repair.other_type);
        repaired.or_else(|| reference.as_ref()?.at(pointer).map(|node| node.value.json_type()))
    };
    let usual_text = |pointer: &str| repairs.iter().find(|repair| repair.pointer == pointer)?.other_text.as_deref();
    let missing = repairs.iter().filter(|repair| repair.is_missing);
    let mut found: Vec<Part> =
        missing.map(|repair| Part { kind: PartKind::Missing, ..Part::at(&repair.pointer) }).collect();
    let levels = depth(body);
    for ProbedLeaf { index, leaf, text, has_exact_value: matters, is_needed } in leaves {
        let is_in_missing =
            found.iter().any(|part| part.kind == PartKind::Missing && is_within(&part.pointer, &leaf.pointer));
        let usual = usual_type(&leaf.pointer).filter(|usual| *usual != leaf.json_type);
        let is_repaired = repairs.iter().any(|repair| is_within(&leaf.pointer, &repair.pointer));
        let kind = if leaf.has_twin {
            PartKind::DuplicateKey
        } else if is_in_missing || !*is_needed && !is_repaired {
            // The receiver reads it before it makes its mistake.
            continue;
        } else if let Some(usual) = usual.filter(|_| !matters && is_repaired) {
            PartKind::OtherType { found: leaf.json_type, usual }
        } else if *matters {
            value_kind(leaf, text)
        } else if let Some(usual) = usual_text(&leaf.pointer) {
            PartKind::UnusualValue { usual: cut(usual) }
        } else if levels > DEEP && leaf.pointer.matches('/').count() + 1 >= levels - 1 {
            PartKind::DeepNesting { levels }
        } else {
            PartKind::Presence
        };
        let is_text = matches!(
            kind,
            PartKind::Emoji
                | PartKind::RightToLeft
                | PartKind::NonAscii
                | PartKind::ControlCharacter
                | PartKind::SpecialText { .. }
                | PartKind::LongText
        );
        let kept = characters(text.trim_matches('"')).len();
        let characters = lengths.get(index).filter(|_| is_text).map(|before| (kept, *before));
        found.push(Part { kind, characters, ..Part::at(&leaf.pointer) });
    }
    found.dedup_by(|later, earlier| {
        later.kind == PartKind::DuplicateKey && (&later.pointer, &later.kind) == (&earlier.pointer, &earlier.kind)
    });
    // What a repair is about comes first.
    let is_repaired = |part: &Part| repairs.iter().any(|repair| is_within(&part.pointer, &repair.pointer));
    found.sort_by_key(|part| (!is_repaired(part), part.rank()));
    found
}

/// Is a pointer at another one, or below it?
pub(super) fn is_within(pointer: &str, other: &str) -> bool {
    pointer.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Says what is special about a value that matters.
fn value_kind(leaf: &Leaf, text: &str) -> PartKind {
    let exact = || PartKind::ExactValue { value: cut(text) };
    match leaf.json_type {
        JsonType::Null => PartKind::Null,
        JsonType::Array => PartKind::EmptyArray,
        JsonType::Object => PartKind::EmptyObject,
        JsonType::Number | JsonType::Integer => {
            let digits = text.trim_start_matches('-');
            if text.contains(['.', 'e', 'E']) {
                PartKind::Fraction { value: cut(text) }
            } else if number::to_i64(text).is_none_or(|value| value.unsigned_abs() > EXACT) && digits.len() > 15 {
                PartKind::LargeInteger
            } else {
                exact()
            }
        }
        JsonType::String => string_kind(text).unwrap_or_else(exact),
        JsonType::Boolean => exact(),
    }
}

fn string_kind(text: &str) -> Option<PartKind> {
    let decoded = json::parse(text.as_bytes()).ok()?;
    let decoded = decoded.as_str()?;
    let count = decoded.chars().count();
    let kind = if decoded.is_empty() {
        PartKind::EmptyString
    } else if count >= LONG_TEXT && decoded.chars().all(|character| character == 'a') {
        PartKind::LongText
    } else if decoded.chars().any(is_right_to_left) {
        PartKind::RightToLeft
    } else if decoded.chars().any(|character| u32::from(character) > 0xffff) {
        PartKind::Emoji
    } else if !decoded.is_ascii() {
        PartKind::NonAscii
    } else if decoded.chars().any(char::is_control) {
        PartKind::ControlCharacter
    } else if count <= 3 && decoded.contains(|character: char| !character.is_alphanumeric()) {
        PartKind::SpecialText { text: text.to_owned() }
    } else {
        return None;
    };
    Some(kind)
}

/// Hebrew, Arabic, Syriac, Thaana, N'Ko and their presentation forms, and the marks that set the direction.
const fn is_right_to_left(character: char) -> bool {
    matches!(character, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' | '\u{200f}' | '\u{202b}' | '\u{202e}' | '\u{2067}')
}

/// A value that may be long, as it is shown.
fn cut(text: &str) -> String {
    if text.chars().count() <= MAX_SHOWN {
        return text.to_owned();
    }
    text.chars().take(MAX_SHOWN).chain(['…']).collect()
}
