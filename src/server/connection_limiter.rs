//! Limits the number of open connections, and how long each may wait for its client. When the limit is reached, the
//! connection that has been idle longest is closed.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

/// The most open connections: ten times as many as any observed sender opens. Each uses about 20 KiB while it waits.
const MAX_CONNECTIONS: usize = 2048;
/// One in this many of the allowed descriptors is for a connection. The others are for captures, endpoints, the process
/// itself, and evicted connections that another thread has not closed yet.
const DESCRIPTORS_PER_CONNECTION: u64 = 2;
/// The most memory for all incomplete bodies together, in bytes: with the default limit for a body, 64 of the largest.
const MAX_HELD: usize = 64 * 1024 * 1024;
/// The number of largest bodies that still fit when the limit for a body is raised.
const LARGEST_BODIES: usize = 4;

/// How long a client may take to send the next head, from the start of the connection or the end of the last response, and
/// how long it may read nothing of a response.
const CLIENT_DEADLINE: Duration = Duration::from_secs(10);

/// What a connection is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// No head is complete, or the last response is being sent.
    Waiting,
    /// The head is complete, the body is not.
    Reading,
    /// The request is handled. This connection is never evicted.
    Responding,
    /// A body without a known end is sent.
    Streaming,
}

/// The slot of one open connection.
pub(super) struct Slot {
    id: u64,
    activity: Mutex<Activity>,
    eviction: Notify,
    limiter: Arc<ConnectionLimiter>,
}

struct Activity {
    phase: Phase,
    /// The start of the phase, or the last write if that was later.
    since: Instant,
    is_write_pending: bool,
    /// The number of bytes of an incomplete body in memory.
    held: usize,
}

/// All open connections.
pub(super) struct ConnectionLimiter {
    max_connections: usize,
    max_held: usize,
    held: AtomicUsize,
    next_id: AtomicU64,
    slots: Mutex<HashMap<u64, Arc<Slot>>>,
    released: Notify,
}

impl ConnectionLimiter {
    /// Returns a limiter for the number of connections that the descriptors allow.
    pub(super) fn new(descriptors: Option<u64>, max_body: usize) -> Arc<Self> {
        Arc::new(Self {
            max_connections: max_connections(descriptors),
            max_held: MAX_HELD.max(max_body.saturating_mul(LARGEST_BODIES)),
            held: AtomicUsize::new(0),
            next_id: AtomicU64::new(0),
            slots: Mutex::default(),
            released: Notify::new(),
        })
    }

    /// Returns a slot for a connection. If all slots are in use, evicts the connection that has waited longest. If none waits,
    /// evicts the connection with the slowest body, or one that has streamed nothing for longest. Waits if all requests are
    /// being handled.
    pub(super) async fn acquire(self: &Arc<Self>) -> Arc<Slot> {
        loop {
            let released = self.released.notified();
            {
                let mut slots = lock(&self.slots);
                let evictable = [Phase::Waiting, Phase::Reading, Phase::Streaming];
                if slots.len() < self.max_connections || evict_one(&mut slots, &evictable) {
                    let activity =
                        Activity { phase: Phase::Waiting, since: Instant::now(), is_write_pending: false, held: 0 };
                    let slot = Arc::new(Slot {
                        id: self.next_id.fetch_add(1, Ordering::Relaxed),
                        activity: Mutex::new(activity),
                        eviction: Notify::new(),
                        limiter: Arc::clone(self),
                    });
                    slots.insert(slot.id, Arc::clone(&slot));
                    return slot;
                }
            }
            released.await;
        }
    }

    /// Evicts the connection that has waited longest, if any, because its descriptor is needed.
    pub(super) fn evict_waiting(&self) {
        evict_one(&mut lock(&self.slots), &[Phase::Waiting]);
    }
}

/// Returns the limit of connections for this number of descriptors.
pub(super) fn max_connections(descriptors: Option<u64>) -> usize {
    let allowed = descriptors.and_then(|limit| usize::try_from(limit / DESCRIPTORS_PER_CONNECTION).ok());
    allowed.unwrap_or(MAX_CONNECTIONS).clamp(1, MAX_CONNECTIONS)
}

/// Evicts a connection in the first of these phases that has one: the connection that has been in it longest.
fn evict_one(slots: &mut HashMap<u64, Arc<Slot>>, phases: &[Phase]) -> bool {
    let oldest = phases.iter().find_map(|&phase| {
        let since =
            |slot: &Slot| Some(lock(&slot.activity)).filter(|it| it.phase == phase).map(|it| (it.since, slot.id));
        slots.values().filter_map(|slot| since(slot)).min()
    });
    let evicted = oldest.and_then(|(_, id)| slots.remove(&id));
    evicted.inspect(|slot| slot.eviction.notify_one()).is_some()
}

