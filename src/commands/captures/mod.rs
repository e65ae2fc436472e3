//! `cfwh captures`: lists, shows, compares, exports and redacts saved deliveries.

mod diff;
mod export;
mod list;
mod open;
mod redact;
mod selection;
mod show;

use crate::cli::captures::CapturesAction;
use crate::output::Terminal;

use super::exit::Exit;

pub(super) fn run(action: CapturesAction, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    match action {
        CapturesAction::List(arguments) => list::run(arguments, terminal),
        CapturesAction::Show(arguments) => show::run(&arguments, terminal),
        CapturesAction::Diff(arguments) => diff::run(&arguments, terminal),
        CapturesAction::Export(arguments) => export::run(arguments, terminal),
        CapturesAction::Redact(arguments) => redact::run(&arguments, terminal),
    }
}
