//! Baselines: known differences from an earlier `drift --json`.

use std::collections::HashSet;

use super::report::EventDrift;

/// Known differences.
#[derive(Debug, Default)]
pub struct Baseline {
    known: HashSet<Difference>,
}

/// The identity of a difference: its event, its list, its pointer, and the value. Counts and times do not matter.
type Difference = (Option<String>, &'static str, String, String);

/// The error for a file that is not the output of `drift --json`.
#[derive(Debug, thiserror::Error)]
#[error("line {line} is not output of `cfwh drift --json`")]
pub struct InvalidBaseline {
    /// The line, from 1.
    pub line: usize,
}

impl Baseline {
    /// Reads the output of `drift --json`.
    ///
    /// # Errors
    ///
    /// Returns an error if a line is anything else.
    pub fn parse(text: &str) -> Result<Self, InvalidBaseline> {
        let mut known = HashSet::new();
        for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let mut drift = serde_json::from_str(line).map_err(|_| InvalidBaseline { line: index + 1 })?;
            retain(&mut drift, |difference| known.insert(difference));
        }
        Ok(Self { known })
    }

    /// Removes the known differences, and returns their number.
    pub fn remove_known(&self, drift: &mut EventDrift) -> usize {
        let before = drift.count();
        retain(drift, |difference| !self.known.contains(&difference));
        before - drift.count()
    }
}

/// Removes the differences for which `keep` returns false.
fn retain(drift: &mut EventDrift, mut keep: impl FnMut(Difference) -> bool) {
    let event = drift.event.clone();
    let mut keep = |list, pointer: &str, found: &str| keep((event.clone(), list, pointer.to_owned(), found.to_owned()));
    drift.undeclared.retain(|property| keep("undeclared", &property.pointer, ""));
    drift.unseen.retain(|property| keep("unseen", &property.pointer, ""));
    drift.types.retain(|mismatch| keep("types", &mismatch.pointer, &mismatch.found));
    drift.values.retain(|mismatch| keep("values", &mismatch.pointer, &mismatch.found));
}
