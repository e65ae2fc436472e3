//! A receiver that is bad on purpose.

use std::io::{Read, Write};

use super::raw_client::good;
use super::support::{Listener, Sandbox, captures, wait_until};

fn statuses(arguments: &[&str], count: usize) -> Vec<u16> {
    let sandbox = Sandbox::new();
    let listener = Listener::start(&sandbox, &[&["--quiet"], arguments].concat());
    (0..count).map(|_| good(&listener.url)).collect()
}

#[test]
fn respond_fail_first_and_fail_rate_choose_the_status() {
    assert_eq!(statuses(&["--respond", "429"], 2), [429, 429]);
    assert_eq!(statuses(&["--respond", "204"], 2), [204, 204]);
    assert_eq!(statuses(&["--fail-first", "2"], 4), [503, 503, 200, 200]);
    assert_eq!(statuses(&["--fail-first", "1", "--respond", "500"], 2), [500, 200]);
    assert_eq!(statuses(&["--fail-first", "1", "--respond", "202"], 2), [503, 202]);
    assert_eq!(statuses(&["--fail-rate", "0"], 3), [200; 3]);
    assert_eq!(statuses(&["--fail-rate", "1"], 3), [503; 3]);
}

#[test]
fn the_same_seed_fails_the_same_deliveries() {
    let some = statuses(&["--fail-rate", "0.5", "--seed", "7"], 40);
    assert_eq!(some, statuses(&["--fail-rate", "0.5", "--seed", "7"], 40));
    assert_ne!(some, statuses(&["--fail-rate", "0.5", "--seed", "8"], 40));
    assert!(some.contains(&200) && some.contains(&503));
}

#[test]
fn a_delayed_response_is_late_and_still_counted_when_the_client_left() {
    let sandbox = Sandbox::new();
    let mut listener = Listener::start(&sandbox, &["--delay", "300ms", "--count", "2", "--capture", "calls"]);
    let mut hasty = super::raw_client::connect(&listener.url);
    let bytes = super::raw_client::request("/webhooks/confluence", "", super::raw_client::BODY);
    hasty.write_all(&bytes).expect("it is taken");
    // The delivery is in progress once it is saved. Only then does the sender close the connection.
    wait_until("it is kept", || !captures(&sandbox.path().join("calls")).is_empty());
    drop(hasty);
    assert_eq!(good(&listener.url), 200);
    assert!(listener.next()["ms"].as_f64().expect("a number") >= 300.0);
    listener.next();
    let summary = listener.finish().expect(0).json();
    assert_eq!(summary[0]["received"], 2);
}

/// Posts a delivery without waiting for its response, until it is captured in `calls`.
fn post_captured(sandbox: &Sandbox, listener: &Listener) -> std::net::TcpStream {
    let mut stream = super::raw_client::connect(&listener.url);
    let bytes = super::raw_client::request("/webhooks/confluence", "", super::raw_client::BODY);
    stream.write_all(&bytes).expect("it is taken");
    wait_until("it is captured", || !captures(&sandbox.path().join("calls")).is_empty());
    stream
}

#[test]
fn deliveries_that_wait_for_their_response_at_the_end_are_counted() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let endpoint = format!("http://{}/", silent.local_addr().expect("an address"));
    let forward = ["--forward-unverified", "--forward-timeout", "60s", "--forward", &endpoint];
    for (options, status) in [(&["--delay", "60s"][..], 200), (&forward, 503)] {
        let sandbox = Sandbox::new();
        let listener = Listener::start(&sandbox, &[&["--capture", "calls"], options].concat());
        let mut stream = post_captured(&sandbox, &listener);
        listener.interrupt();
        let lines = listener.finish().expect(0).json();
        assert_eq!((&lines[0]["type"], &lines[0]["status"]), (&"delivery".into(), &status.into()), "{options:?}");
        assert_eq!((&lines[1]["type"], &lines[1]["received"]), (&"summary".into(), &1.into()), "{options:?}");
        let response = super::raw_client::read_response(&mut stream).expect("a response");
        assert_eq!(response.status, status, "{options:?}");
    }
}

/// Its response would wait for a minute.
#[cfg(unix)]
#[test]
fn a_sender_that_resets_its_connection_ends_the_delay() {
    let sandbox = Sandbox::new();
    let listener = Listener::start(&sandbox, &["--delay", "60s", "--count", "1", "--capture", "calls"]);
    let stream = post_captured(&sandbox, &listener);
    socket2::SockRef::from(&stream).set_linger(Some(std::time::Duration::ZERO)).expect("an option");
    drop(stream);
    let lines = listener.finish().expect(0).json();
    assert_eq!((&lines[0]["type"], &lines[0]["status"]), (&"delivery".into(), &200.into()));
}

