//! The outcome of a delivery: what is shown of it, what is saved, which exit code it means.

use crate::client::error::SendError;
use crate::client::load::SentRequest;
use crate::client::load_stats::LoadStats;
use crate::client::outgoing::as_stored;
use crate::client::url;
use crate::commands::exit::Exit;
use crate::models::event::EventKind;
use crate::models::response::Response;
use crate::output::Terminal;
use crate::output::sending::SentDelivery;
use crate::store::captures::Captures;

use super::prepare::Tag;

/// Saves a delivery that did not get a 2xx, as it was meant to be sent, so that `send DIR` can send it again.
pub(super) fn save_failed(folder: Option<&Captures>, sent: &SentRequest<'_, Tag>) -> anyhow::Result<()> {
    if let Some(folder) = folder.filter(|_| !sent.is_success()) {
        folder.save(&as_stored(&sent.prepared.url, &sent.prepared.request), sent.prepared.tag.kind)?;
    }
    Ok(())
}

/// Shows the outcome of a delivery.
pub(super) fn show(sent: &SentRequest<'_, Tag>, terminal: &mut Terminal) -> anyhow::Result<()> {
    let SentRequest { prepared, attempts, result, latency } = sent;
    let response = result.as_ref().ok();
    let failure = response.filter(|response| !response.is_success());
    let compressed = failure.and_then(|response| response.headers.text("Content-Encoding"));
    let url = url::without_credentials(&prepared.url);
    let sent = SentDelivery {
        event: prepared.tag.kind.map(EventKind::name),
        source: &prepared.tag.source,
        url: url.as_str(),
        status: response.map(|response| response.status),
        ms: response.map(|_| latency.as_secs_f64() * 1000.0),
        attempts: *attempts,
        error: result.as_ref().err().map(error),
        note: failure.and_then(note),
        body: failure.filter(|_| compressed.is_none()).map(|response| response.body.as_ref()),
    };
    if let Some(error) = sent.error.as_ref().filter(|_| terminal.is_quiet()) {
        // No response is an error, and errors are shown even if quiet.
        terminal.error(&anyhow::anyhow!("{}: {error}", sent.source));
    }
    terminal.print(&sent)?;
    Ok(())
}

fn error(error: &SendError) -> String {
    match error {
        SendError::Certificate(_) => format!("{error} (trust it with --cacert FILE, or any with --insecure)"),
        other => other.to_string(),
    }
}

/// What the first lines of a response do not show.
fn note(response: &Response) -> Option<String> {
    match (response.status, response.headers.text("Location"), response.headers.text("Content-Encoding")) {
        (300..=399, Some(to), _) => Some(format!("redirects to {to}; deliveries do not follow")),
        (_, _, Some(encoding)) => Some(format!("its body is compressed ({encoding})")),
        _ => None,
    }
}

/// Returns the exit code for the worst outcome.
pub(super) const fn exit(stats: &LoadStats) -> Exit {
    if stats.unanswered > 0 {
        Exit::Trouble
    } else if stats.refused > 0 {
        Exit::No
    } else {
        Exit::Yes
    }
}
