//! The system under test: a command that runs beside the receiver and ends with it.

use std::ffi::OsString;
use std::io;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How often it is looked whether the command has ended.
pub(super) const GLANCE: Duration = Duration::from_millis(20);
/// What is asked to end, the command or what it started, has so long to do it.
const PATIENCE: Duration = Duration::from_millis(500);

/// A running command, in a process group of its own.
pub(super) struct System {
    child: Child,
    ended: Option<ExitStatus>,
}

impl System {
    /// Starts the command. What it prints goes to stderr, because stdout has the results; its stdin is empty.
    pub(super) fn start(command: &[OsString], variables: &[(&str, &str)]) -> io::Result<Self> {
        let Some((program, arguments)) = command.split_first() else {
            return Err(io::ErrorKind::InvalidInput.into());
        };
        let mut command = Command::new(program);
        command.args(arguments).envs(variables.iter().copied()).stdin(Stdio::null()).stdout(io::stderr());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        Ok(Self { child: command.spawn()?, ended: None })
    }

    /// How it ended, once it has; what it has left running behind it in its process group then ends with it.
    pub(super) fn ended(&mut self) -> Option<ExitStatus> {
        if self.ended.is_none()
            && let Ok(Some(status)) = self.child.try_wait()
        {
            self.ended = Some(status);
            self.ask();
            self.end_the_rest();
        }
        self.ended
    }

    /// Waits until it ends of itself, at most so long; then ends it and all that it started. The answer is how it ended
    /// of itself; a command that had to be ended has not failed.
    pub(super) fn end(mut self, grace: Duration) -> Option<ExitStatus> {
        if let Some(status) = self.wait(grace) {
            return Some(status);
        }
        self.ask();
        if self.wait(PATIENCE).is_none() {
            self.kill();
            // It cannot refuse; only its parent has to take note.
            let _ = self.child.wait();
        }
        None
    }

    /// Waits for what was asked to end, and ends what does not. At once and not when the run is over: a group that is gone
    /// leaves its number to others.
    fn end_the_rest(&mut self) {
        let start = Instant::now();
        while self.leaves_some() {
            if start.elapsed() >= PATIENCE {
                return self.kill();
            }
            thread::sleep(GLANCE);
        }
    }

    fn wait(&mut self, at_most: Duration) -> Option<ExitStatus> {
        let start = Instant::now();
        loop {
            let ended = self.ended();
            if ended.is_some() || start.elapsed() >= at_most {
                return ended;
            }
            thread::sleep(GLANCE.min(at_most));
        }
    }

    /// Asks the whole process group to end.
    fn ask(&mut self) {
        #[cfg(unix)]
        self.signal(rustix::process::Signal::TERM);
        #[cfg(not(unix))]
        self.kill();
    }

    /// Ends the whole process group.
    fn kill(&mut self) {
        #[cfg(unix)]
        self.signal(rustix::process::Signal::KILL);
        #[cfg(not(unix))]
        let _ = self.child.kill();
    }

    /// When there is nobody any more, there is nothing to do.
    #[cfg(unix)]
    fn signal(&self, signal: rustix::process::Signal) {
        use rustix::process::{Pid, kill_process_group};
        let _ = kill_process_group(Pid::from_child(&self.child), signal);
    }

    /// Is anybody left of the process group whose first has ended?
    #[cfg(unix)]
    fn leaves_some(&self) -> bool {
        use rustix::process::{Pid, test_kill_process_group};
        test_kill_process_group(Pid::from_child(&self.child)).is_ok()
    }

    #[cfg(not(unix))]
    fn leaves_some(&self) -> bool {
        false
    }
}

/// The exit code that says the same of us: the command's own, or 128 and the signal that ended it, as shells have it.
pub(super) fn code(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return u8::try_from(128 + signal).unwrap_or(u8::MAX);
    }
    status.code().map_or(u8::MAX, |code| u8::try_from(code).unwrap_or(u8::MAX))
}
