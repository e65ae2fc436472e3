//! Runs the state cases, and finds the delivery because of which a state is wrong.

use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

use crate::auth::cases::RootCause;
use crate::client::error::SendError;
use crate::client::tls::Trust;
use crate::models::event::{Action, EventKind};

use super::super::case_request::CaseRequest;
use super::super::case_result::{CaseResult, ReceivedResponses};
use super::super::cases::Case;
use super::super::prober::Prober;
use super::super::state_cases::StateCase;
use super::causes;
use super::finding::StateFinding;
use super::noise::Noise;
use super::plan::{self, Step};
use super::process::ReceiverProcess;
use super::runner::{Effect, Runner, StoryRun};
use super::site_story::{DELIVERIES, StoryDelivery};
use super::source::{StateError, StateSource};

/// Between two plain runs: times of receipt with a precision of seconds must differ, too.
const SECOND: Duration = Duration::from_millis(1100);
/// How often the receiver is killed in a story.
const KILLS: usize = 12;
/// A run that must have the effect of the plain story.
#[derive(Debug)]
struct Trial {
    steps: Vec<Step>,
    /// Does it happen at the times of the plain run? Otherwise every run has times of its own.
    has_same_times: bool,
    /// Runs that depend on who is faster are tried several times.
    attempts: usize,
}

/// Runs the state cases.
#[derive(Debug)]
pub struct StateProber<'a> {
    prober: &'a Prober,
    runner: Runner<'a>,
    noise: Noise,
    /// When the plain run happens, and its effect.
    oracle: Option<(i64, Effect)>,
    /// The effects of plain runs with some of the deliveries.
    partial: BTreeMap<Vec<usize>, Effect>,
    /// What was found.
    findings: BTreeMap<StateCase, Option<StateFinding>>,
}

impl<'a> StateProber<'a> {
    /// Runs cases with the deliveries of `prober`.
    ///
    /// # Errors
    /// Returns an error if a client cannot be set up.
    pub fn new(
        prober: &'a Prober,
        source: StateSource,
        process: Option<&'a dyn ReceiverProcess>,
        trust: &Trust,
    ) -> Result<Self, SendError> {
        let runner = Runner::new(prober, source, process, trust)?;
        let (noise, partial, findings) = (Noise::default(), BTreeMap::new(), BTreeMap::new());
        Ok(Self { prober, runner, noise, oracle: None, partial, findings })
    }

    /// Runs one case.
    ///
    /// # Errors
    /// Returns an error if there is no state to compare.
    pub fn run(&mut self, case: Case) -> Result<CaseResult, StateError> {
        let Some(state_case) = case.state_case() else { return Ok(self.prober.run(case)) };
        if let Some(finding) = self.finding(state_case)? {
            return Ok(finding.result(case));
        }
        let summary = format!("{DELIVERIES} deliveries: the state of the plain story");
        let received = ReceivedResponses { summary, ..ReceivedResponses::default() };
        Ok(CaseResult::from_parts(case, received, None, Vec::new()))
    }

    /// What the wrong states point to.
    pub fn causes(&self) -> Vec<RootCause> {
        let mut causes = Vec::new();
        for finding in self.findings.values().flatten() {
            if !causes.contains(&finding.cause) {
                causes.push(finding.cause);
            }
        }
        causes
    }

    fn finding(&mut self, case: StateCase) -> Result<Option<StateFinding>, StateError> {
        if let Some(finding) = self.findings.get(&case) {
            return Ok(finding.clone());
        }
        self.learn_oracle()?;
        let finding = match case {
            StateCase::Duplicate => self.find_duplicate()?,
            StateCase::Retry => self.find_retry()?,
            StateCase::Concurrent => self.find_concurrent()?,
            StateCase::Reordered => self.find_reordered()?,
            StateCase::Story => self.find_in_story()?,
            StateCase::Crash => self.find_crash()?,
        };
        self.findings.insert(case, finding.clone());
        Ok(finding)
    }

    fn find_duplicate(&mut self) -> Result<Option<StateFinding>, StateError> {
        let trial = Trial::certain(plan::duplicated(DELIVERIES));
        let Some(wrong) = self.wrong_run(&trial)? else { return Ok(None) };
        self.name(&trial, &wrong, causes::APPLIES_TWICE, "sent twice").map(Some)
    }

