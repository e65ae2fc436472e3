//! Handles the signals that stop a server. A second signal ends the process, because the shutdown may wait forever for the
//! reader of a pipe.

use std::io;
use std::thread;

use tokio::runtime::Builder;
#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

/// SIGINT, SIGTERM, SIGQUIT and SIGHUP on Unix, and Ctrl-C on other systems.
pub(super) struct EndSignals {
    #[cfg(unix)]
    signals: Vec<Signal>,
}

impl EndSignals {
    /// Catches the signals from now on, except SIGHUP if `nohup` started the process.
    #[cfg(unix)]
    pub(super) fn register() -> io::Result<Self> {
        let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::quit(), SignalKind::hangup()];
        let count = kinds.len() - usize::from(ignores_hangup());
        Ok(Self { signals: kinds[..count].iter().map(|kind| signal(*kind)).collect::<io::Result<_>>()? })
    }

    #[cfg(not(unix))]
    pub(super) fn register() -> io::Result<Self> {
        Ok(Self {})
    }

    /// Waits for the next signal.
    #[cfg(unix)]
    pub(super) async fn next(&mut self) {
        use std::task::Poll;
        std::future::poll_fn(|context| {
            let is_ready = self.signals.iter_mut().any(|signal| signal.poll_recv(context).is_ready());
            if is_ready { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }

    #[cfg(not(unix))]
    pub(super) async fn next(&mut self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}

/// Ends the process at the second signal from now on, even if its threads are waiting.
///
/// # Errors
/// Returns an error if the system provides no thread or no signals.
pub fn exit_at_second_signal(exit_code: i32) -> io::Result<()> {
    let runtime = Builder::new_current_thread().enable_io().build()?;
    let mut signals = {
        let _entered = runtime.enter();
        EndSignals::register()?
    };
    let wait = move || {
        runtime.block_on(async {
            signals.next().await;
            signals.next().await;
        });
        std::process::exit(exit_code);
    };
    thread::Builder::new().name("signals".to_owned()).spawn(wait)?;
    Ok(())
}

/// Cleans up and ends the process at the first signal from now on.
///
/// # Errors
/// Returns an error if the system provides no thread or no signals.
pub fn exit_at_first_signal(exit_code: i32, clean_up: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let runtime = Builder::new_current_thread().enable_io().build()?;
    let mut signals = {
        let _entered = runtime.enter();
        EndSignals::register()?
    };
    let wait = move || {
        runtime.block_on(signals.next());
        clean_up();
        std::process::exit(exit_code);
    };
    thread::Builder::new().name("signals".to_owned()).spawn(wait)?;
    Ok(())
}

/// Returns whether the process was started with SIGHUP ignored. Only Linux reports this, in a file.
#[cfg(unix)]
fn ignores_hangup() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| u64::from_str_radix(line.strip_prefix("SigIgn:")?.trim(), 16).ok());
    // SIGHUP is signal 1.
    ignored.unwrap_or_default() & 1 == 1
}
