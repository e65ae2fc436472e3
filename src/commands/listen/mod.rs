//! `cfwh listen`: parses the options, wires the [receiver](crate::receiver), and shows what happens.
//!
//! The receiver runs on its own threads. What happens there goes through the [`queue`] to this thread, which shows it in
//! the [`log`]. A [monitor](run_monitor) on another thread decides when a run with expectations is over, and runs the
//! [command](process) under test.

mod demo;
mod log;
mod process;
mod queue;
mod run_monitor;
mod secrets;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitStatus;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use anyhow::{Context, bail};

use crate::cli;
use crate::client::error::SendError;
use crate::client::forward::Forwarder;
use crate::client::url::EVENT_PLACEHOLDER;
use crate::output::Terminal;
use crate::output::emit::ReportFormat;
use crate::output::listen::{ListenSummary, Ready};
use crate::profiles::EventIn;
use crate::receiver::allowed_hosts::AllowedHosts;
use crate::receiver::expectations::Expectations;
use crate::receiver::fault_injection::FaultInjection;
use crate::receiver::forwarding::Forwarding;
use crate::receiver::in_flight::InFlight;
use crate::receiver::record::Subscriber;
use crate::receiver::{Counters, Receiver};
use crate::server::{Server, Stop, StopReason};
use crate::store::captures::Captures;
use crate::validation::Validator;

use super::atomic_write;
use super::exit::Exit;
use super::input;
use super::secret;
use process::System;
use queue::{Message, Queue};
use run_monitor::RunMonitor;
use secrets::ListenSecrets;

const DEFAULT_PORT: u16 = 8080;
/// The most findings of a delivery: a hostile body may break a rule in every other byte.
const MAX_FINDINGS: usize = 100;

pub(super) fn run(arguments: &cli::listen::Listen, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    input::check_stdin_once(&arguments.secret_file)?;
    terminal.write_stderr_in_background();
    let secrets = ListenSecrets::new(arguments, terminal)?;
    if secrets.secrets.is_empty() && !arguments.forward.is_empty() && !arguments.forward_unverified {
        bail!("--forward needs a secret to forward only verified deliveries: give one, or --forward-unverified");
    }
    if !arguments.allow_host.is_empty() && !arguments.address.is_loopback() {
        bail!("--allow-host is for loopback addresses: at {} requests may name any host", arguments.address);
    }
    let forwarding = forwarding(arguments)?;
    let fault_injection = fault_injection(arguments);
    let captures = arguments.capture.as_deref().map(Captures::open).transpose()?;
    let port = arguments.port.unwrap_or(if arguments.demo { 0 } else { DEFAULT_PORT });
    let server = Server::bind(SocketAddr::new(arguments.address, port), arguments.max_body)?;
    let urls = Urls::new(server.address(), arguments);
    if !arguments.address.is_loopback() && secrets.secrets.is_empty() {
        terminal.warn("others can reach this address, and without a secret everything is accepted");
    }
    if arguments.fail_rate.is_some() && arguments.seed.is_none() {
        terminal.say(&format!("seed {}", fault_injection.seed));
    }

    let scheme = secret::with_secrets(arguments.auth, secrets.secrets.clone())?;
    let queue = Arc::new(Queue::new(terminal.is_quiet()));
    let stop = Stop::default();
    let monitor = monitor(arguments, &stop).map(Arc::new);
    if monitor.is_none() && !arguments.demo {
        terminal.end_with_reader();
    }
    let mut subscribers: Vec<Arc<dyn Subscriber>> = vec![queue.clone()];
    if let Some(monitor) = &monitor {
        subscribers.push(monitor.clone());
    }
    let receiver = Arc::new(Receiver {
        path: arguments.path.clone(),
        allowed_hosts: arguments.address.is_loopback().then(|| AllowedHosts { names: arguments.allow_host.clone() }),
        scheme: scheme.clone(),
        validator: Validator::new(arguments.profile)
            .strict(arguments.strict)
            .limit(MAX_FINDINGS)
            .with_subject(!terminal.is_json()),
        is_strict: arguments.strict,
        captures,
        forwarding,
        fault_injection,
        count: arguments.count,
        stop: stop.clone(),
        subscribers,
        in_flight: InFlight::new(arguments.max_body),
        counters: Counters::default(),
    });
    serve(server, Arc::clone(&receiver), Arc::clone(&queue))?;

    let mut watching: Option<JoinHandle<Option<ExitStatus>>> = None;
    let shown = log::show_all(&queue, scheme.as_deref(), terminal, |terminal| {
        terminal.ready(&Ready { url: &urls.receiver, secret: secrets.origin() })?;
        if let Some(generated) = &secrets.generated {
            terminal.generated_secret(generated, &urls.events, arguments.profile);
        }
        if let Some(monitor) = monitor.clone() {
            let system = start(&arguments.command, &urls, secrets.generated.as_deref())?;
            let watch = thread::Builder::new().spawn(move || monitor.watch(system));
            watching = Some(watch.context("cannot watch the run")?);
        }
        if arguments.demo {
            let (events, scheme, profile) = (urls.events.clone(), scheme.clone(), arguments.profile);
            let (queue, stop) = (Arc::clone(&queue), stop.clone());
            let demonstrate = move || {
                if let Err(error) = demo::run(&events, scheme.as_deref(), profile) {
                    queue.send(Message::DemoFailed(error));
                }
                stop.stop();
            };
            thread::Builder::new().spawn(demonstrate).context("cannot start the demo")?;
        }
        Ok(())
    });
    queue.close();
    // However the run ends, the command ends with it.
    if let Some(monitor) = &monitor {
        monitor.end(*shown.as_ref().unwrap_or(&StopReason::Signal));
    }
    let exited = watching.and_then(|watching| watching.join().ok().flatten());
    shown?;
    let expectations = monitor.map(|monitor| monitor.take_expectations());
    let exit = conclude(&receiver.counters, expectations.as_ref(), exited, arguments.report.as_ref(), terminal)?;
    if arguments.demo {
        terminal.say("That was one of each. `cfwh listen --secret` waits for yours.");
        return Ok(Exit::when(
            receiver.counters.accepted() == arguments.profile.events.all().len() as u64
                && receiver.counters.refused() == 0,
        ));
    }
    Ok(exit)
}

