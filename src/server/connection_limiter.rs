//! Who is connected, and who has to go when there is no room: the one that has kept a place longest without using it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU8, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tokio::sync::Notify;

/// Open connections, at most. Ten times what any sender was seen to open; each costs about 20 KiB while it waits.
const MAX_CONNECTIONS: usize = 2048;
/// One in so many of the descriptors that the system allows is for a connection. The others are for captures, endpoints
/// and the process itself, and for connections that have to go and have not gone yet: that is up to another thread.
const DESCRIPTORS_EACH: u64 = 2;
/// Bodies that are not whole yet may take so much memory together, in bytes: with the default limit, 64 of the largest.
const MAX_HELD: usize = 64 * 1024 * 1024;
/// Where the limit for one body is raised, this many of the largest fit all the same.
const LARGEST_HELD: usize = 4;

/// What a connection is doing.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Phase {
    /// Nothing of a request is known yet, or the last one is answered.
    Waiting = 0,
    /// The head is there, the body is not whole.
    Reading = 1,
    /// The delivery is whole and is being answered. This connection is not ended.
    Answering = 2,
}

/// One connection.
pub(super) struct Slot {
    id: u64,
    phase: AtomicU8,
    /// When the phase began, in milliseconds since the register was opened.
    since: AtomicU64,
    /// How much of an unfinished body is held, in bytes.
    held: AtomicUsize,
    end: Notify,
    peers: Arc<ConnectionLimiter>,
}

/// The register of all connections.
pub(super) struct ConnectionLimiter {
    opened: Instant,
    room: usize,
    max_held: usize,
    held: AtomicUsize,
    next: AtomicU64,
    connected: Mutex<HashMap<u64, Arc<Slot>>>,
    /// A place became free.
    vacancy: Notify,
}

impl ConnectionLimiter {
    /// An empty register, for as many connections as the descriptors allow.
    pub(super) fn new(descriptors: Option<u64>, max_body: usize) -> Arc<Self> {
        let allowed = descriptors.and_then(|limit| usize::try_from(limit / DESCRIPTORS_EACH).ok());
        Arc::new(Self {
            opened: Instant::now(),
            room: allowed.unwrap_or(MAX_CONNECTIONS).clamp(1, MAX_CONNECTIONS),
            max_held: MAX_HELD.max(max_body.saturating_mul(LARGEST_HELD)),
            held: AtomicUsize::new(0),
            next: AtomicU64::new(0),
            connected: Mutex::default(),
            vacancy: Notify::new(),
        })
    }

    /// Registers a connection. When there is no room, the one that has waited longest goes, else the one whose body
    /// has taken longest; when all are being answered, this waits.
    pub(super) async fn admit(self: &Arc<Self>) -> Arc<Slot> {
        loop {
            let vacancy = self.vacancy.notified();
            {
                let mut connected = self.connected();
                if connected.len() < self.room || end_one(&mut connected, &[Phase::Waiting, Phase::Reading]) {
                    let peer = Arc::new(Slot {
                        id: self.next.fetch_add(1, Ordering::Relaxed),
                        phase: AtomicU8::new(Phase::Waiting as u8),
                        since: AtomicU64::new(self.milliseconds(Instant::now())),
                        held: AtomicUsize::new(0),
                        end: Notify::new(),
                        peers: Arc::clone(self),
                    });
                    connected.insert(peer.id, Arc::clone(&peer));
                    return peer;
                }
            }
            vacancy.await;
        }
    }

    /// Ends the connection that has waited longest, when there is one: its descriptor is needed.
    pub(super) fn make_room(&self) {
        end_one(&mut self.connected(), &[Phase::Waiting]);
    }

    fn connected(&self) -> MutexGuard<'_, HashMap<u64, Arc<Slot>>> {
        // The map is whole whatever happened to another thread.
        self.connected.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn milliseconds(&self, at: Instant) -> u64 {
        u64::try_from(at.saturating_duration_since(self.opened).as_millis()).unwrap_or(u64::MAX)
    }
}

