//! Many requests to one host: concurrently, at a rate, for a time. Connections are reused.
//!
//! This uses hyper directly for speed: a loop over hyper reaches about 0.9 times the rate of `oha`, a loop over reqwest
//! about 0.6 times.

use std::borrow::Cow;
use std::cell::RefCell;
use std::io;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use futures_util::stream::{FuturesUnordered, StreamExt};
use tokio::sync::Semaphore;

use crate::models::request::{Headers, Request};
use crate::models::response::Response;
use crate::models::retry::Retry;
use crate::models::status_pattern::ExpectedStatuses;

use super::breaker::CircuitBreaker;
use super::connection::{Connection, Connector};
use super::endpoint::MAX_BODY;
use super::error::SendError;
use super::interrupt::Interrupt;
use super::load_stats::LoadStats;
use super::retry::{RetryPolicy, failure_kind};
use super::tls::Trust;
use super::url::{self, Url};

/// How long to wait after the first response on a connection for another response without a request. A load with a rate
/// has pauses anyway.
const SETTLE: Duration = Duration::from_millis(25);
/// The longest sleep of the pacing thread, so that it detects the end of the load.
const PACE_STEP: Duration = Duration::from_millis(50);

/// How a load is sent.
#[derive(Debug)]
pub struct Load {
    /// The number of concurrent requests, each on its own connection.
    pub concurrency: usize,
    /// The number of requests to start per second, even if earlier requests are still open. Without a rate, a request starts
    /// when the previous one on its connection has ended.
    pub rate: Option<f64>,
    /// The time after which no request starts.
    pub duration: Option<Duration>,
    /// The timeout for a whole response.
    pub timeout: Duration,
    /// The expected statuses.
    pub expected: ExpectedStatuses,
    /// Whether the headers of expected responses are needed. Reading them takes time.
    pub keeps_successes: bool,
    /// Which requests are retried.
    pub retries: RetryPolicy,
    /// Skips requests after failures. Times count from the start of the load.
    pub breaker: Option<CircuitBreaker>,
}

/// A request that is ready to be sent.
#[derive(Debug)]
pub struct PreparedRequest {
    /// The URL. All requests of a load go to one host.
    pub url: Arc<Url>,
    /// The URL to show, without credentials that the scheme added.
    pub shown_url: Arc<Url>,
    /// The request.
    pub request: Request,
    /// The source of the body: the name of an event, a file, or a line of a file.
    pub source: Cow<'static, str>,
    /// The name of the event.
    pub event: Option<&'static str>,
    /// Whether this is a connection test, which a circuit breaker neither skips nor counts.
    pub is_ping: bool,
    /// The request before credentials, from which retries are made.
    pub draft: Option<RequestDraft>,
}

/// A request before credentials, faults and the headers of the command line were added.
#[derive(Clone, Debug)]
pub struct RequestDraft {
    /// The request.
    pub request: Request,
    /// Whether credentials are added. A capture has its own.
    pub is_signed: bool,
}

/// A request that was sent, and its outcome.
#[derive(Debug)]
pub struct SentRequest<'a> {
    /// The request.
    pub prepared: &'a PreparedRequest,
    /// The number of attempts; 0 if the request was skipped.
    pub attempts: u32,
    /// The last response.
    pub result: Result<Response, SendError>,
    /// The time from the start of the request, or with a rate from its scheduled time, to the end of the last response.
    pub latency: Duration,
    /// The expected statuses.
    pub expected: &'a ExpectedStatuses,
}

impl<'a> SentRequest<'a> {
    /// Returns a request that the circuit breaker skipped.
    pub const fn skipped(prepared: &'a PreparedRequest, error: SendError, expected: &'a ExpectedStatuses) -> Self {
        Self { prepared, attempts: 0, result: Err(error), latency: Duration::ZERO, expected }
    }

