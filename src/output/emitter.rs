//! What `validate` found, in the formats that people and other programs read. One run may write several.

use super::github::Annotations;
use super::json::JsonLines;
use super::junit::Junit;
use super::results::Judged;
use super::sarif::Sarif;
use super::text_findings::Text;

/// A format being written. Inputs come in order; what is to be written comes back piece by piece.
pub trait Emitter {
    /// One input.
    fn judged(&mut self, judged: &Judged<'_>) -> String;

    /// After the last input.
    fn finish(&mut self) -> String {
        String::new()
    }
}

/// The formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people: as rustc shows its findings.
    Text,
    /// One JSON object a line, for every input.
    Json,
    /// Workflow commands of GitHub Actions: annotations in a pull request.
    Github,
    /// JUnit XML: one test case an input.
    Junit,
    /// SARIF 2.1.0.
    Sarif,
}

impl Format {
    /// Does the format mention inputs without a finding?
    #[must_use]
    pub const fn lists_clean(self) -> bool {
        matches!(self, Self::Json | Self::Junit)
    }

    /// Starts writing it; `color` only matters for text.
    #[must_use]
    pub fn emitter(self, color: bool) -> Box<dyn Emitter> {
        match self {
            Self::Text => Box::new(Text::new(color)),
            Self::Json => Box::new(JsonLines),
            Self::Github => Box::new(Annotations),
            Self::Junit => Box::new(Junit::default()),
            Self::Sarif => Box::new(Sarif::default()),
        }
    }
}
