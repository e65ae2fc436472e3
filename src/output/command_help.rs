//! The help of a command as data: one line of `help --json`.

use serde::Serialize;

use super::show::Show;
use super::style::Style;

/// A command with its arguments.
#[derive(Debug, Serialize)]
pub struct CommandHelp {
    /// The words after `cfwh`; empty for `cfwh` itself.
    pub command: String,
    /// The summary, in one sentence.
    pub about: String,
    /// The arguments.
    pub arguments: Vec<ArgumentHelp>,
    /// The exit codes.
    pub exit_codes: Vec<ExitCodeHelp>,
    /// The help as text.
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
    /// The name of its value; `None` for a flag.
    pub value: Option<String>,
    /// The possible values, if they are a fixed list.
    pub values: Vec<String>,
    /// The default value.
    pub default: Option<String>,
    /// Whether it is required.
    pub required: bool,
    /// Whether it may be given several times.
    pub repeatable: bool,
    /// The description.
    pub help: String,
}

/// An exit code with its meaning.
#[derive(Debug, Serialize)]
pub struct ExitCodeHelp {
    /// The code.
    pub code: u8,
    /// The meaning.
    pub meaning: String,
}

impl Show for CommandHelp {
    fn text(&self, _: Style) -> String {
        self.text.clone()
    }
}
