//! The help of a command as data: a line of `help --json`.

use serde::Serialize;

use super::show::Show;
use super::style::Style;

/// A command with its arguments.
#[derive(Debug, Serialize)]
pub struct CommandHelp {
    /// The words after `cfwh`; empty for what all commands have in common.
    pub command: String,
    /// What it does, in one sentence.
    pub about: String,
    /// What it takes.
    pub arguments: Vec<ArgumentHelp>,
    /// What its exit codes mean.
    pub exit_codes: Vec<ExitCodeHelp>,
    /// The help for a person.
    #[serde(skip)]
    pub text: String,
}

/// An option, a flag or a positional argument.
#[derive(Debug, Serialize)]
pub struct ArgumentHelp {
    /// `--to`, or the name of a positional argument: `SOURCE`.
    pub name: String,
    /// `-H`
    pub short: Option<String>,
    /// What its value is called; `None` for a flag.
    pub value: Option<String>,
    /// Its values, if there is a list of them.
    pub values: Vec<String>,
    /// Its value if it is not given.
    pub default: Option<String>,
    /// Must it be given?
    pub required: bool,
    /// May it be given several times?
    pub repeatable: bool,
    /// What it does.
    pub help: String,
}

/// What an exit code means.
#[derive(Debug, Serialize)]
pub struct ExitCodeHelp {
    /// The code.
    pub code: u8,
    /// What it means.
    pub meaning: String,
}

impl Show for CommandHelp {
    fn text(&self, _: Style) -> String {
        self.text.clone()
    }
}
