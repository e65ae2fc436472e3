//! `cfwh probe --record` and `--against`: what has changed in a receiver is found and named, and nothing else.

use std::collections::BTreeSet;
use std::sync::Mutex;

use serde_json::{Value, json};

use crate::flawed_receiver::{Flaw, Receiver, SECRET};
use crate::probe::{Expected, MUTANTS};
use crate::support::{Endpoint, Run, Sandbox};

/// A slow body takes one second of each probe, so only one test sends it.
const FAST: [&str; 4] = ["--secret", SECRET, "--skip", "body/slow"];

fn probe(sandbox: &Sandbox, url: &str, more: &[&str]) -> Run {
    let run = sandbox.run(&[&["probe", url], &FAST[..], more].concat());
    assert!(run.code < 2, "{}", run.stderr);
    run
}

/// The names in a list of the last line.
fn names(run: &Run, list: &str) -> BTreeSet<String> {
    let grade = run.json().pop().expect("a grade");
    let names = grade["against"][list].as_array().unwrap_or_else(|| panic!("{list} in {grade}"));
    names.iter().map(|name| name.as_str().expect("a name").to_owned()).collect()
}

fn recorded(sandbox: &Sandbox) -> Value {
    let text = std::fs::read_to_string(sandbox.path().join("recording.json")).expect("a recording");
    assert!(text.lines().count() > 10, "each case has its line:\n{text}");
    serde_json::from_str(&text).expect("JSON")
}

fn expected(cases: &[&str]) -> BTreeSet<String> {
    cases.iter().filter(|case| **case != "body/slow").map(|case| (*case).to_owned()).collect()
}

/// The flaws that fail some of the cases here, of which a receiver with no other is right otherwise.
fn planted() -> Vec<&'static Expected> {
    let lasting = |mutant: &&Expected| mutant.0 != Flaw::Impatient;
    MUTANTS.iter().filter(lasting).collect()
}

