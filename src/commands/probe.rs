//! `cfwh probe`: tests a receiver.

mod owned_receiver;
mod recordings;

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, bail};
use http::Method;

use crate::auth::cases::CaseId;
use crate::auth::jwt::keys::RsaKey;
use crate::auth::{SchemeInfo, forge};
use crate::cli;
use crate::client::outgoing::as_stored;
use crate::client::tls::Trust;
use crate::client::url::{self, UrlTemplate};
use crate::models::event::nearest;
use crate::output::Terminal;
use crate::output::emit;
use crate::output::probe::{GradeRule, ProbeReport};
use crate::probe::cases::{self, Case, Conditions};
use crate::probe::{
    CaseResult, Pace, Prober, ReceiverProcess, Recording, StateProber, StateSource, grade, root_causes, select,
};
use crate::profiles::{EventIn, Profile};
use crate::store::{capture_format, captures};

use super::atomic_write;
use super::authentication::{self, SchemeUse};
use super::exit::Exit;
use super::input::file_format::RESPONSE_EXTENSION;
use super::key_server::{BoundKeySet, ServedKeys};
use super::secret;
use super::trust::trust;
use owned_receiver::OwnedReceiver;
use recordings::Recordings;

pub(super) fn run(arguments: &cli::probe::Probe, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    if arguments.format.name == emit::JSON.name {
        terminal.set_json();
    } else if terminal.is_json() && arguments.given.has("format") {
        bail!("--json means --format json; leave out --json or --format {}", arguments.format.name);
    }
    let mut cases = chosen(arguments.profile, authentication::info(&arguments.auth), &arguments.only, &arguments.skip)?;
    if arguments.list {
        if ![&emit::TEXT, &emit::JSON].map(|format| format.name).contains(&arguments.format.name) {
            bail!("--list does not support --format {}; use text or json", arguments.format.name);
        }
        let is_authenticated = !authentication::is_off(&arguments.auth);
        cases.retain(|case| {
            case.runs(Conditions {
                is_authenticated,
                has_client_key: true,
                has_served_keys: true,
                has_state: true,
                has_process: true,
            })
        });
        terminal.print_all(&cases)?;
        if !terminal.is_json() {
            terminal.print(&GradeRule::of(&cases))?;
        }
        return Ok(Exit::Yes);
    }
    check_jwks_port(arguments)?;
    check_all(arguments, terminal)?;
    let recordings = Recordings::read(arguments)?;
    let all = cases::all(arguments.profile, Some(authentication::info(&arguments.auth)));
    let ids: Vec<CaseId> = all.map(|case| case.id()).collect();
    let address = UrlTemplate::parse(
        arguments.url.as_deref().context("the URL of the receiver is missing; run `cfwh probe URL`")?,
    )?;
    let shown = address.to_string();
    if !url::is_loopback(address.url()) && !arguments.yes {
        bail!(
            "{shown} is not this machine, and a probe sends invalid and large deliveries; if it is your receiver, add --yes"
        );
    }
    if arguments.profile.event_in == EventIn::Url && !address.has_placeholder() {
        terminal.warn("bodies of Confluence Cloud do not name their event; put {event} into the URL if your receiver has one URL per event");
    }
    let scheme = authentication::scheme(
        &arguments.auth,
        (&arguments.secret).into(),
        &SchemeUse::signing_for(address.url()),
        terminal,
    )?;
    let signs = scheme.is_some();
    if !signs {
        terminal.say("no secret given: the cases sig/* are skipped");
    }
    let conditions = Conditions {
        is_authenticated: signs,
        has_client_key: arguments.auth.client_key.is_some(),
        has_served_keys: arguments.jwks_port.is_some(),
        has_state: arguments.state.is_some(),
        has_process: !arguments.command.is_empty(),
    };
    let left_out = cases.iter().any(Case::is_about_state);
    cases.retain(|case| case.runs(conditions));
    if cases.is_empty() && left_out {
        bail!("these cases compare states; give --state URL|CMD, and for state/crash also -- COMMAND");
    }
    if cases.is_empty() {
        bail!("no case is left to run: {}", secret::NONE);
    }
    if arguments.state.is_some() && !cases.iter().any(Case::is_about_state) {
        bail!("none of the selected cases compares states; leave out --state, or add --only 'state/*'");
    }
    let auth = scheme.as_ref().map_or("none", |scheme| scheme.info().name);
    recordings.check(arguments.profile.name, auth)?;
    cases.retain(|case| recordings.selects(case.id()));
    if cases.is_empty() {
        terminal.say("no case failed in the recording, so no case is run");
        return Ok(Exit::Yes);
    }
    let trust = trust(arguments.insecure, arguments.cacert.as_deref())?;
    let receiver = OwnedReceiver::start(&arguments.command, address.url())?;
    // Each prober uses different identifiers.
    let new_prober = || Prober::new(address.clone(), arguments.profile, scheme.clone(), arguments.timeout, &trust);
    let mut prober = new_prober()?;
    let served = arguments.jwks_port.map(|port| serve_keys(port, &arguments.auth, terminal)).transpose()?;
    let start = Instant::now();
    let count = cases.len();
    let pace = prober.adapt(&mut cases)?;
    if cases.len() < count {
        say_pace(pace, &cases, terminal);
    }
    let mut states = state_prober(arguments, &prober, receiver.as_ref(), &trust)?;
    let progress = terminal.progress(Some(cases.len() as u64 * recordings.runs()));
    let mut results = Vec::new();
    for case in &cases {
        // The server catches the signals that would have ended this process.
        if served.as_ref().is_some_and(ServedKeys::has_ended) {
            bail!("interrupted before all cases had run");
        }
        let result = run_case(*case, &prober, states.as_mut())?;
        if let Some(folder) = &arguments.save {
            save(&result, folder).with_context(|| format!("cannot save {} in {}", case.id(), folder.display()))?;
        }
        results.push(result);
        progress.step();
    }
    let mistaken = if root_causes::rejects_valid(&results) { prober.find_mistakes() } else { Vec::new() };
    let again = recordings.compare(&mut results, |cases| {
        let prober = new_prober()?.with_pace(pace);
        let mut states = state_prober(arguments, &prober, receiver.as_ref(), &trust)?;
        let run = |case: Case| {
            progress.step();
            run_case(case, &prober, states.as_mut())
        };
        cases.into_iter().map(run).collect()
    })?;
    progress.end();
    recordings.write(&Recording::new(arguments.profile.name, auth, &results, &again), terminal)?;
    let info = scheme.map(|scheme| scheme.info());
    let mut named = root_causes::root_causes(&mut results, info, mistaken);
    named.extend(states.iter().flat_map(StateProber::causes));
    let mut grade = grade::grade(&results, named);
    if !arguments.only.is_empty() || !arguments.skip.is_empty() || recordings.is_selection() {
        grade = grade.of_selection();
    } else if pace == Pace::Slow {
        grade = grade.of_slow_receiver();
    }
    let comparison = recordings.comparison(&results, &ids);
    let exit = Exit::when(match &comparison {
        Some(comparison) => comparison.changes.regressed.is_empty(),
        None => grade::is_right(&results, arguments.strict),
    });
    let folder = arguments.save.as_ref().filter(|folder| folder.is_relative());
    let folder = folder.map_or_else(|| "probe".into(), PathBuf::clone);
    let report = ProbeReport { folder, results, grade, comparison, shows_all: arguments.all, elapsed: start.elapsed() };
    let format = if terminal.is_json() { &emit::JSON } else { arguments.format };
    let text = format.render(report.checker(), terminal.style(), report.checks(), Some(&report.summary()));
    terminal.bytes(text.as_bytes())?;
    Ok(exit)
}

