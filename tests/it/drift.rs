//! `cfwh drift`: what bodies show against the document.

use cfwh::drift::Observations;
use cfwh::models::request::{Headers, Request};
use cfwh::profiles::ALL;
use serde_json::{Value, json};

use crate::support::{Run, Sandbox};

const SEEDED: [&str; 4] = ["--seed", "1", "--at", "2026-01-15T09:30:00Z"];

/// Three bodies of `page_updated`: one as declared, two that differ, a day apart.
fn three(sandbox: &Sandbox) {
    let fake = |name: &str, edits: &[&str]| {
        let sets: Vec<&str> = edits.iter().flat_map(|edit| ["--set", edit]).collect();
        let run = sandbox.run(&[&["fake", "page_updated", "--format", "json"], &SEEDED[..], &sets].concat()).expect(0);
        sandbox.write(name, run.stdout);
    };
    fake("in/1.json", &[]);
    fake("in/2.json", &["page.version=3", "page.emoji=\"secret plans\"", "page.status=\"archived\""]);
    fake("in/3.json", &["page.version=4", "page.emoji=7", "page.status=\"not a word\"", "timestamp=1768555800000"]);
}

fn drift(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    sandbox.run(&[&["drift"], arguments].concat())
}

#[test]
fn drift_is_shown_as_text() {
    let sandbox = Sandbox::new();
    three(&sandbox);
    insta::assert_snapshot!(drift(&sandbox, &["in"]).expect(1).text());
}

#[test]
fn drift_is_shown_as_markdown() {
    let sandbox = Sandbox::new();
    three(&sandbox);
    insta::assert_snapshot!(drift(&sandbox, &["in", "--format", "markdown"]).expect(1).text());
}

#[test]
fn a_json_line_has_pointer_count_times_and_a_redacted_example() {
    let sandbox = Sandbox::new();
    three(&sandbox);
    let run = drift(&sandbox, &["in", "--json"]).expect(1);
    let [line] = &run.json()[..] else { panic!("one event: {}", run.text()) };
    assert_eq!((&line["event"], &line["bodies"]), (&json!("page_updated"), &json!(3)));
    assert_eq!(line["first_seen"], json!(1_768_469_400_000_i64));
    assert_eq!(line["last_seen"], json!(1_768_555_800_000_i64));
    let emoji = json!({ "pointer": "/page/emoji", "types": ["string", "integer"], "count": 2,
        "first_seen": 1_768_469_400_000_i64, "last_seen": 1_768_555_800_000_i64,
        "example": { "input": "in/2.json", "line": 1, "pointer": "/page/emoji", "value": "string of 12 characters" } });
    assert_eq!(line["undeclared"], json!([emoji]));
    assert_eq!(line["types"][0]["pointer"], "/page/version");
    assert_eq!((&line["types"][0]["found"], &line["types"][0]["count"]), (&json!("integer"), &json!(2)));
    let found: Vec<&Value> = line["values"].as_array().expect("a list").iter().map(|value| &value["found"]).collect();
    assert_eq!(found, ["archived", "text of 10 characters"]);
    assert_eq!(line["unseen"], json!([]));
    assert!(!run.text().contains("secret plans") && !run.text().contains("not a word"), "{}", run.text());
}

#[test]
fn bodies_as_declared_have_no_drift() {
    let sandbox = Sandbox::new();
    let fake = sandbox.run(&[&["fake", "all", "--format", "ndjson", "--count", "20"], &SEEDED[..]].concat()).expect(0);
    let run = sandbox.run_with(&["drift", "-"], fake.stdout).expect(0);
    assert_eq!(run.stderr, "380 bodies: 0 differences from the document of profile `spec`\n");
    assert_eq!(run.text().lines().filter(|line| line.contains("as declared")).count(), 19);
}

