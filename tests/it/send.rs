//! `cfwh send` and an endpoint that does not behave.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use serde_json::Value;

use crate::raw_server::RawServer;
use crate::support::{ClosedPort, Endpoint, Received, Run, Sandbox};

const SEND: [&str; 6] = ["send", "page_created", "--seed", "1", "--auth", "none"];

fn send(url: &str, more: &[&str]) -> Run {
    Sandbox::new().run(&[&SEND, &["--to", url][..], more].concat())
}

/// Sends to an endpoint with this response. Returns the human line and the JSON line.
fn send_to(answer: fn(&mut TcpStream), code: i32) -> (String, Value) {
    let server = RawServer::start(move |_, stream| {
        answer(stream);
        false
    });
    let human = send(&server.url(), &[]).expect(code);
    let json = send(&server.url(), &["--json"]).expect(code);
    assert_eq!((human.stderr.as_str(), json.stderr.as_str()), ("", ""));
    (human.text().to_owned(), json.json().remove(0))
}

#[test]
fn a_refused_connection_exits_2() {
    let closed = ClosedPort::new();
    let url = closed.url("/");
    let run = send(&url, &[]).expect(2);
    assert_eq!(
        run.text(),
        "page_created        ---  the connection was refused\n  fix: start the receiver, or correct the URL\n"
    );
    let line = send(&url, &["--json"]).expect(2).json().remove(0);
    assert_eq!((&line["status"], &line["ms"], &line["attempts"]), (&Value::Null, &Value::Null, &1.into()));
    assert_eq!(line["error"], "the connection was refused; start the receiver, or correct the URL");
    assert_eq!(
        (&line["event"], &line["source"], &line["url"]),
        (&"page_created".into(), &"page_created".into(), &url.into())
    );
}

#[test]
fn a_hanging_endpoint_times_out() {
    // It waits for another request on the connection, until the client closes it.
    let server = RawServer::start(|_, _| true);
    let run = send(&server.url(), &["--timeout", "200ms"]).expect(2);
    assert!(run.text().contains("---  no response within 0.2 s"), "{}", run.text());
}

#[test]
fn an_endpoint_that_hangs_within_its_response_times_out() {
    let server = RawServer::answering("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
    let run = send(&server.url(), &["--timeout", "200ms"]).expect(2);
    assert!(
        run.text().contains("---  the response has status 200, but its body was not complete within 0.2 s"),
        "{}",
        run.text()
    );
}

#[test]
fn a_closed_connection_exits_2() {
    let (human, line) = send_to(|_| {}, 2);
    assert!(human.contains("---  the connection was closed before a response was received"), "{human}");
    let error = "the connection was closed before a response was received; if the endpoint uses TLS, use https:// in \
                 the URL";
    assert_eq!(line["error"], error);
}

/// Closing with bytes unread resets the connection.
#[test]
fn a_reset_connection_exits_2() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}/", listener.local_addr().expect("an address"));
    let thread = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        let _ = stream.read(&mut [0; 1]);
    });
    let run = send(&url, &[]).expect(2);
    assert!(run.text().contains("---  the connection was closed before a response was received"), "{}", run.text());
    thread.join().expect("it ends");
}

#[test]
fn a_response_that_is_not_http_exits_2() {
    let (human, line) = send_to(|stream| drop(stream.write_all(b"\x1b[31mSSH-2.0-OpenSSH\r\n\r\n")), 2);
    assert!(human.contains("---  the response is not HTTP"), "{human}");
    let error = "the response is not HTTP; if the endpoint uses TLS, use https:// in the URL";
    assert_eq!((&line["status"], &line["error"]), (&Value::Null, &error.into()));
}

#[test]
fn a_truncated_response_body_still_has_its_status() {
    let (human, line) =
        send_to(|stream| drop(stream.write_all(b"HTTP/1.1 500 No\r\nContent-Length: 99\r\n\r\nhalf of it")), 1);
    assert!(human.contains("  500  ") && human.contains("half of it"), "{human}");
    assert_eq!(line["status"], 500);
}

