//! Records which options the user gave.

use std::collections::BTreeSet;

use clap::parser::ValueSource;
use clap::{ArgMatches, Args, Command, FromArgMatches};

/// The long names of the options that are on the command line. Options with only a default value are not included.
///
/// This must be the first field of a command's struct, because clap removes a value when it parses its field.
#[derive(Clone, Debug, Default)]
pub struct GivenOptions(BTreeSet<String>);

impl GivenOptions {
    /// Returns whether an option such as `secret-file` was given.
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
