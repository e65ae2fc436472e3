//! The members of an object as most parsers see them.

use std::collections::HashMap;

use crate::json::{Member, Node};

/// The members of an object. Of a repeated key, the last value counts.
pub(super) fn last_members<'n>(members: &'n [Member<'_>]) -> impl Iterator<Item = (&'n str, &'n Node<'n>)> {
    let last = last_of_each(members);
    let is_last = move |index: usize, key: &str| last.get(key).is_none_or(|last| *last == index);
    let members = members.iter().enumerate().filter(move |(index, member)| is_last(*index, &member.key));
    members.map(|(_, Member { key, node, .. })| (key.as_ref(), node))
}

/// The last index of each key that is repeated.
fn last_of_each<'n>(members: &'n [Member<'_>]) -> HashMap<&'n str, usize> {
    let mut sorted: Vec<usize> = (0..members.len()).collect();
    sorted.sort_by_key(|&index| (&members[index].key, index));
    let repeated = sorted.windows(2).filter(|pair| members[pair[0]].key == members[pair[1]].key);
    // A later pair replaces an earlier one.
    repeated.map(|pair| (members[pair[1]].key.as_ref(), pair[1])).collect()
}
