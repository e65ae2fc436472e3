//! Text for people, as each result renders itself.

use crate::output::style::Style;

use super::check::{Check, CheckSummary};
use super::emitter::Emitter;

pub(super) struct Text(pub(super) Style);

impl Emitter for Text {
    fn check(&mut self, check: &Check<'_>) -> String {
        check.result.text(self.0)
    }

    fn finish(&mut self, summary: Option<&CheckSummary<'_>>) -> String {
        summary.map_or_else(String::new, |summary| summary.result.text(self.0))
    }
}
