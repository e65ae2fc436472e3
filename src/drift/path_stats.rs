//! The values at each path of the bodies of one event, declared or not: what a schema is inferred from.

use crate::json::json_type::JsonType;
use crate::json::{Node, Value};

use super::first_keys::{FirstKeys, MergeStats};
use super::last_members::last_members;
use super::value_stats::json_type;
use super::vec_map::VecMap;

/// An object with more different keys than this is a dictionary.
const MAX_KEYS: usize = 1000;

/// The values at one path: a property, or the items of an array.
#[derive(Debug, Default)]
pub(super) struct PathStats {
    /// The number of values of each type.
    pub(super) types: VecMap<JsonType, u64>,
    pub(super) members: FirstKeys<PathStats, MAX_KEYS>,
    pub(super) items: Option<Box<PathStats>>,
}

impl PathStats {
    pub(super) fn add(&mut self, node: &Node<'_>) {
        let json_type = json_type(&node.value);
        *self.types.get_or_insert(&json_type, || (json_type, 0)) += 1;
        match &node.value {
            Value::Array(items) => {
                let stats = self.items.get_or_insert_default();
                items.iter().for_each(|item| stats.add(item));
            }
            Value::Object(members) => {
                last_members(members).for_each(|(key, node)| self.members.entry(key, Self::default).add(node));
            }
            _ => {}
        }
    }

    /// The number of values of any type.
    pub(super) fn count(&self) -> u64 {
        self.types.values().sum()
    }
}

impl MergeStats for PathStats {
    fn merge_stats(&mut self, other: Self) {
        self.types.merge_stats(other.types);
        self.members.merge_stats(other.members);
        self.items.merge_stats(other.items);
    }
}

impl MergeStats for u64 {
    fn merge_stats(&mut self, other: Self) {
        *self += other;
    }
}
