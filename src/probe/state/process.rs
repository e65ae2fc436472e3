//! The receiver as a process.

use std::fmt;
use std::io;

/// A receiver that can be killed and started again.
pub trait ReceiverProcess: fmt::Debug + Sync {
    /// Kills it without a warning.
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
