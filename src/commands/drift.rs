//! `cfwh drift`: compares bodies with the document, event by event.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::cli;
use crate::drift::baseline::Baseline;
use crate::drift::report::EventDrift;
use crate::drift::{DeclaredBodies, DriftCounts, InferredSchema, Observer};
use crate::output::drift::{DriftFormat, DriftReport};
use crate::output::{Terminal, escape};
use crate::profiles::{KnownEvent, Profile};

use super::exit::Exit;
use super::input::batches::{Batch, batches};
use super::input::{self, ReadOptions, parallel};

pub(super) fn run(arguments: &cli::drift::Drift, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let options = ReadOptions { numbered: arguments.numbered, ..ReadOptions::json(arguments.limits) };
    let read_baseline = |path: &PathBuf| read_baseline(path, options.max_body);
    let baseline = arguments.baseline.as_ref().map(read_baseline).transpose()?;
    let files = input::list_files(&arguments.paths)?;
    input::check_stdin(&files, terminal)?;
    if arguments.infer {
        let (inferred, unreadable) = observe(&files, options, arguments.event, InferredSchema::default, terminal)?;
        if inferred.is_empty() {
            return nothing_compared(unreadable, options);
        }
        terminal.json(escape::json(&format!("{:#}\n", inferred.schema())).as_bytes())?;
        return Ok(exit(true, unreadable));
    }
    let results = arguments.merge.then(|| read_results(&files, options)).transpose()?;
    let profile = arguments.profile.or_else(|| Profile::named(&results.as_ref()?.first()?.1.document.profile));
    let declared = DeclaredBodies::new(profile.unwrap_or(Profile::default_profile()));
    let new = || DriftCounts::new(&declared);
    let (counts, unreadable) = match results {
        Some(results) => (merge(&results, new())?, 0),
        None => observe(&files, options, arguments.event, new, terminal)?,
    };
    if counts.is_empty() {
        return nothing_compared(unreadable, options);
    }
    let mut events = counts.differences();
    let known = baseline.map(|baseline| events.iter_mut().map(|drift| baseline.remove_known(drift)).sum());
    let format = if terminal.is_json() { DriftFormat::Json } else { arguments.format.unwrap_or(DriftFormat::Text) };
    let report = DriftReport { events: &events, profile: declared.profile(), known, skipped: counts.skipped() };
    terminal.bytes(report.render(format, terminal.style()).as_bytes())?;
    terminal.flush()?;
    terminal.say(&report.summary());
    Ok(exit(report.count() == 0, unreadable))
}

fn exit(yes: bool, unreadable: usize) -> Exit {
    if unreadable > 0 { Exit::Trouble } else { Exit::when(yes) }
}

/// No input is a JSON object. A part of a larger input may have none.
fn nothing_compared(unreadable: usize, options: ReadOptions) -> anyhow::Result<Exit> {
    if unreadable == 0 && !options.numbered {
        bail!("no input is a JSON object, so no body can be compared");
    }
    Ok(exit(true, unreadable))
}

/// Observes all bodies, on all cores. Returns how many inputs are unreadable, too; they are reported.
fn observe<C: Observer + Send>(
    files: &[PathBuf],
    options: ReadOptions,
    event: Option<KnownEvent>,
    new: impl Fn() -> C + Sync,
    terminal: &mut Terminal,
) -> anyhow::Result<(C, usize)> {
    let (mut counts, mut unreadable) = (new(), 0);
    let observe = |batch: Batch<'_>| {
        let (mut counts, mut errors) = (new(), Vec::new());
        for input in batch.read() {
            match input {
                Ok(input) => counts.add(&input.file, input.line, &input.request, event),
                Err(error) => errors.push(error),
            }
        }
        (counts, errors)
    };
    parallel::map_in_order(batches(files, options), observe, |(part, errors): (C, Vec<anyhow::Error>)| {
        counts.merge(part);
        unreadable += errors.len();
        for error in &errors {
            terminal.error(error);
        }
        Ok::<_, anyhow::Error>(())
    })?;
    Ok((counts, unreadable))
}

/// Reads the results of earlier runs, each with the name of its input. Parts without any body have none.
fn read_results(files: &[PathBuf], options: ReadOptions) -> anyhow::Result<Vec<(String, EventDrift)>> {
    let mut results = Vec::new();
    for input in batches(files, options).flat_map(Batch::read) {
        let input = input?;
        for result in serde_json::Deserializer::from_slice(input.request.body()).into_iter() {
            let result = result.with_context(|| {
                format!(
                    "{} was not written by `cfwh drift --json`; run it on each part, and merge what it prints",
                    input.name()
                )
            })?;
            results.push((input.name(), result));
        }
    }
    if results.is_empty() {
        bail!("no input has a line, so no result can be merged");
    }
    Ok(results)
}

fn merge<'d>(results: &[(String, EventDrift)], mut counts: DriftCounts<'d>) -> anyhow::Result<DriftCounts<'d>> {
    for (name, drift) in results {
        counts.merge_report(drift).with_context(|| format!("cannot merge {name}"))?;
    }
    Ok(counts)
}

fn read_baseline(path: &Path, limit: usize) -> anyhow::Result<Baseline> {
    let cannot = || input::cannot_read(&path.to_string_lossy());
    let bytes = input::read_file(path, limit).and_then(|bytes| bytes.ok_or_else(|| input::too_large(limit)));
    let bytes = bytes.with_context(cannot)?;
    let text = input::utf8(&bytes).with_context(cannot)?;
    if text.trim_ascii().is_empty() {
        bail!("{} is empty; write a baseline with `cfwh drift --json`", path.display());
    }
    Baseline::parse(text).with_context(|| format!("{} is not a baseline", path.display()))
}
