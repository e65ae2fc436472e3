//! Runs the state cases.

use std::collections::BTreeMap;

use crate::auth::cases::RootCause;
use crate::client::error::SendError;
use crate::client::tls::Trust;

use super::super::case_result::{CaseResult, ReceivedResponses};
use super::super::cases::Case;
use super::super::prober::Prober;
use super::super::state_cases::StateCase;
use super::bisection::Bisection;
use super::causes;
use super::effect_comparison::EffectComparison;
use super::finding::StateFinding;
use super::plan::{self, Step};
use super::process::ReceiverProcess;
use super::runner::{Runner, StoryRun};
use super::site_story::DELIVERIES;
use super::source::{StateError, StateSource};
use super::trial::Trial;

/// How often the receiver is killed in a story.
const KILLS: usize = 12;

/// Runs the state cases.
#[derive(Debug)]
pub struct StateProber<'a> {
    prober: &'a Prober,
    comparison: EffectComparison<'a>,
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
        let comparison = EffectComparison::new(Runner::new(prober, source, process, trust)?);
        Ok(Self { prober, comparison, findings: BTreeMap::new() })
    }

    /// Runs one case.
    ///
    /// # Errors
    /// Returns an error if states cannot be compared.
    pub fn run(&mut self, case: Case) -> Result<CaseResult, StateError> {
        let Some(state_case) = case.state_case() else { return Ok(self.prober.run(case)) };
        if let Some(finding) = self.finding(state_case)? {
            return Ok(finding.result(case));
        }
        let summary = format!("{DELIVERIES} deliveries: same state as the plain story");
        let received = ReceivedResponses { summary, ..ReceivedResponses::default() };
        Ok(CaseResult::from_parts(case, received, None, Vec::new()))
    }

    /// Returns the root causes of the wrong states.
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
        self.comparison.learn_plain_effect()?;
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
        let Some(wrong) = self.comparison.wrong_run(&trial)? else { return Ok(None) };
        self.bisect(&trial, &wrong).first_wrong(causes::APPLIES_TWICE, "sent twice").map(Some)
    }

    fn find_retry(&mut self) -> Result<Option<StateFinding>, StateError> {
        let trial = Trial::certain(plan::retried(DELIVERIES)).with_attempts(2);
        let Some(wrong) = self.comparison.wrong_run(&trial)? else { return Ok(None) };
        let cause = match self.finding(StateCase::Duplicate)? {
            Some(duplicate) => duplicate.cause,
            None if self.comparison.wrong_run(&Trial::certain(plan::retried_after(DELIVERIES)))?.is_some() => {
                causes::RETRY_IS_NEW
            }
            // The state is wrong only if the retry arrives while the receiver processes the first attempt.
            None => causes::RACES,
        };
        self.bisect(&trial, &wrong).first_wrong(cause, "retried before there was a response").map(Some)
    }

    fn find_concurrent(&mut self) -> Result<Option<StateFinding>, StateError> {
        let trial = Trial::certain(plan::at_once(DELIVERIES)).with_attempts(3);
        if let Some(wrong) = self.comparison.wrong_run(&trial)? {
            let cause = match self.finding(StateCase::Duplicate)? {
                Some(duplicate) => duplicate.cause,
                None => causes::RACES,
            };
            return self
                .bisect(&trial, &wrong)
                .first_wrong(cause, "sent on two connections at the same time")
                .map(Some);
        }
        let trial = Trial { has_same_times: true, ..Trial::certain(plan::plain(0..DELIVERIES)) };
        let Some(wrong) = self.comparison.wrong_run(&trial)? else { return Ok(None) };
        self.bisect(&trial, &wrong)
            .first_wrong(causes::DROPS_SAME_TIME, "sent with the timestamp of an event on another site")
            .map(Some)
    }

    fn find_reordered(&mut self) -> Result<Option<StateFinding>, StateError> {
        let backwards = plan::backwards(DELIVERIES);
        for steps in [backwards.clone(), plan::shuffled(backwards)] {
            let trial = Trial::certain(steps);
            if let Some(wrong) = self.comparison.wrong_run(&trial)? {
                return self.bisect(&trial, &wrong).first_overtaken().map(Some);
            }
        }
        Ok(None)
    }

    fn find_in_story(&mut self) -> Result<Option<StateFinding>, StateError> {
        let twice = plan::twice(DELIVERIES);
        for steps in [twice.clone(), plan::shuffled(twice)] {
            let trial = Trial::certain(steps);
            let Some(wrong) = self.comparison.wrong_run(&trial)? else { continue };
            for simpler in [StateCase::Duplicate, StateCase::Reordered] {
                if let Some(StateFinding { cause, .. }) = self.finding(simpler)? {
                    let sentence = self.comparison.difference(&self.comparison.plain_effect()?, &wrong);
                    return Ok(Some(StateFinding::new(cause, sentence)));
                }
            }
            let finding =
                self.bisect(&trial, &wrong).first_wrong(causes::FORGETS_DELIVERIES, "sent again after others");
            return finding.map(Some);
        }
        Ok(None)
    }

    /// Kills the receiver after a 2xx, then also repeats the delivery, and last kills the receiver during the work.
    fn find_crash(&mut self) -> Result<Option<StateFinding>, StateError> {
        let after = plan::with_kills(DELIVERIES, KILLS, |at, _| Step::KillAfter(at));
        let repeated = plan::with_kills(DELIVERIES, KILLS, |at, _| Step::KillAfterAndRepeat(at));
        let count = f64::from(u32::try_from(KILLS).unwrap_or(u32::MAX));
        let part = |index: usize| f64::from(u32::try_from(index).unwrap_or(u32::MAX)) / count;
        let during = plan::with_kills(DELIVERIES, KILLS, |at, index| Step::KillDuring(at, part(index)));
        let trials = [
            (after, causes::ACKNOWLEDGES_FIRST, "acknowledged just before the receiver was killed"),
            (repeated, causes::REMEMBERS_IN_MEMORY, "acknowledged just before the receiver was killed, and sent again"),
            (during, causes::APPLIES_PARTS, "sent again after the receiver was killed while processing it"),
        ];
        for (steps, cause, how) in trials {
            let trial = Trial::certain(steps).with_attempts(2);
            let Some(wrong) = self.comparison.wrong_run(&trial)? else { continue };
            let cause = match self.finding(StateCase::Duplicate)? {
                Some(duplicate) if cause != causes::ACKNOWLEDGES_FIRST => duplicate.cause,
                _ => cause,
            };
            return self.bisect(&trial, &wrong).first_killed(cause, how).map(Some);
        }
        Ok(None)
    }

    /// Returns what finds the delivery because of which a run of a trial is wrong.
    const fn bisect<'b>(&'b mut self, trial: &'b Trial, run: &'b StoryRun) -> Bisection<'b, 'a> {
        Bisection { comparison: &mut self.comparison, trial, run }
    }
}
