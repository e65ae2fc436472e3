//! Decides when a run with expectations is over: expectations are met, the time is up, or the command has ended.

use std::process::ExitStatus;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::receiver::expectations::{Expectations, ReceivedDelivery};
use crate::receiver::record::{Entry, Subscriber};
use crate::server::{Stop, StopReason};

use crate::commands::process::{POLL_INTERVAL, System};

/// How long to wait for more deliveries after the last expected one: for missing ones after the command has ended, and for
/// forbidden and surplus ones. Other deliveries do not extend this time, so that unrelated traffic cannot keep a run alive.
const SETTLE: Duration = Duration::from_millis(500);
/// How long a command that sent the last delivery may take to exit, so that its exit code counts.
const COMMAND_GRACE: Duration = Duration::from_secs(1);
/// A duration that stands for no limit.
const LONG: Duration = Duration::from_secs(3600);

/// How the command of a run ended.
#[derive(Clone, Copy, Debug)]
pub(super) enum CommandEnd {
    /// It exited by itself.
    Exited(ExitStatus),
    /// It was still running when the time was up, and was terminated.
    TimedOut,
}

/// Watches the deliveries of a run with expectations.
pub(super) struct RunMonitor {
    state: Mutex<State>,
    /// Signals that a delivery was observed, or that the receiver has stopped.
    changed: Condvar,
    /// The deadline of the run.
    within: Option<Duration>,
    /// Whether only a number of deliveries ends the run, and met expectations do not.
    is_counted: bool,
    stop: Stop,
}

struct State {
    expectations: Expectations,
    /// Why the receiver has stopped.
    ended: Option<StopReason>,
}

impl Subscriber for RunMonitor {
    fn receive(&self, entry: &Entry) {
        if let Entry::Delivery(record) = entry {
            let (number, status, is_accepted) = (record.number, record.status(), record.is_accepted());
            let event = record.event_name().to_owned().into();
            self.state().expectations.observe(ReceivedDelivery { number, event, status, is_accepted });
            self.changed.notify_all();
        }
    }
}

impl RunMonitor {
    pub(super) fn new(expectations: Expectations, within: Option<Duration>, is_counted: bool, stop: Stop) -> Self {
        let state = Mutex::new(State { expectations, ended: None });
        Self { state, changed: Condvar::new(), within, is_counted, stop }
    }

    /// Records that the receiver has stopped.
    pub(super) fn end(&self, reason: StopReason) {
        self.state().ended = Some(reason);
        self.changed.notify_all();
    }

    /// Returns the expectations, with all received deliveries.
    pub(super) fn take_expectations(&self) -> Expectations {
        std::mem::take(&mut self.state().expectations)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // The state is valid even if another thread panicked.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Watches until the receiver has stopped, and stops it when the run is over. Returns how the command ended if
    /// there is one and the user did not end it.
    pub(super) fn watch(&self, mut system: Option<System>) -> Option<CommandEnd> {
        let start = Instant::now();
        let deadline = self.within.map(|within| start + within);
        let (mut missing, mut progress) = (u64::MAX, start);
        let (mut exited, mut is_over, mut has_timed_out) = (None, false, false);
        let reason = loop {
            let now = Instant::now();
            if exited.is_none() {
                exited = system.as_mut().and_then(System::exit_status).map(|status| (status, now));
            }
            let state = self.state();
            if let Some(reason) = state.ended {
                break reason;
            }
            let still_missing = state.expectations.missing();
            if still_missing < missing {
                (missing, progress) = (still_missing, now);
            }
            if !is_over && self.is_over(&state.expectations, now, deadline, progress, system.is_some(), exited) {
                is_over = true;
                has_timed_out = exited.is_none() && deadline.is_some_and(|deadline| now >= deadline);
                self.stop.stop();
            }
            let rest = match (&system, deadline) {
                (Some(_), _) if exited.is_none() => POLL_INTERVAL,
                (_, Some(deadline)) => deadline.saturating_duration_since(now).min(SETTLE),
                _ => SETTLE,
            };
            let settling = SETTLE.saturating_sub(now - progress);
            let rest = if settling.is_zero() { rest } else { rest.min(settling) };
            let rest = if is_over { LONG } else { rest.max(Duration::from_millis(1)) };
            drop(self.changed.wait_timeout(state, rest));
        };
        // If the count ended the run, the command has just received its last response.
        let grace = if reason == StopReason::Stopped && !is_over { COMMAND_GRACE } else { Duration::ZERO };
        match system?.end(grace) {
            Some(status) => Some(CommandEnd::Exited(status)),
            None => has_timed_out.then_some(CommandEnd::TimedOut),
        }
    }

    fn is_over(
        &self,
        expectations: &Expectations,
        now: Instant,
        deadline: Option<Instant>,
        progress: Instant,
        has_command: bool,
        exited: Option<(ExitStatus, Instant)>,
    ) -> bool {
        if deadline.is_some_and(|deadline| now >= deadline) {
            return true;
        }
        match exited {
            // Deliveries that the command caused may still be in transit.
            Some((status, at)) => {
                !status.success() || !expectations.is_open() || (deadline.is_none() && now - at.max(progress) >= SETTLE)
            }
            // The exit of the command, or the number of deliveries, ends the run.
            None if has_command || self.is_counted => false,
            None => expectations.has_failed() || (expectations.is_complete() && now - progress >= SETTLE),
        }
    }
}
