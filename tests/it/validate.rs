//! `cfwh validate`: findings, positions, formats and exit codes.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::support::{Run, Sandbox};

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Runs in the repository, so that the names of samples are relative.
fn validate(arguments: &[&str]) -> Run {
    let sandbox = Sandbox::new();
    let mut all = vec!["validate"];
    all.extend(arguments);
    let mut command = sandbox.command(&all);
    command.current_dir(repository());
    let output = command.output().expect("it runs");
    Run {
        code: output.status.code().unwrap_or(-1),
        stdout: output.stdout,
        stderr: String::from_utf8(output.stderr).expect("text"),
    }
}

fn invalid_samples() -> Vec<PathBuf> {
    let folder = repository().join("samples/invalid");
    let mut paths: Vec<PathBuf> =
        folder.read_dir().expect("the samples").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    assert!(paths.len() >= 15);
    paths
}

#[test]
fn every_invalid_sample_is_found_and_explained() {
    for path in invalid_samples() {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let run = validate(&[&format!("samples/invalid/{name}")]);
        insta::assert_snapshot!(
            format!("invalid_{}", name.replace('.', "_")),
            format!("exit {}\n{}\n{}", run.code, run.text(), run.stderr)
        );
    }
}

#[test]
fn every_invalid_sample_has_its_json_line() {
    let run = validate(&["--json", "samples/invalid"]).expect(1);
    insta::assert_snapshot!(run.text());
}

#[test]
fn every_sample_is_clean_even_when_strict() {
    let mut names: Vec<String> = Vec::new();
    for entry in repository().join("samples").read_dir().expect("the samples") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|ending| ending == "json") {
            names.push(format!("samples/{}", path.file_name().expect("a name").to_string_lossy()));
        }
    }
    assert_eq!(names.len(), 19);
    names.push("samples/captures/page_created.http".to_owned());
    let mut arguments = vec!["--strict"];
    arguments.extend(names.iter().map(String::as_str));
    let run = validate(&arguments).expect(0);
    assert_eq!(run.text(), "");
    assert_eq!(run.stderr, "20 validated: 20 clean, 0 with warnings, 0 with errors\n");
}

/// The place of the only finding: `line:column pointer`.
fn place(sandbox: &Sandbox, name: &str, bytes: &[u8]) -> String {
    sandbox.write(name, bytes);
    let run = sandbox.run(&["validate", "--json", name]);
    let lines = run.json();
    let findings: Vec<&Value> = lines.iter().flat_map(|line| line["findings"].as_array().expect("a list")).collect();
    assert_eq!(findings.len(), 1, "{findings:?}");
    let finding = findings[0];
    format!("{}:{} {}", finding["line"], finding["column"], finding["pointer"].as_str().expect("a pointer"))
}

/// A clean body on one line, with a title of one's own and a page id that is a number: one finding.
fn body(title: &str, layout: &str) -> Vec<u8> {
    let sandbox = Sandbox::new();
    let title = format!("page.title={}", json!(title));
    let arguments = [
        "fake",
        "page_updated",
        "--seed",
        "1",
        "--at",
        "now",
        "--set",
        &title,
        "--set",
        "page.id=7",
        "--format",
        layout,
    ];
    sandbox.run(&arguments).expect(0).stdout
}

#[test]
fn lines_and_columns_are_those_of_an_editor() {
    let sandbox = Sandbox::new();
    let pretty = String::from_utf8(body("x", "pretty")).expect("text");
    assert_eq!(place(&sandbox, "lf.json", pretty.as_bytes()), "6:11 /page/id");
    assert_eq!(place(&sandbox, "crlf.json", pretty.replace('\n', "\r\n").as_bytes()), "6:11 /page/id");
    assert_eq!(place(&sandbox, "tabs.json", pretty.replace("  ", "\t").as_bytes()), "6:9 /page/id");

    let line = String::from_utf8(body("x", "ndjson")).expect("text");
    let line = line.trim_end();
    let column = line.find("\"id\":7").expect("the id") + 6;
    assert_eq!(place(&sandbox, "one.json", line.as_bytes()), format!("1:{column} /page/id"));
    let two = format!("\r\n\n{line}\r\n");
    assert_eq!(place(&sandbox, "lines.ndjson", two.as_bytes()), format!("3:{column} /page/id"));
    let capture = format!("POST /hook HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{line}");
    assert_eq!(place(&sandbox, "capture.http", capture.as_bytes()), format!("4:{column} /page/id"));
}

#[test]
fn columns_count_characters_on_a_line_of_a_megabyte() {
    let sandbox = Sandbox::new();
    let title = "é".repeat(500_000);
    let line = String::from_utf8(body("TITLE", "ndjson")).expect("text").replace("TITLE", &title);
    // The title in front of the id, so that its characters count.
    let line = line.replacen("\"id\":7,", "", 1).replacen("\"spaceKey\"", "\"id\":7,\"spaceKey\"", 1);
    let bytes = line.find("\"id\":7").expect("the id") + 5;
    let column = line[..bytes].chars().count() + 1;
    assert_eq!(place(&sandbox, "long.json", line.as_bytes()), format!("1:{column} /page/id"));

    let run = sandbox.run(&["validate", "long.json"]).expect(1);
    assert!(run.text().contains(&format!("--> long.json:1:{column}\n")));
    assert!(run.text().lines().all(|line| line.chars().count() < 140), "the excerpt is cut");
    let (source, caret) = {
        let mut lines = run.text().lines().skip_while(|line| !line.starts_with("1 |"));
        (lines.next().expect("the source"), lines.next().expect("the caret"))
    };
    assert_eq!(source.chars().nth(caret.chars().position(|c| c == '^').expect("a caret")), Some('7'));
}

