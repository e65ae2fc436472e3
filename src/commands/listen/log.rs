//! Shows what happens at the receiver, on the thread that owns the terminal.

use anyhow::Context;

use crate::auth::{Effort, Explanation, RejectionKind, Scheme, Verdict};
use crate::output::Terminal;
use crate::receiver::record::{Entry, Record};
use crate::server::StopReason;

use super::queue::{Message, Queue};

/// Shows messages until the receiver has stopped. `ready` is called when it accepts requests.
pub(super) fn show_all(
    queue: &Queue,
    scheme: Option<&dyn Scheme>,
    terminal: &mut Terminal,
    mut ready: impl FnMut(&mut Terminal) -> anyhow::Result<()>,
) -> anyhow::Result<StopReason> {
    while let Some(message) = queue.next() {
        match message {
            Message::Ready => ready(terminal)?,
            Message::Entry(Entry::Delivery(record)) => {
                let explanation = if terminal.is_verbose() { explain(&record, scheme) } else { None };
                terminal.record(&record, explanation)?;
            }
            Message::Entry(Entry::Refused(refusal)) => {
                terminal.refusal(&refusal)?;
            }
            Message::Entry(Entry::NotSaved(error)) => terminal.error(&anyhow::Error::new(error)),
            Message::DemoFailed(error) => return Err(error).context("the demo could not send"),
            Message::Stopped(result) => return Ok(result?),
        }
    }
    Ok(StopReason::Stopped)
}

/// Explains why a signature is not valid. This takes long, so it is done here, where no sender waits for it.
fn explain(record: &Record, scheme: Option<&dyn Scheme>) -> Option<Explanation> {
    let rejection = record.verdict.as_ref().and_then(Verdict::rejection)?;
    let is_signed = rejection.kind != RejectionKind::Unsigned;
    let explanation = scheme?.explain(&record.request, Effort::Quick);
    (explanation.tried > 0 || is_signed).then_some(explanation)
}
