//! SARIF 2.1.0, the format of code scanning.

use std::collections::HashMap;
use std::path::{MAIN_SEPARATOR_STR, Path};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
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

/// The characters to encode in a path: all except the slash and the unreserved characters of RFC 3986, section 2.3.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The most results per run that code scanning accepts.
const MAX_RESULTS: usize = 25_000;

struct Sarif {
    checker: Checker,
    /// The first errors and the first warnings. If there are too many results, errors replace warnings.
    errors: Vec<String>,
    warnings: Vec<String>,
    /// The number of all results, including those that are left out.
    count: usize,
    /// The number of results so far with the same rule, file and location name.
    seen: HashMap<String, u32>,
}

impl Sarif {
    fn new(checker: Checker) -> Self {
        Self { checker, errors: Vec::new(), warnings: Vec::new(), count: 0, seen: HashMap::new() }
    }

    /// Renders the part before the first result.
    fn head(&self) -> String {
        let rules: Vec<Value> = self.checker.rules.iter().map(rule).collect();
        let tool =
            json!({ "driver": { "name": self.checker.name, "version": env!("CARGO_PKG_VERSION"), "rules": rules } });
        let start = format!(r#"{{"$schema":"{SCHEMA}","version":"2.1.0","runs":[{{"tool":{tool},"#);
        start + r#""columnKind":"unicodeCodePoints","results":["#
    }

    fn omitted(&self) -> usize {
        self.count.saturating_sub(MAX_RESULTS)
    }

    fn result(&mut self, problem: &Problem<'_>) -> Value {
        let help = problem.help.map_or_else(String::new, |help| format!("; fix: {help}"));
        let mut result = json!({
            "ruleId": problem.rule,
            "level": problem.level.name(),
            "message": { "text": format!("{}{help}", problem.message) },
        });
        if let Some(index) = self.checker.rules.iter().position(|rule| rule.id == problem.rule) {
            result["ruleIndex"] = index.into();
        }
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
            self.count += 1;
            let is_error = problem.level == Severity::Error;
            let is_full = |results: &Vec<String>| results.len() == MAX_RESULTS;
            if is_full(&self.errors) || !is_error && is_full(&self.warnings) {
                continue;
            }
            let result = escape::json(&self.result(problem).to_string()).into_owned();
            if is_error { &mut self.errors } else { &mut self.warnings }.push(result);
        }
        String::new()
    }

    fn finish(&mut self, summary: Option<&CheckSummary<'_>>) -> String {
        let results = self.errors.iter().chain(&self.warnings).take(MAX_RESULTS);
        let results: Vec<_> = results.map(|result| format!("\n{result}")).collect();
        let mut end = String::new();
        if let Some(text) = self.warning() {
            let notification = json!({ "level": "warning", "message": { "text": text } });
            let invocation = json!({ "executionSuccessful": true, "toolExecutionNotifications": [notification] });
            end.extend([r#","invocations":["#, &invocation.to_string(), "]"]);
        }
        if let Some(summary) = summary {
            end.extend([r#","properties":"#, &summary.result.to_json()]);
        }
        format!("{}{}\n]{end}}}]}}\n", self.head(), results.join(","))
    }

    fn warning(&self) -> Option<String> {
        let omitted = Some(self.omitted()).filter(|omitted| *omitted > 0)?;
        Some(format!(
            "{omitted} results are left out of the SARIF report, warnings first, because code scanning accepts at most {MAX_RESULTS}"
        ))
    }
}

fn rule(rule: &CheckedRule) -> Value {
    let mut descriptor = json!({
        "id": rule.id,
        "shortDescription": { "text": rule.description },
        "fullDescription": { "text": format!("{} The origin of this rule: {}.", rule.description, rule.origin) },
        "help": { "text": rule.help.map_or_else(|| rule.description.to_owned(), |help| format!("fix: {help}")) },
        "defaultConfiguration": { "level": rule.level.name() },
        "properties": { "origin": rule.origin },
    });
    if let Some(link) = &rule.link {
        descriptor["helpUri"] = link.as_str().into();
    }
    descriptor
}

/// Returns the URI of a file: relative inside the checkout, otherwise with `file://`. Returns `stdin` for `-`.
fn uri(file: &Path) -> String {
    match workspace::relative_path(file) {
        Some(relative) => encode(&relative),
        None => {
            workspace::absolute(file).map_or_else(|| "stdin".to_owned(), |path| format!("file://{}", encode(&path)))
        }
    }
}

/// Encodes the bytes of a path, which may not be text.
fn encode(path: &Path) -> String {
    let parts = path.iter().filter(|part| *part != MAIN_SEPARATOR_STR);
    let parts = parts.map(|part| percent_encode(part.as_encoded_bytes(), ENCODED).to_string());
    let joined = parts.collect::<Vec<_>>().join("/");
    if path.has_root() { format!("/{joined}") } else { joined }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    #[test]
    fn names_of_files_become_uris() {
        let uri = |file: &str| super::uri(Path::new(file));
        assert_eq!(uri("./a b/%#?.json"), "a%20b/%25%23%3F.json");
        assert_eq!(uri("/tmp/é:x.json"), "file:///tmp/%C3%A9%3Ax.json");
        assert_eq!(uri("-"), "stdin");
    }
}