/// Locks the state. It is valid even if another thread panicked.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Slot {
    /// Begins a phase that started at `since`.
    pub(super) fn enter(&self, phase: Phase, since: Instant) {
        let mut activity = lock(&self.activity);
        (activity.phase, activity.since) = (phase, since);
        if phase != Phase::Reading {
            self.limiter.held.fetch_sub(std::mem::take(&mut activity.held), Ordering::Relaxed);
        }
    }

    /// Counts bytes of an incomplete body. If all bodies together are too large, evicts the connection with the slowest body.
    pub(super) fn hold(&self, bytes: usize) {
        lock(&self.activity).held += bytes;
        if self.limiter.held.fetch_add(bytes, Ordering::Relaxed) + bytes > self.limiter.max_held {
            evict_one(&mut lock(&self.limiter.slots), &[Phase::Reading]);
        }
    }

    /// Records that bytes were written to the client, or wait for it to read.
    pub(super) fn wrote(&self, is_pending: bool) {
        let mut activity = lock(&self.activity);
        if !(is_pending && activity.is_write_pending) {
            (activity.since, activity.is_write_pending) = (Instant::now(), is_pending);
        }
    }

    /// Waits until the connection must be closed, because it was evicted or its client is too slow.
    pub(super) async fn must_close(&self) {
        tokio::select! {
            () = self.eviction.notified() => {}
            () = self.client_is_late() => {}
        }
    }

    /// Waits until the client has missed a deadline. The timer is reset only when it fires, once in ten seconds. hyper's own
    /// deadline for heads starts and stops a timer for each request.
    async fn client_is_late(&self) {
        loop {
            let now = Instant::now();
            let awaited_since = {
                let activity = lock(&self.activity);
                if activity.phase == Phase::Waiting || activity.is_write_pending { activity.since } else { now }
            };
            if awaited_since + CLIENT_DEADLINE <= now {
                return;
            }
            sleep_until(awaited_since + CLIENT_DEADLINE).await;
        }
    }

    /// Closes the connection, because its client has disconnected.
    pub(super) fn close(&self) {
        self.eviction.notify_one();
    }

    /// Releases the slot when the connection has ended.
    pub(super) fn release(&self) {
        self.enter(Phase::Waiting, Instant::now());
        lock(&self.limiter.slots).remove(&self.id);
        self.limiter.released.notify_one();
    }
}

/// Raises the number of descriptors of this process to what the system allows, and returns it.
#[cfg(unix)]
pub fn raise_descriptor_limit() -> Option<u64> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    // Without a hard limit the current one is enough.
    if let Some(maximum) = getrlimit(Resource::Nofile).maximum {
        // If the system refuses, the current limit remains.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(maximum), maximum: Some(maximum) });
    }
    getrlimit(Resource::Nofile).current
}

#[cfg(not(unix))]
pub fn raise_descriptor_limit() -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use tokio::time::{sleep, timeout};

    use super::*;

    fn is_evicted(slot: &Arc<Slot>) -> bool {
        !lock(&slot.limiter.slots).contains_key(&slot.id)
    }

    #[tokio::test]
    async fn without_room_the_longest_idle_connection_is_evicted_and_never_one_that_is_responding() {
        let limiter = ConnectionLimiter::new(Some(8), 1);
        let [first, second, third, fourth] =
            [limiter.acquire().await, limiter.acquire().await, limiter.acquire().await, limiter.acquire().await];
        first.enter(Phase::Responding, Instant::now());
        second.enter(Phase::Streaming, Instant::now());
        third.enter(Phase::Reading, Instant::now());
        for evicted in [fourth, third, second] {
            let new = limiter.acquire().await;
            assert!(is_evicted(&evicted) && !is_evicted(&first));
            new.enter(Phase::Responding, Instant::now());
        }
        let waiting = tokio::spawn({
            let limiter = Arc::clone(&limiter);
            async move { limiter.acquire().await }
        });
        first.release();
        waiting.await.expect("a slot is free");
    }

    #[tokio::test]
    async fn when_bodies_are_too_large_together_the_slowest_is_evicted() {
        let limiter = ConnectionLimiter::new(None, 1);
        let [slow, quick] = [limiter.acquire().await, limiter.acquire().await];
        slow.enter(Phase::Reading, Instant::now());
        quick.enter(Phase::Reading, Instant::now());
        slow.hold(MAX_HELD);
        assert!(!is_evicted(&slow));
        quick.hold(1);
        assert!(is_evicted(&slow) && !is_evicted(&quick));
        slow.release();
        quick.enter(Phase::Responding, Instant::now());
        assert_eq!(limiter.held.load(Ordering::Relaxed), 0);
    }

    /// Waits until the connection must be closed: the seconds of the paused clock until then.
    async fn seconds_until_closed(slot: &Slot) -> u64 {
        let start = Instant::now();
        slot.must_close().await;
        start.elapsed().as_secs()
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_has_ten_seconds_for_a_head_and_handling_may_take_longer() {
        let slot = ConnectionLimiter::new(None, 1).acquire().await;
        assert_eq!(seconds_until_closed(&slot).await, 10, "however slowly bytes arrive");
        for phase in [Phase::Reading, Phase::Responding, Phase::Streaming] {
            slot.enter(phase, Instant::now());
            assert!(timeout(Duration::from_secs(3603), slot.must_close()).await.is_err(), "{phase:?} has no deadline");
        }
        let next_head = tokio::join!(seconds_until_closed(&slot), async {
            sleep(Duration::from_secs(7)).await;
            slot.wrote(false);
            slot.enter(Phase::Waiting, Instant::now());
        });
        assert_eq!(next_head.0, 17);
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_reads_nothing_of_a_response_for_ten_seconds_is_late() {
        let slot = ConnectionLimiter::new(None, 1).acquire().await;
        slot.enter(Phase::Streaming, Instant::now());
        slot.wrote(true);
        let closed = tokio::join!(seconds_until_closed(&slot), async {
            sleep(Duration::from_secs(6)).await;
            slot.wrote(false);
            slot.wrote(true);
            sleep(Duration::from_secs(6)).await;
            slot.wrote(true);
        });
        assert_eq!(closed.0, 16);
    }
}
