//! The page in a browser: Chromium, driven by `tests/inspector/*.mjs`, with axe for accessibility.

use std::fmt::Write;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::raw_client::{SECRET, exchange, good, request};
use crate::support::{Endpoint, Listener, Sandbox, tool};

/// How many times as long as promised the page may take. Other tests compile, start receivers and load the machine meanwhile: what
/// this finds is a page that hangs. Alone, `PATIENCE` may be 1.
const PATIENCE: usize = 20;

/// Runs a script of `tests/inspector` to its end.
#[track_caller]
fn run(script: &str, mut to: Value) {
    to["patience"] = PATIENCE.into();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/inspector").join(script);
    let output =
        Command::new(tool("node")).arg(script).arg(tool("chromium")).arg(to.to_string()).output().expect("node runs");
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{stdout}{stderr}");
    assert!(stdout.lines().filter(|line| line.starts_with("ok ")).count() > 4, "{stdout}{stderr}");
}

#[test]
#[ignore = "needs node, chromium, playwright-core, axe-core"]
fn the_page_shows_deliveries_as_they_are_received_and_sends_them_again() {
    let sandbox = Sandbox::new();
    let endpoint = Endpoint::start(&[]);
    let listener = Listener::start(&sandbox, &["--secret", SECRET, "--inspect"]);
    let (inspect, to) = (&listener.ready["inspect"], endpoint.url("/hook"));
    let process = listener.id();
    run(
        "live.mjs",
        json!({ "inspect": inspect, "receiver": listener.url, "secret": SECRET, "endpoint": to, "process": process }),
    );
    let received = endpoint.received();
    assert_eq!(received.len(), 1, "one replay");
    assert!(received[0].body.starts_with(b"{\"timestamp\":1768469400001,\"event\":\"page_created\""));
    listener.finish().expect(0);
}

#[test]
#[ignore = "needs node, chromium, playwright-core, axe-core"]
fn the_page_in_a_file_opens_without_the_program() {
    let sandbox = Sandbox::new();
    let listener = Listener::start(&sandbox, &["--secret", SECRET, "--capture", "calls", "-q"]);
    let page = |title: &str| format!(r#"{{"event":"page_updated","page":{{"id":"7","title":"{title}"}}}}"#);
    for title in ["Plan", "</script><script>window.hacked=1</script>"] {
        exchange(&listener.url, &request("/webhooks/confluence", "", &page(title))).expect("a response");
    }
    let signed = String::from_utf8(request("/webhooks/confluence", "", &page("Plan"))).expect("text");
    let length = page("Plan").len();
    let changed =
        signed.replace(&format!("Content-Length: {length}"), &format!("Content-Length: {}", length + 1)) + "\n";
    exchange(&listener.url, changed.as_bytes()).expect("a response");
    listener.interrupt();
    listener.finish().expect(0);
    sandbox.run(&["inspect", "calls", "--secret", SECRET, "--html", "page.html"]).expect(0);
    let file = format!("file://{}", sandbox.path().join("page.html").display());
    run("saved.mjs", json!({ "page": file, "count": 3 }));
}

#[test]
#[ignore = "needs node, chromium, playwright-core, axe-core"]
fn ten_thousand_deliveries_scroll() {
    const COUNT: usize = 10_000;
    let sandbox = Sandbox::new();
    let listener = Listener::start(&sandbox, &["--secret", SECRET, "--capture", "calls", "-q"]);
    good(&listener.url);
    listener.interrupt();
    listener.finish().expect(0);
    let capture = std::fs::read(sandbox.path().join("calls/000001-page_created.http")).expect("a capture");
    let line = std::fs::read_to_string(sandbox.path().join("calls/deliveries.ndjson")).expect("a journal");
    let mut journal = String::new();
    for number in 1..=COUNT {
        let name = format!("{number:06}-page_created.http");
        std::fs::write(sandbox.path().join("calls").join(&name), &capture).expect("it is written");
        // Writing to a String cannot fail.
        let _ = write!(journal, "{}", line.replace("000001-page_created.http", &name));
    }
    std::fs::write(sandbox.path().join("calls/deliveries.ndjson"), journal).expect("it is written");
    let inspector = Listener::spawn(&sandbox, sandbox.command(&["inspect", "calls", "--json"]));
    run("many.mjs", json!({ "inspect": inspector.url, "count": COUNT }));
}
