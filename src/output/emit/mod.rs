//! Reports in the formats that people and other programs read: one file per format.

pub mod check;
pub mod emitter;
mod github;
mod json;
mod junit;
mod sarif;
mod text;

use check::{Check, CheckSummary, Checker};
use emitter::Emitter;

use crate::output::style::Style;

/// The format of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum ReportFormat {
    /// Text for people
    Text,
    /// One JSON object per line
    Json,
    /// Workflow commands of GitHub Actions, which become annotations
    Github,
    /// JUnit XML, for CI servers
    Junit,
    /// SARIF 2.1.0, for code scanning
    Sarif,
}

impl ReportFormat {
    /// Renders a whole report.
    pub fn render<'a>(
        self,
        checker: Checker,
        style: Style,
        checks: impl IntoIterator<Item = Check<'a>>,
        summary: Option<&CheckSummary<'_>>,
    ) -> String {
        let mut emitter = self.emitter(checker, style);
        let mut report: String = checks.into_iter().map(|check| emitter.check(&check)).collect();
        report += &emitter.finish(summary);
        report
    }

    /// Starts a report.
    pub fn emitter(self, checker: Checker, style: Style) -> Box<dyn Emitter> {
        match self {
            Self::Text => Box::new(text::Text(style)),
            Self::Json => Box::new(json::JsonLines),
            Self::Github => Box::new(github::Annotations),
            Self::Junit => Box::new(junit::Junit::new(checker.name)),
            Self::Sarif => Box::new(sarif::Sarif::new(checker)),
        }
    }
}