    /// Returns the last response to show, without credentials that the scheme added to the URL.
    pub fn shown_response(&self) -> Option<Cow<'_, Response>> {
        let (response, PreparedRequest { url, shown_url, .. }) = (self.result.as_ref().ok()?, self.prepared);
        if Arc::ptr_eq(url, shown_url) {
            return Some(Cow::Borrowed(response));
        }
        Some(Cow::Owned(response.clone().redacted(&url::target(url), &url::target(shown_url))))
    }

    /// Returns whether the last response has an expected status.
    pub fn is_expected(&self) -> bool {
        matches!(&self.result, Ok(response) if self.expected.includes(response.status))
    }

    /// Returns whether the last response is a 2xx, which senders count as delivered.
    pub fn is_success(&self) -> bool {
        matches!(&self.result, Ok(response) if response.is_success())
    }
}

/// The state of a running load. All threads share it.
struct LoadRun<'a, J> {
    load: &'a Load,
    connector: Connector,
    jobs: Mutex<&'a mut (dyn Iterator<Item = J> + Send)>,
    prepare: &'a (dyn Fn(J) -> Option<PreparedRequest> + Sync),
    retry: &'a (dyn Fn(&PreparedRequest, Retry) -> Request + Sync),
    observe: &'a (dyn Fn(&SentRequest<'_>) -> bool + Sync),
    start: Instant,
    /// With a rate, has a permit for each request that is due. It is closed when the load ends.
    due: Semaphore,
    started: AtomicU64,
    /// Ends the load without waiting for retries.
    interrupt: &'a Interrupt,
}

impl Load {
    /// Sends all `jobs` to the host of `url`. Returns the counts and the elapsed time.
    ///
    /// `prepare` makes and signs the request of a job, or reports why it cannot. `retry` makes the request of a retry.
    /// `observe` gets each outcome and returns whether to continue. All of them are called from several threads.
    ///
    /// `interrupt` ends the load: no more requests start, and open requests may continue for half a second.
    ///
    /// # Errors
    /// Returns an error if the system provides no threads or timers, or TLS cannot be set up.
    pub fn run<J>(
        &self,
        (url, trust): (&Url, &Trust),
        mut jobs: impl Iterator<Item = J> + Send,
        prepare: impl Fn(J) -> Option<PreparedRequest> + Sync,
        retry: impl Fn(&PreparedRequest, Retry) -> Request + Sync,
        observe: impl Fn(&SentRequest<'_>) -> bool + Sync,
        interrupt: &Interrupt,
    ) -> Result<(LoadStats, Duration), SendError> {
        let run = LoadRun {
            load: self,
            connector: Connector::new(url, trust)?,
            jobs: Mutex::new(&mut jobs),
            prepare: &prepare,
            retry: &retry,
            observe: &observe,
            start: Instant::now(),
            due: Semaphore::new(0),
            started: AtomicU64::new(0),
            interrupt,
        };
        let stats = thread::scope(|scope| {
            let run = &run;
            let count = thread::available_parallelism().map_or(1, usize::from).min(self.concurrency);
            let spawn = |thread: usize| {
                let workers = (self.concurrency - thread).div_ceil(count);
                scope.spawn(move || run.run_workers(workers))
            };
            let threads: Vec<_> = (0..count).map(spawn).collect();
            if let Some(rate) = self.rate {
                scope.spawn(move || run.pace(rate));
            }
            let total = threads.into_iter().try_fold(LoadStats::default(), |total, thread| {
                let stats = thread.join().unwrap_or_else(|panic| {
                    // The other threads would continue, and the scope would wait for them.
                    run.interrupt.trigger();
                    std::panic::resume_unwind(panic)
                });
                Ok(total.merge(&stats?))
            });
            run.end();
            total
        });
        let finish = |mut stats: LoadStats| {
            stats.has_extra_responses = run.connector.sends_unasked();
            (stats, run.start.elapsed())
        };
        stats.map(finish).map_err(|error: io::Error| SendError::Other(error.to_string()))
    }
}

impl<J> LoadRun<'_, J> {
    /// Starts no more requests, and wakes the workers that wait to start one.
    fn end(&self) {
        self.due.close();
    }

    fn is_over(&self) -> bool {
        self.due.is_closed()
            || self.interrupt.is_triggered()
            || self.load.duration.is_some_and(|time| self.start.elapsed() >= time)
    }

