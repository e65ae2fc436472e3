//! `cfwh send`: sends events, files and captures as deliveries to an endpoint, in order or as a load.

mod edit;
mod item;
mod outcome;
mod prepare;
mod shrink;
mod sources;

use std::cell::Cell;
use std::iter;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, anyhow, bail};
use bytes::Bytes;

use crate::auth::{Fault, SchemeInfo, faults};
use crate::cli;
use crate::cli::values::RetryCount;
use crate::client::breaker::CircuitBreaker;
use crate::client::endpoint::Endpoint;
use crate::client::export::{Exporter, MESSAGE};
use crate::client::interrupt::Interrupt;
use crate::client::load::{Load, PreparedRequest, SentRequest};
use crate::client::load_examples::FailureExamples;
use crate::client::load_stats::{LoadStats, LoadSummary};
use crate::client::outgoing::as_sent;
use crate::client::retry::{RetryPolicy, failure_kind};
use crate::client::tls::Trust;
use crate::client::url::{self, EVENT_PLACEHOLDER};
use crate::commands::authentication;
use crate::commands::exit::Exit;
use crate::commands::input;
use crate::commands::input::file_format::is_stdin;
use crate::commands::trust::trust;
use crate::json;
use crate::models::event::nearest;
use crate::models::request::Request;
use crate::models::retry::Retry;
use crate::models::status_pattern::ExpectedStatuses;
use crate::output::Terminal;
use crate::output::catalogue::FaultLine;
use crate::profiles::identify::named_by_target;
use crate::profiles::{EventIn, profiles_with};
use crate::store::captures::Captures;

use outcome::{LoadLog, MAX_SHOWN};
use prepare::RequestBuilder;
use sources::Items;

/// The concurrency of a load with a rate: enough for 1000 requests per second to a receiver that responds in 60 ms.
const DEFAULT_RATE_CONCURRENCY: u16 = 64;

/// The timeout if the timeout of the sender is unknown.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(10);

/// The shortest pause before a retry that is reported to the user.
const LONG_PAUSE: Duration = Duration::from_secs(2);

pub(super) fn run(arguments: &cli::send::Send, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    if arguments.fault.iter().any(|name| name == "list") {
        let scheme = authentication::info(&arguments.auth);
        let lines: Vec<_> = faults::all(scheme).map(|fault| FaultLine::new(fault, scheme)).collect();
        terminal.print_all(&lines)?;
        return Ok(Exit::Yes);
    }
    if arguments.sources.is_empty() || arguments.to.is_empty() {
        bail!("the source or the URL is missing; run `cfwh send SOURCE --to URL`");
    }
    let files = arguments.secret.secret_file.iter().chain(&arguments.cacert);
    let files = arguments.sources.iter().chain(files);
    if arguments.edit && files.clone().any(|path| is_stdin(path)) {
        bail!("the editor uses stdin, so --edit cannot read a body from `-`; put the body into a file");
    }
    input::check_stdin(files, terminal)?;
    if arguments.export.is_some() && (arguments.insecure || arguments.cacert.is_some()) {
        bail!("--insecure and --cacert have no effect on --export; use the flag of the tool");
    }
    if terminal.is_json() && arguments.export.is_some() {
        bail!("--export prints the format of its tool; leave out --json");
    }
    if terminal.is_json() && arguments.dry_run {
        bail!("--dry-run prints the request itself; leave out --json");
    }
    let scheme = authentication::info(&arguments.auth);
    let faults = find_faults(scheme, &arguments.fault)?;
    let usual = faults::expected_statuses(faults.iter().copied(), scheme);
    let delivery = DeliveryRules::new(arguments, usual)?;
    let builder = RequestBuilder::new(arguments, faults, terminal)?;
    let trust = trust(arguments.insecure, arguments.cacert.as_deref())?;
    let items = Items::new(arguments, &builder, terminal)?;
    let profile = arguments.events.profile;
    if arguments.envelope.is_some() && arguments.envelope != profile.envelope {
        bail!("--envelope has no effect, because no envelope is known for --profile {profile}");
    }
    if profile.event_in == EventIn::Url && items.has_generated && !says_event(&arguments.to) {
        terminal.warn(&format!(
            "bodies of the {profile} profile do not name their event; put {EVENT_PLACEHOLDER} into the URL"
        ));
    }
    if profile.signs && items.has_bodies && !builder.signs() && !authentication::is_off(&arguments.auth) {
        terminal
            .say("not signed: no secret is given (use --secret-file PATH, --secret S or CFWH_SECRET, or --auth none to hide this note)");
    }
    if items.has_pings && builder.leaves_pings_unsigned() {
        terminal.say(&format!("{} never signs a ping, so this ping is not signed", profile.sender));
    }
    let is_load = arguments.concurrency.is_some() || arguments.rate.is_some() || arguments.duration.is_some();
    let exporter = arguments.export.or(arguments.dry_run.then_some(&MESSAGE));
    if exporter.is_none() && is_load {
        return send_many(items, &builder, (&trust, &interrupt()?), delivery, terminal);
    }
    let mut items = items;
    if arguments.edit {
        let (edited, copies) = (edit::edit_all(items.sequence, &builder, terminal)?, builder.copies());
        items.total = Some((edited.len() * copies) as u64);
        items.sequence = Box::new(edited.into_iter().flat_map(move |item| iter::repeat_n(item, copies)).map(Ok));
    }
    let total = items.total;
    if let Some(exporter) = exporter {
        let requests = items.sequence.map(|item| builder.build(item?));
        terminal.end_with_reader();
        if url::authorization(builder.host()).is_some() {
            terminal.warn("the printed requests do not contain the user and password of the URL");
        }
        return export(requests, exporter, terminal);
    }
    let interrupt = interrupt()?;
    let endpoint = Endpoint::new(builder.host(), delivery.timeout, &trust)?.with_interrupt(interrupt.clone());
    if arguments.shrink {
        return shrink::shrink(items.sequence, &endpoint, &builder, &delivery.expected, terminal);
    }
    let is_cut = Cell::new(false);
    let requests = items.sequence.map(|item| builder.build(item?));
    let requests = requests.take_while(|_| {
        is_cut.set(interrupt.is_triggered());
        !is_cut.get()
    });
    let (exit, sent) = send(requests, &endpoint, &builder, &delivery, terminal)?;
    if is_cut.get() { Err(interrupted(sent, total)) } else { Ok(exit) }
}

