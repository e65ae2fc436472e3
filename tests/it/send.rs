//! `cfwh send` and an endpoint that does not behave.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use serde_json::Value;

use crate::support::{Endpoint, Run, Sandbox};
use crate::wire::RawEndpoint;

const SEND: [&str; 4] = ["send", "page_created", "--seed", "1"];

fn send(url: &str, more: &[&str]) -> Run {
    Sandbox::new().run(&[&SEND, &["--to", url][..], more].concat())
}

/// Sends to an endpoint that answers so; the human line and the JSON line.
fn send_to(answer: fn(&mut TcpStream), code: i32) -> (String, Value) {
    let endpoint = RawEndpoint::start(answer);
    let human = send(&endpoint.url("/"), &[]).expect(code);
    endpoint.received();
    let endpoint = RawEndpoint::start(answer);
    let json = send(&endpoint.url("/"), &["--json"]).expect(code);
    endpoint.received();
    assert_eq!((human.stderr.as_str(), json.stderr.as_str()), ("", ""));
    (human.text().to_owned(), json.json().remove(0))
}

#[test]
fn an_endpoint_that_refuses_is_no_answer() {
    // Bound and let go: nobody listens there now.
    let address = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port");
    let url = format!("http://{address}/");
    let run = send(&url, &[]).expect(2);
    assert_eq!(run.text(), "page_created        ---  the connection was refused: is the receiver running?\n");
    let line = send(&url, &["--json"]).expect(2).json().remove(0);
    assert_eq!((&line["status"], &line["ms"], &line["attempts"]), (&Value::Null, &Value::Null, &1.into()));
    assert_eq!(line["error"], "the connection was refused: is the receiver running?");
    assert_eq!(
        (&line["event"], &line["source"], &line["url"]),
        (&"page_created".into(), &"page_created".into(), &url.into())
    );
}

#[test]
fn an_endpoint_that_hangs_is_given_up_on() {
    let endpoint = RawEndpoint::start(|stream| {
        // Until the other side goes.
        let _ = stream.read(&mut [0]);
    });
    let run = send(&endpoint.url("/"), &["--timeout", "200ms"]).expect(2);
    assert!(run.text().contains("---  no answer within 0.2 s"), "{}", run.text());
    endpoint.received();
}

#[test]
fn an_endpoint_that_hangs_in_the_middle_of_its_answer_is_given_up_on() {
    let endpoint = RawEndpoint::start(|stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf").expect("it reads");
        let _ = stream.read(&mut [0]);
    });
    let run = send(&endpoint.url("/"), &["--timeout", "200ms"]).expect(2);
    assert!(run.text().contains("---  200 came, but its body did not end within 0.2 s"), "{}", run.text());
    endpoint.received();
}

#[test]
fn an_endpoint_that_closes_is_no_answer() {
    let (human, line) = send_to(|_| {}, 2);
    assert!(human.contains("---  the connection was closed before an answer came"), "{human}");
    assert_eq!(line["error"], "the connection was closed before an answer came");
}

/// Closing with bytes unread resets the connection.
#[test]
fn an_endpoint_that_resets_is_no_answer() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}/", listener.local_addr().expect("an address"));
    let thread = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        let _ = stream.read(&mut [0; 1]);
    });
    let run = send(&url, &[]).expect(2);
    assert!(run.text().contains("---  the connection was closed before an answer came"), "{}", run.text());
    thread.join().expect("it ends");
}

#[test]
fn an_endpoint_that_answers_rubbish_is_no_answer() {
    let (human, line) = send_to(|stream| drop(stream.write_all(b"\x1b[31mSSH-2.0-OpenSSH\r\n\r\n")), 2);
    assert!(human.contains("---  what came back is not HTTP"), "{human}");
    assert_eq!((&line["status"], &line["error"]), (&Value::Null, &"what came back is not HTTP".into()));
}

#[test]
fn an_answer_whose_body_breaks_off_is_an_answer() {
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
        let endpoint = RawEndpoint::start(move |stream| drop(stream.write_all(reply.as_bytes())));
        let line = send(&endpoint.url("/"), &["--json"]).expect(1).json().remove(0);
        assert_eq!((&line["status"], &line["error"]), (&status.into(), &Value::Null));
        endpoint.received();
    }
    assert!(elsewhere.received().is_empty());
}

