//! Breaks responses on purpose, at the socket. hyper does not know about it.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use memchr::memmem;
use tokio::time::{Sleep, sleep};

use super::handler::WriteFault;

/// The pause before each byte of a response that drips.
const DRIP_PAUSE: Duration = Duration::from_millis(100);

/// Limits how much of a response is written.
pub(super) struct FaultyWriter {
    fault: WriteFault,
    body_length: usize,
    /// The number of bytes left to write of a truncated response; `None` before its first byte.
    left: Option<usize>,
    pause: Option<Pin<Box<Sleep>>>,
}

impl FaultyWriter {
    /// Returns a writer for a response with a body of this length.
    pub(super) const fn new(fault: WriteFault, body_length: usize) -> Self {
        Self { fault, body_length, left: None, pause: None }
    }

    /// Returns how many of these bytes may be written now, at least one.
    ///
    /// # Errors
    /// Returns an error when the rest of the response is not written.
    pub(super) fn poll_allowed(&mut self, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let allowed = match self.fault {
            WriteFault::Close => 0,
            WriteFault::Truncate => *self.left.get_or_insert_with(|| truncated_length(bytes, self.body_length)),
            WriteFault::Drip => {
                let pause = self.pause.get_or_insert_with(|| Box::pin(sleep(DRIP_PAUSE)));
                ready!(pause.as_mut().poll(context));
                1
            }
        };
        let closed = || io::Error::new(io::ErrorKind::BrokenPipe, "closed on purpose");
        Poll::Ready(if allowed == 0 { Err(closed()) } else { Ok(bytes.len().min(allowed)) })
    }

    /// Counts the bytes that were written.
    pub(super) fn wrote(&mut self, count: usize) {
        self.left = self.left.map(|left| left.saturating_sub(count));
        self.pause = None;
    }
}

/// Returns the length of a truncated response: its head, which is in these bytes, and half of its body. Without a body, it
/// is half of the head.
fn truncated_length(bytes: &[u8], body_length: usize) -> usize {
    let head = memmem::find(bytes, b"\r\n\r\n").map_or(bytes.len(), |end| end + 4);
    if body_length == 0 { head / 2 } else { head + body_length / 2 }
}
