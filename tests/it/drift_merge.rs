//! `drift --merge`: the results of parts add up to the result of all bodies.

use std::sync::Arc;

use cfwh::drift::report::EventDrift;
use cfwh::drift::{DeclaredBodies, DriftCounts, Observer};
use cfwh::models::request::{Headers, Request};
use cfwh::profiles::{ALL, Profile};
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy};
use proptest::sample::select;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use serde_json::{Value, json};

use crate::body_mutator::mutate;
use crate::support::{Run, Sandbox, event_kind};

/// A body, the input that it is in, and its line.
type Place = (Vec<u8>, Arc<str>, usize);

const SEEDED: [&str; 4] = ["--seed", "1", "--at", "2026-01-15T09:30:00Z"];

fn counts<'d>(declared: &'d DeclaredBodies, bodies: &[Place]) -> DriftCounts<'d> {
    let mut counts = DriftCounts::new(declared);
    for (body, input, line) in bodies {
        counts.add(input, *line, &Request::post("", Headers::new(), body.clone()), None);
    }
    counts
}

/// What `drift --json` prints.
fn lines(counts: &DriftCounts<'_>) -> String {
    counts.differences().iter().map(|drift| serde_json::to_string(drift).expect("JSON") + "\n").collect()
}

/// What `drift --merge --json` prints for these results.
fn merged<'r>(declared: &DeclaredBodies, results: impl IntoIterator<Item = &'r str>) -> String {
    let mut counts = DriftCounts::new(declared);
    for line in results.into_iter().flat_map(str::lines) {
        let drift: EventDrift = serde_json::from_str(line).expect("a result");
        counts.merge_report(&drift).expect("the same profile and version");
    }
    lines(&counts)
}

/// Bodies of a profile, most of them damaged. The last ones have more keys and words than `drift` counts separately.
fn bodies(sandbox: &Sandbox, profile: &Profile) -> Vec<Vec<u8>> {
    let fake = ["fake", "all", "--profile", profile.name, "--format", "ndjson", "--count", "2"];
    let generated = sandbox.run(&[&fake[..], &SEEDED].concat()).expect(0).stdout;
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let lines = generated.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let mut bodies: Vec<_> =
        lines.flat_map(|line| [line.to_vec(), mutate(line, &mut rng), mutate(line, &mut rng)]).collect();
    let kind = profile.kind(event_kind("page_created").into()).expect("every sender has it");
    let key = profile.key(kind);
    bodies.extend((0..80).map(|number| {
        let mut page = serde_json::Map::new();
        page.extend((0..40).map(|key| (format!("k{}", (number * 37 + key * 101) % 1400), json!(key))));
        page.insert("*".to_owned(), json!({ "a": number }));
        page.insert("x".repeat(160 + number), json!(null));
        page.insert("status".to_owned(), json!(format!("s{}", number * 7 % 90)));
        page.insert("type".to_owned(), json!("ö".repeat(number + 20)));
        let body = json!({ "event": "page_created", "timestamp": number, key: page });
        body.to_string().into_bytes()
    }));
    bodies
}

#[test]
fn results_of_parts_add_up_in_any_order_and_in_any_groups() {
    let sandbox = Sandbox::new();
    for profile in ALL {
        let declared = DeclaredBodies::new(profile);
        let bodies = bodies(&sandbox, profile);
        let inputs: [Arc<str>; 3] = ["-".into(), "calls/b.ndjson".into(), "calls/a.http".into()];
        let place = (select(bodies), select(inputs.to_vec()), 1..50_usize);
        // Each part has any bodies, or none; then the order of the parts, and how many are merged first.
        let parts = vec(vec(place, 0..12), 2..6);
        let case = parts.prop_flat_map(|parts| (Just(parts.clone()), Just(parts).prop_shuffle(), 1..6_usize));
        let config = Config { cases: 16, failure_persistence: None, ..Config::default() };
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
        let run = TestRunner::new_with_rng(config, rng).run(&case, |(parts, shuffled, first)| {
            let whole = lines(&counts(&declared, &parts.concat()));
            let results: Vec<_> = shuffled.iter().map(|part| lines(&counts(&declared, part))).collect();
            let results: Vec<_> = results.iter().map(String::as_str).collect();
            assert_eq!(merged(&declared, results.clone()), whole);
            let (first, rest) = results.split_at(first.min(results.len()));
            let (first, rest) = (merged(&declared, first.to_vec()), merged(&declared, rest.to_vec()));
            assert_eq!(merged(&declared, [&*rest, &*first]), whole);
            Ok(())
        });
        run.unwrap_or_else(|error| panic!("{profile}: {error}"));
    }
}

