//! What Confluence Data Center sends: its events, its bodies, the test of a connection, and its circuit breaker.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use cfwh::auth::hub_signature;
use cfwh::models::event::EventKind;
use cfwh::profiles::datacenter::PROFILE;
use serde_json::{Value, json};

use crate::support::{Endpoint, Listener, Sandbox, all_events};

const JSON: &str = "Content-Type: application/json; charset=utf-8";
const PATH: &str = "/webhooks/confluence";
const PING: &[u8] = br#"{"test": true}"#;

/// The bodies of `tests/data/datacenter`: one of each event, some in the full form, one that nobody caused.
fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/datacenter");
    let mut files: Vec<_> = folder.read_dir().expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    assert_eq!(files.len(), 53);
    files
}

fn events() -> impl Iterator<Item = &'static str> {
    PROFILE.events.all().map(EventKind::name)
}

#[test]
fn every_event_has_an_example_and_all_examples_are_clean() {
    let sandbox = Sandbox::new();
    let names: BTreeSet<String> =
        files().iter().map(|file| file.file_stem().expect("a name").to_string_lossy().into_owned()).collect();
    for event in events() {
        assert!(names.contains(event), "{event}");
    }
    for file in files() {
        let file = file.to_str().expect("UTF-8");
        let run = sandbox.run(&["validate", "--profile", "datacenter", "--strict", "--json", file]).expect(0);
        let event = run.json()[0]["event"].as_str().expect("an event").to_owned();
        assert!(file.contains(&event), "{file}: {event}");
    }
}

#[test]
fn the_exported_schemas_accept_the_examples_and_little_else() {
    let sandbox = Sandbox::new();
    let any = sandbox.run(&["schema", "--profile", "datacenter"]).expect(0).json_whole();
    let any = jsonschema::options().should_validate_formats(true).build(&any).expect("a schema");
    for file in files() {
        let body: Value = serde_json::from_slice(&std::fs::read(&file).expect("a body")).expect("JSON");
        let event = body["event"].as_str().expect("an event");
        let schema = sandbox.run(&["schema", "--profile", "datacenter", event]).expect(0).json_whole();
        let validator = jsonschema::options().should_validate_formats(true).build(&schema).expect("a schema");
        assert!(validator.is_valid(&body), "{event}: {:?}", validator.validate(&body));
        assert!(any.is_valid(&body), "{event}");
        let mut other = body.clone();
        other["event"] = "page_liked".into();
        assert!(!validator.is_valid(&other), "{event}: another event");
        assert!(!validator.is_valid(&json!({})), "{event}: nothing");
    }
}

/// Returns a body with a value set at a pointer, or removed if `value` is `None`.
fn with(file: &str, pointer: &str, value: Option<Value>) -> Vec<u8> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/data/datacenter/{file}.json"));
    let mut body: Value = serde_json::from_slice(&std::fs::read(file).expect("a body")).expect("JSON");
    if let Some(value) = value {
        *body.pointer_mut(pointer).expect("it is there") = value;
    } else {
        let (object, key) = pointer.rsplit_once('/').expect("a pointer");
        body.pointer_mut(object).and_then(Value::as_object_mut).expect("an object").remove(key);
    }
    body.to_string().into_bytes()
}