/// Says why only some of the cases run.
fn say_pace(pace: Pace, cases: &[Case], terminal: &mut Terminal) {
    let names = cases.iter().map(|case| case.id().0).collect::<Vec<_>>().join(", ");
    terminal.say(&match pace {
        Pace::Fast => return,
        Pace::Slow => format!(
            "the receiver responds after more than --timeout: only {names} run; give a longer --timeout to run all cases"
        ),
        Pace::Silent => format!("the receiver does not respond in time: only {names} run"),
    });
}

fn run_case(case: Case, prober: &Prober, states: Option<&mut StateProber<'_>>) -> anyhow::Result<CaseResult> {
    match states {
        Some(states) if case.is_about_state() => Ok(states.run(case)?),
        _ => Ok(prober.run(case)),
    }
}

/// Prepares the comparison of states, if --state is given. Reads the state once, so that an invalid command fails now.
fn state_prober<'a>(
    arguments: &cli::probe::Probe,
    prober: &'a Prober,
    receiver: Option<&'a OwnedReceiver>,
    trust: &Trust,
) -> anyhow::Result<Option<StateProber<'a>>> {
    let Some(state) = &arguments.state else { return Ok(None) };
    let source = StateSource::new(state, arguments.settle, arguments.timeout, trust)?;
    source.read()?;
    let process = receiver.map(|receiver| receiver as &dyn ReceiverProcess);
    Ok(Some(StateProber::new(prober, source, process, trust)?))
}

