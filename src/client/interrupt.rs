//! Handles SIGINT: the first one ends all waits, the second one ends the process.

use std::future::poll_fn;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::task::Poll;
use std::thread;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::signal::ctrl_c;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

/// How long open requests may continue after an interrupt.
const GRACE: Duration = Duration::from_millis(500);

/// The exit code of a process that SIGINT ended, as shells report it.
const EXIT_CODE: i32 = 130;
/// Shells report a process that a signal ended with this number plus the signal's number.
#[cfg(unix)]
const BY_SIGNAL: i32 = 128;

/// Tells all waiting tasks that the user, or an error, has ended the run.
#[derive(Clone, Debug)]
pub struct Interrupt {
    /// Has no permits. It is closed by the interrupt.
    semaphore: Arc<Semaphore>,
}

impl Default for Interrupt {
    /// Returns an interrupt that only [`Interrupt::trigger`] causes.
    fn default() -> Self {
        Self { semaphore: Arc::new(Semaphore::new(0)) }
    }
}

impl Interrupt {
    /// Returns an interrupt that SIGINT triggers from now on. A second SIGINT ends the process with exit code 130.
    ///
    /// # Errors
    /// Returns an error if the system provides no threads or no signals.
    pub fn on_signal() -> io::Result<Self> {
        let interrupt = Self::default();
        let watched = interrupt.clone();
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let (ready, is_ready) = channel();
        let watch = async move {
            let mut first = pin!(ctrl_c());
            // The first poll starts to catch signals.
            let is_watching = poll_fn(|context| Poll::Ready(first.as_mut().poll(context).is_pending())).await;
            let _ = ready.send(());
            if is_watching && first.await.is_ok() {
                watched.trigger();
                if ctrl_c().await.is_ok() {
                    std::process::exit(EXIT_CODE);
                }
            }
        };
        thread::Builder::new().name("signals".to_owned()).spawn(move || runtime.block_on(watch))?;
        let _ = is_ready.recv();
        Ok(interrupt)
    }

    /// Returns an interrupt for the time while an editor uses the terminal. SIGINT goes to the editor and is ignored here.
    /// SIGTERM and SIGHUP trigger the interrupt. After it is dropped, these two end the process again.
    ///
    /// # Errors
    /// Returns an error if the system provides no threads or no signals.
    #[cfg(unix)]
    pub fn beside_editor() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let interrupt = Self::default();
        let watched = Arc::downgrade(&interrupt.semaphore);
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let (ready, is_ready) = channel();
        let watch = async move {
            let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
            let signals = kinds.into_iter().map(signal).collect::<io::Result<Vec<_>>>();
            let (signals, result) = signals.map_or_else(|error| (Vec::new(), Err(error)), |signals| (signals, Ok(())));
            let _ = ready.send(result);
            let Ok([_interrupt, mut terminate, mut hangup]) = <[_; 3]>::try_from(signals) else { return };
            loop {
                let number = tokio::select! {
                    _ = terminate.recv() => SignalKind::terminate().as_raw_value(),
                    _ = hangup.recv() => SignalKind::hangup().as_raw_value(),
                };
                match watched.upgrade() {
                    Some(semaphore) => semaphore.close(),
                    None => std::process::exit(BY_SIGNAL + number),
                }
            }
        };
        thread::Builder::new().name("editor signals".to_owned()).spawn(move || runtime.block_on(watch))?;
        is_ready.recv().unwrap_or(Ok(()))?;
        Ok(interrupt)
    }

    #[cfg(not(unix))]
    #[allow(missing_docs, reason = "the other one has them")]
    pub fn beside_editor() -> io::Result<Self> {
        Ok(Self::default())
    }

    /// Ends all waits.
    pub fn trigger(&self) {
        self.semaphore.close();
    }

    /// Returns whether waits are ended.
    pub fn is_triggered(&self) -> bool {
        self.semaphore.is_closed()
    }

    /// Waits this long. Returns false if it was interrupted.
    pub async fn pause(&self, time: Duration) -> bool {
        timeout(time, self.semaphore.acquire()).await.is_err()
    }

    /// Waits for the interrupt.
    pub async fn triggered(&self) {
        let _ = self.semaphore.acquire().await;
    }

    /// Waits for the interrupt, and then until open requests must end.
    pub async fn end_of_grace(&self) {
        self.triggered().await;
        sleep(GRACE).await;
    }
}
