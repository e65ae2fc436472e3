//! A queue of messages for a slow terminal. A message contains most of its delivery, so the number and the size of messages
//! are bounded. The receiver's threads wait for space.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::output::listen::ListenSummary;
use crate::receiver::expectations::Expectations;
use crate::receiver::record::{Entry, Subscriber};

/// A message to the thread that owns the terminal.
pub(super) enum Message {
    /// The receiver accepts requests.
    Ready,
    /// An entry of the receiver.
    Entry(Entry),
    /// The run is over, with this result, if any.
    Ended(Option<Box<Conclusion>>),
}

/// The result that is shown at the end.
pub(super) struct Conclusion {
    pub(super) summary: ListenSummary,
    pub(super) expectations: Option<Expectations>,
    pub(super) notes: Vec<String>,
}

impl Message {
    /// Returns the number of bytes from senders in the message.
    fn size(&self) -> usize {
        if let Self::Entry(entry) = self { entry.size() } else { 0 }
    }

    const fn is_refusal(&self) -> bool {
        matches!(self, Self::Entry(Entry::Refused(_)))
    }
}

/// The most waiting messages.
const MAX_MESSAGES: usize = 1024;
/// The most waiting bytes, 32 MiB: thousands of usual deliveries. One more delivery may wait, with a bounded record.
const MAX_BYTES: usize = 32 * 1024 * 1024;

/// The most waiting refused requests. More are only counted, so that they never delay a delivery.
const MAX_REFUSALS: usize = 256;
/// The largest number of waiting messages at which the terminal still keeps up.
const SHORT: usize = 32;

/// How long the output may be blocked at the end.
const STANDSTILL: Duration = Duration::from_millis(900);

/// Messages for the terminal.
pub(super) struct Queue {
    waiting: Mutex<Waiting>,
    /// Signals that a message was added or removed.
    changed: Condvar,
    /// Whether deliveries and refusals are not shown.
    is_quiet: bool,
}

#[derive(Default)]
struct Waiting {
    messages: VecDeque<Message>,
    bytes: usize,
    /// The number of refused requests among the messages.
    refusals: usize,
    /// Whether the queue is closed.
    is_closed: bool,
}

impl Waiting {
    /// Returns whether a limit is reached. Below the limit, a message of any size fits, so that a large message does not wait
    /// forever.
    fn is_full(&self) -> bool {
        !self.is_closed && (self.messages.len() >= MAX_MESSAGES || self.bytes >= MAX_BYTES)
    }

    fn push(&mut self, message: Message) {
        self.bytes += message.size();
        self.refusals += usize::from(message.is_refusal());
        self.messages.push_back(message);
    }

    fn pop(&mut self) -> Option<Message> {
        let message = self.messages.pop_front()?;
        self.bytes -= message.size();
        self.refusals -= usize::from(message.is_refusal());
        Some(message)
    }
}

impl Queue {
    pub(super) fn new(is_quiet: bool) -> Self {
        Self { waiting: Mutex::default(), changed: Condvar::new(), is_quiet }
    }

    /// Waits for space, then adds a message. Drops the message if the queue is closed, because the run is ending.
    pub(super) fn send(&self, message: Message) {
        let mut waiting = self.wait_while(|waiting| waiting.is_full());
        if !waiting.is_closed {
            waiting.push(message);
            self.changed.notify_all();
        }
    }

    /// Adds a message about a refused request, unless the queue is too long.
    fn offer(&self, message: Message) {
        let mut waiting = self.lock();
        if !waiting.is_closed && !waiting.is_full() && waiting.refusals < MAX_REFUSALS {
            waiting.push(message);
            self.changed.notify_all();
        }
    }

    /// Adds the last message, and waits until all messages are shown and the queue is closed. Returns false if the output is
    /// blocked. `written` returns the number of bytes written so far.
    #[must_use]
    pub(super) fn finish(&self, last: Message, written: &AtomicUsize) -> bool {
        let mut waiting = self.lock();
        waiting.push(last);
        self.changed.notify_all();
        let mut before = None;
        while !waiting.is_closed {
            let now = Some((written.load(Ordering::Relaxed), waiting.messages.len()));
            if now == before {
                return false;
            }
            before = now;
            let open = |waiting: &mut Waiting| !waiting.is_closed;
            let woken = self.changed.wait_timeout_while(waiting, STANDSTILL, open);
            waiting = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }

    /// Returns whether the terminal keeps up, so that explanations can be computed.
    pub(super) fn is_short(&self) -> bool {
        self.lock().messages.len() < SHORT
    }

    /// Waits for the next message and removes it. Returns `None` if the queue is closed.
    pub(super) fn next(&self) -> Option<Message> {
        let mut waiting = self.wait_while(|waiting| waiting.messages.is_empty() && !waiting.is_closed);
        let message = waiting.pop()?;
        self.changed.notify_all();
        Some(message)
    }

    /// Closes the queue. Drops all waiting and later messages.
    pub(super) fn close(&self) {
        *self.lock() = Waiting { is_closed: true, ..Waiting::default() };
        self.changed.notify_all();
    }

    fn wait_while(&self, condition: impl FnMut(&mut Waiting) -> bool) -> MutexGuard<'_, Waiting> {
        self.changed.wait_while(self.lock(), condition).unwrap_or_else(PoisonError::into_inner)
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        // The state is valid even if another thread panicked.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Subscriber for Queue {
    fn receive(&self, entry: &Entry) {
        match entry {
            Entry::Delivery(_) | Entry::Refused(_) if self.is_quiet => {}
            Entry::Refused(_) => self.offer(Message::Entry(entry.clone())),
            _ => self.send(Message::Entry(entry.clone())),
        }
    }
}
