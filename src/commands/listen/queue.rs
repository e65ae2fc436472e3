//! The messages that wait for a slow terminal. A message about a delivery holds much of it, so both the number of messages
//! and their bytes are bounded: the receiver's threads wait for space.

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
    /// Something happened at the receiver.
    Entry(Entry),
    /// The run is over, with this result if there is one.
    Ended(Option<Box<Conclusion>>),
}

/// What is shown at the end.
pub(super) struct Conclusion {
    pub(super) summary: ListenSummary,
    pub(super) expectations: Option<Expectations>,
    pub(super) notes: Vec<String>,
}

impl Message {
    /// The number of bytes from senders that the message keeps in memory.
    fn size(&self) -> usize {
        if let Self::Entry(entry) = self { entry.size() } else { 0 }
    }

    const fn is_refusal(&self) -> bool {
        matches!(self, Self::Entry(Entry::Refused(_)))
    }
}

/// The most messages that wait.
const MAX_MESSAGES: usize = 1024;
/// 32 MiB: a burst of thousands of usual deliveries. Beyond it at most one more delivery waits; its record is bounded too.
const MAX_BYTES: usize = 32 * 1024 * 1024;

/// The most refused requests that wait. More are only counted: no stranger's request holds up a delivery.
const MAX_REFUSALS: usize = 256;
/// The number of messages that wait while the terminal keeps up.
const SHORT: usize = 32;

/// How long the output may stand still at the end.
const STANDSTILL: Duration = Duration::from_millis(900);

/// Messages on their way to the terminal.
pub(super) struct Queue {
    waiting: Mutex<Waiting>,
    /// A message was added or taken.
    changed: Condvar,
    /// Does nobody see deliveries and refusals?
    is_quiet: bool,
}

#[derive(Default)]
struct Waiting {
    messages: VecDeque<Message>,
    bytes: usize,
    /// The number of refused requests among the messages.
    refusals: usize,
    /// Nobody takes messages any more.
    is_closed: bool,
}

impl Waiting {
    /// A queue is full at its limits, not when a message does not fit: otherwise one larger than the limit would wait
    /// forever, and a large one as long as small ones overtake it.
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

    /// Adds a message as soon as there is space. When the queue is closed, the run is ending, and the message is dropped.
    pub(super) fn send(&self, message: Message) {
        let mut waiting = self.wait_while(|waiting| waiting.is_full());
        if !waiting.is_closed {
            waiting.push(message);
            self.changed.notify_all();
        }
    }

    /// Adds a message about a refused request, unless too much waits.
    fn offer(&self, message: Message) {
        let mut waiting = self.lock();
        if !waiting.is_closed && !waiting.is_full() && waiting.refusals < MAX_REFUSALS {
            waiting.push(message);
            self.changed.notify_all();
        }
    }

    /// Adds the last message, and waits until everything is shown and the queue is closed. Returns false if nobody reads the
    /// output: if nothing of it was taken for a while. `written` is how much was.
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

    /// Is there time for more than printing?
    pub(super) fn is_short(&self) -> bool {
        self.lock().messages.len() < SHORT
    }

    /// Takes the next message, as soon as there is one. Returns `None` once the queue is closed.
    pub(super) fn next(&self) -> Option<Message> {
        let mut waiting = self.wait_while(|waiting| waiting.messages.is_empty() && !waiting.is_closed);
        let message = waiting.pop()?;
        self.changed.notify_all();
        Some(message)
    }

    /// Drops the messages that wait, and those to come: nobody takes them any more.
    pub(super) fn close(&self) {
        *self.lock() = Waiting { is_closed: true, ..Waiting::default() };
        self.changed.notify_all();
    }

    fn wait_while(&self, condition: impl FnMut(&mut Waiting) -> bool) -> MutexGuard<'_, Waiting> {
        self.changed.wait_while(self.lock(), condition).unwrap_or_else(PoisonError::into_inner)
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        // The counts are right whatever happened to another thread.
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
