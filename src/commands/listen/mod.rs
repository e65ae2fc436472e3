//! `cfwh listen`: a receiver that keeps, verifies and validates what arrives, and says so.
//!
//! The receiver's threads judge and answer at the [`desk`]; what they have to say goes through the [`queue`] to this
//! thread, which keeps the [`minutes`] and alone has the terminal. Where something is checked, an [`oracle`] on a thread
//! of its own says when the run is over, and runs the [`system`] under test.

mod demo;
mod event_log;
mod fault_injection;
mod forwarding;
mod handler;
mod process;
mod queue;
mod run_end;
mod secrets;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitStatus;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use anyhow::{Context, bail};

use crate::auth::Scheme;
use crate::cli;
use crate::client::url::EVENT_PLACEHOLDER;
use crate::output::Terminal;
use crate::output::emit::ReportFormat;
use crate::output::listen::{ListenSummary, Ready};
use crate::profiles::{EventIn, Profile};
use crate::receiver::expectations::Expectations;
use crate::server::{Server, Stop, StopReason};
use crate::store::captures::Captures;
use crate::validation::Validator;

use super::atomic_write;
use super::exit::Exit;
use super::input;
use super::secret;
use event_log::Note;
use fault_injection::FaultInjection;
use forwarding::Routes;
use handler::{Desk, Tally};
use process::System;
use queue::Outbox;
use run_end::Watch;
use secrets::ListenSecrets;

const DEFAULT_PORT: u16 = 8080;
/// A hostile body may break a rule in every other byte; nobody reads more than this.
const MAX_FINDINGS: usize = 100;

pub(super) fn run(arguments: &cli::listen::Listen, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    input::check_stdin_once(&arguments.secret_file)?;
    let keys = ListenSecrets::gather(arguments)?;
    if keys.secrets.is_empty() && !arguments.forward.is_empty() && !arguments.forward_unverified {
        bail!(
            "--forward passes on what verified, and without a secret nothing does: give one, or --forward-unverified"
        );
    }
    let routes = Routes::new(&arguments.forward, arguments.forward_timeout)?;
    let bad = FaultInjection::new(arguments);
    let captures = arguments.capture.as_deref().map(Captures::open).transpose()?;
    let port = arguments.port.unwrap_or(if arguments.demo { 0 } else { DEFAULT_PORT });
    let server = Server::bind(SocketAddr::new(arguments.address, port), arguments.max_body)?;
    let urls = Urls::of(server.address(), arguments);
    if !arguments.address.is_loopback() && keys.secrets.is_empty() {
        terminal.warn("others can reach this address, and without a secret everything is accepted");
    }
    if arguments.fail_rate.is_some() && arguments.seed.is_none() {
        terminal.say(&format!("seed {}", bad.seed));
    }

    let scheme = secret::scheme(keys.secrets.clone());
    let (notes, inbox) = queue::queue();
    let stop = Stop::default();
    let (watch, mut oracle) = check(arguments, &stop).unzip();
    let desk = Arc::new(Desk {
        path: arguments.path.clone(),
        scheme: scheme.clone(),
        validator: Validator::new(arguments.profile)
            .strict(arguments.strict)
            .limit(MAX_FINDINGS)
            .with_subject(!terminal.is_json()),
        strict: arguments.strict,
        captures,
        routes,
        forward_unverified: arguments.forward_unverified,
        bad,
        count: arguments.count,
        tally: Tally::default(),
        watch: watch.clone(),
        stop: stop.clone(),
        notes: notes.clone(),
        silent: terminal.is_quiet(),
    });
    receive(server, Arc::clone(&desk))?;

    let mut watching: Option<JoinHandle<Option<ExitStatus>>> = None;
    let kept = event_log::keep(&inbox, scheme.as_deref(), terminal, |terminal| {
        terminal.ready(&Ready { url: &urls.receiver, secret: keys.origin() })?;
        if let Some(made) = &keys.made {
            terminal.generated_secret(made, &urls.events, arguments.profile);
        }
        if let Some(oracle) = oracle.take() {
            let system = start(&arguments.command, &urls, keys.made.as_deref())?;
            watching = Some(thread::spawn(move || oracle.watch(system)));
        }
        if arguments.demo {
            demonstrate(urls.events.clone(), scheme.clone(), arguments.profile, stop.clone(), notes.clone());
        }
        Ok(())
    });
    // However the run has ended, the command ends with it.
    if let Some(watch) = &watch {
        watch.end(*kept.as_ref().unwrap_or(&StopReason::Signal));
    }
    let ended = watching.and_then(|watching| watching.join().ok().flatten());
    kept?;
    let exit = conclude(&desk.tally, watch.as_ref(), ended, arguments.report.as_ref(), terminal)?;
    if arguments.demo {
        terminal.say("That was one of each. `cfwh listen --secret` waits for yours.");
        return Ok(Exit::when(
            desk.tally.accepted() == arguments.profile.events.all().len() as u64 && desk.tally.refused() == 0,
        ));
    }
    Ok(exit)
}

