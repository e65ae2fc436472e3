//! The result of a case.

use serde::{Serialize, Serializer};

use crate::auth::cases::Failure;
use crate::models::response::Response;
use crate::models::text::truncate;

use super::case_change::CaseChange;
use super::case_request::{CaseRequest, ResponseResult};
use super::cases::Case;

/// The most failed requests of a case that are described.
const MAX_DESCRIBED: usize = 3;

/// The most characters of a response that are shown.
const MAX_CHARACTERS: usize = 60;

/// The result of a case. The names of the fields are those of the JSON lines.
#[derive(Clone, Debug, Serialize)]
pub struct CaseResult {
    /// The case.
    #[serde(flatten)]
    pub case: Case,
    /// The responses.
    pub received: ReceivedResponses,
    /// How the first failed request failed.
    #[serde(rename = "verdict", serialize_with = "verdict")]
    pub failure: Option<Failure>,
    /// The root cause of the failure, if one was found.
    pub follows_from: Option<&'static str>,
    /// What changed since a recording, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<CaseChange>,
    /// The requests of the case.
    #[serde(skip)]
    pub requests: Vec<CaseRequest>,
}

/// The responses to the requests of a case.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ReceivedResponses {
    /// The statuses, with more detail if the case failed.
    pub summary: String,
    /// The label of the first request that failed, or of the first request.
    pub request: Option<String>,
    /// Why it has no response.
    pub error: Option<String>,
    /// The response to it.
    #[serde(flatten)]
    pub response: Option<Response>,
    /// The responses to all requests, in the order of the requests.
    #[serde(skip)]
    pub responses: Vec<Option<Response>>,
    /// The indexes of those that failed.
    #[serde(skip)]
    pub failed: Vec<usize>,
}

impl CaseResult {
    /// Compares the responses with the expected ones. After a timeout there are fewer responses than requests.
    pub(super) fn new(case: Case, requests: Vec<CaseRequest>, results: Vec<ResponseResult>) -> Self {
        let exchanges = || requests.iter().zip(&results).enumerate();
        let failures: Vec<_> = exchanges()
            .filter_map(|(index, (request, result))| Some((index, request.expected.failure(result)?)))
            .collect();
        let describe_failed = |(index, _): &(usize, Failure)| {
            let description = describe(&results[*index]);
            if requests.len() > 1 { format!("{}: {description}", requests[*index].label) } else { description }
        };
        let summary = if failures.is_empty() {
            let mut statuses: Vec<_> = results.iter().map(status).collect();
            statuses.dedup();
            statuses.join(", ")
        } else {
            let mut list: Vec<_> = failures.iter().take(MAX_DESCRIBED).map(describe_failed).collect();
            if failures.len() > MAX_DESCRIBED {
                list.push(format!("and {} more", failures.len() - MAX_DESCRIBED));
            }
            list.join("; ")
        };
        let failed: Vec<_> = failures.iter().map(|(index, _)| *index).collect();
        let deciding = failed.first().copied().unwrap_or_default();
        let result = results.get(deciding);
        let received = ReceivedResponses {
            summary,
            request: requests.get(deciding).map(|request| request.label.clone()),
            error: result.and_then(|result| result.as_ref().err()).map(ToString::to_string),
            response: result.and_then(|result| result.as_ref().ok()).cloned(),
            responses: results.into_iter().map(Result::ok).collect(),
            failed,
        };
        Self::from_parts(case, received, failures.first().map(|(_, failure)| *failure), requests)
    }

    /// Returns the result of a case that is not compared with a recording.
    pub const fn from_parts(
        case: Case,
        received: ReceivedResponses,
        failure: Option<Failure>,
        requests: Vec<CaseRequest>,
    ) -> Self {
        Self { case, received, failure, follows_from: None, change: None, requests }
    }

    /// Returns the requests that failed and got a response, at most a few, each with its label.
    pub fn failed_responses(&self) -> impl Iterator<Item = (&str, &Response)> {
        let exchange = |index: &usize| {
            let response = self.received.responses.get(*index)?.as_ref()?;
            Some((self.requests.get(*index)?.label.as_str(), response))
        };
        self.received.failed.iter().filter_map(exchange).take(MAX_DESCRIBED)
    }

    /// Returns the name of the file that a request of the case is saved to, without its extension: `sig-missing`, or
    /// `event-known-01` if there are several.
    pub fn file_stem(&self, index: usize) -> String {
        let name = self.case.id().file_name();
        if self.requests.len() > 1 { format!("{name}-{:02}", index + 1) } else { name }
    }

    /// Returns true if the case failed.
    pub const fn has_failed(&self) -> bool {
        self.failure.is_some()
    }
}

#[allow(clippy::ref_option, clippy::trivially_copy_pass_by_ref, reason = "serde demands this signature")]
fn verdict<S: Serializer>(failure: &Option<Failure>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(if failure.is_some() { "fail" } else { "pass" })
}

fn status(result: &ResponseResult) -> String {
    result.as_ref().map_or_else(ToString::to_string, |response| response.status.to_string())
}

/// Returns the status, where it redirects to, and the beginning of the body.
fn describe(result: &ResponseResult) -> String {
    let mut status = status(result);
    if let Some(location) = result.as_ref().ok().and_then(Response::redirects_to) {
        status.extend([" to ", &location]);
    }
    let body = result.as_ref().map(|response| String::from_utf8_lossy(&response.body).into_owned()).unwrap_or_default();
    match body.lines().find(|line| !line.trim().is_empty()) {
        Some(line) => format!("{status} {:?}", truncate(line.trim(), MAX_CHARACTERS)),
        None => status,
    }
}
