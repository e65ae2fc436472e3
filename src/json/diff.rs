//! The differences of two JSON values in their structure: the order of members and white space do not count, the form of a
//! number does.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, Hash, RandomState};
use std::ops::Range;

use serde::Serialize;

use super::pointer::push_step;
use super::tree::{Member, Node, Value};

/// Aligning two arrays compares each item with each up to this many comparisons. Longer arrays are aligned by the items that
/// occur once in both.
const MAX_COMPARISONS: usize = 1 << 20;

/// The members that identify an object in an array, the best first.
const IDENTITIES: [&str; 6] = ["id", "accountId", "userKey", "key", "uuid", "name"];

/// How two values differ.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Differences {
    /// The differences, in the order of the values.
    pub differences: Vec<Difference>,
    /// How many more there are.
    pub omitted: usize,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// A JSON Pointer into the second value; of what was removed, into the first. Of a repeated key it means the last
    /// member, as readers of JSON do.
    pub pointer: String,
    /// What happened.
    pub change: Change,
    /// The value in the first body as it is written, cut after [`Limits::value`] bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// The value in the second body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// What happened to a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// Only the second body has it.
    Added,
    /// Only the first body has it.
    Removed,
    /// Both have it, and it differs.
    Changed,
}

/// How much is reported.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The most differences; the others are counted.
    pub differences: usize,
    /// The most bytes of a value.
    pub value: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { differences: 1000, value: 1024 }
    }
}

/// Compares two bodies and their trees.
///
/// Items of arrays are aligned, so that an item that is inserted in front is one difference: objects by a member that
/// identifies them (`id`, `accountId`, `key` and the like), other items by their value.
pub fn diff(before: (&[u8], &Node<'_>), after: (&[u8], &Node<'_>), limits: Limits) -> Differences {
    let mut comparison = Comparison {
        bodies: [before.0, after.0],
        limits,
        state: RandomState::new(),
        hashes: HashMap::new(),
        pointers: [String::new(), String::new()],
        result: Differences::default(),
    };
    comparison.compare(before.1, after.1);
    comparison.result
}

struct Comparison<'b> {
    bodies: [&'b [u8]; 2],
    limits: Limits,
    state: RandomState,
    /// The hash of each array and object that was hashed, by body and position: nested arrays are not hashed again.
    hashes: HashMap<(usize, usize), u64>,
    /// Into the first and the second body.
    pointers: [String; 2],
    result: Differences,
}