/// Where a receiver is found.
struct Urls {
    receiver: String,
    /// Where events are sent to: bodies of Confluence Cloud do not name theirs, so the path does, as `{event}`.
    events: String,
    port: u16,
}

impl Urls {
    fn of(bound: SocketAddr, arguments: &cli::listen::Listen) -> Self {
        let address = reachable(bound);
        // It never ends in a slash; of `/` nothing is left.
        let path = arguments.path.as_str();
        let receiver = format!("http://{address}{}", if path.is_empty() { "/" } else { path });
        let events = match arguments.profile.event_in {
            EventIn::Body => receiver.clone(),
            EventIn::Url => format!("http://{address}{path}/{EVENT_PLACEHOLDER}"),
        };
        Self { receiver, events, port: address.port() }
    }
}

/// Receives on a thread of its own until the desk's `stop` or a signal.
fn receive(server: Server, desk: Arc<Desk>) -> anyhow::Result<()> {
    let (stop, notes) = (desk.stop.clone(), desk.notes.clone());
    let serve = move || {
        let result = server.serve(desk, &stop, || notes.send(Note::Ready));
        notes.send_last(Note::Ended(result));
    };
    thread::Builder::new().name("receiver".to_owned()).spawn(serve).context("cannot start the server")?;
    Ok(())
}

/// Sends one of each event on a thread of its own, and then ends the run.
fn demonstrate(events: String, scheme: Option<Arc<dyn Scheme>>, profile: &'static Profile, stop: Stop, notes: Outbox) {
    thread::spawn(move || {
        if let Err(error) = demo::run(&events, scheme.as_deref(), profile) {
            notes.send(Note::DemoFailed(error));
        }
        stop.stop();
    });
}

/// What the run checks, where it checks something. A number of deliveries alone is no check, only an end.
fn check(arguments: &cli::listen::Listen, stop: &Stop) -> Option<(Watch, run_end::Oracle)> {
    let has_end = arguments.within.is_some() || !arguments.command.is_empty();
    let checks = has_end || !arguments.expect.is_empty() || !arguments.forbid.is_empty() || arguments.report.is_some();
    let expectations = Expectations::new(
        arguments.expect.clone(),
        arguments.forbid.clone(),
        arguments.in_order,
        arguments.count.filter(|_| has_end),
    );
    checks.then(|| run_end::oracle(expectations, arguments.within, arguments.count.is_some(), stop.clone()))
}

/// Starts the system under test, where there is one.
fn start(command: &[std::ffi::OsString], urls: &Urls, made: Option<&str>) -> anyhow::Result<Option<System>> {
    let Some(program) = command.first() else { return Ok(None) };
    let port = urls.port.to_string();
    let mut variables = vec![("CFWH_URL", urls.receiver.as_str()), ("CFWH_PORT", port.as_str())];
    // Nobody else knows it.
    variables.extend(made.map(|made| ("CFWH_SECRET", made)));
    let system = System::start(command, &variables);
    Ok(Some(system.with_context(|| format!("cannot run {}", program.display()))?))
}

/// Shows what came of the run, and says what that is worth.
fn conclude(
    tally: &Tally,
    watch: Option<&Watch>,
    ended: Option<ExitStatus>,
    report: Option<&(ReportFormat, PathBuf)>,
    terminal: &mut Terminal,
) -> anyhow::Result<Exit> {
    let (accepted, refused) = (tally.accepted(), tally.refused());
    let mut summary = ListenSummary::new(accepted, refused);
    let Some(watch) = watch else {
        terminal.summary(&summary)?;
        return Ok(Exit::Yes);
    };
    let failure = ended.filter(|status| !status.success());
    let expectations = watch.expectations();
    summary.expectations = expectations.outcomes();
    summary.command = failure.map(|status| status.to_string());
    terminal.expectations(&summary, expectations.came())?;
    if let Some((format, path)) = report {
        let text = summary.report(expectations.came(), *format);
        atomic_write::write(path, text.as_bytes()).with_context(|| format!("cannot write {}", path.display()))?;
    }
    terminal.summary(&summary)?;
    let met = summary.expectations.iter().all(|outcome| outcome.is_met);
    Ok(failure.map_or_else(|| Exit::when(met), |status| Exit::Passed(process::code(status))))
}

/// An address that a sender on this machine can use: the wildcard is no destination everywhere.
fn reachable(address: SocketAddr) -> SocketAddr {
    let host = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        other => other,
    };
    SocketAddr::new(host, address.port())
}
