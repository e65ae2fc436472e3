//! `cfwh probe --state`: how receivers handle repeated, late and reordered deliveries.

use std::net::TcpStream;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::interop::free_port;
use crate::stateful_receiver::{Mistake, StatefulReceiver};
use crate::support::{Run, Sandbox, tool, wait_until};

fn probe(sandbox: &Sandbox, receiver: &StatefulReceiver, more: &[&str]) -> Run {
    let (url, state) = (receiver.url(), receiver.state_url());
    sandbox.run(&[&["probe", &url, "--auth", "none", "--only", "state/*", "--state", &state], more].concat())
}

/// The failed cases with their messages, and the causes.
fn failures(run: &Run) -> (Vec<(String, String)>, Vec<String>) {
    let mut lines = run.json();
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let grade = lines.pop().expect("a grade");
    let causes = grade["causes"].as_array().expect("a list").iter().map(|cause| text(&cause["cause"])).collect();
    let failed = lines.iter().filter(|line| line["verdict"] == "fail");
    (failed.map(|line| (text(&line["case"]), text(&line["received"]["summary"]))).collect(), causes)
}

#[test]
fn a_receiver_that_applies_each_delivery_once_in_any_order_passes() {
    let (sandbox, receiver) = (Sandbox::new(), StatefulReceiver::start(Mistake::None));
    let run = probe(&sandbox, &receiver, &["--json"]).expect(0);
    let cases = run.json();
    assert_eq!(cases.len(), 6, "five cases and the grade: {cases:?}");
    assert_eq!(cases[0]["received"]["summary"], "48 deliveries: the state of the plain story");
    // Another probe of the same receiver has other ids.
    probe(&sandbox, &receiver, &[]).expect(0);
}

#[test]
fn each_mistake_fails_its_case_and_is_named_with_its_delivery() {
    for (mistake, case, cause, words) in [
        (
            Mistake::AppliesTwice,
            "state/duplicate",
            "applies duplicates twice",
            "(delivery 1), sent twice, was applied twice",
        ),
        (
            Mistake::LastWriteWins,
            "state/reordered",
            "lets an older delivery overwrite a newer one",
            "\"version\":1}}, and lacks",
        ),
        (
            Mistake::DropsEarlyUpdates,
            "state/reordered",
            "drops updates that arrive before the creation",
            "(delivery 5) arrived before page_created",
        ),
        (Mistake::DropsSameTime, "state/concurrent", "drops deliveries of the same millisecond", "was lost"),
        (
            Mistake::ForgetsDeliveries,
            "state/story",
            "forgets deliveries that it has applied",
            "sent again after others, was applied twice",
        ),
    ] {
        let (sandbox, receiver) = (Sandbox::new(), StatefulReceiver::start(mistake));
        let run = probe(&sandbox, &receiver, &["--json", "--save", "saved"]).expect(1);
        let (failed, causes) = failures(&run);
        assert_eq!(causes, [cause], "{mistake:?}: {failed:?}");
        let (_, summary) =
            failed.iter().find(|(id, _)| id == case).unwrap_or_else(|| panic!("{mistake:?}: {failed:?}"));
        assert!(summary.contains(words), "{mistake:?}: {summary}");
        let name = case.replace('/', "-");
        for number in ["01", "02"] {
            let capture = sandbox.path().join(format!("saved/{name}-{number}.http"));
            assert!(capture.is_file(), "{mistake:?}: {}", capture.display());
        }
        let schema = sandbox.run(&["schema", "--output", "probe"]).expect(0).json_whole();
        let validator = jsonschema::validator_for(&schema).expect("a schema");
        assert!(run.json().iter().all(|line| validator.is_valid(line)), "{}", run.text());
    }
}

#[test]
fn a_receiver_that_works_after_its_response_needs_settle() {
    let (sandbox, receiver) = (Sandbox::new(), StatefulReceiver::start(Mistake::WorksLater));
    let run = probe(&sandbox, &receiver, &[]).expect(2);
    assert!(run.stderr.contains("still works after it has answered\n  fix: give --settle"), "{run:?}");
    probe(&sandbox, &receiver, &["--settle", "150ms"]).expect(0);
}

#[test]
fn reports_of_all_formats_have_the_cases() {
    let (sandbox, receiver) = (Sandbox::new(), StatefulReceiver::start(Mistake::AppliesTwice));
    for (format, words) in [
        ("text", "fail state/duplicate MUST"),
        ("junit", "failures=\"1\""),
        ("sarif", "\"ruleId\":\"state/duplicate\""),
        ("github", "::error title=state/duplicate"),
    ] {
        let (url, state) = (receiver.url(), receiver.state_url());
        let arguments = ["probe", &url, "--auth=none", "--only=state/duplicate", "--state", &state, "--format", format];
        let run = sandbox.run(&arguments);
        let text = run.expect(1).text().replace(": ", ":");
        assert!(text.contains(words), "{format}: {text}");
    }
}