/// Ends the connection that has been longest in the first of these phases in which there is any.
fn end_one(connected: &mut HashMap<u64, Arc<Slot>>, phases: &[Phase]) -> bool {
    let oldest = phases.iter().find_map(|&phase| {
        let in_phase = connected.values().filter(|peer| peer.phase.load(Ordering::Relaxed) == phase as u8);
        in_phase.min_by_key(|peer| (peer.since.load(Ordering::Relaxed), peer.id)).map(|peer| peer.id)
    });
    let ended = oldest.and_then(|id| connected.remove(&id));
    if let Some(peer) = &ended {
        peer.end.notify_one();
    }
    ended.is_some()
}

impl Slot {
    /// What the connection is doing.
    pub(super) fn phase(&self) -> Phase {
        match self.phase.load(Ordering::Relaxed) {
            phase if phase == Phase::Waiting as u8 => Phase::Waiting,
            phase if phase == Phase::Reading as u8 => Phase::Reading,
            _ => Phase::Answering,
        }
    }

    /// Notes what the connection is doing since then.
    pub(super) fn enters(&self, phase: Phase, since: Instant) {
        self.since.store(self.peers.milliseconds(since), Ordering::Relaxed);
        self.phase.store(phase as u8, Ordering::Relaxed);
        if phase != Phase::Reading {
            let held = self.held.swap(0, Ordering::Relaxed);
            self.peers.held.fetch_sub(held, Ordering::Relaxed);
        }
    }

    /// Notes that so many bytes more of a body are held. When all bodies together are too much, the one that has taken
    /// longest goes.
    pub(super) fn holds(&self, bytes: usize) {
        self.held.fetch_add(bytes, Ordering::Relaxed);
        if self.peers.held.fetch_add(bytes, Ordering::Relaxed) + bytes > self.peers.max_held {
            end_one(&mut self.peers.connected(), &[Phase::Reading]);
        }
    }

    /// Ends when this connection has to.
    pub(super) async fn has_to_go(&self) {
        self.end.notified().await;
    }

    /// The connection is no more.
    pub(super) fn leave(&self) {
        self.enters(Phase::Waiting, Instant::now());
        self.peers.connected().remove(&self.id);
        self.peers.vacancy.notify_one();
    }
}

/// Raises the number of descriptors that this process may have to what the system allows, and says it.
#[cfg(unix)]
pub(super) fn raise_descriptor_limit() -> Option<u64> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    // Without a hard limit, what is there is enough.
    if let Some(maximum) = limit.maximum {
        // A system that refuses leaves us with what we had.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(maximum), maximum: Some(maximum) });
    }
    getrlimit(Resource::Nofile).current
}

#[cfg(not(unix))]
pub(super) fn raise_descriptor_limit() -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_ended(peer: &Arc<Slot>) -> bool {
        !peer.peers.connected().contains_key(&peer.id)
    }

    #[tokio::test]
    async fn without_room_the_one_that_has_waited_longest_goes_and_never_one_that_is_being_answered() {
        let peers = ConnectionLimiter::new(Some(6), 1);
        let [first, second, third] = [peers.admit().await, peers.admit().await, peers.admit().await];
        first.enters(Phase::Answering, Instant::now());
        second.enters(Phase::Reading, Instant::now());
        let fourth = peers.admit().await;
        assert!(is_ended(&third) && !is_ended(&second) && !is_ended(&first));
        fourth.enters(Phase::Answering, Instant::now());
        let fifth = peers.admit().await;
        assert!(is_ended(&second));
        fifth.enters(Phase::Answering, Instant::now());
        let sixth = tokio::spawn({
            let peers = Arc::clone(&peers);
            async move { peers.admit().await }
        });
        first.leave();
        sixth.await.expect("there is a place now");
    }

    #[tokio::test]
    async fn when_bodies_take_too_much_the_slowest_goes() {
        let peers = ConnectionLimiter::new(None, 1);
        let [slow, quick] = [peers.admit().await, peers.admit().await];
        slow.enters(Phase::Reading, Instant::now());
        quick.enters(Phase::Reading, Instant::now());
        slow.holds(MAX_HELD);
        assert!(!is_ended(&slow));
        quick.holds(1);
        assert!(is_ended(&slow) && !is_ended(&quick));
        slow.leave();
        quick.enters(Phase::Answering, Instant::now());
        assert_eq!(peers.held.load(Ordering::Relaxed), 0);
    }
}