    fn find_retry(&mut self) -> Result<Option<StateFinding>, StateError> {
        let trial = Trial { attempts: 2, ..Trial::certain(plan::retried(DELIVERIES)) };
        let Some(wrong) = self.wrong_run(&trial)? else { return Ok(None) };
        let cause = match self.finding(StateCase::Duplicate)? {
            Some(duplicate) => duplicate.cause,
            None if self.wrong_run(&Trial::certain(plan::retried_after(DELIVERIES)))?.is_some() => causes::RETRY_IS_NEW,
            // It is wrong only while the receiver still works on the first attempt.
            None => causes::RACES,
        };
        self.name(&trial, &wrong, cause, "sent again before there was a response").map(Some)
    }

    fn find_concurrent(&mut self) -> Result<Option<StateFinding>, StateError> {
        let trial = Trial { attempts: 3, ..Trial::certain(plan::at_once(DELIVERIES)) };
        if let Some(wrong) = self.wrong_run(&trial)? {
            let cause = match self.finding(StateCase::Duplicate)? {
                Some(duplicate) => duplicate.cause,
                None => causes::RACES,
            };
            return self.name(&trial, &wrong, cause, "sent on two connections at the same time").map(Some);
        }
        let trial = Trial { has_same_times: true, ..Trial::certain(plan::plain(0..DELIVERIES)) };
        let Some(wrong) = self.wrong_run(&trial)? else { return Ok(None) };
        self.name(&trial, &wrong, causes::DROPS_SAME_TIME, "sent with the timestamp of an event on another site")
            .map(Some)
    }

    fn find_reordered(&mut self) -> Result<Option<StateFinding>, StateError> {
        let backwards = plan::backwards(DELIVERIES);
        for steps in [backwards.clone(), plan::shuffled(backwards)] {
            let trial = Trial::certain(steps);
            if let Some(wrong) = self.wrong_run(&trial)? {
                return self.name_overtaken(&trial, &wrong).map(Some);
            }
        }
        Ok(None)
    }

    fn find_in_story(&mut self) -> Result<Option<StateFinding>, StateError> {
        let twice = plan::twice(DELIVERIES);
        for steps in [twice.clone(), plan::shuffled(twice)] {
            let trial = Trial::certain(steps);
            let Some(wrong) = self.wrong_run(&trial)? else { continue };
            for simpler in [StateCase::Duplicate, StateCase::Reordered] {
                if let Some(StateFinding { cause, .. }) = self.finding(simpler)? {
                    let sentence = self.difference(&self.plain_effect()?, &wrong);
                    return Ok(Some(StateFinding { cause, sentence, requests: Vec::new() }));
                }
            }
            let finding = self.name(&trial, &wrong, causes::FORGETS_DELIVERIES, "sent again after others");
            return finding.map(Some);
        }
        Ok(None)
    }

    /// First it is killed after a 2xx. Then the same delivery is sent again, and last it is killed while it works.
    fn find_crash(&mut self) -> Result<Option<StateFinding>, StateError> {
        let after = plan::with_kills(DELIVERIES, KILLS, |at, _| Step::KillAfter(at));
        let repeated = plan::with_kills(DELIVERIES, KILLS, |at, _| Step::KillAfterAndRepeat(at));
        let count = f64::from(u32::try_from(KILLS).unwrap_or(u32::MAX));
        let part = |index: usize| f64::from(u32::try_from(index).unwrap_or(u32::MAX)) / count;
        let during = plan::with_kills(DELIVERIES, KILLS, |at, index| Step::KillDuring(at, part(index)));
        let trials = [
            (after, causes::ACKNOWLEDGES_FIRST, "acknowledged just before the receiver was killed"),
            (repeated, causes::REMEMBERS_IN_MEMORY, "acknowledged just before the receiver was killed, and sent again"),
            (during, causes::APPLIES_PARTS, "sent again after the receiver was killed while it worked on it"),
        ];
        for (steps, cause, how) in trials {
            let trial = Trial { attempts: 2, ..Trial::certain(steps) };
            let Some(wrong) = self.wrong_run(&trial)? else { continue };
            let cause = match self.finding(StateCase::Duplicate)? {
                Some(duplicate) if cause != causes::ACKNOWLEDGES_FIRST => duplicate.cause,
                _ => cause,
            };
            return self.name_killed(&trial, &wrong, cause, how).map(Some);
        }
        Ok(None)
    }

