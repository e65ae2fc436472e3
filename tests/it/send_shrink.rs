//! `cfwh send --shrink` with receivers that each have one mistake.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use cfwh::auth::secret::Secret;
use serde_json::{Value, json};
use tiny_http::{Response, Server};

use crate::support::{ClosedPort, Endpoint, Run, Sandbox, captures};

const SECRET: &str = "s3cret";

/// Does the receiver fail with this body?
type Mistake = fn(&Value, &[u8]) -> bool;

/// A receiver that verifies signatures, responds 500 by mistake, and else 200.
struct Mistaken {
    server: Arc<Server>,
    thread: Option<thread::JoinHandle<()>>,
    requests: Arc<AtomicUsize>,
    bodies: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Mistaken {
    /// A `strict` receiver also responds with 500 to bodies without the members that it reads.
    fn start(mistake: Mistake, is_strict: bool) -> Self {
        let server = Arc::new(Server::http("127.0.0.1:0").expect("a free port"));
        let (requests, bodies) = (Arc::<AtomicUsize>::default(), Arc::<Mutex<Vec<Vec<u8>>>>::default());
        let thread = thread::spawn({
            let (server, requests, bodies) = (Arc::clone(&server), Arc::clone(&requests), Arc::clone(&bodies));
            let secret = Secret::new(SECRET).expect("a secret");
            move || {
                for mut request in server.incoming_requests() {
                    requests.fetch_add(1, Ordering::SeqCst);
                    let mut body = Vec::new();
                    let _ = request.as_reader().read_to_end(&mut body);
                    let headers: Vec<_> = request.headers().iter().collect();
                    let signature = headers
                        .iter()
                        .find(|header| header.field.equiv("X-Hub-Signature"))
                        .map(|header| header.value.as_str());
                    let value: Value = serde_json::from_slice(&body).unwrap_or_default();
                    let needs = ["/event", "/timestamp", "/page/id", "/page/title"];
                    let status = if signature != Some(&secret.sign(&body).to_string()) {
                        401
                    } else if mistake(&value, &body)
                        || is_strict && needs.iter().any(|needed| value.pointer(needed).is_none())
                    {
                        500
                    } else {
                        200
                    };
                    bodies.lock().expect("nobody panicked").push(body);
                    let _ = request.respond(Response::from_string("").with_status_code(status));
                }
            }
        });
        Self { server, thread: Some(thread), requests, bodies }
    }

    fn url(&self) -> String {
        format!("http://{}/hooks", self.server.server_addr())
    }
}

impl Drop for Mistaken {
    fn drop(&mut self) {
        self.server.unblock();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn text<'v>(body: &'v Value, pointer: &str) -> &'v str {
    body.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// Returns the nesting depth of `parent`.
fn parents(page: &Value) -> usize {
    page.get("parent").map_or(0, |parent| 1 + parents(parent))
}

#[allow(clippy::too_many_lines, reason = "a row for each mistake")]
/// The mistake, the change of a usual body that triggers it, and the message.
fn mistakes() -> Vec<(&'static str, Mistake, Vec<String>, &'static str, &'static str)> {
    let set = |edits: &[&str]| edits.iter().map(|edit| format!("--set={edit}")).collect::<Vec<_>>();
    let long = |name: &str, length: usize| vec![format!("--set=page.{name}=\"{}\"", "long text ".repeat(length / 10))];
    vec![
        (
            "emoji",
            |body, _| text(body, "/page/title").chars().any(|c| u32::from(c) > 0xffff),
            set(&["page.title=\"Plan 😀 for all\""]),
            "/page/title",
            "an emoji in /page/title (1 of 14 characters)",
        ),
        (
            "a title over 255",
            |body, _| text(body, "/page/title").chars().count() > 255,
            long("title", 400),
            "/page/title",
            "a long text in /page/title (256 characters or more)",
        ),
        (
            "an id beyond 2^53",
            |body, _| body.pointer("/page/id").and_then(Value::as_u64).is_some_and(|id| id > 1 << 53),
            set(&["page.id=90071992547409937"]),
            "/page/id",
            "an integer beyond 2^53 in /page/id",
        ),
        (
            "no labels",
            |body, _| body.pointer("/page/labels").and_then(Value::as_array).is_some_and(Vec::is_empty),
            set(&["page.labels=[]"]),
            "/page/labels",
            "an empty array in /page/labels",
        ),
        (
            "version null",
            |body, _| body.pointer("/page/version") == Some(&Value::Null),
            set(&["page.version=null"]),
            "/page/version",
            "null in /page/version",
        ),
        (
            "an unknown event",
            |body, _| !text(body, "/event").starts_with("page_"),
            set(&["event=\"lunch_created\""]),
            "/event",
            "a value other than \"page_created\" in /event",
        ),
        (
            "no space key",
            |body, _| body.get("page").is_some() && body.pointer("/page/spaceKey").is_none(),
            vec!["--unset=page.spaceKey".to_owned()],
            "/page/spaceKey",
            "the missing /page/spaceKey",
        ),
        (
            "an apostrophe",
            |body, _| text(body, "/page/title").contains('\''),
            set(&["page.title=\"Ann's plan\""]),
            "/page/title",
            "the text \"'\" in /page/title (1 of 10 characters)",
        ),
        (
            "right to left",
            |body, _| text(body, "/page/title").contains('\u{5e9}'),
            set(&["page.title=\"Plan \u{5e9}\u{5dc}\u{5d5}\u{5dd} 1\""]),
            "/page/title",
            "text from right to left in /page/title (1 of 11 characters)",
        ),
        (
            "parents of parents",
            |body, _| body.get("page").is_some_and(|page| parents(page) > 3),
            set(&[
                r#"page.parent={"id":1,"parent":{"id":2,"parent":{"id":3,"parent":{"id":4,"parent":{"id":5,"parent":{"id":6}}}}}}"#,
            ]),
            "/page/parent/parent/parent/parent",
            "levels of nesting at /page/parent/parent/parent/parent",
        ),
        (
            "two members together",
            |body, _| body.pointer("/page/draft") == Some(&json!(true)) && text(body, "/page/status") == "archived",
            set(&["page.draft=true", "page.status=\"archived\""]),
            "/page/",
            ", together with the value ",
        ),
        (
            "a fraction",
            |body, _| body.pointer("/page/position").is_some_and(Value::is_f64),
            set(&["page.position=17.25"]),
            "/page/position",
            "the number 0.0 in /page/position, which is not an integer",
        ),
        (
            "a slash",
            |body, _| text(body, "/page/spaceKey").contains('/'),
            set(&["page.spaceKey=\"DE/ENG\""]),
            "/page/spaceKey",
            "the text \"/\" in /page/spaceKey (1 of 6 characters)",
        ),
        (
            "a time in the future",
            |body, _| body.get("timestamp").and_then(Value::as_u64).is_some_and(|time| time > 4_000_000_000_000),
            set(&["timestamp=4102444812345"]),
            "/timestamp",
            "the value 4100000000000 in /timestamp",
        ),
        (
            "more than 4 KiB",
            |_, raw| raw.len() > 4096,
            long("excerpt", 5000),
            "",
            "the length of the body, 4097 bytes or more",
        ),
    ]
}

/// The values of a body that are no object or array with something in it.
fn leaves(body: &Value) -> usize {
    match body {
        Value::Object(members) if !members.is_empty() => members.values().map(leaves).sum(),
        Value::Array(items) if !items.is_empty() => items.iter().map(leaves).sum(),
        _ => 1,
    }
}

fn shrink(sandbox: &Sandbox, url: &str, edits: &[String], more: &[&str]) -> Run {
    let mut arguments = vec!["send", "page_created", "--seed", "7", "--secret", SECRET, "--shrink", "--to", url];
    arguments.extend(edits.iter().map(String::as_str));
    arguments.extend(more);
    sandbox.run(&arguments)
}

#[test]
fn fifteen_mistakes_shrink_to_three_fields_in_200_requests() {
    let all = mistakes();
    assert_eq!(all.len(), 15);
    for (name, mistake, edits, pointer, words) in all {
        let (sandbox, receiver) = (Sandbox::new(), Mistaken::start(mistake, false));
        let run = shrink(&sandbox, &receiver.url(), &edits, &["--json"]).expect(1);
        let line = run.json().remove(0);
        assert_eq!((&line["type"], &line["limited"]), (&"shrunk".into(), &false.into()), "{name}: {line}");
        let part = line["parts"][0]["pointer"].as_str().unwrap_or_default();
        assert!(part.starts_with(pointer), "{name}: {line}");
        let body: Value = serde_json::from_str(line["body"].as_str().expect("a body")).expect("JSON");
        assert!(leaves(&body) <= 3, "{name}: {body}");
        let requests = receiver.requests.load(Ordering::SeqCst);
        assert!(line["requests"] == requests && requests <= 200, "{name}: {requests} {line}");
        // The capture has the same body, a valid signature, and fails in the same way.
        let capture = sandbox.path().join(line["capture"].as_str().expect("a file"));
        assert!(capture.starts_with(sandbox.path().join("shrunk")), "{capture:?}");
        let last = receiver.bodies.lock().expect("nobody panicked").last().cloned().expect("a body");
        sandbox.run(&["send", "shrunk", "--expect", "500", "--to", &receiver.url()]).expect(0);
        assert_eq!(receiver.bodies.lock().expect("nobody panicked").last(), Some(&last), "{name}");
        let run = shrink(&sandbox, &receiver.url(), &edits, &[]).expect(1);
        assert!(
            run.text().starts_with("the receiver responds 500 because of ") && run.text().contains(words),
            "{name}: {}",
            run.text()
        );
    }
}

/// Receivers that fail with incomplete bodies, too, as most do that read a member without asking for it.
#[test]
fn the_part_that_matters_is_found_although_incomplete_bodies_fail_too() {
    for (name, mistake, edits, pointer, words) in mistakes() {
        let (sandbox, receiver) = (Sandbox::new(), Mistaken::start(mistake, true));
        let run = shrink(&sandbox, &receiver.url(), &edits, &["--json"]).expect(1);
        let line = run.json().remove(0);
        let part = line["parts"][0]["pointer"].as_str().unwrap_or_default();
        assert!(part.starts_with(pointer), "{name}: {line}");
        let requests = receiver.requests.load(Ordering::SeqCst);
        assert!(line["requests"] == requests && requests <= 200, "{name}: {requests} {line}");
        let run = shrink(&sandbox, &receiver.url(), &edits, &[]).expect(1);
        let is_named = run.text().contains(words) || name == "two members together" || name == "parents of parents";
        assert!(is_named, "{name}: {}", run.text());
    }
}

/// A receiver that does this with a connection if the body has an emoji in it, and else responds 200.
fn start_failing(conduct: impl Fn(TcpStream) + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}/hooks", listener.local_addr().expect("an address"));
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let mut reader = BufReader::new(stream.try_clone().expect("a handle"));
            let (mut line, mut length) = (String::new(), 0);
            while reader.read_line(&mut line).is_ok_and(|read| read > 2) {
                let value =
                    line.to_ascii_lowercase().strip_prefix("content-length:").map(|value| value.trim().to_owned());
                length = value.map_or(length, |value| value.parse().expect("a length"));
                line.clear();
            }
            let mut body = vec![0; length];
            if reader.read_exact(&mut body).is_err() {
                continue;
            }
            if String::from_utf8_lossy(&body).contains('😀') {
                conduct(stream);
            } else {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            }
        }
    });
    url
}

