//! The JSON lines of every command against the schema that `cfwh schema --output` prints.

use serde_json::{Value, json};

use crate::support::all_events;
use crate::support::{ClosedPort, Endpoint, Listener, Sandbox};

const JSON: &str = "Content-Type: application/json";

/// The schema with every object closed: a field that is printed and not described is then found.
fn closed(mut schema: Value) -> Value {
    fn close(value: &mut Value) {
        match value {
            Value::Object(members) => {
                members.values_mut().for_each(close);
                if members.get("properties").is_some_and(Value::is_object) {
                    members.insert("additionalProperties".to_owned(), false.into());
                }
            }
            Value::Array(items) => items.iter_mut().for_each(close),
            _ => {}
        }
    }
    close(&mut schema);
    schema
}

/// Holds every line against `cfwh schema --output COMMAND`.
#[track_caller]
pub fn assert_described(command: &str, lines: &[Value], at_least: usize) {
    let schema = Sandbox::new().run(&["schema", "--output", command]).expect(0);
    let schema = closed(serde_json::from_slice(&schema.stdout).expect("JSON"));
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).expect("a schema");
    assert!(lines.len() >= at_least, "{command}: {lines:?}");
    for line in lines {
        assert!(
            validator.is_valid(line),
            "{command}: {line}\n{:?}",
            validator.iter_errors(line).map(|error| error.to_string()).collect::<Vec<_>>()
        );
    }
    assert!(!validator.is_valid(&json!({ "nonsense": true })), "{command}: the schema takes anything");
}

/// Bodies that bring many rules to speak.
fn bodies(sandbox: &Sandbox) {
    sandbox.write("clean.json", sandbox.run(&["fake", "page_created", "--seed", "1"]).expect(0).stdout);
    sandbox.write("many.json", "{\"event\":\"page_trashed\",\"a\":1,\"a\":2,\"page\":{\"id\":7,\"status\":\"current\",\"self\":\"x\",\"version\":{\"when\":\"now\"}}}");
    sandbox.write("none.json", "nonsense");
    sandbox.write("lines.ndjson", "{\"event\":\"page_moved\"}\n{}\n{\"event\":\"space_created\",\"page\":{}}\n");
    sandbox.write("kept.http", "POST /hook/page_created HTTP/1.1\r\nContent-Type: text/plain\r\nX-Hub-Signature: x\r\n\r\n{\"event\":\"page_removed\"}");
}

#[test]
fn json_lines_of_offline_commands_match_their_schemas() {
    let sandbox = Sandbox::new();
    bodies(&sandbox);
    let lines = |arguments: &[&str]| sandbox.run(&[arguments, &["--json"]].concat()).json();
    assert_described("events", &lines(&["events"]), 19);
    assert_described("rules", &lines(&["rules"]), 15);
    assert_described("help", &lines(&["help"]), 14);
    let schema = sandbox.run(&["schema", "--output", "fake"]).expect(0).json_whole();
    let bodies = lines(&["fake", "all", "--seed", "1"]);
    assert!(bodies.len() == 19 && bodies.iter().all(|body| jsonschema::is_valid(&schema, body)), "{bodies:?}");
    let errors = sandbox.run(&["validate", "missing.json", "--json"]).expect(2).stderr;
    let errors: Vec<Value> = errors.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    assert_described("error", &errors, 1);
    assert_described("drift", &lines(&["drift", "."]), 5);
    assert_described("sign", &lines(&["sign", "clean.json", "lines.ndjson", "kept.http", "--secret", "s3cret"]), 5);
    let validated = lines(&["validate", "clean.json", "many.json", "none.json", "lines.ndjson", "kept.http"]);
    assert_described("validate", &validated, 7);
    assert_described(
        "validate",
        &lines(&["validate", "many.json", "kept.http", "--strict", "--event", "space_created"]),
        2,
    );
    let of_headers = validated
        .iter()
        .flat_map(|line| line["findings"].as_array().expect("a list"))
        .filter(|finding| finding["header"].is_string());
    assert!(of_headers.count() > 0, "a finding in the headers is among them");

    let signature = sandbox.run(&["sign", "clean.json", "--secret", "s3cret"]).expect(0).text().trim().to_owned();
    for (given, verdict) in [(signature.as_str(), "valid"), ("sha256=00", "malformed")] {
        let verified = lines(&["verify", "clean.json", "--secret", "s3cret", "--signature", given, "--show-expected"]);
        assert_described("verify", &verified, 1);
        assert_eq!(verified[0]["verdict"], verdict);
    }
    let mismatched =
        lines(&["verify", "none.json", "--secret", "s3cret", "--signature", &signature, "--show-expected"]);
    assert_described("verify", &mismatched, 1);
    assert_described("verify", &lines(&["verify", "none.json", "kept.http", "--secret", "s3cret"]), 2);
}