#[test]
fn a_redirect_is_not_followed() {
    let elsewhere = Endpoint::start(&[]);
    let location = elsewhere.url("/elsewhere");
    for status in [301, 302, 303, 307, 308] {
        let reply = format!("HTTP/1.1 {status} Moved\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n");
        let server = RawServer::start(move |_, stream| stream.write_all(reply.as_bytes()).is_ok());
        let line = send(&server.url(), &["--json"]).expect(1).json().remove(0);
        assert_eq!((&line["status"], &line["error"]), (&status.into(), &Value::Null));
    }
    assert!(elsewhere.received().is_empty());
}

#[test]
fn the_first_lines_of_a_non_2xx_response_are_shown() {
    let endpoint = Endpoint::answering(&[500], "Traceback:\n\n  \u{1b}[31mline 7\nKeyError\nfourth line\n");
    let run = send(&endpoint.url("/"), &[]).expect(1);
    let lines: Vec<&str> = run.text().lines().map(str::trim).collect();
    assert!(lines[0].starts_with("page_created        500  "), "{lines:?}");
    let body = ["Traceback:", "\\u{1b}[31mline 7", "KeyError", "fourth line"];
    assert_eq!(lines[1..], [&["HTTP/1.1 500 Internal Server Error"], &body[..]].concat());
    // Of a 2xx nothing is shown but the status.
    let run = send(&endpoint.url("/"), &[]).expect(0);
    assert_eq!(run.text().lines().count(), 1);
}

