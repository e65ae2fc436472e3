//! What a report format is.

use crate::output::style::Style;

use super::check::{Check, CheckSummary, Checker};

/// A format of reports.
#[derive(Debug)]
pub struct ReportFormat {
    /// The word on the command line: `sarif`.
    pub name: &'static str,
    /// The format in a few words, for the help.
    pub help: &'static str,
    /// Starts a report.
    pub(super) new: fn(Checker, Style) -> Box<dyn Emitter>,
}

impl ReportFormat {
    /// Renders a whole report.
    pub fn render<'a>(
        &self,
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
    pub fn emitter(&self, checker: Checker, style: Style) -> Box<dyn Emitter> {
        (self.new)(checker, style)
    }
}

/// Renders a report. Checks are rendered one after another, so that only the formats that begin with a count need memory
/// for all of them.
pub trait Emitter {
    /// Renders one check.
    fn check(&mut self, check: &Check<'_>) -> String;

    /// Renders what follows the last check.
    fn finish(&mut self, _summary: Option<&CheckSummary<'_>>) -> String {
        String::new()
    }

    /// Writes what follows the last check. Reports that begin with a count are written here as a whole.
    ///
    /// # Errors
    /// Returns an error if `write` does, or if the report could not be stored until now.
    fn finish_with(
        &mut self,
        summary: Option<&CheckSummary<'_>>,
        write: &mut dyn FnMut(&[u8]) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        write(self.finish(summary).as_bytes())
    }

    /// Renders an input that cannot be read, in reports that have a place for it. stderr has the error too.
    fn unreadable(&mut self, _message: &str) {}

    /// Returns what the user must know about the report that was finished.
    fn warning(&self) -> Option<String> {
        None
    }

    /// Returns true if the report lists checks without problems.
    fn lists_passed(&self) -> bool {
        false
    }
}
