//! How the values at one path differ from what is declared there.
//!
//! Everything that a report says is counted here, and nothing else: so the counts of a report can be
//! [restored](super::restore), and adding up reports gives the report of all bodies.

use std::collections::BTreeSet;

use crate::json::json_type::JsonType;
use crate::json::{Node, Value, escape_step};
use crate::profiles::shape::Shape;

use super::first_keys::{FirstKeys, MergeStats};
use super::last_members::last_members;
use super::value_stats::{Cursor, TimeRange, ValueStats, json_type};
use super::vec_map::VecMap;

/// An object with more undeclared keys than this is a dictionary.
const MAX_KEYS: usize = 1000;
/// Longer keys, in bytes, are counted together: with them, a pointer would be too long.
const MAX_KEY_LENGTH: usize = 200;
/// More different words than this are not a list of values.
const MAX_WORDS: usize = 64;
/// Longer texts, in characters, are not words of a list; they are counted together.
const MAX_TEXT_LENGTH: usize = 40;

/// The key that stands for the properties that are counted together.
pub(super) const OTHER_KEYS: &str = "*";
/// What is found where words are counted together.
pub(super) const OTHER_WORDS: &str = "other values";

/// The bodies of one event.
#[derive(Debug)]
pub(super) struct EventCounts<'d> {
    pub(super) shape: &'d Shape,
    pub(super) bodies: u64,
    pub(super) times: TimeRange,
    pub(super) root: ShapeCounts,
}

/// The values at one path: a declared property, or the items of an array.
#[derive(Debug, Default)]
pub(super) struct ShapeCounts {
    /// Is one of the values an object, as declared?
    pub(super) is_object: bool,
    /// The values of other types than the declared.
    pub(super) types: VecMap<JsonType, ValueStats>,
    /// The texts that are not in the declared list and look like words of one.
    pub(super) words: FirstKeys<ValueStats, MAX_WORDS>,
    /// The other texts that are not in the declared list, by what is shown of them.
    pub(super) texts: VecMap<Box<str>, ValueStats>,
    /// The properties that are not declared, by their step in a pointer.
    pub(super) undeclared: FirstKeys<UndeclaredCounts, MAX_KEYS>,
    /// The declared properties that were seen.
    pub(super) properties: VecMap<&'static str, ShapeCounts>,
    pub(super) items: Option<Box<ShapeCounts>>,
}

/// The values of a property that is not declared.
#[derive(Debug)]
pub(super) struct UndeclaredCounts {
    pub(super) types: BTreeSet<JsonType>,
    pub(super) seen: ValueStats,
}

impl<'d> EventCounts<'d> {
    pub(super) fn new(shape: &'d Shape) -> Self {
        Self { shape, bodies: 0, times: TimeRange::default(), root: ShapeCounts::default() }
    }

    pub(super) fn add(&mut self, body: &Node<'_>, cursor: &mut Cursor<'_>) {
        self.bodies += 1;
        self.times.add(cursor.timestamp);
        self.root.add(body, self.shape, cursor);
    }
}

impl MergeStats for EventCounts<'_> {
    fn merge_stats(&mut self, other: Self) {
        self.bodies += other.bodies;
        self.times.merge(other.times);
        self.root.merge_stats(other.root);
    }
}

impl ShapeCounts {
    fn add(&mut self, node: &Node<'_>, shape: &Shape, cursor: &mut Cursor<'_>) {
        let value = &node.value;
        let json_type = json_type(value);
        if shape.types.as_ref().is_some_and(|types| !types.value.contains(&json_type)) {
            self.types.get_or_insert(&json_type, || (json_type, ValueStats::new(value, cursor))).add(value, cursor);
        }
        match (value, &shape.items) {
            (Value::String(text), _) => self.add_text(text, value, shape, cursor),
            (Value::Array(items), Some(declared)) => {
                let counts = self.items.get_or_insert_default();
                for (index, item) in items.iter().enumerate() {
                    cursor.enter(&index.to_string(), |cursor| counts.add(item, declared, cursor));
                }
            }
            (Value::Object(members), _) if shape.allows(JsonType::Object) => {
                self.is_object = true;
                for (key, node) in last_members(members) {
                    cursor.enter(key, |cursor| self.add_member(key, node, shape, cursor));
                }
            }
            _ => {}
        }
    }

    fn add_member(&mut self, key: &str, node: &Node<'_>, shape: &Shape, cursor: &mut Cursor<'_>) {
        if let Some(property) = shape.properties.iter().find(|property| property.name == key) {
            let new = || (property.name, Self::default());
            return self.properties.get_or_insert(&property.name, new).add(node, &property.shape, cursor);
        }
        let new = || UndeclaredCounts { types: BTreeSet::new(), seen: ValueStats::new(&node.value, cursor) };
        let counts = if key == OTHER_KEYS || key.len() > MAX_KEY_LENGTH {
            self.undeclared.rest_entry(new)
        } else {
            self.undeclared.entry(&escape_step(key), new)
        };
        counts.types.insert(json_type(&node.value));
        counts.seen.add(&node.value, cursor);
    }

    fn add_text(&mut self, text: &str, value: &Value<'_>, shape: &Shape, cursor: &Cursor<'_>) {
        if shape.values.as_ref().or(shape.seen.as_ref()).is_none_or(|values| values.value.contains(&text)) {
            return;
        }
        let new = || ValueStats::new(value, cursor);
        let stats = if is_word(text) {
            self.words.entry(text, new)
        } else {
            let shown = redact(text);
            self.texts.get_or_insert(&*shown, || (shown.as_str().into(), new()))
        };
        stats.add(value, cursor);
    }
}

impl MergeStats for ShapeCounts {
    fn merge_stats(&mut self, other: Self) {
        self.is_object |= other.is_object;
        self.types.merge_stats(other.types);
        self.words.merge_stats(other.words);
        self.texts.merge_stats(other.texts);
        self.undeclared.merge_stats(other.undeclared);
        self.properties.merge_stats(other.properties);
        self.items.merge_stats(other.items);
    }
}

impl MergeStats for UndeclaredCounts {
    fn merge_stats(&mut self, other: Self) {
        self.types.extend(other.types);
        self.seen.merge_stats(other.seen);
    }
}

/// A text that looks like a word of a list is needed to fix the list; any other text may be private.
pub(super) fn is_word(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    (1..=MAX_TEXT_LENGTH).contains(&text.len()) && text.bytes().all(is_part)
}

/// What is shown of a text that is not a word.
fn redact(text: &str) -> String {
    match text.chars().take(MAX_TEXT_LENGTH + 1).count() {
        length if length > MAX_TEXT_LENGTH => format!("text of more than {MAX_TEXT_LENGTH} characters"),
        length => format!("text of {length} characters"),
    }
}
