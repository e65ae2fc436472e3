//! Parses the options that make the receiver fail on purpose.

use std::path::Path;

use anyhow::{Context, bail};
use bytes::Bytes;

use crate::cli::listen::Listen;
use crate::commands::input::{read_file, too_large};
use crate::models::request;
use crate::receiver::fault_injection::{FaultInjection, ResponseAction, ResponseRule};

/// The largest body of a response, in bytes.
const MAX_BODY: usize = 16 * 1024 * 1024;
/// The header that the server sets itself.
const LENGTH: &str = "Content-Length";

/// Returns which deliveries fail, and how.
///
/// # Errors
/// Returns an error if an option has no effect together with the others, or the body cannot be read.
pub(super) fn fault_injection(arguments: &Listen) -> anyhow::Result<FaultInjection> {
    let injection = FaultInjection {
        delay: arguments.delay,
        fail_first: arguments.fail_first,
        fail_rate: arguments.fail_rate,
        seed: arguments.seed.unwrap_or_else(rand::random),
        rules: arguments.respond.clone(),
        headers: arguments.respond_header.clone(),
        body: arguments.respond_body.as_deref().map(read_body).transpose()?,
    };
    refuse_unreachable(&injection)?;
    refuse_forwarded(arguments, injection.fails_some())?;
    if let Some((name, _)) =
        injection.headers.iter().find(|(name, _)| request::is_hop_by_hop(name) || name.eq_ignore_ascii_case(LENGTH))
    {
        bail!("--respond-header cannot set `{name}`, which belongs to the connection");
    }
    let has_no_body = |action| matches!(action, ResponseAction::Status(204 | 304));
    if injection.body.is_some()
        && let Some(rule) = injection.rules.iter().find(|rule| has_no_body(rule.action))
        && let ResponseAction::Status(status) = rule.action
    {
        bail!("--respond-body has no effect with --respond {status}, because a response with this status has no body");
    }
    Ok(injection)
}

/// Refuses rules without effect, because an earlier rule matches the same events.
fn refuse_unreachable(injection: &FaultInjection) -> anyhow::Result<()> {
    let rules = &injection.rules;
    for (index, rule) in rules.iter().enumerate() {
        let covers = |earlier: &ResponseRule| {
            let is_alike = !injection.fails_some() || earlier.action.is_failure() == rule.action.is_failure();
            is_alike && (earlier.events.is_none() || earlier.events == rule.events)
        };
        if rules[..index].iter().any(covers) {
            let events = rule.events.as_ref().map_or_else(|| "all events".to_owned(), ToString::to_string);
            bail!(
                "--respond for {events} has no effect, because an earlier --respond matches the same events; put it first"
            );
        }
    }
    Ok(())
}

/// Refuses responses without effect, because all deliveries get the response of an endpoint.
fn refuse_forwarded(arguments: &Listen, chooses: bool) -> anyhow::Result<()> {
    if arguments.forward.iter().all(|route| route.pattern.is_some()) {
        return Ok(());
    }
    let is_used = |action: ResponseAction| chooses && action.is_failure();
    let options = [
        ("respond", arguments.respond.iter().any(|rule| !is_used(rule.action))),
        ("respond-header", !arguments.respond_header.is_empty() && !chooses),
        ("respond-body", arguments.respond_body.is_some() && !chooses),
    ];
    if let Some((option, _)) = options.into_iter().find(|(_, is_given)| *is_given) {
        bail!(
            "--{option} has no effect with --forward URL, because senders get the endpoint's response; forward only some events"
        );
    }
    Ok(())
}

/// Reads the body of responses. Its media type depends on the file extension.
fn read_body(path: &Path) -> anyhow::Result<(Bytes, &'static str)> {
    let body = read_file(path, MAX_BODY)
        .with_context(|| format!("--respond-body {}", path.display()))?
        .ok_or_else(|| too_large(MAX_BODY))?;
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let media_type = match ending.to_ascii_lowercase().as_str() {
        "json" => "application/json",
        "html" | "htm" => "text/html; charset=utf-8",
        "xml" => "application/xml",
        _ => "text/plain; charset=utf-8",
    };
    Ok((body.into(), media_type))
}
