//! What Confluence Cloud sends, held against the published document: one sentence instead of ten puzzling errors.

use std::collections::HashSet;

use super::report::{Finding, Place, Report, Severity};
use super::rules;
use super::wording::code;

/// So many findings of either document are enough to tell the one form from the other.
pub(super) const ENOUGH: usize = 32;

/// How many differences the sentence names.
const NAMED: usize = 6;

/// The report on a body that meets the observed document and not the published one: what the published document has
/// against it becomes one finding, as bad as the worst of them. `None` is any other body.
///
/// A body of the published form with one wrong type is not taken for Cloud's: the observed document would have more to
/// object to in it than the published one.
pub(super) fn cloud_body(published: &Report, mut observed: Report, body: &[u8]) -> Option<Report> {
    let is_clouds = observed.entity.is_some()
        && observed.worst != Some(Severity::Error)
        && objections(&observed) < objections(published);
    let names = if is_clouds { differences(published, &observed) } else { Vec::new() };
    if names.is_empty() {
        return None;
    }
    // That nothing says which event it is, is an error already.
    let severity = published.worst.filter(|_| observed.kind.is_some()).unwrap_or(Severity::Error);
    let opening = body.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or_default();
    let finding = Finding {
        rule: &rules::CLOUD_BODY,
        severity,
        place: Place::Body { pointer: String::new(), span: opening..opening + 1 },
        message: format!("this is what Confluence Cloud sends; the document differs in {}", listed(&names)),
        help: Some("hold it against what Cloud sends with `--profile cloud`".to_owned()),
        document: None,
    };
    observed.worst = observed.worst.max(Some(severity));
    observed.findings.insert(0, finding);
    Some(observed)
}

/// How much of what is there a document objects to.
fn objections(report: &Report) -> usize {
    report.findings.iter().filter(|finding| finding.rule != &rules::MISSING_PROPERTY).count()
}

/// The properties that the published document objects to and the observed one does not: those of another type first,
/// as these are what breaks a receiver.
fn differences<'p>(published: &'p Report, observed: &Report) -> Vec<&'p str> {
    // A stranger may send a hundred thousand of either, so nothing here compares each with each.
    let objected: HashSet<&str> = observed.findings.iter().filter_map(|finding| finding.place.pointer()).collect();
    let mut known = HashSet::new();
    let mut names: Vec<&str> = Vec::new();
    for rule in [&rules::TYPE, &rules::UNDECLARED_PROPERTY] {
        for finding in published.findings.iter().filter(|finding| finding.rule == rule) {
            if let Some(pointer) = finding.place.pointer()
                && !outwards(pointer).any(|outer| objected.contains(outer))
                && let Some(name) = pointer.rsplit('/').next().filter(|name| known.insert(*name))
            {
                names.push(name);
            }
        }
    }
    names
}

/// A pointer and all that lead to it, for what a document does not declare, it says nothing about further in.
fn outwards(pointer: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(pointer), |inner| Some(inner.rsplit_once('/')?.0))
}

/// `version`, `contentType` and 3 more
fn listed(names: &[&str]) -> String {
    let codes: Vec<String> = names.iter().take(NAMED).map(|name| code(name)).collect();
    match (names.len().saturating_sub(NAMED), codes.as_slice()) {
        (0, [init @ .., last]) if !init.is_empty() => format!("{} and {last}", init.join(", ")),
        (0, _) => codes.join(", "),
        (more, _) => format!("{} and {more} more", codes.join(", ")),
    }
}
