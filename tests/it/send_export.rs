//! `cfwh send --export`: other tools send the same requests as `cfwh send`.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::raw_server::{RawServer, body};
use crate::support::{Endpoint, Listener, Received, Run, Sandbox, tool};

const SIGNED: &[&str] = &["--secret", "s3cret", "--seed", "7", "--at", "2026-01-01T00:00:00Z"];

fn export(sandbox: &Sandbox, tool: &str, url: &str, more: &[&str]) -> Run {
    sandbox.run(&[&["send", "all", "--export", tool, "--to", url], SIGNED, more].concat()).expect(0)
}

fn tool_run(command: &mut Command) -> String {
    let output = command.stdin(Stdio::null()).output().expect("the tool runs");
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}");
    said
}

/// Checks that all nineteen deliveries were received and verified.
fn expect_verified(listener: Listener) {
    let lines = listener.finish().json();
    let valid = lines.iter().filter(|line| line["signature"] == "valid" && line["status"] == 200).count();
    assert_eq!(valid, 19, "{lines:?}");
}

#[test]
#[ignore = "needs curl"]
fn curl_sends_the_signed_body() {
    let sandbox = Sandbox::new();
    let listener = Listener::start(&sandbox, &["--secret", "s3cret", "--count", "19"]);
    let script = sandbox.write("send.sh", export(&sandbox, "curl", &listener.url, &[]).stdout);
    assert_eq!(tool_run(Command::new("sh").arg(script)).matches("200").count(), 19);
    expect_verified(listener);
}

#[test]
#[ignore = "needs curl"]
fn curl_export_quotes_every_byte() {
    let (sandbox, endpoint) = (Sandbox::new(), Endpoint::start(&[]));
    let large = vec![b'x'; 300_000];
    let bodies: [&[u8]; 6] = [b"@file", b"it's \\ $(x) `y`\r\n", b"\xff\0\xfe", b"", b"\n\n", &large];
    for (index, body) in bodies.iter().enumerate() {
        sandbox.write(&format!("bodies/{index}.json"), body);
    }
    let url = endpoint.url("/h?a=[1]&b=%7B2%7D");
    let arguments = ["send", "bodies", "--export", "curl", "--to", &url, "-H", "X-Empty:", "-H", "X-Odd: it's"];
    let script = sandbox.write("send.sh", sandbox.run(&arguments).expect(0).stdout);
    tool_run(Command::new("sh").arg(script));
    let received = endpoint.received();
    assert_eq!(received.iter().map(|r| r.body.as_slice()).collect::<Vec<_>>(), bodies);
    assert!(received.iter().all(|r| r.header("X-Empty") == Some("") && r.header("X-Odd") == Some("it's")));
    assert!(
        received.iter().all(|r| r.url == "/h?a=[1]&b=%7B2%7D" && r.header("Content-Type") == Some("application/json"))
    );
}

#[test]
#[ignore = "needs hurl"]
fn hurl_sends_the_signed_body() {
    let sandbox = Sandbox::new();
    let listener = Listener::start(&sandbox, &["--secret", "s3cret", "--count", "19"]);
    let file = export(&sandbox, "hurl", &format!("{}?a=%7Bb%7D", listener.url), &["-H", "X-Odd: a#b\\{{c}}"]);
    let file = sandbox.write("send.hurl", file.stdout);
    tool_run(Command::new(tool("hurl")).arg("--test").arg(file));
    expect_verified(listener);
}

/// Returns the requests that a tool would send, read by an independent parser.
type Request = (String, BTreeMap<String, String>, Vec<u8>);

/// The same as it goes over the wire.
fn sent(sandbox: &Sandbox, more: &[&str]) -> Vec<Request> {
    let endpoint = Endpoint::start(&[]);
    sandbox.run(&[&["send", "all", "--to", &endpoint.url("/h")], SIGNED, more].concat()).expect(0);
    let request = |received: &Received| {
        let headers = received.headers.iter().filter(|(name, _)| name != "Host" && name != "Content-Length");
        (received.url.clone(), headers.cloned().collect(), received.body.clone())
    };
    endpoint.received().iter().map(request).collect()
}

fn read(entry: &Value, headers: &str) -> Request {
    let text = |value: &Value| value.as_str().or(value[0].as_str()).expect("text").to_owned();
    let fields = entry[headers].as_object().expect("headers");
    let fields = fields.iter().map(|(name, value)| (name.clone(), text(value))).collect();
    let url = text(&entry["url"]);
    let path = url.strip_prefix("http://receiver.test").expect("our URL").to_owned();
    (path, fields, STANDARD.decode(text(&entry["body"])).expect("base64"))
}

#[test]
fn vegeta_targets_equal_the_sent_requests() {
    let sandbox = Sandbox::new();
    let targets = export(&sandbox, "vegeta", "http://receiver.test/h", &[]).json();
    assert!(targets.iter().all(|target| target["method"] == "POST"));
    assert_eq!(targets.iter().map(|target| read(target, "header")).collect::<Vec<_>>(), sent(&sandbox, &[]));
}

#[test]
fn repeated_headers_are_kept_for_vegeta_and_refused_for_k6() {
    let sandbox = Sandbox::new();
    let targets = export(&sandbox, "vegeta", "http://receiver.test/h", &["--fault", "two-signatures"]).json();
    assert_eq!(targets[0]["header"]["X-Hub-Signature"].as_array().map(Vec::len), Some(2));
    let arguments = ["send", "all", "--export", "k6", "--to", "http://receiver.test/h", "--fault", "two-signatures"];
    let run = sandbox.run(&[&arguments[..], SIGNED].concat()).expect(2);
    assert!(
        run.stderr.contains("page_created is skipped: k6 cannot send the header `X-Hub-Signature` twice"),
        "{run:?}"
    );
    // A script without requests looks like a success.
    assert_eq!(run.text(), "");
}

