//! Shows what happens at the receiver, on the thread that owns the terminal.

use std::time::SystemTime;

use crate::auth::{Effort, Explanation, RejectionKind, Scheme, Verdict};
use crate::output::Terminal;
use crate::receiver::record::{Entry, Record};

use super::queue::{Conclusion, Message, Queue};

/// Why a wrong signature is not explained.
fn not_explained(record: &Record) -> String {
    let reason = if record.has_whole_body() { "other deliveries wait" } else { "its body is long" };
    format!("not explained, because {reason}; `cfwh verify --explain` explains captures")
}

/// Shows messages until the run has ended. `ready` is called when the receiver accepts requests.
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
                // A long body would take longer than its printing, and anybody can send one.
                let has_time = record.has_whole_body() && queue.is_short();
                // Text has a line about the cause; readers of JSON ask for it.
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
    // The summary in JSON does not have it.
    if let Some(command) = summary.command.as_ref().filter(|_| terminal.is_json()) {
        terminal.say(command);
    }
    for note in notes {
        terminal.say(note);
    }
    Ok(())
}

/// Does a delivery carry credentials that are not valid?
fn is_wrong(record: &Record) -> bool {
    let rejection = record.verdict.as_ref().and_then(Verdict::rejection);
    rejection.is_some_and(|rejection| rejection.kind != RejectionKind::Unsigned)
}

/// Explains why a signature is not valid. This takes some milliseconds, so it is done here, where no sender waits for it.
fn explain(record: &Record, scheme: Option<&dyn Scheme>) -> Option<Explanation> {
    record.verdict.as_ref().and_then(Verdict::rejection)?;
    let received_at = SystemTime::try_from(record.received_at).ok()?;
    let explanation = scheme?.explain(&record.request, received_at, Effort::Quick);
    (explanation.tried > 0 || is_wrong(record)).then_some(explanation)
}