/// Returns `None` if nothing is forwarded.
fn forwarding(arguments: &cli::listen::Listen) -> Result<Option<Forwarding>, SendError> {
    let route = |route: &cli::listen::Route| {
        Ok((route.pattern.clone(), Forwarder::new(&route.url, arguments.forward_timeout)?))
    };
    let routes = arguments.forward.iter().map(route).collect::<Result<Vec<_>, SendError>>()?;
    Ok((!routes.is_empty()).then_some(Forwarding { routes, includes_unverified: arguments.forward_unverified }))
}

fn fault_injection(arguments: &cli::listen::Listen) -> FaultInjection {
    let none = FaultInjection::default();
    let fails = arguments.fail_first > 0 || arguments.fail_rate.is_some();
    // If some deliveries fail, an error status is for those.
    let (failure, success) = match arguments.respond {
        Some(status) if fails && status >= 400 => (Some(status), None),
        respond => (None, respond),
    };
    FaultInjection {
        delay: arguments.delay,
        fail_first: arguments.fail_first,
        fail_rate: arguments.fail_rate.unwrap_or(0.0),
        seed: arguments.seed.unwrap_or_else(rand::random),
        failure_status: failure.unwrap_or(none.failure_status),
        success_status: success.unwrap_or(none.success_status),
    }
}

/// The URLs of a receiver, as a sender on this machine can use them.
struct Urls {
    receiver: String,
    /// Where to send events: if bodies do not name theirs, the path does, as `{event}`.
    events: String,
    port: u16,
}

impl Urls {
    fn new(bound: SocketAddr, arguments: &cli::listen::Listen) -> Self {
        // Not every system can send to the wildcard.
        let host = match bound.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            other => other,
        };
        let address = SocketAddr::new(host, bound.port());
        // It has no slash at its end, so `/` is empty.
        let path = arguments.path.as_str();
        let receiver = format!("http://{address}{}", if path.is_empty() { "/" } else { path });
        let events = match arguments.profile.event_in {
            EventIn::Body => receiver.clone(),
            EventIn::Url => format!("http://{address}{path}/{EVENT_PLACEHOLDER}"),
        };
        Self { receiver, events, port: address.port() }
    }
}

/// Receives on another thread until the receiver's `stop` or a signal.
fn serve(server: Server, receiver: Arc<Receiver>, queue: Arc<Queue>) -> anyhow::Result<()> {
    let stop = receiver.stop.clone();
    let serve = move || {
        let result = server.serve(receiver, &stop, || queue.send(Message::Ready));
        queue.send_last(Message::Stopped(result));
    };
    thread::Builder::new().name("receiver".to_owned()).spawn(serve).context("cannot start the server")?;
    Ok(())
}

/// Returns the monitor of a run that checks something. A number of deliveries alone only ends a run.
fn monitor(arguments: &cli::listen::Listen, stop: &Stop) -> Option<RunMonitor> {
    let cli::listen::Listen { within, count, expect, forbid, in_order, .. } = arguments;
    let has_end = within.is_some() || !arguments.command.is_empty();
    let checks = has_end || !expect.is_empty() || !forbid.is_empty() || arguments.report.is_some();
    let expectations = Expectations::new(expect.clone(), forbid.clone(), *in_order, count.filter(|_| has_end));
    checks.then(|| RunMonitor::new(expectations, *within, count.is_some(), stop.clone()))
}

/// Starts the system under test, if there is one.
fn start(command: &[std::ffi::OsString], urls: &Urls, generated: Option<&str>) -> anyhow::Result<Option<System>> {
    let Some((program, arguments)) = command.split_first() else { return Ok(None) };
    let port = urls.port.to_string();
    let mut variables = vec![("CFWH_URL", urls.receiver.as_str()), ("CFWH_PORT", port.as_str())];
    // Nobody else knows a generated secret.
    variables.extend(generated.map(|secret| ("CFWH_SECRET", secret)));
    let system = System::start(program, arguments, &variables);
    Ok(Some(system.with_context(|| format!("cannot run {}", program.display()))?))
}

/// Shows the result of the run, and returns its exit code.
fn conclude(
    counters: &Counters,
    expectations: Option<&Expectations>,
    exited: Option<ExitStatus>,
    report: Option<&(&ReportFormat, PathBuf)>,
    terminal: &mut Terminal,
) -> anyhow::Result<Exit> {
    let mut summary = ListenSummary::new(counters.accepted(), counters.refused() + counters.refused_requests());
    let Some(expectations) = expectations else {
        terminal.summary(&summary)?;
        return Ok(Exit::Yes);
    };
    let failure = exited.filter(|status| !status.success());
    summary.expectations = expectations.outcomes();
    summary.command = failure.map(|status| status.to_string());
    terminal.expectations(&summary, expectations.deliveries())?;
    if let Some((format, path)) = report {
        let text = summary.report(expectations.deliveries(), format);
        atomic_write::write(path, text.as_bytes())?;
    }
    terminal.summary(&summary)?;
    let met = summary.expectations.iter().all(|outcome| outcome.is_met);
    Ok(failure.map_or_else(|| Exit::when(met), |status| Exit::Passed(process::code(status))))
}