/// A stub of the k6 API that the script uses.
const K6: &[(&str, &str)] = &[
    (
        "package.json",
        r#"{"name":"k6","type":"module","exports":{".":"./k6.js","./http":"./http.js","./encoding":"./encoding.js","./execution":"./execution.js"}}"#,
    ),
    ("k6.js", "export const check = (reply, checks) => Object.values(checks).every((check) => check(reply));"),
    (
        "http.js",
        "export default { request: (method, url, body, { headers }) => {
  console.log(JSON.stringify({ method, url, headers, body: Buffer.from(body).toString('base64') }));
  return { status: 200 };
} };",
    ),
    ("encoding.js", "export default { b64decode: (text) => Buffer.from(text, 'base64') };"),
    (
        "execution.js",
        "export const state = { at: 0 };
export default { scenario: { get iterationInTest() { return state.at++; } } };",
    ),
];

#[test]
#[ignore = "needs node"]
fn the_k6_script_sends_the_same_request() {
    let sandbox = Sandbox::new();
    for (name, text) in K6 {
        sandbox.write(&format!("node_modules/k6/{name}"), text);
    }
    sandbox.write("send.mjs", export(&sandbox, "k6", "http://receiver.test/h", &[]).stdout);
    let main = "import run, { options } from './send.mjs';
for (let i = 0; i < options.scenarios.deliveries.iterations; i++) run();";
    let main = sandbox.write("main.mjs", main);
    let said = tool_run(Command::new(tool("node")).arg(main).current_dir(sandbox.path()));
    let requests: Vec<_> =
        said.lines().map(|line| read(&serde_json::from_str(line).expect("JSON"), "headers")).collect();
    assert_eq!(requests, sent(&sandbox, &[]));
}

#[test]
fn one_http_export_is_a_capture_and_several_are_separated() {
    let sandbox = Sandbox::new();
    let listener = Listener::start(&sandbox, &["--secret", "s3cret", "--count", "1"]);
    let one = ["send", "page_created", "--secret", "s3cret", "--to", &listener.url, "--export", "http"];
    sandbox.write("one.http", sandbox.run(&one).expect(0).stdout);
    sandbox.run(&["send", "one.http", "--to", &listener.url]).expect(0);
    assert_eq!(listener.finish().json()[0]["signature"], "valid");
    let all = export(&sandbox, "http", "http://receiver.test/h", &[]);
    let wire = RawServer::answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    sandbox.run(&[&["send", "all", "--to", &wire.url()], SIGNED].concat()).expect(0);
    let bodies: Vec<_> =
        all.text().split("\r\n###\r\n").map(|part| part.split_once("\r\n\r\n").expect("a head").1.to_owned()).collect();
    let sent: Vec<_> = wire.requests().iter().map(|r| String::from_utf8_lossy(body(r)).into_owned()).collect();
    assert_eq!(bodies, sent);
    // Editors drop a line end at the end of a body.
    assert!(bodies.iter().all(|body| body.ends_with('}') && body.lines().count() == 1), "{bodies:?}");
    assert!(!all.text().contains("Content-Length") && !all.text().contains("Host:"), "editors state them themselves");

    let file = sandbox.write("all.http", &all.stdout);
    let file = file.to_str().expect("text");
    let mut listener = Listener::start(&sandbox, &["--secret", "s3cret", "--count", "19"]);
    sandbox.run(&["send", file, "--to", &listener.url]).expect(0);
    assert!((0..19).all(|_| listener.next()["signature"] == "valid"));
    let verified = sandbox.run(&["verify", file, "--secret", "s3cret"]).expect(0);
    assert_eq!(verified.text().matches("valid ").count(), 19);
    assert!(verified.text().lines().nth(1).is_some_and(|line| line.contains("all.http:")), "{}", verified.text());
}

#[test]
fn an_http_export_refuses_requests_that_editors_would_change() {
    let sandbox = Sandbox::new();
    let export = |more: &[&str]| {
        sandbox.run(&[&["send", "--auth", "none", "--to", "http://h/", "--export", "http"], more].concat())
    };
    for (body, reason) in [
        (&b"{}\n"[..], "more than one line"),
        (b"{\r}", "more than one line"),
        (b"{} ", "begins or ends"),
        (b"< /etc/passwd", "begins or ends"),
        (b"### x", "begins or ends"),
        (b"{\"a\":\"{{b}}\"}", "`{{`"),
        (b"\xff", "not UTF-8"),
    ] {
        sandbox.write("body.json", body);
        let run = export(&["body.json"]).expect(2);
        let is_explained = run.stderr.contains("body.json is skipped: editors would change the request: ");
        assert!(run.text().is_empty() && is_explained && run.stderr.contains(reason), "{run:?}");
    }
    let run = export(&["page_created", "--seed", "1", "-H", "X-A: {{b}}"]).expect(2);
    assert!(run.stderr.contains("`{{`"), "{run:?}");
    export(&["page_created", "--seed", "1", "--format", "pretty"]).expect(2);
}

#[test]
fn an_export_without_a_request_prints_nothing() {
    let sandbox = Sandbox::new();
    sandbox.write("broken.http", "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n{}");
    for tool in ["curl", "http", "vegeta", "k6", "hurl"] {
        let run = sandbox.run(&["send", "broken.http", "--export", tool, "--to", "http://receiver.test/"]).expect(2);
        assert_eq!(run.text(), "", "{tool}");
    }
}
