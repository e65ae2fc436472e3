//! The formats that other programs read: SARIF, JUnit XML, and GitHub's workflow commands.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::{Endpoint, Run, Sandbox};

/// A name that would end an attribute, a command or a CDATA section.
const HOSTILE: &str = "a%0A::error::x,line=1]]>&\"<b>.json";

/// One error and one warning, about a title that would do the same.
fn flawed(sandbox: &Sandbox) {
    let title = r#"page.type="]]><x>&\n::error::\u001b[31m%0A\u202e""#;
    let arguments = ["fake", "page_updated", "--seed", "1", "--set", title, "--set", "page.x=1"];
    let body = sandbox.run(&arguments).expect(0).stdout;
    sandbox.write(HOSTILE, body);
}

fn rules(findings: &[Value]) -> Vec<&str> {
    findings.iter().map(|finding| finding["ruleId"].as_str().expect("a rule")).collect()
}

#[test]
fn sarif_is_valid_and_points_at_the_token() {
    let sandbox = Sandbox::new();
    flawed(&sandbox);
    let run = sandbox.run(&["validate", "--format", "sarif", HOSTILE]).expect(1);
    let log: Value = serde_json::from_slice(&run.stdout).expect("JSON");
    // As published, the pattern for languages has a bracket too many, which makes it no pattern here.
    let schema = include_str!("../data/sarif-2.1.0-rtm.5.json").replace("-[a-zA-Z]{2}]?$", "-[a-zA-Z]{2}$");
    let schema: Value = serde_json::from_str(&schema).expect("the schema is JSON");
    let schema = jsonschema::draft4::new(&schema).expect("it is a schema");
    let errors: Vec<String> = schema.iter_errors(&log).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");

    let results = log["runs"][0]["results"].as_array().expect("results");
    assert_eq!(rules(results), ["enum", "undeclared-property"]);
    let declared = log["runs"][0]["tool"]["driver"]["rules"].as_array().expect("rules");
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("a small one");
        assert_eq!(declared[index]["id"], result["ruleId"]);
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "a%250A%3A%3Aerror%3A%3Ax%2Cline%3D1%5D%5D%3E%26%22%3Cb%3E.json");
        let region = &place["region"];
        assert_eq!(region["startLine"], region["endLine"]);
        assert!(region["endColumn"].as_u64() > region["startColumn"].as_u64());
    }
}

#[test]
fn fingerprints_are_unique_and_stable_when_lines_move() {
    let sandbox = Sandbox::new();
    let body =
        sandbox.run(&["fake", "page_updated", "--seed", "1", "--set", "page.id=1", "--format", "ndjson"]).expect(0);
    let line = body.text();
    let fingerprints = |text: String| {
        sandbox.write("two.ndjson", text);
        let run = sandbox.run(&["validate", "--format", "sarif", "two.ndjson"]).expect(1);
        let log: Value = serde_json::from_slice(&run.stdout).expect("JSON");
        let results = log["runs"][0]["results"].as_array().expect("results").clone();
        let prints = results.iter().map(|result| result["partialFingerprints"]["cfwhFinding/v1"].to_string());
        prints.collect::<BTreeSet<_>>()
    };
    let before = fingerprints(format!("{line}{line}"));
    assert_eq!(before.len(), 2);
    assert_eq!(fingerprints(format!("\n\n{line}{line}")), before);
}

#[test]
fn junit_parses_and_has_the_counts_of_validate() {
    let sandbox = Sandbox::new();
    flawed(&sandbox);
    sandbox.run(&["fake", "all", "--seed", "2", "--format", "ndjson", "--out", "clean"]).expect(0);
    let run = sandbox.run(&["validate", "--format", "junit", HOSTILE, "clean"]).expect(1);
    let report = junit_parser::from_reader(run.stdout.as_slice()).expect("JUnit XML");
    assert_eq!((report.tests, report.failures, report.errors), (20, 1, 0));
    let failed: Vec<_> = report.suites[0].cases.iter().filter(|case| case.status.is_failure()).collect();
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].original_name, format!("{HOSTILE}:1"));
    assert!(failed[0].status.failure_as_ref().text.contains("error[enum]"));
    assert!(!run.text().contains('\u{1b}'));
}

#[test]
fn github_commands_are_one_line_each() {
    let sandbox = Sandbox::new();
    flawed(&sandbox);
    let run = sandbox.run(&["validate", "--format", "github", HOSTILE]).expect(1);
    let lines: Vec<&str> = run.text().lines().collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    let file = "file=a%250A%3A%3Aerror%3A%3Ax%2Cline=1]]>&\"<b>.json,line=";
    assert!(lines[0].starts_with(&format!("::error {file}")), "{}", lines[0]);
    assert!(lines[1].starts_with(&format!("::warning {file}")), "{}", lines[1]);
    for line in lines {
        // Between the first two pairs of colons, only commas of the emitter separate properties.
        assert_eq!(line.split("::").nth(1).expect("properties").matches(',').count(), 5, "{line}");
        assert!(!line.contains('\u{1b}'), "{line}");
    }
}

