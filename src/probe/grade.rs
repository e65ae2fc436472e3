//! One letter for a receiver.

use serde::Serialize;

use crate::auth::cases::{Failure, Level, Role, RootCause};

use super::case_result::CaseResult;

/// The grade, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename = "grade")]
pub struct Grade {
    /// `A` to `F`; `None` if only a selection of the cases was run.
    #[serde(rename = "grade")]
    pub letter: Option<char>,
    /// Why it is not better, in words, or why there is none.
    pub reason: String,
    /// Cases that passed.
    pub passed: usize,
    /// Cases that failed.
    pub failed: usize,
    /// What the failures have in common, the widest cause first.
    pub causes: Vec<RootCause>,
}

impl Grade {
    /// Takes the letter away: a selection of the cases proves too little.
    pub fn of_selection(self) -> Self {
        Self { letter: None, reason: "a selection of cases".to_owned(), ..self }
    }
}

/// How receivers are graded, in one sentence.
pub const RULE: &str = "A all cases pass, B all MUST cases pass, C one or two MUST cases fail, D three to five fail, E more fail, F forged deliveries are accepted or valid ones refused";

/// Grades a receiver. A: all cases pass. B: all that MUST. C: one or two that MUST fail. D: three to five. E: more. F: forged
/// deliveries are accepted, or valid ones are not.
pub fn grade(results: &[CaseResult], causes: Vec<RootCause>) -> Grade {
    let failures = || results.iter().filter(|result| result.failure.is_some());
    let count = |level| failures().filter(|result| result.case.info.level == level).count();
    let failed = failures().count();
    let (letter, reason) = if failures().any(|result| result.case.info.role == Role::Valid) {
        ('F', "valid deliveries are not accepted".to_owned())
    } else if failures()
        .any(|result| result.case.info.role == Role::Forged && result.failure == Some(Failure::Accepted))
    {
        ('F', "forged deliveries are accepted".to_owned())
    } else {
        match (count(Level::Must), count(Level::Should)) {
            (0, 0) => ('A', "nothing to fix".to_owned()),
            (0, should) => ('B', failing(should, Level::Should)),
            (must @ 1..=2, _) => ('C', failing(must, Level::Must)),
            (must @ 3..=5, _) => ('D', failing(must, Level::Must)),
            (must, _) => ('E', failing(must, Level::Must)),
        }
    };
    Grade { letter: Some(letter), reason, passed: results.len() - failed, failed, causes }
}

/// `1 case that MUST pass fails`
fn failing(count: usize, level: Level) -> String {
    let (cases, fail) = if count == 1 { ("case", "fails") } else { ("cases", "fail") };
    format!("{count} {cases} that {} pass {fail}", level.name())
}

/// Is the receiver right, as far as the exit code goes? What SHOULD pass counts only when `strict`.
pub fn is_right(results: &[CaseResult], strict: bool) -> bool {
    !results.iter().any(|result| result.failure.is_some() && (strict || result.case.info.level == Level::Must))
}