#[test]
fn invalid_bodies_are_refused_and_large_ids_are_not() {
    let sandbox = Sandbox::new();
    for (file, pointer, value, expected) in [
        ("page_created", "/page/id", Some(json!("1015810")), "type"),
        ("page_created", "/page", None, "required"),
        ("page_created", "/page/id", None, "required"),
        ("page_created", "/event", None, "missing-event"),
        ("page_created", "/event", Some(json!("page_made")), "unknown-event"),
        ("page_created", "/userKey", Some(json!(null)), "type"),
        ("page_updated", "/updateTrigger", Some(json!("macro")), "unseen-value"),
        ("attachment_created", "/attachments/0", Some(json!(1_015_830)), "type"),
        ("group_created", "/group", Some(json!({ "name": "confluence-users" })), "type"),
        ("theme_enabled", "/global", Some(json!("false")), "type"),
        ("full-page_updated", "/page/version", Some(json!({ "number": 2 })), "type"),
        ("full-page_updated", "/page/self", Some(json!("/display/DEMO")), "format"),
        ("full-page_updated", "/page/creationDate", Some(json!(true)), "type"),
        ("full-comment_created", "/comment/inReplyTo/id", Some(json!("7")), "type"),
    ] {
        let run = sandbox.run_with(&["validate", "--profile", "datacenter", "--json", "-"], with(file, pointer, value));
        let line = &run.json()[0];
        let rules: Vec<_> = line["findings"].as_array().expect("a list").iter().map(|it| &it["rule"]).collect();
        assert_eq!(rules, [expected], "{file} {pointer}: {line}");
    }
    for (file, pointer, value) in [
        ("page_created", "/page/id", json!(9_007_199_254_740_993_i64)),
        ("page_created", "/page/id", json!(i64::MAX)),
        // The event has no user and no time.
        ("page_created", "/userKey", json!("")),
        ("full-page_updated", "/page/modificationDate", json!("")),
    ] {
        let body = with(file, pointer, Some(value));
        sandbox.run_with(&["validate", "--profile", "datacenter", "--strict", "-"], body).expect(0);
    }
}

/// One line of `validate --json` about this body.
fn validated(sandbox: &Sandbox, profile: &str, body: impl Into<Vec<u8>>) -> Value {
    sandbox.run_with(&["validate", "--profile", profile, "--json", "-"], body).json()[0].clone()
}

fn only_finding(line: &Value) -> (&str, &str) {
    let findings = line["findings"].as_array().expect("a list");
    assert_eq!(findings.len(), 1, "{line}");
    assert_eq!(findings[0]["rule"], "other-sender", "{line}");
    (findings[0]["message"].as_str().expect("text"), findings[0]["help"].as_str().expect("text"))
}

#[test]
fn other_profiles_name_the_profile_of_a_data_center_body() {
    let sandbox = Sandbox::new();
    let bodies = files().into_iter().map(|file| std::fs::read(file).expect("a body")).chain([PING.to_vec()]);
    for body in bodies {
        for profile in ["spec", "cloud"] {
            let line = validated(&sandbox, profile, body.clone());
            let (message, help) = only_finding(&line);
            assert!(message.starts_with("this is what Confluence Data Center sends: "), "{message}");
            assert_eq!(help, "validate it with `--profile datacenter`");
        }
    }
}

#[test]
fn bodies_of_other_profiles_are_named_under_data_center() {
    let sandbox = Sandbox::new();
    for kind in all_events() {
        for (profile, sender) in [("spec", "the published document declares"), ("cloud", "Confluence Cloud sends")] {
            let fake = sandbox.run(&["fake", kind.name(), "--profile", profile, "--seed", "3", "--format", "ndjson"]);
            let run = sandbox.run_with(
                &["validate", "--profile", "datacenter", "--event", kind.name(), "--json", "-"],
                fake.expect(0).stdout,
            );
            let line = run.json()[0].clone();
            let (message, help) = only_finding(&line);
            assert!(message.starts_with(&format!("this is what {sender}; ")), "{kind}: {message}");
            assert_eq!(help, format!("validate it with `--profile {profile}`"), "{kind}");
        }
    }
}

