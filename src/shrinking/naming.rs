//! Finds out which parts of the smallest body matter.

use crate::json::json_type::JsonType;
use crate::json::splice;

use super::attempts::SearchEnd;
use super::classify::{ProbedLeaf, parts};
use super::differences::BodyChange;
use super::failing_body::FailingBody;
use super::outline::{Leaf, leaves};
use super::part::Part;

impl<E, F: FnMut(&[u8]) -> Result<bool, E>> FailingBody<F> {
    /// Names the parts that matter: without them or with another value in their place, the receiver does not fail. Also returns
    /// whether the requests were enough for all parts.
    pub(super) fn name_parts(&mut self, reference: Option<&[u8]>) -> Result<(Vec<Part>, bool), E> {
        let mut all: Vec<_> = leaves(&self.body).into_iter().enumerate().collect();
        all.sort_by_key(|(_, leaf)| !self.is_repaired(&leaf.pointer));
        let (mut probed, mut is_whole) = (Vec::new(), true);
        for (index, leaf) in all {
            let (is_needed, has_exact_value) = match self.probe(&leaf) {
                Ok(probed) => probed,
                Err(SearchEnd::Failed(error)) => return Err(error),
                Err(SearchEnd::Limit) if self.is_repaired(&leaf.pointer) => (true, true),
                Err(SearchEnd::Limit) => {
                    is_whole = false;
                    continue;
                }
            };
            let text = String::from_utf8_lossy(&self.body[leaf.span.clone()]).into_owned();
            probed.push(ProbedLeaf { index, leaf, text, has_exact_value, is_needed });
        }
        Ok((parts(&self.body, &probed, &self.repairs, &self.lengths, reference), is_whole))
    }

    /// Returns whether the failure needs a leaf, and whether it needs the value of the leaf.
    fn probe(&mut self, leaf: &Leaf) -> Result<(bool, bool), SearchEnd<E>> {
        if !self.repairs.is_empty() && !self.is_repaired(&leaf.pointer) && !self.is_needed(leaf)? {
            return Ok((false, false));
        }
        let other = ordinary(&String::from_utf8_lossy(&self.body[leaf.span.clone()]), leaf.json_type);
        Ok((true, !self.fails(&splice(&self.body, &[(leaf.span.clone(), other.to_owned())]))?))
    }

    /// Returns whether the failure needs a leaf, whatever its value is. A receiver that fails without the leaf even if the body
    /// is repaired only reads it.
    fn is_needed(&mut self, leaf: &Leaf) -> Result<bool, SearchEnd<E>> {
        let repaired = self.repaired(&self.body);
        let without = BodyChange::removal(&leaf.pointer).zip(repaired).and_then(|(removal, body)| removal.apply(&body));
        match without {
            Some(body) => Ok(!self.fails(&body)?),
            None => Ok(true),
        }
    }
}

/// Returns another value of the same type that most receivers accept.
fn ordinary(text: &str, json_type: JsonType) -> &'static str {
    match json_type {
        JsonType::String if text == "\"a\"" => "\"b\"",
        JsonType::String | JsonType::Null => "\"a\"",
        JsonType::Number | JsonType::Integer if text == "1" => "2",
        JsonType::Number | JsonType::Integer => "1",
        JsonType::Boolean if text == "true" => "false",
        JsonType::Boolean => "true",
        JsonType::Array => "[\"a\"]",
        JsonType::Object => "{\"a\":\"a\"}",
    }
}
