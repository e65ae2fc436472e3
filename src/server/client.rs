//! Detects that a client disconnects while its request is handled. hyper does not read during this time, so it would not
//! detect it.

use std::future::{pending, poll_fn};
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::ReadBuf;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;

use super::connection_limiter::lock;

/// The client of a request.
#[derive(Clone, Debug)]
pub struct Client(Arc<State>);

#[derive(Debug)]
struct State {
    has_closed: AtomicBool,
    /// Has no permits. It is closed when the client has disconnected.
    presence: Semaphore,
}

impl Default for Client {
    /// Returns a connected client.
    fn default() -> Self {
        Self(Arc::new(State { has_closed: AtomicBool::new(false), presence: Semaphore::new(0) }))
    }
}

impl Client {
    /// Returns whether the client has closed its sending half. It may still read the response, or it may have disconnected:
    /// only sending shows which.
    pub fn has_closed(&self) -> bool {
        self.0.has_closed.load(Ordering::Relaxed)
    }

    /// Waits until the client has reset the connection, so that it is certain that it has disconnected.
    pub async fn gone(&self) {
        let _ = self.0.presence.acquire().await;
    }

    /// Watches the socket of the client. Returns when the client has disconnected.
    pub(super) async fn watch(&self, stream: &Mutex<TcpStream>) {
        match peek(stream).await {
            // The client has sent another request.
            Ok(1..) => {}
            Ok(0) => self.0.has_closed.store(true, Ordering::Relaxed),
            Err(_) => return self.0.presence.close(),
        }
        pending::<()>().await;
    }
}

/// Waits until the client sends or closes something. Returns the number of bytes that can be read, 0 or 1.
async fn peek(stream: &Mutex<TcpStream>) -> io::Result<usize> {
    poll_fn(|context| {
        let mut byte = [0];
        lock(stream).poll_peek(context, &mut ReadBuf::new(&mut byte))
    })
    .await
}
