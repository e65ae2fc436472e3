//! The result of a case.

use serde::{Serialize, Serializer};

use crate::auth::cases::Failure;
use crate::models::response::Response;
use crate::models::text::truncate;

use super::case_request::{CaseRequest, ResponseResult};
use super::cases::Case;

/// How many failed requests of a case are described.
const MAX_DESCRIBED: usize = 3;

/// How many characters of a response are shown.
const MAX_CHARACTERS: usize = 60;

/// The result of a case. The names of the fields are those of the JSON lines.
#[derive(Clone, Debug, Serialize)]
pub struct CaseResult {
    /// The case.
    #[serde(flatten)]
    pub case: Case,
    /// The statuses that were received; more detail if the case failed.
    pub received: String,
    /// How the first request failed that did.
    #[serde(rename = "verdict", serialize_with = "verdict")]
    pub failure: Option<Failure>,
    /// The requests of the case.
    #[serde(skip)]
    pub requests: Vec<CaseRequest>,
}

impl CaseResult {
    /// Compares the responses with those that were expected. There are fewer than requests if not all were sent.
    pub(super) fn new(case: Case, requests: Vec<CaseRequest>, responses: &[ResponseResult]) -> Self {
        let failed: Vec<_> = requests
            .iter()
            .zip(responses)
            .filter_map(|(request, response)| Some((request, response, request.expected.failure(response)?)))
            .collect();
        let describe_failed = |(request, response, _): &(&CaseRequest, &ResponseResult, Failure)| {
            if requests.len() > 1 { format!("{}: {}", request.label, describe(response)) } else { describe(response) }
        };
        let received = if failed.is_empty() {
            let mut statuses: Vec<_> = responses.iter().map(status).collect();
            statuses.dedup();
            statuses.join(", ")
        } else {
            let mut list: Vec<_> = failed.iter().take(MAX_DESCRIBED).map(describe_failed).collect();
            if failed.len() > MAX_DESCRIBED {
                list.push(format!("and {} more", failed.len() - MAX_DESCRIBED));
            }
            list.join("; ")
        };
        let failure = failed.first().map(|(_, _, failure)| *failure);
        Self { case, received, failure, requests }
    }

    /// Returns the name of the file that a request of the case is saved to, without its extension: `sig-missing`, or
    /// `event-known-01` if there are several.
    pub fn file_stem(&self, index: usize) -> String {
        let name = self.case.id().0.replace('/', "-");
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
