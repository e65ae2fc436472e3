//! Which items of two arrays, and which members of two objects, are the same.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};

use crate::json::tree::{Member, Node, Value};

/// The members that identify an object in an array, the best first.
const IDENTITIES: [&str; 6] = ["id", "accountId", "userKey", "key", "uuid", "name"];

/// What an item of an array is aligned by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum ItemToken {
    /// The hash of the member that identifies it.
    Identity(u64),
    /// The hash of its value.
    Value(u64),
}

/// Hashes the values of two bodies.
#[derive(Default)]
pub(super) struct ValueHasher {
    state: RandomState,
    /// The hash of each array and object that was hashed, by body and position: nested arrays are not hashed again.
    hashes: HashMap<(usize, usize), u64>,
}

impl ValueHasher {
    /// What items are aligned by.
    pub(super) fn tokens(&mut self, side: usize, items: &[Node<'_>]) -> Vec<ItemToken> {
        let identity = IDENTITIES.into_iter().find(|name| is_identity(name, items));
        let token = |item: &Node<'_>| match identity.and_then(|name| item.get(name)) {
            Some(identity) => ItemToken::Identity(self.hash(side, identity)),
            None => ItemToken::Value(self.hash(side, item)),
        };
        items.iter().map(token).collect()
    }

    /// Hashes a value so that equal values have equal hashes: the order of members does not count.
    fn hash(&mut self, side: usize, node: &Node<'_>) -> u64 {
        let place = (side, node.span().start);
        let hash = match &node.value {
            Value::Null => self.state.hash_one(0),
            Value::Boolean(boolean) => self.state.hash_one((1, boolean)),
            Value::Number(number) => self.state.hash_one((2, number)),
            Value::String(text) => self.state.hash_one((3, text)),
            Value::Array(_) | Value::Object(_) if self.hashes.contains_key(&place) => self.hashes[&place],
            Value::Array(items) => {
                let items: Vec<_> = items.iter().map(|item| self.hash(side, item)).collect();
                self.state.hash_one((4, items))
            }
            Value::Object(members) => {
                let numbered: Vec<_> = number_keys(members);
                let add = |sum: u64, (member, occurrence): (&Member<'_>, (&str, usize))| {
                    let value = self.hash(side, &member.node);
                    sum.wrapping_add(self.state.hash_one((occurrence, value)))
                };
                let sum = members.iter().zip(numbered).fold(0, add);
                self.state.hash_one((5, members.len(), sum))
            }
        };
        if matches!(node.value, Value::Array(_) | Value::Object(_)) {
            self.hashes.insert(place, hash);
        }
        hash
    }
}

/// Does every item have a member of this name, a text or a number that no other item has?
fn is_identity(name: &str, items: &[Node<'_>]) -> bool {
    let mut known = HashSet::new();
    items.iter().all(|item| match item.get(name).map(|node| &node.value) {
        Some(Value::String(text)) => known.insert((true, text.as_ref())),
        Some(Value::Number(number)) => known.insert((false, *number)),
        _ => false,
    })
}

/// Each key, and how many members after this one have it too: readers take the last, so the last ones are compared.
pub(super) fn number_keys<'n>(members: &'n [Member<'_>]) -> Vec<(&'n str, usize)> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    let mut numbered: Vec<_> = members
        .iter()
        .rev()
        .map(|member| {
            let count = counts.entry(member.key.as_ref()).or_default();
            *count += 1;
            (member.key.as_ref(), *count)
        })
        .collect();
    numbered.reverse();
    numbered
}
