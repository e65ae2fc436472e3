//! Events that Confluence is known to send although no document declares them, and bodies of other senders.

use std::path::Path;

use cfwh::profiles::KnownEvent;
use serde_json::{Value, json};

use crate::support::{Listener, Sandbox};

const PATH: &str = "/webhooks/confluence";
const JSON: &str = "Content-Type: application/json";

fn undocumented() -> impl Iterator<Item = &'static str> {
    KnownEvent::all().filter(|event| event.kind().is_none()).map(KnownEvent::name)
}

#[test]
fn every_known_event_is_received_at_its_url_and_captured_under_its_name() {
    let sandbox = Sandbox::new();
    let mut listener = Listener::start(&sandbox, &["--capture", "calls"]);
    for (index, event) in KnownEvent::all().map(KnownEvent::name).enumerate() {
        assert_eq!(
            listener.post(&format!("{PATH}/{event}?lic=none"), &[JSON], b"{\"timestamp\":1}").status,
            200,
            "{event}"
        );
        let line = listener.next();
        assert_eq!(line["event"], event, "{line}");
        // Windows allows no colon in the name of a file.
        let name = event.replace(':', "-");
        assert_eq!(line["capture"], format!("calls/{:06}-{name}.http", index + 1), "{line}");
    }
    for event in undocumented() {
        let body = format!("{{\"event\":\"{event}\",\"timestamp\":1}}");
        assert_eq!(listener.post(PATH, &[JSON], body.as_bytes()).status, 200, "{event}");
        let line = listener.next();
        assert_eq!((&line["event"], &line["verdict"]), (&json!(event), &json!("warnings")), "{line}");
        let rules: Vec<_> = line["findings"].as_array().expect("a list").iter().map(|found| &found["rule"]).collect();
        assert_eq!(rules, ["undocumented-event"], "{line}");
    }
}

#[test]
fn a_capture_of_any_known_event_is_replayed_to_the_url_of_its_event() {
    let sandbox = Sandbox::new();
    for event in undocumented() {
        let body = format!("{{\"event\":\"{event}\"}}");
        sandbox.write(&format!("{event}.json"), &body);
        let head = format!("POST {PATH}/{event} HTTP/1.1\r\nContent-Type: application/json\r\n\r\n");
        sandbox.write(&format!("{event}.http"), format!("{head}{{}}"));
        for (source, option) in [(".json", vec![]), (".http", vec![]), ("other.json", vec!["--event", event])] {
            sandbox.write("other.json", "{}");
            let source = if source == "other.json" { source.to_owned() } else { format!("{event}{source}") };
            let arguments =
                [&["send", &source, "--dry-run", "--to", "http://127.0.0.1:1/x/{event}"], option.as_slice()];
            let run = sandbox.run(&arguments.concat()).expect(0);
            assert!(run.text().starts_with(&format!("POST /x/{event} HTTP/1.1\r\n")), "{source}: {}", run.text());
        }
    }
}

#[test]
fn patterns_and_event_options_accept_every_known_event() {
    let sandbox = Sandbox::new();
    sandbox.write("body.json", "{\"timestamp\":1}");
    for event in undocumented() {
        for command in ["validate", "drift"] {
            let run = sandbox.run(&[command, "--event", event, "--json", "body.json"]);
            assert_eq!(run.json()[0]["event"], event, "{command}: {}", run.stderr);
        }
        let pattern = event.parse::<cfwh::profiles::event_pattern::EventPattern>().expect("a pattern");
        assert!(pattern.matches(event));
    }
    let other = sandbox.run_with(&["validate", "--event", "page_moved", "--json", "-"], "{\"event\":\"page_copied\"}");
    assert_eq!(other.expect(1).json()[0]["findings"][0]["rule"], "event-mismatch");
}

#[test]
fn nobody_generates_an_event_whose_body_no_document_declares() {
    let sandbox = Sandbox::new();
    let sentence = "`plugin_enabled` is not in the published document; Confluence sends it, but no document declares its body\n  fix: list events with `cfwh events`";
    for arguments in [
        &["fake", "plugin_enabled"][..],
        &["schema", "plugin_enabled"],
        &["send", "plugin_enabled", "--to", "http://127.0.0.1:1/"],
    ] {
        let run = sandbox.run(arguments).expect(2);
        assert!(run.stderr.contains(sentence), "{}", run.stderr);
        assert!(!run.stderr.contains("did you mean"), "{}", run.stderr);
    }
    for event in undocumented() {
        let run = sandbox.run(&["fake", event]).expect(2);
        assert!(run.stderr.contains(&format!("`{event}` is not in the published document")), "{}", run.stderr);
    }
    let moved = sandbox.run(&["fake", "page_moved"]).expect(2);
    assert!(
        moved.stderr.contains("`page_moved` is not in the published document\n  fix: `--profile "),
        "{}",
        moved.stderr
    );
    assert!(moved.stderr.contains("`--profile datacenter`"), "{}", moved.stderr);
    let misspelt = sandbox.run(&["fake", "page_moves"]).expect(2);
    assert!(misspelt.stderr.contains("did you mean `page_moved`?"), "{}", misspelt.stderr);
}

/// A body of Data Center: its ids are integers, and it names people by their keys.
fn data_center(event: &str, payload: &str) -> String {
    format!(
        "{{\"timestamp\":1764000000000,\"event\":\"{event}\",\"userKey\":\"ff8081819000000001900000000a0001\",{payload}}}"
    )
}

