//! Runs the threads of `listen`, from the first request to the exit code. When any of them ends, even by a panic, the run
//! ends.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread::{self, Scope, ScopedJoinHandle};

use anyhow::{Context, anyhow};

use crate::auth::{Scheme, default_scheme};
use crate::cli::listen::Listen;
use crate::commands::atomic_write;
use crate::commands::exit::Exit;
use crate::commands::inspector_server::ServedInspector;
use crate::output::Terminal;
use crate::output::listen::{ListenSummary, Ready};
use crate::receiver::Receiver;
use crate::server::{Server, ServerError, Stop, StopReason, exit_at_second_signal};
use crate::store::journal::Journal;

use super::demo::{self, Demonstration};
use super::log;
use super::queue::{Conclusion, Message, Queue};
use super::run_monitor::{CommandEnd, RunMonitor};
use super::secrets::ListenSecrets;
use super::urls::Urls;
use crate::commands::process::{self, System};

/// The exit code if the output is blocked, and at a second signal.
const NOT_SHOWN: i32 = 2;

/// A run, ready to be started.
pub(super) struct Run<'a> {
    pub(super) arguments: &'a Listen,
    pub(super) receiver: Arc<Receiver>,
    pub(super) scheme: Option<Arc<dyn Scheme>>,
    pub(super) secrets: ListenSecrets,
    pub(super) urls: Urls,
    pub(super) queue: Arc<Queue>,
    pub(super) monitor: Option<Arc<RunMonitor>>,
    pub(super) journal: Option<Arc<Journal>>,
    pub(super) inspector: Option<ServedInspector>,
}

/// A thread that may borrow local data.
struct Running<'scope, T> {
    name: &'static str,
    thread: ScopedJoinHandle<'scope, T>,
}

impl<T> Running<'_, T> {
    fn join(self) -> anyhow::Result<T> {
        self.thread.join().map_err(|_| anyhow!("the thread `{}` failed", self.name))
    }
}

/// The threads besides the server: the monitor and the demo.
type Started<'scope> =
    (Option<Running<'scope, Option<CommandEnd>>>, Option<Running<'scope, anyhow::Result<Demonstration>>>);

/// Stops the server when a thread ends, even by a panic.
struct StopOnDrop(Stop);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.stop();
    }
}

/// Closes the queue when the thread that shows messages ends, even by a panic.
struct CloseOnDrop<'a>(&'a Queue);

impl Drop for CloseOnDrop<'_> {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl Run<'_> {
    /// Runs until the server stops, and shows all results. The report is written first, even if the output fails. If the output
    /// is blocked, the process exits without the rest of it. Captures are on disk.
    pub(super) fn finish(&self, server: Server, terminal: &mut Terminal) -> anyhow::Result<Exit> {
        exit_at_second_signal(NOT_SHOWN).context("cannot receive signals")?;
        let (written, settings) = (terminal.written(), terminal.settings());
        thread::scope(|scope| {
            let printing = self.spawn(scope, "output", || {
                let _closing = CloseOnDrop(&self.queue);
                log::show_all(&self.queue, self.scheme.as_deref(), terminal, |terminal| self.greet(terminal))
            })?;
            let (exit, conclusion) = match self.serve(scope, server) {
                Ok((exit, conclusion)) => (exit, Some(Box::new(conclusion))),
                Err(error) => (Err(error), None),
            };
            if !self.queue.finish(Message::Ended(conclusion), &written) {
                let counters = &self.receiver.counters;
                let refused = counters.refused() + counters.refused_requests();
                let error = exit.err().unwrap_or_else(|| {
                    let counts = format!("{} accepted, {refused} refused", counters.accepted());
                    anyhow!("stdout is blocked, so not every delivery was shown: {counts}")
                });
                Terminal::error_beside(settings, &error);
                std::process::exit(NOT_SHOWN);
            }
            printing.join()??;
            exit
        })
    }

    fn greet(&self, terminal: &mut Terminal) -> anyhow::Result<()> {
        terminal.ready(&Ready {
            url: &self.urls.receiver,
            auth: self.scheme.as_ref().map_or("none", |scheme| scheme.info().name),
            secret: self.secrets.origin(),
            inspect: self.inspector.as_ref().map(|inspector| &*inspector.url),
        })?;
        if let Some(generated) = &self.secrets.generated {
            let auth = self.scheme.as_ref().map_or(default_scheme(), |scheme| scheme.info());
            terminal.generated_secret(generated, &self.urls.events, self.arguments.profile, auth);
        }
        Ok(())
    }