/// Posts a delivery about this event and reads until the connection ends.
fn raw_exchange(listener: &Listener, event: &str) -> Vec<u8> {
    let mut stream = super::raw_client::connect(&listener.url);
    let body = super::raw_client::BODY.replace("page_created", event);
    let bytes = super::raw_client::request("/webhooks/confluence", "Connection: close\r\n", &body);
    stream.write_all(&bytes).expect("it is taken");
    let mut response = Vec::new();
    // A connection that is reset ends, too.
    let _ = stream.read_to_end(&mut response);
    response
}

#[test]
fn a_rule_is_for_its_events_and_the_first_that_matches_counts() {
    let sandbox = Sandbox::new();
    let rules = ["page_*=503", "*_created=202", "page_trashed=500"];
    let arguments: Vec<_> = rules.iter().flat_map(|rule| ["--respond", rule]).collect();
    let mut listener = Listener::start(&sandbox, &arguments);
    for (event, status) in [("page_created", 503), ("blog_created", 202), ("page_trashed", 503), ("blog_trashed", 200)]
    {
        let response = String::from_utf8(raw_exchange(&listener, event)).expect("text");
        assert!(response.starts_with(&format!("HTTP/1.1 {status} ")), "{event}: {response}");
        assert_eq!(listener.next()["status"], status, "{event}");
    }
}

#[test]
fn a_closed_connection_has_no_status_and_meets_no_expectation() {
    let sandbox = Sandbox::new();
    let check = ["--respond", "close", "--capture", "calls", "--expect", "page_created", "--count", "1"];
    let mut listener = Listener::start(&sandbox, &check);
    assert_eq!(raw_exchange(&listener, "page_created"), b"");
    let line = listener.next();
    assert_eq!((&line["status"], &line["fault"]), (&serde_json::Value::Null, &"close".into()));
    let run = listener.finish().expect(1);
    assert_eq!((&run.json()[0]["accepted"], &run.json()[0]["refused"]), (&0.into(), &1.into()));
    let journal = std::fs::read_to_string(sandbox.path().join("calls/deliveries.ndjson")).expect("a journal");
    let entry: serde_json::Value = serde_json::from_str(journal.trim()).expect("a line");
    assert_eq!((&entry["status"], &entry["response"]), (&serde_json::Value::Null, &serde_json::Value::Null));
    assert_eq!(entry["fault"], "close");
    let shown = sandbox.run(&["captures", "list", "calls", "--json"]).expect(0).json();
    assert_eq!(shown[0]["status"], serde_json::Value::Null);
    sandbox.run(&["captures", "export", "calls", "--format", "har"]).expect(0);
    sandbox.run(&["captures", "redact", "calls", "--out", "shared"]).expect(0);
}

