//! Makes a limit on the size of files (`ulimit -f`) a write error instead of the end of the process.

/// Makes writes beyond the limit fail. By default, the system ends the process with SIGXFSZ, without a message.
#[cfg(unix)]
pub(super) fn report_as_error() {
    use tokio::signal::unix::{SignalKind, signal};
    let kind = SignalKind::from_raw(rustix::process::Signal::XFSZ.as_raw());
    // Without a handler, the default applies.
    if let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_io().build() {
        // The handler stays for the lifetime of the process.
        let _ = runtime.block_on(async { signal(kind).map(drop) });
    }
}

#[cfg(not(unix))]
pub(super) const fn report_as_error() {}
