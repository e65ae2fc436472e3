//! Replays: sends a delivery again to a URL, unchanged or edited.

use std::time::{Duration, Instant, SystemTime};

use serde::{Deserialize, Serialize};

use crate::auth::{RejectionKind, Verdict, default_scheme};
use crate::client::endpoint::Endpoint;
use crate::client::tls::Trust;
use crate::client::url::{self, Url, UrlTemplate};
use crate::generator::edit::Edit;
use crate::models::recorded_response::RecordedResponse;
use crate::models::request::Request;
use crate::models::response::Response;

use super::delivery::Delivery;
use super::inspector_settings::InspectorSettings;
use super::view::not_sendable;

/// The time limit for a response.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A request to replay a delivery.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReplayRequest {
    pub(super) number: u64,
    /// The URL.
    to: String,
    #[serde(default)]
    edits: Vec<BodyEdit>,
    /// Whether to sign the delivery again.
    #[serde(default)]
    resign: bool,
    /// Whether the user confirmed sending to another machine.
    #[serde(default)]
    confirmed: bool,
}

/// An edit of the body.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct BodyEdit {
    /// The JSON Pointer of the value to set.
    set: Option<String>,
    /// The new value, as JSON.
    value: Option<String>,
    /// The JSON Pointer of the value to remove.
    unset: Option<String>,
}

/// The error if a replay could not be sent or got no response.
#[derive(Debug, Serialize)]
pub(super) struct ReplayError {
    /// A stable code.
    pub(super) code: &'static str,
    pub(super) message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) fix: Option<&'static str>,
    /// The host that the user must confirm.
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<String>,
}

impl ReplayError {
    pub(super) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), fix: None, host: None }
    }
}

/// A request that is ready to send.
#[derive(Debug)]
pub(super) struct PreparedReplay {
    url: Url,
    request: Request,
    summary: String,
}

/// The result of a replay.
#[derive(Debug, Serialize)]
pub(super) struct ReplayResult {
    response: RecordedResponse<'static>,
    ms: f64,
    /// A description of the sent request, in one sentence.
    summary: String,
}

/// Prepares the request.
pub(super) fn prepare(
    replay: &ReplayRequest,
    delivery: &Delivery,
    settings: &InspectorSettings,
) -> Result<PreparedReplay, ReplayError> {
    if let Some(reason) = not_sendable(delivery) {
        return Err(ReplayError::new("not-whole", reason));
    }
    let template =
        UrlTemplate::parse(&replay.to).map_err(|error| ReplayError::new("invalid-url", error.to_string()))?;
    let url = template.url_for(delivery.row.summary.event.as_deref().unwrap_or_default());
    let is_given = settings.to.as_ref().is_some_and(|to| to.url().origin() == url.origin());
    if !url::is_loopback(&url) && !is_given && !replay.confirmed {
        let host = url::host(&url).to_owned();
        let message = format!("{host} is not this machine: the delivery would be sent over the network");
        return Err(ReplayError { host: Some(host), ..ReplayError::new("confirm", message) });
    }
    let scheme = settings.inspector.scheme.as_deref();
    if replay.resign && scheme.is_none() {
        let error = ReplayError::new("no-secret", "cfwh has no secret to sign with");
        return Err(ReplayError { fix: Some("start cfwh with --secret-file PATH"), ..error });
    }
    let mut request = edited(replay, delivery)?;
    let info = scheme.map_or(default_scheme(), |scheme| scheme.info());
    let verdict = info.without_credentials().verify(&delivery.request, SystemTime::now());
    let is_signed = verdict.rejection().is_none_or(|rejection| rejection.kind != RejectionKind::Unsigned);
    if !replay.edits.is_empty() && !replay.resign && is_signed {
        let error = ReplayError::new("signed", "the signature does not match the edited body");
        return Err(ReplayError {
            fix: Some("select \"Sign again\"; if it is disabled, start cfwh with --secret-file PATH"),
            ..error
        });
    }
    // These credentials are for the original receiver only.
    for name in url::FOREIGN_CREDENTIALS {
        request.headers_mut().remove(name);
    }
    request.set_target(url::target(&url));
    let mut signature = "";
    if let Some(scheme) = scheme.filter(|_| replay.resign) {
        scheme.authenticate(&mut request, SystemTime::now());
        let is_valid = matches!(scheme.verify(&request, SystemTime::now()), Verdict::Valid);
        signature =
            if is_valid { ", signed again" } else { ", signed again, but the secret does not verify the signature" };
    }
    let changes = match replay.edits.len() {
        0 => "unchanged".to_owned(),
        1 => "with 1 edit".to_owned(),
        count => format!("with {count} edits"),
    };
    let summary = format!("Sent {} bytes {changes}{signature}.", request.body().len());
    // Signing may add a token to the URL.
    let url = url::with_target(&url, request.target());
    Ok(PreparedReplay { url, request, summary })
}

/// Returns the edited request.
fn edited(replay: &ReplayRequest, delivery: &Delivery) -> Result<Request, ReplayError> {
    if replay.edits.is_empty() {
        return Ok(delivery.request.clone());
    }
    if delivery.request.headers().get("Content-Encoding").is_some_and(|coding| coding != b"identity") {
        return Err(ReplayError::new("encoded", "the body is compressed, so it cannot be edited"));
    }
    let mut body = delivery.request.body().to_vec();
    for edit in &replay.edits {
        let invalid = |error: crate::generator::edit::EditError| ReplayError::new("invalid-edit", error.to_string());
        let edit = match edit {
            BodyEdit { set: Some(pointer), value: Some(_), unset: None } if pointer.contains('=') => {
                let message = format!("{pointer} has `=` in a key: the inspector cannot edit it");
                return Err(ReplayError::new("invalid-edit", message));
            }
            BodyEdit { set: Some(pointer), value: Some(value), unset: None } => {
                Edit::set(&format!("{pointer}={value}"))
            }
            BodyEdit { set: None, value: None, unset: Some(pointer) } => Edit::unset(pointer),
            _ => return Err(ReplayError::new("invalid-edit", "an edit needs `set` and `value`, or `unset`")),
        };
        body = edit.and_then(|edit| edit.apply("the body", &body)).map_err(invalid)?;
    }
    Ok(delivery.request.with_body(body))
}

/// Sends the request, and waits for the response.
pub(super) fn send(prepared: &PreparedReplay) -> Result<ReplayResult, ReplayError> {
    let PreparedReplay { url, request, summary } = prepared;
    let failed = |error: crate::client::error::SendError| ReplayError::new(error.code().info().name, error.to_string());
    let endpoint = Endpoint::new(url, TIMEOUT, &Trust::System).map_err(failed)?;
    let started = Instant::now();
    let response: Response = endpoint.send(url, request).map_err(failed)?;
    let ms = started.elapsed().as_secs_f64() * 1000.0;
    let recorded = RecordedResponse::from(&response).into_owned();
    Ok(ReplayResult { response: recorded, ms, summary: summary.clone() })
}
