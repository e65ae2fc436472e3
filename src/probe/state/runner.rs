//! Sends stories, and finds out what they change.

use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use crate::client::endpoint::Endpoint;
use crate::client::error::SendError;
use crate::client::tls::Trust;

use super::super::case_request::{CaseRequest, ResponseResult};
use super::super::prober::Prober;
use super::changes::{StateChange, changes};
use super::plan::{self, Step};
use super::process::ReceiverProcess;
use super::site_story::{DELIVERIES, SiteStory};
use super::source::{StateError, StateSource};

/// How often a delivery without a 2xx is sent again, as Confluence does.
const RETRIES: u32 = 4;
/// The pause before the first retry. It doubles before each further one.
const RETRY_PAUSE: Duration = Duration::from_millis(30);
/// The time between the stories of two runs.
const BETWEEN_STORIES: i64 = 12 * 3_600_000;
/// The times of a run begin at most this long ago: 400 days.
const OLDEST: i64 = 400 * 86_400_000;
/// 2026-01-15T09:30:00Z, the time of the story on the first site.
const FIRST_TIME: i64 = 1_768_469_400_000;

/// The effect of a run on the state, with the names of the first site.
pub(super) type Effect = Vec<StateChange>;

/// What was sent, and what it changed.
#[derive(Debug)]
pub(super) struct StoryRun {
    pub(super) effect: Effect,
    pub(super) story: SiteStory,
}

/// Sends stories to one receiver, each about another site.
#[derive(Debug)]
pub(super) struct Runner<'a> {
    prober: &'a Prober,
    source: StateSource,
    process: Option<&'a dyn ReceiverProcess>,
    /// Clients with the timeouts of [`plan::PATIENCE`].
    impatient: Vec<(Duration, Endpoint)>,
    /// The number of the next site.
    next_site: u32,
    /// When the next story begins.
    pub(super) next_time: i64,
    /// The site with the names that all effects have. Nothing is sent about it.
    first_site: SiteStory,
    /// The usual time of a response.
    usual_time: Duration,
}

impl<'a> Runner<'a> {
    pub(super) fn new(
        prober: &'a Prober,
        source: StateSource,
        process: Option<&'a dyn ReceiverProcess>,
        trust: &Trust,
    ) -> Result<Self, SendError> {
        // Ids and times that no earlier probe sent: the receiver may know those.
        let first = rand::random::<u32>() >> 5;
        let url = prober.context().valid().url;
        let impatient = |time| Ok((time, Endpoint::new(&url, time, trust)?));
        Ok(Self {
            prober,
            source,
            process,
            impatient: plan::PATIENCE.into_iter().map(impatient).collect::<Result<_, SendError>>()?,
            next_site: first + 1,
            next_time: now_in_milliseconds() - OLDEST + i64::from(rand::random::<u32>() >> 6),
            first_site: SiteStory::new(prober.context(), first, FIRST_TIME),
            usual_time: Duration::ZERO,
        })
    }

    /// Sends the plain story for the first time: the receiver must accept it. The first run may create counters, so its effect
    /// does not count. It also measures how long a response takes.
    pub(super) fn warm_up(&mut self) -> Result<(), StateError> {
        let story = SiteStory::new(self.prober.context(), self.next_site, self.next_time);
        self.next_site += 1;
        self.next_time += BETWEEN_STORIES;
        let start = Instant::now();
        let results: Vec<_> = story.deliveries.iter().map(|delivery| self.send(&delivery.request)).collect();
        self.usual_time = start.elapsed() / u32::try_from(DELIVERIES).unwrap_or(u32::MAX);
        if let Some(Err(reason)) = results.first()
            && results.iter().all(Result::is_err)
        {
            return Err(StateError::Refused(reason.clone()));
        }
        self.source.expect_settled()
    }

