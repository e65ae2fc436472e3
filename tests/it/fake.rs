//! `cfwh fake` writes the same bytes for the same seed and time, and valid payloads.

use std::collections::BTreeSet;

use cfwh::models::event::EventKind;
use serde_json::Value;

use crate::support::Sandbox;
use crate::support::all_events;

const SEEDED: [&str; 4] = ["--seed", "1", "--at", "2026-01-15T09:30:00Z"];

fn fake(arguments: &[&str]) -> String {
    Sandbox::new().run(&[&["fake"], arguments, &SEEDED].concat()).expect(0).text().to_owned()
}

#[test]
fn every_event_with_a_fixed_seed_and_time() {
    for kind in all_events() {
        insta::assert_snapshot!(kind.name(), fake(&[kind.name()]));
    }
}

#[test]
fn the_same_seed_and_time_make_the_same_bytes() {
    assert_eq!(fake(&["all", "--count", "3"]), fake(&["all", "--count", "3"]));
    let sandbox = Sandbox::new();
    let other_seed = sandbox.run(&["fake", "all", "--seed", "2", "--at", "2026-01-15T09:30:00Z"]).expect(0);
    assert_ne!(other_seed.text(), fake(&["all"]));
}

#[test]
fn at_changes_only_the_timestamps() {
    let sandbox = Sandbox::new();
    let at = |time: &str| {
        let run = sandbox.run(&["fake", "page_created", "--seed", "1", "--at", time]).expect(0);
        serde_json::from_slice::<Value>(&run.stdout).expect("JSON")
    };
    let (earlier, later) = (at("2026-01-15T09:30:00Z"), at("2026-01-15T10:30:00+01:00"));
    assert_eq!(earlier, later, "the same moment, written in another way");
    let later = at("2026-01-15T09:30:01Z");
    assert_eq!(later["timestamp"].as_i64(), earlier["timestamp"].as_i64().map(|time| time + 1000));
    assert_eq!(later["page"]["id"], earlier["page"]["id"]);
}

#[test]
fn events_happen_one_after_another() {
    let mut before = 0;
    for line in fake(&["all", "--count", "5", "--format", "ndjson"]).lines() {
        let timestamp = serde_json::from_str::<Value>(line).expect("JSON")["timestamp"].as_i64().expect("a number");
        assert!(timestamp > before, "{line}");
        before = timestamp;
    }
}

#[test]
fn a_random_seed_is_printed_and_reproduces_the_output() {
    let sandbox = Sandbox::new();
    let random = sandbox.run(&["fake", "page_created", "--at", "2026-01-15T09:30:00Z"]).expect(0);
    let seed = random.stderr.strip_prefix("seed ").and_then(|said| said.strip_suffix('\n')).expect("the seed is said");
    let again = sandbox.run(&["fake", "page_created", "--at", "2026-01-15T09:30:00Z", "--seed", seed]).expect(0);
    assert_eq!(again.text(), random.text());
    assert_eq!(again.stderr, "");
}

#[test]
fn a_seed_alone_gives_the_same_bytes() {
    let sandbox = Sandbox::new();
    for arguments in [
        "fake page_updated",
        "fake story --count 5",
        "send page_updated --auth none --dry-run --to http://127.0.0.1:1/",
    ] {
        let arguments: Vec<&str> = arguments.split(' ').chain(["--seed", "1"]).collect();
        let [first, second] = [(); 2].map(|()| sandbox.run(&arguments).expect(0));
        assert_eq!(first.stdout, second.stdout, "{arguments:?}");
        assert_eq!(first.stderr, "", "nothing else must be given again");
        let later = sandbox.run(&[&arguments[..], &["--at", "2027-01-01T00:00:00Z"]].concat()).expect(0);
        assert_ne!(first.stdout, later.stdout, "{arguments:?}");
    }
}