#[test]
fn the_document_names_the_evidence_of_every_field() {
    fn search(schema: &Value, place: &str, without: &mut Vec<String>, count: &mut usize) {
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            *count += 1;
            let evidence = property["description"].as_str().unwrap_or_default().rsplit("Evidence: ").next();
            let marks = ["captured", "documented", "from source", "inferred"];
            if !evidence.is_some_and(|evidence| marks.iter().any(|mark| evidence.starts_with(mark))) {
                without.push(format!("{place}.{name}"));
            }
        }
        for part in schema["allOf"].as_array().into_iter().flatten() {
            search(part, place, without, count);
        }
    }
    let document: Value = serde_json::from_str(PROFILE.json).expect("JSON");
    let (mut without, mut count) = (Vec::new(), 0);
    for (name, schema) in document["components"]["schemas"].as_object().expect("schemas") {
        search(schema, name, &mut without, &mut count);
    }
    assert!(without.is_empty(), "without evidence: {without:?}");
    assert!(count > 100, "{count} fields");
}

#[test]
fn the_document_has_exactly_one_message_for_each_event() {
    let document: Value = serde_json::from_str(PROFILE.json).expect("JSON");
    let messages: Vec<&Value> = document["components"]["messages"].as_object().expect("messages").values().collect();
    assert_eq!(messages.len(), 43);
    for (kind, message) in PROFILE.events.all().zip(messages) {
        let schema = PROFILE.body(kind).expect("a form").schema;
        assert_eq!(message["name"], kind.name());
        assert_eq!(message["summary"], kind.description());
        assert_eq!(message["payload"], json!({ "$ref": format!("#/components/schemas/{schema}") }), "{kind}");
        let allowed = &document["components"]["schemas"][schema]["allOf"][1]["properties"]["event"]["enum"];
        assert!(allowed.as_array().is_some_and(|names| names.contains(&kind.name().into())), "{kind}: {allowed}");
    }
}

#[test]
fn a_delivery_has_the_headers_and_the_body_of_data_center() {
    let (sandbox, endpoint) = (Sandbox::new(), Endpoint::start(&[]));
    let url = endpoint.url("/hooks?from=wiki");
    let send = ["send", "all", "--profile", "datacenter", "--secret", "s3cret", "--seed", "1", "--to", &url];
    sandbox.run(&send).expect(0);
    let received = endpoint.received();
    assert_eq!(received.len(), 43);
    let mut identifiers = BTreeSet::new();
    for (delivery, event) in received.iter().zip(events()) {
        assert_eq!((delivery.method.as_str(), delivery.url.as_str()), ("POST", "/hooks?from=wiki"));
        assert_eq!(delivery.header("Content-Type"), Some("application/json; charset=utf-8"));
        assert_eq!(delivery.header("X-Event-Key"), Some(event));
        assert!(delivery.header("User-Agent").is_some_and(|agent| agent.contains(" / Confluence-")), "{delivery:?}");
        assert_eq!(delivery.header("X-Atlassian-Webhook-Identifier"), None);
        identifiers.insert(delivery.header("X-Request-Id").expect("an id").to_owned());
        let signature = delivery.header(hub_signature::HEADER).expect("a signature");
        let expected = cfwh::auth::secret::Secret::new("s3cret").expect("a secret").sign(&delivery.body).to_string();
        assert_eq!(signature, expected, "{event}");
        let start = delivery.body.strip_prefix(b"{\"timestamp\":").expect("the time is first");
        let start = String::from_utf8_lossy(start).trim_start_matches(|digit: char| digit.is_ascii_digit()).to_owned();
        assert!(start.starts_with(&format!(",\"event\":\"{event}\",\"userKey\":\"")), "{start}");
    }
    assert_eq!(identifiers.len(), 43, "each delivery has an id of its own");
}

