//! The messages that wait for a slow terminal. A message about a delivery holds all of it, so both the number of messages
//! and their bytes are bounded: the receiver's threads wait for space.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crate::client::error::SendError;
use crate::receiver::record::{Entry, Subscriber};
use crate::server::{ServerError, StopReason};

/// A message to the thread that owns the terminal.
pub(super) enum Message {
    /// The receiver accepts requests.
    Ready,
    /// Something happened at the receiver.
    Entry(Entry),
    /// The demo could not send.
    DemoFailed(SendError),
    /// The receiver has stopped.
    Stopped(Result<StopReason, ServerError>),
}

impl Message {
    /// The number of bytes from senders that the message keeps in memory.
    pub(super) fn size(&self) -> usize {
        if let Self::Entry(entry) = self { entry.size() } else { 0 }
    }
}

/// The most messages that wait.
const MAX_MESSAGES: usize = 1024;
/// 32 MiB: a burst of thousands of usual deliveries. Beyond it at most one more delivery waits, however large.
const MAX_BYTES: usize = 32 * 1024 * 1024;

/// How long waiting messages may take to be shown after the receiver has stopped.
const DRAIN_TIMEOUT: Duration = Duration::from_millis(900);
/// The exit code if they are not shown in time.
const NOT_SHOWN: i32 = 2;

/// Where messages are put. All clones share the space.
#[derive(Clone)]
pub(super) struct LogSender {
    messages: SyncSender<(Message, Held)>,
    space: Arc<Space>,
    /// Does nobody see deliveries and refusals?
    is_quiet: bool,
}

/// Where messages are taken out, each with the space that it occupies until it is shown.
pub(super) type LogReceiver = Receiver<(Message, Held)>;

pub(super) fn queue(is_quiet: bool) -> (LogSender, LogReceiver) {
    let (messages, receiver) = sync_channel(MAX_MESSAGES);
    (LogSender { messages, space: Arc::default(), is_quiet }, receiver)
}

impl Subscriber for LogSender {
    fn receive(&self, entry: &Entry) {
        if !self.is_quiet || matches!(entry, Entry::NotSaved(_)) {
            self.send(Message::Entry(entry.clone()));
        }
    }
}

impl LogSender {
    /// Sends a message as soon as there is space.
    pub(super) fn send(&self, message: Message) {
        let held = Space::take(&self.space, message.size());
        // When the inbox is gone, the run is ending.
        let _ = self.messages.send((message, held));
    }

    /// Sends the last message: the receiver has stopped. If nobody reads the output, it is never taken out, and the process
    /// exits without it: a blocked pipe must not delay a signal. Captures are on disk.
    pub(super) fn send_last(&self, message: Message) {
        let (last, taken) = channel::<()>();
        thread::spawn(move || {
            // Nothing is ever sent: the sender is dropped with the message.
            if taken.recv_timeout(DRAIN_TIMEOUT) == Err(RecvTimeoutError::Timeout) {
                std::process::exit(NOT_SHOWN);
            }
        });
        let mut held = Space::take(&self.space, message.size());
        held.last = Some(last);
        let _ = self.messages.send((message, held));
    }
}

/// The bytes of messages that wait.
#[derive(Default)]
struct Space {
    held: Mutex<usize>,
    freed: Condvar,
}

/// Space that is occupied until this is dropped.
pub(super) struct Held {
    bytes: usize,
    space: Arc<Space>,
    /// Dropped when the last message is shown.
    last: Option<Sender<()>>,
}

impl Space {
    /// Waits while the space is full, not until the message fits: otherwise one larger than the space would wait forever,
    /// and a large one as long as small ones overtake it.
    fn take(space: &Arc<Self>, bytes: usize) -> Held {
        let full = |held: &mut usize| *held >= MAX_BYTES;
        let mut held = space.freed.wait_while(space.held(), full).unwrap_or_else(PoisonError::into_inner);
        *held += bytes;
        Held { bytes, space: Arc::clone(space), last: None }
    }

    fn held(&self) -> MutexGuard<'_, usize> {
        // A number is whole whatever happened to another thread.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        *self.space.held() -= self.bytes;
        self.space.freed.notify_all();
    }
}
