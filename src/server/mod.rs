//! Takes deliveries in over HTTP/1. It decides only what HTTP itself demands; what a delivery is worth, its caller says.

mod body_length;
mod connection;
mod connection_limiter;
pub mod response;
mod stream;
mod workers;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use hyper_util::server::graceful::GracefulShutdown;
use socket2::{Domain, Protocol, Socket, Type};
use tokio::sync::Notify;

use crate::models::request::Request;

use connection::serve_connection;
use connection_limiter::{ConnectionLimiter, raise_descriptor_limit};
use response::Answer;
use workers::Workers;

/// 1 MiB: well over any delivery seen. `listen --max-body` has it as its default, in words; a test holds them together.
pub const MAX_BODY: usize = 1024 * 1024;
/// Connections that the system may hold until they are accepted. With the usual 128, the second half of a burst would
/// be tried again by its senders after a second.
const BACKLOG: i32 = 1024;
/// After a failed accept, for want of descriptors mostly, before the next: connections end in the meantime.
const ACCEPT_PAUSE: Duration = Duration::from_millis(20);
/// What is in hand when the receiver stops has so long to be answered: it ends within a second.
const GRACE: Duration = Duration::from_millis(800);

/// Takes deliveries in at one address.
#[derive(Debug)]
pub struct Receiver {
    listener: TcpListener,
    address: SocketAddr,
    max_body: usize,
}

/// Why a receiver cannot work.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}{}", hint(source))]
    Bind {
        /// What was asked for.
        address: SocketAddr,
        /// Why not.
        source: io::Error,
    },
    /// The system gives no threads, no timers or no signals.
    #[error("cannot start receiving")]
    Start(#[source] io::Error),
}

fn hint(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::AddrInUse => " (another program has the port; `--port 0` picks a free one)",
        _ => "",
    }
}

/// What a receiver's caller says to what comes in.
pub trait Handler: Send + Sync + 'static {
    /// Is this a path that deliveries are posted to?
    fn serves(&self, path: &str) -> bool;

    /// A delivery is there, whole, its head since `arrived`. The answer is sent when this is done; others are received
    /// meanwhile. When the sender does not wait for its answer, this is dropped where it stands.
    fn receive(self: Arc<Self>, delivery: Request, arrived: Instant) -> impl Future<Output = Answer> + Send;

    /// A request was turned away for HTTP's sake, before it was a delivery.
    fn refused(&self, method: &str, target: &str, answer: &Answer);
}

/// Why receiving ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// By [`Stop`].
    Stopped,
    /// By SIGINT or SIGTERM.
    Signal,
}

/// Stops a receiver from elsewhere.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<Notify>);

impl Stop {
    /// Stops accepting, lets what is in hand be answered, and ends.
    pub fn stop(&self) {
        self.0.notify_one();
    }
}

impl Receiver {
    /// Binds an address; port 0 picks a free one.
    ///
    /// # Errors
    /// When the address is taken, not ours or not allowed.
    pub fn bind(address: SocketAddr, max_body: usize) -> Result<Self, ReceiveError> {
        let error = |source| ReceiveError::Bind { address, source };
        let listener = listen(address).map_err(error)?;
        listener.set_nonblocking(true).map_err(error)?;
        let address = listener.local_addr().map_err(error)?;
        Ok(Self { listener, address, max_body })
    }

    /// Where it listens, with the real port.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Receives until `stop`, SIGINT or SIGTERM; then answers what is in hand and ends within a second. `ready` is
    /// called once the signals are caught and requests are taken.
    ///
    /// # Errors
    /// When the system gives no threads, no timers or no signals.
    pub fn serve(self, handler: Arc<impl Handler>, stop: &Stop, ready: impl FnOnce()) -> Result<Ending, ReceiveError> {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(ReceiveError::Start)?;
        let result = runtime.block_on(self.accept(handler, stop, ready));
        // A connection that outlasts the grace does not hold the process up.
        runtime.shutdown_background();
        result
    }

    async fn accept(
        self,
        handler: Arc<impl Handler>,
        stop: &Stop,
        ready: impl FnOnce(),
    ) -> Result<Ending, ReceiveError> {
        let listener = tokio::net::TcpListener::from_std(self.listener).map_err(ReceiveError::Start)?;
        let mut workers = Workers::start().map_err(ReceiveError::Start)?;
        let connections = GracefulShutdown::new();
        let peers = ConnectionLimiter::new(raise_descriptor_limit(), self.max_body);
        let is_ending = Arc::new(AtomicBool::new(false));
        let signal = interrupt().map_err(ReceiveError::Start)?;
        let mut end = pin!(async {
            tokio::select! {
                () = stop.0.notified() => Ending::Stopped,
                () = signal => Ending::Signal,
            }
        });
        ready();
        let ending = loop {
            tokio::select! {
                ending = &mut end => break ending,
                accepted = listener.accept() => {
                    let Ok((stream, _)) = accepted else {
                        peers.make_room();
                        tokio::time::sleep(ACCEPT_PAUSE).await;
                        continue;
                    };
                    let peer = tokio::select! {
                        peer = peers.admit() => peer,
                        ending = &mut end => break ending,
                    };
                    // From here to the one that serves it.
                    let Ok(stream) = stream.into_std() else {
                        peer.leave();
                        continue;
                    };
                    let (handler, is_ending) = (Arc::clone(&handler), Arc::clone(&is_ending));
                    workers.serve(serve_connection(stream, connections.watcher(), handler, peer, is_ending, self.max_body));
                }
            }
        };
        drop(listener);
        is_ending.store(true, Ordering::Relaxed);
        // Too late is as good as done: there is nobody left to tell.
        let _ = tokio::time::timeout(GRACE, connections.shutdown()).await;
        Ok(ending)
    }
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    // So that a receiver can be started again at once; elsewhere this would let two share a port.
    #[cfg(unix)]
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

/// Ends with the first SIGINT or SIGTERM.
#[cfg(unix)]
fn interrupt() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn interrupt() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
