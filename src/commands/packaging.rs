//! Completion scripts and man pages.

use anyhow::Error;
use clap::CommandFactory;

use crate::cli::help::find_command;
use crate::cli::{self, Cli};
use crate::output::Terminal;

use super::exit::Exit;

pub(super) fn completions(arguments: &cli::catalogue::Completions, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    terminal.bytes(&cli::shells::script(arguments.shell)?)?;
    Ok(Exit::Yes)
}

pub(super) fn man(arguments: &cli::catalogue::Man, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let mut whole = Cli::command();
    whole.build();
    let page = match &arguments.command {
        None => whole,
        Some(name) => find_command(&whole, name).map_err(Error::msg)?.clone(),
    };
    let mut roff = Vec::new();
    clap_mangen::Man::new(page).render(&mut roff)?;
    terminal.bytes(&roff)?;
    Ok(Exit::Yes)
}