#[test]
fn only_2xx_is_success() {
    let endpoint = Endpoint::start(&[200, 201, 202, 204, 299, 300, 400, 404, 429, 503]);
    let codes: Vec<i32> = (0..10).map(|_| send(&endpoint.url("/"), &[]).code).collect();
    assert_eq!(codes, [0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
}

#[test]
fn a_refused_delivery_does_not_stop_the_others() {
    let endpoint = Endpoint::start(&[200, 503]);
    let run = Sandbox::new().run(&["send", "all", "--seed", "1", "--json", "--to", &endpoint.url("/")]).expect(1);
    let lines = run.json();
    assert_eq!(lines.len(), 19);
    assert_eq!(lines.iter().filter(|line| line["status"] == 200).count(), 18);
    assert!(lines.iter().all(|line| line["attempts"] == 1));
    assert_eq!(endpoint.received().len(), 19);
}

#[test]
fn an_unreadable_input_outranks_a_refusal() {
    let sandbox = Sandbox::new();
    let endpoint = Endpoint::start(&[500]);
    let run = sandbox.run(&["send", "page_created", "missing.http", "--to", &endpoint.url("/")]).expect(2);
    assert!(run.stderr.contains("`missing.http` is not an event, and no such file exists"), "{}", run.stderr);
    // Nothing is sent when a word is wrong: half of a list is harder to repair than none of it.
    assert!(endpoint.received().is_empty());
    sandbox.write("broken.http", "this is no capture");
    let run = sandbox
        .run(&["send", "broken.http", "page_created", "--seed", "1", "--auth", "none", "--to", &endpoint.url("/")])
        .expect(2);
    assert!(run.stderr.starts_with("error: cannot read broken.http: not a capture: "), "{}", run.stderr);
    assert_eq!(endpoint.received().len(), 1);
}

#[test]
fn credentials_in_the_url_are_sent_and_never_printed() {
    let endpoint = Endpoint::start(&[]);
    let url = endpoint.url("/").replace("http://", "http://user:hunter2@");
    let run = send(&url, &["--json"]).expect(0);
    assert_eq!(endpoint.received()[0].header("Authorization"), Some("Basic dXNlcjpodW50ZXIy"));
    assert!(!run.text().contains("hunter2"), "{}", run.text());
    assert_eq!(run.json()[0]["url"], endpoint.url("/"));
}

#[test]
fn user_and_password_of_the_url_are_in_no_file() {
    let sandbox = Sandbox::new();
    let endpoint = Endpoint::start(&[500]);
    let url = endpoint.url("/").replace("http://", "http://user:hunter2@");
    sandbox.run(&["send", "page_created", "--to", &url, "--failed", "again"]).expect(1);
    let capture = std::fs::read_to_string(sandbox.path().join("again/000001-page_created.http")).expect("a capture");
    assert!(!capture.contains("hunter2") && !capture.contains("Authorization"), "{capture}");
    let leaks = |text: &str| ["hunter2", "Authorization", "dXNlcjpodW50ZXIy"].iter().any(|part| text.contains(part));
    for more in [
        &["--dry-run"][..],
        &["--export", "curl"],
        &["--export", "http"],
        &["--export", "hurl"],
        &["--export", "vegeta"],
        &["--export", "k6"],
    ] {
        let run = sandbox.run(&[&["send", "page_created", "--to", &url], more].concat()).expect(0);
        assert!(!leaks(run.text()) && !leaks(&run.stderr), "{run:?}");
        assert!(run.stderr.contains("the printed requests do not contain the user and password of the URL"), "{run:?}");
    }
    for more in [&["-v"][..], &["--json"], &["-v", "--concurrency", "1"]] {
        let run = sandbox.run(&[&["send", "page_created", "--to", &url], more].concat()).expect(0);
        assert!(!leaks(run.text()) && !leaks(&run.stderr), "{run:?}");
    }
    let authorization = |received: &Received| received.header("Authorization").map(str::to_owned);
    let received = endpoint.received();
    assert!(received.iter().all(|request| authorization(request).as_deref() == Some("Basic dXNlcjpodW50ZXIy")));
}

#[test]
fn credentials_of_a_capture_go_to_no_other_receiver() {
    let (sandbox, endpoint) = (Sandbox::new(), Endpoint::start(&[]));
    sandbox.write("kept.http", "POST / HTTP/1.1\r\nauthorization: Basic eDp5\r\nCookie: a=b\r\ncookie: c=d\r\n\r\n{}");
    let to = endpoint.url("/");
    for (more, authorization) in
        [(&[][..], None), (&["--keep-credentials"], Some("Basic eDp5")), (&["-H", "Authorization: mine"], Some("mine"))]
    {
        for load in [&[][..], &["--concurrency", "1"]] {
            sandbox.run(&[&["send", "kept.http", "--to", &to], more, load].concat()).expect(0);
            let received = endpoint.received().pop().expect("a delivery");
            assert_eq!(received.header("Authorization"), authorization);
            assert_eq!(received.header("Cookie").is_some(), more == ["--keep-credentials"]);
        }
        let printed = sandbox.run(&[&["send", "kept.http", "--to", &to, "--export", "curl"], more].concat()).expect(0);
        assert_eq!(printed.text().contains("a=b"), more == ["--keep-credentials"], "{}", printed.text());
    }
}

#[test]
fn an_unsigned_run_prints_a_note() {
    let (sandbox, endpoint) = (Sandbox::new(), Endpoint::start(&[]));
    sandbox.write("kept.http", "POST /page_created HTTP/1.1\r\n\r\n{}");
    sandbox.write("body.json", "{}");
    let to = endpoint.url("/{event}");
    let note = "not signed: no secret is given (use --secret-file PATH, --secret S or CFWH_SECRET, or --auth none to hide this note)\n";
    for (source, more, is_noted) in [
        ("page_created", &["--seed=1"][..], true),
        ("page_created", &["--seed=1", "--concurrency=1"], true),
        ("page_created", &["--seed=1", "--dry-run"], true),
        ("body.json", &["--event=page_created"], true),
        ("kept.http", &[], false),
        ("page_created", &["--seed=1", "--auth=none"], false),
        ("page_created", &["--seed=1", "--secret=s3cret"], false),
        ("page_created", &["--seed=1", "--profile=cloud"], false),
        ("page_created", &["--seed=1", "-q"], false),
    ] {
        let run = sandbox.run(&[&["send", source, "--to", &to], more].concat()).expect(0);
        assert_eq!(run.stderr, if is_noted { note } else { "" }, "{source} {more:?}");
    }
}

#[test]
fn a_file_that_is_not_json_is_sent_with_a_warning() {
    let (sandbox, endpoint) = (Sandbox::new(), Endpoint::start(&[]));
    sandbox.write("notes.txt", "hello");
    let run = sandbox.run(&["send", "notes.txt", "--auth", "none", "--to", &endpoint.url("/")]).expect(0);
    assert!(run.stderr.starts_with("warning: notes.txt is sent unchanged: the body is not JSON"), "{}", run.stderr);
    assert_eq!(endpoint.received()[0].body, b"hello");
}

#[test]
fn several_deliveries_end_with_counts() {
    let endpoint = Endpoint::start(&[200, 500]);
    let run = Sandbox::new().run(&["send", "all", "--auth", "none", "--to", &endpoint.url("/")]).expect(1);
    assert!(run.text().contains("19 sent: 18 ok, 1 refused, 0 unanswered"), "{}", run.text());
    let run = send(&endpoint.url("/"), &[]).expect(0);
    assert!(!run.text().contains("sent"), "{}", run.text());
}

#[test]
fn a_url_as_a_source_is_explained() {
    let run = Sandbox::new().run(&["send", "page_created", "http://u:hunter2@h/", "--to", "http://h/"]).expect(2);
    assert_eq!(run.stderr, "error: `h/` is not an event, and no such file exists\n  fix: to send to a URL, use --to\n");
}

#[test]
fn an_invalid_url_is_a_usage_error() {
    for (url, sentence) in [
        (
            "127.0.0.1:8080/x",
            "cannot send to `127.0.0.1:8080/x`: the scheme is missing\n  fix: did you mean http://127.0.0.1:8080/x?",
        ),
        ("localhost/x", "cannot send to `localhost/x`: the scheme is missing\n  fix: did you mean http://localhost/x?"),
        ("ftp://example.com/", "cannot send to `ftp://example.com/`: the scheme `ftp` is not http or https"),
        ("http://", "cannot send to `http://`: empty host"),
    ] {
        let run = send(url, &[]).expect(2);
        assert_eq!(run.stderr, format!("error: {sentence}\n"));
    }
}

#[test]
fn verbose_prints_the_request_head_on_stderr() {
    let endpoint = Endpoint::start(&[]);
    let url = endpoint.url("/");
    let run = Sandbox::new()
        .run(&["send", "page_created", "--seed", "1", "--to", &url, "--secret", "hunter2", "-v"])
        .expect(0);
    assert!(
        run.stderr.starts_with("POST / HTTP/1.1\nContent-Type: application/json\nX-Atlassian-Webhook-Identifier: ")
            && run.stderr.contains("\nX-Hub-Signature: sha256="),
        "{}",
        run.stderr
    );
    assert!(!run.stderr.contains("hunter2"));
    let lines: Vec<_> = run.text().lines().map(str::trim).collect();
    assert_eq!((lines[1], lines.last()), ("HTTP/1.1 200 OK", Some(&"thanks")));
}

#[test]
fn quiet_still_reports_a_refused_connection() {
    let (sandbox, closed) = (Sandbox::new(), ClosedPort::new());
    let run = sandbox.run(&["send", "page_created", "-q", "--to", &closed.url("/")]).expect(2);
    assert_eq!(run.text(), "");
    assert_eq!(
        run.stderr,
        "error: page_created: the connection was refused\n  fix: start the receiver, or correct the URL\n"
    );
}