/// Returns the error for an interrupted run, so that scripts do not treat it as a success.
fn interrupted(sent: u64, total: Option<u64>) -> anyhow::Error {
    match total {
        Some(total) => anyhow!("interrupted after {sent} of {total} deliveries"),
        None => anyhow!("interrupted after {sent} deliveries"),
    }
}

/// The send options, or else the behavior of the sender.
struct DeliveryRules {
    timeout: Duration,
    retries: RetryPolicy,
    breaker: Option<CircuitBreaker>,
    expected: ExpectedStatuses,
}

impl DeliveryRules {
    /// Makes them from the options. `usual` has the default expected statuses.
    fn new(arguments: &cli::send::Send, usual: ExpectedStatuses) -> anyhow::Result<Self> {
        let (profile, delay) = (arguments.events.profile, arguments.retry_delay);
        let (count, default_delay, retries_everything) = match arguments.retries {
            RetryCount::UpTo(count) => (count, None, false),
            RetryCount::Auto => (profile.retries.count, Some(profile.retries.delay), true),
        };
        if delay.is_some() && count == 0 {
            bail!("--retry-delay has no effect without retries; give --retries N");
        }
        let retries = RetryPolicy { count, delay: delay.or(default_delay), retries_everything };
        let timeout = arguments.timeout.or(profile.timeout).unwrap_or(DEFAULT_TIMEOUT);
        let expected = ExpectedStatuses::new(&*arguments.expect).unwrap_or(usual);
        Ok(Self { timeout, retries, breaker: find_breaker(arguments)?, expected })
    }
}

/// Returns the circuit breaker of the sender, if `--breaker` is given.
fn find_breaker(arguments: &cli::send::Send) -> anyhow::Result<Option<CircuitBreaker>> {
    if !arguments.breaker {
        return Ok(None);
    }
    let profile = arguments.events.profile;
    let rule = profile.breaker.with_context(|| {
        let others = profiles_with(|other| other.breaker.is_some()).unwrap_or_default();
        format!("--breaker has no effect, because {} has no circuit breaker; {others}", profile.sender)
    })?;
    Ok(Some(CircuitBreaker::new(rule)))
}

fn interrupt() -> anyhow::Result<Interrupt> {
    Interrupt::on_signal().context("cannot catch Ctrl-C")
}