const EMOJI: &str = "--set=page.title=\"Plan 😀 for all\"";

#[test]
fn a_closed_connection_and_a_timeout_are_failures_too() {
    let held = Mutex::new(Vec::new());
    let hanging = start_failing(move |stream| held.lock().expect("nobody panicked").push(stream));
    for (url, timeout, failure) in
        [(start_failing(drop), "10s", "closes the connection"), (hanging, "600ms", "does not respond within 0.6 s")]
    {
        let sandbox = Sandbox::new();
        let run = shrink(&sandbox, &url, &[EMOJI.to_owned()], &["--timeout", timeout]).expect(1);
        let sentence = format!("the receiver {failure} because of an emoji in /page/title (1 of 14 characters)\n");
        assert!(run.text().starts_with(&sentence), "{}", run.text());
    }
}

#[test]
fn a_failure_that_does_not_happen_again_is_not_reproducible() {
    let sandbox = Sandbox::new();
    for (statuses, same) in [(&[500, 200][..], 1), (&[500, 500, 503], 2), (&[500, 200, 500], 2)] {
        let endpoint = Endpoint::start(statuses);
        let run = shrink(&sandbox, &endpoint.url("/h"), &[], &[]).expect(1);
        let said =
            format!("not reproducible: the receiver responds 500 with the same body {same} of 3 times; 3 requests\n");
        assert_eq!(run.text(), said);
        assert_eq!(endpoint.received().len(), 3);
    }
    let run = shrink(&sandbox, &Endpoint::start(&[500]).url("/h"), &[], &["--json"]).expect(1);
    assert_eq!(run.json()[0]["type"], "not-reproducible");
    assert!(!sandbox.path().join("shrunk").exists());
}

