//! What waits for a slow terminal. A note of a delivery holds all of it, so that not only their number is bounded, but
//! their bytes too: the receiver's threads wait where there is no room.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use super::event_log::Note;

/// Notes that may wait.
const MOST_NOTES: usize = 1024;
/// 32 MiB: a burst of thousands of usual deliveries. Beyond it at most one more delivery waits, however large.
const MOST_BYTES: usize = 32 * 1024 * 1024;

/// From the end of receiving, what waits has so long to be shown.
const LAST_WORDS: Duration = Duration::from_millis(900);
/// The exit code when it was not: trouble.
const NOT_SAID: i32 = 2;

/// Where notes are put. All clones share the room.
#[derive(Clone)]
pub(super) struct Outbox {
    notes: SyncSender<(Note, Held)>,
    room: Arc<Room>,
}

/// Where notes are taken out, each with the room that it needs until it is shown.
pub(super) type Inbox = Receiver<(Note, Held)>;

pub(super) fn queue() -> (Outbox, Inbox) {
    let (notes, inbox) = sync_channel(MOST_NOTES);
    (Outbox { notes, room: Arc::default() }, inbox)
}

impl Outbox {
    /// Waits until there is room.
    pub(super) fn send(&self, note: Note) {
        let held = Room::take(&self.room, note.size());
        // When the inbox is gone, the run is ending.
        let _ = self.notes.send((note, held));
    }

    /// The last note: the run has ended. Where nobody reads the output any more, it is not taken out, and the process ends
    /// without it: a pipe that stands still must not hold up a signal. What was kept is on disk.
    pub(super) fn send_last(&self, note: Note) {
        let (last, taken) = channel::<()>();
        thread::spawn(move || {
            // Nothing is ever sent: it is dropped with the note.
            if taken.recv_timeout(LAST_WORDS) == Err(RecvTimeoutError::Timeout) {
                std::process::exit(NOT_SAID);
            }
        });
        let mut held = Room::take(&self.room, note.size());
        held.last = Some(last);
        let _ = self.notes.send((note, held));
    }
}

/// How many bytes are held.
#[derive(Default)]
struct Room {
    held: Mutex<usize>,
    freed: Condvar,
}

/// Bytes that are held as long as this is there.
pub(super) struct Held {
    bytes: usize,
    room: Arc<Room>,
    /// Goes with the last note.
    last: Option<Sender<()>>,
}

impl Room {
    /// Waits as long as the room is full, not until so much fits: else a delivery larger than the room would wait for
    /// ever, and a large one for as long as small ones pass it.
    fn take(room: &Arc<Self>, bytes: usize) -> Held {
        let full = |held: &mut usize| *held >= MOST_BYTES;
        let mut held = room.freed.wait_while(room.held(), full).unwrap_or_else(PoisonError::into_inner);
        *held += bytes;
        Held { bytes, room: Arc::clone(room), last: None }
    }

    fn held(&self) -> MutexGuard<'_, usize> {
        // A number is whole whatever happened to another thread.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        *self.room.held() -= self.bytes;
        self.room.freed.notify_all();
    }
}