    /// Receives until the server stops, and returns the result.
    fn serve<'scope>(
        &'scope self,
        scope: &'scope Scope<'scope, '_>,
        server: Server,
    ) -> anyhow::Result<(anyhow::Result<Exit>, Conclusion)> {
        let (sender, ready) = channel();
        let receiving = self.spawn(scope, "receiver", move || self.receive(server, &sender))?;
        // Without a message, the server failed to start, and returns the error.
        let started = ready.recv().map_or(Ok((None, None)), |()| self.start(scope));
        if started.is_err() {
            self.receiver.stop.stop();
        }
        let reason = receiving.join()?;
        if let Some(journal) = &self.journal {
            journal.close();
        }
        // The command always ends with the run.
        if let Some(monitor) = &self.monitor {
            monitor.end(*reason.as_ref().unwrap_or(&StopReason::Signal));
        }
        let (watching, demo) = started?;
        let ended = watching.map(Running::join).transpose()?.flatten();
        reason?;
        let demo = demo.map(Running::join).transpose()?.transpose().context("the demo could not send")?;
        Ok(self.conclude(ended, demo.unwrap_or_default()))
    }

    fn receive(&self, server: Server, ready: &Sender<()>) -> Result<StopReason, ServerError> {
        server.serve(Arc::clone(&self.receiver), &self.receiver.stop, || {
            self.queue.send(Message::Ready);
            let _ = ready.send(());
        })
    }

    /// Stops the receiver when stdin ends. The thread may outlive the run, because nothing interrupts reading.
    fn stop_at_end_of_stdin(&self) -> io::Result<()> {
        let stop = StopOnDrop(self.receiver.stop.clone());
        let read = move || {
            let _stop = stop;
            // An error ends stdin, too.
            let _ = io::copy(&mut io::stdin(), &mut io::sink());
        };
        thread::Builder::new().name("stdin".to_owned()).spawn(read).map(drop)
    }

    /// Starts the monitor with the command, and the demo.
    fn start<'scope>(&'scope self, scope: &'scope Scope<'scope, '_>) -> anyhow::Result<Started<'scope>> {
        if self.arguments.until_eof {
            self.stop_at_end_of_stdin().context("cannot start the thread `stdin`")?;
        }
        let mut watching = None;
        if let Some(monitor) = &self.monitor {
            let system = self.start_system()?;
            watching = Some(self.spawn(scope, "monitor", || monitor.watch(system))?);
        }
        let demonstrate = || {
            let Listen { profile, strict, .. } = self.arguments;
            demo::run(&self.urls.events, self.scheme.as_deref(), profile, *strict)
        };
        let demo = self.arguments.demo.then(|| self.spawn(scope, "demo", demonstrate)).transpose()?;
        Ok((watching, demo))
    }

    /// Starts the system under test, if one is given.
    fn start_system(&self) -> anyhow::Result<Option<System>> {
        let Some((program, arguments)) = self.arguments.command.split_first() else { return Ok(None) };
        let port = self.urls.port.to_string();
        let mut variables = vec![("CFWH_URL", self.urls.receiver.as_str()), ("CFWH_PORT", port.as_str())];
        // Only this process knows a generated secret.
        variables.extend(self.secrets.generated.as_deref().map(|secret| ("CFWH_SECRET", secret)));
        let system = System::start(program, arguments, &variables);
        Ok(Some(system.with_context(|| format!("cannot run {}", program.display()))?))
    }

    /// Writes the report, and returns the exit code and the result to show.
    fn conclude(&self, ended: Option<CommandEnd>, demo: Demonstration) -> (anyhow::Result<Exit>, Conclusion) {
        let counters = &self.receiver.counters;
        let mut summary = ListenSummary::new(counters.accepted(), counters.refused() + counters.refused_requests());
        summary.pings = counters.pings();
        let expectations = self.monitor.as_ref().map(|monitor| monitor.take_expectations());
        let failure = ended.and_then(|end| self.failure(end));
        let mut reported = Ok(());
        if let Some(expectations) = &expectations {
            summary.expectations = expectations.outcomes();
            summary.command = failure.as_ref().map(|(sentence, _)| sentence.clone());
            if let Some((format, path)) = &self.arguments.report {
                reported = atomic_write::write(path, summary.report(expectations.deliveries(), format).as_bytes());
            }
        }
        let is_met = summary.expectations.iter().all(|outcome| outcome.is_met);
        let met = Exit::when(is_met && !demo.has_failed);
        let exit = failure.map_or(met, |(_, exit)| exit);
        (reported.map(|()| exit), Conclusion { summary, expectations, notes: demo.notes })
    }

    /// Returns how the command failed, and the exit code.
    fn failure(&self, end: CommandEnd) -> Option<(String, Exit)> {
        match end {
            CommandEnd::Exited(status) => {
                let passed = || (format!("the command ended with {status}"), Exit::Passed(process::code(status)));
                (!status.success()).then(passed)
            }
            CommandEnd::TimedOut => {
                let seconds = self.arguments.within.unwrap_or_default().as_secs_f64();
                let sentence = format!("the command was still running after {seconds} s and was terminated");
                Some((sentence, Exit::No))
            }
        }
    }

    fn spawn<'scope, T: Send + 'scope>(
        &'scope self,
        scope: &'scope Scope<'scope, '_>,
        name: &'static str,
        work: impl FnOnce() -> T + Send + 'scope,
    ) -> anyhow::Result<Running<'scope, T>> {
        let stop = StopOnDrop(self.receiver.stop.clone());
        let work = move || {
            let _stop = stop;
            work()
        };
        let thread = thread::Builder::new().name(name.to_owned()).spawn_scoped(scope, work);
        Ok(Running { name, thread: thread.with_context(|| format!("cannot start the thread `{name}`"))? })
    }
}
