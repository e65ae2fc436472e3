//! Makes the structure of a body smaller: its length, its members and items, chains of nested values.

use crate::json::splice;

use super::attempts::SearchEnd;
use super::failing_body::FailingBody;
use super::outline::{chains, cuts, entries};
use super::reduction::{boundary, needed};

/// The smallest object.
pub(super) const EMPTY: &[u8] = b"{}";
/// A body with at least this many bytes may fail because of its length.
const LONG_BODY: usize = 512;

impl<E, F: FnMut(&[u8]) -> Result<bool, E>> FailingBody<F> {
    /// Returns the length of the shortest body that fails, if a body of spaces fails, too.
    pub(super) fn shrink_length(&mut self, reference: Option<&[u8]>) -> Result<Option<usize>, SearchEnd<E>> {
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
            // A body of spaces cannot be repaired: it must fail because of its length, and be accepted without the spaces.
            if self.fails(&padded(whole))? && !self.fails(&base)? {
                let length = boundary(base.len(), whole, |length| self.fails(&padded(length)))?;
                self.body = padded(length);
                return Ok(Some(length));
            }
        }
        Ok(None)
    }

    /// Removes members and items, the outermost first.
    pub(super) fn leave_out(&mut self) -> Result<(), SearchEnd<E>> {
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

    /// Shortens chains of nested values with the same name.
    pub(super) fn shorten_chains(&mut self) -> Result<(), SearchEnd<E>> {
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
}
