//! What came of a delivery: what is shown of it, what is kept, which exit it means.

use std::path::Path;
use std::time::Duration;

use crate::client::endpoint::SendError;
use crate::client::load::Delivered;
use crate::client::load_stats::LoadStats;
use crate::client::url;
use crate::commands::exit::Exit;
use crate::models::event::EventKind;
use crate::models::request::{Headers, Request};
use crate::models::response::Response;
use crate::output::Terminal;
use crate::output::results::{self, Sent};
use crate::store::captures::Captures;

use super::prepare::Tag;

/// Keeps what failed, where that is asked for.
pub(super) struct Outcome {
    failed: Option<Captures>,
}

impl Outcome {
    pub(super) fn new(failed: Option<&Path>) -> anyhow::Result<Self> {
        Ok(Self { failed: failed.map(Captures::open).transpose()? })
    }

    /// Keeps a delivery that did not get a 2xx, as it was meant to go out, so that `send DIR` can send it again.
    pub(super) fn keep(&self, delivered: &Delivered<'_, Tag>) -> anyhow::Result<()> {
        let success = matches!(&delivered.result, Ok(reply) if reply.is_success());
        let Some(failed) = self.failed.as_ref().filter(|_| !success) else { return Ok(()) };
        let parcel = delivered.parcel;
        let mut headers = Headers::new();
        headers.append("Host", url::authority(&parcel.url));
        for (name, value) in parcel.delivery.headers().iter().filter(|(name, _)| !name.eq_ignore_ascii_case("Host")) {
            headers.append(name, value);
        }
        let delivery = Request::new(url::target(&parcel.url), headers, parcel.delivery.shared_body());
        failed.keep(&delivery, parcel.tag.kind)?;
        Ok(())
    }
}

/// Shows what came of a delivery.
pub(super) fn show(delivered: &Delivered<'_, Tag>, terminal: &mut Terminal) -> anyhow::Result<()> {
    let Delivered { parcel, attempts, result, latency } = delivered;
    let reply = result.as_ref().ok();
    let failure = reply.filter(|reply| !reply.is_success());
    let compressed = failure.and_then(|reply| reply.headers.text("Content-Encoding"));
    terminal.sent(&Sent {
        event: parcel.tag.kind.map(EventKind::name),
        source: &parcel.tag.source,
        url: url::without_credentials(&parcel.url).as_str(),
        status: reply.map(|reply| reply.status),
        ms: reply.map(|_| latency.as_secs_f64() * 1000.0),
        attempts: *attempts,
        error: result.as_ref().err().map(error),
        note: failure.and_then(note),
        reply: failure.filter(|_| compressed.is_none()).map(|reply| reply.body.as_slice()),
    })?;
    Ok(())
}

fn error(error: &SendError) -> String {
    match error {
        SendError::Certificate(_) => format!("{error} (--cacert FILE trusts it or its maker, --insecure anybody)"),
        other => other.to_string(),
    }
}

/// What the first lines of a reply do not show.
fn note(reply: &Response) -> Option<String> {
    match (reply.status, reply.headers.text("Location"), reply.headers.text("Content-Encoding")) {
        (300..=399, Some(to), _) => Some(format!("redirects to {to}; deliveries do not follow")),
        (_, _, Some(encoding)) => Some(format!("its body is compressed ({encoding})")),
        _ => None,
    }
}

/// The counts as they are shown.
pub(super) fn summary(stats: &LoadStats, time: Duration) -> results::Load {
    let seconds = time.as_secs_f64();
    let ms = stats.latencies();
    #[allow(clippy::cast_precision_loss, reason = "2^53 deliveries are more than anybody sends")]
    let rate = if seconds > 0.0 { stats.sent as f64 / seconds } else { 0.0 };
    results::Load {
        r#type: "summary",
        sent: stats.sent,
        ok: stats.ok,
        refused: stats.refused,
        unanswered: stats.unanswered,
        seconds,
        rate,
        ms: results::Latencies { p50: ms.p50, p90: ms.p90, p99: ms.p99, max: ms.max },
    }
}

/// The worst that came of it.
pub(super) const fn exit(stats: &LoadStats) -> Exit {
    if stats.unanswered > 0 {
        Exit::Trouble
    } else if stats.refused > 0 {
        Exit::No
    } else {
        Exit::Yes
    }
}
