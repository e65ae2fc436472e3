//! `cfwh captures`: what was saved can be listed and shown.

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
fn what_senders_wrote_is_safe_for_a_terminal() {
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
