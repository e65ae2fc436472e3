//! What Forge sends, held against Atlassian's examples, its own document and the other documents.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use cfwh::generator::Generator;
use cfwh::models::event::{Entity, EventKind};
use cfwh::models::request::{Headers, Request};
use cfwh::models::snapshot::{
    Attachment, BodyOptions, Comment, Content, Era, Group, Label, ObjectMeta, Person, Relation, Search, Snapshot,
    Space, Subject, Task,
};
use cfwh::profiles::document::Document;
use cfwh::profiles::forge::PROFILE;
use cfwh::validation::Validator;
use serde_json::{Value, json};

use crate::raw_server::RawServer;
use crate::support::{Endpoint, Listener, Run, Sandbox};

const JSON: &str = "Content-Type: application/json";
const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
/// 2026-01-15T09:30:00Z
const NOW: i64 = 1_768_469_400_000;

/// A body in the form of one of Atlassian's examples. Those with the name of another event than the examples follow from them
/// by the documented rules.
fn example(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/data/forge/{name}.json"));
    std::fs::read(path).expect("a body")
}

fn kind(name: &str) -> EventKind {
    PROFILE.events.find(name).unwrap_or_else(|| panic!("there is no {name}"))
}

/// What two bodies of one form have in common: their keys, in their order, and the types of the values. Of an array, that of the
/// first item.
fn form(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let members: Vec<_> = members.iter().map(|(key, value)| format!("{key}:{}", form(value))).collect();
            format!("{{{}}}", members.join(","))
        }
        Value::Array(items) => format!("[{}]", items.first().map(form).unwrap_or_default()),
        Value::String(_) => "string".to_owned(),
        Value::Number(number) => if number.is_i64() { "integer" } else { "number" }.to_owned(),
        Value::Bool(_) => "boolean".to_owned(),
        Value::Null => "null".to_owned(),
    }
}

fn person() -> Arc<Person> {
    Arc::new(Person { name: "Ana".to_owned(), account_id: "557058:00000000-0000-4000-8000-000000000001".to_owned() })
}

fn space() -> Space {
    Space {
        id: 65538,
        key: "DEMO".to_owned(),
        name: "Demo space".to_owned(),
        description: String::new(),
        is_personal: false,
        is_archived: false,
        home_page_id: 1,
        creator: person(),
        created: NOW,
        modifier: person(),
        modified: NOW,
    }
}

fn content(entity: Entity, id: i64) -> Content {
    Content {
        entity,
        meta: ObjectMeta::new(id, &person(), NOW),
        title: "Release notes".to_owned(),
        space_id: 65538,
        is_trashed: false,
        is_archived: false,
        is_live: id == LIVE,
        parent_id: None,
        labels: vec!["draft".to_owned(), "review".to_owned()],
    }
}

/// The body of an event about this subject.
fn body(name: &str, subject: &Subject) -> Vec<u8> {
    let (actor, space) = (person(), space());
    let snapshot = Snapshot {
        kind: kind(name),
        timestamp: NOW,
        actor: &actor,
        site: "https://example.atlassian.net/wiki",
        era: Era::Of2026,
        space: &space,
        subject,
        options: BodyOptions::default(),
        variation: 2,
    };
    let mut bytes = Vec::new();
    (PROFILE.write_body)(&snapshot, &mut bytes);
    bytes
}

fn read(body: &[u8]) -> Value {
    serde_json::from_slice(body).expect("JSON")
}

/// The ids of two pages; the second is a live doc.
const PAGE: i64 = 1_048_578;
const LIVE: i64 = 1_048_577;