#[test]
fn results_of_parts_with_too_many_keys_and_words_add_up() {
    let sandbox = Sandbox::new();
    for profile in ALL {
        let declared = DeclaredBodies::new(profile);
        let input: Arc<str> = "-".into();
        let places: Vec<Place> =
            (1..).zip(bodies(&sandbox, profile)).map(|(line, body)| (body, Arc::clone(&input), line)).collect();
        let whole = lines(&counts(&declared, &places));
        assert!(whole.contains("/*\",\"types\""), "{profile}");
        let has_texts = ["other values", "text of more than 40 characters"].map(|text| whole.contains(text));
        assert!(has_texts == [true; 2] || !profile.is_default(), "{profile}: {has_texts:?}");
        for size in [9, places.len() - 1] {
            let results: Vec<_> = places.chunks(size).map(|part| lines(&counts(&declared, part))).collect();
            // Not shown: it is long.
            assert!(merged(&declared, results.iter().rev().map(String::as_str)) == whole, "{profile}, parts of {size}");
        }
    }
}

/// Lines with their numbers, dealt out among parts as a distributed engine would.
fn numbered_parts(bodies: &str, count: usize) -> Vec<String> {
    let mut parts = vec![String::new(); count];
    for (index, body) in bodies.lines().enumerate() {
        parts[index * 7 % count].insert_str(0, &format!("{}\t{body}\n", index + 1));
    }
    parts.push(String::new());
    parts
}

/// Bodies of the nineteen events, most as declared, some not.
fn many(sandbox: &Sandbox) -> String {
    let fake = ["fake", "all", "--format", "ndjson", "--count", "3"];
    let good = sandbox.run(&[&fake[..], &SEEDED].concat()).expect(0);
    let odd = "{\"event\":\"page_created\",\"page\":{\"status\":\"new\",\"emoji\":1}}\n7\n{\"page\":null}\n";
    [good.text(), odd, odd].concat()
}

#[test]
fn merged_parts_of_numbered_lines_are_the_single_run() {
    let sandbox = Sandbox::new();
    let bodies = many(&sandbox);
    let whole = sandbox.run_with(&["drift", "--json", "-"], bodies.clone()).expect(1);
    let mut names: Vec<String> = Vec::new();
    for (index, part) in numbered_parts(&bodies, 3).into_iter().enumerate() {
        let run = sandbox.run_with(&["drift", "--json", "--numbered", "-"], part);
        assert!(run.code < 2, "part {index}: {}", run.stderr);
        names.push(format!("{index}.ndjson"));
        sandbox.write(&names[index], run.stdout);
    }
    let merge = |arguments: &[&str]| {
        let names = names.iter().rev().map(String::as_str);
        sandbox.run(&["drift", "--merge"].into_iter().chain(names).chain(arguments.iter().copied()).collect::<Vec<_>>())
    };
    let merged = merge(&["--json"]).expect(1);
    assert_eq!(merged.text(), whole.text());
    assert!(merged.stderr.starts_with("61 bodies: "), "{}", merged.stderr);
    assert_eq!(merge(&[]).expect(1).text(), sandbox.run_with(&["drift", "-"], bodies).expect(1).text());
    sandbox.write("known.json", &whole.stdout);
    let run = merge(&["--baseline", "known.json", "--profile", "spec"]).expect(0);
    assert!(run.stderr.contains(": 0 new differences, "), "{}", run.stderr);
}

