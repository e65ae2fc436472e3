//! `cfwh captures diff`

use std::path::Path;

use anyhow::{Context, anyhow, bail};

use crate::cli::captures::CapturesDiff;
use crate::cli::limits::Limits as InputLimits;
use crate::commands::exit::Exit;
use crate::commands::input::batches::Input;
use crate::commands::input::file_format::FileFormat;
use crate::commands::input::{self, ReadOptions};
use crate::json::diff::{Differences, Limits, diff};
use crate::json::{self, Node};
use crate::output::Terminal;
use crate::output::captures::DeliveryDiff;

pub(super) fn run(arguments: &CapturesDiff, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    input::check_stdin([&arguments.before, &arguments.after], terminal)?;
    let read = |path: &Path| read(path, arguments.limits);
    let (before, after) = (read(&arguments.before)?, read(&arguments.after)?);
    let (old, new) = (before.request.body(), after.request.body());
    // Identical bodies need no structure, so they may be anything.
    let is_same = old == new;
    let body = if is_same {
        Differences::default()
    } else {
        diff((old, &parse(&before)?), (new, &parse(&after)?), Limits::default())
    };
    let target = (before.request.target(), after.request.target());
    let target = (target.0 != target.1).then_some(target);
    // A body without a head has no headers to compare.
    let has_heads = [&before, &after].iter().all(|input| input.format == FileFormat::Capture);
    let headers = if has_heads { before.request.headers().differences(after.request.headers()) } else { Vec::new() };
    let names = (before.name(), after.name());
    let result = DeliveryDiff::new((&names.0, &names.1), target.filter(|_| has_heads), headers, body);
    terminal.print(&result)?;
    Ok(Exit::when(result.is_empty()))
}

/// Reads a file with exactly one delivery.
fn read(path: &Path, limits: InputLimits) -> anyhow::Result<Input> {
    if path.is_dir() {
        bail!("{} is a folder; give two captures or bodies", path.display());
    }
    let mut inputs = input::read(vec![path.to_owned()], ReadOptions::json(limits));
    let first = inputs.next().with_context(|| format!("{} is empty", path.display()))??;
    if inputs.next().is_some() {
        bail!("{} contains more than one delivery; give a file with one", path.display());
    }
    Ok(first)
}

fn parse(input: &Input) -> anyhow::Result<Node<'_>> {
    json::parse(input.request.body()).map_err(|error| anyhow!("{} is not JSON: {}", input.name(), error.message))
}
