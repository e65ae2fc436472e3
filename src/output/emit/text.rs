//! Text for people. Each result renders itself.

use crate::output::style::Style;

use super::check::{Check, CheckSummary};
use super::emitter::{Emitter, ReportFormat};

/// `text`
pub static TEXT: ReportFormat =
    ReportFormat { name: "text", help: "Text for people", new: |_, style| Box::new(Text(style)) };

struct Text(Style);

impl Emitter for Text {
    fn check(&mut self, check: &Check<'_>) -> String {
        check.result.text(self.0)
    }

    fn finish(&mut self, summary: Option<&CheckSummary<'_>>) -> String {
        summary.map_or_else(String::new, |summary| summary.result.text(self.0))
    }
}