#[test]
fn bodies_have_the_members_of_the_examples_in_their_order() {
    let page = || content(Entity::Page, PAGE);
    let meta = || ObjectMeta::new(1_048_580, &person(), NOW);
    let comment = Comment { meta: meta(), content_id: PAGE, in_reply_to: Some(1_048_579), is_trashed: false };
    let attachment = Attachment {
        meta: meta(),
        content_id: PAGE,
        name: "plan.pdf".to_owned(),
        media_type: "application/pdf",
        size: 3329,
        is_trashed: false,
        is_archived: false,
    };
    let label = Label { name: "review".to_owned(), prefix: "global", content_id: LIVE, owner: person() };
    for (file, event, subject) in [
        ("created_page", "page_created", Subject::Content(page())),
        ("updated_page", "page_updated", Subject::Content(page())),
        ("trashed_page", "page_trashed", Subject::Content(page())),
        ("created_blogpost", "blog_created", Subject::Content(content(Entity::BlogPost, PAGE))),
        (
            "moved_page",
            "avi:confluence:moved:page",
            Subject::Moved { content: page(), old_parent: None, new_parent: None },
        ),
        ("created_comment", "comment_created", Subject::Comment(comment, page())),
        ("created_attachment", "attachment_created", Subject::Attachment(attachment, page())),
        ("added_label", "label_created", Subject::Label(label, content(Entity::Page, LIVE))),
        ("created_space_V2", "space_created", Subject::Space(space())),
        ("created_user", "avi:confluence:created:user", Subject::User(person())),
        (
            "created_group",
            "avi:confluence:created:group",
            Subject::Group(Group { id: "00000000-0000-4000-8000-0000000000bb".to_owned(), name: "docs".to_owned() }),
        ),
    ] {
        let (ours, theirs) = (body(event, &subject), example(file));
        assert_eq!(form(&read(&ours)), form(&read(&theirs)), "{file}");
        assert_eq!(ours, read(&ours).to_string().into_bytes(), "{file} is compact");
        assert_eq!(read(&ours)["eventType"], read(&theirs)["eventType"]);
    }
}

/// The documentation has examples of these events too, or describes their members.
#[test]
fn bodies_without_a_file_match_the_documentation() {
    let page = || content(Entity::Page, PAGE);
    let task = |is_done| Task { id: 1, is_done, assignee: person(), due: Some(NOW) };
    let keys = |event: &str, subject: &Subject| {
        let body = read(&body(event, subject));
        let keys: Vec<_> = body.as_object().expect("an object").keys().map(String::as_str).collect();
        (keys.join(" "), body)
    };
    let head = "eventType atlassianId eventCreatedDate suppressNotifications selfGenerated";
    let (found, body) = keys("avi:confluence:copied:page", &Subject::Copied(page(), content(Entity::Page, 7)));
    assert_eq!((found, &body["originContentId"]), (format!("{head} content originContentId"), &json!("7")));
    let reordered = Subject::Reordered { parent: page(), before: vec![page()], after: vec![page()] };
    let (found, body) = keys("avi:confluence:children_reordered:page", &reordered);
    assert_eq!(found, format!("{head} content oldSortedChildPageIds newSortedChildPageIds"));
    assert_eq!(body["newSortedChildPageIds"], json!([PAGE.to_string()]));
    let updated = Subject::Task { task: task(true), before: Some(task(false)), content: page() };
    let (found, body) = keys("avi:confluence:updated:task", &updated);
    assert_eq!(found, format!("{head} task oldTask content"));
    assert_eq!(
        (&body["task"]["status"], &body["oldTask"]["statusAsString"]),
        (&json!("complete"), &json!("UNCHECKED"))
    );
    assert_eq!((&body["task"]["id"], &body["task"]["dueDate"]), (&json!(1), &json!("2026-01-15T09:30:00.000Z")));
    for (name, has_data) in [("favourite", false), ("watching", true)] {
        let relation = Relation { name, source: person(), target: page() };
        let (found, body) = keys("avi:confluence:created:relation", &Subject::Relation(relation));
        let data = if has_data { "relationData " } else { "" };
        assert_eq!(found, format!("eventType atlassianId eventCreatedDate relationName {data}source target"));
        assert!(body["source"]["user"].is_object() && body["target"]["content"].is_object());
    }
    let search = Search { query: "test".to_owned(), results: vec![page()] };
    let (found, body) = keys("avi:confluence:performed:search", &Subject::Search(search));
    assert_eq!(found, "eventType eventCreatedDate atlassianId query accountType results");
    assert_eq!(body["results"], 1);
}

#[test]
fn the_examples_are_clean() {
    let sandbox = Sandbox::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/forge");
    let run = sandbox.run(&["validate", "--profile", "forge", "--strict", folder.to_str().expect("UTF-8")]).expect(0);
    assert_eq!(run.stderr, "12 validated: 12 clean, 0 with warnings, 0 with errors\n");
}

