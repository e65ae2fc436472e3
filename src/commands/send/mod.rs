//! `cfwh send`: events, files and captures become deliveries, and go to an endpoint, one after another or as a load.

mod outcome;
mod prepare;
mod sources;

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow, bail};

use crate::auth::ALL;
use crate::auth::faults::{self, Fault};
use crate::cli;
use crate::cli::send::Export;
use crate::client::endpoint::{self, Endpoint, SendError};
use crate::client::export::{self, Format};
use crate::client::load::{Delivered, Load, Parcel, Work};
use crate::client::load_stats::LoadStats;
use crate::client::retry::{self, RetryPolicy};
use crate::client::tls::Trust;
use crate::client::url_template::EVENT_SLOT;
use crate::commands::exit::Exit;
use crate::commands::input;
use crate::models::event::nearest;
use crate::output::Terminal;
use crate::output::progress::Progress;
use crate::output::results::FaultRow;
use crate::profiles::EventIn;
use crate::profiles::identify::named_by_target;

use outcome::Outcome;
use prepare::{Packer, Tag};
use sources::Items;

/// With a rate and no word on the concurrency: enough that a receiver of 60 ms keeps up with 1000 a second.
const AT_A_RATE: u16 = 64;

/// A pause before a retry that a person takes for a standstill.
const LONG_PAUSE: Duration = Duration::from_secs(2);

pub(super) fn run(arguments: &cli::send::Send, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    if arguments.fault.iter().any(|name| name == "list") {
        let rows: Vec<_> =
            faults::all(ALL[0]).map(|fault| FaultRow { fault: fault.name, description: fault.description }).collect();
        terminal.faults(&rows)?;
        return Ok(Exit::Yes);
    }
    if arguments.sources.is_empty() || arguments.to.is_empty() {
        bail!("what is to be sent, and where? cfwh send SOURCE --to URL");
    }
    input::stdin_at_most_once(arguments.sources.iter().chain(&arguments.secret.secret_file))?;
    if arguments.export.is_some() && (arguments.insecure || arguments.cacert.is_some()) {
        bail!("--insecure is not in what --export prints, and neither is --cacert: give the tool its own flag");
    }
    if terminal.is_json() && arguments.export.is_some() {
        bail!("--export prints its tool's form: leave --json out");
    }
    if terminal.is_json() && arguments.dry_run {
        bail!("--dry-run prints the request itself: leave --json out");
    }
    let packer = Packer::new(arguments, find_faults(&arguments.fault)?)?;
    let trust = trust(arguments)?;
    let items = Items::new(arguments, packer.copies(), terminal)?;
    let profile = arguments.events.profile;
    if profile.event_in == EventIn::Url && items.has_generated() && !says_event(&arguments.to) {
        terminal
            .warn(&format!("bodies of the {profile} profile do not name their event: put {EVENT_SLOT} into the URL"));
    }
    if let Some(tool) = arguments.export {
        return write(items, &packer, format(tool), terminal);
    }
    if arguments.dry_run {
        return show(items, &packer, terminal);
    }
    let load = arguments.concurrency.is_some() || arguments.rate.is_some() || arguments.duration.is_some();
    if load {
        send_many(items, &packer, arguments, &trust, terminal)
    } else {
        send(items, &packer, arguments, &trust, terminal)
    }
}

/// Does the URL say which event a delivery is about, as the receivers of Confluence Cloud need it?
fn says_event(url: &str) -> bool {
    url.contains(EVENT_SLOT) || named_by_target(url).is_some()
}

fn find_faults(names: &[String]) -> anyhow::Result<Vec<&'static Fault>> {
    let fault = |name: &String| {
        faults::find(ALL[0], name).ok_or_else(|| {
            let meant = nearest(name, faults::all(ALL[0]).map(|fault| fault.name))
                .map(|meant| format!("; did you mean `{meant}`?"));
            anyhow!("there is no fault `{name}`{}", meant.unwrap_or_else(|| "; --fault list lists them".to_owned()))
        })
    };
    names.iter().map(fault).collect()
}

