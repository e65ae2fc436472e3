//! `cfwh send --concurrency`, `--rate` and `--duration`: loads and their statistics.

use std::collections::BTreeSet;
use std::io::Write;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::raw_server::RawServer;
use crate::support::{ClosedPort, Endpoint, Listener, Sandbox, wait_until};

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

#[test]
fn every_body_of_a_load_is_different_and_signed() {
    let sandbox = Sandbox::new();
    let mut listener = Listener::start(&sandbox, &["--secret", "s3cret", "--count", "114"]);
    let arguments =
        ["send", "all", "--count", "6", "--secret", "s3cret", "--concurrency", "8", "--to", &listener.url, "--json"];
    let lines = sandbox.run(&arguments).expect(0).json();
    let (summary, deliveries) = lines.split_last().expect("a summary");
    assert_eq!(deliveries.len(), 114);
    assert_eq!((&summary["type"], &summary["sent"], &summary["ok"]), (&"summary".into(), &114.into(), &114.into()));
    assert!(summary["ms"]["p50"].as_f64() <= summary["ms"]["p99"].as_f64());
    assert!((0..114).all(|_| listener.next()["signature"] == "valid"));
}

#[test]
fn a_load_sends_the_same_bodies_as_a_sequential_run() {
    let bodies = |load: &[&str]| {
        let endpoint = Endpoint::start(&[]);
        let url = endpoint.url("/h");
        let arguments = ["send", "all", "--count", "3", "--seed", "5", "--at", "2026-01-01T00:00:00Z", "--to", &url];
        Sandbox::new().run(&[&arguments, load].concat()).expect(0);
        let received = endpoint.received();
        let identifier =
            |name: &str| received.iter().map(|r| (r.header(name).map(str::to_owned), r.body.clone())).collect();
        let set: BTreeSet<_> = identifier("X-Atlassian-Webhook-Identifier");
        assert_eq!(set.len(), 57);
        set
    };
    assert_eq!(bodies(&[]), bodies(&["--concurrency", "7"]));
}

#[test]
fn connections_are_reused() {
    let wire = RawServer::answering(OK);
    let arguments = ["send", "page_created", "--count", "300", "--concurrency", "5", "--to", &wire.url()];
    Sandbox::new().run(&arguments).expect(0);
    assert_eq!(wire.requests().len(), 300);
    assert!(wire.connections() <= 5, "{} connections", wire.connections());
}

#[test]
fn an_endpoint_that_closes_after_each_response_loses_nothing() {
    let wire = RawServer::start(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
        false
    });
    let arguments = ["send", "page_created", "--count", "100", "--concurrency", "4", "--to", &wire.url(), "--json"];
    let run = Sandbox::new().run(&arguments).expect(0);
    assert_eq!(run.json().last().expect("a summary")["ok"], 100);
    assert_eq!(wire.requests().len(), 100);
}

#[test]
fn latencies_are_measured_from_the_due_time() {
    // The first response is slow, and all other requests wait for it on the only connection.
    let wire = RawServer::start(|number, stream| {
        if number == 0 {
            thread::sleep(Duration::from_millis(800));
        }
        stream.write_all(OK.as_bytes()).is_ok()
    });
    let arguments =
        ["send", "page_created", "--count", "20", "--rate", "100/s", "--concurrency", "1", "--json", "--to"];
    let run = Sandbox::new().run(&[&arguments[..], &[&wire.url()]].concat()).expect(0);
    let lines = run.json();
    let summary = lines.last().expect("a summary");
    // The last of them was due 190 ms after the first.
    assert!(summary["ms"]["p50"].as_f64().expect("a number") >= 600.0, "{summary}");
    assert_eq!(summary["sent"], 20);
}

