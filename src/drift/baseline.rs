//! Differences that are known already, read from an earlier `drift --json`.

use std::collections::HashSet;

use serde::Deserialize;

use super::Drift;

/// Differences that are known already.
#[derive(Debug, Default)]
pub struct Baseline {
    known: HashSet<Known>,
}

/// What makes a difference the same as another: not how often or when, only where and what.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Known {
    event: Option<String>,
    pointer: String,
    difference: Difference,
}

#[derive(Debug, PartialEq, Eq, Hash)]
enum Difference {
    Undeclared,
    Unseen,
    Type(String),
    Value(String),
}

/// A file that no `drift --json` has written.
#[derive(Debug, thiserror::Error)]
#[error("line {line} is not one that `cfwh drift --json` writes")]
pub struct NotABaseline {
    /// From 1.
    pub line: usize,
    #[source]
    source: serde_json::Error,
}

/// As much of a line as tells one difference from another.
#[derive(Deserialize)]
struct Line {
    event: Option<String>,
    undeclared: Vec<At>,
    unseen: Vec<At>,
    types: Vec<Found>,
    values: Vec<Found>,
}

#[derive(Deserialize)]
struct At {
    pointer: String,
}

#[derive(Deserialize)]
struct Found {
    pointer: String,
    found: String,
}

impl Baseline {
    /// Reads what `drift --json` wrote.
    ///
    /// # Errors
    /// When a line is not one of its.
    pub fn read(text: &str) -> Result<Self, NotABaseline> {
        let mut known = HashSet::new();
        for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let line: Line = serde_json::from_str(line).map_err(|source| NotABaseline { line: index + 1, source })?;
            let mut add = |pointer, difference| {
                known.insert(Known { event: line.event.clone(), pointer, difference });
            };
            line.undeclared.into_iter().for_each(|at| add(at.pointer, Difference::Undeclared));
            line.unseen.into_iter().for_each(|at| add(at.pointer, Difference::Unseen));
            line.types.into_iter().for_each(|found| add(found.pointer, Difference::Type(found.found)));
            line.values.into_iter().for_each(|found| add(found.pointer, Difference::Value(found.found)));
        }
        Ok(Self { known })
    }

    /// Leaves only what is not known; the answer is how many differences were.
    pub fn leave_new(&self, drift: &mut Drift) -> usize {
        let before = drift.count();
        let event = drift.event.clone();
        let is_new = |pointer: &str, difference| {
            !self.known.contains(&Known { event: event.clone(), pointer: pointer.to_owned(), difference })
        };
        drift.undeclared.retain(|undeclared| is_new(&undeclared.pointer, Difference::Undeclared));
        drift.unseen.retain(|unseen| is_new(&unseen.pointer, Difference::Unseen));
        drift.types.retain(|other| is_new(&other.pointer, Difference::Type(other.found.to_owned())));
        drift.values.retain(|other| is_new(&other.pointer, Difference::Value(other.found.clone())));
        before - drift.count()
    }
}