/// A thousand bodies of an event. All go through our fast path; one in ten through our full check and, under the exported
/// schema of the event, through an independent validator, which are slower.
fn expect_clean(kind: EventKind, generator: &mut Generator, count: u32) {
    let validator = Validator::new(&PROFILE).strict(true);
    let schema = Document::new(&PROFILE).body_schema(PROFILE.body(kind).expect("a form"));
    let independent = jsonschema::options().should_validate_formats(true).build(&schema).expect("a schema");
    assert!(!independent.is_valid(&json!({ "eventType": "avi:confluence:nothing" })), "{kind} can say no");
    for _ in 0..count {
        let request = Request::post("", Headers::new(), generator.body(kind));
        let report = validator.validate_fast(&request, None);
        assert_eq!(report.and_then(|report| report.kind), Some(kind), "the fast path finds it clean");
        let value = read(request.body());
        assert!(independent.is_valid(&value), "{kind}: {:?} {value}", independent.validate(&value));
        let report = validator.validate_thoroughly(&request, None);
        assert!(report.findings.is_empty(), "{kind}: {:?}", report.findings);
    }
}

#[test]
fn generated_bodies_are_clean() {
    expect_all_clean(30);
}

#[test]
#[ignore = "takes minutes"]
fn a_thousand_generated_bodies_of_each_event_are_clean() {
    expect_all_clean(1000);
}

fn expect_all_clean(count: u32) {
    let kinds: Vec<_> = PROFILE.events.all().collect();
    std::thread::scope(|scope| {
        for (half, kinds) in (0..).zip(kinds.chunks(40)) {
            scope.spawn(move || {
                let mut generator = Generator::new(half, NOW, &PROFILE);
                for &kind in kinds {
                    expect_clean(kind, &mut generator, count);
                }
            });
        }
    });
}

#[test]
fn every_field_names_its_evidence() {
    let schema = Document::new(&PROFILE).any_body_schema();
    let (mut count, mut without) = (0, Vec::new());
    for (name, definition) in schema["definitions"].as_object().expect("definitions") {
        let own = definition["allOf"].as_array().into_iter().flatten().chain([definition]);
        for (key, property) in own.flat_map(|part| part["properties"].as_object().into_iter().flatten()) {
            count += 1;
            let text = property["description"].as_str().unwrap_or_default();
            if !["Evidence: documented.", "Evidence: from source.", "Evidence: inferred."]
                .iter()
                .any(|end| text.ends_with(end))
            {
                without.push(format!("{name}.{key}"));
            }
        }
    }
    assert!(without.is_empty() && count > 120, "{count} fields, without evidence: {without:?}");
}

#[test]
fn the_document_has_a_message_for_each_event() {
    let document: Value = serde_json::from_str(PROFILE.json).expect("JSON");
    let messages = document["components"]["messages"].as_object().expect("messages");
    assert_eq!(messages.len(), 79);
    for kind in PROFILE.events.all() {
        let message = messages.values().find(|message| message["name"] == kind.name()).expect("a message");
        assert_eq!(message["summary"], kind.description(), "{kind}");
        let form = PROFILE.body(kind).expect("a form").schema;
        assert_eq!(message["payload"]["$ref"], format!("#/components/schemas/{form}"), "{kind}");
    }
}

