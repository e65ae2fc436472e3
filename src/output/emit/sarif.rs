//! SARIF 2.1.0, the format of code scanning.

use std::collections::HashMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::models::rule::Severity;
use crate::output::escape;

use super::check::{Check, CheckSummary, CheckedRule, Checker, Location, Problem};
use super::emitter::{Emitter, ReportFormat};
use super::workspace;

/// `sarif`
pub(super) static SARIF: ReportFormat = ReportFormat {
    name: "sarif",
    help: "SARIF 2.1.0, for code scanning",
    new: |checker, _| Box::new(Sarif::new(checker)),
};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// What is encoded in a path: all but the slash and the unreserved characters of RFC 3986, section 2.3.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The most results of a run that code scanning takes.
const MAX_RESULTS: usize = 25_000;

struct Sarif {
    checker: Checker,
    /// The results, each with its severity. Errors replace warnings when there are too many.
    results: Vec<(Severity, String)>,
    /// How many of the results are warnings.
    warnings: usize,
    omitted: usize,
    /// The number of results so far with the same rule, file and name of the place.
    seen: HashMap<String, u32>,
}

impl Sarif {
    fn new(checker: Checker) -> Self {
        Self { checker, results: Vec::new(), warnings: 0, omitted: 0, seen: HashMap::new() }
    }

    /// Everything before the first result.
    fn head(&self) -> String {
        let rules: Vec<Value> = self.checker.rules.iter().map(rule).collect();
        let tool =
            json!({ "driver": { "name": self.checker.name, "version": env!("CARGO_PKG_VERSION"), "rules": rules } });
        let start = format!(r#"{{"$schema":"{SCHEMA}","version":"2.1.0","runs":[{{"tool":{tool},"#);
        start + r#""columnKind":"unicodeCodePoints","results":["#
    }

    /// Makes room for an error, if there is a warning to leave out.
    fn leave_out_warning(&mut self) -> bool {
        if self.warnings == 0 {
            return false;
        }
        self.warnings -= 1;
        let last = self.results.iter().rposition(|(severity, _)| *severity == Severity::Warning);
        last.map(|index| self.results.remove(index)).is_some()
    }

    fn result(&mut self, problem: &Problem<'_>) -> Value {
        let help = problem.help.map_or_else(String::new, |help| format!("; fix: {help}"));
        let mut result = json!({
            "ruleId": problem.rule,
            "ruleIndex": self.checker.rules.iter().position(|rule| rule.id == problem.rule),
            "level": problem.level.name(),
            "message": { "text": format!("{}{help}", problem.message) },
        });
        if let Some(Location { file, name, region }) = &problem.location {
            let uri = uri(file);
            let same = format!("{}\0{uri}\0{name}", problem.rule);
            let count = self.seen.entry(same.clone()).or_default();
            let fingerprint = hex::encode(&Sha256::digest(format!("{same}\0{count}"))[..16]);
            *count += 1;
            result["partialFingerprints"] = json!({ "cfwhFinding/v1": fingerprint });
            let mut location = json!({ "physicalLocation": { "artifactLocation": { "uri": uri } } });
            if let Some((start, end)) = region {
                location["logicalLocations"] = json!([{ "fullyQualifiedName": name, "kind": "member" }]);
                location["physicalLocation"]["region"] = json!({
                    "startLine": start.line,
                    "startColumn": start.column,
                    "endLine": end.line,
                    "endColumn": end.column,
                });
            }
            result["locations"] = json!([location]);
        }
        result
    }
}

impl Emitter for Sarif {
    fn check(&mut self, check: &Check<'_>) -> String {
        for problem in &check.problems {
            if self.results.len() == MAX_RESULTS {
                self.omitted += 1;
                if problem.level == Severity::Warning || !self.leave_out_warning() {
                    continue;
                }
            }
            let result = escape::json(&self.result(problem).to_string()).into_owned();
            self.results.push((problem.level, result));
            self.warnings += usize::from(problem.level == Severity::Warning);
        }
        String::new()
    }

    fn finish(&mut self, summary: Option<&CheckSummary<'_>>) -> String {
        let results: Vec<_> = self.results.iter().map(|(_, result)| format!("\n{result}")).collect();
        let mut end = String::new();
        if self.omitted > 0 {
            let text = format!("{} results are left out, errors last: code scanning takes {MAX_RESULTS}", self.omitted);
            let notification = json!({ "level": "warning", "message": { "text": text } });
            let invocation = json!({ "executionSuccessful": true, "toolExecutionNotifications": [notification] });
            end.extend([r#","invocations":["#, &invocation.to_string(), "]"]);
        }
        if let Some(summary) = summary {
            end.extend([r#","properties":"#, &summary.result.to_json()]);
        }
        format!("{}{}\n]{end}}}]}}\n", self.head(), results.join(","))
    }
}

fn rule(rule: &CheckedRule) -> Value {
    json!({
        "id": rule.id,
        "shortDescription": { "text": rule.description },
        "fullDescription": { "text": format!("{} This rule comes from: {}.", rule.description, rule.origin) },
        "help": { "text": rule.help.map_or_else(|| rule.description.to_owned(), |help| format!("fix: {help}")) },
        "defaultConfiguration": { "level": rule.level.name() },
        "properties": { "origin": rule.origin },
    })
}

/// The URI of a file: relative in the checkout, else with `file://`; `stdin` for `-`.
fn uri(file: &str) -> String {
    let encode = |path: String| utf8_percent_encode(&path, ENCODED).to_string();
    match workspace::relative_path(file).map(encode) {
        Some(relative) => relative,
        None => workspace::absolute(file).map_or_else(|| "stdin".to_owned(), |path| format!("file://{}", encode(path))),
    }
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn names_of_files_become_uris() {
        assert_eq!(uri("./a b/%#?.json"), "a%20b/%25%23%3F.json");
        assert_eq!(uri("/tmp/é:x.json"), "file:///tmp/%C3%A9%3Ax.json");
        assert_eq!(uri("-"), "stdin");
    }
}
