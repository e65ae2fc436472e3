//! Limits the deliveries that wait for a response because an endpoint is slow or a response is delayed. Their senders may
//! have disconnected.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

use crate::client::interrupt::Interrupt;
use crate::server::Client;

/// The most bytes that all waiting deliveries may use: thousands of real deliveries.
const MAX_BYTES: usize = 64 * 1024 * 1024;
/// The number of largest bodies that still fit when the limit for a body is raised.
const LARGEST_BODIES: usize = 4;

/// One in this many connections is reserved for requests that do not wait.
const FREE_CONNECTIONS: usize = 8;

/// The deliveries that wait for a response.
#[derive(Debug)]
pub struct InFlight {
    shared: Arc<Shared>,
    max_bytes: usize,
    max_deliveries: u32,
    /// Has a permit for each delivery that may begin to wait.
    places: Arc<Semaphore>,
    /// Ends all waits.
    interrupt: Interrupt,
    /// The waiting deliveries, oldest first. Some of them have ended.
    waits: Mutex<VecDeque<Weak<Wait>>>,
}

#[derive(Debug, Default)]
struct Shared {
    held: AtomicUsize,
    released: Notify,
}

/// The wait of one delivery.
#[derive(Debug)]
struct Wait {
    client: Client,
    /// Ends this wait to free memory for others.
    eviction: Interrupt,
}

impl InFlight {
    /// Returns a limit for deliveries on this number of connections, with bodies of at most `max_body` bytes.
    pub fn new(connections: usize, max_body: usize) -> Self {
        let max_bytes = MAX_BYTES.max(max_body.saturating_mul(LARGEST_BODIES));
        let max_deliveries = connections - connections.div_ceil(FREE_CONNECTIONS).min(connections - 1);
        let max_deliveries = u32::try_from(max_deliveries).unwrap_or(u32::MAX);
        Self {
            shared: Arc::default(),
            max_bytes,
            max_deliveries,
            places: Arc::new(Semaphore::new(max_deliveries as usize)),
            interrupt: Interrupt::default(),
            waits: Mutex::default(),
        }
    }

    /// Counts a delivery of this size until the result is dropped. If the limit is reached, ends the waits of senders that have
    /// closed their sending half, oldest first, because most of them have disconnected. Returns `None` if none are left.
    pub(super) async fn hold(&self, bytes: usize, client: Client) -> Option<Held> {
        loop {
            let released = self.shared.released.notified();
            if let Some(held) = self.try_hold(bytes, &client) {
                return Some(held);
            }
            if !self.evict_one() {
                return None;
            }
            released.await;
        }
    }

    fn try_hold(&self, bytes: usize, client: &Client) -> Option<Held> {
        let place = Arc::clone(&self.places).try_acquire_owned().ok()?;
        let before = self.shared.held.fetch_add(bytes, Ordering::Relaxed);
        if before + bytes > self.max_bytes {
            self.shared.held.fetch_sub(bytes, Ordering::Relaxed);
            return None;
        }
        let held = Held {
            shared: Arc::clone(&self.shared),
            bytes,
            wait: Arc::new(Wait { client: client.clone(), eviction: Interrupt::default() }),
            interrupt: self.interrupt.clone(),
            place: Some(place),
        };
        let mut waits = self.waits();
        // Ended waits are removed when the list is twice as long as the number of waits.
        if waits.len() >= 2 * self.max_deliveries as usize {
            waits.retain(|wait| wait.strong_count() > 0);
        }
        waits.push_back(Arc::downgrade(&held.wait));
        Some(held)
    }

    /// Ends the wait of the oldest delivery with a sender that has closed its half. Returns false if none is found.
    fn evict_one(&self) -> bool {
        let mut waits = self.waits();
        let is_evictable = |wait: &Weak<Wait>| wait.upgrade().is_some_and(|wait| wait.client.has_closed());
        let evicted = waits.iter().position(is_evictable).and_then(|index| waits.remove(index)?.upgrade());
        evicted.inspect(|wait| wait.eviction.trigger()).is_some()
    }

    /// Ends all waits, and waits until all deliveries have a response.
    pub(super) async fn complete(&self) {
        self.interrupt.trigger();
        // The semaphore is never closed.
        let _ = self.places.acquire_many(self.max_deliveries).await;
    }

    fn waits(&self) -> MutexGuard<'_, VecDeque<Weak<Wait>>> {
        self.waits.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The reserved memory of one delivery.
pub(super) struct Held {
    shared: Arc<Shared>,
    bytes: usize,
    wait: Arc<Wait>,
    interrupt: Interrupt,
    place: Option<OwnedSemaphorePermit>,
}

impl Held {
    /// Releases memory that the delivery no longer needs.
    pub(super) fn reduce(&mut self, bytes: usize) {
        self.shared.held.fetch_sub(self.bytes.saturating_sub(bytes), Ordering::Relaxed);
        self.bytes = self.bytes.min(bytes);
        self.shared.released.notify_waiters();
    }

    /// Waits this long, or until the sender has disconnected, the receiver stops, or others need the memory.
    pub(super) async fn pause(&self, time: Duration) {
        tokio::select! {
            _ = self.interrupt.pause(time) => {}
            () = self.wait.eviction.triggered() => {}
            () = self.wait.client.gone() => {}
        }
    }

    /// Waits until the endpoint is out of time, because the receiver stops or others need the memory.
    pub(super) async fn end(&self) {
        tokio::select! {
            () = self.interrupt.end_of_grace() => {}
            () = self.wait.eviction.triggered() => {}
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.shared.held.fetch_sub(self.bytes, Ordering::Relaxed);
        // Waiting deliveries can use the memory now.
        self.place = None;
        self.shared.released.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_waits_is_bounded_and_given_back() {
        let in_flight = InFlight::new(16, 1);
        let hold = |bytes| in_flight.hold(bytes, Client::default());
        let mut first = hold(MAX_BYTES).await.expect("there is room");
        assert!(hold(1).await.is_none());
        first.reduce(10);
        let second = hold(MAX_BYTES - 10).await.expect("there is room");
        assert!(hold(1).await.is_none());
        drop((first, second));
        assert_eq!(in_flight.shared.held.load(Ordering::Relaxed), 0);
        let mut waiting = Vec::new();
        for _ in 0..14 {
            waiting.push(hold(1).await.expect("there is room"));
        }
        assert!(hold(1).await.is_none(), "two connections stay free");
        drop(waiting);
        in_flight.complete().await;
        assert!(InFlight::new(1, 1).hold(1, Client::default()).await.is_some());
    }
}
