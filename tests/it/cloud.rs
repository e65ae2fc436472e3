//! What Confluence Cloud sends, held against its own document and against the published one.

use std::path::{Path, PathBuf};

use cfwh::profiles::published;
use serde_json::{Value, json};

use crate::support::{Listener, Sandbox};
use cfwh::profiles::cloud;

const JSON: &str = "Content-Type: application/json; charset=utf-8";

/// The bodies of `tests/data/cloud`, with an event that each may be of.
pub const BODIES: [(&str, &str); 10] = [
    ("page_2021", "page_created"),
    ("page_updated_2024", "page_updated"),
    ("page_updated_2026", "page_updated"),
    ("page_without_user_2026", "page_trashed"),
    ("blog_2021", "blog_created"),
    ("comment_2026", "comment_created"),
    ("reply_2021", "comment_removed"),
    ("attachments_from_source", "attachment_created"),
    ("label_from_source", "label_removed"),
    ("space_from_source", "space_updated"),
];

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/data/cloud/{name}.json"))
}

pub fn body(name: &str) -> Vec<u8> {
    std::fs::read(path(name)).expect("a body")
}

/// A body with a value put at a JSON Pointer.
fn with(name: &str, pointer: &str, value: Value) -> Vec<u8> {
    let mut body: Value = serde_json::from_slice(&body(name)).expect("JSON");
    *body.pointer_mut(pointer).expect("it is there") = value;
    body.to_string().into_bytes()
}

#[test]
fn captured_bodies_are_clean_with_and_without_their_event() {
    let sandbox = Sandbox::new();
    for (name, event) in BODIES {
        let path = path(name);
        let path = path.to_str().expect("UTF-8");
        let run = sandbox.run(&["validate", "--profile", "cloud", "--strict", "--event", event, path]).expect(0);
        assert_eq!(run.stderr, "1 validated: 1 clean, 0 with warnings, 0 with errors\n", "{name}");
        let run = sandbox.run(&["validate", "--profile", "cloud", "--strict", "--json", path]).expect(0);
        let line = &run.json()[0];
        assert_eq!((&line["event"], &line["verdict"]), (&Value::Null, &json!("clean")), "{name}");
        let candidates = line["candidates"].as_array().expect("a list");
        assert!(candidates.contains(&event.into()), "{name}: {candidates:?}");
    }
}

#[test]
fn an_ambiguous_event_is_noted() {
    let sandbox = Sandbox::new();
    let said = |bodies: &str| {
        let run = sandbox.run_with(&["validate", "--profile", "cloud", "--quiet"], bodies).expect(0);
        assert_eq!(run.stderr, "", "quiet says nothing");
        sandbox.write("bodies.ndjson", bodies);
        sandbox.run(&["validate", "--profile", "cloud", "bodies.ndjson"]).expect(0).stderr
    };
    let page = String::from_utf8(body("page_2021")).expect("UTF-8");
    let space = String::from_utf8(body("space_from_source")).expect("UTF-8");
    assert_eq!(
        said(&page),
        "note: a page event: created, updated, trashed, restored or removed; the body does not name it\n\
         1 validated: 1 clean, 0 with warnings, 0 with errors\n"
    );
    assert_eq!(
        said(&format!("{page}\n{space}\n{page}\n")),
        "note: 2 page events: created, updated, trashed, restored or removed; the bodies do not name them\n\
         note: a space event: created, updated or removed; the body does not name it\n\
         3 validated: 3 clean, 0 with warnings, 0 with errors\n"
    );
}

#[test]
fn invalid_cloud_bodies_are_refused() {
    let sandbox = Sandbox::new();
    for (name, event, pointer, value, rule) in [
        ("page_2021", "page_created", "/page/version", json!({ "number": 3 }), "type"),
        ("page_2021", "page_created", "/page/version", json!("3"), "type"),
        ("page_updated_2026", "page_updated", "/page/id", json!([229_377]), "type"),
        ("page_updated_2026", "page_updated", "/page/id", json!(1.5), "type"),
        ("page_updated_2026", "page_updated", "/page/id", json!(null), "type"),
        ("page_updated_2026", "page_updated", "/page/self", json!("not a link"), "format"),
        ("page_updated_2026", "page_updated", "/suppressNotifications", json!("no"), "type"),
        ("comment_2026", "comment_created", "/comment/parent/id", json!({}), "type"),
        ("reply_2021", "comment_created", "/comment/inReplyTo", json!({}), "required"),
        ("attachments_from_source", "attachment_created", "/attachments", json!({ "id": 1 }), "type"),
        ("attachments_from_source", "attachment_created", "/attachments/1/fileSize", json!("9"), "type"),
        ("label_from_source", "label_removed", "/labeled/labels/0", json!("how-to"), "type"),
        ("page_2021", "page_created", "/timestamp", json!(9_300_000_000_000_000_000_u64), "int64"),
    ] {
        let wrong = with(name, pointer, value);
        let run =
            sandbox.run_with(&["validate", "--profile", "cloud", "--event", event, "--json", "-"], wrong).expect(1);
        let line = &run.json()[0];
        let findings = line["findings"].as_array().expect("a list");
        assert!(findings.iter().any(|found| found["rule"] == rule), "{name} {pointer}: {findings:?}");
    }
    let mut without: Value = serde_json::from_slice(&body("attachments_from_source")).expect("JSON");
    without.as_object_mut().expect("an object").remove("attachments");
    let run = sandbox.run_with(
        &["validate", "--profile", "cloud", "--event", "attachment_created", "-"],
        without.to_string().into_bytes(),
    );
    assert!(run.expect(1).text().contains("error[required]: `attachments` is missing"));
}

