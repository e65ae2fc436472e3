//! `cfwh captures list`

use crate::cli::captures::CapturesList;
use crate::commands::exit::Exit;
use crate::commands::input;
use crate::output::Terminal;

use super::open::open;
use super::selection::Selection;

pub(super) fn run(arguments: CapturesList, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    terminal.end_with_reader();
    let selection = Selection::new(arguments.filter);
    let listed = open(&arguments.folder, terminal)?;
    let summaries = listed.deliveries.iter().map(|delivery| selection.choose(delivery));
    let mut is_empty = true;
    let exit = input::for_each(summaries, terminal, |summary, terminal| {
        if let Some(summary) = summary {
            is_empty = false;
            terminal.print(&summary)?;
        }
        Ok(Exit::Yes)
    })?;
    if is_empty {
        terminal.say("no delivery matches");
    }
    Ok(exit.max(Exit::when(!is_empty)))
}