#[test]
fn a_body_of_another_sender_gets_one_finding_that_names_it() {
    let sandbox = Sandbox::new();
    let data_center = "Confluence Data Center";
    for (body, sender, event) in [
        (self::data_center("page_created", "\"page\":{\"id\":1015810}"), data_center, json!("page_created")),
        (
            self::data_center("page_moved", "\"page\":{\"id\":1},\"oldParent\":{\"id\":2}"),
            data_center,
            json!("page_moved"),
        ),
        (self::data_center("group_created", "\"group\":\"staff\""), data_center, json!("group_created")),
        (
            self::data_center(
                "blog_updated",
                "\"blog\":{\"id\":7,\"title\":\"News\",\"creatorKey\":\"a\",\"version\":2}",
            ),
            data_center,
            json!("blog_updated"),
        ),
        (
            "{\"event\":\"page_removed\",\"timestamp\":1,\"userKey\":\"\",\"page\":{\"id\":1}}".to_owned(),
            data_center,
            json!("page_removed"),
        ),
        (
            "{\"timestamp\":1,\"event\":\"space_created\",\"space\":{\"id\":98306}}".to_owned(),
            data_center,
            json!("space_created"),
        ),
        ("{\"test\": true}".to_owned(), data_center, Value::Null),
        (
            "{\"eventType\":\"avi:confluence:created:page\",\"atlassianId\":\"a\",\"content\":{\"id\":\"1\"}}"
                .to_owned(),
            "Forge",
            Value::Null,
        ),
        (
            "{\"id\":\"1\",\"context\":\"ari:cloud:x\",\"eventType\":\"avi:forge:installed:app\"}".to_owned(),
            "Forge",
            Value::Null,
        ),
        ("{\"key\":\"app\",\"clientKey\":\"c\",\"eventType\":\"installed\"}".to_owned(), "Connect", Value::Null),
        (
            "{\"timestamp\":1,\"webhookEvent\":\"jira:issue_created\",\"issue\":{\"id\":\"1\"}}".to_owned(),
            "Jira",
            Value::Null,
        ),
        ("{\"webhookEvent\":\"comment_created\",\"comment\":{\"id\":\"1\"}}".to_owned(), "Jira", Value::Null),
    ] {
        for profile in ["spec", "cloud"] {
            let run = sandbox.run_with(&["validate", "--profile", profile, "--json", "-"], body.clone());
            let line = &run.json()[0];
            let findings = line["findings"].as_array().expect("a list");
            assert_eq!(findings.len(), 1, "{profile} {body}: {findings:?}");
            assert_eq!(findings[0]["rule"], "other-sender", "{profile} {body}");
            assert_eq!((run.code, &findings[0]["severity"]), (1, &json!("error")), "{profile} {body}");
            let message = findings[0]["message"].as_str().expect("a text");
            assert!(message.starts_with(&format!("this is what {sender} sends: ")), "{message}");
            let has_profile = findings[0]["help"].to_string().contains("validate it with `--profile datacenter`");
            assert_eq!(has_profile, sender == data_center, "{findings:?}");
            assert_eq!(line["event"], event, "{body}");
        }
    }
}

#[test]
fn published_example_bodies_of_other_senders_are_recognised() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/other_senders");
    let sandbox = Sandbox::new();
    let run = sandbox.run(&["validate", "--json", folder.to_str().expect("UTF-8")]);
    let lines = run.json();
    assert_eq!(lines.len(), 6, "{}", run.text());
    for line in lines {
        assert_eq!(line["findings"].as_array().map(Vec::len), Some(1), "{line}");
        assert_eq!(line["findings"][0]["rule"], "other-sender", "{line}");
        assert_eq!((&line["verdict"], &line["findings"][0]["severity"]), (&json!("errors"), &json!("error")), "{line}");
    }
}

#[test]
fn a_delivery_of_another_sender_is_named_by_listen() {
    let sandbox = Sandbox::new();
    let mut listener = Listener::start(&sandbox, &[]);
    let body = data_center("page_created", "\"page\":{\"id\":1015810}");
    assert_eq!(listener.post(PATH, &[JSON], body.as_bytes()).status, 200);
    let line = listener.next();
    assert_eq!(line["event"], "page_created");
    assert_eq!(line["findings"].as_array().map(Vec::len), Some(1), "{line}");
}

#[test]
fn captured_members_are_not_required_in_a_cloud_body() {
    let sandbox = Sandbox::new();
    let validate = |event: &str, body: &str| {
        let run = sandbox.run_with(&["validate", "--profile", "cloud", "--event", event, "--json", "-"], body);
        let line = run.json()[0].clone();
        let rules: Vec<_> =
            line["findings"].as_array().expect("a list").iter().map(|found| found["rule"].clone()).collect();
        (run.code, rules)
    };
    for (event, body) in [
        ("space_created", r#"{"timestamp":1,"space":{"key":"DEMO","title":"Demo"}}"#),
        ("page_created", r#"{"timestamp":1,"page":{"id":1}}"#),
        ("page_created", r#"{"page":{"id":"1","self":"https://x.atlassian.net/wiki/spaces/DEMO/overview"}}"#),
    ] {
        assert_eq!(validate(event, body), (0, vec![]), "{body}");
    }
    for (event, body) in [
        ("page_created", r#"{"page":{"id":1,"contentType":"live_doc"}}"#),
        ("blog_created", r#"{"blog":{"id":1,"contentType":"news"}}"#),
        ("comment_created", r#"{"comment":{"id":1,"contentType":"inline"}}"#),
    ] {
        assert_eq!(validate(event, body), (0, vec![json!("unseen-value")]), "{body}");
    }
}
