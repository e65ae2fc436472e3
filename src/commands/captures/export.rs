//! `cfwh captures export`

use anyhow::{Context, anyhow, bail};
use jiff::Timestamp;

use crate::cli::captures::{CapturesExport, ExportFormat};
use crate::commands::exit::Exit;
use crate::commands::input;
use crate::json;
use crate::models::request::Request;
use crate::output::Terminal;
use crate::output::show::ToJson;
use crate::store::folder::SavedDelivery;
use crate::store::har::{Archive, ArchivedDelivery};

use super::open::open;
use super::selection::Selection;

pub(super) fn run(arguments: CapturesExport, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    if terminal.is_json() {
        bail!("captures export prints the format of --format; leave out --json");
    }
    terminal.end_with_reader();
    let selection = Selection::new(arguments.filter);
    let listed = open(&arguments.folder, terminal)?;
    // A delivery that was not saved has no bytes to export.
    let saved = listed.deliveries.iter().filter(|delivery| delivery.capture.is_some());
    let chosen = saved.filter_map(|delivery| {
        let read = || {
            let chosen = selection.choose(delivery)?;
            chosen.map(|_| Ok((delivery, selection.inspector().capture(delivery)?.delivery))).transpose()
        };
        read().transpose()
    });
    let mut count = 0_usize;
    let exit = match arguments.format {
        ExportFormat::Har => export_archive(chosen, &mut count, terminal)?,
        ExportFormat::Ndjson => export_lines(chosen, &mut count, terminal)?,
    };
    if count == 0 {
        terminal.say("no delivery matches");
    }
    Ok(exit.max(Exit::when(count > 0)))
}

/// Prints an archive entry by entry, because a folder may be larger than memory.
fn export_archive<'a>(
    chosen: impl Iterator<Item = anyhow::Result<(&'a SavedDelivery, Request)>>,
    count: &mut usize,
    terminal: &mut Terminal,
) -> anyhow::Result<Exit> {
    let empty = Archive::new([]).to_json();
    let (head, tail) = empty.split_once("[]").context("an archive has entries")?;
    let mut before = format!("{head}[\n");
    let exit = input::for_each(chosen, terminal, |(delivery, request), terminal| {
        let entry = delivery.entry.as_ref();
        let archived = ArchivedDelivery {
            request: &request,
            at: entry.map_or(Timestamp::UNIX_EPOCH, |entry| entry.at),
            response: entry.and_then(|entry| Some((entry.response.as_ref()?, entry.ms))),
        };
        terminal.bytes(before.as_bytes())?;
        terminal.bytes(archived.entry().to_json().as_bytes())?;
        ",\n".clone_into(&mut before);
        *count += 1;
        Ok(Exit::Yes)
    })?;
    if *count > 0 {
        terminal.bytes(format!("\n]{tail}\n").as_bytes())?;
    }
    Ok(exit)
}

/// Prints bodies, one on each line.
fn export_lines<'a>(
    chosen: impl Iterator<Item = anyhow::Result<(&'a SavedDelivery, Request)>>,
    count: &mut usize,
    terminal: &mut Terminal,
) -> anyhow::Result<Exit> {
    input::for_each(chosen, terminal, |(delivery, request), terminal| {
        *count += 1;
        match json::on_one_line(request.body()) {
            Ok(line) => {
                terminal.json(&[&line, &b"\n"[..]].concat())?;
                Ok(Exit::Yes)
            }
            Err(error) => {
                let number = delivery.number.unwrap_or_default();
                terminal.error(&anyhow!("delivery {number} is skipped: its body is not JSON: {}", error.message));
                Ok(Exit::No)
            }
        }
    })
}