    /// Runs these steps on a new site.
    pub(super) fn run(&mut self, steps: &[Step], time: Option<i64>) -> Result<StoryRun, StateError> {
        let story = SiteStory::new(self.prober.context(), self.next_site, time.unwrap_or(self.next_time));
        self.next_site += 1;
        self.next_time += BETWEEN_STORIES;
        let before = self.source.read()?;
        self.send_all(&story, steps)?;
        let after = self.source.read_settled()?;
        let effect = story.names_on(&self.first_site).rename(changes(&before, &after));
        Ok(StoryRun { effect, story })
    }

    /// Returns the text with the names of a site in place of those of the first site.
    pub(super) fn text_on(&self, story: &SiteStory, text: &str) -> String {
        self.first_site.names_on(story).text(text)
    }

    /// Returns the same delivery as the sender repeats it.
    pub(super) fn again(&self, request: &CaseRequest) -> CaseRequest {
        self.prober.context().again(request)
    }

    /// Sends deliveries as a sender does: a delivery without a 2xx is sent again later.
    fn send_all(&self, story: &SiteStory, steps: &[Step]) -> Result<(), StateError> {
        let mut refused = Vec::new();
        for step in steps {
            let request = &story.deliveries[step.position()].request;
            if self.take_step(*step, request)?.is_err() {
                refused.push(request);
            }
        }
        for number in 0..RETRIES {
            if refused.is_empty() {
                break;
            }
            thread::sleep(RETRY_PAUSE * 2_u32.pow(number));
            refused.retain(|request| self.send(request).is_err());
        }
        Ok(())
    }

    /// Returns why the delivery was not accepted.
    fn take_step(&self, step: Step, request: &CaseRequest) -> Result<Result<(), String>, StateError> {
        Ok(match step {
            Step::Deliver(_) => self.send(request),
            Step::AtOnce(_) => self.send_at_once(request),
            Step::Retry(_, patience) => {
                if let Some((_, endpoint)) = self.impatient.iter().find(|(time, _)| *time == patience) {
                    // The result does not matter: the sender did not see a response.
                    let _ = endpoint.send(&request.url, &request.delivery);
                }
                self.send(&self.prober.context().again(request))
            }
            Step::RetryAfter(_) => self.send(request).and(self.send(&self.prober.context().again(request))),
            Step::KillAfter(_) | Step::KillAfterAndRepeat(_) => {
                let sent = self.send(request);
                if sent.is_err() {
                    return Ok(sent);
                }
                self.restart()?;
                if matches!(step, Step::KillAfter(_)) { Ok(()) } else { self.send(request) }
            }
            Step::KillDuring(_, part) => {
                thread::scope(|scope| {
                    let sending = scope.spawn(|| self.send(request));
                    thread::sleep(self.usual_time.mul_f64(part));
                    let killed = self.process.map_or(Ok(()), ReceiverProcess::kill);
                    let _ = sending.join();
                    killed
                })
                .map_err(StateError::Restart)?;
                self.process.map_or(Ok(()), ReceiverProcess::start).map_err(StateError::Restart)?;
                self.send(request)
            }
        })
    }

    fn send_at_once(&self, request: &CaseRequest) -> Result<(), String> {
        let barrier = Barrier::new(2);
        let send = || {
            barrier.wait();
            self.send(request)
        };
        thread::scope(|scope| {
            let other = scope.spawn(send);
            let own = send();
            let other = other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            own.and(other)
        })
    }

    fn restart(&self) -> Result<(), StateError> {
        let Some(process) = self.process else { return Ok(()) };
        process.kill().and_then(|()| process.start()).map_err(StateError::Restart)
    }

    fn send(&self, request: &CaseRequest) -> Result<(), String> {
        accepted(&self.prober.send(request))
    }
}

fn accepted(result: &ResponseResult) -> Result<(), String> {
    match result {
        Ok(response) if response.is_success() => Ok(()),
        Ok(response) => Err(response.status.to_string()),
        Err(error) => Err(error.to_string()),
    }
}

fn now_in_milliseconds() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