#[test]
fn one_run_can_write_several_reports() {
    let sandbox = Sandbox::new();
    flawed(&sandbox);
    let arguments =
        ["validate", HOSTILE, "--report", "sarif=out.sarif", "--report", "junit=out.xml", "--report", "json=out"];
    let run = sandbox.run(&arguments).expect(1);
    assert!(run.text().starts_with("error[enum]"));
    for (format, name) in [("sarif", "out.sarif"), ("junit", "out.xml"), ("json", "out")] {
        let alone = sandbox.run(&["validate", HOSTILE, "--format", format]).expect(1);
        assert_eq!(std::fs::read(sandbox.path().join(name)).expect("the report"), alone.stdout, "{name}");
    }
}

#[test]
fn an_unwritable_report_exits_2_and_leaves_no_file() {
    let sandbox = Sandbox::new();
    flawed(&sandbox);
    let run = sandbox.run(&["validate", HOSTILE, "--report", "sarif=absent/out.sarif"]).expect(2);
    assert!(
        run.stderr.starts_with("error: cannot write absent/out.sarif: No such file or directory"),
        "{}",
        run.stderr
    );
    sandbox.run(&["validate", HOSTILE, "--report", "sarif"]).expect(2);
    sandbox.run(&["validate", HOSTILE, "--report", "html=x"]).expect(2);
    let left: Vec<_> = sandbox.path().read_dir().expect("the folder").collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

/// The URIs of the first location of each result, and the files of each annotation.
fn places(sandbox: &Sandbox, arguments: &[&str]) -> (Vec<String>, Vec<String>) {
    let run = |format: &str| {
        let mut command = sandbox.command(&[arguments, &["--format", format]].concat());
        command.env("GITHUB_WORKSPACE", sandbox.path());
        sandbox.finish(command)
    };
    let log: Value = serde_json::from_slice(&run("sarif").stdout).expect("JSON");
    let results = log["runs"][0]["results"].as_array().expect("results");
    let uri = |result: &Value| result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].clone();
    let uris = results.iter().map(|result| uri(result).as_str().expect("a URI").to_owned()).collect();
    let annotations = run("github");
    let file =
        |line: &str| line.split("file=").nth(1).map_or("", |rest| rest.split(',').next().unwrap_or("")).to_owned();
    (uris, annotations.text().lines().map(file).collect())
}

