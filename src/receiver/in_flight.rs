//! Bounds the deliveries that wait for their response, because an endpoint is slow or a response is delayed. Their senders
//! may be gone.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The most memory of all waiting deliveries together, in bytes: thousands of real ones.
const MAX_BYTES: usize = 64 * 1024 * 1024;
/// When the limit for a body is raised, this many of the largest still fit.
const LARGEST_BODIES: usize = 4;

/// Of the connections, one in this many stays free for requests that need not wait.
const FREE_CONNECTIONS: usize = 8;

/// The deliveries that wait for their response.
#[derive(Debug)]
pub struct InFlight {
    held: Arc<AtomicUsize>,
    max_bytes: usize,
    max_deliveries: usize,
}

impl InFlight {
    /// Returns a bound for deliveries on this many connections, with bodies of at most `max_body` bytes.
    pub fn new(connections: usize, max_body: usize) -> Self {
        let max_bytes = MAX_BYTES.max(max_body.saturating_mul(LARGEST_BODIES));
        let max_deliveries = connections - connections.div_ceil(FREE_CONNECTIONS).min(connections - 1);
        Self { held: Arc::default(), max_bytes, max_deliveries }
    }

    /// Counts a delivery of this size until the result is dropped. Returns `None` if there is no room.
    pub(super) fn hold(&self, bytes: usize) -> Option<HeldBytes> {
        let before = self.held.fetch_add(bytes, Ordering::Relaxed);
        let held = HeldBytes { held: Arc::clone(&self.held), bytes };
        // The other references are the deliveries.
        let deliveries = Arc::strong_count(&self.held) - 1;
        (before + bytes <= self.max_bytes && deliveries <= self.max_deliveries).then_some(held)
    }
}

/// The memory of one delivery.
pub(super) struct HeldBytes {
    held: Arc<AtomicUsize>,
    bytes: usize,
}

impl HeldBytes {
    /// Gives back what the delivery needs no more.
    pub(super) fn reduce(&mut self, bytes: usize) {
        self.held.fetch_sub(self.bytes.saturating_sub(bytes), Ordering::Relaxed);
        self.bytes = self.bytes.min(bytes);
    }
}

impl Drop for HeldBytes {
    fn drop(&mut self) {
        self.held.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_is_bounded_and_given_back() {
        let in_flight = InFlight::new(16, 1);
        let mut first = in_flight.hold(MAX_BYTES).expect("there is room");
        assert!(in_flight.hold(1).is_none());
        first.reduce(10);
        let second = in_flight.hold(MAX_BYTES - 10).expect("there is room");
        assert!(in_flight.hold(1).is_none());
        drop((first, second));
        assert_eq!(in_flight.held.load(Ordering::Relaxed), 0);
        let waiting: Vec<_> = (0..14).map(|_| in_flight.hold(1)).collect();
        assert!(waiting.iter().all(Option::is_some) && in_flight.hold(1).is_none(), "two connections stay free");
        assert!(InFlight::new(1, 1).hold(1).is_some());
    }
}
