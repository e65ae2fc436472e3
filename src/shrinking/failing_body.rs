//! The smallest body so far with which the receiver fails, and what repairs it.

use std::collections::HashMap;

use crate::json::{Replacement, splice};

use super::attempts::{Attempts, SearchEnd};
use super::differences::{BodyChange, differences};
use super::part::is_within;
use super::reduction::needed;

/// A body that fails.
pub(super) struct FailingBody<F> {
    pub(super) attempts: Attempts<F>,
    /// The smallest body so far.
    pub(super) body: Vec<u8>,
    /// The changes that make the receiver accept the body. A smaller body counts only if it fails without and not with them.
    pub(super) repairs: Vec<BodyChange>,
    /// Was the last body rejected because it failed with the repairs? Then the next one is likely to fail with them, too.
    is_repaired_first: bool,
    /// The original number of characters of each string that was shortened, by the number of its leaf.
    pub(super) lengths: HashMap<usize, usize>,
}

impl<E, F: FnMut(&[u8]) -> Result<bool, E>> FailingBody<F> {
    pub(super) fn new(body: &[u8], limit: usize, send: F) -> Self {
        Self {
            attempts: Attempts::new(body, limit, send),
            body: body.to_vec(),
            repairs: Vec::new(),
            is_repaired_first: false,
            lengths: HashMap::new(),
        }
    }

    /// Returns whether the receiver fails in the same way with this body.
    pub(super) fn fails(&mut self, body: &[u8]) -> Result<bool, SearchEnd<E>> {
        self.attempts.fails(body)
    }

    /// Returns a body with all repairs, unless it has no place for one of them.
    pub(super) fn repaired(&self, body: &[u8]) -> Option<Vec<u8>> {
        self.repairs.iter().try_fold(body.to_vec(), |body, repair| repair.apply(&body))
    }

    /// Returns whether the receiver fails with this body and accepts the repaired one.
    fn is_repairable_failure(&mut self, body: &[u8]) -> Result<bool, SearchEnd<E>> {
        // A body that cannot be repaired lacks what matters.
        let Some(repaired) = self.repaired(body) else { return Ok(false) };
        if self.repairs.is_empty() {
            return self.fails(body);
        }
        // The second request is sent only if the first one does not decide.
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

    /// Replaces the body by a smaller one, if that fails for the same reason.
    pub(super) fn accept(&mut self, body: Vec<u8>) -> Result<bool, SearchEnd<E>> {
        let is_accepted = self.is_repairable_failure(&body)?;
        if is_accepted {
            self.body = body;
        }
        Ok(is_accepted)
    }

    /// Accepts the body with these replacements.
    pub(super) fn accept_spliced(&mut self, replacements: &[Replacement]) -> Result<bool, SearchEnd<E>> {
        self.accept(splice(&self.body, replacements))
    }

    /// Finds the fewest changes toward `reference`, a body that is accepted, that make the receiver accept this body, too.
    pub(super) fn find_repairs(&mut self, reference: &[u8]) -> Result<(), SearchEnd<E>> {
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

    /// Returns whether a repair changes the value at this pointer.
    pub(super) fn is_repaired(&self, pointer: &str) -> bool {
        self.repairs.iter().any(|repair| is_within(pointer, &repair.pointer))
    }
}
