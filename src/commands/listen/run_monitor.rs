//! Decides when a run with expectations is over: they are met, the time is up, or the command has ended.

use std::process::ExitStatus;
use std::sync::mpsc::{Receiver as Inbox, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::receiver::expectations::{Expectations, ReceivedDelivery};
use crate::receiver::record::{Entry, Subscriber};
use crate::server::{Stop, StopReason};

use super::process::{POLL_INTERVAL, System};

/// How long to wait for more after the last delivery that was still missing: for other missing ones once the command has
/// ended, and for forbidden and surplus ones, which follow closely. Deliveries that nobody waits for do not prolong this,
/// or traffic from elsewhere could keep a run alive forever.
const SETTLE: Duration = Duration::from_millis(500);
/// How long a command that sent the last delivery may take to exit, so that its exit code counts.
const COMMAND_GRACE: Duration = Duration::from_secs(1);
/// Longer than anything lasts.
const LONG: Duration = Duration::from_secs(3600);

type Shared = Arc<Mutex<Expectations>>;

/// A reason to look again.
enum Update {
    Observed,
    Ended(StopReason),
}

/// Passes deliveries on to the expectations and the monitor.
#[derive(Clone)]
pub(super) struct Watch {
    expectations: Shared,
    updates: Sender<Update>,
}

/// Decides when the run is over.
pub(super) struct RunMonitor {
    expectations: Shared,
    updates: Inbox<Update>,
    /// When the time is up.
    pub(super) within: Option<Duration>,
    /// Does a number of deliveries end the run, so that met expectations do not?
    pub(super) is_counted: bool,
    pub(super) stop: Stop,
}

pub(super) fn monitor(
    expectations: Expectations,
    within: Option<Duration>,
    is_counted: bool,
    stop: Stop,
) -> (Watch, RunMonitor) {
    let (sender, updates) = channel();
    let expectations = Arc::new(Mutex::new(expectations));
    let watch = Watch { expectations: Arc::clone(&expectations), updates: sender };
    (watch, RunMonitor { expectations, updates, within, is_counted, stop })
}

impl Watch {
    /// Says that the receiver has stopped.
    pub(super) fn end(&self, reason: StopReason) {
        let _ = self.updates.send(Update::Ended(reason));
    }

    pub(super) fn expectations(&self) -> MutexGuard<'_, Expectations> {
        lock(&self.expectations)
    }
}

impl Subscriber for Watch {
    fn receive(&self, entry: &Entry) {
        if let Entry::Delivery(record) = entry {
            let (number, status) = (record.number, record.response.status);
            let event = record.event_name().to_owned().into();
            self.expectations().observe(ReceivedDelivery { number, event, status });
            // When nobody listens, the run is ending.
            let _ = self.updates.send(Update::Observed);
        }
    }
}

impl RunMonitor {
    /// Watches until the receiver has stopped, and stops it when the run is over. Returns the exit status of the command if
    /// there is one and it exited by itself.
    pub(super) fn watch(self, mut system: Option<System>) -> Option<ExitStatus> {
        let start = Instant::now();
        let deadline = self.within.map(|within| start + within);
        let (mut missing, mut progress) = (u64::MAX, start);
        let (mut ended, mut is_over) = (None, false);
        let reason = loop {
            let now = Instant::now();
            if ended.is_none()
                && let Some(status) = system.as_mut().and_then(System::exit_status)
            {
                ended = Some((status, now));
            }
            let still_missing = lock(&self.expectations).missing();
            if still_missing < missing {
                (missing, progress) = (still_missing, now);
            }
            if !is_over && self.is_over(now, deadline, progress, system.is_some(), ended) {
                is_over = true;
                self.stop.stop();
            }
            let rest = match (&system, deadline) {
                (Some(_), _) if ended.is_none() => POLL_INTERVAL,
                (_, Some(deadline)) => deadline.saturating_duration_since(now).min(SETTLE),
                _ => SETTLE,
            };
            let settling = SETTLE.saturating_sub(now - progress);
            let rest = if settling.is_zero() { rest } else { rest.min(settling) };
            match self.updates.recv_timeout(if is_over { LONG } else { rest.max(Duration::from_millis(1)) }) {
                Ok(Update::Observed) | Err(RecvTimeoutError::Timeout) => {}
                Ok(Update::Ended(reason)) => break reason,
                Err(RecvTimeoutError::Disconnected) => break StopReason::Signal,
            }
        };
        // If the count ended the run, the command has just received its last response.
        let grace = if reason == StopReason::Stopped && !is_over { COMMAND_GRACE } else { Duration::ZERO };
        system.and_then(|system| system.end(grace))
    }

    fn is_over(
        &self,
        now: Instant,
        deadline: Option<Instant>,
        progress: Instant,
        has_command: bool,
        ended: Option<(ExitStatus, Instant)>,
    ) -> bool {
        if deadline.is_some_and(|deadline| now >= deadline) {
            return true;
        }
        let expectations = lock(&self.expectations);
        match ended {
            // Deliveries that the command caused may still be on their way.
            Some((status, at)) => {
                !status.success() || !expectations.is_open() || (deadline.is_none() && now - at.max(progress) >= SETTLE)
            }
            // The exit of the command decides, or the number.
            None if has_command || self.is_counted => false,
            None => expectations.has_failed() || (expectations.is_complete() && now - progress >= SETTLE),
        }
    }
}

fn lock(expectations: &Shared) -> MutexGuard<'_, Expectations> {
    // The counts are consistent even if another thread panicked.
    expectations.lock().unwrap_or_else(PoisonError::into_inner)
}
