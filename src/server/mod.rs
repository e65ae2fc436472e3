//! A hardened HTTP/1 server. It enforces the rules of HTTP and limits the resources that a client can use. Its [`Handler`]
//! decides which requests are handled, and how.

mod body;
mod client;
mod connection;
mod connection_limiter;
mod handler;
mod heads;
mod refusal;
mod signals;
mod stream;
mod workers;
mod write_fault;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use hyper_util::server::graceful::GracefulShutdown;
use socket2::{Domain, Protocol, Socket, Type};
use tokio::sync::Notify;

pub use client::Client;
use connection::serve_connection;
use connection_limiter::ConnectionLimiter;
pub use connection_limiter::raise_descriptor_limit;
pub use handler::{BodyStream, Handler, RequestHead, ServerResponse, WriteFault};
pub use refusal::Refusal;
use signals::EndSignals;
pub use signals::{exit_at_first_signal, exit_at_second_signal};
pub use workers::CONNECTIONS;
use workers::Workers;

/// The default limit for a body: 1 MiB, much more than any real delivery. `listen --max-body` has the same default, which a
/// test checks.
pub const MAX_BODY: usize = 1024 * 1024;
/// The number of connections that the system queues until they are accepted. With the usual 128, a large burst would make
/// clients retry after a second.
const BACKLOG: i32 = 1024;
/// The pause after a failed accept. The usual cause is a lack of descriptors, and connections end during the pause.
const ACCEPT_PAUSE: Duration = Duration::from_millis(20);
/// How long open requests may continue when the server stops, so that it ends within a second.
const GRACE: Duration = Duration::from_millis(800);

/// Returns the largest number of open connections of a server.
pub fn max_connections() -> usize {
    connection_limiter::max_connections(raise_descriptor_limit())
}

/// An HTTP/1 server at one address.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    max_body: usize,
}

/// Why a server cannot run.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The server cannot listen on the address.
    #[error("cannot listen on {address}")]
    Bind {
        /// The address asked for.
        address: SocketAddr,
        /// The reason.
        source: io::Error,
    },
    /// The system provides no threads, no timers or no signals.
    #[error("cannot start the server")]
    Start(#[source] io::Error),
}

/// Why a server stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopReason {
    /// [`Stop::stop`] was called.
    Stopped,
    /// The process received SIGINT, SIGTERM, SIGHUP or SIGQUIT.
    Signal,
}

/// Stops a server from another thread.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<Notify>);

impl Stop {
    /// Makes the server stop accepting, respond to open requests, and end.
    pub fn stop(&self) {
        self.0.notify_one();
    }
}

impl Server {
    /// Binds an address; port 0 picks a free one. Bodies larger than `max_body` bytes are refused.
    ///
    /// # Errors
    /// Returns an error if the address is in use, not on this machine or not allowed.
    pub fn bind(address: SocketAddr, max_body: usize) -> Result<Self, ServerError> {
        let error = |source| ServerError::Bind { address, source };
        let listener = listen(address).map_err(error)?;
        let address = listener.local_addr().map_err(error)?;
        Ok(Self { listener, address, max_body })
    }

    /// Returns the address, with the actual port.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `stop` or a signal, then responds to open requests and ends within a second. Calls `ready` once
    /// signals are caught and connections are accepted.
    ///
    /// # Errors
    /// Returns an error if the system provides no threads, no timers or no signals.
    pub fn serve(
        self,
        handler: Arc<impl Handler>,
        stop: &Stop,
        ready: impl FnOnce(),
    ) -> Result<StopReason, ServerError> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(ServerError::Start)?;
        // A runtime that fails to start must not be dropped inside another runtime.
        let workers = Workers::start().map_err(ServerError::Start)?;
        let result = runtime.block_on(self.accept(workers, handler, stop, ready));
        // A connection that outlasts the grace period does not keep the process alive.
        runtime.shutdown_background();
        result.map_err(ServerError::Start)
    }

    async fn accept(
        self,
        mut workers: Workers,
        handler: Arc<impl Handler>,
        stop: &Stop,
        ready: impl FnOnce(),
    ) -> io::Result<StopReason> {
        let listener = tokio::net::TcpListener::from_std(self.listener)?;
        let connections = GracefulShutdown::new();
        let limiter = ConnectionLimiter::new(raise_descriptor_limit(), self.max_body);
        let is_ending = Arc::new(AtomicBool::new(false));
        let mut signals = EndSignals::register()?;
        let mut end = pin!(async {
            tokio::select! {
                () = stop.0.notified() => StopReason::Stopped,
                () = signals.next() => StopReason::Signal,
            }
        });
        ready();
        let reason = loop {
            tokio::select! {
                reason = &mut end => break reason,
                accepted = listener.accept() => {
                    let Ok((stream, _)) = accepted else {
                        limiter.evict_waiting();
                        tokio::time::sleep(ACCEPT_PAUSE).await;
                        continue;
                    };
                    let slot = tokio::select! {
                        slot = limiter.acquire() => slot,
                        reason = &mut end => break reason,
                    };
                    // The socket moves from this runtime to the worker's.
                    let Ok(stream) = stream.into_std() else {
                        slot.release();
                        continue;
                    };
                    let (handler, is_ending) = (Arc::clone(&handler), Arc::clone(&is_ending));
                    let watcher = connections.watcher();
                    workers.spawn(serve_connection(stream, watcher, handler, slot, is_ending, self.max_body));
                }
            }
        };
        drop(listener);
        is_ending.store(true, Ordering::Relaxed);
        // Requests that are still open after the grace period are dropped.
        let end = async { tokio::join!(handler.complete(), connections.shutdown()) };
        let _ = tokio::time::timeout(GRACE, end).await;
        Ok(reason)
    }
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    // On Unix a server can be restarted at once; elsewhere this would let two servers share a port.
    #[cfg(unix)]
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    socket.set_nonblocking(true)?;
    Ok(socket.into())
}
