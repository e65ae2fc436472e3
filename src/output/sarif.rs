//! SARIF 2.1.0, the form that code scanning takes.

use std::collections::HashMap;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::validation::report::{Place, Severity};
use crate::validation::rules::CATALOGUE;

use super::emitter::Emitter;
use super::located::{Located, locate};
use super::results::Judged;

/// What a path may not have as it is in a URI (RFC 3986, section 3.3), the slash excepted.
const NOT_IN_A_PATH: AsciiSet = CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b':')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Results are written as they come: a run may have a million of them.
#[derive(Default)]
pub(super) struct Sarif {
    has_results: bool,
    /// How often a finding of the same rule at the same place of the same file was there.
    seen: HashMap<String, u32>,
}

impl Emitter for Sarif {
    fn judged(&mut self, judged: &Judged<'_>) -> String {
        let uri = uri(judged.input);
        let mut text = String::new();
        for Located { finding, start, end } in locate(judged) {
            let place = match &finding.place {
                Place::Header { name, .. } => name,
                Place::Body { pointer, .. } => pointer,
            };
            let same = format!("{}\0{uri}\0{place}", finding.rule.id);
            let count = self.seen.entry(same.clone()).or_default();
            let fingerprint = hex::encode(&Sha256::digest(format!("{same}\0{count}"))[..16]);
            *count += 1;
            let message = match &finding.help {
                Some(help) => format!("{}; {help}", finding.message),
                None => finding.message.clone(),
            };
            let result = json!({
                "ruleId": finding.rule.id,
                "ruleIndex": CATALOGUE.iter().position(|rule| rule.id == finding.rule.id),
                "level": level(finding.severity),
                "message": { "text": message },
                "locations": [{
                    "physicalLocation": {
                        "artifactLocation": { "uri": uri },
                        "region": {
                            "startLine": start.line,
                            "startColumn": start.column,
                            "endLine": end.line,
                            "endColumn": end.column,
                        },
                    },
                    "logicalLocations": [{ "fullyQualifiedName": place, "kind": "member" }],
                }],
                "partialFingerprints": { "cfwhFinding/v1": fingerprint },
            });
            text += &if self.has_results { ",".to_owned() } else { log().0 };
            self.has_results = true;
            for line in format!("{result:#}").lines() {
                text.push_str("\n        ");
                text.push_str(line);
            }
        }
        text
    }

    fn finish(&mut self) -> String {
        let (head, tail) = log();
        if self.has_results { format!("\n      {tail}") } else { head + &tail }
    }
}

/// What stands before the results, and behind them.
fn log() -> (String, String) {
    let rules: Vec<Value> = CATALOGUE
        .iter()
        .map(|rule| {
            json!({
                "id": rule.id,
                "shortDescription": { "text": rule.sentence },
                "defaultConfiguration": { "level": level(rule.severity) },
                "properties": { "origin": rule.origin.name() },
            })
        })
        .collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "cfwh", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "columnKind": "unicodeCodePoints",
            "results": [],
        }],
    });
    let text = format!("{log:#}\n");
    let (head, tail) = text.rsplit_once("[]").expect("the results are the last list, and empty");
    (format!("{head}["), format!("]{tail}"))
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// A file's name as a URI: relative as it was given, absolute with `file://`, and a name for stdin.
fn uri(input: &str) -> String {
    if input == "-" {
        return "stdin".to_owned();
    }
    let path = input.replace(std::path::MAIN_SEPARATOR, "/");
    let encoded = utf8_percent_encode(path.trim_start_matches("./"), &NOT_IN_A_PATH).to_string();
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
