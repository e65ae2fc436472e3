//! Compares the effects of runs with the effect of the plain story.

use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

use super::super::case_request::CaseRequest;
use super::noise::Noise;
use super::plan::{self, Step};
use super::runner::{Effect, Runner, StoryRun};
use super::site_story::DELIVERIES;
use super::source::StateError;
use super::trial::Trial;

/// The time between two plain runs. Times of receipt with a precision of seconds must differ between them.
const SECOND: Duration = Duration::from_millis(1100);

/// Runs trials on one receiver, and knows the effect of the plain story.
#[derive(Debug)]
pub(super) struct EffectComparison<'a> {
    runner: Runner<'a>,
    noise: Noise,
    /// The time of the plain run, and its effect.
    plain: Option<(i64, Effect)>,
    /// The effects of plain runs with some of the deliveries.
    partial: BTreeMap<Vec<usize>, Effect>,
}

impl<'a> EffectComparison<'a> {
    pub(super) fn new(runner: Runner<'a>) -> Self {
        Self { runner, noise: Noise::default(), plain: None, partial: BTreeMap::new() }
    }

    /// Runs the plain story until its effect is known. The first run may create counters; the next two show what is noise.
    pub(super) fn learn_plain_effect(&mut self) -> Result<(), StateError> {
        if self.plain.is_some() {
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
        self.learn_noise(&effect, &another)?;
        self.partial.insert((0..DELIVERIES).collect(), effect.clone());
        self.plain = Some((time, effect));
        Ok(())
    }

    /// Learns what differs between two runs of the plain story. What is left must be the same.
    fn learn_noise(&mut self, one: &Effect, other: &Effect) -> Result<(), StateError> {
        self.noise.learn(one, other);
        if !self.is_same(one, other) {
            return Err(StateError::Unstable(self.noise.difference(one, other)));
        }
        if self.noise.significant(one).is_empty() {
            return Err(StateError::Unstable("nothing in it is the same twice".to_owned()));
        }
        Ok(())
    }

    /// Returns the effect of the plain story.
    pub(super) fn plain_effect(&self) -> Result<Effect, StateError> {
        self.plain.as_ref().map(|(_, effect)| effect.clone()).ok_or(StateError::Unchanged)
    }

    /// Returns the effect of a plain run with the deliveries at these positions.
    pub(super) fn partial_effect(&mut self, positions: Vec<usize>) -> Result<Effect, StateError> {
        if let Some(effect) = self.partial.get(&positions) {
            return Ok(effect.clone());
        }
        let effect = self.run(&plan::plain(positions.iter().copied()))?.effect;
        self.partial.insert(positions, effect.clone());
        Ok(effect)
    }

    /// Runs these steps on a new site.
    pub(super) fn run(&mut self, steps: &[Step]) -> Result<StoryRun, StateError> {
        self.runner.run(steps, None)
    }

    /// Returns a run that does not have the effect of the plain story, twice.
    pub(super) fn wrong_run(&mut self, trial: &Trial) -> Result<Option<StoryRun>, StateError> {
        let plain = self.plain_effect()?;
        if self.differing_run(trial, &plain)?.is_none() {
            return Ok(None);
        }
        // Another plain run may show that something else changed, such as the date.
        let another = self.run(&plan::plain(0..DELIVERIES))?.effect;
        self.learn_noise(&plain, &another)?;
        self.differing_run(&trial.clone().with_attempts(trial.attempts * 2), &plain)
    }

    /// Returns a run that does not have this effect.
    pub(super) fn differing_run(&mut self, trial: &Trial, right: &Effect) -> Result<Option<StoryRun>, StateError> {
        let time = self.plain.as_ref().map(|(time, _)| *time).filter(|_| trial.has_same_times);
        for _ in 0..trial.attempts {
            let run = self.runner.run(&trial.steps, time)?;
            if !self.is_same(right, &run.effect) {
                return Ok(Some(run));
            }
        }
        Ok(None)
    }

    pub(super) fn is_same(&self, one: &Effect, other: &Effect) -> bool {
        self.noise.significant(one) == self.noise.significant(other)
    }

    /// Returns how the effect of a run differs from the right one, with the names of the run's site.
    pub(super) fn difference(&self, right: &Effect, run: &StoryRun) -> String {
        self.runner.text_on(&run.story, &self.noise.difference(right, &run.effect))
    }

    /// Returns whether a delivery was applied twice or lost.
    pub(super) fn verb(&self, right: &Effect, run: &StoryRun) -> &'static str {
        self.noise.verb(right, &run.effect)
    }

    /// Returns the same delivery as the sender repeats it.
    pub(super) fn again(&self, request: &CaseRequest) -> CaseRequest {
        self.runner.again(request)
    }
}
