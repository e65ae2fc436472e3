//! The socket of a connection as the receiver wants it: a peer that does not read its answers is left, and one that is
//! still sending when it is refused gets to read why.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

use super::framing::Framing;

/// A peer that takes nothing of an answer for so long is left.
const WRITE_DEADLINE: Duration = Duration::from_secs(10);
/// After the last answer, what the peer still sends is read and dropped for so long. Were the socket closed at once, the
/// system would tell the peer of the bytes that nobody read by a reset, which destroys the answer on its way.
const LINGER: Duration = Duration::from_secs(2);
/// No more than this is dropped, in bytes: a client that reads late has a body of some size, not one without end.
const LINGER_BYTES: usize = 64 * 1024 * 1024;
/// So much is dropped at a time.
const LINGER_BLOCK: usize = 16 * 1024;

/// One connection's socket.
pub(super) struct Wire {
    stream: TcpStream,
    framing: Framing,
    /// Set when a head stated its length in two ways.
    ambiguous: Arc<AtomicBool>,
    /// Set while the receiver ends: then nothing lingers.
    ending: Arc<AtomicBool>,
    /// When the peer must have taken something; there only while it does not.
    stalled: Option<Pin<Box<Sleep>>>,
    closing: Option<Closing>,
}

/// Our side is closed; what the peer still sends is dropped until it closes too.
struct Closing {
    deadline: Pin<Box<Sleep>>,
    left: usize,
}

impl Wire {
    pub(super) fn new(stream: TcpStream, ambiguous: Arc<AtomicBool>, ending: Arc<AtomicBool>) -> Self {
        // Without this an answer may wait 40 ms for the next packet. A socket that refuses is merely slower.
        let _ = stream.set_nodelay(true);
        Self { stream, framing: Framing::default(), ambiguous, ending, stalled: None, closing: None }
    }

    /// Watches a write: it may be pending only so long.
    fn within_deadline<T>(&mut self, context: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(WRITE_DEADLINE)));
        ready!(stalled.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let before = buffer.filled().len();
        ready!(Pin::new(&mut this.stream).poll_read(context, buffer))?;
        if this.framing.follow(&buffer.filled()[before..]) {
            this.ambiguous.store(true, Ordering::Relaxed);
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.within_deadline(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.within_deadline(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.closing.is_none() {
            ready!(Pin::new(&mut this.stream).poll_shutdown(context))?;
            this.closing = Some(Closing { deadline: Box::pin(sleep(LINGER)), left: LINGER_BYTES });
        }
        let Some(closing) = &mut this.closing else { return Poll::Ready(Ok(())) };
        let mut block = [0; LINGER_BLOCK];
        while closing.left > 0
            && !this.ending.load(Ordering::Relaxed)
            && closing.deadline.as_mut().poll(context).is_pending()
        {
            let mut dropped = ReadBuf::new(&mut block);
            match ready!(Pin::new(&mut this.stream).poll_read(context, &mut dropped)) {
                Ok(()) if !dropped.filled().is_empty() => {
                    closing.left = closing.left.saturating_sub(dropped.filled().len());
                }
                Ok(()) | Err(_) => break,
            }
        }
        Poll::Ready(Ok(()))
    }
}
