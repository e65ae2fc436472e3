//! `cfwh captures` lists and shows saved deliveries.

use std::fs;

use insta_cmd::assert_cmd_snapshot;
use serde_json::{Value, json};

use crate::raw_client::SECRET;
use crate::support::{Listener, Run, Sandbox};

const JSON: &str = "Content-Type: application/json";

/// Saves deliveries in the folder `calls`: a valid one, one with another secret, one with findings, and one that is unsigned.
fn capture_some(sandbox: &Sandbox) {
    let listener = Listener::start(sandbox, &["--quiet", "--secret", SECRET, "--capture", "calls"]);
    sandbox.write(
        "flawed.json",
        r#"{"event":"page_removed","timestamp":1768469400000,"page":{"id":7,"title":"Caf\u00e9"}}"#,
    );
    let fixed = ["--seed", "1", "--at", "2026-01-15T09:30:00Z", "-q", "--to", &listener.url];
    let send = |arguments: &[&str]| sandbox.run(&[&["send"], arguments, &fixed].concat());
    send(&["page_created", "--secret", SECRET]).expect(0);
    send(&["blog_created", "--secret", "another"]).expect(1);
    let body = ["send", "flawed.json", "--secret", SECRET, "--seed", "1", "-q", "--to", &listener.url];
    sandbox.run(&body).expect(0);
    listener.post("/webhooks/confluence/label_added", &[JSON], b"{}");
    listener.interrupt();
    listener.finish().expect(0);
}

fn list(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    sandbox.run(&[&["captures", "list", "calls", "--json"], arguments].concat())
}

fn numbers(run: &Run) -> Vec<u64> {
    run.json().iter().map(|line| line["number"].as_u64().expect("a number")).collect()
}

#[test]
fn every_filter_narrows_the_list_down() {
    let sandbox = Sandbox::new();
    capture_some(&sandbox);
    assert_eq!(numbers(&list(&sandbox, &[]).expect(0)), [1, 2, 3, 4]);
    for (arguments, expected) in [
        (&["--event", "page_*"][..], &[1, 3][..]),
        (&["--event", "page_created", "--event", "blog_created"], &[1, 2]),
        (&["--status", "401"], &[2, 4]),
        (&["--status", "2xx"], &[1, 3]),
        (&["--status", "2xx", "--event", "page_removed"], &[3]),
        (&["--verdict", "clean", "--verdict", "errors"], &[1, 2, 3]),
        (&["--auth", "mismatch"], &[2]),
        (&["--auth", "hmac"], &[1, 2, 3, 4]),
        (&["--search", "CAFÉ"], &[3]),
        (&["--search", "x-hub-signature"], &[1, 2, 3]),
        (&["--search", "/LABEL_added"], &[4]),
        (&["--since", "1h", "--until", "2100-01-01"], &[1, 2, 3, 4]),
    ] {
        assert_eq!(numbers(&list(&sandbox, arguments).expect(0)), expected, "{arguments:?}");
    }
    for arguments in
        [&["--event", "space_created"][..], &["--since", "2100-01-01"], &["--until", "1h"], &["--search", "zzz"]]
    {
        let run = list(&sandbox, arguments).expect(1);
        assert_eq!((run.text(), run.stderr.as_str()), ("", "no delivery matches\n"), "{arguments:?}");
    }
}

#[test]
fn a_folder_without_a_journal_has_less_to_show() {
    let sandbox = Sandbox::new();
    capture_some(&sandbox);
    let with = list(&sandbox, &[]).expect(0).json();
    fs::remove_file(sandbox.path().join("calls/deliveries.ndjson")).expect("a journal");
    let without = list(&sandbox, &[]).expect(0).json();
    assert_eq!(with.len(), without.len());
    for (with, without) in with.iter().zip(&without) {
        for field in ["number", "event", "target", "bytes", "capture"] {
            assert_eq!(with[field], without[field]);
        }
        assert_eq!([&without["at"], &without["status"], &without["ms"]], [&Value::Null; 3]);
        assert_eq!(without["signature"], "unchecked");
    }
    assert_eq!(without[2]["verdict"], "errors");
    sandbox.run(&["captures", "list", "calls", "--status", "2xx"]).expect(1);
    let shown = sandbox.run(&["captures", "show", "calls", "3", "--json"]).expect(0).json();
    assert_eq!(shown[0]["response"], Value::Null);
}

