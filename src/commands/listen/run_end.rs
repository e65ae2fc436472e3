//! Says when a run that checks something is over: the expected has come, the time is up, the command has ended.

use std::process::ExitStatus;
use std::sync::mpsc::{Receiver as Inbox, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::receiver::expectations::{Came, Expectations};
use crate::server::{Stop, StopReason};

use super::process::{GLANCE, System};

/// From the delivery that was still lacking, so long it is waited for more: for others that are lacking once the command
/// has ended, and for what must not come, since deliveries too many come on the heels of the others. Deliveries that
/// nobody waits for prolong it by nothing, or traffic from elsewhere could keep a run alive for ever.
const SETTLE: Duration = Duration::from_millis(500);
/// A command that sent the last delivery may end of itself for so long, so that its exit code counts.
const COMMAND_GRACE: Duration = Duration::from_secs(1);
/// Nothing is waited for.
const LONG: Duration = Duration::from_secs(3600);

type Shared = Arc<Mutex<Expectations>>;

/// What the oracle is told.
enum Sign {
    Observed,
    Ended(StopReason),
}

/// Where deliveries are told to the oracle.
#[derive(Clone)]
pub(super) struct Watch {
    expectations: Shared,
    signs: Sender<Sign>,
}

/// Decides when the run is over.
pub(super) struct Oracle {
    expectations: Shared,
    signs: Inbox<Sign>,
    /// When the time is up.
    pub(super) within: Option<Duration>,
    /// Does a number of deliveries end the run, so that nothing else that came does?
    pub(super) is_counted: bool,
    pub(super) stop: Stop,
}

pub(super) fn oracle(
    expectations: Expectations,
    within: Option<Duration>,
    is_counted: bool,
    stop: Stop,
) -> (Watch, Oracle) {
    let (sender, signs) = channel();
    let expectations = Arc::new(Mutex::new(expectations));
    let watch = Watch { expectations: Arc::clone(&expectations), signs: sender };
    (watch, Oracle { expectations, signs, within, is_counted, stop })
}

impl Watch {
    pub(super) fn observe(&self, came: Came) {
        self.expectations().observe(came);
        // When nobody listens, the run is ending.
        let _ = self.signs.send(Sign::Observed);
    }

    /// The receiver has ended, so that nothing comes any more.
    pub(super) fn end(&self, reason: StopReason) {
        let _ = self.signs.send(Sign::Ended(reason));
    }

    pub(super) fn expectations(&self) -> MutexGuard<'_, Expectations> {
        lock(&self.expectations)
    }
}

impl Oracle {
    /// Watches until the receiver has ended, and ends it when the run is over. The answer is how the command ended of
    /// itself, where there is one that did.
    pub(super) fn watch(self, mut system: Option<System>) -> Option<ExitStatus> {
        let start = Instant::now();
        let deadline = self.within.map(|within| start + within);
        let (mut lacking, mut progress) = (u64::MAX, start);
        let (mut ended, mut is_over) = (None, false);
        let reason = loop {
            let now = Instant::now();
            if ended.is_none()
                && let Some(status) = system.as_mut().and_then(System::ended)
            {
                ended = Some((status, now));
            }
            let still_lacking = lock(&self.expectations).lacking();
            if still_lacking < lacking {
                (lacking, progress) = (still_lacking, now);
            }
            if !is_over && self.is_over(now, deadline, progress, system.is_some(), ended) {
                is_over = true;
                self.stop.stop();
            }
            let rest = match (&system, deadline) {
                (Some(_), _) if ended.is_none() => GLANCE,
                (_, Some(deadline)) => deadline.saturating_duration_since(now).min(SETTLE),
                _ => SETTLE,
            };
            let settling = SETTLE.saturating_sub(now - progress);
            let rest = if settling.is_zero() { rest } else { rest.min(settling) };
            match self.signs.recv_timeout(if is_over { LONG } else { rest.max(Duration::from_millis(1)) }) {
                Ok(Sign::Observed) | Err(RecvTimeoutError::Timeout) => {}
                Ok(Sign::Ended(reason)) => break reason,
                Err(RecvTimeoutError::Disconnected) => break StopReason::Signal,
            }
        };
        // Where the count ended the run, the command has just had its last answer.
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
            // Deliveries that the command caused may still be under way.
            Some((status, at)) => {
                !status.success() || !expectations.is_open() || (deadline.is_none() && now - at.max(progress) >= SETTLE)
            }
            // The end of the command decides, or the number.
            None if has_command || self.is_counted => false,
            None => expectations.has_failed() || (expectations.is_complete() && now - progress >= SETTLE),
        }
    }
}

fn lock(expectations: &Shared) -> MutexGuard<'_, Expectations> {
    // What is expected is whole whatever happened to another thread.
    expectations.lock().unwrap_or_else(PoisonError::into_inner)
}