#[test]
fn a_state_that_proves_nothing_is_refused() {
    let sandbox = Sandbox::new();
    let receiver = StatefulReceiver::start(Mistake::None);
    let url = receiver.url();
    let run = |state: &str, more: &[&str]| {
        sandbox.run(&[&["probe", &url, "--auth", "none", "--only", "state/duplicate", "--state", state], more].concat())
    };
    let unreadable = run("echo gone >&2; exit 3", &[]).expect(2);
    assert!(unreadable.stderr.contains("cannot read the state from `echo gone") && unreadable.stderr.contains("gone"));
    let unreadable = run(&url.replace("/hook", ""), &["--timeout", "1us"]).expect(2);
    assert!(unreadable.stderr.contains("cannot read the state from http://"), "{unreadable:?}");
    let unchanged = run("echo 1", &[]).expect(2);
    assert!(unchanged.stderr.contains("deliveries do not change the state"), "{unchanged:?}");
    let error: Value =
        serde_json::from_str(run("echo 1", &["--json"]).expect(2).stderr.lines().last().unwrap_or_default())
            .expect("JSON");
    assert_eq!(error["code"], "state");
    let ignoring = StatefulReceiver::start(Mistake::IgnoresAll);
    assert!(probe(&sandbox, &ignoring, &[]).expect(2).stderr.contains("deliveries do not change the state"));
    let refusing = StatefulReceiver::start(Mistake::RefusesAll);
    let run = probe(&sandbox, &refusing, &[]).expect(2);
    assert!(run.stderr.contains("the receiver accepts no delivery of the plain story: 403"), "{run:?}");
}

#[test]
fn cases_with_missing_requirements_are_refused() {
    let (sandbox, receiver) = (Sandbox::new(), StatefulReceiver::start(Mistake::None));
    let url = receiver.url();
    let refused =
        |arguments: &[&str]| sandbox.run(&[&["probe", &url, "--auth", "none"], arguments].concat()).expect(2).stderr;
    assert!(refused(&["--only", "state/*"]).contains("give --state URL|CMD"));
    assert!(refused(&["--only", "state/crash", "--state", "echo 1"]).contains("-- COMMAND"));
    assert!(refused(&["--only", "http/*", "--state", "echo 1"]).contains("leave out --state"));
    assert!(refused(&["--settle", "1s"]).contains("--state"));
}

#[test]
fn the_list_has_the_requirements_of_cases() {
    let list = Sandbox::new().run(&["probe", "--list", "--json", "--only", "state"]).expect(0).json();
    let needs: Vec<_> = list.iter().map(|case| case["needs"].as_str().unwrap_or_default()).collect();
    assert_eq!(needs[..5], ["--state"; 5]);
    assert_eq!(needs[5..], ["--state and -- COMMAND"]);
}

#[test]
fn a_receiver_that_the_probe_starts_ends_with_it() {
    let (sandbox, port) = (Sandbox::new(), free_port().to_string());
    let url = format!("http://127.0.0.1:{port}/hook");
    let program = env!("CARGO_BIN_EXE_cfwh");
    let receiver = ["--", program, "listen", "--port", &port, "--path", "/hook", "-q"];
    sandbox.run(&[&["probe", &url, "--auth", "none", "--only", "http/query"], &receiver[..]].concat()).expect(0);
    assert!(TcpStream::connect(("127.0.0.1", port.parse().expect("a port"))).is_err(), "it still listens");
    let run = sandbox.run(&["probe", &url, "--auth", "none", "--", program, "--version"]).expect(2);
    assert!(run.stderr.contains("it ended before it accepted connections"), "{run:?}");
    let run = sandbox.run(&["probe", &url, "--auth", "none", "--", "absent-program"]).expect(2);
    assert!(run.stderr.contains("cannot run absent-program"), "{run:?}");
    let other = StatefulReceiver::start(Mistake::None);
    let run = sandbox.run(&[&["probe", &other.url(), "--auth", "none"], &receiver[..]].concat()).expect(2);
    assert!(run.stderr.contains("another program already listens at that URL"), "{run:?}");
}

#[test]
#[cfg(unix)]
fn a_receiver_ends_with_a_probe_that_is_interrupted() {
    let (sandbox, port) = (Sandbox::new(), free_port());
    let (url, number) = (format!("http://127.0.0.1:{port}/hook"), port.to_string());
    let program = env!("CARGO_BIN_EXE_cfwh");
    // The delays make sure that the probe is not over before it is interrupted.
    let receiver = ["--", program, "listen", "--port", &number, "--path", "/hook", "-q", "--delay", "200ms"];
    let mut child =
        sandbox.command(&[&["probe", &url, "--auth", "none"], &receiver[..]].concat()).spawn().expect("it starts");
    wait_until("the receiver listens", || TcpStream::connect(("127.0.0.1", port)).is_ok());
    let killed = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().expect("kill runs");
    assert!(killed.success() && !child.wait().expect("it ends").success());
    wait_until("nobody listens", || TcpStream::connect(("127.0.0.1", port)).is_err());
}

/// The other mutants of a receiver with a `SQLite` database; `tests/state_mutants.py` has all of them.
#[test]
#[ignore = "needs python3"]
fn mutants_that_lose_deliveries_when_they_are_killed_are_found() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/state_mutants.py");
    for mutant in ["acknowledges-first", "identifier-in-memory", "two-transactions", "check-then-insert"] {
        let mut command = Command::new(tool("python3"));
        command.arg(&script).args(["--cfwh", env!("CARGO_BIN_EXE_cfwh"), "--only", mutant]);
        let output = command.output().expect("python3 runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
}
