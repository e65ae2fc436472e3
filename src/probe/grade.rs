//! One letter for a receiver.

use super::{CaseResult, Failure, Level};

/// The grade, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grade {
    /// `A` to `F`.
    pub letter: char,
    /// Why it is not better, in words.
    pub reason: String,
    /// Cases that passed.
    pub passed: usize,
    /// Cases that failed.
    pub failed: usize,
}

/// A: all pass. B: all that must. C: one or two that must fail. D: more. F: forged deliveries are taken, or right ones are
/// not.
#[must_use]
pub fn grade(outcomes: &[CaseResult]) -> Grade {
    let failed = outcomes.iter().filter(|outcome| outcome.failure.is_some()).count();
    let count =
        |level| outcomes.iter().filter(|outcome| outcome.failure.is_some() && outcome.case.level == level).count();
    let (must, should) = (count(Level::Must), count(Level::Should));
    let failing = |id: &str, how: fn(Failure) -> bool| {
        outcomes.iter().any(|outcome| outcome.case.id == id && outcome.failure.is_some_and(how))
    };
    let forged = ["sig/missing", "sig/empty", "sig/wrong", "sig/tampered-body", "sig/other-secret"];
    let (letter, reason) = if failing("sig/valid", |_| true) || failing("event/known", |_| true) {
        ('F', "right deliveries are not taken".to_owned())
    } else if forged.iter().any(|id| failing(id, |failure| failure == Failure::Accepted)) {
        ('F', "forged deliveries are taken".to_owned())
    } else {
        match (must, should) {
            (0, 0) => ('A', "nothing to mend".to_owned()),
            (0, should) => ('B', format!("{should} that SHOULD pass fail")),
            (1..=2, _) => ('C', format!("{must} that MUST pass fail")),
            (3..=5, _) => ('D', format!("{must} that MUST pass fail")),
            _ => ('E', format!("{must} that MUST pass fail")),
        }
    };
    Grade { letter, reason, passed: outcomes.len() - failed, failed }
}

/// Is the receiver right, as far as the exit code goes? What SHOULD pass counts only when `strict`.
#[must_use]
pub fn is_right(outcomes: &[CaseResult], strict: bool) -> bool {
    !outcomes.iter().any(|outcome| outcome.failure.is_some() && (strict || outcome.case.level == Level::Must))
}