#[test]
fn a_cloud_body_gets_one_finding_from_the_published_document() {
    let sandbox = Sandbox::new();
    for (name, event) in BODIES {
        let path = path(name);
        let path = path.to_str().expect("UTF-8");
        for arguments in [&["validate", "--json", path][..], &["validate", "--json", "--event", event, path]] {
            let run = sandbox.run(arguments);
            let findings = run.json()[0]["findings"].as_array().expect("a list").clone();
            assert_eq!(findings.len(), 1, "{arguments:?}: {findings:?}");
            assert_eq!(findings[0]["rule"], "other-sender");
            let message = findings[0]["message"].as_str().expect("text");
            assert!(message.starts_with("this is what Confluence Cloud sends; the document differs in `"), "{message}");
            assert!(findings[0]["help"].as_str().is_some_and(|help| help.contains("--profile cloud")));
        }
    }
    let page = path("page_2021");
    let run = sandbox.run(&["validate", page.to_str().expect("UTF-8")]).expect(1);
    assert!(run.text().contains("differs in `id`, `version`, `accountType`"), "{}", run.text());
}

#[test]
fn a_wrong_type_in_a_published_body_keeps_its_own_finding() {
    let sandbox = Sandbox::new();
    for edit in ["page.version=3", "page.id=131073", "page.status=true", "page.contentType=\"page\""] {
        let fake = sandbox.run(&["fake", "page_updated", "--seed", "1", "--set", edit]).expect(0);
        let run = sandbox.run_with(&["validate", "--json", "-"], fake.stdout);
        let findings = run.json()[0]["findings"].as_array().expect("a list").clone();
        assert_eq!(findings.len(), 1, "{edit}: {findings:?}");
        assert_ne!(findings[0]["rule"], "other-sender", "{edit}");
    }
}

#[test]
fn an_undocumented_event_in_the_path_is_a_warning() {
    let sandbox = Sandbox::new();
    let head = b"POST /webhooks/confluence/plugin_enabled?lic=none HTTP/1.1\r\nContent-Type: application/json\r\n\r\n";
    sandbox.write("enabled.http", [&head[..], &body("page_2021")].concat());
    for profile in ["spec", "cloud"] {
        let run = sandbox.run(&["validate", "--profile", profile, "--json", "enabled.http"]).expect(0);
        let line = &run.json()[0];
        assert_eq!(line["verdict"], "warnings");
        assert_eq!(line["findings"][0]["rule"], "undocumented-event", "{line}");
        assert_eq!(line["findings"].as_array().map(Vec::len), Some(1), "{line}");
    }
}

#[test]
fn listen_takes_the_event_of_cloud_bodies_from_the_path() {
    let sandbox = Sandbox::new();
    let mut listener = Listener::start(&sandbox, &["--profile", "cloud", "--strict"]);
    for (name, event) in BODIES {
        let target = format!("/webhooks/confluence/{event}?lic=active");
        assert_eq!(listener.post(&target, &[JSON], &body(name)).status, 200, "{name}");
        let line = listener.next();
        assert_eq!((&line["event"], &line["verdict"]), (&json!(event), &json!("clean")), "{line}");
    }
    assert_eq!(listener.post("/webhooks/confluence", &[JSON], &body("page_2021")).status, 200);
    let line = listener.next();
    assert_eq!((&line["event"], &line["verdict"]), (&Value::Null, &json!("clean")), "{line}");
    assert_eq!(line["candidates"].as_array().map(Vec::len), Some(5));
    let wrong = with("page_2021", "/page/version", json!({ "number": 1 }));
    assert_eq!(listener.post("/webhooks/confluence/page_created", &[JSON], &wrong).status, 422);
}