#[test]
fn a_receiver_that_always_fails_is_reported() {
    let sandbox = Sandbox::new();
    let endpoint = Endpoint::start(&[403; 20]);
    let run = shrink(&sandbox, &endpoint.url("/h"), &[], &["--failed", "again"]).expect(1);
    assert!(run.text().starts_with("the receiver responds 403 with any body, even {}\n  {}\n"), "{}", run.text());
    assert_eq!(captures(&sandbox.path().join("again")).len(), 1);
    assert!(endpoint.received().len() < 10);
}

#[test]
fn a_body_that_does_not_fail_is_not_shrunk() {
    let sandbox = Sandbox::new();
    let endpoint = Endpoint::start(&[]);
    let run = shrink(&sandbox, &endpoint.url("/h"), &[], &[]).expect(0);
    assert!(run.stderr.contains("the response is as expected, so the delivery is not shrunk"), "{}", run.stderr);
    assert_eq!(endpoint.received().len(), 1);
    let endpoint = Endpoint::start(&[401]);
    shrink(&sandbox, &endpoint.url("/h"), &[], &["--expect", "401"]).expect(0);
    let run = shrink(&sandbox, &ClosedPort::new().url("/h"), &[], &[]).expect(2);
    assert!(run.text().contains("the connection was refused"), "{}", run.text());
    // A 200 is wrong here.
    let run = shrink(&sandbox, &Endpoint::start(&[]).url("/h"), &[], &["--expect", "4xx"]).expect(1);
    assert!(run.text().starts_with("the receiver responds 200 with any body"), "{}", run.text());
}

