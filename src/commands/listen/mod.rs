//! `cfwh listen`: parses the options, wires the [receiver](crate::receiver), and shows what happens.
//!
//! The receiver runs on its own threads. Its entries go through the [`queue`] to the thread of the [`log`], which shows them,
//! so a blocked terminal blocks only that thread. A [monitor](run_monitor) on another thread decides when a run with
//! expectations is over, and runs the [command](super::process) under test. [`run`] starts and ends all of them.

mod demo;
mod failing;
mod log;
mod queue;
mod run;
mod run_monitor;
mod secrets;
mod urls;

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::bail;

use crate::auth::Scheme;
use crate::cli;
use crate::client::error::SendError;
use crate::client::forward::Forwarder;
use crate::inspector::Inspector;
use crate::inspector::delivery_log::DeliveryLog;
use crate::inspector::inspector_settings::InspectorSettings;
use crate::output::Terminal;
use crate::receiver::allowed_hosts::AllowedHosts;
use crate::receiver::expectations::Expectations;
use crate::receiver::forwarding::Forwarding;
use crate::receiver::in_flight::InFlight;
use crate::receiver::record::{Entry, Subscriber};
use crate::receiver::{Counters, Receiver};
use crate::server::{Server, Stop, max_connections};
use crate::store::captures::{CaptureError, Captures};
use crate::store::journal::Journal;
use crate::validation::Validator;

use super::atomic_write;
use super::authentication::{self, SchemeUse};
use super::exit::Exit;
use super::input;
use super::input::file_format::is_stdin;
use super::inspector_server::ServedInspector;
use queue::Queue;
use run_monitor::RunMonitor;
use secrets::ListenSecrets;
use urls::Urls;

const DEFAULT_PORT: u16 = 8080;
/// The most findings per delivery. A hostile body may break a rule in every other byte.
const MAX_FINDINGS: usize = 100;

pub(super) fn run(arguments: &cli::listen::Listen, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    input::check_stdin(&arguments.secret_file, terminal)?;
    if arguments.until_eof && arguments.secret_file.iter().any(|path| is_stdin(path)) {
        bail!("--until-eof and `--secret-file -` both read stdin: give the secret in a file or in CFWH_SECRET");
    }
    terminal.write_stderr_in_background();
    let secrets = ListenSecrets::new(arguments, terminal)?;
    let scheme = authentication::with_secrets(&arguments.auth, secrets.secrets.clone(), &SchemeUse::default())?;
    authentication::name_built_in_key(&arguments.auth, terminal);
    if scheme.is_none() && !arguments.forward.is_empty() && !arguments.forward_unverified {
        bail!(
            "--forward forwards only verified deliveries, but no secret is given; give a secret, or --forward-unverified"
        );
    }
    if !arguments.allow_host.is_empty() && !arguments.address.is_loopback() {
        bail!(
            "--allow-host applies only to loopback addresses; leave it out, because at {} every host is allowed",
            arguments.address
        );
    }
    if scheme.is_none() && arguments.resign {
        bail!("--resign signs with the local secret, but no secret is given; give a secret");
    }
    let forwarding = forwarding(arguments, scheme.as_ref())?;
    let fault_injection = failing::fault_injection(arguments)?;
    let captures = arguments.capture.as_deref().map(Captures::open).transpose()?;
    let captures = captures.map(|captures| captures.with_limit(arguments.capture_limit as u64));
    if let Some((_, path)) = &arguments.report {
        atomic_write::check(path)?;
    }
    let port = arguments.port.unwrap_or(if arguments.demo { 0 } else { DEFAULT_PORT });
    let server = Server::bind(SocketAddr::new(arguments.address, port), arguments.max_body)?;
    let urls = Urls::new(server.address(), arguments);
    if !arguments.address.is_loopback() && scheme.is_none() {
        terminal.warn("other machines can reach this address, and without a secret every delivery is accepted");
    }
    if arguments.fail_rate.is_some() && arguments.seed.is_none() {
        terminal.say(&format!("seed {}", fault_injection.seed));
    }

    let queue = Arc::new(Queue::new(terminal.is_quiet()));
    let stop = Stop::default();
    let monitor = monitor(arguments, &stop).map(Arc::new);
    if monitor.is_none() && !arguments.demo {
        terminal.end_with_reader();
    }
    let mut subscribers: Vec<Arc<dyn Subscriber>> = vec![queue.clone()];
    let journal = captures.as_ref().map(|captures| journal(captures, &queue)).transpose()?;
    if let Some(journal) = &journal {
        subscribers.push(journal.clone());
    }
    if let Some(monitor) = &monitor {
        subscribers.push(monitor.clone());
    }
    let inspector = arguments.inspect.map(|port| inspector(port, arguments, &urls, scheme.clone())).transpose()?;
    let inspector = inspector.map(|(log, inspector)| {
        subscribers.push(log);
        inspector
    });
    let receiver = Arc::new(Receiver {
        path: arguments.path.clone(),
        allowed_hosts: arguments.address.is_loopback().then(|| AllowedHosts { names: arguments.allow_host.clone() }),
        scheme: scheme.clone(),
        accepts_unsigned_pings: scheme.as_ref().is_some_and(|scheme| scheme.info().name == arguments.profile.scheme),
        validator: Validator::new(arguments.profile)
            .strict(arguments.strict)
            .limit(MAX_FINDINGS)
            .with_subject(!terminal.is_json() || captures.is_some() || arguments.inspect.is_some()),
        is_strict: arguments.strict,
        captures,
        forwarding,
        fault_injection,
        count: arguments.count,
        stop: stop.clone(),
        subscribers,
        in_flight: InFlight::new(max_connections(), arguments.max_body),
        counters: Counters::default(),
    });
    run::Run { arguments, receiver, scheme, secrets, urls, queue, monitor, journal, inspector }.finish(server, terminal)
}