#[test]
fn wrong_bodies_have_findings() {
    let sandbox = Sandbox::new();
    for (file, pointer, value, rule) in [
        ("created_page", "/content/id", json!(1_048_577), "type"),
        ("created_page", "/content/space/id", json!("65538"), "type"),
        ("created_page", "/content/status", json!("gone"), "enum"),
        ("created_page", "/content/status", json!("trashed"), "contradictory-status"),
        ("trashed_page", "/content/status", json!("current"), "contradictory-status"),
        ("created_page", "/eventCreatedDate", json!(NOW), "type"),
        ("created_page", "/eventCreatedDate", json!("yesterday"), "format"),
        ("created_page", "/eventType", json!("avi:confluence:create:page"), "unknown-event"),
        ("created_page", "/content", json!(null), "type"),
        ("created_attachment", "/attachment/extensions/fileSize", json!(1.5), "type"),
        ("updated_page-retry", "/retryContext/retryReason", json!("TIMEOUT"), "enum"),
    ] {
        let mut body = read(&example(file));
        *body.pointer_mut(pointer).expect("it is there") = value;
        for (envelope, prefix) in [(None, ""), (Some("payload"), "/payload")] {
            let body = envelope.map_or_else(|| body.clone(), |key| json!({ key: body }));
            let run =
                sandbox.run_with(&["validate", "--profile", "forge", "--strict", "--json", "-"], body.to_string());
            let findings = run.expect(1).json()[0]["findings"].as_array().expect("a list").clone();
            let found: Vec<_> = findings.iter().map(|finding| (&finding["rule"], &finding["pointer"])).collect();
            assert_eq!(found, [(&json!(rule), &json!(format!("{prefix}{pointer}")))], "{file} {pointer}");
        }
    }
    let mut without = read(&example("created_page"));
    without.as_object_mut().expect("an object").remove("content");
    let run = sandbox.run_with(&["validate", "--profile", "forge", "-"], without.to_string()).expect(1);
    assert!(run.text().contains("error[required]: `content` is missing"), "{}", run.text());
}

#[test]
fn both_forms_are_received() {
    let sandbox = Sandbox::new();
    let options =
        ["--profile", "forge", "--auth", "none", "--strict", "--capture", "calls", "--expect", "page_created=2"];
    let mut listener = Listener::start(&sandbox, &options);
    let page = example("created_page");
    let wrapped = [b"{\"payload\":", &page[..], b"}"].concat();
    for body in [&page, &wrapped] {
        assert_eq!(listener.post("/webhooks/confluence", &[JSON], body).status, 200);
        let line = listener.next();
        assert_eq!(line["event"], "avi:confluence:created:page");
        assert_eq!(line["verdict"], "clean");
    }
    let run = listener.finish();
    assert_eq!(run.expect(0).json()[0]["expectations"][0]["met"], true);
    for number in [1, 2] {
        let name = format!("calls/00000{number}-avi-confluence-created-page.http");
        assert!(sandbox.path().join(&name).is_file(), "{name}");
    }
    let run = sandbox.run(&["validate", "--profile", "forge", "--strict", "calls"]).expect(0);
    assert!(run.stderr.contains("2 clean"), "{}", run.stderr);
    // What no page has was not seen.
    let run = sandbox.run(&["drift", "--profile", "forge", "--json", "calls"]).expect(1);
    let drift = &run.json()[0];
    assert_eq!((run.json().len(), &drift["bodies"]), (1, &json!(2)));
    assert_eq!((&drift["undeclared"], &drift["types"], &drift["values"]), (&json!([]), &json!([]), &json!([])));
}

#[test]
fn an_envelope_is_put_around_the_same_bytes() {
    let sandbox = Sandbox::new();
    let send = |more: &[&str]| {
        let endpoint = Endpoint::start(&[]);
        let url = endpoint.url("/{event}");
        let base = ["send", "page_created", "--profile", "forge", "--auth", "none", "--seed", "1", "--to", &url];
        sandbox.run(&[&base[..], more].concat()).expect(0);
        endpoint.received().remove(0)
    };
    let (plain, wrapped) = (send(&[]), send(&["--envelope", "payload"]));
    assert_eq!(wrapped.body, [b"{\"payload\":", &plain.body[..], b"}"].concat());
    assert_eq!(plain.url, "/avi:confluence:created:page");
    assert_eq!(plain.header("Content-Type"), Some("application/json"));
    let hex = |name: &str, length: usize| {
        let value = plain.header(name).unwrap_or_else(|| panic!("{name} is missing"));
        assert!(value.len() == length && value.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}: {value}");
    };
    hex("x-b3-traceid", 32);
    hex("x-b3-spanid", 16);
    assert_eq!(plain.header("X-Atlassian-Webhook-Identifier"), None);
    let run = sandbox.run(&["send", "page_created", "--envelope", "payload", "--to", "http://127.0.0.1:9/"]).expect(2);
    assert!(run.stderr.contains("--envelope has no effect"), "{}", run.stderr);
}