#[test]
fn a_delivery_is_shown_with_request_findings_and_response() {
    let sandbox = Sandbox::new();
    capture_some(&sandbox);
    let shown = sandbox.run(&["captures", "show", "calls", "3", "--json"]).expect(0).json();
    let body = fs::read_to_string(sandbox.path().join("flawed.json")).expect("a body");
    assert_eq!((&shown[0]["request"]["body"], &shown[0]["request"]["truncated"]), (&json!(body), &json!(false)));
    let id = shown[0]["findings"].as_array().expect("findings").iter().find(|finding| finding["pointer"] == "/page/id");
    let id = id.expect("a finding about the id");
    let column = body.find(":7,").expect("the id") + 2;
    assert_eq!((&id["line"], &id["column"]), (&json!(1), &json!(column)));
    assert_eq!(id["end"], json!({"line": 1, "column": column + 1}));
    assert_eq!(shown[0]["response"]["body"], "ok\n");
}

#[test]
fn a_secret_explains_a_wrong_signature() {
    let sandbox = Sandbox::new();
    let listener = Listener::start(&sandbox, &["--quiet", "--secret", SECRET, "--capture", "calls"]);
    let line_end = format!("{SECRET}\n");
    sandbox.run(&["send", "page_created", "--secret", &line_end, "-q", "--to", &listener.url]).expect(1);
    listener.interrupt();
    listener.finish().expect(0);
    let shown = sandbox.run(&["captures", "show", "calls", "1", "--secret", SECRET, "--json"]).expect(0).json();
    assert_eq!(
        (&shown[0]["signature"], &shown[0]["causes"][0]["cause"]),
        (&json!("mismatch"), &json!("secret-with-lf"))
    );
    let without = sandbox.run(&["captures", "show", "calls", "1", "--json"]).expect(0).json();
    assert_eq!((&without[0]["signature"], &without[0]["causes"]), (&json!("mismatch"), &Value::Null));
}

/// The times of the runs are not the same, and neither are ports.
#[test]
fn what_a_person_sees() {
    let sandbox = Sandbox::new();
    capture_some(&sandbox);
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "[time]             ");
    settings.add_filter(r" +[\d.]+ [mµ]s\b", "   [ms]");
    settings.add_filter(r"127\.0\.0\.1:\d+", "[host]");
    settings.bind(|| {
        assert_cmd_snapshot!("captures_list", sandbox.command(&["captures", "list", "calls"]));
        assert_cmd_snapshot!("captures_show", sandbox.command(&["captures", "show", "calls", "2", "--secret", SECRET]));
        assert_cmd_snapshot!("captures_show_findings", sandbox.command(&["captures", "show", "calls", "3"]));
    });
}

#[test]
fn text_from_senders_is_safe_for_a_terminal() {
    let sandbox = Sandbox::new();
    let listener = Listener::start(&sandbox, &["--quiet", "--capture", "calls"]);
    let body = "{\"event\":\"\u{1b}]0;x\u{7}\",\"page\":{\"title\":\"\\u001b[2J\u{202e}x\"}}";
    listener.post("/webhooks/confluence/page_created", &[JSON, "X-A: \u{202e}"], body.as_bytes());
    listener.interrupt();
    listener.finish().expect(0);
    for arguments in [
        &["captures", "list", "calls"][..],
        &["captures", "show", "calls", "1"],
        &["captures", "show", "calls", "1", "--json"],
    ] {
        let run = sandbox.run(arguments).expect(0);
        assert!(!run.text().contains(['\u{1b}', '\u{7}', '\u{202e}']), "{}", run.text());
    }
}

#[test]
fn lines_of_a_journal_that_cannot_be_read_are_counted() {
    let sandbox = Sandbox::new();
    capture_some(&sandbox);
    let path = sandbox.path().join("calls/deliveries.ndjson");
    let text = fs::read_to_string(&path).expect("a journal");
    fs::write(&path, format!("nonsense\n{text}{{\"number\":")).expect("it is written");
    let run = list(&sandbox, &[]).expect(0);
    assert_eq!(numbers(&run).len(), 4);
    assert_eq!(run.stderr, "warning: calls/deliveries.ndjson has 1 line that cannot be read\n");
}