/// Serves the inspector. The log is a subscriber of the receiver.
fn inspector(
    port: u16,
    arguments: &cli::listen::Listen,
    urls: &Urls,
    scheme: Option<Arc<dyn Scheme>>,
) -> anyhow::Result<(Arc<DeliveryLog>, ServedInspector)> {
    let profile = arguments.profile;
    let settings = InspectorSettings {
        name: "cfwh listen",
        source: urls.receiver.clone(),
        receiver: Some(urls.events.clone()),
        to: None,
        inspector: Inspector { profile: Some(profile), scheme },
        first_command: String::new(),
    };
    let log = Arc::<DeliveryLog>::default();
    let served = ServedInspector::start(port, &log, settings)?;
    Ok((log, served))
}

/// Opens the journal of the captures. The terminal shows the first later error.
fn journal(captures: &Captures, queue: &Arc<Queue>) -> Result<Arc<Journal>, CaptureError> {
    let queue = Arc::clone(queue);
    captures.journal(move |error| queue.receive(&Entry::NotSaved(Arc::new(error)))).map(Arc::new)
}

/// Returns `None` if nothing is forwarded.
fn forwarding(
    arguments: &cli::listen::Listen,
    scheme: Option<&Arc<dyn Scheme>>,
) -> Result<Option<Forwarding>, SendError> {
    let route = |route: &cli::listen::Route| {
        Ok((route.pattern.clone(), Forwarder::new(&route.url, arguments.forward_timeout)?))
    };
    let routes = arguments.forward.iter().map(route).collect::<Result<Vec<_>, SendError>>()?;
    Ok((!routes.is_empty()).then_some(Forwarding {
        hop: rand::random(),
        routes,
        includes_unverified: arguments.forward_unverified,
        signer: scheme.filter(|_| arguments.resign).cloned(),
    }))
}

/// Returns the monitor of a run with checks. `--count` alone only ends a run.
fn monitor(arguments: &cli::listen::Listen, stop: &Stop) -> Option<RunMonitor> {
    let cli::listen::Listen { within, count, expect, forbid, in_order, .. } = arguments;
    let has_end = within.is_some() || !arguments.command.is_empty();
    let checks = has_end || !expect.is_empty() || !forbid.is_empty() || arguments.report.is_some();
    let expectations = Expectations::new(expect.clone(), forbid.clone(), *in_order, count.filter(|_| has_end));
    checks.then(|| RunMonitor::new(expectations, *within, count.is_some(), stop.clone()))
}
