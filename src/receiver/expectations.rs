//! What deliveries are expected to come, what came, and whether that is the same.

use std::borrow::Cow;

use serde::Serialize;

use super::expectation::Expectation;
use crate::models::text::truncate;
use crate::profiles::event_pattern::EventPattern;

/// Deliveries that are remembered one by one, to be shown; the others are counted. More nobody reads.
const REMEMBERED: usize = 10_000;
/// How many columns are remembered of an event's name, which may be as long as a body: the longest name known has 25.
const NAME: usize = 100;

/// One delivery that came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Came {
    /// From 1, in the order of arrival.
    pub number: u64,
    /// The event's name; empty where it cannot be told. It may be what a stranger wrote.
    pub event: Cow<'static, str>,
    /// What was answered. Only what got a 2xx counts for an expectation.
    pub status: u16,
}

impl Came {
    /// Was it accepted?
    #[must_use]
    pub const fn is_accepted(&self) -> bool {
        self.status / 100 == 2
    }
}

/// One expectation at the end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// What was expected: `page_created=2`, `no space_*`, `in order`, `count=3`.
    pub expected: String,
    /// Whether it is so.
    #[serde(rename = "met")]
    pub is_met: bool,
    /// What came, in a few words.
    pub came: String,
}

/// All that is expected of a run, and what has come so far.
#[derive(Debug, Default)]
pub struct Expectations {
    /// What has to come, each with how many have.
    expected: Vec<(Expectation, u64)>,
    /// What must not come, each with how many have.
    forbidden: Vec<(EventPattern, u64)>,
    order: Option<Order>,
    /// How many deliveries have to come, accepted or not.
    count: Option<u64>,
    received: u64,
    came: Vec<Came>,
}

/// How far deliveries have come in the order of the expectations.
#[derive(Debug, Default)]
struct Order {
    /// The expectation that is being filled, and how many of it have come in a row.
    at: (usize, u64),
    /// The first that came where another belonged.
    broken: Option<String>,
}

impl Expectations {
    /// Nothing has come yet. With `in_order`, what is expected has to come in the order given; what is neither expected
    /// nor forbidden may come anywhere.
    #[must_use]
    pub fn new(expected: Vec<Expectation>, forbidden: Vec<EventPattern>, in_order: bool, count: Option<u64>) -> Self {
        Self {
            expected: expected.into_iter().map(|expectation| (expectation, 0)).collect(),
            forbidden: forbidden.into_iter().map(|pattern| (pattern, 0)).collect(),
            order: in_order.then(Order::default),
            count,
            received: 0,
            came: Vec::new(),
        }
    }

    /// Takes note of a delivery.
    pub fn observe(&mut self, came: Came) {
        self.received += 1;
        if came.is_accepted() {
            for (_, times) in self.forbidden.iter_mut().filter(|(pattern, _)| pattern.matches(&came.event)) {
                *times += 1;
            }
            let place = self.order.as_mut().filter(|order| order.broken.is_none());
            let place = place.and_then(|order| order.place(&self.expected, &came));
            for (index, (expectation, times)) in self.expected.iter_mut().enumerate() {
                // In order, a delivery is what its turn says; else it counts for all that it matches.
                if place.map_or_else(|| expectation.pattern.matches(&came.event), |place| place == index) {
                    *times += 1;
                }
            }
        }
        if self.came.len() < REMEMBERED {
            self.came.push(Came { event: cut(came.event), ..came });
        }
    }

    /// Can it no longer come right, whatever comes?
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.expected.iter().any(|(expectation, came)| expectation.is_exceeded(*came))
            || self.forbidden.iter().any(|(_, came)| *came > 0)
            || self.order.as_ref().is_some_and(|order| order.broken.is_some())
    }

    /// Has all come that has to? Then more deliveries can only make it worse. What must not come may come at any time,
    /// so alone it is never complete.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        let awaits = self.expected.iter().any(|(expectation, _)| expectation.times != Some(0));
        awaits && self.lacking() == 0
    }

    /// How much has still to come. It falls with each delivery that was waited for, and with no other.
    #[must_use]
    pub fn lacking(&self) -> u64 {
        let expected =
            self.expected.iter().map(|(expectation, came)| expectation.times.unwrap_or(1).saturating_sub(*came));
        let count = self.count.map(|count| count.saturating_sub(self.received));
        expected.chain(count).fold(0, u64::saturating_add)
    }

    /// Could deliveries that are still to come make it right, and is it not right yet?
    #[must_use]
    pub fn is_open(&self) -> bool {
        !self.has_failed() && self.lacking() > 0
    }

    /// Each expectation, and whether it is met.
    #[must_use]
    pub fn outcomes(&self) -> Vec<Outcome> {
        let expected = self.expected.iter().map(|(expectation, came)| Outcome {
            expected: expectation.to_string(),
            is_met: expectation.is_met(*came),
            came: times(*came),
        });
        let forbidden = self.forbidden.iter().map(|(pattern, came)| Outcome {
            expected: format!("no {pattern}"),
            is_met: *came == 0,
            came: times(*came),
        });
        let order = self.order.iter().filter(|_| !self.expected.is_empty()).map(|order| Outcome {
            expected: "in order".to_owned(),
            is_met: order.broken.is_none(),
            came: order.broken.clone().unwrap_or_else(|| "as expected".to_owned()),
        });
        let count = self.count.iter().map(|count| Outcome {
            expected: format!("count={count}"),
            is_met: self.received >= *count,
            came: times(self.received),
        });
        expected.chain(forbidden).chain(order).chain(count).collect()
    }

    /// What came, in the order in which it was answered: the first ten thousand.
    #[must_use]
    pub fn came(&self) -> &[Came] {
        &self.came
    }
}

impl Order {
    /// The expectation whose turn it is when this comes; `None` when it is nobody's.
    fn place(&mut self, expected: &[(Expectation, u64)], came: &Came) -> Option<usize> {
        if !expected.iter().any(|(expectation, _)| expectation.pattern.matches(&came.event)) {
            return None;
        }
        let (mut at, mut filled) = self.at;
        while let Some((expectation, _)) = expected.get(at) {
            if expectation.pattern.matches(&came.event) && expectation.times.is_none_or(|times| filled < times) {
                self.at = (at, filled + 1);
                return Some(at);
            }
            if !expectation.is_met(filled) {
                break;
            }
            (at, filled) = (at + 1, 0);
        }
        let belongs = expected.get(at).map_or_else(|| "nothing more".to_owned(), |(next, _)| next.pattern.to_string());
        self.broken = Some(format!("delivery {} is {} where {belongs} belongs", came.number, cut(came.event.clone())));
        None
    }
}

fn cut(name: Cow<'static, str>) -> Cow<'static, str> {
    match truncate(&name, NAME) {
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
            expectations.observe(Came { number: index as u64 + 1, event, status });
        }
        let is_decided = expectations.has_failed() || expectations.is_complete();
        (expectations.outcomes().iter().all(|outcome| outcome.is_met), is_decided)
    }

    #[test]
    fn of_a_strangers_name_only_its_beginning_is_remembered() {
        let mut expectations = expectations(&[], &["*_created"], false);
        let event = format!("{}_created", "é".repeat(1000));
        expectations.observe(Came { number: 1, event: event.into(), status: 200 });
        assert_eq!(expectations.came()[0].event, format!("{}…", "é".repeat(99)));
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
