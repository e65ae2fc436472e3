//! Compares two JSON values.

use std::collections::HashMap;
use std::ops::Range;

use super::align::align;
use super::difference::{Change, Difference, Differences, Limits};
use super::identity::{ItemToken, ValueHasher, number_keys};
use crate::json::pointer::push_step;
use crate::json::tree::{Member, Node, Value};

/// Compares two bodies and their trees.
///
/// Array items are aligned, so that an item inserted at the start is one difference. Objects are aligned by an identifying
/// member (`id`, `accountId`, `key` and others), and other items by value.
pub fn diff(before: (&[u8], &Node<'_>), after: (&[u8], &Node<'_>), limits: Limits) -> Differences {
    let mut comparison = Comparison {
        bodies: [before.0, after.0],
        limits,
        hasher: ValueHasher::default(),
        pointers: [String::new(), String::new()],
        result: Differences::default(),
    };
    comparison.compare(before.1, after.1);
    comparison.result
}

struct Comparison<'b> {
    bodies: [&'b [u8]; 2],
    limits: Limits,
    hasher: ValueHasher,
    /// The current JSON Pointers into the first and the second body.
    pointers: [String; 2],
    result: Differences,
}

impl Comparison<'_> {
    /// Compares two values. The parser limits the depth of this recursion.
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
        let tokens = [self.hasher.tokens(0, before), self.hasher.tokens(1, after)];
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

    /// Compares the items between two aligned pairs. Items without an identity are compared one by one, because a changed value is
    /// one difference and not two.
    fn compare_gap(
        &mut self,
        before: &[Node<'_>],
        after: &[Node<'_>],
        (removed, added): (Range<usize>, Range<usize>),
        [old, new]: &[Vec<ItemToken>; 2],
    ) {
        let is_value = |token: &ItemToken| matches!(token, ItemToken::Value(_));
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

    /// Runs `inner` with the pointers extended by these steps.
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

fn occurrences<'n>(members: &'n [Member<'_>]) -> HashMap<(&'n str, usize), usize> {
    number_keys(members).into_iter().enumerate().map(|(index, occurrence)| (occurrence, index)).collect()
}

/// Returns at most `limit` bytes of a value, followed by `…` if it is longer.
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