#[test]
fn the_event_comes_from_the_flag_the_body_or_the_path() {
    let sandbox = Sandbox::new();
    let page = sandbox.run(&["fake", "page_updated", "--unset", "event"]).expect(0).stdout;
    sandbox.write("page.json", &page);
    let finding = |arguments: &[&str]| {
        let mut all = vec!["validate", "--json", "page.json"];
        all.extend(arguments);
        let lines = sandbox.run(&all).json();
        let rules = lines[0]["findings"].as_array().expect("a list").iter().map(|finding| finding["rule"].clone());
        (lines[0]["event"].clone(), rules.collect::<Vec<_>>())
    };
    assert_eq!(finding(&[]), (Value::Null, vec![json!("missing-event")]));
    assert_eq!(finding(&["--event", "page_created"]), (json!("page_created"), vec![json!("missing-property")]));

    let capture = [b"POST /hooks/page_trashed?lic=active HTTP/1.1\r\n\r\n".to_vec(), page].concat();
    sandbox.write("page.http", capture);
    let line = &sandbox.run(&["validate", "--json", "page.http"]).json()[0];
    assert_eq!(line["event"], "page_trashed");
}

#[test]
fn an_event_that_is_not_the_expected_one_is_a_finding() {
    let rules = |event: &str, expected: &str| {
        let sandbox = Sandbox::new();
        let body = sandbox.run(&["fake", event]).expect(0).stdout;
        let run = sandbox.run_with(&["validate", "--json", "--event", expected, "-"], body).expect(1);
        let findings = run.json()[0]["findings"].as_array().expect("a list").clone();
        findings.iter().map(|finding| finding["rule"].as_str().expect("a rule").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(rules("page_created", "page_updated"), ["event-mismatch"]);
    assert_eq!(rules("page_created", "space_created"), ["enum", "payload-mismatch"]);
}

#[test]
fn strict_and_expect_invalid_change_the_exit_code() {
    let warned = "samples/invalid/title_is_missing.json";
    let wrong = "samples/invalid/page_id_is_a_number.json";
    let clean = "samples/page_created.json";
    validate(&[warned]).expect(0);
    validate(&["--strict", warned]).expect(1);
    validate(&["--expect-invalid", wrong]).expect(0);
    validate(&["--expect-invalid", "--strict", wrong, warned]).expect(0);
    let run = validate(&["--expect-invalid", wrong, clean, warned]).expect(1);
    assert!(run.stderr.contains("samples/page_created.json was expected to be invalid, but has no errors"));
    validate(&["--expect-invalid", wrong, "samples/absent.json"]).expect(2);
}

#[test]
fn an_unreadable_input_does_not_stop_the_others() {
    let run = validate(&["samples/absent.json", "samples/invalid/page_id_is_a_number.json"]).expect(2);
    assert!(run.stderr.contains("error: cannot read samples/absent.json: No such file or directory"));
    assert!(run.text().contains("error[type]"));
    assert!(run.stderr.ends_with("1 validated: 0 clean, 0 with warnings, 1 with errors; 1 unreadable\n"));
}

#[test]
fn max_findings_limits_the_shown_findings() {
    let all = validate(&["samples/invalid"]).expect(1);
    let count = all.text().matches(" --> ").count();
    let some = validate(&["samples/invalid", "--max-findings", "3"]).expect(1);
    assert_eq!(some.text().matches(" --> ").count(), 3);
    assert!(some.stderr.contains(&format!("; {} findings not shown", count - 3)), "{}", some.stderr);
    validate(&["samples/invalid", "--max-findings", "0"]).expect(1);
}

#[test]
fn a_long_first_line_on_stdin_is_one_body() {
    let long = format!("{{\"event\":\"page_created\",\"note\":\"{}\"}}", "x".repeat(700_000));
    let run =
        Sandbox::new().run_with(&["validate", "--json", "-"], format!("{long}\n{{\"event\":\"page_removed\"}}\n"));
    let lines = run.expect(0).json();
    let told: Vec<_> = lines.iter().map(|input| (input["event"].as_str(), input["line"].as_u64())).collect();
    assert_eq!(told, [(Some("page_created"), Some(1)), (Some("page_removed"), Some(2))]);
}

#[test]
fn ndjson_is_validated_in_order_from_a_file_and_from_stdin() {
    let sandbox = Sandbox::new();
    let mut lines: Vec<String> = Vec::new();
    let bodies = sandbox.run(&["fake", "all", "--count", "400", "--format", "ndjson", "--seed", "5"]).expect(0);
    for (index, line) in bodies.text().lines().enumerate() {
        lines.push(if index % 1000 == 999 {
            line.replacen("\"timestamp\":", "\"timestamp\":\"x", 1)
        } else {
            line.to_owned()
        });
    }
    let text = lines.join("\n");
    assert!(text.len() > 3_000_000, "several blocks");
    sandbox.write("many.ndjson", &text);
    let file = sandbox.run(&["validate", "many.ndjson"]).expect(1);
    let stdin = sandbox.run_with(&["validate", "-"], text).expect(1);
    let places = |run: &Run| {
        let arrows = run.text().lines().filter_map(|line| line.trim_start().strip_prefix("--> "));
        arrows.map(|place| place.split(':').nth(1).expect("a line").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(places(&file), ["1000", "2000", "3000", "4000", "5000", "6000", "7000"]);
    assert_eq!(places(&stdin), places(&file));
    assert!(file.stderr.starts_with("7600 validated: 7593 clean"));
}