fn trust(arguments: &cli::send::Send) -> anyhow::Result<Trust> {
    match &arguments.cacert {
        _ if arguments.insecure => Ok(Trust::Anything),
        None => Ok(Trust::System),
        Some(path) => {
            let pem = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
            Trust::also(&pem).with_context(|| format!("cannot use {}", path.display()))
        }
    }
}

const fn format(tool: Export) -> Format {
    match tool {
        Export::Curl => Format::Curl,
        Export::Http => Format::Http,
        Export::Vegeta => Format::Vegeta,
        Export::K6 => Format::K6,
        Export::Hurl => Format::Hurl,
    }
}

/// The parcels of all items, one after another; what cannot be read or packed is told and skipped. An error of `each`
/// ends it.
fn parcels(
    items: Items,
    packer: &Packer<'_>,
    terminal: &mut Terminal,
    mut each: impl FnMut(Parcel<Tag>, &mut Terminal) -> anyhow::Result<Exit>,
) -> anyhow::Result<Exit> {
    let mut exit = Exit::Yes;
    for item in items {
        exit = exit.max(match item.and_then(|item| packer.pack(item)) {
            Ok(parcel) => each(parcel, terminal)?,
            Err(error) => trouble(&error, terminal),
        });
    }
    Ok(exit)
}

fn trouble(error: &anyhow::Error, terminal: &mut Terminal) -> Exit {
    terminal.error(error);
    Exit::Trouble
}

/// The exact requests.
fn show(items: Items, packer: &Packer<'_>, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    parcels(items, packer, terminal, |parcel, terminal| {
        terminal.request(&endpoint::request(&parcel.url, &parcel.delivery)).context("cannot print the request")?;
        Ok(Exit::Yes)
    })
}

fn write(items: Items, packer: &Packer<'_>, format: Format, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    terminal.bytes(export::head(format).as_bytes())?;
    let mut first = true;
    let exit = parcels(items, packer, terminal, |parcel, terminal| {
        let request = match export::delivery(format, &parcel.url, &parcel.delivery, first) {
            Ok(request) => request,
            Err(error) => {
                let error = anyhow!(error).context(format!("{} is left out", parcel.tag.source));
                return Ok(trouble(&error, terminal));
            }
        };
        first = false;
        terminal.request(&request).context("cannot print the request")?;
        Ok(Exit::Yes)
    })?;
    terminal.bytes(export::tail(format).as_bytes())?;
    Ok(exit)
}

/// One after another.
fn send(
    items: Items,
    packer: &Packer<'_>,
    arguments: &cli::send::Send,
    trust: &Trust,
    terminal: &mut Terminal,
) -> anyhow::Result<Exit> {
    let endpoint = Endpoint::trusting(packer.host().clone(), arguments.timeout, trust)?;
    let outcome = Outcome::new(arguments.failed.as_deref())?;
    let (begin, mut stats) = (Instant::now(), LoadStats::default());
    let exit = parcels(items, packer, terminal, |parcel, terminal| {
        if terminal.is_verbose() {
            let request = endpoint::request(&parcel.url, &parcel.delivery);
            let head = &request[..request.len() - parcel.delivery.body().len()];
            terminal.explain(String::from_utf8_lossy(head).trim_end());
        }
        let start = Instant::now();
        let mut retries = 0;
        let mut result = endpoint.deliver(&parcel.url, &parcel.delivery);
        while let Some(pause) = RetryPolicy(arguments.retries).pause(retries, &result) {
            retries += 1;
            let word = format!("again in {:.1} s", pause.as_secs_f64());
            // Who waits long wants to know for what.
            if pause >= LONG_PAUSE {
                terminal.say(&word);
            } else {
                terminal.explain(&word);
            }
            std::thread::sleep(pause);
            result = endpoint.deliver(&parcel.url, &retry::again(&parcel.delivery, retries));
        }
        // This would be so for all that follow.
        if let Err(error @ SendError::Trust(_)) = result {
            return Err(error.into());
        }
        let delivered = Delivered { parcel: &parcel, attempts: retries + 1, result, latency: start.elapsed() };
        stats.count(&delivered.result, delivered.latency);
        outcome.keep(&delivered)?;
        outcome::show(&delivered, terminal)?;
        // Who watches sees each as it comes.
        terminal.flush()?;
        Ok(Exit::Yes)
    })?;
    if arguments.events.count.is_some_and(|count| count > 1) {
        terminal.load(&outcome::summary(&stats, begin.elapsed()))?;
    }
    Ok(exit.max(outcome::exit(&stats)))
}

