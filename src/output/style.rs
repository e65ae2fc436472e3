//! Colors. Only this file uses the crate `colored`.

use colored::{ColoredString, Colorize};

/// When to use color.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum ColorChoice {
    /// On a terminal, unless the environment says otherwise
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl ColorChoice {
    /// Returns whether to use color. `NO_COLOR` and `TERM=dumb` turn color off, `CLICOLOR_FORCE` and `FORCE_COLOR` turn it on.
    /// Otherwise only terminals have color.
    pub(super) fn is_colored(self, is_terminal: bool) -> bool {
        let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let is_forced = |name| is_set(name) && std::env::var_os(name).is_some_and(|value| value != "0");
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto if is_set("NO_COLOR") => false,
            Self::Auto if is_forced("CLICOLOR_FORCE") || is_forced("FORCE_COLOR") => true,
            Self::Auto => is_terminal && std::env::var_os("TERM").is_none_or(|term| term != "dumb"),
        }
    }
}

/// The style of rendered text.
#[derive(Clone, Copy, Debug, Default)]
pub struct Style {
    /// Whether to use color.
    pub color: bool,
    /// Whether to show more detail.
    pub verbose: bool,
    /// The width of the terminal; `None` if the output is not a terminal.
    pub width: Option<usize>,
}

/// The smallest width that is used. A narrower terminal wraps lines itself.
const MIN_WRAPPED: usize = 20;
/// The width if the output is not a terminal.
const USUAL_WIDTH: usize = 80;

impl Style {
    /// Returns the number of columns for a line.
    pub(super) fn columns(self) -> usize {
        self.width.unwrap_or(USUAL_WIDTH)
    }

    /// Wraps a line at the width of the terminal. All lines except the first are indented by `indent` blanks.
    pub(super) fn wrap(self, line: &str, indent: usize) -> String {
        let Some(width) = self.width.filter(|width| *width > indent + MIN_WRAPPED) else { return line.to_owned() };
        let blanks = " ".repeat(indent);
        textwrap::fill(line, textwrap::Options::new(width).subsequent_indent(&blanks))
    }

    /// Renders text with a style.
    fn paint<'t>(self, text: &'t str, paint: impl FnOnce(&'t str) -> ColoredString) -> String {
        if !self.color {
            return text.to_owned();
        }
        // Each stream has its own style, so the crate must not decide for all streams.
        colored::control::set_override(true);
        paint(text).to_string()
    }

    pub(super) fn red(self, text: &str) -> String {
        self.paint(text, Colorize::red)
    }

    pub(super) fn yellow(self, text: &str) -> String {
        self.paint(text, Colorize::yellow)
    }

    pub(super) fn green(self, text: &str) -> String {
        self.paint(text, Colorize::green)
    }

    pub(super) fn blue(self, text: &str) -> String {
        self.paint(text, Colorize::blue)
    }

    /// The color of arrows in findings.
    pub(super) fn bright_blue(self, text: &str) -> String {
        self.paint(text, Colorize::bright_blue)
    }

    pub(super) fn dim(self, text: &str) -> String {
        self.paint(text, Colorize::dimmed)
    }

    pub(super) fn bold(self, text: &str) -> String {
        self.paint(text, Colorize::bold)
    }

    pub(super) fn error(self, text: &str) -> String {
        self.paint(text, |text| text.red().bold())
    }

    pub(super) fn warning(self, text: &str) -> String {
        self.paint(text, |text| text.yellow().bold())
    }
}
