//! What the receiver's threads have to say, and the one who writes it down.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::Context;
use jiff::Timestamp;

use crate::auth::{Effort, Explanation, RejectionKind, Scheme, Verdict};
use crate::client::error::SendError;
use crate::models::request::Request;
use crate::models::response::Response;
use crate::output::Terminal;
use crate::output::findings::LocatedReport;
use crate::output::record::{Forwarded, Receipt};
use crate::server::{ServerError, StopReason};
use crate::store::captures::CaptureError;
use crate::validation::report::Report;

use super::queue::Inbox;

/// What the receiver's threads have to say.
pub(super) enum Note {
    /// Requests are taken.
    Ready,
    /// A delivery was answered with this status after so long.
    Received(Box<Received>, u16, Duration),
    /// A request was turned away before it was a delivery.
    Refused { method: String, target: String, response: Response },
    /// A delivery could not be kept.
    NotKept(CaptureError),
    /// The demo could not send.
    DemoFailed(SendError),
    /// Nothing comes any more.
    Ended(Result<StopReason, ServerError>),
}

impl Note {
    /// The bytes that strangers sent and that are kept in memory until it is shown.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Received(received, ..) => {
                let delivery = &received.delivery;
                let headers = delivery.headers().iter().map(|(name, value)| name.len() + value.len());
                delivery.target().len() + headers.sum::<usize>() + delivery.body().len()
            }
            Self::Refused { method, target, .. } => method.len() + target.len(),
            Self::Ready | Self::NotKept(_) | Self::DemoFailed(_) | Self::Ended(_) => 0,
        }
    }
}

/// A delivery, and all that was concluded.
pub(super) struct Received {
    pub(super) number: u64,
    pub(super) at: Timestamp,
    pub(super) delivery: Request,
    pub(super) verdict: Option<Verdict>,
    pub(super) report: Report,
    /// When its head was there.
    pub(super) arrived: Instant,
    /// Is it kept, where it was to be?
    pub(super) kept: bool,
    pub(super) capture: Option<PathBuf>,
    pub(super) forwarded: Vec<Forwarded>,
}

/// Shows notes as they come, until nothing comes any more. `ready` is called when requests are taken.
pub(super) fn keep(
    inbox: &Inbox,
    scheme: Option<&dyn Scheme>,
    terminal: &mut Terminal,
    mut ready: impl FnMut(&mut Terminal) -> anyhow::Result<()>,
) -> anyhow::Result<StopReason> {
    for (note, _held) in inbox {
        match note {
            Note::Ready => ready(terminal)?,
            Note::Received(received, status, elapsed) => show(*received, status, elapsed, scheme, terminal)?,
            Note::Refused { method, target, response } => {
                terminal.say(&format!("refused {method} {target}: {} {}", response.status, response.body_text()));
            }
            Note::NotKept(error) => terminal.error(&error.into()),
            Note::DemoFailed(error) => return Err(error).context("the demo could not send"),
            Note::Ended(result) => return Ok(result?),
        }
    }
    Ok(StopReason::Stopped)
}

fn show(
    received: Received,
    status: u16,
    elapsed: Duration,
    scheme: Option<&dyn Scheme>,
    terminal: &mut Terminal,
) -> anyhow::Result<()> {
    let Received { number, at, delivery, verdict, mut report, capture, forwarded, .. } = received;
    let subject = report.subject.take();
    let explanation = terminal.is_verbose().then(|| explain(&delivery, verdict.as_ref(), scheme)).flatten();
    let receipt = Receipt {
        number,
        at,
        target: delivery.target(),
        bytes: delivery.body().len(),
        signature: verdict.as_ref().map_or("unchecked", Verdict::name),
        report: LocatedReport::new(&report, &delivery, 1),
        status,
        ms: elapsed.as_secs_f64() * 1000.0,
        capture: capture.map(|path| path.display().to_string()),
        forwarded: &forwarded,
        explanation,
        verdict: verdict.as_ref(),
        subject,
        delivery: &delivery,
    };
    terminal.receipt(&receipt)
}

/// Why a signature is not valid. It is looked for here and not at the desk, so that no answer waits for it.
fn explain(delivery: &Request, verdict: Option<&Verdict>, scheme: Option<&dyn Scheme>) -> Option<Explanation> {
    let rejection = verdict?.rejection()?;
    let is_signed = rejection.kind != RejectionKind::Unsigned;
    is_signed.then(|| scheme.map(|scheme| scheme.explain(delivery, Effort::Quick))).flatten()
}
