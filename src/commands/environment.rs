//! Checks the system before a command starts, because libraries panic without some resources, and reports panics.

use std::panic::PanicHookInfo;
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{anyhow, bail};

use crate::output::{Settings, Terminal};
use crate::server::{CONNECTIONS, raise_descriptor_limit};

/// The time from 1970 to the year 9999, the last year of HTTP dates.
const LATEST: Duration = Duration::from_secs(253_370_764_800);
/// The descriptors that networking needs: sockets, timers and signals of the server's threads use about twenty.
const MIN_DESCRIPTORS: u64 = 32;
/// The descriptors that every command needs: standard streams, signals and one file use eight.
const MIN_FILES: u64 = 12;
/// The exit code after a panic.
const AFTER_PANIC: i32 = 2;

/// Checks the resources that every command needs.
///
/// # Errors
/// Returns an error if too few files may be open.
pub(super) fn check_files() -> anyhow::Result<()> {
    check_descriptors(MIN_FILES)
}

/// Checks the resources that networking needs.
///
/// # Errors
/// Returns an error if the clock is invalid, or too few files may be open.
pub(super) fn check_network() -> anyhow::Result<()> {
    check_clock(SystemTime::now())?;
    check_descriptors(MIN_DESCRIPTORS)
}

fn check_descriptors(least: u64) -> anyhow::Result<()> {
    match raise_descriptor_limit() {
        Some(limit) if limit < least => {
            bail!("this process may open only {limit} files, but needs {least}; raise `ulimit -n`")
        }
        _ => Ok(()),
    }
}

/// Checks the system clock.
///
/// # Errors
/// Returns an error if the clock is before 1970 or after 9998.
pub(super) fn check_clock(now: SystemTime) -> anyhow::Result<()> {
    match now.duration_since(UNIX_EPOCH) {
        Ok(since) if since < LATEST => Ok(()),
        Ok(_) => bail!("the system clock is after the year 9998; set the clock"),
        Err(_) => bail!("the system clock is before the year 1970; set the clock"),
    }
}

/// Ends the program after a panic on any thread, with a message and exit code 2, because other threads could wait forever.
/// The usual cause is that the system is out of threads or memory. On a connection thread, a panic ends only the connection.
pub fn end_on_panic() {
    std::panic::set_hook(Box::new(end));
}

fn end(panic: &PanicHookInfo<'_>) {
    let payload = panic.payload();
    let message =
        payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    let place = panic.location().map(|location| (location.file(), location.line()));
    let reason = reason(message.unwrap_or("something unexpected happened"), place);
    Terminal::new(Settings::default()).error(&anyhow!("cfwh cannot continue: {reason}"));
    if thread::current().name() != Some(CONNECTIONS) {
        std::process::exit(AFTER_PANIC);
    }
}

/// Describes the cause of a panic. Libraries panic with the debug output of errors, and with paths of the build machine.
fn reason(message: &str, place: Option<(&str, u32)>) -> String {
    if message.contains("Too many open files") {
        return "the system does not allow more open files; raise `ulimit -n`".to_owned();
    }
    if message.contains("spawn thread") || message.contains("Resource temporarily unavailable") {
        return "the system does not allow more threads; raise `ulimit -u`".to_owned();
    }
    let name = |(file, line): (&str, u32)| format!(" ({}:{line})", file.rsplit(['/', '\\']).next().unwrap_or(file));
    format!("{message}{}", place.map(name).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_cannot_be_right_is_refused() {
        for (now, is_right) in [
            (UNIX_EPOCH, true),
            (SystemTime::now(), true),
            (UNIX_EPOCH + LATEST - Duration::from_secs(1), true),
            (UNIX_EPOCH + LATEST, false),
            (UNIX_EPOCH - Duration::from_nanos(1), false),
        ] {
            assert_eq!(check_clock(now).is_ok(), is_right, "{now:?}");
        }
    }

    #[test]
    fn a_panic_becomes_a_sentence_without_paths() {
        let files =
            "failed to create UnixStream: Os { code: 24, kind: Uncategorized, message: \"Too many open files\" }";
        let threads =
            "failed to spawn thread: Os { code: 11, kind: WouldBlock, message: \"Resource temporarily unavailable\" }";
        for (message, expected) in [
            (files, "the system does not allow more open files; raise `ulimit -n`"),
            (threads, "the system does not allow more threads; raise `ulimit -u`"),
            ("index out of bounds", "index out of bounds (unix.rs:68)"),
        ] {
            let place = Some(("/home/builder/.cargo/registry/src/tokio-1.0.0/src/signal/unix.rs", 68));
            assert_eq!(reason(message, place), expected);
        }
    }
}
