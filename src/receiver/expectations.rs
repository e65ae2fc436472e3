//! Checks received deliveries against expectations.

use std::borrow::Cow;

use serde::Serialize;

use super::expectation::Expectation;
use crate::models::text::truncate;
use crate::profiles::event_pattern::EventPattern;

/// The most deliveries that are stored to show them. All are counted.
const MAX_SHOWN: usize = 10_000;
/// The most columns of an event's name that are stored. The longest known name has 25, but a sender may send any name.
const MAX_NAME: usize = 100;

/// The facts about a received delivery that expectations need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedDelivery {
    /// The number, from 1, in the order in which deliveries were received.
    pub number: u64,
    /// The event's name, which may be any text; empty if it is unknown.
    pub event: Cow<'static, str>,
    /// The status of the response; `None` if the connection is closed instead.
    pub status: Option<u16>,
    /// Whether it was accepted. Only accepted deliveries count for an expectation.
    pub is_accepted: bool,
}

/// The outcome of one expectation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// The expectation: `page_created=2`, `no space_*`, `in order`, `count=3`.
    pub expected: String,
    /// Whether it is met.
    #[serde(rename = "met")]
    pub is_met: bool,
    /// A short description of what was received.
    pub received: String,
}

/// The expectations of a run, and the deliveries so far.
#[derive(Debug, Default)]
pub struct Expectations {
    /// The expected deliveries, each with the number received.
    expected: Vec<(Expectation, u64)>,
    /// The forbidden deliveries, each with the number received.
    forbidden: Vec<(EventPattern, u64)>,
    order: Option<Order>,
    /// The expected number of deliveries, accepted or not.
    count: Option<u64>,
    received: u64,
    /// The first deliveries, in the order of their responses.
    deliveries: Vec<ReceivedDelivery>,
}

/// The position in the order of the expectations.
#[derive(Debug, Default)]
struct Order {
    /// The current expectation, and its number of consecutive deliveries.
    at: (usize, u64),
    /// The first delivery that was out of order.
    broken: Option<String>,
}

impl Expectations {
    /// Returns expectations before the first delivery. With `in_order`, expected deliveries must be received in the given
    /// order. Other deliveries may be received at any time.
    pub fn new(expected: Vec<Expectation>, forbidden: Vec<EventPattern>, in_order: bool, count: Option<u64>) -> Self {
        Self {
            expected: expected.into_iter().map(|expectation| (expectation, 0)).collect(),
            forbidden: forbidden.into_iter().map(|pattern| (pattern, 0)).collect(),
            order: in_order.then(Order::default),
            count,
            received: 0,
            deliveries: Vec::new(),
        }
    }

    /// Counts a delivery.
    pub fn observe(&mut self, delivery: ReceivedDelivery) {
        self.received += 1;
        if delivery.is_accepted {
            for (_, times) in self.forbidden.iter_mut().filter(|(pattern, _)| pattern.matches(&delivery.event)) {
                *times += 1;
            }
            let place = self.order.as_mut().filter(|order| order.broken.is_none());
            let place = place.and_then(|order| order.match_expectation(&self.expected, &delivery));
            for (index, (expectation, times)) in self.expected.iter_mut().enumerate() {
                // With an order, a delivery counts for one expectation. Otherwise it counts for all that it matches.
                if place.map_or_else(|| expectation.pattern.matches(&delivery.event), |place| place == index) {
                    *times += 1;
                }
            }
        }
        if self.deliveries.len() < MAX_SHOWN {
            self.deliveries.push(ReceivedDelivery { event: cut(delivery.event), ..delivery });
        }
    }

    /// Returns whether the expectations can no longer be met.
    pub fn has_failed(&self) -> bool {
        self.expected.iter().any(|(expectation, received)| expectation.is_exceeded(*received))
            || self.forbidden.iter().any(|(_, received)| *received > 0)
            || self.order.as_ref().is_some_and(|order| order.broken.is_some())
    }

    /// Returns whether all expected deliveries were received. With only forbidden deliveries, this is never true, because they
    /// may be received at any time.
    pub fn is_complete(&self) -> bool {
        let awaits = self.expected.iter().any(|(expectation, _)| expectation.times != Some(0));
        awaits && self.missing() == 0
    }

    /// Returns the number of missing deliveries. Only an expected delivery lowers it.
    pub fn missing(&self) -> u64 {
        let expected = self
            .expected
            .iter()
            .map(|(expectation, received)| expectation.times.unwrap_or(1).saturating_sub(*received));
        let count = self.count.map(|count| count.saturating_sub(self.received));
        expected.chain(count).fold(0, u64::saturating_add)
    }

    /// Returns whether the expectations are not met yet, but more deliveries could meet them.
    pub fn is_open(&self) -> bool {
        !self.has_failed() && self.missing() > 0
    }

    /// Returns each expectation, and whether it is met.
    pub fn outcomes(&self) -> Vec<Outcome> {
        let expected = self.expected.iter().map(|(expectation, received)| Outcome {
            expected: expectation.to_string(),
            is_met: expectation.is_met(*received),
            received: times(*received),
        });
        let forbidden = self.forbidden.iter().map(|(pattern, received)| Outcome {
            expected: format!("no {pattern}"),
            is_met: *received == 0,
            received: times(*received),
        });
        let order = self.order.iter().filter(|_| !self.expected.is_empty()).map(|order| Outcome {
            expected: "in order".to_owned(),
            is_met: order.broken.is_none(),
            received: order.broken.clone().unwrap_or_else(|| "as expected".to_owned()),
        });
        let count = self.count.iter().map(|count| Outcome {
            expected: format!("count={count}"),
            is_met: self.received >= *count,
            received: times(self.received),
        });
        expected.chain(forbidden).chain(order).chain(count).collect()
    }

