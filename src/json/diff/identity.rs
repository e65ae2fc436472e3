//! The identity of array items and object members.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};

use crate::json::tree::{Member, Node, Value};

/// Members that identify an object in an array, the best first.
const IDENTITIES: [&str; 6] = ["id", "accountId", "userKey", "key", "uuid", "name"];

/// The key for aligning an array item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum ItemToken {
    /// The hash of its identifying member.
    Identity(u64),
    /// The hash of the whole item.
    Value(u64),
}

/// Hashes the values of two bodies.
#[derive(Default)]
pub(super) struct ValueHasher {
    state: RandomState,
    /// The hashes of arrays and objects, by body and position, so that each is hashed only once.
    hashes: HashMap<(usize, usize), u64>,
}

impl ValueHasher {
    /// Returns the tokens of items.
    pub(super) fn tokens(&mut self, side: usize, items: &[Node<'_>]) -> Vec<ItemToken> {
        let identity = IDENTITIES.into_iter().find(|name| is_identity(name, items));
        let token = |item: &Node<'_>| match identity.and_then(|name| item.get(name)) {
            Some(identity) => ItemToken::Identity(self.hash(side, identity)),
            None => ItemToken::Value(self.hash(side, item)),
        };
        items.iter().map(token).collect()
    }

    /// Hashes a value. The order of members does not matter.
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

/// Returns whether every item has this member, with a string or number that no other item has.
fn is_identity(name: &str, items: &[Node<'_>]) -> bool {
    let mut known = HashSet::new();
    items.iter().all(|item| match item.get(name).map(|node| &node.value) {
        Some(Value::String(text)) => known.insert((true, text.as_ref())),
        Some(Value::Number(number)) => known.insert((false, *number)),
        _ => false,
    })
}

/// Numbers repeated keys from the end. Parsers keep the last value, so the last members of two objects are compared.
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
