//! The search.

use std::collections::HashMap;
use std::ops::Range;

use crate::json::json_type::JsonType;
use crate::json::{Replacement, number, splice};

use super::differences::{BodyChange, differences};
use super::outline::{Leaf, chains, cuts, entries, leaves};
use super::part::{Part, PartKind, ProbedLeaf, is_within, parts};
use super::reduction::{boundary, needed};
use super::text::characters;

/// The smallest object.
const EMPTY: &[u8] = b"{}";
/// Bodies from this length on may fail because of their length, in bytes.
const LONG_BODY: usize = 512;
/// Smaller integers that are tried in place of a large one: the first that 32 bits and a double cannot hold among them.
const INTEGERS: [&str; 6] = ["1", "256", "65536", "2147483648", "4294967296", "9007199254740993"];
/// The digits of a number that are kept, and the others become zeros.
const LEADING_DIGITS: Range<usize> = 1..4;

/// Why a search stopped early.
#[derive(Debug)]
pub enum SearchEnd<E> {
    /// There are no more requests left.
    Limit,
    /// A body could not be sent.
    Failed(E),
}

/// The result of a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shrunk {
    /// The smallest body that was found.
    pub body: Vec<u8>,
    /// What in it matters, the most telling first; empty if any body fails.
    pub parts: Vec<Part>,
    /// Did the search stop because it had no more requests?
    pub is_limited: bool,
}

/// Shrinks one body. `send` sends a body, and returns whether the receiver fails in the same way as with the first one.
pub struct Shrinker<F> {
    send: F,
    /// What is known of bodies that were sent.
    known: HashMap<Vec<u8>, bool>,
    /// The bodies that may still be sent.
    left: usize,
    /// The smallest body so far.
    body: Vec<u8>,
    /// The changes with which the failure goes away. A smaller body must fail without and not with them.
    repairs: Vec<BodyChange>,
    /// Was the last body rejected because its repair failed? Then the next one is likely to be, too.
    is_repaired_first: bool,
    /// How many characters the strings had that were made shorter, by what is left of each.
    lengths: HashMap<usize, usize>,
}

impl<E, F: FnMut(&[u8]) -> Result<bool, E>> Shrinker<F> {
    /// Returns a search that sends at most `limit` bodies. `body` is known to fail.
    pub fn new(body: &[u8], limit: usize, send: F) -> Self {
        let known = HashMap::from([(body.to_vec(), true)]);
        Self {
            send,
            known,
            left: limit,
            body: body.to_vec(),
            repairs: Vec::new(),
            is_repaired_first: false,
            lengths: HashMap::new(),
        }
    }

    /// Searches. `reference` is another body, which a receiver without the mistake accepts.
    ///
    /// # Errors
    /// When a body cannot be sent.
    pub fn run(mut self, reference: Option<&[u8]>) -> Result<Shrunk, E> {
        // What names the part that matters needs some requests, too.
        let reserve = self.left / 8;
        self.left -= reserve;
        let mut length = None;
        let search = self.search(reference, &mut length);
        let mut is_limited = match search {
            Ok(()) => false,
            Err(SearchEnd::Limit) => true,
            Err(SearchEnd::Failed(error)) => return Err(error),
        };
        self.left += reserve;
        let parts = match length {
            Some(length) => vec![Part::whole(PartKind::LongBody { length })],
            None if self.body == EMPTY && self.repairs.is_empty() => Vec::new(),
            None => {
                let (parts, is_whole) = self.name_parts(reference)?;
                is_limited |= !is_whole;
                parts
            }
        };
        Ok(Shrunk { body: self.body, parts, is_limited })
    }

    /// `length` becomes that of the shortest body that fails, if nothing but that matters.
    fn search(&mut self, reference: Option<&[u8]>, length: &mut Option<usize>) -> Result<(), SearchEnd<E>> {
        if let Some(reference) = reference
            && !self.fails(reference)?
        {
            self.find_repairs(reference)?;
        } else if self.accept(EMPTY.to_vec())? {
            return Ok(());
        }
        *length = self.shrink_length(reference)?;
        if length.is_some() {
            return Ok(());
        }
        self.leave_out()?;
        self.shorten_chains()?;
        self.shrink_leaves()
    }