#[test]
fn a_retry_has_its_number_and_its_reason() {
    for load in [&[][..], &["--concurrency", "1"]] {
        let endpoint = Endpoint::start(&[401, 500, 404, 301, 200]);
        let url = endpoint.url("/");
        let base = ["send", "page_updated", "--profile", "forge", "--auth", "none", "--json", "--to", &url];
        let more = ["--retries", "auto", "--retry-delay", "1ms"];
        let run = Sandbox::new().run(&[&base[..], &more, load].concat()).expect(0);
        assert_eq!((&run.json()[0]["attempts"], &run.json()[0]["status"]), (&json!(5), &json!(200)));
        let received = endpoint.received();
        let first = received[0].body.strip_suffix(b"}").expect("an object");
        for (index, reason) in [
            "INVALID_FORGE_INVOCATION_TOKEN",
            "INVALID_REMOTE_INVOCATION_ERROR",
            "INVALID_REMOTE_INVOCATION_ERROR",
            "INVALID_REMOTE_INVOCATION_ERROR",
        ]
        .iter()
        .enumerate()
        {
            let number = index + 1;
            let context =
                format!(r#","retryContext":{{"retryData":null,"retryCount":{number},"retryReason":"{reason}"}}}}"#);
            assert_eq!(received[number].body, [first, context.as_bytes()].concat());
            assert_eq!(received[number].header("x-b3-traceid"), received[0].header("x-b3-traceid"));
            assert_eq!(received[number].header("X-Atlassian-Webhook-Retry"), None);
        }
    }
}

#[test]
fn a_sender_that_does_not_retry_is_played_by_auto() {
    let endpoint = Endpoint::start(&[503]);
    let url = endpoint.url("/");
    let run = Sandbox::new().run(&["send", "page_created", "--retries", "auto", "--json", "--to", &url]).expect(1);
    assert_eq!((&run.json()[0]["attempts"], endpoint.received().len()), (&json!(1), 1));
    let useless = ["send", "page_created", "--retries", "auto", "--retry-delay", "1s", "--to", &url];
    assert!(Sandbox::new().run(&useless).expect(2).stderr.contains("--retry-delay has no effect"));
    let alone = ["send", "page_created", "--retry-delay", "1s", "--to", &url];
    assert!(Sandbox::new().run(&alone).expect(2).stderr.contains("--retry-delay"));
    let run = Sandbox::new().run(&["send", "page_created", "--retries", "often", "--to", &url]).expect(2);
    assert!(run.stderr.contains("or `auto`"), "{}", run.stderr);
}

#[test]
fn a_chosen_delay_replaces_the_growing_one() {
    let endpoint = Endpoint::start(&[503, 503, 503, 200]);
    let url = endpoint.url("/");
    let start = Instant::now();
    let options = ["--retries", "3", "--retry-delay", "300ms", "--to", &url];
    Sandbox::new().run(&[&["send", "page_created"], &options[..]].concat()).expect(0);
    assert!(start.elapsed() >= Duration::from_millis(900), "{:?}", start.elapsed());
    assert_eq!(endpoint.received().len(), 4);
}

#[test]
fn a_receiver_without_a_response_gets_a_reason() {
    let wire = RawServer::start(|number, stream| number == 0 || stream.write_all(OK).is_ok());
    let base = ["send", "page_updated", "--profile", "forge", "--auth", "none", "--timeout", "200ms"];
    let url = wire.url();
    let more = ["--retries", "auto", "--retry-delay", "1ms", "--to", &url];
    Sandbox::new().run(&[&base[..], &more].concat()).expect(0);
    let received = wire.requests();
    let text = String::from_utf8_lossy(&received[1]);
    assert!(text.ends_with(r#""retryCount":1,"retryReason":"TIMEOUT_ERROR"}}"#), "{text}");
}

#[test]
fn the_names_of_the_nineteen_are_taken() {
    let sandbox = Sandbox::new();
    let fake = |event: &str| sandbox.run(&["fake", event, "--profile", "forge", "--seed", "1"]).expect(0).stdout;
    assert_eq!(fake("page_created"), fake("avi:confluence:created:page"));
    let schema = |event: &str| sandbox.run(&["schema", event, "--profile", "forge"]).expect(0).stdout;
    assert_eq!(schema("space_removed"), schema("avi:confluence:deleted:space:V2"));
    sandbox.write("page.json", example("created_page"));
    for (event, code) in [("page_created", 0), ("avi:confluence:created:page", 0), ("page_updated", 1)] {
        sandbox.run(&["validate", "--profile", "forge", "--event", event, "page.json"]).expect(code);
    }
    sandbox.run(&["fake", "all", "--profile", "forge", "--out", "bodies"]).expect(0);
    assert!(sandbox.path().join("bodies/avi-confluence-created-space-V2.json").is_file());
    let run = sandbox.run(&["fake", "avi:confluence:created:page"]).expect(2);
    assert!(run.stderr.contains("`--profile forge` has it"), "{}", run.stderr);
}

#[test]
fn the_events_of_a_sender_are_listed_with_their_evidence() {
    let sandbox = Sandbox::new();
    let rows = sandbox.run(&["events", "--profile", "forge", "--json"]).expect(0).json();
    assert_eq!(rows.len(), 79);
    assert_eq!(rows[0]["event"], "avi:confluence:created:page");
    assert_eq!((&rows[0]["alias"], &rows[0]["evidence"]), (&json!("page_created"), &json!("documented")));
    assert_eq!(rows.iter().filter(|row| row["evidence"] == "source").count(), 3);
    let text = sandbox.run(&["events", "--profile", "forge"]).expect(0);
    let first = text.text().lines().next().expect("a line").split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(first, "avi:confluence:created:page page documented A page was created. [page_created]");
}

#[test]
fn deliveries_are_forwarded_by_either_name() {
    let sandbox = Sandbox::new();
    for pattern in ["page_created", "avi:confluence:created:page", "page_*"] {
        let endpoint = Endpoint::start(&[]);
        let route = format!("{pattern}={}", endpoint.url("/x?a=b"));
        let options = ["--profile", "forge", "--auth", "none", "--forward-unverified", "--forward", &route];
        let listener = Listener::start(&sandbox, &options);
        assert_eq!(listener.post("/webhooks/confluence", &[JSON], &example("created_page")).status, 200);
        assert_eq!(listener.post("/webhooks/confluence", &[JSON], &example("created_user")).status, 200);
        assert_eq!(endpoint.received().len(), 1, "{pattern}");
    }
}

#[test]
fn a_story_is_clean_in_both_forms_and_a_gap_in_it_is_found() {
    let sandbox = Sandbox::new();
    let story = ["fake", "story", "--profile", "forge", "--seed", "3", "--count", "2000", "--format", "ndjson"];
    let story = sandbox.run(&story).expect(0).text().to_owned();
    let seen: BTreeSet<_> = story.lines().map(|line| read(line.as_bytes())["eventType"].to_string()).collect();
    assert_eq!(seen.len(), 79, "every event occurs");
    let wrapped: Vec<_> = story.lines().map(|line| format!("{{\"payload\":{line}}}")).collect();
    for (lines, prefix) in [(story.lines().map(str::to_owned).collect::<Vec<_>>(), ""), (wrapped, "/payload")] {
        let validate = |lines: &[String]| {
            sandbox.write("story.ndjson", lines.join("\n"));
            sandbox.run(&["validate", "--profile", "forge", "--story", "--strict", "--json", "story.ndjson"])
        };
        let whole = validate(&lines);
        let findings = |run: &Run| {
            run.json().iter().flat_map(|line| line["findings"].as_array().expect("a list").clone()).collect::<Vec<_>>()
        };
        assert_eq!(findings(&whole), Vec::<Value>::new());
        let cut = findings(&validate(&lines[100..]));
        assert!(cut.iter().any(|finding| finding["rule"] == "story/not-created"), "{cut:?}");
        let pointers = cut.iter().map(|finding| finding["pointer"].as_str().expect("a pointer"));
        assert!(pointers.clone().all(|pointer| pointer.starts_with(prefix)), "{cut:?}");
        assert!(cut.iter().all(|finding| finding["column"].as_u64() > Some(1)), "each is where the id is: {cut:?}");
    }
}