#[test]
fn with_a_baseline_only_new_drift_is_shown_and_exits_1() {
    let sandbox = Sandbox::new();
    three(&sandbox);
    let known = drift(&sandbox, &["in/1.json", "in/2.json", "--json"]).expect(1);
    sandbox.write("known.json", &known.stdout);
    let same = drift(&sandbox, &["in/2.json", "in/1.json", "--baseline", "known.json"]).expect(0);
    assert_eq!(same.stderr, "2 bodies: 0 new differences, 3 known\n");
    let run = drift(&sandbox, &["in", "--baseline", "known.json", "--json"]).expect(1);
    assert_eq!(run.stderr, "3 bodies: 1 new difference, 3 known\n");
    let line = &run.json()[0];
    assert_eq!(line["values"].as_array().map(Vec::len), Some(1));
    assert_eq!((&line["undeclared"], &line["types"]), (&json!([]), &json!([])));
    sandbox.write("nonsense.json", "{}\n");
    let run = drift(&sandbox, &["in", "--baseline", "nonsense.json"]).expect(2);
    assert!(run.stderr.contains("nonsense.json is not a baseline: line 1 is not output of"), "{}", run.stderr);
}

#[test]
fn the_inferred_schema_accepts_every_input_and_not_everything() {
    let sandbox = Sandbox::new();
    three(&sandbox);
    let fake = sandbox.run(&[&["fake", "all", "--format", "ndjson", "--count", "30"], &SEEDED[..]].concat()).expect(0);
    sandbox.write("in/all.ndjson", &fake.stdout);
    sandbox.write("in/odd.ndjson", "{\"event\":\"page_created\",\"page\":[]}\n{\"event\":\"page_created\",\"page\":[1,2.5,null]}\n{\"x\":{\"y\":[{\"z\":1e300}]}}\n");
    let cloud = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/cloud");
    let schema = drift(&sandbox, &["in", cloud, "--infer"]).expect(0).json_whole();
    let validator = jsonschema::draft7::new(&schema).expect("a schema");
    let mut bodies: Vec<Value> = Vec::new();
    for folder in [sandbox.path().join("in"), cloud.into()] {
        for entry in folder.read_dir().expect("a folder") {
            let path = entry.expect("an entry").path();
            let text = std::fs::read_to_string(&path).expect("text");
            match path.extension().and_then(|ending| ending.to_str()) {
                Some("ndjson") => {
                    bodies.extend(text.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON")));
                }
                Some("json") => bodies.push(serde_json::from_str(&text).expect("JSON")),
                _ => {}
            }
        }
    }
    assert_eq!(bodies.len(), 3 + 19 * 30 + 3 + 10);
    for body in &bodies {
        assert!(validator.is_valid(body), "{body}");
    }
    assert!(!validator.is_valid(&json!({ "event": "page_created", "page": "text" })));
    assert!(!validator.is_valid(&json!({})));
}

#[test]
fn input_without_json_objects_exits_2() {
    let run = Sandbox::new().run_with(&["drift", "-"], "nonsense").expect(2);
    assert!(run.stderr.contains("no input is a JSON object, so no body can be compared"), "{}", run.stderr);
}

#[test]
fn ambiguous_undocumented_and_unknown_events_are_counted_separately() {
    let sandbox = Sandbox::new();
    let bodies = "{\"page\":{\"id\":\"1\"}}\n{\"event\":\"plugin_enabled\",\"page\":{}}\n{\"event\":\"lunch\"}\n{\"blog\":{}}\n7\nnonsense\n";
    sandbox.write("in.ndjson", bodies);
    let run = drift(&sandbox, &["in.ndjson", "--json"]).expect(1);
    let events: Vec<Value> = run.json().iter().map(|line| line["event"].clone()).collect();
    assert_eq!(events, [json!("page_*"), json!("blog_*"), json!("plugin_enabled"), Value::Null]);
    assert!(run.stderr.contains("; 2 skipped: not a JSON object"), "{}", run.stderr);
    let blog = &run.json()[1];
    assert_eq!(blog["undeclared"][0]["pointer"], "/blog");
    let unseen: Vec<&Value> = blog["unseen"].as_array().expect("a list").iter().map(|at| &at["pointer"]).collect();
    assert!(unseen.contains(&&json!("/blogPost")) && unseen.contains(&&json!("/event")), "{unseen:?}");
}

#[test]
fn ten_thousand_different_keys_are_counted_together() {
    let sandbox = Sandbox::new();
    let line = |index: u32| format!("{{\"event\":\"page_created\",\"page\":{{\"k{index}\":{index}}}}}\n");
    sandbox.write("in.ndjson", (0..10_000).map(line).collect::<String>());
    let run = drift(&sandbox, &["in.ndjson", "--json"]).expect(1);
    let undeclared = run.json()[0]["undeclared"].as_array().expect("a list").clone();
    assert_eq!(undeclared.len(), 1001);
    assert_eq!(undeclared[1000]["pointer"], "/page/*");
    assert_eq!(undeclared[1000]["count"], 9000);
    let schema = drift(&sandbox, &["in.ndjson", "--infer"]).expect(0).json_whole();
    let validator = jsonschema::draft7::new(&schema).expect("a schema");
    assert!((0..10_000).all(|index| validator.is_valid(&serde_json::from_str(&line(index)).expect("JSON"))));
}

fn with_status(status: &str) -> String {
    json!({ "event": "page_created", "page": { "status": status } }).to_string()
}

#[test]
fn a_value_too_long_to_remember_is_a_difference() {
    let sandbox = Sandbox::new();
    let lines = [41, 40, 1000].map(|length| with_status(&"ö".repeat(length))).join("\n");
    sandbox.write("in.ndjson", lines);
    sandbox.run(&["validate", "in.ndjson"]).expect(1);
    let run = drift(&sandbox, &["in.ndjson", "--json"]).expect(1);
    let values = run.json()[0]["values"].clone();
    let told = |index: usize| (values[index]["found"].clone(), values[index]["count"].clone());
    assert_eq!(told(0), (json!("text of 40 characters"), json!(1)));
    assert_eq!(told(1), (json!("text of more than 40 characters"), json!(2)));
    assert_eq!(values[1]["example"]["value"], "string of 41 characters");
    assert_eq!(values.as_array().map(Vec::len), Some(2));
}

#[test]
fn values_beyond_the_limit_are_counted_together() {
    let sandbox = Sandbox::new();
    let lines: Vec<String> = (0..100).rev().map(|number| with_status(&format!("s{number:02}"))).collect();
    sandbox.write("in.ndjson", lines.join("\n"));
    let run = drift(&sandbox, &["in.ndjson", "--json"]).expect(1);
    let values = run.json()[0]["values"].as_array().expect("a list").clone();
    assert_eq!(values.len(), 65);
    assert_eq!((&values[63]["found"], &values[63]["count"]), (&json!("s63"), &json!(1)));
    assert_eq!((&values[64]["found"], &values[64]["count"]), (&json!("other values"), &json!(36)));
    assert_eq!(values[64]["example"]["line"], 1);
}

#[test]
fn merging_surveys_gives_the_result_of_one_survey() {
    // More keys, strings and nested keys than the limits, in random order, with repetitions.
    let body = |number: usize| {
        let odd = number * 7919 % 1500;
        let nested: serde_json::Map<_, _> =
            (0..5).map(|part| (format!("n{}", odd * (part + 1) % 1100), json!(part))).collect();
        let page = json!({ "status": format!("s{}", odd % 90), format!("k{odd}"): nested, format!("l{}", odd / 2): [odd, "x".repeat(odd % 50)] });
        json!({ "event": "page_created", "timestamp": odd, "page": page }).to_string()
    };
    let bodies: Vec<Request> =
        (0..1600).map(|number| Request::post("", Headers::new(), body(number).into_bytes())).collect();
    let told = |part: usize| {
        let mut whole = Observations::default();
        for (index, bodies) in bodies.chunks(part).enumerate() {
            let mut observations = Observations::for_part(index);
            for (line, body) in bodies.iter().enumerate() {
                observations.add(&"in".into(), index * part + line + 1, body, None);
            }
            whole.merge(observations);
        }
        let differences = ALL.map(|profile| whole.differences(profile));
        (serde_json::to_string(&differences).expect("JSON"), whole.schema().to_string())
    };
    let whole = told(bodies.len());
    for part in [1, 10, 700, 1599] {
        // Not shown: it is long.
        assert!(told(part) == whole, "parts of {part}");
    }
}

#[test]
fn drift_escapes_control_characters() {
    let sandbox = Sandbox::new();
    sandbox.write("in.json", "{\"event\":\"page_created\",\"\\u001b[2J|`<b>\":1}");
    for format in ["text", "markdown"] {
        let run = drift(&sandbox, &["in.json", "--format", format]).expect(1);
        assert!(!run.stdout.contains(&0x1b), "{format}: {}", run.text());
    }
    let markdown = drift(&sandbox, &["in.json", "--format", "markdown"]).expect(1);
    assert!(markdown.text().contains("\\|'&lt;b>"), "{}", markdown.text());
}