    /// Returns whether the receiver fails in the same way with this body.
    fn fails(&mut self, body: &[u8]) -> Result<bool, SearchEnd<E>> {
        if let Some(known) = self.known.get(body) {
            return Ok(*known);
        }
        self.left = self.left.checked_sub(1).ok_or(SearchEnd::Limit)?;
        let fails = (self.send)(body).map_err(SearchEnd::Failed)?;
        self.known.insert(body.to_vec(), fails);
        Ok(fails)
    }

    /// Returns whether the receiver fails with this body, and not with the repaired one.
    fn holds(&mut self, body: &[u8]) -> Result<bool, SearchEnd<E>> {
        let repaired = self.repairs.iter().try_fold(body.to_vec(), |body, repair| repair.apply(&body));
        // A body that cannot be repaired lacks what matters.
        let Some(repaired) = repaired else { return Ok(false) };
        if self.repairs.is_empty() {
            return self.fails(body);
        }
        // The second request is sent only if the first one leaves it open.
        if self.is_repaired_first {
            self.is_repaired_first = self.fails(&repaired)?;
            return Ok(!self.is_repaired_first && self.fails(body)?);
        }
        if !self.fails(body)? {
            return Ok(false);
        }
        self.is_repaired_first = self.fails(&repaired)?;
        Ok(!self.is_repaired_first)
    }

    /// Takes a smaller body if it holds.
    fn accept(&mut self, body: Vec<u8>) -> Result<bool, SearchEnd<E>> {
        let holds = self.holds(&body)?;
        if holds {
            self.body = body;
        }
        Ok(holds)
    }

    fn accept_spliced(&mut self, replacements: &[Replacement]) -> Result<bool, SearchEnd<E>> {
        self.accept(splice(&self.body, replacements))
    }

    /// Finds the fewest changes towards a body that is accepted with which this one is accepted, too.
    fn find_repairs(&mut self, reference: &[u8]) -> Result<(), SearchEnd<E>> {
        let all = differences(&self.body, reference);
        let body = self.body.clone();
        let apply = |kept: &[bool]| {
            let chosen = all.iter().zip(kept).filter(|(_, kept)| **kept);
            chosen.into_iter().try_fold(body.clone(), |body, (difference, _)| difference.apply(&body))
        };
        let everything = vec![true; all.len()];
        let Some(repaired) = apply(&everything) else { return Ok(()) };
        if self.fails(&repaired)? {
            return Ok(());
        }
        let kept = needed(all.len(), |kept| match apply(kept) {
            Some(body) => self.fails(&body).map(|fails| !fails),
            None => Ok(false),
        })?;
        self.repairs = all.into_iter().zip(kept).filter(|(_, kept)| *kept).map(|(difference, _)| difference).collect();
        Ok(())
    }

    /// Returns the length of the shortest body that fails, if a body of blanks does.
    fn shrink_length(&mut self, reference: Option<&[u8]>) -> Result<Option<usize>, SearchEnd<E>> {
        let whole = self.body.len();
        if whole < LONG_BODY || !self.repairs.is_empty() && self.repairs.iter().all(|repair| repair.is_missing) {
            return Ok(None);
        }
        let groups = entries(&self.body, 1);
        let scalars: Vec<_> = groups.iter().flatten().map(|span| !self.body[span.clone()].ends_with(b"}")).collect();
        let head = splice(&self.body, &cuts(&groups, &scalars));
        // A strict receiver accepts nothing shorter than a usual body.
        let usual = reference.unwrap_or(EMPTY).trim_ascii().to_vec();
        for base in [EMPTY.to_vec(), head, usual] {
            let Some(inner) = base.strip_suffix(b"}").filter(|inner| inner.len() < whole) else { continue };
            let padded = |length: usize| {
                let blanks = vec![b' '; length.saturating_sub(inner.len() + 1)];
                [inner, &blanks, b"}"].concat()
            };
            // Of a body of blanks nothing can be repaired: it must fail for its length, and not fail without.
            if self.fails(&padded(whole))? && !self.fails(&base)? {
                let length = boundary(base.len(), whole, |length| self.fails(&padded(length)))?;
                self.body = padded(length);
                return Ok(Some(length));
            }
        }
        Ok(None)
    }

