//! `cfwh probe`: is a receiver right?

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, anyhow, bail};
use http::Method;

use crate::auth::cases::{Role, RootCause};
use crate::auth::{ALL as SCHEMES, SchemeInfo};
use crate::cli;
use crate::cli::probe::ProbeFormat;
use crate::client::outgoing::as_stored;
use crate::client::tls::Trust;
use crate::client::url::{self, UrlTemplate};
use crate::models::event::nearest;
use crate::output::Terminal;
use crate::output::results::{CaseRow, Graded, Probed, RootCauseRow, Tried};
use crate::probe::cases::{self, Case};
use crate::probe::{CaseResult, Prober, grade, root_causes};
use crate::profiles::EventIn;
use crate::store::captures;

use super::atomic_write;
use super::exit::Exit;
use super::secret;

pub(super) fn run(arguments: &cli::probe::Probe, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    if arguments.format == ProbeFormat::Json {
        terminal.speak_json();
    }
    let cases = chosen(&arguments.only, &arguments.skip)?;
    if arguments.list {
        let rows: Vec<_> = cases.iter().map(row).collect();
        terminal.cases(&rows)?;
        return Ok(Exit::Yes);
    }
    let address = UrlTemplate::parse(arguments.url.as_deref().context("which receiver? cfwh probe URL")?)?;
    let shown = address.to_string();
    if !url::is_loopback(address.url()) && !arguments.yes {
        bail!("{shown} is not this machine, and a probe sends wrong and large deliveries: --yes if it is yours");
    }
    if arguments.profile.event_in == EventIn::Url && !address.has_placeholder() {
        terminal.warn("bodies of Confluence Cloud name no event: put {event} where your URLs have its name");
    }
    let scheme = secret::scheme(secret::one(&arguments.secret)?);
    let signs = scheme.is_some();
    if !signs {
        terminal.say("no secret: sig/* is left out");
    }
    let mut cases: Vec<_> = cases.into_iter().filter(|case| signs || !case.is_auth()).collect();
    if cases.is_empty() {
        bail!("no case is left to run: {}", secret::NONE);
    }
    let trust = if arguments.insecure { Trust::Any } else { Trust::System };
    let prober = Prober::new(address, arguments.profile, scheme.clone(), arguments.timeout, &trust)?;
    let start = Instant::now();
    if !prober.check_reachable()? && cases.iter().any(is_essential) {
        terminal.say("it does not answer in time: only what matters most is tried");
        cases.retain(is_essential);
    }
    let progress = terminal.progress(Some(cases.len() as u64));
    let mut outcomes = Vec::new();
    for case in cases {
        let outcome = prober.run(case);
        if let Some(folder) = &arguments.save {
            save(&outcome, folder).with_context(|| format!("cannot save {} in {}", case.id(), folder.display()))?;
        }
        outcomes.push(outcome);
        progress.step();
    }
    let mistaken = if root_causes::rejects_valid(&outcomes) { prober.find_mistakes() } else { Vec::new() };
    progress.end();
    let result = Probed {
        url: shown,
        grade: graded(&outcomes, scheme.map(|scheme| scheme.info()), mistaken),
        cases: outcomes.iter().map(tried).collect(),
        time: start.elapsed(),
    };
    match arguments.format {
        _ if terminal.is_json() => terminal.probed(&result)?,
        ProbeFormat::Text | ProbeFormat::Json => terminal.probed(&result)?,
        ProbeFormat::Junit => terminal.probed_junit(&result)?,
        ProbeFormat::Sarif => terminal.probed_sarif(&result)?,
    }
    Ok(Exit::when(grade::is_right(&outcomes, arguments.strict)))
}

/// Is it worth trying on a receiver that does not answer? All cases would take minutes, and tell no more.
const fn is_essential(case: &Case) -> bool {
    matches!(case.info.role, Role::Valid)
}

/// The cases that `--only` names, or all, without those that `--skip` names.
fn chosen(only: &[String], skip: &[String]) -> anyhow::Result<Vec<Case>> {
    let all = || cases::all(Some(SCHEMES[0]));
    for pattern in only.iter().chain(skip) {
        if !all().any(|case| matches(pattern, case.id().0)) {
            let meant = nearest(pattern, all().map(|case| case.id().0));
            let meant =
                meant.map_or_else(|| "--list lists them".to_owned(), |meant| format!("did you mean `{meant}`?"));
            return Err(anyhow!("there is no case `{pattern}`; {meant}"));
        }
    }
    let among = |patterns: &[String], case: &Case| patterns.iter().any(|pattern| matches(pattern, case.id().0));
    let chosen: Vec<_> = all().filter(|case| (only.is_empty() || among(only, case)) && !among(skip, case)).collect();
    if chosen.is_empty() {
        bail!("no case is left to run");
    }
    Ok(chosen)
}

/// `sig/missing`, `sig/*`, `sig`
fn matches(pattern: &str, id: &str) -> bool {
    match pattern.split_once('*') {
        Some((start, end)) => id.len() >= start.len() + end.len() && id.starts_with(start) && id.ends_with(end),
        None => id == pattern || id.strip_prefix(pattern).is_some_and(|rest| rest.starts_with('/')),
    }
}

const fn row(case: &Case) -> CaseRow {
    let info = case.info;
    CaseRow { case: info.id.0, level: info.level.name(), rule: info.rule, sent: info.sent, help: info.help }
}

fn tried(outcome: &CaseResult) -> Tried {
    let info = outcome.case.info;
    Tried {
        case: info.id.0,
        level: info.level.name(),
        verdict: if outcome.failure.is_some() { "fail" } else { "pass" },
        rule: info.rule,
        sent: info.sent,
        received: outcome.received.clone(),
        help: info.help,
    }
}

fn graded(outcomes: &[CaseResult], scheme: Option<&'static SchemeInfo>, mistaken: Vec<RootCause>) -> Graded {
    let grade = grade::grade(outcomes);
    let causes = root_causes::root_causes(outcomes, scheme, mistaken);
    Graded {
        r#type: "grade",
        grade: grade.letter,
        reason: grade.reason,
        passed: grade.passed,
        failed: grade.failed,
        causes: causes.iter().map(|cause| RootCauseRow { cause: cause.cause, help: cause.help }).collect(),
    }
}

/// Each delivery as a capture named after its case: `sig-missing.http`, `event-known-01.http`. What is no POST has no
/// capture.
fn save(outcome: &CaseResult, folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)?;
    let name = outcome.case.id().0.replace('/', "-");
    let posts = outcome.requests.iter().filter(|request| request.delivery.method() == Method::POST);
    for (index, request) in posts.enumerate() {
        let saved = as_stored(&request.url, &request.delivery);
        let number = if outcome.requests.len() > 1 { format!("-{:02}", index + 1) } else { String::new() };
        let path = folder.join(format!("{name}{number}.{}", captures::EXTENSION));
        atomic_write::write(&path, &captures::message(&saved))?;
    }
    Ok(())
}
