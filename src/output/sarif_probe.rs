//! A probe as SARIF 2.1.0: a rule a case, a result for each that failed, at the receiver's URL.

use serde_json::{Value, json};

use super::escape;
use super::results::Probed;

pub(super) fn log(probed: &Probed) -> Value {
    let rules: Vec<_> = probed
        .cases
        .iter()
        .map(|case| {
            json!({
                "id": case.case,
                "shortDescription": { "text": case.sent },
                "help": { "text": case.help },
                "defaultConfiguration": { "level": level(case.level) },
                "properties": { "rule": case.rule },
            })
        })
        .collect();
    let results: Vec<_> = probed
        .cases
        .iter()
        .enumerate()
        .filter(|(_, case)| case.failed())
        .map(|(index, case)| {
            let came = escape::line(&case.received);
            json!({
                "ruleId": case.case,
                "ruleIndex": index,
                "level": level(case.level),
                "message": { "text": format!("Sent {}; came {came}. Mend: {}", case.sent, case.help) },
                "locations": [{ "physicalLocation": { "artifactLocation": { "uri": probed.url } } }],
            })
        })
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "cfwh probe",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "results": results,
            "properties": { "grade": probed.grade.grade.to_string(), "reason": probed.grade.reason },
        }],
    })
}

fn level(level: &str) -> &'static str {
    if level == "MUST" { "error" } else { "warning" }
}
