//! Says what is special about the parts of a body that matter.

use std::collections::HashMap;

use crate::json;
use crate::json::json_type::JsonType;
use crate::json::number;

use super::differences::BodyChange;
use super::outline::{Leaf, depth};
use super::part::{Part, PartKind, is_within};
use super::text::characters;

/// A text with at least this many characters is long.
const LONG_TEXT: usize = 32;
/// A body with more levels of arrays and objects is deep.
const DEEP: usize = 4;
/// The largest integer up to which a double represents every integer.
const EXACT: u64 = 1 << 53;
/// The most characters of a value that are shown.
const MAX_SHOWN: usize = 40;

/// A leaf of the smallest body.
pub(super) struct ProbedLeaf {
    /// Its position among the leaves.
    pub(super) index: usize,
    pub(super) leaf: Leaf,
    /// Its value, as written in the body.
    pub(super) text: String,
    /// Does the receiver accept the body with another value in its place?
    pub(super) has_exact_value: bool,
    /// Does the receiver accept the body without it?
    pub(super) is_needed: bool,
}

/// Returns the parts that matter, the most telling first.
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
            // The receiver reads it before it fails.
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
    // Parts that a repair changes are first.
    let is_repaired = |part: &Part| repairs.iter().any(|repair| is_within(&part.pointer, &repair.pointer));
    found.sort_by_key(|part| (!is_repaired(part), part.rank()));
    found
}

/// Returns what is special about a value that matters.
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

/// Shortens a value for display.
fn cut(text: &str) -> String {
    if text.chars().count() <= MAX_SHOWN {
        return text.to_owned();
    }
    text.chars().take(MAX_SHOWN).chain(['…']).collect()
}