#[test]
fn of_a_reply_that_is_not_2xx_the_first_lines_are_shown() {
    let endpoint = Endpoint::answering(&[500], "Traceback:\n\n  \u{1b}[31mline 7\nKeyError\nfourth line\n");
    let run = send(&endpoint.url("/"), &[]).expect(1);
    let lines: Vec<&str> = run.text().lines().map(str::trim).collect();
    assert!(lines[0].starts_with("page_created        500  "), "{lines:?}");
    assert_eq!(lines[1..], ["Traceback:", "\\u{1b}[31mline 7", "KeyError"]);
    // Of a 2xx nothing is shown but the status.
    let run = send(&endpoint.url("/"), &[]).expect(0);
    assert_eq!(run.text().lines().count(), 1);
}

#[test]
fn every_2xx_is_success_and_nothing_else_is() {
    let endpoint = Endpoint::start(&[200, 201, 202, 204, 299, 300, 400, 404, 429, 503]);
    let codes: Vec<i32> = (0..10).map(|_| send(&endpoint.url("/"), &[]).code).collect();
    assert_eq!(codes, [0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
}

#[test]
fn one_that_is_refused_does_not_keep_the_others_from_being_sent_and_nothing_is_retried() {
    let endpoint = Endpoint::start(&[200, 503]);
    let run = Sandbox::new().run(&["send", "all", "--seed", "1", "--json", "--to", &endpoint.url("/")]).expect(1);
    let lines = run.json();
    assert_eq!(lines.len(), 19);
    assert_eq!(lines.iter().filter(|line| line["status"] == 200).count(), 18);
    assert!(lines.iter().all(|line| line["attempts"] == 1));
    assert_eq!(endpoint.received().len(), 19);
}

#[test]
fn no_answer_is_worse_than_another_reply() {
    let sandbox = Sandbox::new();
    let endpoint = Endpoint::start(&[500]);
    let run = sandbox.run(&["send", "page_created", "missing.http", "--to", &endpoint.url("/")]).expect(2);
    assert!(run.stderr.contains("`missing.http` is not an event, and there is no such file"), "{}", run.stderr);
    // Nothing is sent when a word is wrong: half of a list is harder to repair than none of it.
    assert!(endpoint.received().is_empty());
    sandbox.write("broken.http", "this is no capture");
    let run =
        sandbox.run(&["send", "broken.http", "page_created", "--seed", "1", "--to", &endpoint.url("/")]).expect(2);
    assert!(run.stderr.starts_with("error: cannot read broken.http: it is no capture: "), "{}", run.stderr);
    assert_eq!(endpoint.received().len(), 1);
}

#[test]
fn user_and_password_of_the_url_are_sent_and_not_shown() {
    let endpoint = Endpoint::start(&[]);
    let url = endpoint.url("/").replace("http://", "http://user:hunter2@");
    let run = send(&url, &["--json"]).expect(0);
    assert_eq!(endpoint.received()[0].header("Authorization"), Some("Basic dXNlcjpodW50ZXIy"));
    assert!(!run.text().contains("hunter2"), "{}", run.text());
    assert_eq!(run.json()[0]["url"], endpoint.url("/"));
}

#[test]
fn a_url_that_cannot_be_sent_to_is_usage() {
    for (url, sentence) in [
        (
            "127.0.0.1:8080/x",
            "`127.0.0.1:8080/x` is no URL to send to: the scheme is missing; did you mean http://127.0.0.1:8080/x?",
        ),
        ("localhost/x", "`localhost/x` is no URL to send to: the scheme is missing; did you mean http://localhost/x?"),
        ("ftp://example.com/", "`ftp://example.com/` is no URL to send to: `ftp` is neither http nor https"),
        ("http://", "`http://` is no URL to send to: empty host"),
    ] {
        let run = send(url, &[]).expect(2);
        assert_eq!(run.stderr, format!("error: {sentence}\n"));
    }
}

#[test]
fn verbose_says_the_head_of_the_request_on_stderr() {
    let endpoint = Endpoint::start(&[]);
    let run = send(&endpoint.url("/"), &["--secret", "hunter2", "-v"]).expect(0);
    assert!(
        run.stderr.starts_with("POST / HTTP/1.1\nContent-Type: application/json\nX-Hub-Signature: sha256="),
        "{}",
        run.stderr
    );
    assert!(!run.stderr.contains("hunter2"));
    assert_eq!(run.text().lines().count(), 1);
}

#[test]
fn a_quiet_run_still_says_that_nobody_answered() {
    let sandbox = Sandbox::new();
    let run = sandbox.run(&["send", "page_created", "-q", "--to", "http://127.0.0.1:1/"]).expect(2);
    assert_eq!(run.text(), "");
    assert_eq!(run.stderr, "error: page_created: the connection was refused: is the receiver running?\n");
}
