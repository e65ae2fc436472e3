//! The trait of all report formats.

use super::check::{Check, CheckSummary};

/// Renders a report. Checks are rendered one after another, so that only the formats that begin with a count need memory
/// for all of them.
pub trait Emitter {
    /// Renders one check.
    fn check(&mut self, check: &Check<'_>) -> String;

    /// Renders what follows the last check.
    fn finish(&mut self, _summary: Option<&CheckSummary<'_>>) -> String {
        String::new()
    }

    /// Returns true if the report lists checks without problems.
    fn lists_passed(&self) -> bool {
        false
    }
}
