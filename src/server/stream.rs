//! The socket of a connection. It observes reads and writes, and lets a refused client that is still sending read the
//! response.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

use super::connection_limiter::{Slot, lock};
use super::heads::HeadScanner;
use super::write_fault::FaultyWriter;

/// After the last response, bytes from the client are read and dropped for this long. If the socket were closed immediately
/// with unread bytes, the system would reset the connection, and the client would lose the response.
const LINGER: Duration = Duration::from_secs(2);
/// The most bytes that are dropped: enough for a client that sends its whole body before it reads.
const LINGER_BYTES: usize = 64 * 1024 * 1024;
/// The number of bytes that are dropped at a time.
const LINGER_BLOCK: usize = 16 * 1024;

/// The fault in the response of a connection, if any.
pub(super) type SharedFault = Arc<Mutex<Option<FaultyWriter>>>;

/// The socket of one connection.
pub(super) struct GuardedStream {
    /// Shared with the task that watches the client while its request is handled, on the same thread.
    stream: Arc<Mutex<TcpStream>>,
    slot: Arc<Slot>,
    heads: Arc<Mutex<HeadScanner>>,
    /// Breaks the response that is being written.
    fault: SharedFault,
    /// Set while the server stops. Then connections close without delay.
    is_ending: Arc<AtomicBool>,
    lingering: Option<Lingering>,
}

/// Our side is closed. Bytes from the client are dropped until it closes its side.
struct Lingering {
    timer: Pin<Box<Sleep>>,
    bytes_left: usize,
}

impl GuardedStream {
    pub(super) fn new(
        stream: Arc<Mutex<TcpStream>>,
        slot: Arc<Slot>,
        heads: Arc<Mutex<HeadScanner>>,
        fault: SharedFault,
        is_ending: Arc<AtomicBool>,
    ) -> Self {
        // Without this option, a response may wait 40 ms for the next packet. A socket that refuses the option is only slower.
        let _ = lock(&stream).set_nodelay(true);
        Self { stream, slot, heads, fault, is_ending, lingering: None }
    }
}

impl AsyncRead for GuardedStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let before = buffer.filled().len();
        ready!(Pin::new(&mut *lock(&this.stream)).poll_read(context, buffer))?;
        lock(&this.heads).scan(&buffer.filled()[before..]);
        Poll::Ready(Ok(()))
    }
}

/// Does not support vectored writes. hyper then writes the head and body of a response as one piece, which is faster for
/// short responses.
impl AsyncWrite for GuardedStream {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let mut fault = lock(&self.fault);
        let allowed = match fault.as_mut() {
            None => bytes.len(),
            // A pause on purpose does not count as a slow client.
            Some(fault) => ready!(fault.poll_allowed(context, bytes))?,
        };
        let written = Pin::new(&mut *lock(&self.stream)).poll_write(context, &bytes[..allowed]);
        self.slot.wrote(written.is_pending());
        if let (Some(fault), Poll::Ready(Ok(count))) = (fault.as_mut(), &written) {
            fault.wrote(*count);
        }
        written
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *lock(&self.stream)).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.lingering.is_none() {
            ready!(Pin::new(&mut *lock(&this.stream)).poll_shutdown(context))?;
            this.lingering = Some(Lingering { timer: Box::pin(sleep(LINGER)), bytes_left: LINGER_BYTES });
        }
        let Some(lingering) = &mut this.lingering else { return Poll::Ready(Ok(())) };
        let mut block = [0; LINGER_BLOCK];
        while lingering.bytes_left > 0
            && !this.is_ending.load(Ordering::Relaxed)
            && lingering.timer.as_mut().poll(context).is_pending()
        {
            let mut dropped = ReadBuf::new(&mut block);
            let read = ready!(Pin::new(&mut *lock(&this.stream)).poll_read(context, &mut dropped));
            if read.is_err() || dropped.filled().is_empty() {
                break;
            }
            lingering.bytes_left = lingering.bytes_left.saturating_sub(dropped.filled().len());
        }
        Poll::Ready(Ok(()))
    }
}