#[test]
fn findings_in_numbered_lines_are_those_of_the_single_run() {
    let sandbox = Sandbox::new();
    let bodies = many(&sandbox);
    let sorted = |runs: &[Run]| {
        let mut lines: Vec<Value> = runs.iter().flat_map(Run::json).collect();
        lines.sort_by_key(|line| line["line"].as_u64());
        lines
    };
    let whole = sandbox.run_with(&["validate", "--json", "-"], bodies.clone()).expect(1);
    let parts = numbered_parts(&bodies, 3).into_iter();
    let runs: Vec<_> = parts.map(|part| sandbox.run_with(&["validate", "--json", "--numbered", "-"], part)).collect();
    assert!(runs.iter().all(|run| run.code < 2), "{:?}", runs.iter().map(|run| &run.stderr).collect::<Vec<_>>());
    assert_eq!(runs[3].stderr, "0 validated: 0 clean, 0 with warnings, 0 with errors\n");
    let whole = sorted(&[whole]);
    assert!(whole.len() >= 6, "{whole:?}");
    assert_eq!(sorted(&runs), whole);
}

#[test]
fn lines_without_a_number_and_files_without_lines_are_refused() {
    let sandbox = Sandbox::new();
    sandbox.write("body.json", "{}");
    for (line, number) in [("{}", 1), ("1 {}", 1), ("0\t{}", 1), ("+1\t{}", 1), ("  7\t{}\n{}", 2)] {
        let run = sandbox.run_with(&["validate", "--numbered", "-"], line).expect(2);
        let message = format!("line {number} does not begin with a number and a tab");
        assert!(run.stderr.contains(&message), "{line}: {}", run.stderr);
    }
    let run = sandbox.run(&["drift", "--numbered", "body.json"]).expect(2);
    assert!(run.stderr.contains("--numbered is for lines\n  fix: give it stdin"), "{}", run.stderr);
}

#[test]
fn results_that_do_not_add_up_are_refused() {
    let sandbox = Sandbox::new();
    sandbox.write("body.json", "{\"event\":\"page_created\",\"page\":{\"emoji\":1}}");
    let run = sandbox.run(&["drift", "--json", "body.json"]).expect(1);
    let result = run.text();
    sandbox.write("spec.ndjson", result);
    sandbox.write("empty.ndjson", "");
    sandbox.write("cloud.ndjson", result.replace("\"profile\":\"spec\"", "\"profile\":\"cloud\""));
    sandbox.write("newer.ndjson", result.replace("\"cfwh\":\"", "\"cfwh\":\"9"));
    sandbox.write("older.ndjson", result.replace("\"cfwh\"", "\"other\""));
    sandbox.write("edited.ndjson", result.replace("/page/id", "/page/lunch"));
    sandbox.write("renamed.ndjson", result.replace("page_created", "lunch"));
    let known = sandbox.run(&["drift", "--json", "body.json", "--baseline", "spec.ndjson"]).expect(0).stdout;
    sandbox.write("known.ndjson", known);
    for (arguments, message) in [
        ("spec.ndjson cloud.ndjson", "cannot merge cloud.ndjson:1: it is about the profile `cloud`, not `spec`"),
        (
            "--profile cloud spec.ndjson",
            "it is about the profile `spec`, not `cloud`\n  fix: merge the results of one profile",
        ),
        ("spec.ndjson newer.ndjson", "cannot merge newer.ndjson:1: it was written by cfwh 9"),
        ("spec.ndjson older.ndjson", "it was written by an earlier version, this is cfwh "),
        ("known.ndjson", "differences were left out by --baseline\n  fix: run `cfwh drift --json` without it"),
        ("edited.ndjson", "it names an event or a pointer that the document does not declare"),
        ("renamed.ndjson", "it names an event or a pointer that the document does not declare"),
        ("body.json", "body.json was not written by `cfwh drift --json`"),
        ("empty.ndjson", "no input: empty.ndjson is empty"),
        ("spec.ndjson --infer", "cannot be used with '--infer'"),
    ] {
        let arguments = ["drift", "--merge"].into_iter().chain(arguments.split(' ')).collect::<Vec<_>>();
        let run = sandbox.run(&arguments).expect(2);
        assert!(run.stderr.contains(message), "{arguments:?}: {}", run.stderr);
    }
    // A part without any body adds nothing.
    let run = sandbox.run(&["drift", "--merge", "--json", "empty.ndjson", "spec.ndjson"]).expect(1);
    assert_eq!(run.text(), result);
}