/// Refuses `--jwks-port` for receivers that do not fetch keys.
fn check_jwks_port(arguments: &cli::probe::Probe) -> anyhow::Result<()> {
    let is_given = arguments.jwks_port.is_some();
    if is_given && authentication::is_off(&arguments.auth) {
        bail!("--jwks-port does not apply to --auth none; leave out one of them");
    }
    let options = [("jwks-port", is_given)];
    authentication::refuse_unfit(authentication::info(&arguments.auth), &options, SchemeInfo::has_key_set)
}

/// Serves the signing key and a second key.
fn serve_keys(port: u16, auth: &cli::Auth, terminal: &mut Terminal) -> anyhow::Result<ServedKeys> {
    let mut keys = authentication::read_keys(&auth.key)?;
    if keys.is_empty() {
        keys.push(RsaKey::example(forge::KEY_ID));
    }
    keys.push(forge::second_key());
    let bound = BoundKeySet::new(port, &keys, &[])?;
    terminal.say(&format!("the keys are at {}; configure your receiver to fetch them there", bound.ready.url));
    Ok(bound.serve_in_background())
}

/// Refuses `--all` with formats that show every failure anyway.
fn check_all(arguments: &cli::probe::Probe, terminal: &Terminal) -> anyhow::Result<()> {
    let format = if terminal.is_json() { emit::JSON.name } else { arguments.format.name };
    if arguments.all && format != emit::TEXT.name {
        bail!("--all applies only to text, because {format} always contains every failure; leave out --all");
    }
    Ok(())
}

/// Returns the cases of `--only`, or all cases, without those of `--skip`.
fn chosen(
    profile: &Profile,
    scheme: &'static SchemeInfo,
    only: &[String],
    skip: &[String],
) -> anyhow::Result<Vec<Case>> {
    let all: Vec<_> = cases::all(profile, Some(scheme)).collect();
    let cases = select(all.clone(), only, skip).map_err(|pattern| {
        let meant = nearest(pattern, all.iter().map(|case| case.id().0));
        let advice = meant.map_or("list all cases with --list".to_owned(), |meant| format!("did you mean `{meant}`?"));
        anyhow::anyhow!("unknown case `{pattern}`; {advice}")
    })?;
    if cases.is_empty() {
        bail!("no case is left to run");
    }
    Ok(cases)
}

/// Saves each delivery as a capture named after its case, with its response: `sig-missing.http`,
/// `sig-missing.response.http`, `event-known-01.http`. Requests other than POST have no capture.
fn save(result: &CaseResult, folder: &Path) -> anyhow::Result<()> {
    captures::create_folder(folder)?;
    for (index, request) in result.requests.iter().enumerate() {
        let path = |extension| folder.join(format!("{}.{extension}", result.file_stem(index)));
        if request.delivery.method() == Method::POST {
            let saved = as_stored(&request.url, &request.delivery);
            atomic_write::write_private(&path(capture_format::EXTENSION), &capture_format::message(&saved))?;
        }
        let response_path = path(RESPONSE_EXTENSION);
        match result.received.responses.get(index).and_then(Option::as_ref) {
            Some(response) => atomic_write::write_private(&response_path, &response.to_message())?,
            // A response of an earlier run would be misleading.
            None if response_path.exists() => std::fs::remove_file(&response_path)?,
            None => {}
        }
    }
    Ok(())
}
