//! Checks as data, which every report format renders.

use std::borrow::Cow;
use std::path::Path;
use std::time::Duration;

use crate::models::rule::Severity;
use crate::output::show::Show;
use crate::validation::position::Position;

/// A command that checks, and its rules.
#[derive(Clone, Debug)]
pub struct Checker {
    /// The name of the report: `cfwh`, `cfwh probe`.
    pub name: &'static str,
    /// All rules that problems refer to.
    pub rules: Vec<CheckedRule>,
}

/// A rule of a checker.
#[derive(Clone, Debug)]
pub struct CheckedRule {
    /// Its stable name.
    pub id: &'static str,
    /// The severity of a violation.
    pub level: Severity,
    /// What the rule requires.
    pub description: &'static str,
    /// The fix of a violation, if it is always the same.
    pub help: Option<&'static str>,
    /// The origin of the rule: `document`, `WebSub, section 7`.
    pub origin: &'static str,
    /// The URL of a page with details.
    pub link: Option<String>,
}

/// The result of one check: an input of `validate`, a case of `probe`, or an expectation of `listen`.
pub struct Check<'a> {
    /// The name of the check: `body.json:1`, `sig/missing`, `page_created=2`.
    pub name: Cow<'a, str>,
    /// The group of the check, for reports that group checks.
    pub group: &'static str,
    /// Whether the check failed. A passed check may have problems that are warnings.
    pub has_failed: bool,
    /// The problems.
    pub problems: Vec<Problem<'a>>,
    /// The result itself, for text and JSON.
    pub result: &'a dyn Show,
}

impl<'a> Check<'a> {
    /// Returns a check that fails if it has a problem.
    pub fn new(name: &'a str, group: &'static str, problem: Option<Problem<'a>>, result: &'a dyn Show) -> Self {
        let has_failed = problem.is_some();
        Self { name: name.into(), group, has_failed, problems: problem.into_iter().collect(), result }
    }
}

/// One problem.
#[derive(Clone, Debug)]
pub struct Problem<'a> {
    /// The id of the rule.
    pub rule: &'a str,
    /// The kind of problem, for reports that count them: the rule's id, `MUST`.
    pub category: &'a str,
    /// The severity.
    pub level: Severity,
    /// The message: what was expected, and what was found.
    pub message: Cow<'a, str>,
    /// The fix.
    pub help: Option<&'a str>,
    /// Details for reports that can show more lines.
    pub detail: String,
    /// The location, if the problem is in a file.
    pub location: Option<Location<'a>>,
}

/// The location of a problem.
#[derive(Clone, Debug)]
pub struct Location<'a> {
    /// The path, or `-` for stdin.
    pub file: Cow<'a, Path>,
    /// The JSON Pointer or header name at the location.
    pub name: &'a str,
    /// The position of the first character, and the position after the last character.
    pub region: Option<(Position, Position)>,
}

/// The end of a run of checks.
pub struct CheckSummary<'a> {
    /// The result of the run, for text and JSON.
    pub result: &'a dyn Show,
    /// The duration of the run.
    pub elapsed: Duration,
}
