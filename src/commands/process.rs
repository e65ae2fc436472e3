//! Runs the system under test: a command that runs together with the receiver and ends with it.

use std::ffi::{OsStr, OsString};
use std::io;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How often the command is checked.
pub(super) const POLL_INTERVAL: Duration = Duration::from_millis(20);
/// How long processes may take to terminate before they are killed.
const TERMINATION_TIMEOUT: Duration = Duration::from_millis(500);

/// A running command, in its own process group.
#[derive(Debug)]
pub(super) struct System {
    child: Child,
    ended: Option<ExitStatus>,
}

impl System {
    /// Starts the command. Its output goes to stderr, because stdout has the results; its stdin is empty.
    pub(super) fn start(program: &OsStr, arguments: &[OsString], variables: &[(&str, &str)]) -> io::Result<Self> {
        let mut command = Command::new(program);
        command.args(arguments).envs(variables.iter().copied()).stdin(Stdio::null()).stdout(io::stderr());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        Ok(Self { child: command.spawn()?, ended: None })
    }

    /// Returns the exit status once the command has exited, and then terminates what is left of its process group.
    pub(super) fn exit_status(&mut self) -> Option<ExitStatus> {
        if self.ended.is_none()
            && let Ok(Some(status)) = self.child.try_wait()
        {
            self.ended = Some(status);
            self.terminate();
            self.terminate_group();
        }
        self.ended
    }

    /// Kills the command and all processes that it started, and waits until they have ended.
    pub(super) fn kill_group(mut self) {
        self.kill();
        let _ = self.child.wait();
        wait_until(TERMINATION_TIMEOUT, || !self.has_group());
    }

    /// Waits at most `grace` until the command exits, then terminates it and all processes that it started. Returns the exit
    /// status if it exited by itself. A terminated command has not failed.
    pub(super) fn end(mut self, grace: Duration) -> Option<ExitStatus> {
        if wait_until(grace, || self.exit_status().is_some()) {
            return self.ended;
        }
        self.terminate();
        if !wait_until(TERMINATION_TIMEOUT, || self.exit_status().is_some()) {
            self.kill();
            // It cannot resist; this only removes the zombie.
            let _ = self.child.wait();
        }
        None
    }

    /// Waits for the group to terminate, and kills it if it does not. This happens immediately, not at the end of the run,
    /// because the system may reuse the id of a group.
    fn terminate_group(&mut self) {
        if !wait_until(TERMINATION_TIMEOUT, || !self.has_group()) {
            self.kill();
        }
    }

    /// Asks the process group to terminate.
    fn terminate(&mut self) {
        #[cfg(unix)]
        self.signal(rustix::process::Signal::TERM);
        #[cfg(not(unix))]
        self.kill();
    }

    /// Kills the process group.
    fn kill(&mut self) {
        #[cfg(unix)]
        self.signal(rustix::process::Signal::KILL);
        #[cfg(not(unix))]
        let _ = self.child.kill();
    }

    /// Signals the process group, if it still exists.
    #[cfg(unix)]
    fn signal(&self, signal: rustix::process::Signal) {
        use rustix::process::{Pid, kill_process_group};
        let _ = kill_process_group(Pid::from_child(&self.child), signal);
    }

    /// Returns whether the process group still has a member.
    #[cfg(unix)]
    fn has_group(&self) -> bool {
        use rustix::process::{Pid, test_kill_process_group};
        test_kill_process_group(Pid::from_child(&self.child)).is_ok()
    }

    #[cfg(not(unix))]
    fn has_group(&self) -> bool {
        false
    }
}

/// Waits until something is done, or until the timeout. Returns whether it is done.
fn wait_until(at_most: Duration, mut is_done: impl FnMut() -> bool) -> bool {
    let start = Instant::now();
    while !is_done() {
        if start.elapsed() >= at_most {
            return false;
        }
        thread::sleep(POLL_INTERVAL.min(at_most));
    }
    true
}

/// Returns the exit code to use: that of the command, or 128 plus the signal that ended it, as in shells.
pub(super) fn code(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return u8::try_from(128 + signal).unwrap_or(u8::MAX);
    }
    status.code().map_or(u8::MAX, |code| u8::try_from(code).unwrap_or(u8::MAX))
}
