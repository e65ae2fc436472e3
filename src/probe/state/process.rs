//! The receiver as a process.

use std::fmt;
use std::io;

/// A receiver that can be killed and restarted.
pub trait ReceiverProcess: fmt::Debug + Sync {
    /// Kills it immediately.
    ///
    /// # Errors
    /// Returns an error if it cannot be killed.
    fn kill(&self) -> io::Result<()>;

    /// Starts it, and waits until it accepts connections.
    ///
    /// # Errors
    /// Returns an error if it does not start.
    fn start(&self) -> io::Result<()>;
}
