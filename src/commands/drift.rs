//! `cfwh drift`: compares bodies with the document, event by event.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::cli;
use crate::drift::Observations;
use crate::drift::baseline::Baseline;
use crate::output::drift::{DriftFormat, DriftReport};
use crate::output::{Terminal, escape};
use crate::profiles::KnownEvent;

use super::exit::Exit;
use super::input::batches::{Batch, batches};
use super::input::{self, ReadOptions, parallel};

pub(super) fn run(arguments: &cli::drift::Drift, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let options = ReadOptions::json(arguments.limits);
    let read_baseline = |path: &PathBuf| read_baseline(path, options.max_body);
    let baseline = arguments.baseline.as_ref().map(read_baseline).transpose()?;
    let files = input::list_files(&arguments.paths)?;
    input::check_stdin(&files, terminal)?;
    let mut observations = Observations::default();
    let mut unreadable = 0;
    let observe = |(part, batch): (usize, Batch<'_>)| observe(part, batch, arguments.event);
    parallel::map_in_order(
        batches(&files, options).enumerate(),
        observe,
        |(observed, errors): (Observations, Vec<anyhow::Error>)| {
            observations.merge(observed);
            unreadable += errors.len();
            for error in &errors {
                terminal.error(error);
            }
            Ok::<_, anyhow::Error>(())
        },
    )?;
    if observations.is_empty() {
        if unreadable == 0 {
            bail!("no input is a JSON object, so no body can be compared");
        }
        return Ok(Exit::Trouble);
    }
    let exit = |yes| if unreadable > 0 { Exit::Trouble } else { Exit::when(yes) };
    if arguments.infer {
        let schema = format!("{:#}\n", observations.schema());
        terminal.json(escape::json(&schema).as_bytes())?;
        return Ok(exit(true));
    }
    let mut events = observations.differences(arguments.profile);
    let known = baseline.map(|baseline| events.iter_mut().map(|drift| baseline.remove_known(drift)).sum());
    let format = if terminal.is_json() { DriftFormat::Json } else { arguments.format.unwrap_or(DriftFormat::Text) };
    let report = DriftReport { events: &events, profile: arguments.profile, known, skipped: observations.skipped() };
    terminal.bytes(report.render(format, terminal.style()).as_bytes())?;
    terminal.flush()?;
    terminal.say(&report.summary());
    Ok(exit(report.count() == 0))
}

/// Observes the bodies of one batch, on any thread.
fn observe(part: usize, batch: Batch<'_>, event: Option<KnownEvent>) -> (Observations, Vec<anyhow::Error>) {
    let (mut observations, mut errors) = (Observations::for_part(part), Vec::new());
    for input in batch.read() {
        match input {
            Ok(input) => observations.add(&input.file, input.line, &input.request, event),
            Err(error) => errors.push(error),
        }
    }
    (observations, errors)
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