/// Returns whether the URL names the event of a delivery, which receivers of Confluence Cloud need.
fn says_event(url: &str) -> bool {
    url.contains(EVENT_PLACEHOLDER) || named_by_target(url).is_some()
}

fn find_faults(scheme: &'static SchemeInfo, names: &[String]) -> anyhow::Result<Vec<&'static Fault>> {
    let fault = |name: &String| {
        faults::find(scheme, name).ok_or_else(|| {
            let meant = nearest(name, faults::all(scheme).map(|fault| fault.name))
                .map(|meant| format!("; did you mean `{meant}`?"));
            anyhow!(
                "unknown fault `{name}`{}",
                meant.unwrap_or_else(|| "; list all faults with --fault list".to_owned())
            )
        })
    };
    names.iter().map(fault).collect()
}

/// Prints all requests in the format of a tool.
fn export(
    requests: impl Iterator<Item = anyhow::Result<PreparedRequest>>,
    exporter: &Exporter,
    terminal: &mut Terminal,
) -> anyhow::Result<Exit> {
    let texts = requests.map(|prepared| {
        let PreparedRequest { url, request, source, .. } = prepared?;
        exporter.request(&url, &request).with_context(|| format!("{source} is skipped"))
    });
    // Without a request, print nothing, because the text before the requests would look like a script.
    let mut before = exporter.head;
    let mut is_empty = true;
    let exit = input::for_each(texts, terminal, |text, terminal| {
        terminal.bytes(before.as_bytes())?;
        (before, is_empty) = (exporter.separator, false);
        terminal.request(&text).context("cannot print the request")?;
        Ok(Exit::Yes)
    })?;
    if !is_empty {
        terminal.bytes(exporter.tail.as_bytes())?;
    }
    Ok(exit)
}

/// Sends requests in order. Also returns their number.
fn send(
    requests: impl Iterator<Item = anyhow::Result<PreparedRequest>>,
    endpoint: &Endpoint,
    builder: &RequestBuilder<'_>,
    delivery: &DeliveryRules,
    terminal: &mut Terminal,
) -> anyhow::Result<(Exit, u64)> {
    let (arguments, expected) = (builder.arguments(), &delivery.expected);
    let failed = arguments.failed.as_deref().map(Captures::open).transpose()?;
    let (begin, mut stats, mut clock) = (Instant::now(), LoadStats::default(), Clock::default());
    let exit = input::for_each(requests, terminal, |prepared, terminal| {
        if terminal.is_verbose()
            && let Ok(sent) = as_sent(&prepared.shown_url, &prepared.request)
        {
            let head = sent.with_body(Bytes::new()).to_message(sent.target());
            terminal.explain(String::from_utf8_lossy(&head).trim_end());
        }
        let breaker = delivery.breaker.as_ref().filter(|_| !prepared.is_ping);
        let now = breaker.map(|_| clock.at(&prepared.request)).unwrap_or_default();
        if let Some(Err(skipped)) = breaker.map(|breaker| breaker.check(now)) {
            finish(&SentRequest::skipped(&prepared, skipped, expected), &mut stats, failed.as_ref(), terminal)?;
            return Ok(Exit::Yes);
        }
        let start = Instant::now();
        let mut attempts = 1;
        let mut result = endpoint.send(&prepared.url, &prepared.request);
        while let Some(pause) = delivery.retries.pause(attempts, &result, expected) {
            let word = format!("retrying in {:.1} s", pause.as_secs_f64());
            // Tell the user about a long pause.
            if pause >= LONG_PAUSE {
                terminal.say(&word);
            } else {
                terminal.explain(&word);
            }
            if !endpoint.pause(pause) {
                break;
            }
            let retry = Retry { number: attempts, failure: failure_kind(&result) };
            result = endpoint.send(&prepared.url, &builder.retry(&prepared, retry));
            attempts += 1;
        }
        let sent = SentRequest { prepared: &prepared, attempts, result, latency: start.elapsed(), expected };
        if let Some(breaker) = breaker {
            breaker.record(sent.is_success(), now);
        }
        finish(&sent, &mut stats, failed.as_ref(), terminal)?;
        Ok(Exit::Yes)
    })?;
    // With JSON lines, print a summary only if the user gave a number.
    if arguments.events.count.is_some_and(|count| count > 1) || (stats.sent + stats.skipped > 1 && !terminal.is_json())
    {
        terminal.print(&stats.summary(begin.elapsed(), expected.clone()))?;
    }
    Ok((exit.max(outcome::exit(&stats)), stats.sent))
}

/// Counts, saves and shows the outcome of a delivery.
fn finish(
    sent: &SentRequest<'_>,
    stats: &mut LoadStats,
    failed: Option<&Captures>,
    terminal: &mut Terminal,
) -> anyhow::Result<()> {
    stats.count(&sent.result, sent.is_expected(), sent.latency);
    outcome::save_failed(failed, sent)?;
    outcome::show(sent, terminal)?;
    terminal.flush()
}

/// The time of deliveries that are sent in order. It is the time in their bodies, because the events of a story are hours
/// apart but are sent within a second.
#[derive(Debug, Default)]
struct Clock(Duration);

impl Clock {
    /// Returns the time of a delivery since the Unix epoch, which is never before that of an earlier delivery.
    fn at(&mut self, request: &Request) -> Duration {
        let time = json::parse(request.body()).ok().and_then(|body| body.get("timestamp")?.as_i64());
        let time = time.and_then(|time| u64::try_from(time).ok()).map(Duration::from_millis);
        let now = || SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        self.0 = self.0.max(time.unwrap_or_else(now));
        self.0
    }
}

/// Sends a load: concurrently, at a rate or for a time.
fn send_many(
    items: Items<'_>,
    builder: &RequestBuilder<'_>,
    (trust, interrupt): (&Trust, &Interrupt),
    delivery: DeliveryRules,
    terminal: &mut Terminal,
) -> anyhow::Result<Exit> {
    let arguments = builder.arguments();
    let concurrency =
        arguments.concurrency.unwrap_or(if arguments.rate.is_some() { DEFAULT_RATE_CONCURRENCY } else { 1 });
    let load = Load {
        concurrency: concurrency.into(),
        rate: arguments.rate,
        duration: arguments.duration,
        timeout: delivery.timeout,
        expected: delivery.expected,
        keeps_successes: terminal.is_json(),
        retries: delivery.retries,
        breaker: delivery.breaker,
    };
    let progress = terminal.progress(items.total);
    let is_brief = !terminal.is_json();
    let failed = arguments.failed.as_deref().map(Captures::open).transpose()?;
    let log = Mutex::new(LoadLog {
        terminal,
        progress: progress.clone(),
        failures: 0,
        examples: FailureExamples::default(),
        exit: Exit::Yes,
        error: None,
    });
    let lock = || log.lock().unwrap_or_else(PoisonError::into_inner);
    let total = items.total;
    let mut items = items.sequence.filter_map(|item| item.map_err(|error| lock().report(&error)).ok());
    let prepare = |item| builder.build(item).map_err(|error| lock().report(&error)).ok();
    let observe = |sent: &SentRequest<'_>| {
        progress.step();
        // Most successes are not shown, because waiting for the terminal would slow down the load.
        if is_brief && sent.is_expected() {
            return true;
        }
        let saved = outcome::save_failed(failed.as_ref(), sent);
        lock().show(sent, saved)
    };
    let retry = |prepared: &PreparedRequest, retry: Retry| builder.retry(prepared, retry);
    let sent = load.run((builder.host(), trust), items.by_ref(), prepare, retry, observe, interrupt);
    let is_late = |time| arguments.duration.is_some_and(|duration| time >= duration);
    let is_cut = interrupt.is_triggered()
        && sent.as_ref().is_ok_and(|(_, time)| !is_late(*time))
        && lock().error.is_none()
        && items.next().is_some();
    drop(items);
    progress.end();
    let LoadLog { terminal, failures, examples, exit, error, .. } =
        log.into_inner().unwrap_or_else(PoisonError::into_inner);
    if let Some(error) = error {
        return Err(error);
    }
    let (stats, time) = sent?;
    if !terminal.is_json() && failures > MAX_SHOWN {
        terminal.say(&format!("… and {} more without {}", failures - MAX_SHOWN, load.expected));
    }
    if stats.has_extra_responses {
        terminal.warn(
            "the endpoint sent more responses than it got requests, so some responses may be counted for the wrong delivery",
        );
    }
    terminal.print(&LoadSummary { examples: examples.into_list(), ..stats.summary(time, load.expected) })?;
    if is_cut {
        return Err(interrupted(stats.sent, total));
    }
    Ok(exit.max(outcome::exit(&stats)))
}
