//! JSON lines: one object per check, and one for the whole run.

use super::check::{Check, CheckSummary};
use super::emitter::Emitter;

pub(super) struct JsonLines;

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