    /// Leaves out members and items, from the outermost on.
    fn leave_out(&mut self) -> Result<(), SearchEnd<E>> {
        let mut depth = 1;
        loop {
            let body = self.body.clone();
            let groups = entries(&body, depth);
            if groups.is_empty() {
                return Ok(());
            }
            needed(groups.iter().map(Vec::len).sum(), |kept| self.accept(splice(&body, &cuts(&groups, kept))))?;
            depth += 1;
        }
    }

    /// Makes chains of values in values of the same name shorter.
    fn shorten_chains(&mut self) -> Result<(), SearchEnd<E>> {
        'shorter: loop {
            for (outer, inner) in chains(&self.body) {
                let text = String::from_utf8_lossy(&self.body[inner]).into_owned();
                if self.accept_spliced(&[(outer, text)])? {
                    continue 'shorter;
                }
            }
            return Ok(());
        }
    }

    /// Makes strings and numbers shorter. There are as many leaves afterwards.
    fn shrink_leaves(&mut self) -> Result<(), SearchEnd<E>> {
        let mut order: Vec<_> = leaves(&self.body).into_iter().enumerate().collect();
        // What a repair is about comes first.
        order.sort_by_key(|(_, leaf)| !self.is_repaired(&leaf.pointer));
        for (index, _) in order {
            let Some(leaf) = leaves(&self.body).into_iter().nth(index) else { break };
            // What a receiver only reads is not worth many requests.
            let is_thorough = self.repairs.is_empty() || self.is_repaired(&leaf.pointer);
            match leaf.json_type {
                JsonType::String if is_thorough => self.shrink_string(index, &leaf)?,
                JsonType::String => drop(self.accept_spliced(&[(leaf.span, "\"\"".to_owned())])?),
                JsonType::Number | JsonType::Integer if is_thorough => self.shrink_number(&leaf)?,
                JsonType::Number | JsonType::Integer => drop(self.accept_spliced(&[(leaf.span, "0".to_owned())])?),
                JsonType::Boolean => drop(self.accept_spliced(&[(leaf.span, "false".to_owned())])?),
                _ => {}
            }
        }
        Ok(())
    }

    fn is_repaired(&self, pointer: &str) -> bool {
        self.repairs.iter().any(|repair| is_within(pointer, &repair.pointer))
    }

    fn shrink_string(&mut self, index: usize, leaf: &Leaf) -> Result<(), SearchEnd<E>> {
        let raw = String::from_utf8_lossy(&self.body[leaf.span.start + 1..leaf.span.end - 1]).into_owned();
        let all = characters(&raw);
        self.lengths.insert(index, all.len());
        let body = self.body.clone();
        let with = |text: &[&str]| splice(&body, &[(leaf.span.clone(), format!("\"{}\"", text.concat()))]);
        if all.is_empty() || self.accept(with(&[]))? {
            return Ok(());
        }
        let end = boundary(0, all.len(), |end| self.accept(with(&all[..end])))?;
        // From the other side: how much of the beginning can go.
        let kept = boundary(0, end, |kept| self.accept(with(&all[end - kept..end])))?;
        let mut text = all[end - kept..end].to_vec();
        if let [first, .., last] = text.as_slice()
            && text.len() > 2
            && self.accept(with(&[first, last]))?
        {
            text = vec![first, last];
        }
        // Is it the characters, or only how many there are?
        if text.len() > 1 && text.iter().any(|character| *character != "a") {
            self.accept(with(&vec!["a"; text.len()]))?;
        }
        Ok(())
    }

    fn shrink_number(&mut self, leaf: &Leaf) -> Result<(), SearchEnd<E>> {
        let text = String::from_utf8_lossy(&self.body[leaf.span.clone()]).into_owned();
        for candidate in simpler_numbers(&text) {
            if self.accept_spliced(&[(leaf.span.clone(), candidate)])? {
                break;
            }
        }
        Ok(())
    }

    /// Names the parts that matter: those that the receiver does not fail with when another value is in their place, or
    /// without which it does not fail. Returns whether there were requests for all of them.
    fn name_parts(&mut self, reference: Option<&[u8]>) -> Result<(Vec<Part>, bool), E> {
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

    /// Returns whether the failure needs a leaf, and whether it needs its value.
    fn probe(&mut self, leaf: &Leaf) -> Result<(bool, bool), SearchEnd<E>> {
        if !self.repairs.is_empty() && !self.is_repaired(&leaf.pointer) && !self.is_needed(leaf)? {
            return Ok((false, false));
        }
        let other = ordinary(&String::from_utf8_lossy(&self.body[leaf.span.clone()]), leaf.json_type);
        Ok((true, !self.fails(&splice(&self.body, &[(leaf.span.clone(), other.to_owned())]))?))
    }

    /// Returns whether the failure needs a leaf, whatever its value is. A receiver that fails without it even when the body
    /// is repaired only reads it.
    fn is_needed(&mut self, leaf: &Leaf) -> Result<bool, SearchEnd<E>> {
        let repaired = self.repairs.iter().try_fold(self.body.clone(), |body, repair| repair.apply(&body));
        let without = BodyChange::removal(&leaf.pointer).zip(repaired).and_then(|(removal, body)| removal.apply(&body));
        match without {
            Some(body) => Ok(!self.fails(&body)?),
            None => Ok(true),
        }
    }
}

