//! Makes the strings and numbers of a body shorter.

use std::ops::Range;

use crate::json::json_type::JsonType;
use crate::json::{number, splice};

use super::attempts::SearchEnd;
use super::failing_body::FailingBody;
use super::outline::{Leaf, leaves};
use super::reduction::boundary;
use super::text::characters;

/// Integers that replace a larger one. 2147483648 and 9007199254740993 are the first ones that 32 bits and a double cannot
/// represent.
const INTEGERS: [&str; 6] = ["1", "256", "65536", "2147483648", "4294967296", "9007199254740993"];
/// How many leading digits of a number are kept. The others become zeros.
const LEADING_DIGITS: Range<usize> = 1..4;

impl<E, F: FnMut(&[u8]) -> Result<bool, E>> FailingBody<F> {
    /// Shortens strings and numbers. The number of leaves does not change.
    pub(super) fn shrink_leaves(&mut self) -> Result<(), SearchEnd<E>> {
        let mut order: Vec<_> = leaves(&self.body).into_iter().enumerate().collect();
        // Values that a repair changes are first.
        order.sort_by_key(|(_, leaf)| !self.is_repaired(&leaf.pointer));
        for (index, _) in order {
            let Some(leaf) = leaves(&self.body).into_iter().nth(index) else { break };
            // For a value that the receiver only reads, one request must do.
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
        // From the other side: how much of the beginning can be removed.
        let kept = boundary(0, end, |kept| self.accept(with(&all[end - kept..end])))?;
        let mut text = all[end - kept..end].to_vec();
        if let [first, .., last] = text.as_slice()
            && text.len() > 2
            && self.accept(with(&[first, last]))?
        {
            text = vec![first, last];
        }
        // Do the characters matter, or only their number?
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