#[test]
fn the_printed_seed_and_time_reproduce_the_bytes() {
    let sandbox = Sandbox::new();
    for arguments in
        ["fake all --format ndjson", "send all --auth none --dry-run --to http://127.0.0.1:1/", "fake all --at now"]
    {
        let arguments: Vec<&str> = arguments.split(' ').collect();
        let first = sandbox.run(&arguments).expect(0);
        let chosen: Vec<String> =
            first.stderr.lines().map(|line| format!("--{}", line.replacen(' ', "=", 1))).collect();
        assert_eq!(chosen.len(), 2, "{}", first.stderr);
        let chosen: Vec<&str> = chosen.iter().map(String::as_str).collect();
        let repeatable: Vec<&str> = arguments.iter().copied().filter(|word| !["--at", "now"].contains(word)).collect();
        let again = sandbox.run(&[repeatable, chosen].concat()).expect(0);
        assert_eq!(first.stdout, again.stdout, "{arguments:?}");
    }
}

#[test]
fn every_event_is_clean_under_strict() {
    let sandbox = Sandbox::new();
    for kind in all_events() {
        let body = sandbox.run(&["fake", kind.name()]).expect(0).stdout;
        let run = sandbox.run_with(&["validate", "-", "--strict", "--event", kind.name()], body).expect(0);
        assert_eq!(run.text(), "", "{kind}");
        assert_eq!(run.stderr, "1 validated: 1 clean, 0 with warnings, 0 with errors\n");
    }
}

#[test]
fn many_generated_bodies_are_clean_and_reproducible() {
    let sandbox = Sandbox::new();
    let arguments =
        ["fake", "all", "--format", "ndjson", "--count", "100", "--seed", "1", "--at", "2026-01-15T09:30:00Z"];
    let many = sandbox.run(&arguments).expect(0);
    assert_eq!(many.text().lines().count(), 1900);
    assert_eq!(sandbox.run(&arguments).expect(0).stdout, many.stdout);
    let run = sandbox.run_with(&["validate", "-", "--strict"], many.stdout).expect(0);
    assert_eq!(run.stderr, "1900 validated: 1900 clean, 0 with warnings, 0 with errors\n");
}

#[test]
fn pretty_is_indented_and_ends_with_a_line_end() {
    let text = fake(&["page_created"]);
    assert!(text.starts_with("{\n  \"timestamp\": ") && text.ends_with("\n}\n"), "{text}");
}

#[test]
fn json_is_one_value() {
    let one: Value = serde_json::from_str(&fake(&["page_created", "--format", "json"])).expect("JSON");
    assert_eq!(one["event"], "page_created");
    let all: Vec<Value> = serde_json::from_str(&fake(&["all", "--format", "json"])).expect("an array");
    let names: Vec<&str> = all.iter().filter_map(|body| body["event"].as_str()).collect();
    assert_eq!(names, all_events().map(EventKind::name).collect::<Vec<_>>());
}

#[test]
fn ndjson_is_one_body_a_line_and_json_output_is_the_same() {
    let text = fake(&["all", "--format", "ndjson"]);
    assert_eq!(text.lines().count(), 19);
    assert_eq!(fake(&["all", "--json"]), text);
    // The layout is all that differs between the formats.
    let pretty: Value = serde_json::from_str(&fake(&["page_created"])).expect("JSON");
    assert_eq!(serde_json::from_str::<Value>(text.lines().next().expect("a line")).expect("JSON"), pretty);
}

#[test]
fn count_makes_n_different_bodies() {
    let text = fake(&["page_created", "--count", "50", "--format", "ndjson"]);
    assert_eq!(text.lines().collect::<BTreeSet<_>>().len(), 50);
}

