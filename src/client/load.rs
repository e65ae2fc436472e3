//! Many deliveries to one endpoint: so many at once, at a rate, for a time. Connections are kept and used again.
//!
//! It stands on hyper itself, which lies beneath the single deliveries too: a bare loop over it reaches about 0.9 times
//! the rate of `oha`, one over reqwest about 0.6.

use std::cell::RefCell;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use futures_util::stream::{FuturesUnordered, StreamExt};
use tokio::sync::Semaphore;

use crate::models::request::Request;
use crate::models::response::Response;

use super::connection::Connector;
use super::endpoint::SendError;
use super::load_stats::LoadStats;
use super::retry::{self, RetryPolicy};
use super::tls::Trust;
use super::url::Url;

/// How a load is to be sent.
#[derive(Clone, Debug)]
pub struct Load {
    /// So many deliveries at once, each on a connection of its own.
    pub concurrency: usize,
    /// So many begin in a second, whatever becomes of those before; without it, each begins when the one before it on
    /// its connection has ended.
    pub rate: Option<f64>,
    /// After so long none begins any more.
    pub duration: Option<Duration>,
    /// Every answer must be whole within this time.
    pub timeout: Duration,
    /// What is sent again.
    pub retries: RetryPolicy,
}

/// A delivery on its way, with what its sender wants to remember of it.
#[derive(Debug)]
pub struct Parcel<T> {
    /// Where it goes. All parcels of a load go to one host.
    pub url: Arc<Url>,
    /// What goes.
    pub delivery: Request,
    /// What its sender wants to remember.
    pub tag: T,
}

/// What came of one parcel.
#[derive(Debug)]
pub struct Delivered<'a, T> {
    /// The parcel.
    pub parcel: &'a Parcel<T>,
    /// How often it was sent, from 1.
    pub attempts: u32,
    /// The last answer.
    pub result: Result<Response, SendError>,
    /// From the time it was due, or began where there is no rate, to the end of the last answer.
    pub latency: Duration,
}

/// The three things that a load is made of; they are called from several threads.
pub struct Work<N, P, O> {
    /// The next job, in order, until there is none.
    pub next: N,
    /// Makes a parcel of a job, signed; `None` where it cannot be sent, which the maker has told somebody.
    pub pack: P,
    /// Looks at what came of a parcel, and says whether to go on.
    pub observe: O,
}

/// What all workers share.
struct Floor<'a, N, P, O> {
    load: &'a Load,
    connector: Connector,
    next: Mutex<N>,
    pack: &'a P,
    observe: &'a O,
    begin: Instant,
    /// With a rate: permits to begin, given out at their time.
    due: Semaphore,
    /// Without a permit ever: it closes when the load is given up, and nobody waits to send again any more.
    given_up: Semaphore,
    taken: AtomicU64,
    ended: AtomicBool,
}

impl Load {
    /// Sends everything there is to the host of `url`, and returns what came of it and how long it took.
    ///
    /// SIGINT ends the taking of new jobs and the sending again: what is in hand is finished, and the counts are told.
    ///
    /// # Errors
    /// When the system gives no threads or timers, or TLS cannot be prepared.
    pub fn run<J, T, N, P, O>(
        &self,
        url: &Url,
        trust: &Trust,
        work: Work<N, P, O>,
    ) -> Result<(LoadStats, Duration), SendError>
    where
        N: FnMut() -> Option<J> + Send,
        P: Fn(J) -> Option<Parcel<T>> + Sync,
        O: Fn(&Delivered<'_, T>) -> bool + Sync,
    {
        let floor = Floor {
            load: self,
            connector: Connector::new(url, trust)?,
            next: Mutex::new(work.next),
            pack: &work.pack,
            observe: &work.observe,
            begin: Instant::now(),
            due: Semaphore::new(0),
            given_up: Semaphore::new(0),
            taken: AtomicU64::new(0),
            ended: AtomicBool::new(false),
        };
        let threads = thread::available_parallelism().map_or(1, usize::from).min(self.concurrency);
        let stats = thread::scope(|scope| {
            let share = |index: usize| self.concurrency / threads + usize::from(index < self.concurrency % threads);
            let floor = &floor;
            let crews: Vec<_> =
                (0..threads).map(|index| scope.spawn(move || floor.crew(share(index), index == 0))).collect();
            if let Some(rate) = self.rate {
                scope.spawn(move || floor.pace(rate));
            }
            let mut total = Ok(LoadStats::default());
            for crew in crews {
                let ended = crew.join().unwrap_or_else(|panic| {
                    // The others would go on, and this would wait for them.
                    floor.give_up();
                    std::panic::resume_unwind(panic)
                });
                match (ended, &mut total) {
                    (Ok(stats), Ok(total)) => total.add(&stats),
                    (Err(error), total) => *total = Err(error),
                    (Ok(_), Err(_)) => {}
                }
            }
            floor.end();
            total
        });
        stats.map(|stats| (stats, floor.begin.elapsed())).map_err(|error| SendError::Other(error.to_string()))
    }
}

impl<N, P, O> Floor<'_, N, P, O> {
    /// Takes no more jobs, and wakes who waits for a time to begin.
    fn end(&self) {
        self.ended.store(true, Ordering::Relaxed);
        self.due.close();
    }