#[test]
fn json_lines_of_captures_match_their_schema() {
    let sandbox = Sandbox::new();
    let arguments = ["--quiet", "--secret", "s3cret", "--capture", "calls"];
    let listener = Listener::start(&sandbox, &arguments);
    listener.post("/webhooks/confluence", &[JSON], b"{\"event\":\"page_created\",\"page\":7}");
    listener.post("/webhooks/confluence", &[JSON], b"\xff");
    listener.interrupt();
    listener.finish().expect(0);
    sandbox.write("bare/000001-unknown.http", "POST / HTTP/1.1\n\n{}");
    let lines = |arguments: &str| {
        let words: Vec<_> = arguments.split(' ').collect();
        sandbox.run(&[&["captures"], &*words, &["--json"]].concat()).json()
    };
    assert_described("captures", &lines("list calls"), 2);
    assert_described("captures", &lines("list bare"), 1);
    assert_described("captures", &lines("show calls 1 --secret s3cret"), 1);
    assert_described("captures", &lines("show calls 2"), 1);
    assert_described("captures", &lines("show bare 1"), 1);
    sandbox.write("other.http", "POST /x HTTP/1.1\nA: 1\n\n{\"a\":1}");
    assert_described("captures", &lines("diff bare/000001-unknown.http other.http"), 1);
    assert_described("captures", &lines("redact calls --out shared --verify"), 1);
}

#[test]
fn json_lines_of_send_and_listen_match_their_schemas() {
    let sandbox = Sandbox::new();
    bodies(&sandbox);
    let endpoint = Endpoint::start(&[200, 500]);
    let to = endpoint.url("/");
    let sent = sandbox
        .run(&["send", "page_created", "kept.http", "lines.ndjson", "--seed", "1", "--to", &to, "--json"])
        .expect(1);
    assert_described("send", &sent.json(), 5);
    for (statuses, kind) in [(&[500; 9][..], "shrunk"), (&[500], "not-reproducible")] {
        let endpoint = Endpoint::start(statuses);
        let shrunk = sandbox.run(&["send", "page_created", "--shrink", "--to", &endpoint.url("/"), "--json"]).expect(1);
        assert_described("send", &shrunk.json(), 1);
        assert_eq!(shrunk.json()[0]["type"], kind);
    }
    let strict = Listener::start(&sandbox, &["--strict"]);
    for edit in ["page.title=7", "page.id=null"] {
        let shrink =
            ["send", "page_created", "--auth", "none", "--shrink", "--set", edit, "--json", "--to", &strict.url];
        assert_described("send", &sandbox.run(&shrink).expect(1).json(), 1);
    }
    let mut closing = Listener::start(&sandbox, &["--respond", "close"]);
    sandbox.run(&["send", "page_created", "--auth", "none", "--to", &closing.url]).expect(2);
    assert_described("listen", &[closing.next()], 1);
    let closed = ClosedPort::new();
    let unanswered = sandbox.run(&["send", "none.json", "--to", &closed.url("/"), "--json"]).expect(2);
    assert_described("send", &unanswered.json(), 1);

    for (arguments, secret) in [
        (&["--secret", "s3cret", "--capture", "kept"][..], "given"),
        (&["--strict"], "none"),
        (&["--secret"], "generated"),
    ] {
        let mut listener = Listener::start(&sandbox, arguments);
        let mut lines = vec![listener.ready.clone()];
        assert_eq!(listener.ready["secret"], secret);
        for source in ["clean.json", "many.json", "none.json", "lines.ndjson"] {
            sandbox.run(&["send", source, "--secret", "s3cret", "--to", &listener.url]);
        }
        listener.post("/webhooks/confluence", &[JSON, "X-Hub-Signature: rubbish"], b"{}");
        lines.extend((0..7).map(|_| listener.next()));
        listener.interrupt();
        lines.extend(listener.finish().expect(0).json());
        assert_described("listen", &lines, 9);
    }
    let demo = sandbox.run(&["listen", "--demo", "--json"]).expect(0).json();
    assert_described("listen", &demo, all_events().len() + 5);
}

