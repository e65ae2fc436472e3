//! What a command checked, as data that every report format renders.

use std::borrow::Cow;
use std::path::Path;
use std::time::Duration;

use crate::models::rule::Severity;
use crate::output::show::Show;
use crate::validation::position::Position;

/// The command that checks, and its rules.
#[derive(Clone, Debug)]
pub struct Checker {
    /// The name of the report: `cfwh`, `cfwh probe`.
    pub name: &'static str,
    /// Every rule that a problem may name.
    pub rules: Vec<CheckedRule>,
}

/// A rule of a checker.
#[derive(Clone, Debug)]
pub struct CheckedRule {
    /// Its stable name.
    pub id: &'static str,
    /// How bad a violation is.
    pub level: Severity,
    /// What it demands.
    pub description: &'static str,
    /// How to fix a violation, if that is always the same.
    pub help: Option<&'static str>,
    /// Who made the rule: `document`, `WebSub, section 7`.
    pub origin: &'static str,
    /// A page that says more.
    pub link: Option<String>,
}

/// One thing that was checked: an input of `validate`, a case of `probe`, an expectation of `listen`.
pub struct Check<'a> {
    /// What was checked: `body.json:1`, `sig/missing`, `page_created=2`.
    pub name: Cow<'a, str>,
    /// What it belongs to, for reports that group checks.
    pub group: &'static str,
    /// Whether the check failed. One that passed may have problems that are only warnings.
    pub has_failed: bool,
    /// What is wrong.
    pub problems: Vec<Problem<'a>>,
    /// The result itself, for text and JSON.
    pub result: &'a dyn Show,
}

impl<'a> Check<'a> {
    /// A check that failed if there is a problem.
    pub fn new(name: &'a str, group: &'static str, problem: Option<Problem<'a>>, result: &'a dyn Show) -> Self {
        let has_failed = problem.is_some();
        Self { name: name.into(), group, has_failed, problems: problem.into_iter().collect(), result }
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug)]
pub struct Problem<'a> {
    /// The id of the rule.
    pub rule: &'a str,
    /// The kind of problem, for reports that count them: the rule's id, `MUST`.
    pub category: &'a str,
    /// How bad it is.
    pub level: Severity,
    /// What was expected and what was found.
    pub message: Cow<'a, str>,
    /// How to fix it.
    pub help: Option<&'a str>,
    /// More lines for reports with room for them.
    pub detail: String,
    /// Where it is, if it is in a file.
    pub location: Option<Location<'a>>,
}

/// Where a problem is.
#[derive(Clone, Debug)]
pub struct Location<'a> {
    /// The path, or `-` for stdin.
    pub file: Cow<'a, Path>,
    /// What is at this place: a JSON Pointer, or the name of a header.
    pub name: &'a str,
    /// The first character of the problem, and the one after its last.
    pub region: Option<(Position, Position)>,
}

/// The end of a run of checks.
pub struct CheckSummary<'a> {
    /// The result of the whole run, for text and JSON.
    pub result: &'a dyn Show,
    /// How long the run took.
    pub elapsed: Duration,
}