    /// Returns the first ten thousand deliveries, in the order of their responses.
    pub fn deliveries(&self) -> &[ReceivedDelivery] {
        &self.deliveries
    }
}

impl Order {
    /// Returns the index of the expectation that this delivery counts for, if any.
    fn match_expectation(&mut self, expected: &[(Expectation, u64)], delivery: &ReceivedDelivery) -> Option<usize> {
        if !expected.iter().any(|(expectation, _)| expectation.pattern.matches(&delivery.event)) {
            return None;
        }
        let (mut at, mut filled) = self.at;
        while let Some((expectation, _)) = expected.get(at) {
            if expectation.pattern.matches(&delivery.event) && expectation.times.is_none_or(|times| filled < times) {
                self.at = (at, filled + 1);
                return Some(at);
            }
            if !expectation.is_met(filled) {
                break;
            }
            (at, filled) = (at + 1, 0);
        }
        let next = expected.get(at).map_or_else(|| "no delivery".to_owned(), |(next, _)| next.pattern.to_string());
        self.broken =
            Some(format!("delivery {} is {} instead of {next}", delivery.number, cut(delivery.event.clone())));
        None
    }
}

fn cut(name: Cow<'static, str>) -> Cow<'static, str> {
    match truncate(&name, MAX_NAME) {
        Cow::Borrowed(_) => name,
        Cow::Owned(cut) => Cow::Owned(cut),
    }
}

fn times(count: u64) -> String {
    match count {
        0 => "none".to_owned(),
        count => count.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expectations(expected: &[&str], forbidden: &[&str], in_order: bool) -> Expectations {
        let expected = expected.iter().map(|text| text.parse().expect("an expectation")).collect();
        let forbidden = forbidden.iter().map(|text| text.parse().expect("a pattern")).collect();
        Expectations::new(expected, forbidden, in_order, None)
    }

    fn after(mut expectations: Expectations, stream: &str) -> (bool, bool) {
        for (index, event) in stream.split_whitespace().enumerate() {
            let (event, status) = event.strip_prefix('!').map_or((event, 200), |event| (event, 401));
            let event = Cow::Owned(
                event.replace('c', "page_created").replace('u', "page_updated").replace('s', "space_created"),
            );
            expectations.observe(ReceivedDelivery {
                number: index as u64 + 1,
                event,
                status: Some(status),
                is_accepted: status == 200,
            });
        }
        let is_decided = expectations.has_failed() || expectations.is_complete();
        (expectations.outcomes().iter().all(|outcome| outcome.is_met), is_decided)
    }

    #[test]
    fn only_the_beginning_of_a_long_name_is_stored() {
        let mut expectations = expectations(&[], &["*_created"], false);
        let event = format!("{}_created", "é".repeat(1000));
        expectations.observe(ReceivedDelivery { number: 1, event: event.into(), status: Some(200), is_accepted: true });
        assert_eq!(expectations.deliveries()[0].event, format!("{}…", "é".repeat(99)));
        assert!(!expectations.outcomes()[0].is_met, "all of it is compared");
    }

    #[test]
    fn streams_and_expectations() {
        const MET: (bool, bool) = (true, true);
        const OPEN: (bool, bool) = (false, false);
        const FAILED: (bool, bool) = (false, true);
        for (expected, forbidden, in_order, stream, outcome) in [
            (&["page_created=2"][..], &[][..], false, "", OPEN),
            (&["page_created=2"], &[], false, "c u", OPEN),
            (&["page_created=2"], &[], false, "c u c", MET),
            (&["page_created=2"], &[], false, "c c c", FAILED),
            (&["page_created=2"], &[], false, "c !c", OPEN),
            (&["page_created=2"], &[], false, "c !c c", MET),
            (&["page_created"], &[], false, "c c c", MET),
            (&["page_*=3", "page_created=2"], &[], false, "c u c", MET),
            (&["page_created", "page_updated"], &[], true, "c u", MET),
            (&["page_created", "page_updated"], &[], true, "u c", FAILED),
            (&["page_created", "page_updated"], &[], false, "u c", MET),
            (&["page_created=2", "page_updated=1"], &[], true, "c u c", FAILED),
            (&["page_created=2", "page_updated=1"], &[], true, "c s c s u", MET),
            (&["page_created=1", "page_*=2"], &[], true, "c c u", MET),
            (&["page_created", "page_updated", "page_created"], &[], true, "c u c", MET),
            (&["page_created", "page_updated", "page_created"], &[], true, "c u u", OPEN),
            (&[], &["space_*"], false, "c u", (true, false)),
            (&[], &["space_*"], false, "c s", FAILED),
            (&[], &["space_*"], false, "c !s", (true, false)),
            (&["page_created"], &["space_*"], false, "c s", FAILED),
            (&["page_created=0"], &[], false, "u", (true, false)),
        ] {
            let outcomes = after(expectations(expected, forbidden, in_order), stream);
            assert_eq!(outcomes, outcome, "{expected:?} {forbidden:?} {in_order} {stream}");
        }
    }
}
