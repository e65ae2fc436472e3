//! The socket of a connection as the receiver wants it: a peer that does not finish its head or does not read its
//! answers is left, and one that is still sending when it is refused gets to read why.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep, sleep_until};

use super::body_length::BodyLengths;
use super::connection_limiter::{Phase, Slot};

/// From the end of the last answer, or the start of the connection, to the end of the next head.
const HEAD_DEADLINE: Duration = Duration::from_secs(10);
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
pub(super) struct GuardedStream {
    stream: TcpStream,
    peer: Arc<Slot>,
    body_lengths: BodyLengths,
    /// The number, from 0, of the first request whose head states its length in two ways; the largest where none does.
    ambiguous: Arc<AtomicU64>,
    /// Set while the receiver ends: then nothing lingers.
    ending: Arc<AtomicBool>,
    /// Since when the next head is awaited; `None` while none is.
    awaiting: Option<Instant>,
    /// Fires when the next head has to be there, or earlier. It is made once and moved only when it fires; hyper's own
    /// deadline for heads makes, starts and stops a timer for each.
    alarm: Option<Pin<Box<Sleep>>>,
    /// When the peer must have taken something; there only while it does not.
    stalled: Option<Pin<Box<Sleep>>>,
    closing: Option<Closing>,
}

/// Our side is closed; what the peer still sends is dropped until it closes too.
struct Closing {
    deadline: Pin<Box<Sleep>>,
    left: usize,
}

impl GuardedStream {
    pub(super) fn new(stream: TcpStream, peer: Arc<Slot>, ambiguous: Arc<AtomicU64>, ending: Arc<AtomicBool>) -> Self {
        // Without this an answer may wait 40 ms for the next packet. A socket that refuses is merely slower.
        let _ = stream.set_nodelay(true);
        Self {
            stream,
            peer,
            body_lengths: BodyLengths::default(),
            ambiguous,
            ending,
            awaiting: None,
            alarm: None,
            stalled: None,
            closing: None,
        }
    }

    /// Watches a read that is pending: where it is for a head, it may be pending only so long.
    fn await_head(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.peer.phase() != Phase::Waiting {
            // A body has another deadline; while a delivery is answered, a read only tells when the peer goes.
            self.awaiting = None;
            return Poll::Pending;
        }
        let deadline = *self.awaiting.get_or_insert_with(Instant::now) + HEAD_DEADLINE;
        let alarm = self.alarm.get_or_insert_with(|| Box::pin(sleep_until(deadline)));
        loop {
            ready!(alarm.as_mut().poll(context));
            if alarm.deadline() >= deadline {
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
            alarm.as_mut().reset(deadline);
        }
    }

    /// Watches a write: it may be pending only so long.
    fn within_deadline<T>(&mut self, context: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        self.awaiting = None;
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(WRITE_DEADLINE)));
        ready!(stalled.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
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
        match Pin::new(&mut this.stream).poll_read(context, buffer) {
            Poll::Ready(read) => read?,
            Poll::Pending => return this.await_head(context),
        }
        if let Some(number) = this.body_lengths.follow(&buffer.filled()[before..]) {
            this.ambiguous.fetch_min(number, Ordering::Relaxed);
        }
        Poll::Ready(Ok(()))
    }
}

/// Without vectored writes: hyper puts head and body of an answer into one piece then, which for answers as short as
/// ours is less work than two.
impl AsyncWrite for GuardedStream {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.within_deadline(context, written)
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

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;
    use crate::server::connection_limiter::ConnectionLimiter;

    /// A io, what its connection is registered as, and the other end.
    async fn connected() -> (GuardedStream, Arc<Slot>, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let other = TcpStream::connect(listener.local_addr().expect("an address")).await.expect("it listens");
        let (stream, _) = listener.accept().await.expect("it is connected");
        let peer = ConnectionLimiter::new(None, 1).admit().await;
        (GuardedStream::new(stream, Arc::clone(&peer), Arc::default(), Arc::default()), peer, other)
    }

    /// Reads until nothing comes any more: why, and after how many seconds of the paused clock.
    async fn read_all(io: &mut GuardedStream) -> (io::ErrorKind, u64) {
        let start = Instant::now();
        let error = io.read_to_end(&mut Vec::new()).await.expect_err("the other end does not close");
        (error.kind(), start.elapsed().as_secs())
    }

    #[tokio::test(start_paused = true)]
    async fn a_head_that_does_not_end_is_waited_for_ten_seconds_however_it_drips() {
        let (mut io, _, mut other) = connected().await;
        tokio::spawn(async move {
            while other.write_all(b"X").await.is_ok() {
                sleep(Duration::from_secs(4)).await;
            }
        });
        assert_eq!(read_all(&mut io).await, (io::ErrorKind::TimedOut, 10));
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_may_take_longer_and_the_wait_for_the_next_head_begins_behind_it() {
        let (mut io, peer, _other) = connected().await;
        let mut byte = [0];
        let an_hour = Duration::from_secs(3600);
        let wait = tokio::time::timeout(Duration::from_secs(7), io.read(&mut byte)).await;
        assert!(wait.is_err(), "the alarm is set");
        peer.enters(Phase::Answering, std::time::Instant::now());
        let wait = tokio::time::timeout(an_hour, io.read(&mut byte)).await;
        assert!(wait.is_err(), "while a delivery is answered there is no deadline");
        io.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.expect("it is read");
        peer.enters(Phase::Waiting, std::time::Instant::now());
        assert_eq!(read_all(&mut io).await, (io::ErrorKind::TimedOut, 10));
    }
}