#[test]
fn set_and_unset_edit_the_body() {
    let text = fake(&[
        "page_updated",
        "--set",
        "page.version.number=7",
        "--set",
        "page.title=\"a = b\"",
        "--set",
        "page.extra={\"x\":[1,2]}",
        "--set",
        "page.extra.x.1=3",
        "--set",
        "/page/status=null",
        "--unset",
        "page.spaceKey",
    ]);
    let body: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(body["page"]["version"]["number"], 7);
    assert_eq!(body["page"]["title"], "a = b");
    assert_eq!(body["page"]["extra"]["x"], serde_json::json!([1, 3]));
    assert_eq!(body["page"]["status"], Value::Null);
    assert!(body["page"].get("spaceKey").is_none());
    // Nothing else moved: the untouched lines are those of the same body without the edits.
    let plain = fake(&["page_updated"]);
    let first = |text: &str| text.lines().take(5).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(first(&text), first(&plain));
}

#[test]
fn an_impossible_edit_is_explained() {
    for (arguments, sentence) in [
        (
            ["--set", "page.title"],
            "--set: `page.title` has no `=`\n  fix: write PATH=JSON, for example page.title='\"Plan\"'",
        ),
        (["--set", "page.title=Plan"], "--set: Plan is not JSON: write a string in quotes: page.title='\"Plan\"'"),
        (["--set", "=1"], "--set: `` is not a path: separate its steps with dots, for example page.version.number"),
        (["--set", "page.nope.x=1"], "page_created has no `page.nope.x`"),
        (["--set", "page.id.x=1"], "page_created has no `page.id.x`"),
        (["--unset", "page.nope"], "page_created has no `page.nope`"),
        (
            ["--unset", "page..id"],
            "--unset: `page..id` is not a path: separate its steps with dots, for example page.version.number",
        ),
    ] {
        let run = Sandbox::new().run(&[&["fake", "page_created", "--seed", "1"], &arguments[..]].concat()).expect(2);
        assert_eq!(run.stderr, format!("error: {sentence}\n"));
        assert_eq!(run.text(), "");
    }
}

#[test]
fn out_writes_one_file_per_body() {
    let sandbox = Sandbox::new();
    let run = sandbox.run(&[&["fake", "all", "--out", "a/b"], &SEEDED[..]].concat()).expect(0);
    assert_eq!((run.text(), run.stderr.as_str()), ("", "19 written to a/b\n"));
    let printed = fake(&["all"]);
    let mut written = String::new();
    for kind in all_events() {
        let path = sandbox.path().join(format!("a/b/{kind}.json"));
        written += &std::fs::read_to_string(path).expect("it is written");
    }
    assert_eq!(written, printed);
    sandbox.run(&["validate", "a", "--strict"]).expect(0);
}

#[test]
fn out_numbers_the_files_of_several_rounds() {
    let sandbox = Sandbox::new();
    sandbox
        .run(&["fake", "page_created", "--count", "2", "--out", "out", "--format", "ndjson", "--seed", "1"])
        .expect(0);
    let mut names: Vec<_> = sandbox
        .path()
        .join("out")
        .read_dir()
        .expect("a folder")
        .collect::<Result<Vec<_>, _>>()
        .expect("entries")
        .iter()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names, ["0001-page_created.ndjson", "0002-page_created.ndjson"]);
    sandbox.run(&["validate", "out", "--strict"]).expect(0);
}

#[test]
fn an_unwritable_out_folder_exits_2() {
    let sandbox = Sandbox::new();
    sandbox.write("taken", "");
    let run = sandbox.run(&["fake", "page_created", "--out", "taken", "--seed", "1"]).expect(2);
    assert!(run.stderr.starts_with("error: cannot create taken: "), "{}", run.stderr);
}

#[test]
fn at_accepts_any_valid_time() {
    for at in ["1970-01-01T00:00:00Z", "2024-02-29T23:59:59.999Z", "2016-12-31T23:59:60Z", "now"] {
        let sandbox = Sandbox::new();
        let body = sandbox.run(&["fake", "all", "--format", "ndjson", "--seed", "9", "--at", at]).expect(0).stdout;
        sandbox.run_with(&["validate", "-", "--strict"], body).expect(0);
    }
}
