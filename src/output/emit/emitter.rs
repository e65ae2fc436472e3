//! The interface of report formats.

use crate::output::style::Style;

use super::check::{Check, CheckSummary, Checker};

/// A format of reports.
#[derive(Debug)]
pub struct ReportFormat {
    /// The name on the command line: `sarif`.
    pub name: &'static str,
    /// A short description for the help.
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

/// Renders a report. Checks are rendered in order, so that only formats that begin with a count need memory for all of them.
pub trait Emitter {
    /// Renders one check.
    fn check(&mut self, check: &Check<'_>) -> String;

    /// Renders the end of the report.
    fn finish(&mut self, _summary: Option<&CheckSummary<'_>>) -> String {
        String::new()
    }

    /// Writes the end of the report. Formats that begin with a count write the whole report here.
    ///
    /// # Errors
    /// Returns an error if `write` fails, or if the report could not be stored.
    fn finish_with(
        &mut self,
        summary: Option<&CheckSummary<'_>>,
        write: &mut dyn FnMut(&[u8]) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        write(self.finish(summary).as_bytes())
    }

    /// Renders an unreadable input, in formats that support it. The error is also on stderr.
    fn unreadable(&mut self, _message: &str) {}

    /// Returns a note for the user about the finished report.
    fn warning(&self) -> Option<String> {
        None
    }

    /// Returns whether the report lists checks without problems.
    fn lists_passed(&self) -> bool {
        false
    }
}
