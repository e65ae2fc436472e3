//! Statistics for each path in the bodies of an event.

use std::collections::HashMap;

use crate::json::json_type::JsonType;
use crate::json::{Member, Node, Value};

use super::first_keys::{FirstKeys, MergeStats};
use super::value_stats::{Cursor, TimeRange, ValueStats, json_type};
use super::vec_map::VecMap;

/// An object with more keys than this is a dictionary.
const MAX_KEYS: usize = 1000;
/// A property with more different strings than this is not an enum.
pub(super) const MAX_TEXTS: usize = 64;
/// Longer strings, in characters, are not enum values. They are counted together.
pub(super) const MAX_TEXT_LENGTH: usize = 40;

/// Statistics for the bodies of one event.
#[derive(Debug, Default)]
pub(super) struct EventStats {
    pub(super) bodies: u64,
    pub(super) times: TimeRange,
    pub(super) root: PathStats,
}

/// Statistics for one path: a property, or the items of an array.
#[derive(Debug, Default)]
pub(super) struct PathStats {
    pub(super) types: VecMap<JsonType, ValueStats>,
    pub(super) texts: FirstKeys<ValueStats, MAX_TEXTS>,
    pub(super) long_texts: Option<Box<ValueStats>>,
    pub(super) members: FirstKeys<PathStats, MAX_KEYS>,
    pub(super) items: Option<Box<PathStats>>,
}

impl EventStats {
    pub(super) fn add(&mut self, body: &Node<'_>, cursor: &mut Cursor<'_>) {
        self.bodies += 1;
        self.times.add(cursor.timestamp);
        self.root.add(body, cursor);
    }
}

impl MergeStats for EventStats {
    fn merge_stats(&mut self, other: Self) {
        self.bodies += other.bodies;
        self.times.merge(other.times);
        self.root.merge_stats(other.root);
    }
}

impl PathStats {
    fn add(&mut self, node: &Node<'_>, cursor: &mut Cursor<'_>) {
        let value = &node.value;
        cursor.number.1 += 1;
        let json_type = json_type(value);
        self.types.get_or_insert(&json_type, || (json_type, ValueStats::new(value, cursor))).add(cursor);
        match value {
            Value::String(text) => {
                let new = || ValueStats::new(value, cursor);
                let is_long = text.len() > MAX_TEXT_LENGTH && text.chars().nth(MAX_TEXT_LENGTH).is_some();
                let stats = if is_long {
                    self.long_texts.get_or_insert_with(|| Box::new(new()))
                } else {
                    self.texts.entry(text, new)
                };
                stats.add(cursor);
            }
            Value::Array(items) => {
                let stats = self.items.get_or_insert_default();
                for (index, item) in items.iter().enumerate() {
                    cursor.enter(&index.to_string(), |cursor| stats.add(item, cursor));
                }
            }
            Value::Object(members) => {
                // The last value of a repeated key counts.
                let last = last_of_each(members);
                for (index, Member { key, node, .. }) in members.iter().enumerate() {
                    if last.get(key.as_ref()).is_none_or(|last| *last == index) {
                        cursor.enter(key, |cursor| self.members.entry(key, Self::default).add(node, cursor));
                    }
                }
            }
            _ => {}
        }
    }

    /// Returns the number of values of any type.
    pub(super) fn count(&self) -> u64 {
        self.types.values().map(|stats| stats.count).sum()
    }

    /// Returns the combined statistics of all types.
    pub(super) fn total(&self) -> Option<ValueStats> {
        self.types.values().cloned().reduce(|mut total, stats| {
            total.merge_stats(stats);
            total
        })
    }
}

impl MergeStats for PathStats {
    fn merge_stats(&mut self, other: Self) {
        self.types.merge_stats(other.types);
        self.texts.merge_stats(other.texts);
        self.long_texts.merge_stats(other.long_texts);
        self.members.merge_stats(other.members);
        self.items.merge_stats(other.items);
    }
}

/// Returns the last index of each key.
fn last_of_each<'n>(members: &'n [Member<'_>]) -> HashMap<&'n str, usize> {
    let mut sorted: Vec<usize> = (0..members.len()).collect();
    sorted.sort_by_key(|&index| (&members[index].key, index));
    let repeated = sorted.windows(2).filter(|pair| members[pair[0]].key == members[pair[1]].key);
    // Later pairs replace earlier ones.
    repeated.map(|pair| (members[pair[1]].key.as_ref(), pair[1])).collect()
}