    /// Adds a permit whenever a request is due. A thread sleeps with a precision of a tenth of a millisecond, the timers of
    /// the runtime only with one of a millisecond.
    fn pace(&self, rate: f64) {
        let mut permits = 0;
        while !self.is_over() {
            let wait = self.due_at(permits, rate).saturating_duration_since(Instant::now());
            thread::sleep(wait.min(PACE_STEP));
            if wait <= PACE_STEP {
                self.due.add_permits(1);
                permits += 1;
            }
        }
        self.end();
    }

    #[allow(clippy::cast_precision_loss, reason = "nobody sends 2^53 requests")]
    fn due_at(&self, number: u64, rate: f64) -> Instant {
        self.start + Duration::from_secs_f64(number as f64 / rate)
    }

    /// Runs the workers of one thread. They never move to another thread, which makes this fast.
    fn run_workers(&self, count: usize) -> io::Result<LoadStats> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let stats = RefCell::new(LoadStats::default());
        runtime.block_on(async {
            let workers: FuturesUnordered<_> = (0..count).map(|_| self.work(&stats)).collect();
            workers.collect::<()>().await;
        });
        Ok(stats.into_inner())
    }

    /// Sends one request after another on one connection.
    async fn work(&self, stats: &RefCell<LoadStats>) {
        let mut connection = None;
        let mut is_settled = self.load.rate.is_some();
        while let Some(due) = self.next_start().await {
            // A panic of another worker is not lost: joining its thread raises it.
            let job = self.jobs.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some(job) = job else { return self.end() };
            let Some(prepared) = (self.prepare)(job) else { continue };
            let start = due.unwrap_or_else(Instant::now);
            let breaker = self.load.breaker.as_ref().filter(|_| !prepared.is_ping);
            if let Some(Err(skipped)) = breaker.map(|breaker| breaker.check(self.start.elapsed())) {
                if !self.report(stats, &SentRequest::skipped(&prepared, skipped, &self.load.expected)) {
                    return self.interrupt.trigger();
                }
                // Without a rate, this worker would block the others on its thread.
                tokio::task::yield_now().await;
                continue;
            }
            let mut attempts = 1;
            let mut result = self.attempt(&mut connection, &prepared.url, &prepared.request).await;
            while let Some(pause) = self.load.retries.pause(attempts, &result, &self.load.expected) {
                if !self.interrupt.pause(pause).await {
                    break;
                }
                let request = (self.retry)(&prepared, Retry { number: attempts, failure: failure_kind(&result) });
                result = self.attempt(&mut connection, &prepared.url, &request).await;
                attempts += 1;
            }
            let expected = &self.load.expected;
            let sent = SentRequest { prepared: &prepared, attempts, result, latency: start.elapsed(), expected };
            if let Some(breaker) = breaker {
                breaker.record(sent.is_success(), self.start.elapsed());
            }
            if !self.report(stats, &sent) {
                return self.interrupt.trigger();
            }
            if !is_settled && connection.is_some() {
                self.interrupt.pause(SETTLE).await;
                is_settled = true;
            }
        }
    }

    /// Counts an outcome, and returns whether to continue.
    fn report(&self, stats: &RefCell<LoadStats>, sent: &SentRequest<'_>) -> bool {
        stats.borrow_mut().count(&sent.result, sent.is_expected(), sent.latency);
        (self.observe)(sent)
    }

    /// Waits until another request may start. With a rate, returns its scheduled time. Returns `None` at the end of the load.
    async fn next_start(&self) -> Option<Option<Instant>> {
        let Some(rate) = self.load.rate else { return (!self.is_over()).then_some(None) };
        self.due.acquire().await.ok()?.forget();
        Some(Some(self.due_at(self.started.fetch_add(1, Ordering::Relaxed), rate)))
    }

    async fn attempt(
        &self,
        connection: &mut Option<Connection>,
        url: &Url,
        request: &Request,
    ) -> Result<Response, SendError> {
        let target = url::target(url);
        let exchange = pin!(self.connector.exchange(connection, &target, request, self.load.timeout, MAX_BODY));
        let received = tokio::select! {
            biased;
            received = exchange => received?,
            () = self.interrupt.end_of_grace() => return Err(SendError::Interrupted),
        };
        let status = received.head.status;
        if self.load.expected.includes(status.as_u16()) && !self.load.keeps_successes {
            return Ok(Response::new(status.as_u16(), Headers::new(), received.body));
        }
        Ok(received.into())
    }
}