/// Many at once, at a rate, for a time.
fn send_many(
    mut items: Items,
    packer: &Packer<'_>,
    arguments: &cli::send::Send,
    trust: &Trust,
    terminal: &mut Terminal,
) -> anyhow::Result<Exit> {
    let concurrency = arguments.concurrency.unwrap_or(if arguments.rate.is_some() { AT_A_RATE } else { 1 });
    let load = Load {
        concurrency: concurrency.into(),
        rate: arguments.rate,
        duration: arguments.duration,
        timeout: arguments.timeout,
        retries: RetryPolicy(arguments.retries),
    };
    let progress = terminal.progress(items.total());
    let outcome = Outcome::new(arguments.failed.as_deref())?;
    let desk = Mutex::new(Desk { terminal, progress: progress.clone(), told: 0, exit: Exit::Yes, error: None });
    let desk_of = || desk.lock().unwrap_or_else(PoisonError::into_inner);
    let quiet = arguments.failed.is_none() && !desk_of().terminal.is_json();
    let work = Work {
        next: || loop {
            match items.next()? {
                Ok(item) => return Some(item),
                Err(error) => desk_of().complain(&error),
            }
        },
        pack: |item| packer.pack(item).map_err(|error| desk_of().complain(&error)).ok(),
        observe: |delivered: &Delivered<'_, Tag>| {
            progress.step();
            let success = matches!(&delivered.result, Ok(reply) if reply.is_success());
            // Most have nothing to be told, and waiting for the terminal would slow the load down.
            if quiet && success {
                return true;
            }
            let kept = if success { Ok(()) } else { outcome.keep(delivered) };
            desk_of().show(delivered, kept)
        },
    };
    let sent = load.run(packer.host(), trust, work);
    progress.end();
    let Desk { terminal, told, exit, error, .. } = desk.into_inner().unwrap_or_else(PoisonError::into_inner);
    if let Some(error) = error {
        return Err(error);
    }
    let (stats, time) = sent?;
    if !terminal.is_json() && told > TOLD {
        terminal.say(&format!("… and {} more that got no 2xx", told - TOLD));
    }
    terminal.load(&outcome::summary(&stats, time))?;
    Ok(exit.max(outcome::exit(&stats)))
}

/// A load tells a person of so many deliveries that failed; the others are counted.
const TOLD: u64 = 10;

/// Where the threads of a load report what happens.
struct Desk<'a> {
    terminal: &'a mut Terminal,
    progress: Progress,
    told: u64,
    exit: Exit,
    /// Why the load had to be given up.
    error: Option<anyhow::Error>,
}

impl Desk<'_> {
    fn complain(&mut self, error: &anyhow::Error) {
        self.exit = Exit::Trouble;
        let Self { terminal, progress, .. } = self;
        progress.pause(|| terminal.error(error));
    }

    /// `false` ends the load: nobody reads what is told, or what failed cannot be kept.
    fn show(&mut self, delivered: &Delivered<'_, Tag>, kept: anyhow::Result<()>) -> bool {
        let success = matches!(&delivered.result, Ok(reply) if reply.is_success());
        let Self { terminal, progress, told, .. } = self;
        *told += u64::from(!success);
        let show = terminal.is_json() || (!success && *told <= TOLD);
        let result =
            kept.and_then(|()| if show { progress.pause(|| outcome::show(delivered, terminal)) } else { Ok(()) });
        match result {
            Ok(()) => true,
            Err(error) => {
                self.error.get_or_insert(error);
                false
            }
        }
    }
}