#[test]
fn a_load_repeats_its_events_until_its_time_is_up() {
    let wire = RawServer::answering(OK);
    let sandbox = Sandbox::new();
    let file = sandbox.write("body.json", r#"{"event":"page_created"}"#);
    let file = file.to_str().expect("text");
    let arguments = ["send", file, "label_created", "--duration", "300ms", "--rate", "50/s", "--json", "--to"];
    let run = sandbox.run(&[&arguments[..], &[&wire.url()]].concat()).expect(0);
    let lines = run.json();
    let (summary, deliveries) = lines.split_last().expect("a summary");
    assert_eq!(summary["sent"], deliveries.len());
    // At 0, 20, … 280 ms at the most.
    assert!((2..=16).contains(&deliveries.len()), "{} sent", deliveries.len());
    // Lines are in the order of the responses.
    let count = |source: &str| deliveries.iter().filter(|line| line["source"] == source).count();
    let (files, events) = (count(file), count("label_created"));
    assert!(files + events == deliveries.len() && (files == events || files == events + 1), "{files} {events}");
}

#[test]
fn stdin_cannot_be_repeated() {
    let arguments = ["send", "-", "--duration", "1s", "--to", "http://receiver.test/h"];
    let run = Sandbox::new().run_with(&arguments, "{}").expect(2);
    assert!(run.stderr.contains("stdin can be read only once"), "{}", run.stderr);
}

#[test]
fn a_load_shows_the_first_failures_and_counts_the_rest() {
    let wire = RawServer::answering("HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\nboom");
    let arguments = ["send", "page_created", "--count", "50", "--concurrency", "2", "--to", &wire.url()];
    let run = Sandbox::new().run(&arguments).expect(1);
    assert_eq!(run.text().lines().filter(|line| line.starts_with("page_created  ")).count(), 10);
    assert_eq!(run.text().matches("boom").count(), 1, "the response is shown once: {}", run.text());
    assert!(run.text().contains("50 got 500, for example page_created:"), "{}", run.text());
    assert!(run.text().contains("50 sent: 0 ok, 50 refused, 0 unanswered"), "{run:?}");
    assert!(run.stderr.contains("… and 40 more"), "{}", run.stderr);
}

#[test]
fn a_load_to_a_closed_port_exits_2() {
    let closed = ClosedPort::new();
    let url = closed.url("/h");
    let arguments = ["send", "page_created", "--count", "3", "--concurrency", "2", "--to", &url, "--json"];
    let run = Sandbox::new().run(&arguments).expect(2);
    assert_eq!(run.json().last().expect("a summary")["unanswered"], 3);
}

#[test]
fn a_sequential_run_ends_with_a_summary() {
    let endpoint = Endpoint::start(&[200, 404]);
    let run =
        Sandbox::new().run(&["send", "page_created", "--count", "3", "--to", &endpoint.url("/h"), "--json"]).expect(1);
    let lines = run.json();
    assert_eq!(lines.len(), 4);
    assert_eq!((&lines[3]["sent"], &lines[3]["ok"], &lines[3]["refused"]), (&3.into(), &2.into(), &1.into()));
}

#[test]
fn json_lines_match_their_schema() {
    let (sandbox, closed) = (Sandbox::new(), ClosedPort::new());
    let endpoint = Endpoint::start(&[200, 500]);
    let schema = sandbox.run(&["schema", "--output", "send"]).expect(0).json_whole();
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let url = endpoint.url("/h");
    for arguments in [
        vec!["send", "page_created", "--to", &url, "--json"],
        vec!["send", "page_created", "--to", &closed.url("/"), "--json"],
        vec!["send", "page_created", "--count", "3", "--concurrency", "2", "--to", &url, "--json"],
        vec!["send", "--fault", "list", "--json"],
    ] {
        for line in sandbox.run(&arguments).json() {
            assert!(validator.is_valid(&line), "{line}");
        }
    }
}

#[test]
fn lines_from_stdin_are_sent_concurrently() {
    let endpoint = Endpoint::start(&[]);
    let lines: Vec<_> = (0..40).map(|number| format!("{{\"event\":\"page_created\",\"n\":{number}}}\n")).collect();
    let lines = lines.concat();
    let arguments = ["send", "-", "--to", &endpoint.url("/h"), "--concurrency", "4"];
    Sandbox::new().run_with(&arguments, lines.clone()).expect(0);
    let received = endpoint.received();
    assert!(received.iter().all(|request| request.method == "POST"));
    let bodies: BTreeSet<_> = received.iter().map(|request| request.body.as_slice()).collect();
    assert_eq!(bodies, lines.lines().map(str::as_bytes).collect());
}

/// Interrupts a load after this many requests. Returns the exit code and the last line.
fn interrupted(arguments: &[&str], wire: &RawServer, requests: usize) -> (Option<i32>, Value) {
    let (sandbox, url) = (Sandbox::new(), wire.url());
    let arguments = [arguments, &["--json", "--to", &url]].concat();
    let child = sandbox.command(&arguments).stdout(Stdio::piped()).spawn().expect("it starts");
    wait_until("the requests were received", || wire.requests().len() >= requests);
    let status = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill runs");
    assert!(status.success());
    let output = child.wait_with_output().expect("it ends");
    let last = String::from_utf8(output.stdout).expect("text").lines().last().map(str::to_owned);
    (output.status.code(), serde_json::from_str(&last.expect("a line")).expect("JSON"))
}

#[test]
fn an_interrupt_ends_a_load_with_its_counts() {
    let wire = RawServer::answering(OK);
    let arguments = ["send", "page_created", "--duration", "60s", "--rate", "200/s"];
    let (code, summary) = interrupted(&arguments, &wire, 3);
    assert_eq!((code, &summary["type"]), (Some(2), &"summary".into()));
    assert_eq!(summary["sent"], wire.requests().len());
}

/// A script must be able to detect an incomplete load.
#[test]
fn an_interrupted_run_that_has_not_sent_everything_is_no_success() {
    for load in [&[][..], &["--rate", "50/s"]] {
        let wire = RawServer::answering(OK);
        let (sandbox, url) = (Sandbox::new(), wire.url());
        let arguments = [&["send", "page_created", "--count", "100000", "--to", &url], load].concat();
        let mut command = sandbox.command(&arguments);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        wait_until("some were received", || wire.requests().len() >= 3);
        let status = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill runs");
        assert!(status.success());
        let output = child.wait_with_output().expect("it ends");
        let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        let error = format!("error: interrupted after {} of 100000 deliveries\n", wire.requests().len());
        assert!(output.status.code() == Some(2) && stderr.ends_with(&error), "{load:?} {error} {stderr}");
        assert!(stdout.contains(&format!("\n{} sent: ", wire.requests().len())) || !load.is_empty(), "{stdout}");
    }
}

#[test]
fn an_interrupt_ends_the_pause_before_a_retry() {
    // Two minutes, which the test must not wait.
    let wire = RawServer::answering("HTTP/1.1 503 Busy\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n");
    let arguments = ["send", "page_created", "--concurrency", "2", "--count", "2", "--retries", "9"];
    let (code, summary) = interrupted(&arguments, &wire, 2);
    assert_eq!((code, &summary["refused"]), (Some(1), &2.into()));
}

#[test]
fn an_interrupt_ends_the_wait_for_a_response() {
    let wire = RawServer::start(|_, _| true);
    let arguments = ["send", "page_created", "--concurrency", "2", "--count", "2", "--timeout", "60s"];
    let (code, summary) = interrupted(&arguments, &wire, 2);
    assert_eq!((code, &summary["unanswered"]), (Some(2), &2.into()));
}

#[test]
fn an_interrupt_reaches_every_thread() {
    // One request is done at once, so its thread has nothing left to do.
    let wire = RawServer::start(|number, stream| {
        let response =
            if number == 0 { OK } else { "HTTP/1.1 503 Busy\r\nRetry-After: 60\r\nContent-Length: 0\r\n\r\n" };
        stream.write_all(response.as_bytes()).is_ok()
    });
    let arguments = ["send", "page_created", "--concurrency", "2", "--count", "2", "--retries", "3"];
    let (code, summary) = interrupted(&arguments, &wire, 2);
    assert_eq!((code, &summary["ok"], &summary["refused"]), (Some(1), &1.into(), &1.into()));
}

#[test]
fn a_connection_with_a_second_response_on_it_is_not_reused() {
    let wire = RawServer::answering(
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n",
    );
    let arguments = ["send", "page_created", "--count", "50", "--concurrency", "2", "--to", &wire.url(), "--json"];
    let run = Sandbox::new().run(&arguments).expect(0);
    assert_eq!(run.json().last().expect("a summary")["ok"], 50);
}

#[test]
fn an_interrupt_ends_every_wait_and_a_second_one_the_process() {
    for load in [&["--concurrency", "2"][..], &[]] {
        // One that never responds, and one that asks for a minute.
        let silent = RawServer::start(|_, _| true);
        let arguments =
            [&["send", "page_created", "--count", "2", "--timeout", "60s", "--retries", "9"], load].concat();
        let (code, summary) = interrupted(&arguments, &silent, 1);
        assert_eq!((code, &summary["type"], &summary["ok"]), (Some(2), &"summary".into(), &0.into()), "{load:?}");
        let busy = RawServer::answering("HTTP/1.1 503 Busy\r\nRetry-After: 60\r\nContent-Length: 0\r\n\r\n");
        // One after another, the second is not sent.
        let (requests, expected) = if load.is_empty() { (1, 2) } else { (2, 1) };
        let (code, summary) = interrupted(&arguments, &busy, requests);
        assert_eq!((code, &summary["unanswered"]), (Some(expected), &0.into()), "{load:?}");
        assert!(busy.requests().len() <= 2, "nothing is sent after the interrupt");
    }
    // The first one cannot end the wait for a reader of the output; the second ends the process.
    let wire = RawServer::answering("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");
    let (sandbox, url) = (Sandbox::new(), wire.url());
    let arguments = ["send", "page_created", "--duration", "60s", "--concurrency", "2", "--json", "--to", &url];
    let mut child = sandbox.command(&arguments).stdout(Stdio::piped()).spawn().expect("it starts");
    let blocked = || {
        let before = wire.requests().len();
        thread::sleep(Duration::from_millis(300));
        before > 100 && before == wire.requests().len()
    };
    wait_until("the pipe is full", blocked);
    let mut signals = 0;
    wait_until("it ends", || {
        signals += 1;
        let _ = Command::new("kill").args(["-INT", &child.id().to_string()]).stderr(Stdio::null()).status();
        child.try_wait().expect("a child").is_some()
    });
    assert!(signals >= 2);
    assert_eq!(child.wait().expect("a child").code(), Some(130));
}

#[test]
fn a_late_second_response_is_not_taken_for_the_next_one() {
    let wire = RawServer::answering_twice();
    let url = wire.url();
    for load in [&["--concurrency", "1"][..], &["--concurrency", "3"], &[]] {
        let arguments = [&["send", "page_created", "--count", "60", "--to", &url, "--json"], load].concat();
        let run = Sandbox::new().run(&arguments).expect(0);
        assert_eq!(run.json().last().expect("a summary")["ok"], 60, "{load:?}");
        assert_eq!(run.stderr.contains("more responses than it got requests"), !load.is_empty(), "{}", run.stderr);
    }
}
