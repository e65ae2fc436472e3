//! `cfwh captures show`

use anyhow::Context;

use crate::cli::captures::CapturesShow;
use crate::commands::authentication::{self, SchemeUse};
use crate::commands::exit::Exit;
use crate::commands::input;
use crate::inspector::Inspector;
use crate::output::Terminal;

use super::open::open;

pub(super) fn run(arguments: &CapturesShow, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    terminal.end_with_reader();
    let CapturesShow { folder, number, profile, auth, secrets } = arguments;
    input::check_stdin(&secrets.secret_file, terminal)?;
    let scheme = authentication::scheme(auth, secrets.into(), &SchemeUse::default(), terminal)?;
    let inspector = Inspector { profile: *profile, scheme };
    let listed = open(folder, terminal)?;
    let delivery = listed.deliveries.iter().find(|delivery| delivery.number == Some(*number));
    let delivery = delivery.with_context(|| {
        format!("{} has no delivery {number}; list them with `cfwh captures list`", folder.display())
    })?;
    terminal.print(&inspector.inspect(delivery)?)?;
    Ok(Exit::Yes)
}
