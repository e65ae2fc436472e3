//! `cfwh completions` and `cfwh man`.

use anyhow::{Error, bail};
use clap::CommandFactory;

use crate::cli::help::find_command;
use crate::cli::{self, Cli};
use crate::output::Terminal;

use super::exit::Exit;

pub(super) fn completions(arguments: &cli::catalogue::Completions, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    if terminal.is_json() {
        bail!("completion scripts cannot be printed as JSON; leave out --json");
    }
    terminal.bytes(&cli::shells::script(arguments.shell)?)?;
    Ok(Exit::Yes)
}

pub(super) fn man(arguments: &cli::catalogue::Man, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    if terminal.is_json() {
        bail!("man pages cannot be printed as JSON; leave out --json, or use `cfwh help --json`");
    }
    let mut whole = Cli::command();
    whole.build();
    let page = find_command(&whole, &arguments.command).map_err(Error::msg)?.clone();
    let mut roff = Vec::new();
    clap_mangen::Man::new(page).render(&mut roff)?;
    terminal.bytes(&roff)?;
    Ok(Exit::Yes)
}
