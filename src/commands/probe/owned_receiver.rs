//! The receiver under test as a command that the probe starts, kills and stops.

use std::ffi::OsString;
use std::io;
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::client::url::Url;
use crate::commands::process::{POLL_INTERVAL, System};
use crate::probe::ReceiverProcess;
use crate::server::exit_at_first_signal;

/// How long the receiver may take to accept connections.
const START_TIMEOUT: Duration = Duration::from_secs(15);
/// How long one attempt to connect may take.
const CONNECT_TIMEOUT: Duration = Duration::from_millis(500);
/// How long the receiver may take to stop by itself.
const GRACE: Duration = Duration::ZERO;
/// The exit code of a process that a signal ended, as shells report SIGINT.
const INTERRUPTED: i32 = 130;

/// A receiver that runs during the probe. It always stops when the probe ends.
#[derive(Debug)]
pub(super) struct OwnedReceiver {
    command: Vec<OsString>,
    addresses: Vec<SocketAddr>,
    system: Arc<Mutex<Option<System>>>,
}

impl OwnedReceiver {
    /// Starts the receiver, if a command is given, and waits until it accepts connections.
    pub(super) fn start(command: &[OsString], url: &Url) -> anyhow::Result<Option<Self>> {
        let Some(program) = command.first() else { return Ok(None) };
        let addresses = url.socket_addrs(|| None).with_context(|| format!("cannot find the host of {url}"))?;
        let receiver = Self { command: command.to_vec(), addresses, system: Arc::default() };
        if receiver.accepts_connections() {
            bail!("another program already listens at that URL; stop it, or leave out -- {}", program.display());
        }
        let system = Arc::clone(&receiver.system);
        exit_at_first_signal(INTERRUPTED, move || end(&system)).context("cannot receive signals")?;
        receiver.launch().with_context(|| format!("cannot run {}", program.display()))?;
        Ok(Some(receiver))
    }

    /// Starts the command, and waits until it accepts connections. Returns false if it ends before that.
    fn try_launch(&self, deadline: Instant) -> io::Result<bool> {
        let (program, arguments) = self.command.split_first().ok_or(io::ErrorKind::InvalidInput)?;
        *self.system.lock().unwrap_or_else(PoisonError::into_inner) = Some(System::start(program, arguments, &[])?);
        while Instant::now() < deadline {
            let mut system = self.system.lock().unwrap_or_else(PoisonError::into_inner);
            if system.as_mut().is_some_and(|system| system.exit_status().is_some()) {
                return Ok(false);
            }
            drop(system);
            if self.accepts_connections() {
                return Ok(true);
            }
            thread::sleep(POLL_INTERVAL);
        }
        let limit = format!("it did not accept connections within {} s", START_TIMEOUT.as_secs());
        Err(io::Error::new(io::ErrorKind::TimedOut, limit))
    }

    fn launch(&self) -> io::Result<()> {
        if self.try_launch(Instant::now() + START_TIMEOUT)? {
            return Ok(());
        }
        Err(io::Error::other("it ended before it accepted connections"))
    }

    fn accepts_connections(&self) -> bool {
        self.addresses.iter().any(|address| TcpStream::connect_timeout(address, CONNECT_TIMEOUT).is_ok())
    }
}

impl ReceiverProcess for OwnedReceiver {
    fn kill(&self) -> io::Result<()> {
        if let Some(system) = self.system.lock().unwrap_or_else(PoisonError::into_inner).take() {
            system.kill_group();
        }
        Ok(())
    }

    /// Starts the receiver again. Connections of the killed process may still use its port for a moment.
    fn start(&self) -> io::Result<()> {
        let deadline = Instant::now() + START_TIMEOUT;
        while !self.try_launch(deadline)? {
            if Instant::now() > deadline {
                return Err(io::Error::other("it ended before it accepted connections"));
            }
            thread::sleep(POLL_INTERVAL);
        }
        Ok(())
    }
}

impl Drop for OwnedReceiver {
    fn drop(&mut self) {
        end(&self.system);
    }
}

/// Ends the command and all processes that it started.
fn end(system: &Mutex<Option<System>>) {
    if let Some(system) = system.lock().unwrap_or_else(PoisonError::into_inner).take() {
        system.end(GRACE);
    }
}