#[test]
fn a_truncated_response_ends_in_the_middle_of_its_body() {
    let sandbox = Sandbox::new();
    sandbox.write("answer.json", r#"{"a":123456}"#);
    let options = ["--respond", "truncate", "--respond-body", "answer.json", "--respond-header", "X-A: 1"];
    let mut listener = Listener::start(&sandbox, &options);
    let response = String::from_utf8(raw_exchange(&listener, "page_created")).expect("text");
    let (head, body) = response.split_once("\r\n\r\n").expect("a head");
    let head = head.to_ascii_lowercase();
    for field in ["content-length: 12", "content-type: application/json", "x-a: 1"] {
        assert!(head.lines().any(|line| line == field), "{head}");
    }
    assert_eq!(body, r#"{"a":1"#);
    let line = listener.next();
    assert_eq!((&line["status"], &line["fault"]), (&200.into(), &"truncate".into()));
    // The status was received, and that is what `send` reports.
    let sent = sandbox.run(&["send", "page_created", "--auth", "none", "--json", "--to", &listener.url]).expect(0);
    assert_eq!(sent.json()[0]["response"]["body"], r#"{"a":1"#);
}

#[test]
fn a_dripping_response_is_too_slow_for_a_sender() {
    let sandbox = Sandbox::new();
    let mut listener = Listener::start(&sandbox, &["--respond", "drip"]);
    let run =
        ["send", "page_created", "--auth", "none", "--timeout", "400ms", "--retries", "1", "--retry-delay", "1ms"];
    let run = sandbox.run(&[&run[..], &["--json", "--to", &listener.url]].concat()).expect(2);
    let error = run.json()[0]["error"].as_str().expect("an error").to_owned();
    assert!(error.contains("within 0.4 s"), "{error}");
    assert_eq!(run.json()[0]["attempts"], 2);
    assert_eq!((&listener.next()["fault"], &listener.next()["status"]), (&"drip".into(), &200.into()));
    // It has the beginning of a response.
    let mut stream = super::raw_client::connect(&listener.url);
    let bytes = super::raw_client::request("/webhooks/confluence", "", super::raw_client::BODY);
    stream.write_all(&bytes).expect("it is taken");
    let mut beginning = [0; 4];
    stream.read_exact(&mut beginning).expect("bytes");
    assert_eq!(&beginning, b"HTTP");
}

#[test]
fn some_connections_are_closed_if_only_some_deliveries_fail() {
    let sandbox = Sandbox::new();
    let listener = Listener::start(&sandbox, &["--fail-first", "2", "--respond", "close", "--respond", "202"]);
    let responses: Vec<_> = (0..3).map(|_| raw_exchange(&listener, "page_created")).collect();
    assert!(responses[0].is_empty() && responses[1].is_empty());
    assert!(responses[2].starts_with(b"HTTP/1.1 202 "), "{:?}", String::from_utf8_lossy(&responses[2]));
}

#[test]
fn responses_on_purpose_have_the_header_fields_and_the_body() {
    let sandbox = Sandbox::new();
    sandbox.write("busy.txt", "come back later");
    let options = ["--secret", "s3cret", "--fail-first", "1", "--respond-header", "Retry-After: 7"];
    let body = ["--respond-body", "busy.txt", "--respond-header", "Content-Type: text/x-busy"];
    let listener = Listener::start(&sandbox, &[&options[..], &body].concat());
    let posted = |lines: &str| {
        let bytes = super::raw_client::request("/webhooks/confluence", lines, super::raw_client::BODY);
        super::raw_client::exchange(&listener.url, &bytes).expect("a response")
    };
    for status in [503, 200] {
        let response = posted("");
        assert_eq!((response.status, response.body.as_str()), (status, "come back later"));
        assert_eq!((response.header("Retry-After"), response.header("Content-Type")), (Some("7"), Some("text/x-busy")));
    }
    // Problems of a delivery are reported as usual.
    let wrong = listener.post("/webhooks/confluence", &["Content-Type: application/json"], b"{}");
    assert_eq!((wrong.status, wrong.header("Retry-After")), (401, None));
}

#[test]
fn failing_options_without_an_effect_are_refused() {
    let sandbox = Sandbox::new();
    sandbox.write("body.txt", "x");
    let forward = ["--forward-unverified", "--forward", "http://127.0.0.1:9/"];
    let forwarded = |options: &[&'static str]| [&forward[..], options].concat();
    for (options, error) in [
        (vec!["--respond", "503", "--respond", "page_*=202"], "--respond for page_* has no effect"),
        (vec!["--respond", "page_*=1", "--respond", "202"], "expected a status from 200 to 599"),
        (vec!["--respond", "503", "--respond", "close"], "--respond for all events has no effect"),
        (vec!["--respond", "204", "--respond-body", "body.txt"], "--respond-body has no effect with --respond 204"),
        (vec!["--respond-header", "Content-Length: 1"], "--respond-header cannot set `Content-Length`"),
        (vec!["--respond-header", "Connection: close"], "--respond-header cannot set `Connection`"),
        (vec!["--respond-header", "x"], "the colon is missing"),
        (vec!["--respond-body", "missing.txt"], "missing.txt"),
        (forwarded(&["--respond", "503"]), "--respond has no effect with --forward URL"),
        (forwarded(&["--respond-header", "A: b"]), "--respond-header has no effect with --forward URL"),
        (forwarded(&["--respond-body", "body.txt"]), "--respond-body has no effect with --forward URL"),
        (forwarded(&["--fail-first", "1", "--respond", "202"]), "--respond has no effect with --forward URL"),
        (vec!["--demo", "--respond-header", "A: b"], "--respond-header"),
    ] {
        let run = sandbox.run(&[&["listen", "--port", "0"][..], &options].concat()).expect(2);
        assert!(run.stderr.contains(error), "{options:?}: {}", run.stderr);
    }
}
