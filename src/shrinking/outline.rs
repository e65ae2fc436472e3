//! Finds the members and items of a body at each depth, and its leaves.

use std::ops::Range;

use crate::json::json_type::JsonType;
use crate::json::{self, Node, Replacement, Value, push_step, removals};

/// A value that is not an array or object with content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Leaf {
    /// A JSON Pointer (RFC 6901).
    pub(super) pointer: String,
    pub(super) span: Range<usize>,
    pub(super) json_type: JsonType,
    /// The key with its quotes, unless it is an item or the whole body.
    pub(super) key_span: Option<Range<usize>>,
    /// Does its object have the same key twice?
    pub(super) has_twin: bool,
}

/// Returns the leaves in the order of the body.
pub(super) fn leaves(body: &[u8]) -> Vec<Leaf> {
    let mut found = Vec::new();
    if let Ok(root) = json::parse(body) {
        add_leaves(&root, &mut String::new(), None, false, &mut found);
    }
    found
}

fn add_leaves(
    node: &Node<'_>,
    pointer: &mut String,
    key_span: Option<Range<usize>>,
    has_twin: bool,
    found: &mut Vec<Leaf>,
) {
    let length = pointer.len();
    match &node.value {
        Value::Object(members) if !members.is_empty() => {
            for member in members {
                let has_twin = members.iter().filter(|other| other.key == member.key).count() > 1;
                push_step(pointer, &member.key);
                add_leaves(&member.node, pointer, Some(member.key_span()), has_twin, found);
                pointer.truncate(length);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for (index, item) in items.iter().enumerate() {
                push_step(pointer, &index.to_string());
                add_leaves(item, pointer, None, false, found);
                pointer.truncate(length);
            }
        }
        value => {
            let (pointer, span) = (pointer.clone(), node.span());
            found.push(Leaf { pointer, span, json_type: value.json_type(), key_span, has_twin });
        }
    }
}

/// Returns the spans of the members and items of this depth, from 1, for each object and array that has any.
pub(super) fn entries(body: &[u8], depth: usize) -> Vec<Vec<Range<usize>>> {
    let mut found = Vec::new();
    if let Ok(root) = json::parse(body) {
        add_entries(&root, depth, &mut found);
    }
    found
}

fn add_entries(node: &Node<'_>, depth: usize, found: &mut Vec<Vec<Range<usize>>>) {
    let entries: Vec<_> = match &node.value {
        Value::Object(members) => {
            members.iter().map(|member| (member.key_span().start..member.node.span().end, &member.node)).collect()
        }
        Value::Array(items) => items.iter().map(|item| (item.span(), item)).collect(),
        _ => return,
    };
    if depth > 1 {
        for (_, node) in entries {
            add_entries(node, depth - 1, found);
        }
    } else if !entries.is_empty() {
        found.push(entries.into_iter().map(|(span, _)| span).collect());
    }
}

/// Returns the replacements that remove all entries but the `kept` ones.
pub(super) fn cuts(groups: &[Vec<Range<usize>>], kept: &[bool]) -> Vec<Replacement> {
    let mut kept = kept.iter();
    let mut cut = Vec::new();
    for group in groups {
        let entries: Vec<_> = group.iter().zip(kept.by_ref()).map(|(span, kept)| (span.clone(), !kept)).collect();
        cut.extend(removals(&entries).unwrap_or_default());
    }
    cut
}

/// Returns values that have a descendant with the same key, such as a chain of parents: the span of the value, and the span of
/// the descendant that can replace it. The longest are first.
pub(super) fn chains(body: &[u8]) -> Vec<(Range<usize>, Range<usize>)> {
    let mut found = Vec::new();
    if let Ok(root) = json::parse(body) {
        add_chains(&root, None, &mut found);
    }
    found.sort_by_key(|(outer, inner)| std::cmp::Reverse(outer.len() - inner.len()));
    found
}

fn add_chains<'a>(node: &'a Node<'a>, key: Option<&'a str>, found: &mut Vec<(Range<usize>, Range<usize>)>) {
    let is_container = |node: &Node<'_>| matches!(node.value, Value::Object(_) | Value::Array(_));
    match &node.value {
        Value::Object(members) => {
            for member in members {
                if key == Some(&*member.key) && is_container(&member.node) {
                    found.push((node.span(), member.node.span()));
                }
                add_chains(&member.node, Some(&member.key), found);
            }
        }
        // Replies of replies of a comment.
        Value::Array(items) => {
            for item in items {
                let same = item.members().into_iter().flatten().filter(|member| key == Some(&*member.key));
                found.extend(same.map(|member| (node.span(), member.node.span())));
                add_chains(item, None, found);
            }
        }
        _ => {}
    }
}

/// Returns the number of levels of nested arrays and objects: 1 for `{}`.
pub(super) fn depth(body: &[u8]) -> usize {
    let mut depth = 1;
    while !entries(body, depth).is_empty() {
        depth += 1;
    }
    depth
}

#[cfg(test)]
mod tests {
    use crate::json::splice;

    use super::*;

    const BODY: &[u8] = br#"{ "a" : {"b":1, "c":[2, {}]}, "a/b": "x" , "b":null}"#;

    #[test]
    fn leaves_have_pointers() {
        let leaves = leaves(BODY);
        let pointers: Vec<_> = leaves.iter().map(|leaf| leaf.pointer.as_str()).collect();
        assert_eq!(pointers, ["/a/b", "/a/c/0", "/a/c/1", "/a~1b", "/b"]);
        assert_eq!(&BODY[leaves[3].span.clone()], b"\"x\"");
        assert!(super::leaves(br#"{"a":1,"a":2,"b":3}"#).iter().map(|leaf| leaf.has_twin).eq([true, true, false]));
    }

    #[test]
    fn only_what_is_not_kept_is_cut() {
        let without =
            |depth, kept: &[bool]| String::from_utf8(splice(BODY, &cuts(&entries(BODY, depth), kept))).expect("text");
        assert_eq!(without(1, &[false, true, false]), r#"{ "a/b": "x"}"#);
        assert_eq!(without(2, &[true, false]), r#"{ "a" : {"b":1}, "a/b": "x" , "b":null}"#);
        assert_eq!(without(3, &[false, true]), r#"{ "a" : {"b":1, "c":[{}]}, "a/b": "x" , "b":null}"#);
        assert!(entries(BODY, 4).is_empty());
        assert_eq!((depth(BODY), depth(b"{}"), depth(b"1")), (4, 1, 1));
    }

    #[test]
    fn chains_are_found_from_the_longest() {
        let body = br#"{"parent":{"parent":{"parent":{"x":1}}}}"#;
        assert_eq!(chains(body).len(), 2);
        assert_eq!(chains(br#"{"a":{"b":{"c":{}}}}"#), []);
    }
}
