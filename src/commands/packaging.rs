//! Completion scripts and man pages.

use anyhow::bail;
use clap::CommandFactory;

use crate::cli::{self, Cli};
use crate::models::event::nearest;
use crate::output::Terminal;

use super::exit::Exit;

pub(super) fn completions(arguments: &cli::catalogue::Completions, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Cli::command(), "cfwh", &mut script);
    terminal.bytes(&script)?;
    Ok(Exit::Yes)
}

pub(super) fn man(arguments: &cli::catalogue::Man, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let mut whole = Cli::command();
    whole.build();
    let page = match &arguments.command {
        None => whole,
        Some(name) => {
            let Some(command) = whole.find_subcommand(name) else {
                let nearest = nearest(name, whole.get_subcommands().map(clap::Command::get_name));
                let nearest = nearest.map(|nearest| format!("; did you mean `{nearest}`?")).unwrap_or_default();
                bail!("there is no command `{name}`{nearest}");
            };
            command.clone()
        }
    };
    let mut roff = Vec::new();
    clap_mangen::Man::new(page).render(&mut roff)?;
    terminal.bytes(&roff)?;
    Ok(Exit::Yes)
}
