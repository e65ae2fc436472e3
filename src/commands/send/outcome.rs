//! Shows and saves the outcome of a delivery, and returns its exit code.

use crate::client::load::SentRequest;
use crate::client::load_examples::FailureExamples;
use crate::client::load_stats::LoadStats;
use crate::client::outgoing::as_stored;
use crate::commands::exit::Exit;
use crate::output::Terminal;
use crate::output::progress::Progress;
use crate::output::sending::SentDelivery;
use crate::store::captures::Captures;

/// Saves a delivery without an expected response, before faults, so that `send DIR` can send it again.
pub(super) fn save_failed(folder: Option<&Captures>, sent: &SentRequest<'_>) -> anyhow::Result<()> {
    if let Some(folder) = folder.filter(|_| !sent.is_expected()) {
        folder.save(&as_stored(&sent.prepared.url, &sent.prepared.request), sent.prepared.event)?;
    }
    Ok(())
}

/// Shows the outcome of a delivery.
pub(super) fn show(sent: &SentRequest<'_>, terminal: &mut Terminal) -> anyhow::Result<()> {
    show_delivery(sent, &SentDelivery::new(sent), terminal)
}

fn show_delivery(sent: &SentRequest<'_>, delivery: &SentDelivery<'_>, terminal: &mut Terminal) -> anyhow::Result<()> {
    if let Some(error) = delivery.error.as_ref().filter(|_| terminal.is_quiet()) {
        // A missing response is an error, and errors are shown even if quiet.
        terminal.error(&anyhow::anyhow!("{}: {error}", sent.prepared.source));
    }
    terminal.print(delivery)
}

/// Returns the highest exit code of all outcomes.
pub(super) const fn exit(stats: &LoadStats) -> Exit {
    if stats.unanswered > 0 {
        Exit::Trouble
    } else if stats.refused > 0 || stats.skipped > 0 {
        Exit::No
    } else {
        Exit::Yes
    }
}

/// The most failed deliveries of a load that are shown. All are counted.
pub(super) const MAX_SHOWN: u64 = 10;

/// Shows the outcomes that the threads of a load report.
pub(super) struct LoadLog<'a> {
    pub(super) terminal: &'a mut Terminal,
    pub(super) progress: Progress,
    pub(super) failures: u64,
    pub(super) examples: FailureExamples,
    pub(super) exit: Exit,
    /// The error that stopped the load.
    pub(super) error: Option<anyhow::Error>,
}

impl LoadLog<'_> {
    pub(super) fn report(&mut self, error: &anyhow::Error) {
        self.exit = Exit::Trouble;
        let Self { terminal, progress, .. } = self;
        progress.pause(|| terminal.error(error));
    }

    /// Returns false to stop the load, because the output is closed or a failed delivery cannot be saved.
    pub(super) fn show(&mut self, sent: &SentRequest<'_>, saved: anyhow::Result<()>) -> bool {
        let Self { terminal, progress, failures, examples, .. } = self;
        *failures += u64::from(!sent.is_expected());
        examples.count(sent);
        let show = terminal.is_json() || (!sent.is_expected() && *failures <= MAX_SHOWN);
        // A load shows example responses at its end.
        let mut print = || show_delivery(sent, &SentDelivery::new(sent).in_brief(), terminal);
        let shown = saved.and_then(|()| if show { progress.pause(&mut print) } else { Ok(()) });
        self.error = self.error.take().or(shown.err());
        self.error.is_none()
    }
}
