//! Which options were typed.

use std::collections::BTreeSet;

use clap::parser::ValueSource;
use clap::{ArgMatches, Args, Command, FromArgMatches};

/// The options on the command line, by their ids, which are their long names; those that only have a default value are not
/// among them. It must be the first field of a command:
/// parsing a field takes its value away.
#[derive(Clone, Debug, Default)]
pub struct GivenOptions(BTreeSet<String>);

impl GivenOptions {
    /// Returns whether an option was typed: `secret-file`.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains(name)
    }
}

impl FromArgMatches for GivenOptions {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let is_typed = |id: &&str| matches.value_source(id) == Some(ValueSource::CommandLine);
        Ok(Self(matches.ids().map(clap::Id::as_str).filter(is_typed).map(|id| id.replace('_', "-")).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for GivenOptions {
    fn augment_args(command: Command) -> Command {
        command
    }

    fn augment_args_for_update(command: Command) -> Command {
        command
    }
}