/// Returns another value of the same type, which most receivers accept as well.
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

/// Returns simpler numbers, the simplest first.
fn simpler_numbers(text: &str) -> Vec<String> {
    let mut simpler = vec!["0".to_owned()];
    if let Some(value) = number::to_i64(text).map(i64::unsigned_abs) {
        let smaller = INTEGERS.iter().filter(|other| other.parse().is_ok_and(|other: u64| other < value));
        simpler.extend(smaller.map(|text| (*text).to_owned()));
    }
    let is_integer = |text: &str| !text.contains(['.', 'e', 'E']);
    if is_integer(text) {
        let sign = usize::from(text.starts_with('-'));
        let rounded = LEADING_DIGITS.map(|digits| (sign + digits, text.len()));
        let rounded = rounded.filter(|(kept, length)| kept + 2 < *length);
        simpler.extend(rounded.map(|(kept, length)| format!("{}{}", &text[..kept], "0".repeat(length - kept))));
    } else {
        simpler.extend(["1".to_owned(), "0.0".to_owned(), "0.5".to_owned(), "1.0".to_owned()]);
    }
    simpler.retain(|other| other != text);
    simpler
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use serde_json::Value;

    use super::*;

    /// Shrinks a body for a receiver that fails with it, and says how many bodies were sent.
    fn shrink(body: &str, reference: Option<&str>, fails: impl Fn(&Value) -> bool) -> (Shrunk, usize) {
        let mut sent = 0;
        let shrunk = Shrinker::new(body.as_bytes(), 190, |body: &[u8]| {
            sent += 1;
            Ok::<_, Infallible>(fails(&serde_json::from_slice(body).expect("JSON")))
        })
        .run(reference.map(str::as_bytes));
        match shrunk {
            Ok(shrunk) => (shrunk, sent),
        }
    }

    #[test]
    fn an_incomplete_body_that_fails_is_not_the_smallest() {
        let body = r#"{"event":"x","page":{"id":"1","title":"a \ud83d\ude00 b","other":[1,2]}}"#;
        let usual = r#"{"event":"x","page":{"id":"2","title":"Plan"}}"#;
        let (shrunk, _) = shrink(body, Some(usual), |body| {
            body.pointer("/page/id").is_none()
                || body.pointer("/page/title").and_then(Value::as_str).is_none_or(|title| title.contains('😀'))
        });
        assert_eq!(String::from_utf8_lossy(&shrunk.body), r#"{"page":{"id":"","title":"\ud83d\ude00"}}"#);
        assert_eq!(shrunk.parts[0].to_string(), "an emoji in /page/title (1 of 5 characters)");
    }
}
