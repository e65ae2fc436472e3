//! Makes a receiver fail on purpose, to test senders.

use std::str::FromStr;
use std::time::Duration;

use bytes::Bytes;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

use crate::models::response::Response;
use crate::profiles::event_pattern::EventPattern;
use crate::server::{ServerResponse, WriteFault};

/// The statuses that a response may have.
const STATUSES: std::ops::Range<u16> = 200..600;

/// Which deliveries fail, and how.
#[derive(Clone, Debug, Default)]
pub struct FaultInjection {
    /// The pause before each response.
    pub delay: Option<Duration>,
    /// The number of deliveries at the start that fail.
    pub fail_first: u64,
    /// The probability that a delivery fails, 0 to 1.
    pub fail_rate: Option<f64>,
    /// The seed. The same deliveries fail for the same seed.
    pub seed: u64,
    /// The responses to events. The first rule that matches wins.
    pub rules: Vec<ResponseRule>,
    /// The header fields of these responses.
    pub headers: Vec<(String, String)>,
    /// The body of these responses, and its media type.
    pub body: Option<(Bytes, &'static str)>,
}

/// The response to some events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResponseRule {
    /// The events; `None` is all.
    pub events: Option<EventPattern>,
    /// What is responded.
    pub action: ResponseAction,
}

/// What is responded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResponseAction {
    /// A response with this status.
    Status(u16),
    /// A response with status 200 that fails on its way to the sender.
    Fault(WriteFault),
}

impl ResponseAction {
    /// The words for faults.
    pub const FAULTS: [(&str, WriteFault); 3] =
        [("close", WriteFault::Close), ("truncate", WriteFault::Truncate), ("drip", WriteFault::Drip)];

    /// Returns whether a delivery fails with this response.
    pub const fn is_failure(self) -> bool {
        matches!(self, Self::Status(400..) | Self::Fault(_))
    }

    const fn status(self) -> u16 {
        match self {
            Self::Status(status) => status,
            Self::Fault(_) => 200,
        }
    }

    const fn fault(self) -> Option<WriteFault> {
        match self {
            Self::Status(_) => None,
            Self::Fault(fault) => Some(fault),
        }
    }
}

impl FromStr for ResponseRule {
    type Err = String;

    /// Parses `503`, `close` or `page_*=503`.
    fn from_str(text: &str) -> Result<Self, String> {
        let (events, action) = match text.split_once('=') {
            Some((events, action)) => {
                (Some(events.parse::<EventPattern>().map_err(|error| error.to_string())?), action)
            }
            None => (None, text),
        };
        let fault = ResponseAction::FAULTS.iter().find(|(word, _)| *word == action);
        let status = || action.parse().ok().filter(|status| STATUSES.contains(status)).map(ResponseAction::Status);
        let action = fault.map(|(_, fault)| ResponseAction::Fault(*fault)).or_else(status);
        let action = action.ok_or("expected a status from 200 to 599, or close, truncate or drip")?;
        Ok(Self { events, action })
    }
}

/// A response on purpose, and how it fails on its way.
pub(super) type PlannedResponse = (Response, Option<WriteFault>);

/// Returns how the server sends a response.
pub(super) fn served((response, fault): PlannedResponse) -> ServerResponse {
    match fault {
        Some(fault) => ServerResponse::Broken(response, fault),
        None => response.into(),
    }
}

impl FaultInjection {
    /// Returns whether only some deliveries fail. Then failing rules apply to those, and other rules to the rest.
    pub const fn fails_some(&self) -> bool {
        self.fail_first > 0 || self.fail_rate.is_some()
    }

    /// Returns the response to a delivery if it fails on purpose. This depends only on its number and the seed, even if
    /// deliveries are received concurrently.
    pub(super) fn failure(&self, number: u64, event: &str) -> Option<PlannedResponse> {
        let fails = number <= self.fail_first || self.fail_rate.is_some_and(|rate| self.draws(number, rate));
        let action = || self.rule(event, ResponseAction::is_failure).unwrap_or(ResponseAction::Status(503));
        fails.then(|| self.response(action(), "failing on purpose"))
    }

    /// Returns the response to a delivery that is accepted.
    pub(super) fn success(&self, event: &str) -> PlannedResponse {
        let action = self.rule(event, |action| !(self.fails_some() && action.is_failure()));
        let action = action.unwrap_or(ResponseAction::Status(200));
        let text = if action.status() / 100 == 2 { "ok\n" } else { "responding with this status on purpose" };
        self.response(action, text)
    }

    fn rule(&self, event: &str, applies: impl Fn(ResponseAction) -> bool) -> Option<ResponseAction> {
        let matches = |rule: &&ResponseRule| {
            applies(rule.action) && rule.events.as_ref().is_none_or(|events| events.matches(event))
        };
        self.rules.iter().find(matches).map(|rule| rule.action)
    }

    fn response(&self, action: ResponseAction, text: &'static str) -> PlannedResponse {
        let mut response = Response::text(action.status(), text);
        if let Some((body, media_type)) = &self.body {
            response.headers.set("Content-Type", media_type);
            response.body = body.clone();
        }
        for (name, _) in &self.headers {
            response.headers.remove(name);
        }
        for (name, value) in &self.headers {
            response.headers.append(name, value);
        }
        (response, action.fault())
    }

    fn draws(&self, number: u64, rate: f64) -> bool {
        let mut random = ChaCha8Rng::seed_from_u64(self.seed);
        random.set_stream(number);
        random.random_bool(rate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(texts: &[&str]) -> Vec<ResponseRule> {
        texts.iter().map(|text| text.parse().expect("a rule")).collect()
    }

    #[test]
    fn a_rule_is_a_status_or_a_fault_for_some_events() {
        assert_eq!(rules(&["503"])[0], ResponseRule { events: None, action: ResponseAction::Status(503) });
        assert_eq!(rules(&["page_*=drip"])[0].action, ResponseAction::Fault(WriteFault::Drip));
        for wrong in ["", "99", "600", "vanish", "page_*=", "lunch_*=503", "page_*=page_*=503"] {
            assert!(wrong.parse::<ResponseRule>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_first_rule_that_matches_counts() {
        let injection =
            FaultInjection { rules: rules(&["page_*=close", "*_created=202", "500"]), ..Default::default() };
        let planned = |event: &str| injection.success(event);
        assert_eq!(planned("page_created").1, Some(WriteFault::Close));
        assert_eq!((planned("blog_created").0.status, planned("blog_trashed").0.status), (202, 500));
        assert_eq!(planned("").0.status, 500, "a delivery that names no event");
    }

    #[test]
    fn rules_that_fail_are_for_the_deliveries_that_fail_if_only_some_do() {
        let injection = FaultInjection { fail_first: 1, rules: rules(&["page_*=close", "202"]), ..Default::default() };
        assert_eq!(injection.failure(1, "page_created").and_then(|planned| planned.1), Some(WriteFault::Close));
        assert_eq!(injection.failure(1, "blog_created").map(|planned| planned.0.status), Some(503));
        assert!(injection.failure(2, "page_created").is_none());
        assert_eq!(injection.success("page_created").0.status, 202);
    }
}