    /// Finds the first delivery that is wrong when it is sent in this way.
    fn name(&mut self, trial: &Trial, run: &StoryRun, cause: RootCause, how: &str) -> Result<StateFinding, StateError> {
        let Some((count, wrong)) = self.shortest(trial)? else {
            let sentence = self.difference(&self.plain_effect()?, run);
            return Ok(StateFinding { cause, sentence, requests: Vec::new() });
        };
        let position = count - 1;
        let right = self.partial_effect((0..count).collect())?;
        let delivery = wrong.story.deliveries[position].clone();
        let sentence = format!(
            "{}, {how}, was {}: {}",
            describe(&delivery, position),
            self.noise.verb(&right, &wrong.effect),
            self.difference(&right, &wrong)
        );
        let is_retry = matches!(trial.steps.first(), Some(Step::Retry(..)));
        let again = if is_retry { self.runner.again(&delivery.request) } else { delivery.request.clone() };
        let again = CaseRequest { label: format!("{} again", delivery.request.label), ..again };
        let requests = vec![delivery.request, again];
        Ok(StateFinding { cause, sentence, requests })
    }

    /// Finds the first pair of deliveries with an order that matters, and what the receiver does with them.
    fn name_overtaken(&mut self, trial: &Trial, run: &StoryRun) -> Result<StateFinding, StateError> {
        let Some((count, _)) = self.shortest(trial)? else {
            let sentence = self.difference(&self.plain_effect()?, run);
            return Ok(StateFinding { cause: causes::OTHER_ORDER, sentence, requests: Vec::new() });
        };
        let newer = count - 1;
        let right = self.partial_effect((0..count).collect())?;
        let (mut wrong, mut older, mut right_until) = (None, 0, newer);
        // The last delivery that `newer` must not overtake: overtaking fewer is right.
        while older < right_until {
            let before = usize::midpoint(older, right_until);
            let moved = self.runner.run(&plan::moved(newer, before), None)?;
            if self.is_same(&right, &moved.effect) {
                right_until = before;
            } else {
                wrong = Some(moved);
                older = before + 1;
            }
        }
        let (Some(wrong), Some(older)) = (wrong, older.checked_sub(1)) else {
            let sentence = self.difference(&right, run);
            let requests = run.story.deliveries.get(newer).map(|delivery| delivery.request.clone());
            let requests = requests.into_iter().collect();
            return Ok(StateFinding { cause: causes::OTHER_ORDER, sentence, requests });
        };
        let [old, new] = [older, newer].map(|position| wrong.story.deliveries[position].clone());
        let kinds = (old.kind, new.kind);
        let cause = self.cause_of_order((older, newer), kinds, &right)?;
        let sentence = format!(
            "{} arrived before {}: {}",
            describe(&new, newer),
            describe(&old, older),
            self.difference(&right, &wrong)
        );
        Ok(StateFinding { cause, sentence, requests: vec![new.request, old.request] })
    }

    /// What the receiver does when `newer` arrives before `older`, although both in order are right.
    fn cause_of_order(
        &mut self,
        (older, newer): (usize, usize),
        (old, new): (EventKind, EventKind),
        right: &Effect,
    ) -> Result<RootCause, StateError> {
        let without_newer = self.partial_effect((0..newer).collect())?;
        if self.is_same(right, &without_newer) {
            return Ok(causes::DROPS_LATER);
        }
        let neither = self.partial_effect((0..older).collect())?;
        let only_newer = self.partial_effect((0..older).chain([newer]).collect())?;
        let is_dropped = self.is_same(&neither, &only_newer);
        Ok(match (is_dropped, new.is_removal() || new.action() == Action::Trashed) {
            (true, true) => causes::FORGETS_REMOVALS,
            (true, false) if old.action() == Action::Created => causes::DROPS_EARLY_UPDATES,
            (true, false) => causes::OTHER_ORDER,
            (false, _) => causes::LAST_WRITE_WINS,
        })
    }

    /// Finds the first delivery for which it matters that the receiver was killed.
    fn name_killed(
        &mut self,
        trial: &Trial,
        run: &StoryRun,
        cause: RootCause,
        how: &str,
    ) -> Result<StateFinding, StateError> {
        for kill in trial.steps.iter().copied().filter(|step| step.kills()) {
            let position = kill.position();
            let steps: Vec<_> = plan::plain(0..position).into_iter().chain([kill]).collect();
            let right = self.partial_effect((0..=position).collect())?;
            let wrong = self.runner.run(&steps, None)?;
            if !self.is_same(&right, &wrong.effect) {
                let delivery = wrong.story.deliveries[position].clone();
                let (verb, difference) = (self.noise.verb(&right, &wrong.effect), self.difference(&right, &wrong));
                let sentence = format!("{}, {how}, was {verb}: {difference}", describe(&delivery, position));
                return Ok(StateFinding { cause, sentence, requests: vec![delivery.request] });
            }
        }
        let sentence = format!("a delivery {how}: {}", self.difference(&self.plain_effect()?, run));
        Ok(StateFinding { cause, sentence, requests: Vec::new() })
    }