#[test]
fn the_observed_document_names_the_evidence_of_every_field() {
    let run = Sandbox::new().run(&["schema", "--profile", "cloud"]).expect(0);
    let schema = run.json_whole();
    let mut without = Vec::new();
    let mut count = 0;
    for (name, definition) in schema["definitions"].as_object().expect("definitions") {
        properties(definition, name, &mut |place, property| {
            count += 1;
            let text = property["description"].as_str().unwrap_or_default();
            let evidence = text.split("Evidence: ").nth(1).unwrap_or_default();
            if !["captured", "from source", "inferred"].iter().any(|word| evidence.starts_with(word)) {
                without.push(place.to_owned());
            }
        });
    }
    assert!(without.is_empty(), "without evidence: {without:?}");
    assert!(count > 60, "{count} fields");
}

fn properties(schema: &Value, place: &str, see: &mut dyn FnMut(&str, &Value)) {
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let place = format!("{place}.{name}");
        see(&place, property);
        properties(&property["items"], &place, see);
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        properties(part, place, see);
    }
}

#[test]
fn the_cloud_schemas_accept_the_captured_bodies() {
    let sandbox = Sandbox::new();
    for (name, event) in BODIES {
        let schema = sandbox.run(&["schema", "--profile", "cloud", event]).expect(0).json_whole();
        let validator = jsonschema::options().should_validate_formats(true).build(&schema).expect("a schema");
        let body: Value = serde_json::from_slice(&body(name)).expect("JSON");
        assert!(validator.is_valid(&body), "{name}: {:?}", validator.validate(&body));
        assert!(!validator.is_valid(&json!({})), "{event} must be able to say no");
    }
    let document = sandbox.run(&["schema", "--profile", "cloud", "--asyncapi"]).expect(0);
    assert!(document.text().contains("asyncapi: 3.0.0\n"));
}

#[test]
fn the_demo_sends_clean_cloud_bodies() {
    let sandbox = Sandbox::new();
    for (path, before) in [("/webhooks/confluence", "/webhooks/confluence"), ("/hooks/", "/hooks"), ("/", "")] {
        let run = sandbox.run(&["listen", "--demo", "--profile", "cloud", "--path", path, "--json"]).expect(0);
        let lines = run.json();
        let deliveries: Vec<&Value> = lines.iter().filter(|line| line["type"] == "delivery").collect();
        // Three more follow, which are not all clean.
        let events = cloud::PROFILE.events.all().len();
        assert_eq!(deliveries.len(), events + 3);
        for line in &deliveries[..events] {
            let event = line["event"].as_str().expect("the path names it");
            assert_eq!(line["target"], format!("{before}/{event}"));
            assert_eq!((&line["verdict"], &line["status"]), (&json!("clean"), &json!(200)), "{line}");
        }
    }
}

/// The line that is printed to be tried is right at every path.
#[test]
fn the_printed_command_sends_to_the_right_path() {
    let sandbox = Sandbox::new();
    for path in ["/webhooks/confluence", "/"] {
        for profile in ["spec", "cloud"] {
            let options = ["--secret", "--profile", profile, "--path", path, "--count", "1"];
            let mut listener = Listener::start(&sandbox, &options);
            listener.said();
            let said = listener.said();
            let (_, to) = said.split_once(" --to ").expect("a command to try");
            let send = ["send", "page_updated", "--profile", profile, "--to", to.trim_matches('\'')];
            // The request has no secret. The path is correct if only the signature is wrong.
            let run = sandbox.run(&[&send[..], &["--json"]].concat()).expect(1);
            assert_eq!(run.json()[0]["status"], 401, "{said}");
        }
    }
}

#[test]
fn a_cloud_story_is_received_without_findings() {
    let sandbox = Sandbox::new();
    let mut listener =
        Listener::start(&sandbox, &["--profile", "cloud", "--strict", "--secret", "s", "--capture", "kept"]);
    let url = format!("{}/{{event}}", listener.url);
    let send = ["send", "story", "--profile", "cloud", "--count", "200", "--seed", "7", "--secret", "s", "--to", &url];
    let run = sandbox.run(&send).expect(0);
    assert!(!run.stderr.contains("warning"), "{}", run.stderr);
    for _ in 0..200 {
        let line = listener.next();
        assert_eq!((&line["verdict"], &line["status"]), (&json!("clean"), &json!(200)), "{line}");
    }
    sandbox.run(&["validate", "--profile", "cloud", "--story", "--strict", "kept"]).expect(0);
    // It is what Cloud sends: the published document says so of every body about its nineteen events, in one finding.
    let judged = sandbox.run(&["validate", "--json", "kept"]).json();
    assert_eq!(judged.len(), 200);
    for line in judged {
        let rules: Vec<&Value> = line["findings"].as_array().expect("a list").iter().map(|it| &it["rule"]).collect();
        let is_published = line["event"].as_str().is_some_and(|name| published::PROFILE.events.find(name).is_some());
        assert_eq!(rules, [if is_published { "other-sender" } else { "undocumented-event" }], "{line}");
    }
}
