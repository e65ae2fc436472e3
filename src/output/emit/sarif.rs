//! SARIF 2.1.0, the format of code scanning. Results are written one after another: a run may have a million of them.

use std::collections::HashMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::output::escape;

use super::check::{Check, CheckSummary, CheckedRule, Checker, Location, Problem};
use super::emitter::{Emitter, ReportFormat};

/// `sarif`
pub(super) static SARIF: ReportFormat = ReportFormat {
    name: "sarif",
    help: "SARIF 2.1.0, for code scanning",
    new: |checker, _| Box::new(Sarif::new(checker)),
};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// What is encoded in a path: all but the slash and the unreserved characters of RFC 3986, section 2.3.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

struct Sarif {
    checker: Checker,
    has_results: bool,
    /// The number of results so far with the same rule, file and name of the place.
    seen: HashMap<String, u32>,
}

impl Sarif {
    fn new(checker: Checker) -> Self {
        Self { checker, has_results: false, seen: HashMap::new() }
    }

    /// Everything before the first result.
    fn head(&self) -> String {
        let rules: Vec<Value> = self.checker.rules.iter().map(rule).collect();
        let tool =
            json!({ "driver": { "name": self.checker.name, "version": env!("CARGO_PKG_VERSION"), "rules": rules } });
        let start = format!(r#"{{"$schema":"{SCHEMA}","version":"2.1.0","runs":[{{"tool":{tool},"#);
        start + r#""columnKind":"unicodeCodePoints","results":["#
    }

    fn result(&mut self, problem: &Problem<'_>) -> Value {
        let help = problem.help.map_or_else(String::new, |help| format!("; fix: {help}"));
        let mut result = json!({
            "ruleId": problem.rule,
            "ruleIndex": self.checker.rules.iter().position(|rule| rule.id == problem.rule),
            "level": problem.level.name(),
            "message": { "text": format!("{}{help}", problem.message) },
        });
        if let Some(Location { file, name, region }) = problem.location {
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
        let mut text = String::new();
        for problem in &check.problems {
            text += &if self.has_results { ",".to_owned() } else { self.head() };
            text.extend(["\n", &escape::json(&self.result(problem).to_string())]);
            self.has_results = true;
        }
        text
    }

    fn finish(&mut self, summary: Option<&CheckSummary<'_>>) -> String {
        let head = if self.has_results { String::new() } else { self.head() };
        let properties =
            summary.map_or_else(String::new, |summary| format!(r#","properties":{}"#, summary.result.to_json()));
        format!("{head}\n]{properties}}}]}}\n")
    }
}

fn rule(rule: &CheckedRule) -> Value {
    let mut json = json!({
        "id": rule.id,
        "shortDescription": { "text": rule.description },
        "defaultConfiguration": { "level": rule.level.name() },
        "properties": { "origin": rule.origin },
    });
    if let Some(help) = rule.help {
        json["help"] = json!({ "text": help });
    }
    json
}

/// The URI of a file: relative if its path is, else with `file://`; `stdin` for `-`. A URL stays what it is.
fn uri(file: &str) -> String {
    if file == "-" {
        return "stdin".to_owned();
    }
    if file.starts_with("http://") || file.starts_with("https://") {
        return file.to_owned();
    }
    let path = file.replace(std::path::MAIN_SEPARATOR, "/");
    let encoded = utf8_percent_encode(path.trim_start_matches("./"), ENCODED).to_string();
    if encoded.starts_with('/') { format!("file://{encoded}") } else { encoded }
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