/// The remaining members keep their bytes.
#[test]
fn remaining_members_keep_their_bytes() {
    let mistake = |body: &Value, _: &[u8]| {
        body.pointer("/page/title").and_then(Value::as_str).is_some_and(|title| title.contains('é'))
            && body.get("x").is_some()
    };
    let (sandbox, receiver) = (Sandbox::new(), Mistaken::start(mistake, false));
    sandbox
        .write("body.json", "{ \"x\" : [ ], \"page\":{\t\"title\":\"a\\u00e9b\", \"n\": 1.50 } ,\n \"z\":\"\\/\" }\n");
    let arguments = ["send", "body.json", "--secret", SECRET, "--shrink", "--json", "--to", &receiver.url()];
    let line = sandbox.run(&arguments).expect(1).json().remove(0);
    assert_eq!(line["body"], "{ \"x\" : [ ], \"page\":{\t\"title\":\"\\u00e9\" } }\n");
    assert_eq!(line["parts"][0], json!({"pointer": "/page/title", "kind": "non-ascii", "characters": [1, 3]}));
    assert_eq!(line["parts"][1], json!({"pointer": "/x", "kind": "presence"}));
}

#[test]
fn a_capture_is_signed_again_for_each_attempt() {
    let mistake = |body: &Value, _: &[u8]| body.pointer("/page/id").is_some_and(Value::is_null);
    let (sandbox, receiver) = (Sandbox::new(), Mistaken::start(mistake, false));
    let body = r#"{"event":"page_created","page":{"id":null,"title":"A","id2":1}}"#;
    let signature = Secret::new(SECRET).expect("a secret").sign(body.as_bytes());
    let head = "POST /hooks HTTP/1.1\r\nContent-Type: application/json\r\n";
    sandbox.write("call.http", format!("{head}X-Hub-Signature: {signature}\r\n\r\n{body}"));
    sandbox.write("unsigned.http", format!("{head}\r\n{body}"));
    let to = receiver.url();
    let run = sandbox.run(&["send", "call.http", "--shrink", "--to", &to]).expect(2);
    assert!(run.stderr.contains("the signature of call.http"), "{}", run.stderr);
    let again = ["send", "call.http", "--resign", "--secret", SECRET, "--shrink", "--json", "--to", &to];
    let line = sandbox.run(&again).expect(1).json().remove(0);
    assert_eq!((&line["body"], &line["parts"][0]["kind"]), (&r#"{"page":{"id":null}}"#.into(), &"null".into()));
    let unsigned =
        sandbox.run(&["send", "unsigned.http", "--shrink", "--json", "--to", &to]).expect(1).json().remove(0);
    assert_eq!((&unsigned["failure"], &unsigned["body"]), (&"responds 401".into(), &"{}".into()));
}

#[test]
fn a_repeated_key_is_named() {
    let mistake = |_: &Value, raw: &[u8]| String::from_utf8_lossy(raw).matches("\"id\"").count() > 1;
    let (sandbox, receiver) = (Sandbox::new(), Mistaken::start(mistake, false));
    sandbox.write("body.json", r#"{"event":"page_created","page":{"id":1,"title":"A","id":2}}"#);
    let arguments = ["send", "body.json", "--secret", SECRET, "--shrink", "--to", &receiver.url()];
    let run = sandbox.run(&arguments).expect(1);
    assert!(
        run.text().contains("because of a key that is there twice, /page/id\n  {\"page\":{\"id\":0,\"id\":0}}"),
        "{}",
        run.text()
    );
}

#[test]
fn a_source_that_cannot_be_shrunk_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.write("text.txt", "{ this is no JSON");
    let endpoint = Endpoint::start(&[500; 9]);
    let to = endpoint.url("/h");
    for (arguments, error) in [
        (&["page_created", "page_updated"][..], "--shrink takes one delivery\n  fix: give one event, file or capture"),
        (&["all"], "--shrink takes one delivery"),
        (&["ping", "--profile", "datacenter"], "--shrink has no effect on `ping`"),
        (&["text.txt"], "--shrink needs a JSON body, but text.txt is not JSON"),
        (&["page_created", "--count", "2"], "--count"),
        (&["page_created", "--fault", "not-json"], "--fault"),
        (&["page_created", "--retries", "1"], "--retries"),
        (&["page_created", "--dry-run"], "--dry-run"),
        (&["page_created", "--concurrency", "1"], "--concurrency"),
    ] {
        let run = sandbox.run(&[&["send", "--shrink", "--to", &to], arguments].concat()).expect(2);
        assert!(run.stderr.contains(error), "{arguments:?}: {}", run.stderr);
    }
    assert!(endpoint.received().is_empty());
}
