//! JSON lines: one object per check, and one for the whole run.

use super::check::{Check, CheckSummary};
use super::emitter::{Emitter, ReportFormat};

/// `json`
pub static JSON: ReportFormat =
    ReportFormat { name: "json", help: "One JSON object per line", new: |_, _| Box::new(JsonLines) };

struct JsonLines;

impl Emitter for JsonLines {
    fn check(&mut self, check: &Check<'_>) -> String {
        check.result.to_json() + "\n"
    }

    fn lists_passed(&self) -> bool {
        true
    }

    fn finish(&mut self, summary: Option<&CheckSummary<'_>>) -> String {
        summary.map_or_else(String::new, |summary| summary.result.to_json() + "\n")
    }
}
