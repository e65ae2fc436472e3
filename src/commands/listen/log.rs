//! Shows the entries of the receiver, on the thread that owns the terminal.

use std::time::SystemTime;

use crate::auth::{Effort, Explanation, RejectionKind, Scheme, Verdict};
use crate::output::Terminal;
use crate::receiver::record::{Entry, Record};

use super::queue::{Conclusion, Message, Queue};

/// Returns why an invalid signature is not explained.
fn not_explained(record: &Record) -> String {
    let reason = if record.has_whole_body() { "other deliveries are waiting" } else { "its body is too long" };
    format!("not explained, because {reason}; run `cfwh verify --explain` on its capture")
}

/// Shows messages until the run ends. Calls `ready` when the receiver accepts requests.
pub(super) fn show_all(
    queue: &Queue,
    scheme: Option<&dyn Scheme>,
    terminal: &mut Terminal,
    ready: impl Fn(&mut Terminal) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    while let Some(message) = queue.next() {
        match message {
            Message::Ready => ready(terminal)?,
            Message::Entry(Entry::Delivery(record)) => {
                // Explaining a long body would take too long, and anybody can send one.
                let has_time = record.has_whole_body() && queue.is_short();
                // Text has a line with the cause. In JSON, it is shown only with -v.
                let is_shown = terminal.is_verbose() || !terminal.is_json();
                let explanation = if is_shown && has_time { explain(&record, scheme) } else { None };
                terminal.record(&record, explanation)?;
                if !has_time && is_wrong(&record) {
                    terminal.explain(&not_explained(&record));
                }
            }
            Message::Entry(Entry::Refused(refusal)) => {
                terminal.refusal(&refusal)?;
            }
            Message::Entry(Entry::NotSaved(error)) => terminal.error(&anyhow::Error::new(error)),
            Message::Ended(conclusion) => {
                return conclusion.map_or(Ok(()), |conclusion| conclude(&conclusion, terminal));
            }
        }
    }
    Ok(())
}

fn conclude(conclusion: &Conclusion, terminal: &mut Terminal) -> anyhow::Result<()> {
    let Conclusion { summary, expectations, notes } = conclusion;
    if let Some(expectations) = expectations {
        terminal.expectations(summary, expectations.deliveries())?;
    }
    terminal.summary(summary)?;
    // The JSON summary does not include it.
    if let Some(command) = summary.command.as_ref().filter(|_| terminal.is_json()) {
        terminal.say(command);
    }
    for note in notes {
        terminal.say(note);
    }
    Ok(())
}

/// Returns whether a delivery has invalid credentials.
fn is_wrong(record: &Record) -> bool {
    let rejection = record.verdict.as_ref().and_then(Verdict::rejection);
    rejection.is_some_and(|rejection| rejection.kind != RejectionKind::Unsigned)
}

/// Explains why a signature is invalid. This takes some milliseconds, so it runs on this thread, where no sender waits.
fn explain(record: &Record, scheme: Option<&dyn Scheme>) -> Option<Explanation> {
    record.verdict.as_ref().and_then(Verdict::rejection)?;
    let received_at = SystemTime::try_from(record.received_at).ok()?;
    let explanation = scheme?.explain(&record.request, received_at, Effort::Quick);
    (explanation.tried > 0 || is_wrong(record)).then_some(explanation)
}