#[test]
fn planted_changes_are_found_and_named() {
    let planted = planted();
    assert!(planted.len() >= 20);
    let sandbox = Sandbox::new();
    let right = Receiver::start(Flaw::None);
    probe(&sandbox, &right.url(), &["--record", "recording.json"]);
    let wrong = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for mutants in planted.chunks(planted.len().div_ceil(4)) {
            let (sandbox, wrong) = (&sandbox, &wrong);
            scope.spawn(move || {
                for (flaw, cases, ..) in mutants {
                    let receiver = Receiver::start(*flaw);
                    let run = probe(sandbox, &receiver.url(), &["--against", "recording.json", "--json"]);
                    let regressed = names(&run, "regressed");
                    let others =
                        ["fixed", "still_failing", "unstable", "new", "gone"].map(|list| names(&run, list).len());
                    if run.code != 1 || regressed != expected(cases) || others != [0; 5] {
                        wrong.lock().expect("nobody panicked").push(format!("{flaw:?}: {regressed:?} {others:?}"));
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().expect("nobody panicked");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn fixed_cases_are_listed_and_still_failing_cases_are_not_regressions() {
    let sandbox = Sandbox::new();
    let (wrong, right) = (Receiver::start(Flaw::Reserialises), Receiver::start(Flaw::None));
    let run = probe(&sandbox, &wrong.url(), &["--record", "recording.json"]);
    assert!(run.code == 1 && run.stderr.contains("cases in recording.json\n"), "{}", run.stderr);
    let cases = expected(&["sig/reserialised", "sig/raw-bytes"]);
    let run = probe(&sandbox, &wrong.url(), &["--against", "recording.json", "--json"]).expect(0);
    assert_eq!((names(&run, "still_failing"), names(&run, "fixed").len()), (cases.clone(), 0));
    let run = probe(&sandbox, &right.url(), &["--against", "recording.json", "--json"]).expect(0);
    assert_eq!((names(&run, "fixed"), names(&run, "still_failing").len()), (cases, 0));
    let text = probe(&sandbox, &right.url(), &["--against", "recording.json"]).expect(0);
    let end = "\nfixed: sig/reserialised, sig/raw-bytes\nagainst recording.json: 2 fixed\n";
    assert!(text.text().ends_with(end), "{}", text.text());
}

#[test]
fn a_recording_has_no_secret_no_url_and_no_time() {
    let (sandbox, receiver) = (Sandbox::new(), Receiver::start(Flaw::UnknownEventIsFatal));
    probe(&sandbox, &receiver.url(), &["--record", "recording.json"]);
    let first = recorded(&sandbox);
    let schema = sandbox.run(&["schema", "--output", "recording"]).expect(0).json_whole();
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    assert!(validator.is_valid(&first), "{first}");
    assert_eq!((&first["profile"], &first["auth"]), (&json!("spec"), &json!("hmac")));
    let text = first.to_string();
    assert!(!text.contains(SECRET) && !text.contains("127.0.0.1"), "{text}");
    let crashed = json!({"case": "event/unknown", "verdict": "fail", "failure": "crashed"});
    assert!(first["cases"].as_array().is_some_and(|cases| cases.contains(&crashed)), "{first}");
    probe(&sandbox, &receiver.url(), &["--record", "recording.json"]);
    assert_eq!(recorded(&sandbox), first);
}

#[test]
fn only_failed_cases_are_rerun_without_a_grade() {
    let sandbox = Sandbox::new();
    let (wrong, right) = (Receiver::start(Flaw::AsciiOnly), Receiver::start(Flaw::None));
    probe(&sandbox, &wrong.url(), &["--record", "recording.json"]);
    let again = ["--secret", SECRET, "--only-failed", "recording.json", "--json"];
    let lines = sandbox.run(&[&["probe", &right.url()], &again[..]].concat()).expect(0).json();
    let cases: Vec<_> = lines.iter().filter_map(|line| line["case"].as_str()).collect();
    assert_eq!(cases, ["body/unicode", "body/right-to-left"]);
    assert_eq!((&lines[2]["grade"], &lines[2]["reason"]), (&Value::Null, &json!("a selection of cases")));
    probe(&sandbox, &right.url(), &["--record", "recording.json"]);
    let run = sandbox.run(&[&["probe", &right.url()], &again[..]].concat()).expect(0);
    assert!(run.text().is_empty() && run.stderr.contains("no case failed in the recording"), "{run:?}");
}

/// Responses to the request that looks whether there is a receiver, and to those of two runs.
#[test]
fn a_case_that_ends_differently_in_two_runs_is_unstable_and_has_not_regressed() {
    let sandbox = Sandbox::new();
    let run = |statuses: &[u16], option: &str| {
        let url = Endpoint::start(statuses);
        let arguments = ["--only", "http/query", option, "recording.json", "--json"];
        sandbox.run(&[&["probe", &url.url("/")], &arguments[..]].concat())
    };
    let verdict = || {
        let text = std::fs::read_to_string(sandbox.path().join("recording.json")).expect("a recording");
        serde_json::from_str::<Value>(&text).expect("JSON")["cases"][0]["verdict"].clone()
    };
    let unstable = run(&[200, 404, 200], "--record").expect(1);
    assert!(
        unstable.stderr.contains("1 of them unstable, which ended differently in two runs: http/query"),
        "{}",
        unstable.stderr
    );
    assert_eq!(verdict(), "unstable");
    assert_eq!(names(&run(&[200, 404, 404], "--against").expect(0), "unstable"), expected(&["http/query"]));
    run(&[], "--record").expect(0);
    assert_eq!(verdict(), "pass");
    assert_eq!(names(&run(&[200, 404, 200], "--against").expect(0), "unstable"), expected(&["http/query"]));
    assert_eq!(names(&run(&[200, 404, 404], "--against").expect(1), "regressed"), expected(&["http/query"]));
    run(&[200, 404, 404], "--record").expect(1);
    assert_eq!(names(&run(&[200, 200, 404], "--against").expect(0), "unstable"), expected(&["http/query"]));
    assert_eq!(names(&run(&[], "--against").expect(0), "fixed"), expected(&["http/query"]));
}

#[test]
fn cases_that_only_one_version_has_are_new_or_gone() {
    let (sandbox, receiver) = (Sandbox::new(), Receiver::start(Flaw::None));
    probe(&sandbox, &receiver.url(), &["--record", "recording.json"]);
    let mut recording = recorded(&sandbox);
    let cases = recording["cases"].as_array_mut().expect("a list");
    cases.retain(|case| case["case"] != "http/put");
    cases.push(json!({"case": "http/trace", "verdict": "pass"}));
    sandbox.write("recording.json", recording.to_string());
    let run =
        probe(&sandbox, &receiver.url(), &["--against", "recording.json", "--skip", "http/get", "--json"]).expect(0);
    assert_eq!((names(&run, "new"), names(&run, "gone")), (expected(&["http/put"]), expected(&["http/trace"])));
    assert_eq!(names(&run, "not_run"), expected(&["http/get"]));
    let schema = sandbox.run(&["schema", "--output", "probe"]).expect(0).json_whole();
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    assert!(run.json().iter().all(|line| validator.is_valid(line)), "{}", run.text());
}

#[test]
fn reports_fail_only_regressions() {
    let sandbox = Sandbox::new();
    let (before, now) = (Receiver::start(Flaw::AnyCase), Receiver::start(Flaw::NoPrefix));
    let sig = ["--only", "sig"];
    probe(&sandbox, &before.url(), &[&sig[..], &["--record", "recording.json"]].concat());
    let report = |url: &str, format: &str| {
        probe(&sandbox, url, &[&sig[..], &["--against", "recording.json", "--format", format]].concat())
    };
    let github = report(&now.url(), "github").expect(1);
    assert!(github.text().starts_with("::error title=sig/bare-hex::regressed: sent "), "{}", github.text());
    let github = report(&before.url(), "github").expect(0);
    assert!(github.text().starts_with("::warning title=sig/upper-case::still failing: sent "), "{}", github.text());
    let junit = report(&now.url(), "junit").expect(1);
    assert!(junit.text().contains("failures=\"1\"") && junit.text().contains("#sig-bare-hex"), "{}", junit.text());
    let junit = report(&before.url(), "junit").expect(0);
    assert!(junit.text().contains("failures=\"0\"") && junit.text().contains("still failing: "), "{}", junit.text());
    let sarif = report(&now.url(), "sarif").expect(1).json_whole();
    assert_eq!(sarif["runs"][0]["results"][0]["level"], "error");
    let help = sarif["runs"][0]["tool"]["driver"]["rules"][0]["helpUri"].as_str().expect("a URL");
    assert!(help.ends_with("/docs/how-to/probe-fixes.md#sig-valid"), "{help}");
    assert_eq!(sarif["runs"][0]["properties"]["against"]["regressed"], json!(["sig/bare-hex"]));
}

#[test]
fn files_that_are_no_recordings_of_this_probe_are_refused() {
    let (sandbox, receiver) = (Sandbox::new(), Receiver::start(Flaw::None));
    let url = receiver.url();
    sandbox.write("other.json", r#"{"type":"grade","format":1}"#);
    sandbox.write("newer.json", r#"{"type":"recording","format":2}"#);
    sandbox.write(
        "forge.json",
        r#"{"type":"recording","format":1,"cfwh":"0","profile":"forge","auth":"forge","cases":[]}"#,
    );
    for option in ["--against", "--only-failed"] {
        for (file, why) in [
            ("absent.json", "cannot read absent.json"),
            ("other.json", "not a recording"),
            ("newer.json", "record again, or update cfwh"),
            ("forge.json", "--profile forge"),
        ] {
            let run = sandbox.run(&["probe", &url, "--secret", SECRET, option, file]).expect(2);
            assert!(run.stderr.contains(why), "{}", run.stderr);
        }
    }
    let run = sandbox.run(&["probe", &url, "--against", "forge.json", "--strict"]).expect(2);
    assert!(run.stderr.contains("--strict"), "{}", run.stderr);
    let run = sandbox.run(&["probe", &url, "--secret", SECRET, "--record", "absent/recording.json"]).expect(2);
    assert!(run.stderr.contains("absent/recording.json"), "{}", run.stderr);
}

fn expect_no_change(times: usize) {
    let sandbox = Sandbox::new();
    for flaw in [Flaw::None, Flaw::Reserialises, Flaw::UnknownEventIsFatal] {
        let receiver = Receiver::start(flaw);
        probe(&sandbox, &receiver.url(), &["--record", "recording.json"]);
        for _ in 0..times {
            let run = probe(&sandbox, &receiver.url(), &["--against", "recording.json", "--json"]).expect(0);
            let changed = ["regressed", "fixed", "unstable", "new", "gone", "not_run"].map(|list| names(&run, list));
            assert!(changed.iter().all(BTreeSet::is_empty), "{flaw:?}: {changed:?}");
        }
    }
}

#[test]
fn a_receiver_that_has_not_changed_shows_no_change() {
    expect_no_change(2);
}

#[test]
#[ignore = "takes minutes"]
fn a_receiver_that_has_not_changed_shows_no_change_fifty_times() {
    expect_no_change(50);
}