    /// Finds the smallest part of the story that is wrong, and returns how long it is, with its run.
    fn shortest(&mut self, trial: &Trial) -> Result<Option<(usize, StoryRun)>, StateError> {
        let (mut right, mut wrong, mut found) = (0, DELIVERIES, None);
        while wrong - right > 1 || found.is_none() {
            let count = if wrong - right > 1 { usize::midpoint(right, wrong) } else { wrong };
            let part = Trial { steps: plan::prefix(&trial.steps, count), ..*trial };
            let plain = self.partial_effect((0..count).collect())?;
            match self.differs(&part, &plain)? {
                Some(run) => (wrong, found) = (count, Some(run)),
                None if count == wrong => return Ok(None),
                None => right = count,
            }
        }
        Ok(found.map(|run| (wrong, run)))
    }

    /// Returns a run that has not the effect of the plain story, twice.
    fn wrong_run(&mut self, trial: &Trial) -> Result<Option<StoryRun>, StateError> {
        let plain = self.plain_effect()?;
        if self.differs(trial, &plain)?.is_none() {
            return Ok(None);
        }
        // Another plain run may show that something else has changed, the date for example.
        let another = self.runner.run(&plan::plain(0..DELIVERIES), None)?.effect;
        self.noise.learn(&plain, &another);
        self.expect_same(&plain, &another)?;
        self.differs(&Trial { attempts: trial.attempts * 2, steps: trial.steps.clone(), ..*trial }, &plain)
    }

    /// Returns a run that has another effect than this.
    fn differs(&mut self, trial: &Trial, right: &Effect) -> Result<Option<StoryRun>, StateError> {
        let time = self.oracle.as_ref().map(|(time, _)| *time).filter(|_| trial.has_same_times);
        for _ in 0..trial.attempts {
            let run = self.runner.run(&trial.steps, time)?;
            if !self.is_same(right, &run.effect) {
                return Ok(Some(run));
            }
        }
        Ok(None)
    }

    /// Runs the plain story until its effect is known: the first run may make counters, the next two show what is noise.
    fn learn_oracle(&mut self) -> Result<(), StateError> {
        if self.oracle.is_some() {
            return Ok(());
        }
        let story = plan::plain(0..DELIVERIES);
        self.runner.warm_up()?;
        let (start, time) = (Instant::now(), self.runner.next_time);
        let effect = self.runner.run(&story, None)?.effect;
        if effect.is_empty() {
            return Err(StateError::Unchanged);
        }
        thread::sleep(SECOND.saturating_sub(start.elapsed()));
        let another = self.runner.run(&story, None)?.effect;
        self.noise.learn(&effect, &another);
        self.expect_same(&effect, &another)?;
        self.partial.insert((0..DELIVERIES).collect(), effect.clone());
        self.oracle = Some((time, effect));
        Ok(())
    }

    fn expect_same(&self, one: &Effect, other: &Effect) -> Result<(), StateError> {
        if !self.is_same(one, other) {
            return Err(StateError::Unstable(self.noise.difference(one, other)));
        }
        if self.noise.significant(one).is_empty() {
            return Err(StateError::Unstable("nothing in it is the same twice".to_owned()));
        }
        Ok(())
    }

    fn plain_effect(&self) -> Result<Effect, StateError> {
        self.oracle.as_ref().map(|(_, effect)| effect.clone()).ok_or(StateError::Unchanged)
    }

    /// Returns the effect of a plain run with these deliveries.
    fn partial_effect(&mut self, positions: Vec<usize>) -> Result<Effect, StateError> {
        if let Some(effect) = self.partial.get(&positions) {
            return Ok(effect.clone());
        }
        let effect = self.runner.run(&plan::plain(positions.iter().copied()), None)?.effect;
        self.partial.insert(positions, effect.clone());
        Ok(effect)
    }

    /// How the effect of a run differs from the right one, with the names of its site.
    fn difference(&self, right: &Effect, run: &StoryRun) -> String {
        self.runner.text_on(&run.story, &self.noise.difference(right, &run.effect))
    }

    fn is_same(&self, one: &Effect, other: &Effect) -> bool {
        self.noise.significant(one) == self.noise.significant(other)
    }
}

impl Trial {
    /// A run with the same effect every time.
    const fn certain(steps: Vec<Step>) -> Self {
        Self { steps, has_same_times: false, attempts: 1 }
    }
}

/// `page_updated "Plan" (delivery 3)`
fn describe(delivery: &StoryDelivery, position: usize) -> String {
    format!("{} {:?} (delivery {})", delivery.kind.name(), delivery.subject, position + 1)
}