    /// The same, and what failed is not sent again.
    fn give_up(&self) {
        self.end();
        self.given_up.close();
    }

    fn is_over(&self) -> bool {
        self.ended.load(Ordering::Relaxed) || self.load.duration.is_some_and(|time| self.begin.elapsed() >= time)
    }

    /// Gives a permit whenever a delivery is due. A thread's sleep is good to a tenth of a millisecond, where the timers
    /// of the runtime go by whole ones.
    fn pace(&self, rate: f64) {
        let mut given = 0_u64;
        while !self.is_over() {
            let due = self.due_at(given, rate);
            let now = Instant::now();
            if let Some(wait) = due.checked_duration_since(now) {
                // Not past the end of the load, or of the interrupt that ends it.
                thread::sleep(wait.min(Duration::from_millis(50)));
                if wait > Duration::from_millis(50) {
                    continue;
                }
            }
            self.due.add_permits(1);
            given += 1;
        }
        self.end();
    }

    #[allow(clippy::cast_precision_loss, reason = "2^53 deliveries are more than anybody sends")]
    fn due_at(&self, number: u64, rate: f64) -> Instant {
        self.begin + Duration::from_secs_f64(number as f64 / rate)
    }
}

impl<J, T, N, P, O> Floor<'_, N, P, O>
where
    N: FnMut() -> Option<J> + Send,
    P: Fn(J) -> Option<Parcel<T>> + Sync,
    O: Fn(&Delivered<'_, T>) -> bool + Sync,
{
    /// One thread's share of the workers. Workers never move between threads, which is what makes this fast.
    fn crew(&self, workers: usize, heeds_signals: bool) -> io::Result<LoadStats> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let stats = RefCell::new(LoadStats::default());
        runtime.block_on(async {
            let mut workers: FuturesUnordered<_> = (0..workers).map(|_| self.work(&stats)).collect();
            let everything = async { while workers.next().await.is_some() {} };
            tokio::pin!(everything);
            loop {
                tokio::select! {
                    () = &mut everything => break,
                    Ok(()) = tokio::signal::ctrl_c(), if heeds_signals && !self.given_up.is_closed() => self.give_up(),
                }
            }
        });
        Ok(stats.into_inner())
    }

    /// Sends one delivery after another on one connection.
    async fn work(&self, stats: &RefCell<LoadStats>) {
        let mut connection = None;
        while let Some(begin) = self.turn().await {
            // A panic of another worker is not lost: it is raised when its thread is joined.
            let job = (self.next.lock().unwrap_or_else(PoisonError::into_inner))();
            let Some(job) = job else { return self.end() };
            let Some(parcel) = (self.pack)(job) else { continue };
            let begin = begin.unwrap_or_else(Instant::now);
            let mut retries = 0;
            let mut result = self.attempt(&mut connection, &parcel.url, &parcel.delivery).await;
            while let Some(pause) = self.load.retries.pause(retries, &result) {
                // Waits for what never comes, unless the load is given up.
                if tokio::time::timeout(pause, self.given_up.acquire()).await.is_ok() {
                    break;
                }
                retries += 1;
                let delivery = retry::again(&parcel.delivery, retries);
                result = self.attempt(&mut connection, &parcel.url, &delivery).await;
            }
            let latency = begin.elapsed();
            stats.borrow_mut().count(&result, latency);
            if !(self.observe)(&Delivered { parcel: &parcel, attempts: retries + 1, result, latency }) {
                return self.give_up();
            }
        }
    }

    /// Waits until another delivery may begin: the time it was due at, where there is a rate. `None` is the end.
    async fn turn(&self) -> Option<Option<Instant>> {
        let Some(rate) = self.load.rate else { return (!self.is_over()).then_some(None) };
        self.due.acquire().await.ok()?.forget();
        Some(Some(self.due_at(self.taken.fetch_add(1, Ordering::Relaxed), rate)))
    }

    async fn attempt(
        &self,
        connection: &mut Option<super::connection::Connection>,
        url: &Url,
        delivery: &Request,
    ) -> Result<Response, SendError> {
        let exchange = self.connector.exchange(connection, url, delivery, self.load.timeout);
        let result = exchange.await;
        if result.is_err() {
            // What is left of an answer must not be taken for the next one.
            *connection = None;
        }
        result
    }
}