impl Comparison<'_> {
    /// Not deeper than the parser allows.
    fn compare(&mut self, before: &Node<'_>, after: &Node<'_>) {
        match (&before.value, &after.value) {
            (Value::Object(before), Value::Object(after)) => self.compare_objects(before, after),
            (Value::Array(before), Value::Array(after)) => self.compare_arrays(before, after),
            _ if is_same_scalar(before, after) => {}
            _ => self.add(Change::Changed, Some(before), Some(after)),
        }
    }

    fn compare_objects(&mut self, before: &[Member<'_>], after: &[Member<'_>]) {
        let (old, new) = (occurrences(before), occurrences(after));
        for (member, occurrence) in before.iter().zip(number_keys(before)) {
            let other = new.get(&occurrence).map(|index| &after[*index].node);
            self.step(Some(&member.key), other.is_some().then_some(&member.key), |this| match other {
                Some(other) => this.compare(&member.node, other),
                None => this.add(Change::Removed, Some(&member.node), None),
            });
        }
        for (member, occurrence) in after.iter().zip(number_keys(after)) {
            if !old.contains_key(&occurrence) {
                self.step(None, Some(&member.key), |this| this.add(Change::Added, None, Some(&member.node)));
            }
        }
    }

    fn compare_arrays(&mut self, before: &[Node<'_>], after: &[Node<'_>]) {
        let tokens = [self.tokens(0, before), self.tokens(1, after)];
        let (mut from, mut to) = (0, 0);
        let pairs = align(&tokens[0], &tokens[1]);
        for (i, j) in pairs.into_iter().chain([(before.len(), after.len())]) {
            self.compare_gap(before, after, (from..i, to..j), &tokens);
            if i < before.len() && j < after.len() {
                self.compare_items(before, after, i, j);
            }
            (from, to) = (i + 1, j + 1);
        }
    }

    /// Items between two aligned ones. Those without an identity are compared one by one, because a value that changed is
    /// one difference and not two.
    fn compare_gap(
        &mut self,
        before: &[Node<'_>],
        after: &[Node<'_>],
        (removed, added): (Range<usize>, Range<usize>),
        [old, new]: &[Vec<Token>; 2],
    ) {
        let is_value = |token: &Token| matches!(token, Token::Value(_));
        let common = removed.len().min(added.len());
        let pairs = (0..common).map(|step| (removed.start + step, added.start + step));
        let pairs: Vec<_> = pairs.take_while(|(i, j)| is_value(&old[*i]) && is_value(&new[*j])).collect();
        for &(i, j) in &pairs {
            self.compare_items(before, after, i, j);
        }
        for index in removed.skip(pairs.len()) {
            self.step(Some(&index.to_string()), None, |this| this.add(Change::Removed, Some(&before[index]), None));
        }
        for index in added.skip(pairs.len()) {
            self.step(None, Some(&index.to_string()), |this| this.add(Change::Added, None, Some(&after[index])));
        }
    }

    fn compare_items(&mut self, before: &[Node<'_>], after: &[Node<'_>], i: usize, j: usize) {
        self.step(Some(&i.to_string()), Some(&j.to_string()), |this| this.compare(&before[i], &after[j]));
    }

    /// Runs `inner` on a member or an item, which has this place in each of the bodies.
    fn step(&mut self, before: Option<&str>, after: Option<&str>, inner: impl FnOnce(&mut Self)) {
        let lengths = self.pointers.each_ref().map(String::len);
        for (pointer, key) in self.pointers.iter_mut().zip([before, after]) {
            if let Some(key) = key {
                push_step(pointer, key);
            }
        }
        inner(self);
        for (pointer, length) in self.pointers.iter_mut().zip(lengths) {
            pointer.truncate(length);
        }
    }

    fn add(&mut self, change: Change, before: Option<&Node<'_>>, after: Option<&Node<'_>>) {
        if self.result.differences.len() >= self.limits.differences {
            self.result.omitted += 1;
            return;
        }
        let text = |side: usize, node: &Node<'_>| cut(&self.bodies[side][node.span()], self.limits.value);
        let pointer = self.pointers[usize::from(change != Change::Removed)].clone();
        let (before, after) = (before.map(|node| text(0, node)), after.map(|node| text(1, node)));
        self.result.differences.push(Difference { pointer, change, before, after });
    }

    /// What items are aligned by.
    fn tokens(&mut self, side: usize, items: &[Node<'_>]) -> Vec<Token> {
        let identity = IDENTITIES.into_iter().find(|name| is_identity(name, items));
        let token = |item: &Node<'_>| match identity.and_then(|name| item.get(name)) {
            Some(identity) => Token::Identity(self.hash(side, identity)),
            None => Token::Value(self.hash(side, item)),
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

/// What an item of an array is aligned by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Token {
    /// The hash of the member that identifies it.
    Identity(u64),
    /// The hash of its value.
    Value(u64),
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

fn is_same_scalar(before: &Node<'_>, after: &Node<'_>) -> bool {
    match (&before.value, &after.value) {
        (Value::Null, Value::Null) => true,
        (Value::Boolean(before), Value::Boolean(after)) => before == after,
        (Value::Number(before), Value::Number(after)) => before == after,
        (Value::String(before), Value::String(after)) => before == after,
        _ => false,
    }
}

/// Each key, and how many members after this one have it too: readers take the last, so the last ones are compared.
fn number_keys<'n>(members: &'n [Member<'_>]) -> Vec<(&'n str, usize)> {
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

fn occurrences<'n>(members: &'n [Member<'_>]) -> HashMap<(&'n str, usize), usize> {
    number_keys(members).into_iter().enumerate().map(|(index, occurrence)| (occurrence, index)).collect()
}

/// Pairs equal items of two lists, in order in both.
fn align<T: Copy + Eq + Hash>(before: &[T], after: &[T]) -> Vec<(usize, usize)> {
    let start = before.iter().zip(after).take_while(|(old, new)| old == new).count();
    let (old, new) = (&before[start..], &after[start..]);
    let end = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
    let (old, new) = (&old[..old.len() - end], &new[..new.len() - end]);
    let middle = if old.len().saturating_mul(new.len()) <= MAX_COMPARISONS {
        longest_common(old, new)
    } else {
        common_once(old, new)
    };
    let ends = (0..end).map(|step| (before.len() - end + step, after.len() - end + step));
    let middle = middle.into_iter().map(|(i, j)| (start + i, start + j));
    (0..start).map(|index| (index, index)).chain(middle).chain(ends).collect()
}

/// The longest common subsequence.
fn longest_common<T: Eq>(before: &[T], after: &[T]) -> Vec<(usize, usize)> {
    let width = after.len() + 1;
    let mut lengths = vec![0_u32; (before.len() + 1) * width];
    for i in (0..before.len()).rev() {
        for j in (0..after.len()).rev() {
            lengths[i * width + j] = if before[i] == after[j] {
                lengths[(i + 1) * width + j + 1] + 1
            } else {
                lengths[(i + 1) * width + j].max(lengths[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
    while i < before.len() && j < after.len() {
        if before[i] == after[j] {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if lengths[(i + 1) * width + j] >= lengths[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

/// The longest sequence, in order in both, of items that occur once in each: patience sorting.
fn common_once<T: Copy + Eq + Hash>(before: &[T], after: &[T]) -> Vec<(usize, usize)> {
    let once = |items: &[T]| {
        let mut places: HashMap<T, Option<usize>> = HashMap::new();
        for (index, item) in items.iter().enumerate() {
            places.entry(*item).and_modify(|place| *place = None).or_insert(Some(index));
        }
        places
    };
    let (old, new) = (once(before), once(after));
    let candidates = before.iter().enumerate().filter_map(|(index, item)| {
        old.get(item).copied().flatten()?;
        Some((index, new.get(item).copied().flatten()?))
    });
    // The ends of the best sequences of each length, and what stands before each candidate in its sequence.
    let mut ends: Vec<usize> = Vec::new();
    let mut found: Vec<((usize, usize), Option<usize>)> = Vec::new();
    for pair in candidates {
        let length = ends.partition_point(|end| found[*end].0.1 < pair.1);
        let before = length.checked_sub(1).map(|shorter| ends[shorter]);
        match ends.get_mut(length) {
            Some(end) => *end = found.len(),
            None => ends.push(found.len()),
        }
        found.push((pair, before));
    }
    let last = ends.last().copied();
    let mut pairs: Vec<_> = std::iter::successors(last, |index| found[*index].1).map(|index| found[index].0).collect();
    pairs.reverse();
    pairs
}

/// At most so many bytes of a value, and `…` if there are more.
fn cut(value: &[u8], limit: usize) -> String {
    let text = String::from_utf8_lossy(value);
    if text.len() <= limit {
        return text.into_owned();
    }
    let end = (0..=limit).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
    format!("{}…", &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    fn differences(before: &str, after: &str) -> Vec<(Change, String)> {
        let (old, new) = (parse(before.as_bytes()).expect("JSON"), parse(after.as_bytes()).expect("JSON"));
        let found = diff((before.as_bytes(), &old), (after.as_bytes(), &new), Limits::default());
        assert_eq!(found.omitted, 0);
        found.differences.into_iter().map(|difference| (difference.change, difference.pointer)).collect()
    }

    #[test]
    fn order_of_members_and_white_space_do_not_count() {
        assert_eq!(differences(r#"{"a":1,"b":[{"x":1,"y":2}]}"#, "{ \"b\": [ {\"y\":2,\"x\":1} ],\n\"a\": 1 }"), []);
        assert_eq!(differences(r#"{"a":"\u00e9"}"#, r#"{"a":"é"}"#), []);
    }

    #[test]
    fn the_type_and_the_form_of_a_number_count() {
        use Change::Changed;
        for (before, after) in [("1", "1.0"), ("1", "\"1\""), ("null", "false"), ("{}", "[]"), ("1e2", "100")] {
            assert_eq!(differences(before, after), [(Changed, String::new())], "{before} {after}");
        }
    }

    #[test]
    fn items_are_aligned() {
        use Change::{Added, Changed, Removed};
        let at = |change, pointer: &str| (change, pointer.to_owned());
        assert_eq!(differences("[1,2,3]", "[0,1,2,3]"), [at(Added, "/0")]);
        assert_eq!(differences("[1,2,3]", "[1,3]"), [at(Removed, "/1")]);
        assert_eq!(differences("[1,2,3]", "[1,5,3]"), [at(Changed, "/1")]);
        let before = r#"[{"id":"1","t":"a"},{"id":"2","t":"b"}]"#;
        assert_eq!(
            differences(before, r#"[{"id":"0","t":"c"},{"id":"1","t":"a"},{"id":"2","t":"B"}]"#),
            [at(Added, "/0"), at(Changed, "/2/t")]
        );
        assert_eq!(differences(before, r#"[{"t":"b","id":"2"}]"#), [at(Removed, "/0")]);
    }

    #[test]
    fn of_repeated_keys_the_last_are_compared() {
        use Change::{Changed, Removed};
        let at = |change, pointer: &str| (change, pointer.to_owned());
        assert_eq!(differences(r#"{"a":1,"a":2}"#, r#"{"a":2}"#), [at(Removed, "/a")]);
        assert_eq!(differences(r#"{"a":1,"a":2}"#, r#"{"a":2,"a":1}"#), [at(Changed, "/a"), at(Changed, "/a")]);
    }

    #[test]
    fn differences_and_values_are_limited() {
        let (before, after) = (r#"{"a":"ééé","b":1}"#, "{}");
        let (old, new) = (parse(before.as_bytes()).expect("JSON"), parse(after.as_bytes()).expect("JSON"));
        let limits = Limits { differences: 1, value: 4 };
        let found = diff((before.as_bytes(), &old), (after.as_bytes(), &new), limits);
        assert_eq!((found.differences[0].before.as_deref(), found.omitted), (Some("\"é…"), 1));
    }

    #[test]
    fn deep_and_long_bodies_are_compared_in_less_than_quadratic_time() {
        let deep = |inner: &str| format!("{}{inner}{}", "[".repeat(127), "]".repeat(127));
        assert_eq!(differences(&deep("1"), &deep("2")).len(), 1);
        let long =
            |from: usize| format!("[{}]", (from..from + 20_000).map(|n| n.to_string()).collect::<Vec<_>>().join(","));
        assert_eq!(differences(&long(0), &long(3)).len(), 6);
        let shuffled =
            format!("[{}]", (0..20_000_usize).map(|n| (n * 7919 % 20_011).to_string()).collect::<Vec<_>>().join(","));
        let (before, after) = (long(0), shuffled);
        let (old, new) = (parse(before.as_bytes()).expect("JSON"), parse(after.as_bytes()).expect("JSON"));
        let found = diff((before.as_bytes(), &old), (after.as_bytes(), &new), Limits::default());
        assert!(found.omitted > 0);
    }
}
