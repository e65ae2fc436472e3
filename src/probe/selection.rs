//! Selects cases by patterns of their names.

use crate::models::text::matches_pattern;

use super::cases::Case;

/// Returns the cases that match a pattern of `only`, or all, without those that match a pattern of `skip`.
///
/// # Errors
/// Returns the first pattern that matches no case.
pub fn select<'p>(mut cases: Vec<Case>, only: &'p [String], skip: &'p [String]) -> Result<Vec<Case>, &'p str> {
    if let Some(pattern) = only.iter().chain(skip).find(|pattern| !cases.iter().any(|case| is_named(pattern, case))) {
        return Err(pattern);
    }
    let is_one_of = |patterns: &[String], case: &Case| patterns.iter().any(|pattern| is_named(pattern, case));
    cases.retain(|case| (only.is_empty() || is_one_of(only, case)) && !is_one_of(skip, case));
    Ok(cases)
}

/// `sig/missing`, `sig/*`, `sig`
fn is_named(pattern: &str, case: &Case) -> bool {
    let id = case.id().0;
    matches_pattern(pattern, id) || matches_pattern(&format!("{pattern}/*"), id)
}
