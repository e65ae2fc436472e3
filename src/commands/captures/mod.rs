//! `cfwh captures`: looks at saved deliveries.

mod list;
mod open;
mod show;

use crate::cli::captures::CapturesAction;
use crate::output::Terminal;

use super::exit::Exit;

pub(super) fn run(action: CapturesAction, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    match action {
        CapturesAction::List(arguments) => list::run(arguments, terminal),
        CapturesAction::Show(arguments) => show::run(&arguments, terminal),
    }
}