#[test]
fn the_ping_is_sent_as_data_center_sends_it() {
    let (sandbox, endpoint) = (Sandbox::new(), Endpoint::start(&[]));
    let url = endpoint.url("/hooks");
    let run = sandbox.run(&["send", "ping", "--profile", "datacenter", "--secret", "s3cret", "--to", &url]).expect(0);
    assert!(run.stderr.contains("Confluence Data Center never signs a ping"), "{}", run.stderr);
    let received = endpoint.received();
    assert_eq!(received.len(), 1);
    assert_eq!(received[0].body, PING);
    assert_eq!(received[0].header("X-Event-Key"), Some("diagnostics:ping"));
    assert_eq!(received[0].header("Content-Type"), Some("application/json"));
    assert_eq!(received[0].header(hub_signature::HEADER), None);
    assert_eq!(received[0].header("Content-Length"), Some("14"));
    for profile in ["spec", "cloud"] {
        let run = sandbox.run(&["send", "ping", "--profile", profile, "--to", &url]).expect(2);
        assert!(run.stderr.contains("does not send a ping\n  fix: `--profile datacenter` has it"), "{}", run.stderr);
    }
    for option in ["--set=test=false", "--event=page_created", "--format=pretty", "--at=now"] {
        let run = sandbox.run(&["send", "ping", "--profile", "datacenter", "--to", &url, option]).expect(2);
        assert!(run.stderr.contains("has no effect"), "{option}: {}", run.stderr);
    }
    let with_event = format!("{url}/{{event}}");
    let run = sandbox.run(&["send", "ping", "--profile", "datacenter", "--to", &with_event]).expect(2);
    assert!(run.stderr.contains("a ping has no event"), "{}", run.stderr);
}

#[test]
fn a_body_on_stdin_is_not_taken_for_a_ping() {
    let arguments = ["send", "-", "--secret", "s", "--dry-run", "--to", "http://127.0.0.1:1/"];
    let run = Sandbox::new().run_with(&arguments, "{\"event\":\"page_created\"}").expect(0);
    assert!(run.text().contains("X-Hub-Signature: sha256="), "{}", run.text());
    assert!(!run.stderr.contains("ping"), "{}", run.stderr);
}