#[test]
fn files_are_named_from_the_checkout_however_they_are_given() {
    let sandbox = Sandbox::new();
    let body = sandbox.write("a/b c.json", r#"{"event":7}"#);
    let outside = Sandbox::new();
    let other = outside.write("x.json", r#"{"event":7}"#);
    for name in ["a/b c.json", "./a/b c.json", ".//a//b c.json", "a/../a/b c.json", body.to_str().expect("text"), "a"] {
        assert_eq!(
            places(&sandbox, &["validate", name]),
            (vec!["a/b%20c.json".into()], vec!["a/b c.json".into()]),
            "{name}"
        );
    }
    let (uris, files) = places(&sandbox, &["validate", other.to_str().expect("text")]);
    assert!(uris[0].starts_with("file:///") && uris[0].ends_with("/x.json"), "{uris:?}");
    assert_eq!(files, [""], "a file outside of the checkout cannot be annotated");
    let run = sandbox.run_with(&["validate", "-", "--format", "github"], r#"{"event":7}"#).expect(1);
    assert!(!run.text().contains("file=") && run.text().contains("%0A-:1:"), "{}", run.text());
}

#[test]
fn the_places_of_probe_are_relative_files() {
    let endpoint = Endpoint::start(&[500; 3]);
    let url = endpoint.url("/h");
    let sandbox = Sandbox::new();
    let (uris, _) = places(&sandbox, &["probe", &url, "--only", "body/unicode"]);
    assert_eq!(uris, ["probe/body-unicode.http"]);
    let endpoint = Endpoint::start(&[500; 3]);
    let (uris, _) = places(&sandbox, &["probe", &endpoint.url("/h"), "--only", "body/unicode", "--save", "sent"]);
    assert_eq!(uris, ["sent/body-unicode.http"]);
    assert!(sandbox.path().join("sent/body-unicode.http").exists());
}

#[test]
fn every_sarif_rule_has_a_description_and_a_help() {
    let sandbox = Sandbox::new();
    sandbox.write("a.json", "{}");
    let log: Value =
        serde_json::from_slice(&sandbox.run(&["validate", "a.json", "--format", "sarif"]).stdout).expect("JSON");
    for rule in log["runs"][0]["tool"]["driver"]["rules"].as_array().expect("rules") {
        for member in ["shortDescription", "fullDescription", "help"] {
            assert!(rule[member]["text"].as_str().is_some_and(|text| !text.is_empty()), "{member} of {rule}");
        }
    }
}

#[test]
fn sarif_ends_at_the_limit_of_code_scanning_and_keeps_errors() {
    let sandbox = Sandbox::new();
    let warning = r#"{"event":"page_removed","page":{"id":"1"},"x":1}"#.to_owned() + "\n";
    sandbox.write("many.ndjson", warning.repeat(2_600) + "{\"event\":7}\n");
    let run = sandbox.run(&["validate", "many.ndjson", "--format", "sarif"]).expect(1);
    let log: Value = serde_json::from_slice(&run.stdout).expect("JSON");
    let results = log["runs"][0]["results"].as_array().expect("results");
    assert_eq!(results.len(), 25_000);
    assert_eq!(results[0]["level"], "error");
    assert!(run.stderr.contains("results are left out of the SARIF report, warnings first"), "{}", run.stderr);
    let notes = &log["runs"][0]["invocations"][0]["toolExecutionNotifications"];
    assert!(notes[0]["message"]["text"].as_str().is_some_and(|text| text.contains("left out")), "{notes}");
}

#[test]
fn the_limit_of_findings_prefers_errors_and_limits_the_lines() {
    let sandbox = Sandbox::new();
    let body = r#"{"a":1,"b":2,"event":"page_created","page":{"id":7,"title":8}}"#.to_owned() + "\n";
    sandbox.write("many.ndjson", body.repeat(100));
    let run = sandbox.run(&["validate", "many.ndjson", "--max-findings", "3"]).expect(1);
    assert!(run.text().matches("error[type]").count() == 3, "errors come before warnings: {}", run.text());
    assert!(run.text().matches(" more\n").count() <= 2, "{}", run.text());
    let run = sandbox.run(&["validate", "many.ndjson", "--max-findings", "3", "--format", "junit"]).expect(1);
    assert!(!run.text().contains("></failure>") && !run.text().contains("type=\"omitted\"/>"), "{}", run.text());
    assert_eq!(run.text().matches("message=\"there are too many findings to list").count(), 98);
    assert_eq!(run.text().matches("skipped=").count(), 1, "only a suite has skipped: {}", run.text());
}

#[test]
fn an_error_in_the_last_file_comes_before_warnings_in_the_first() {
    let sandbox = Sandbox::new();
    sandbox.write("a.json", r#"{"event":"page_removed","page":{"id":"1"}}"#);
    sandbox.write("b.json", r#"{"event":"page_removed","page":{"id":"1"},"x":1}"#);
    sandbox.write("c.json", r#"{"event":7}"#);
    let files = |run: &Run| -> Vec<String> {
        let has_findings = |line: &&Value| line["findings"].as_array().is_some_and(|findings| !findings.is_empty());
        run.json().iter().filter(has_findings).map(|line| line["input"].as_str().expect("text").to_owned()).collect()
    };
    let validate = |limit: &str| {
        sandbox.run(&["validate", "a.json", "b.json", "c.json", "--json", "--max-findings", limit]).expect(1)
    };
    assert_eq!(files(&validate("1")), ["c.json"]);
    assert_eq!(files(&validate("2")), ["a.json", "c.json"]);
    let run = validate("0");
    assert_eq!((run.json().len(), files(&run).len()), (3, 0));
    assert_eq!(files(&validate("1000")), ["a.json", "b.json", "c.json"], "the order of the inputs");
}

#[test]
fn an_input_that_cannot_be_read_is_an_error_in_junit() {
    let sandbox = Sandbox::new();
    sandbox.write("a.json", r#"{"event":"page_removed","page":{"id":"1"}}"#);
    let run = sandbox.run(&["validate", "a.json", "missing.json", "--format", "junit"]).expect(2);
    let text = run.text();
    assert!(text.contains(r#"tests="2" failures="0" errors="1""#), "{text}");
    assert!(text.contains(r#"<error message="cannot read missing.json: "#), "{text}");
}

#[test]
#[cfg(unix)]
fn the_uri_of_a_name_that_is_not_text_has_its_bytes() {
    use std::os::unix::ffi::OsStrExt;
    let sandbox = Sandbox::new();
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.json");
    std::fs::write(sandbox.path().join(name), r#"{"event":7}"#).expect("it is written");
    let run = sandbox.run(&["validate", ".", "--format", "sarif"]).expect(1);
    assert!(run.text().contains(r#""uri":"caf%E9.json""#), "{}", run.text());
}
