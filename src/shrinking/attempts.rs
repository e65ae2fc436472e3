//! Bodies that were sent, and how the receiver responded.

use std::collections::HashMap;

/// Why a search stopped early.
#[derive(Debug)]
pub(super) enum SearchEnd<E> {
    /// The limit of requests is reached.
    Limit,
    /// A body could not be sent.
    Failed(E),
}

/// Sends bodies, each at most once.
pub(super) struct Attempts<F> {
    /// Sends a body, and returns whether the receiver fails in the same way.
    send: F,
    /// The results of the bodies that were sent.
    known: HashMap<Vec<u8>, bool>,
    /// How many bodies may still be sent.
    left: usize,
}

impl<E, F: FnMut(&[u8]) -> Result<bool, E>> Attempts<F> {
    /// Returns attempts that send at most `limit` bodies. `failing` is known to fail.
    pub(super) fn new(failing: &[u8], limit: usize, send: F) -> Self {
        Self { send, known: HashMap::from([(failing.to_vec(), true)]), left: limit }
    }

    /// Returns whether the receiver fails in the same way with this body.
    pub(super) fn fails(&mut self, body: &[u8]) -> Result<bool, SearchEnd<E>> {
        if let Some(known) = self.known.get(body) {
            return Ok(*known);
        }
        self.left = self.left.checked_sub(1).ok_or(SearchEnd::Limit)?;
        let fails = (self.send)(body).map_err(SearchEnd::Failed)?;
        self.known.insert(body.to_vec(), fails);
        Ok(fails)
    }

    /// Reserves an eighth of the requests, and returns how many these are.
    pub(super) const fn reserve(&mut self) -> usize {
        let reserve = self.left / 8;
        self.left -= reserve;
        reserve
    }

    /// Allows this many more requests.
    pub(super) const fn allow(&mut self, requests: usize) {
        self.left += requests;
    }
}