#[test]
fn listen_accepts_and_reports_an_unsigned_ping() {
    let sandbox = Sandbox::new();
    let mut listener = Listener::start(&sandbox, &["--profile", "datacenter", "--secret", "s3cret", "--strict"]);
    assert_eq!(listener.post(PATH, &["Content-Type: application/json"], PING).status, 200);
    let line = listener.next();
    assert_eq!((&line["event"], &line["ping"]), (&Value::Null, &json!(true)), "{line}");
    assert_eq!((&line["signature"], &line["verdict"]), (&json!("unsigned"), &json!("clean")), "{line}");
    // Only the test of a connection may be unsigned, and a wrong signature is none.
    let forged = format!("{}: sha256={}", hub_signature::HEADER, "0".repeat(64));
    assert_eq!(listener.post(PATH, &[JSON, &forged], PING).status, 401);
    assert_eq!(listener.post(PATH, &[JSON], br#"{"test":true,"event":"page_created"}"#).status, 401);
    assert_eq!(listener.post(PATH, &[JSON], br#"{"test":false}"#).status, 401);
    for _ in 0..3 {
        assert_eq!(listener.next()["status"], 401);
    }
    listener.interrupt();
    let summary = listener.finish().json().pop().expect("a summary");
    assert_eq!((&summary["accepted"], &summary["pings"]), (&json!(1), &json!(1)), "{summary}");
    let mut listener = Listener::start(&sandbox, &[]);
    assert_eq!(listener.post(PATH, &[JSON], PING).status, 200);
    let line = listener.next();
    assert_eq!((&line["ping"], &line["findings"][0]["rule"]), (&Value::Null, &json!("other-sender")), "{line}");
}

#[test]
fn validate_reports_a_ping_as_a_connection_test() {
    let sandbox = Sandbox::new();
    let run = sandbox.run_with(&["validate", "--profile", "datacenter", "--strict"], PING).expect(0);
    assert_eq!(
        run.stderr,
        "note: 1 ping, a connection test and not an event\n\
         1 validated: 1 clean, 0 with warnings, 0 with errors\n"
    );
    sandbox.write("bodies.ndjson", [PING, b"\n{ \"test\" :true }\n"].concat());
    for option in ["--strict", "--story"] {
        let run = sandbox.run(&["validate", "--profile", "datacenter", option, "bodies.ndjson"]).expect(0);
        assert!(run.stderr.starts_with("note: 2 pings, connection tests and not events\n"), "{}", run.stderr);
    }
}

#[test]
fn a_ping_is_no_drift() {
    let sandbox = Sandbox::new();
    let body = with("page_created", "/userKey", Some(json!("")));
    sandbox.write("bodies.ndjson", [PING, b"\n", &body].concat());
    let run = sandbox.run(&["drift", "--profile", "datacenter", "bodies.ndjson", "--json"]).expect(1);
    assert!(run.stderr.contains("1 body: ") && run.stderr.contains("1 skipped"), "{}", run.stderr);
    let lines = run.json();
    assert_eq!((lines.len(), &lines[0]["event"]), (1, &json!("page_created")), "{lines:?}");
}

#[test]
fn the_circuit_breaker_skips_deliveries_of_a_story_in_the_time_of_the_story() {
    let sandbox = Sandbox::new();
    let endpoint = Endpoint::start(&[503; 400]);
    let url = endpoint.url("/hooks");
    let send = |extra: &[&str]| {
        let arguments =
            ["send", "story", "--profile", "datacenter", "--count", "300", "--seed", "5", "--json", "--to", &url];
        sandbox.run(&[&arguments[..], extra].concat()).expect(1).json()
    };
    // The last line is the summary, because the number was asked for.
    let lines = send(&["--breaker"]);
    let skipped: Vec<bool> = lines[..300].iter().map(|line| line["attempts"] == 0).collect();
    assert!(!skipped[..5].contains(&true), "the first five failures are sent");
    let received = endpoint.received();
    assert_eq!(received.len(), skipped.iter().filter(|skipped| !**skipped).count());
    // After the failure n, nothing is sent for 10 s times 1.2 to the power of n - 5.
    let times: Vec<i64> = received
        .iter()
        .map(|delivery| {
            serde_json::from_slice::<Value>(&delivery.body).expect("JSON")["timestamp"].as_i64().expect("a time")
        })
        .collect();
    for (index, pair) in times.windows(2).enumerate().skip(4) {
        let pause = PROFILE.breaker.expect("a breaker").skip(u32::try_from(index + 1).expect("few"));
        assert!(u128::try_from(pair[1] - pair[0]).expect("it rises") >= pause.as_millis(), "{index}: {pair:?}");
    }
    let summary = &lines[300];
    let lost = skipped.iter().filter(|skipped| **skipped).count();
    assert!(lost > 50, "{lost} are lost");
    assert_eq!((&summary["sent"], &summary["skipped"]), (&json!(received.len()), &json!(lost)), "{summary}");
    let line = lines.iter().find(|line| line["attempts"] == 0).expect("a skipped delivery");
    assert!(line["error"].as_str().is_some_and(|error| error.starts_with("skipped after ")), "{line}");
}

#[test]
fn one_success_closes_the_circuit_breaker() {
    let sandbox = Sandbox::new();
    let statuses = [&[500; 4][..], &[200], &[500; 4], &[200]].concat();
    let endpoint = Endpoint::start(&statuses);
    let url = endpoint.url("/hooks");
    let send =
        ["send", "page_created", "--profile", "datacenter", "--breaker", "--count", "10", "--to", &url, "--json"];
    let lines = sandbox.run(&send).expect(1).json();
    assert_eq!(lines[10]["skipped"], Value::Null, "{}", lines[10]);
    assert_eq!(endpoint.received().len(), 10);
}

#[test]
fn pings_neither_count_nor_are_skipped() {
    let sandbox = Sandbox::new();
    let endpoint = Endpoint::start(&[500; 20]);
    let url = endpoint.url("/hooks");
    let send = |sources: &[&str]| {
        let options = ["--profile", "datacenter", "--breaker", "--json", "--count", "6", "--seed", "1", "--to", &url];
        sandbox.run(&[&["send"], sources, &options].concat()).expect(1).json()
    };
    let lines = send(&["ping", "page_created", "ping"]);
    let attempted = |range: std::ops::Range<usize>| lines[range].iter().filter(|line| line["attempts"] == 1).count();
    assert_eq!((attempted(0..6), attempted(12..18)), (6, 6), "{lines:?}");
    assert_eq!(attempted(6..11), 5, "six pings opened nothing");
}

#[test]
fn a_load_skips_deliveries_while_the_circuit_breaker_is_open() {
    let sandbox = Sandbox::new();
    let endpoint = Endpoint::start(&[500; 200]);
    let url = endpoint.url("/hooks");
    for options in [&["--concurrency", "2", "--count", "300"][..], &["--rate", "500/s", "--count", "300"]] {
        let send = ["send", "page_created", "--profile", "datacenter", "--breaker", "--json", "--to", &url];
        let lines = sandbox.run(&[&send, options].concat()).expect(1).json();
        let summary = lines.last().expect("a summary");
        let attempted = summary["sent"].as_u64().expect("a number");
        // At a rate, 64 may be under way when the fifth fails.
        assert!((5..=5 + 64).contains(&attempted), "{summary}");
        assert_eq!(summary["skipped"], 300 - attempted, "{summary}");
    }
}

#[test]
fn a_breaker_is_refused_where_the_sender_has_none() {
    let sandbox = Sandbox::new();
    for profile in ["spec", "cloud"] {
        let send = ["send", "page_created", "--profile", profile, "--breaker", "--to", "http://127.0.0.1:1/{event}"];
        let run = sandbox.run(&send).expect(2);
        assert!(run.stderr.contains("has no circuit breaker\n  fix: `--profile datacenter` has it"), "{}", run.stderr);
    }
}

#[test]
fn fakes_of_each_event_are_clean_here_and_in_an_independent_validator() {
    expect_clean_fakes(50);
}

#[test]
#[ignore = "takes a minute"]
fn a_thousand_fakes_of_each_event_are_clean_here_and_in_an_independent_validator() {
    expect_clean_fakes(1000);
}

fn expect_clean_fakes(count: usize) {
    let (sandbox, number) = (Sandbox::new(), count.to_string());
    for form in [&[][..], &["--full"]] {
        for event in events() {
            let fake =
                ["fake", event, "--profile", "datacenter", "--count", &number, "--seed", "1", "--format", "ndjson"];
            let bodies = sandbox.run(&[&fake, form].concat()).expect(0).stdout;
            sandbox.write("bodies.ndjson", &bodies);
            let run = sandbox.run(&["validate", "--profile", "datacenter", "--strict", "bodies.ndjson"]).expect(0);
            assert_eq!(
                run.stderr,
                format!("{count} validated: {count} clean, 0 with warnings, 0 with errors\n"),
                "{event}"
            );
            let schema = sandbox.run(&["schema", "--profile", "datacenter", event]).expect(0).json_whole();
            let validator = jsonschema::options().should_validate_formats(true).build(&schema).expect("a schema");
            let mut without_user = 0;
            for line in bodies.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
                let body: Value = serde_json::from_slice(line).expect("JSON");
                assert!(validator.is_valid(&body), "{event}: {:?}", validator.validate(&body));
                without_user += usize::from(body["userKey"] == "");
            }
            assert!(count < 1000 || (5..70).contains(&without_user), "{event}: {without_user} have no user");
        }
    }
}

#[test]
fn a_story_is_clean_under_its_own_rules() {
    let sandbox = Sandbox::new();
    for form in [&[][..], &["--full"]] {
        for seed in ["1", "2", "3"] {
            let fake =
                ["fake", "story", "--profile", "datacenter", "--count", "2000", "--seed", seed, "--format", "ndjson"];
            sandbox.write("story.ndjson", sandbox.run(&[&fake, form].concat()).expect(0).stdout);
            sandbox.run(&["validate", "--profile", "datacenter", "--strict", "--story", "story.ndjson"]).expect(0);
        }
    }
}