#[test]
fn a_difference_is_one_of_structure_and_the_heads_count_too() {
    let sandbox = Sandbox::new();
    sandbox.write("a.json", r#"{"page":{"id":"7","labels":[{"name":"b"}]},"n":1}"#);
    sandbox.write("same.json", "{ \"n\":1,\n \"page\":{\"labels\":[{\"name\":\"b\"}],\"id\":\"7\"}}\n");
    sandbox.write("b.json", r#"{"page":{"id":"7","labels":[{"name":"a"},{"name":"b"}]},"n":1.0}"#);
    let same = sandbox.run(&["captures", "diff", "a.json", "same.json"]).expect(0);
    assert_eq!(same.text(), "");
    let run = sandbox.run(&["captures", "diff", "a.json", "b.json"]).expect(1);
    assert_eq!(run.text(), "/page/labels/0\n  + {\"name\":\"a\"}\n/n\n  - 1\n  + 1.0\n");
    sandbox.write("a.http", "POST /x?a=1 HTTP/1.1\nX-A: 1\nX-B: 2\n\n{}");
    sandbox.write("b.http", "POST /x?a=2 HTTP/1.1\nx-b: 2\nX-A: \u{202e}3\n\n{}");
    let run = sandbox.run(&["captures", "diff", "a.http", "b.http"]).expect(1);
    assert_eq!(run.text(), "target\n  - /x?a=1\n  + /x?a=2\nX-A:\n  - 1\n  + \\u{202e}3\n");
    sandbox.write("two.ndjson", "{}\n{}\n");
    for (other, message) in [
        ("two.ndjson", "two.ndjson contains more than one delivery\n  fix: give a file with one"),
        (".", ". is a folder\n  fix: give two captures or bodies"),
        ("absent.json", "cannot read absent.json"),
    ] {
        let run = sandbox.run(&["captures", "diff", "a.json", other]).expect(2);
        assert!(run.stderr.starts_with(&format!("error: {message}")), "{}", run.stderr);
    }
}

#[test]
fn an_archive_has_the_chosen_deliveries_with_their_responses_and_is_sent_again() {
    let sandbox = Sandbox::new();
    capture_some(&sandbox);
    let run = sandbox.run(&["captures", "export", "calls", "--format", "har", "--status", "200"]).expect(0);
    let archive: Value = serde_json::from_slice(&run.stdout).expect("JSON");
    let entries = archive["log"]["entries"].as_array().expect("entries");
    assert_eq!(entries.len(), 2);
    assert_eq!(entries[0]["response"]["content"]["text"], "ok\n");
    assert!(entries[0]["time"].as_f64().is_some_and(|ms| ms > 0.0), "{}", entries[0]);
    sandbox.write("calls.har", run.stdout);
    let listener = Listener::start(&sandbox, &["--quiet", "--secret", SECRET, "--capture", "again"]);
    sandbox.run(&["send", "calls.har", "-q", "--to", &listener.url]).expect(0);
    listener.interrupt();
    listener.finish().expect(0);
    let body = |path: &str| {
        let capture = fs::read_to_string(sandbox.path().join(path)).expect("a capture");
        capture.split_once("\r\n\r\n").expect("a body").1.to_owned()
    };
    assert_eq!(body("again/000001-page_created.http"), body("calls/000001-page_created.http"));
    assert_eq!(body("again/000002-page_removed.http"), body("calls/000003-page_removed.http"));
    let none = sandbox.run(&["captures", "export", "calls", "--format", "har", "--status", "500"]).expect(1);
    assert_eq!((none.text(), none.stderr.as_str()), ("", "no delivery matches\n"));
}

#[test]
fn exported_lines_are_the_bodies_that_are_json() {
    let sandbox = Sandbox::new();
    capture_some(&sandbox);
    sandbox.write("calls/000005-unknown.http", "POST / HTTP/1.1\n\n{\n  \"a\": 1.50,\n  \"b\": \"x y\"\n}\n");
    sandbox.write("calls/000006-unknown.http", "POST / HTTP/1.1\n\nnot JSON");
    let run = sandbox.run(&["captures", "export", "calls", "--format", "ndjson"]).expect(1);
    let lines: Vec<_> = run.text().lines().collect();
    assert_eq!(lines.len(), 5);
    assert_eq!(lines[2], fs::read_to_string(sandbox.path().join("flawed.json")).expect("a body"));
    assert_eq!(lines[4], r#"{"a":1.50,"b":"x y"}"#);
    assert!(run.stderr.starts_with("error: delivery 6 is skipped: its body is not JSON"), "{}", run.stderr);
}

#[test]
fn a_redacted_folder_gets_the_same_verdicts_and_has_no_original_word() {
    let sandbox = Sandbox::new();
    capture_some(&sandbox);
    let run = sandbox.run(&["captures", "redact", "calls", "--out", "shared", "--verify", "--json"]).expect(0).json();
    assert_eq!((&run[0]["captures"], &run[0]["leftovers"]), (&json!(4), &json!([])));
    let secret = run[0]["secret"].as_str().expect("a secret");
    let verdicts = |folder: &str, secret: &str| {
        let run = sandbox.run(&["verify", folder, "--secret", secret, "--json"]);
        run.json().iter().map(|line| line["verdict"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(verdicts("shared", secret), verdicts("calls", SECRET));
    let found = |folder: &str| {
        let lines = sandbox.run(&["validate", folder, "--json"]).json();
        let rules = |line: &Value| -> Vec<_> {
            let findings = line["findings"].as_array().expect("findings").iter();
            findings.map(|finding| (finding["rule"].clone(), finding["pointer"].clone())).collect()
        };
        lines.iter().map(|line| (line["event"].clone(), rules(line))).collect::<Vec<_>>()
    };
    assert_eq!(found("shared"), found("calls"));
    let all: Vec<u8> = fs::read_dir(sandbox.path().join("shared"))
        .expect("a folder")
        .flat_map(|entry| fs::read(entry.expect("an entry").path()).expect("a file"))
        .collect();
    let text = String::from_utf8_lossy(&all).to_lowercase();
    let shown = sandbox.run(&["captures", "show", "calls", "1", "--json"]).expect(0).json();
    let body: Value = serde_json::from_str(shown[0]["request"]["body"].as_str().expect("a body")).expect("JSON");
    for original in [&body["page"]["title"], &body["page"]["id"], &body["userAccountId"], &body["page"]["self"]] {
        assert!(!text.contains(&original.as_str().expect("text").to_lowercase()), "{original}");
    }
    assert!(!text.contains("caf\\u00e9") && !text.contains("café"));
    // Nothing is overwritten, and nothing is written into the folder that is read.
    for out in ["shared", "calls/inside"] {
        sandbox.run(&["captures", "redact", "calls", "--out", out]).expect(2);
    }
    sandbox.write("calls/000099-page_created.http", "POST / HTTP/1.1\r\nContent-Length: 7\r\n\r\nshort");
    let run = sandbox.run(&["captures", "redact", "calls", "--out", "again"]).expect(2);
    assert!(run.stderr.contains("nothing was written: cannot read calls/000099-page_created.http"), "{}", run.stderr);
    assert!(!sandbox.path().join("again").exists());
}

#[cfg(unix)]
#[test]
fn pipes_and_devices_are_no_captures() {
    let sandbox = Sandbox::new();
    capture_some(&sandbox);
    let folder = sandbox.path().join("calls");
    let made = std::process::Command::new("mkfifo").arg(folder.join("000009-page_updated.http")).status();
    assert!(made.expect("mkfifo runs").success());
    std::os::unix::fs::symlink("/dev/zero", folder.join("000010-page_updated.http")).expect("a link");
    assert_eq!(numbers(&list(&sandbox, &[]).expect(0)), [1, 2, 3, 4]);
    sandbox.run(&["captures", "export", "calls", "--format", "ndjson", "-q"]).expect(0);
    fs::remove_file(folder.join("deliveries.ndjson")).expect("a journal");
    let made = std::process::Command::new("mkfifo").arg(folder.join("deliveries.ndjson")).status();
    assert!(made.expect("mkfifo runs").success());
    let run = list(&sandbox, &[]).expect(2);
    assert!(run.stderr.contains("deliveries.ndjson is not a regular file"), "{}", run.stderr);
    let run = sandbox.run(&["listen", "--port", "0", "--capture", "calls"]).expect(2);
    assert!(run.stderr.contains("cannot write deliveries.ndjson in calls: it is not a regular file"), "{}", run.stderr);
}

#[test]
fn a_line_of_another_program_with_less_in_it_is_used() {
    let sandbox = Sandbox::new();
    sandbox.write("calls/000001-unknown.http", "POST / HTTP/1.1\n\n{}");
    let response = r#"{"status":204,"headers":[],"body":"","truncated":false}"#;
    let line = r#"{"number":1,"at":"2026-01-15T09:30:00Z","status":204,"capture":"000001-unknown.http","response":"#;
    sandbox.write("calls/deliveries.ndjson", format!("{line}{response}}}\n"));
    let lines = list(&sandbox, &[]).expect(0).json();
    assert_eq!((&lines[0]["status"], &lines[0]["signature"]), (&json!(204), &json!("unchecked")));
}

#[test]
fn two_deliveries_with_the_same_bytes_do_not_differ_whatever_they_are() {
    let sandbox = Sandbox::new();
    sandbox.write("a.json", "not JSON");
    sandbox.run(&["captures", "diff", "a.json", "a.json"]).expect(0);
    sandbox.write("b.json", "not JSON either");
    sandbox.run(&["captures", "diff", "a.json", "b.json"]).expect(2);
}
