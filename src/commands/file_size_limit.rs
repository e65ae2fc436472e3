//! A limit on the size of files (`ulimit -f`) is an error of writing, and not the end of the process.

/// Lets writing beyond the limit fail. By default the system ends the process with a signal, SIGXFSZ, and nothing is said.
#[cfg(unix)]
pub(super) fn report_as_error() {
    use tokio::signal::unix::{SignalKind, signal};
    let kind = SignalKind::from_raw(rustix::process::Signal::XFSZ.as_raw());
    // Without a handler, it is as it was: there is nothing to report yet.
    if let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_io().build() {
        // Once there is a handler, it stays.
        let _ = runtime.block_on(async { signal(kind).map(drop) });
    }
}

#[cfg(not(unix))]
pub(super) const fn report_as_error() {}
