//! Recognizes bodies of other senders, and reports them as one finding.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::models::rule::{Rule, Severity};
use crate::profiles::{OtherSender, Profile};

use super::report::{Finding, FindingLocation, Report};
use super::wording::{code, join};

/// The number of findings that is enough to distinguish two senders.
pub(super) const MIN_FINDINGS: usize = 32;

/// The maximum number of differences in the message.
const MAX_NAMED: usize = 6;

/// Replaces the findings about the body with one finding that names the other sender.
pub(super) fn name_sender(other: &OtherSender, mut report: Report, start: usize) -> Report {
    let OtherSender { sender, sign, profile, .. } = other;
    let message = format!("this is what {sender} sends: {sign}");
    let help = match profile {
        Some(profile) => validate_with(profile).into(),
        None => "`cfwh` has no profile for this sender, so it checks nothing else in the body".into(),
    };
    // Findings about headers and repeated keys do not depend on the sender.
    report.findings.retain(|finding| finding.rule == Rule::RepeatedKey || finding.location.pointer().is_none());
    report.findings.insert(0, finding(start, message, help));
    report.max_severity = Some(Severity::Error);
    report.omitted = 0;
    report
}

fn validate_with(profile: &Profile) -> String {
    format!("validate it with `--profile {profile}`")
}

/// Creates the finding. It is always an error, because a receiver for one sender cannot read bodies of the other.
fn finding(start: usize, message: String, help: Cow<'static, str>) -> Finding {
    let location = FindingLocation::Body { pointer: String::new(), span: start..start + 1 };
    Finding { rule: Rule::OtherSender, severity: Severity::Error, location, message, help: Some(help), document: None }
}

/// Returns a report with one finding if a body matches `sender` better than the declared profile, or `None` otherwise.
///
/// A body of the declared profile with one wrong type is not mistaken for the other sender, because that sender would have more
/// findings.
pub(super) fn recognise(sender: &Profile, declared: &Report, mut observed: Report, start: usize) -> Option<Report> {
    let is_senders = observed.entity.is_some()
        && observed.max_severity != Some(Severity::Error)
        && count_objections(&observed) < count_objections(declared);
    let mut names = if is_senders { find_differences(declared, &observed) } else { Vec::new() };
    if is_senders && names.is_empty() && declared.findings.iter().any(|finding| finding.rule == Rule::MissingEvent) {
        // If the payload has the wrong type, nothing else was checked.
        let forms = sender.bodies.iter().filter(|form| Some(form.entity) == observed.entity);
        names.extend(forms.map(|form| form.key).filter(|key| !key.is_empty()).take(1));
    }
    if names.is_empty() {
        return None;
    }
    let verb = if sender.is_default() { "declares" } else { "sends" };
    let message = format!("this is what {} {verb}; the document differs in {}", sender.sender, list(&names));
    let help = validate_with(sender);
    observed.max_severity = Some(Severity::Error);
    observed.findings.insert(0, finding(start, message, help.into()));
    Some(observed)
}

/// Returns the number of findings about values and keys in the body.
pub(super) fn count_objections(report: &Report) -> usize {
    report.findings.iter().filter(|finding| finding.rule != Rule::MissingProperty).count()
}

/// Returns the properties with findings only under the declared profile. Wrong types are first, because they break receivers.
fn find_differences<'p>(declared: &'p Report, observed: &Report) -> Vec<&'p str> {
    // A hostile body may have a hundred thousand findings, so they are not compared pair by pair.
    let objected: HashSet<&str> = observed.findings.iter().filter_map(|finding| finding.location.pointer()).collect();
    let mut known = HashSet::new();
    let mut names: Vec<&str> = Vec::new();
    for rule in [Rule::Type, Rule::UndeclaredProperty] {
        for finding in declared.findings.iter().filter(|finding| finding.rule == rule) {
            if let Some(pointer) = finding.location.pointer()
                && !prefixes(pointer).any(|prefix| objected.contains(prefix))
                && let Some(name) = pointer.rsplit('/').next().filter(|name| known.insert(*name))
            {
                names.push(name);
            }
        }
    }
    names
}

/// Returns a pointer and the pointers to all its parents. A profile that does not declare a property has no findings about the
/// values in it.
fn prefixes(pointer: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(pointer), |inner| Some(inner.rsplit_once('/')?.0))
}

/// Formats a list: `version`, `contentType` and 3 more.
fn list(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().take(MAX_NAMED).map(|name| code(name)).collect();
    match names.len().saturating_sub(MAX_NAMED) {
        0 => join(&quoted, "and"),
        more => format!("{} and {more} more", quoted.join(", ")),
    }
}