#[test]
fn json_lines_with_responses_match_their_schemas() {
    let sandbox = Sandbox::new();
    let endpoint = Endpoint::answering(&[500, 422, 500], "\u{1b}[2J{\"a\":1}");
    let to = endpoint.url("/");
    let load = ["send", "page_created", "--count", "9", "--concurrency", "1", "--json", "--to", &to];
    let lines = sandbox.run(&load).expect(1).json();
    assert_eq!(lines[9]["examples"].as_array().map(Vec::len), Some(2));
    assert_described("send", &lines, 10);
    let lines =
        sandbox.run(&["probe", &to, "--json", "--strict", "--only", "http/*", "--only", "event/*"]).expect(1).json();
    assert_described("probe", &lines, 6);
    let closed = ClosedPort::new().url("/");
    let forward = ["--forward-unverified", "--forward", &to, "--forward", &closed, "-v"];
    let mut listener = Listener::start(&sandbox, &forward);
    listener.post("/webhooks/confluence", &[JSON], b"{}");
    let line = listener.next();
    assert_eq!(line["forwarded"][0]["response"]["status"], 200);
    assert_described("listen", &[line], 1);
}

/// The stable fields for scripts. Other fields may be added.
#[test]
fn the_schemas_require_the_promised_fields() {
    let finding = ["rule", "severity", "origin", "pointer", "line", "column", "message", "help"];
    for (command, place, fields) in [
        ("listen", "/oneOf/0", &["type", "url", "secret"][..]),
        (
            "listen",
            "/oneOf/1",
            &[
                "type",
                "number",
                "at",
                "event",
                "target",
                "bytes",
                "signature",
                "verdict",
                "findings",
                "status",
                "ms",
                "capture",
                "forwarded",
            ],
        ),
        ("listen", "/oneOf/2", &["type", "received", "accepted", "refused", "expectations"]),
        ("listen", "/definitions/finding", &finding),
        ("verify", "", &["input", "verdict"]),
        ("validate", "", &["input", "line", "event", "verdict", "findings"]),
        ("validate", "/definitions/finding", &finding),
        ("send", "/oneOf/0", &["event", "source", "url", "status", "ms", "attempts", "error", "response"]),
        ("events", "", &["event", "entity", "description", "evidence"]),
    ] {
        let schema: Value =
            serde_json::from_slice(&Sandbox::new().run(&["schema", "--output", command]).expect(0).stdout)
                .expect("JSON");
        let required = schema
            .pointer(place)
            .and_then(|part| part["required"].as_array())
            .unwrap_or_else(|| panic!("{command}{place}"));
        for field in fields {
            assert!(required.iter().any(|name| name == field), "{command}{place} does not promise {field}");
        }
    }
}
