//! Finds the delivery because of which a state is wrong, by bisection.

use crate::auth::cases::RootCause;
use crate::models::event::{Action, EventKind};

use super::super::case_request::CaseRequest;
use super::causes;
use super::effect_comparison::EffectComparison;
use super::finding::StateFinding;
use super::plan::{self, Step};
use super::runner::{Effect, StoryRun};
use super::site_story::{DELIVERIES, StoryDelivery};
use super::source::StateError;
use super::trial::Trial;

/// A trial with a wrong run, in which a delivery is to be found.
pub(super) struct Bisection<'a, 'p> {
    pub(super) comparison: &'a mut EffectComparison<'p>,
    pub(super) trial: &'a Trial,
    /// A run of the trial that is wrong.
    pub(super) run: &'a StoryRun,
}

impl Bisection<'_, '_> {
    /// Finds the first delivery that is wrong when it is sent in this way.
    pub(super) fn first_wrong(self, cause: RootCause, how: &str) -> Result<StateFinding, StateError> {
        let Some((count, wrong)) = shortest(self.comparison, self.trial)? else {
            let sentence = self.comparison.difference(&self.comparison.plain_effect()?, self.run);
            return Ok(StateFinding::new(cause, sentence));
        };
        let position = count - 1;
        let right = self.comparison.partial_effect((0..count).collect())?;
        let delivery = wrong.story.deliveries[position].clone();
        let (verb, difference) = (self.comparison.verb(&right, &wrong), self.comparison.difference(&right, &wrong));
        let sentence = format!("{}, {how}, was {verb}: {difference}", describe(&delivery, position));
        let is_retry = matches!(self.trial.steps.first(), Some(Step::Retry(..)));
        let again = if is_retry { self.comparison.again(&delivery.request) } else { delivery.request.clone() };
        let again = CaseRequest { label: format!("{} again", delivery.request.label), ..again };
        Ok(StateFinding { requests: vec![delivery.request, again], ..StateFinding::new(cause, sentence) })
    }

    /// Finds the first pair of deliveries with an order that matters, and what the receiver does with them.
    pub(super) fn first_overtaken(self) -> Result<StateFinding, StateError> {
        let Some((count, _)) = shortest(self.comparison, self.trial)? else {
            let sentence = self.comparison.difference(&self.comparison.plain_effect()?, self.run);
            return Ok(StateFinding::new(causes::OTHER_ORDER, sentence));
        };
        let newer = count - 1;
        let right = self.comparison.partial_effect((0..count).collect())?;
        let (mut wrong, mut older, mut right_until) = (None, 0, newer);
        // The last delivery that `newer` must not overtake: overtaking fewer deliveries is right.
        while older < right_until {
            let before = usize::midpoint(older, right_until);
            let moved = self.comparison.run(&plan::moved(newer, before))?;
            if self.comparison.is_same(&right, &moved.effect) {
                right_until = before;
            } else {
                wrong = Some(moved);
                older = before + 1;
            }
        }
        let (Some(wrong), Some(older)) = (wrong, older.checked_sub(1)) else {
            let sentence = self.comparison.difference(&right, self.run);
            let requests = self.run.story.deliveries.get(newer).map(|delivery| delivery.request.clone());
            let requests = requests.into_iter().collect();
            return Ok(StateFinding { requests, ..StateFinding::new(causes::OTHER_ORDER, sentence) });
        };
        let [old, new] = [older, newer].map(|position| wrong.story.deliveries[position].clone());
        let cause = cause_of_order(self.comparison, (older, newer), (old.kind, new.kind), &right)?;
        let difference = self.comparison.difference(&right, &wrong);
        let sentence = format!("{} arrived before {}: {difference}", describe(&new, newer), describe(&old, older));
        Ok(StateFinding { requests: vec![new.request, old.request], ..StateFinding::new(cause, sentence) })
    }

    /// Finds the first delivery that is wrong because the receiver was killed.
    pub(super) fn first_killed(self, cause: RootCause, how: &str) -> Result<StateFinding, StateError> {
        for kill in self.trial.steps.iter().copied().filter(|step| step.kills()) {
            let position = kill.position();
            let steps: Vec<_> = plan::plain(0..position).into_iter().chain([kill]).collect();
            let right = self.comparison.partial_effect((0..=position).collect())?;
            let wrong = self.comparison.run(&steps)?;
            if !self.comparison.is_same(&right, &wrong.effect) {
                let delivery = wrong.story.deliveries[position].clone();
                let verb = self.comparison.verb(&right, &wrong);
                let difference = self.comparison.difference(&right, &wrong);
                let sentence = format!("{}, {how}, was {verb}: {difference}", describe(&delivery, position));
                return Ok(StateFinding { requests: vec![delivery.request], ..StateFinding::new(cause, sentence) });
            }
        }
        let difference = self.comparison.difference(&self.comparison.plain_effect()?, self.run);
        Ok(StateFinding::new(cause, format!("a delivery {how}: {difference}")))
    }
}

/// Finds the shortest beginning of the story that is wrong, and returns its length and its run.
fn shortest(comparison: &mut EffectComparison<'_>, trial: &Trial) -> Result<Option<(usize, StoryRun)>, StateError> {
    let (mut right, mut wrong, mut found) = (0, DELIVERIES, None);
    while wrong - right > 1 || found.is_none() {
        let count = if wrong - right > 1 { usize::midpoint(right, wrong) } else { wrong };
        let part = Trial { steps: plan::prefix(&trial.steps, count), ..*trial };
        let plain = comparison.partial_effect((0..count).collect())?;
        match comparison.differing_run(&part, &plain)? {
            Some(run) => (wrong, found) = (count, Some(run)),
            None if count == wrong => return Ok(None),
            None => right = count,
        }
    }
    Ok(found.map(|run| (wrong, run)))
}

/// Returns what the receiver does when `newer` arrives before `older`, although both in order are right.
fn cause_of_order(
    comparison: &mut EffectComparison<'_>,
    (older, newer): (usize, usize),
    (old, new): (EventKind, EventKind),
    right: &Effect,
) -> Result<RootCause, StateError> {
    let without_newer = comparison.partial_effect((0..newer).collect())?;
    if comparison.is_same(right, &without_newer) {
        return Ok(causes::DROPS_LATER);
    }
    let neither = comparison.partial_effect((0..older).collect())?;
    let only_newer = comparison.partial_effect((0..older).chain([newer]).collect())?;
    let is_dropped = comparison.is_same(&neither, &only_newer);
    Ok(match (is_dropped, new.is_removal() || new.action() == Action::Trashed) {
        (true, true) => causes::FORGETS_REMOVALS,
        (true, false) if old.action() == Action::Created => causes::DROPS_EARLY_UPDATES,
        (true, false) => causes::OTHER_ORDER,
        (false, _) => causes::LAST_WRITE_WINS,
    })
}

/// `page_updated "Plan" (delivery 3)`
fn describe(delivery: &StoryDelivery, position: usize) -> String {
    format!("{} {:?} (delivery {})", delivery.kind.name(), delivery.subject, position + 1)
}
