//! `cfwh probe`: a receiver that is right passes everything; each flaw fails its own cases, and is named.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::flawed_receiver::{Flaw, Receiver, SECRET};
use crate::flaws::{EXPECTED, FORGED};
use crate::raw_server::{RawServer, header};
use crate::support::{ClosedPort, Listener, Sandbox};

/// The names of the cases that fail, and the grade's line.
fn probe(sandbox: &Sandbox, url: &str, more: &[&str]) -> (i32, Vec<String>, Value) {
    let run = sandbox.run(&[&["probe", url, "--secret", SECRET, "--json"], more].concat());
    assert!(run.code < 2, "{}", run.stderr);
    let mut lines = run.json();
    let grade = lines.pop().expect("a grade");
    let failed = lines.iter().filter(|line| line["verdict"] == "fail");
    (run.code, failed.map(|line| line["case"].as_str().expect("a name").to_owned()).collect(), grade)
}

#[test]
fn a_receiver_that_refuses_unsigned_deliveries_has_that_one_cause() {
    let sandbox = Sandbox::new();
    let listener = Listener::start(&sandbox, &["--secret", SECRET, "-q"]);
    let run = sandbox.run(&["probe", &listener.url, "--skip", "body/slow", "--json"]).expect(1);
    let grade = run.json().pop().expect("a grade");
    let causes: Vec<_> = grade["causes"].as_array().expect("a list").iter().map(|cause| &cause["cause"]).collect();
    assert_eq!(causes, ["refuses unsigned deliveries"]);
}

#[test]
fn a_correct_receiver_passes_every_case() {
    let receiver = Receiver::start(Flaw::None);
    let sandbox = Sandbox::new();
    let (code, failed, grade) = probe(&sandbox, &receiver.url(), &["--strict"]);
    assert_eq!((code, failed), (0, Vec::new()));
    assert_eq!((&grade["grade"], &grade["failed"], &grade["causes"]), (&"A".into(), &0.into(), &Value::Array(vec![])));
    assert!(grade["passed"].as_u64() >= Some(30), "{grade}");
}

#[test]
#[ignore = "takes minutes"]
fn a_correct_receiver_passes_every_case_fifty_times() {
    let (sandbox, receiver) = (Sandbox::new(), Receiver::start(Flaw::None));
    for _ in 0..50 {
        let (code, failed, _) = probe(&sandbox, &receiver.url(), &["--strict"]);
        assert_eq!((code, failed), (0, Vec::new()));
    }
}

#[test]
fn each_flaw_fails_its_cases_and_is_named() {
    let quick: Vec<_> = EXPECTED.iter().filter(|expected| expected.flaw != Flaw::Hangs).collect();
    assert!(quick.len() > 35);
    let wrong = std::sync::Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for flaws in quick.chunks(quick.len().div_ceil(4)) {
            let wrong = &wrong;
            scope.spawn(move || {
                let sandbox = Sandbox::new();
                for expected in flaws {
                    let receiver = Receiver::start(expected.flaw);
                    let (_, mut failed, grade) = probe(&sandbox, &receiver.url(), &[]);
                    // A receiver that refuses everything also refuses the slow body. Only one flaw is about it.
                    failed.retain(|case| expected.flaw == Flaw::Impatient || case != "body/slow");
                    let named = grade["causes"].as_array().expect("a list").iter().map(|cause| cause["cause"].clone());
                    let named: Vec<_> = named.collect();
                    let mut cases = expected.cases.to_vec();
                    cases.sort_unstable();
                    failed.sort_unstable();
                    if failed != cases || named != expected.causes || grade["grade"] != expected.grade {
                        wrong.lock().expect("nobody panicked").push(format!(
                            "{:?}: {failed:?}\n  instead of {cases:?}\n  causes {named:?} instead of {:?}, grade {}",
                            expected.flaw, expected.causes, grade["grade"]
                        ));
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().expect("nobody panicked");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_verdict_on_a_flaw_is_the_same_every_time() {
    expect_the_same_verdict(3);
}

#[test]
#[ignore = "takes minutes"]
fn the_verdict_on_a_flaw_is_the_same_fifty_times() {
    expect_the_same_verdict(50);
}

fn expect_the_same_verdict(times: usize) {
    let sandbox = Sandbox::new();
    for flaw in [Flaw::Reserialises, Flaw::UnknownEventIsFatal] {
        let receiver = Receiver::start(flaw);
        let once = || probe(&sandbox, &receiver.url(), &["--skip", "body/slow"]);
        let first = once();
        assert!(!first.1.is_empty());
        assert!((1..times).all(|_| once() == first), "{flaw:?}");
    }
}

#[test]
fn redirecting_and_hanging_receivers_are_named() {
    let sandbox = Sandbox::new();
    let some = ["--only", "sig/valid", "--only", "sig/missing", "--only", "event/known", "--timeout", "100ms"];
    for (flaw, count, cause) in [(Flaw::Redirects, 3, "redirects"), (Flaw::Hangs, 2, "does not respond in time")] {
        let (code, failed, grade) = probe(&sandbox, &Receiver::start(flaw).url(), &some);
        assert_eq!((code, failed.len()), (1, count));
        assert_eq!(grade["causes"][0]["cause"], cause);
    }
}

/// A receiver that hangs up has another problem than a slow one. A server with TLS hangs up, too.
#[test]
fn a_closed_connection_is_distinguished_from_a_timeout() {
    let sandbox = Sandbox::new();
    let some = ["--only", "sig/valid", "--only", "sig/missing", "--only", "event/known"];
    let (code, failed, grade) = probe(&sandbox, &RawServer::start(|_, _| false).url(), &some);
    assert_eq!((code, failed.len()), (1, 3));
    assert_eq!(grade["causes"][0]["cause"], "closes the connection without a response");
    assert!(grade["causes"][0]["help"].as_str().is_some_and(|help| help.contains("https://")), "{grade}");
}

#[test]
fn listen_passes_the_probe() {
    let sandbox = Sandbox::new();
    let listener = Listener::start(&sandbox, &["--secret", SECRET, "-q"]);
    let (code, failed, grade) = probe(&sandbox, &listener.url, &["--strict"]);
    assert_eq!((code, failed), (0, Vec::new()), "{grade}");
    assert_eq!(listener.ready["secret"], "given");
    listener.interrupt();
    listener.finish().expect(0);
}

#[test]
fn the_cause_is_printed_first() {
    let receiver = Receiver::start(Flaw::Reserialises);
    let run = Sandbox::new().run(&["probe", &receiver.url(), "--secret", SECRET, "--skip", "body/slow"]).expect(1);
    assert!(run.text().starts_with("This receiver verifies re-serialized JSON\n"), "{}", run.text());
    assert!(run.text().contains("\n  1 more failure follows from this: sig/raw-bytes\n"), "{}", run.text());
    assert!(run.text().contains("fail sig/reserialised MUST"), "{}", run.text());
    let whole = ["probe", &receiver.url(), "--secret", SECRET, "--skip", "body/slow", "--all", "-v"];
    let whole = Sandbox::new().run(&whole).expect(1);
    assert!(
        whole.text().contains("fail sig/raw-bytes MUST") && whole.text().contains("unusual spacing: 401"),
        "{whole:?}"
    );
    assert!(whole.text().contains("/docs/how-to/probe-fixes.md#sig-raw-bytes\n"), "{}", whole.text());
}

#[test]
fn failures_that_follow_from_a_cause_are_counted_in_one_line() {
    let (sandbox, receiver) = (Sandbox::new(), Receiver::start(Flaw::IgnoresSignature));
    let url = receiver.url();
    let arguments = ["probe", &url, "--secret", SECRET, "--only", "sig"];
    let text = sandbox.run(&arguments).expect(1);
    let shown = |run: &crate::support::Run| run.text().lines().filter(|line| line.starts_with("fail ")).count();
    let line = format!("\n  {} more failures follow from this: sig/empty, ", FORGED.len() - 1);
    assert!(text.text().contains(&line) && shown(&text) == 1, "{}", text.text());
    assert_eq!(shown(&sandbox.run(&[&arguments[..], &["--all"]].concat()).expect(1)), FORGED.len());
    let lines = sandbox.run(&[&arguments[..], &["--json"]].concat()).expect(1).json();
    let follow = lines.iter().filter(|line| line["follows_from"] == "ignores the signature").count();
    assert_eq!(follow, FORGED.len());
    let refused = sandbox.run(&[&arguments[..], &["--all", "--json"]].concat()).expect(2);
    assert!(refused.stderr.contains("--all applies only to text"), "{}", refused.stderr);
}

/// A receiver that works this long before each response, on one delivery at a time.
fn slow_receiver(work: Duration) -> (Arc<tiny_http::Server>, String) {
    let server = Arc::new(tiny_http::Server::http("127.0.0.1:0").expect("a free port"));
    let url = format!("http://{}/", server.server_addr());
    let serving = Arc::clone(&server);
    std::thread::spawn(move || {
        for request in serving.incoming_requests() {
            std::thread::sleep(work);
            let _ = request.respond(tiny_http::Response::from_string(""));
        }
    });
    (server, url)
}

/// The verdicts of cases, and the causes.
fn verdicts(url: &str, arguments: &[&str], code: i32) -> (Vec<(String, String)>, Vec<String>) {
    let lines = Sandbox::new().run(&[&["probe", url, "--json"], arguments].concat()).expect(code).json();
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let (grade, cases) = lines.split_last().expect("a grade");
    let verdicts = cases.iter().map(|line| (text(&line["case"]), text(&line["verdict"]))).collect();
    (verdicts, grade["causes"].as_array().expect("a list").iter().map(|cause| text(&cause["cause"])).collect())
}

fn pairs(verdicts: &[(&str, &str)]) -> Vec<(String, String)> {
    verdicts.iter().map(|(case, verdict)| ((*case).to_owned(), (*verdict).to_owned())).collect()
}

#[test]
fn a_receiver_that_works_before_it_responds_is_slow() {
    let (server, url) = slow_receiver(Duration::from_millis(1050));
    let (cases, named) = verdicts(&url, &["--only", "time/fast", "--only", "time/limit"], 0);
    server.unblock();
    assert_eq!(cases, pairs(&[("time/limit", "pass"), ("time/fast", "fail")]));
    assert_eq!(named, ["does its work before it responds"]);
}

#[test]
fn a_receiver_that_responds_after_the_timeout_of_its_sender_must_be_faster() {
    let (server, url) = slow_receiver(Duration::from_millis(5100));
    // Forge times out after 5 s; --timeout is for the other cases.
    let arguments = ["--profile", "forge", "--auth", "none", "--only", "time/limit", "--timeout", "100ms"];
    let (cases, named) = verdicts(&url, &arguments, 1);
    server.unblock();
    assert_eq!(cases, pairs(&[("time/limit", "fail")]));
    assert_eq!(named, ["responds after the sender has timed out"]);
}

#[test]
fn only_a_few_cases_run_with_a_receiver_that_is_slower_than_the_timeout() {
    let (server, url) = slow_receiver(Duration::from_millis(1100));
    let arguments = ["probe", &url, "--json", "--profile", "datacenter", "--auth", "none", "--timeout", "500ms"];
    let run = Sandbox::new().run(&arguments).expect(0);
    server.unblock();
    assert!(run.stderr.contains("only time/limit, time/fast run; give a longer --timeout"), "{}", run.stderr);
    let [limit, fast, grade] = &run.json()[..] else { panic!("two cases and the grade: {}", run.text()) };
    assert_eq!((&limit["verdict"], &fast["verdict"]), (&"pass".into(), &"fail".into()));
    assert_eq!(grade["causes"][0]["cause"], "does its work before it responds");
    assert_eq!(
        (&grade["grade"], &grade["reason"]),
        (&Value::Null, &"the receiver is too slow for the other cases".into())
    );
}

#[test]
fn a_receiver_with_one_worker_is_slow_when_deliveries_come_at_once() {
    let (server, url) = slow_receiver(Duration::from_millis(140));
    let only = ["--only", "deliver/concurrent", "--only", "time/fast", "--only", "time/burst", "--timeout", "20s"];
    let (cases, named) = verdicts(&url, &only, 0);
    server.unblock();
    assert_eq!(cases, pairs(&[("deliver/concurrent", "pass"), ("time/fast", "pass"), ("time/burst", "fail")]));
    assert_eq!(named, ["handles concurrent deliveries one after the other"]);
}

#[test]
fn the_time_limit_is_that_of_the_sender() {
    let sandbox = Sandbox::new();
    let limit = |profile: &str| {
        let list = sandbox.run(&["probe", "--list", "--only", "time/limit", "--profile", profile, "--json"]).expect(0);
        list.json()[0]["level"].clone()
    };
    assert_eq!(["forge", "datacenter", "spec", "cloud"].map(limit), ["MUST", "MUST", "SHOULD", "SHOULD"]);
}

#[test]
fn the_list_of_cases_ends_with_the_rule_for_grades() {
    let run = Sandbox::new().run(&["probe", "--list"]).expect(0);
    let (_, rule) = run.text().split_once("\n\n").expect("a blank line");
    let rule = rule.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(rule.starts_with(&format!("Grades: {}. ", cfwh::probe::grade::RULE)), "{rule}");
    assert!(
        rule.contains("Valid deliveries: sig/valid, event/known.") && rule.contains("Forged deliveries: sig/missing, ")
    );
}

#[test]
fn should_cases_count_only_with_strict() {
    let receiver = Receiver::start(Flaw::AnyCase);
    let sandbox = Sandbox::new();
    let only = ["--only", "sig/*"];
    assert_eq!(probe(&sandbox, &receiver.url(), &only).0, 0);
    assert_eq!(probe(&sandbox, &receiver.url(), &[&only[..], &["--strict"]].concat()).0, 1);
}

#[test]
fn without_a_secret_signature_cases_are_skipped() {
    let receiver = Receiver::start(Flaw::IgnoresSignature);
    let run = Sandbox::new().run(&["probe", &receiver.url(), "--json"]).expect(0);
    assert!(run.stderr.contains("sig/* are skipped"), "{}", run.stderr);
    assert!(run.json().iter().all(|line| !line["case"].as_str().unwrap_or_default().starts_with("sig/")));
}

#[test]
fn a_remote_host_or_a_closed_port_exits_2() {
    let sandbox = Sandbox::new();
    let run = sandbox.run(&["probe", "http://192.0.2.1/hook"]).expect(2);
    assert!(run.stderr.contains("--yes"), "{}", run.stderr);
    let closed = ClosedPort::new();
    let run = sandbox.run(&["probe", &closed.url("/hook")]).expect(2);
    assert!(run.stderr.contains("cannot reach the receiver: the connection was refused"), "{}", run.stderr);
    let run = sandbox.run(&["probe", &closed.url("/hook"), "--only", "sig/mising"]).expect(2);
    assert!(run.stderr.contains("did you mean `sig/missing`?"), "{}", run.stderr);
}

#[test]
fn every_format_reports_the_same_failures() {
    let receiver = Receiver::start(Flaw::AnyMethod);
    let sandbox = Sandbox::new();
    let url = receiver.url();
    let run = |format: &str| {
        sandbox
            .run(&["probe", &url, "--secret", SECRET, "--only", "http", "--format", format, "--save", "kept"])
            .expect(0)
    };
    let sarif: Value = run("sarif").json_whole();
    let ids: Vec<_> =
        sarif["runs"][0]["results"].as_array().expect("a list").iter().map(|r| r["ruleId"].clone()).collect();
    assert_eq!((sarif["version"].as_str(), ids), (Some("2.1.0"), vec!["http/get".into(), "http/put".into()]));
    let junit = run("junit");
    assert!(junit.text().contains("tests=\"5\"") && junit.text().contains("failures=\"2\""), "{}", junit.text());
    let lines = run("json").json();
    assert_eq!((lines.len(), &lines[5]["grade"]), (6, &Value::Null));
    let text = run("text");
    assert!(text.text().contains("\nno grade: a selection of cases (3 passed, 2 failed, "), "{}", text.text());
    let github = run("github");
    let titles: Vec<_> = github.text().lines().map(|line| line.split("::").nth(1).unwrap_or_default()).collect();
    assert_eq!(titles, ["warning title=http/get", "warning title=http/put"]);
    let kept = sandbox.path().join("kept/http-query.http");
    let valid = sandbox.run(&["verify", kept.to_str().expect("text"), "--secret", SECRET]).expect(0);
    assert!(valid.text().starts_with("valid"));
}

#[test]
fn json_lines_match_their_schema() {
    let (sandbox, receiver) = (Sandbox::new(), Receiver::start(Flaw::AnyMethod));
    let schema = sandbox.run(&["schema", "--output", "probe"]).expect(0).json_whole();
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let url = receiver.url();
    for arguments in [vec!["probe", "--list", "--json"], vec!["probe", &url, "--json", "--only", "http/*"]] {
        let lines = sandbox.run(&arguments).json();
        assert!(lines.len() > 5 && lines.iter().all(|line| validator.is_valid(line)), "{lines:?}");
    }
}

#[test]
fn the_cloud_profile_is_probed_with_one_url_per_event() {
    let sandbox = Sandbox::new();
    let listener = Listener::start(&sandbox, &["--secret", "s", "--profile", "cloud", "--capture", "kept"]);
    let url = format!("{}/{{event}}", listener.url);
    let run = sandbox.run(&["probe", &url, "--secret", "s", "--profile", "cloud", "--json"]).expect(0);
    let grade = run.json().pop().expect("a grade");
    assert_eq!((&grade["grade"], &grade["failed"]), (&"A".into(), &0.into()));
    assert!(!run.stderr.contains("warning"), "{}", run.stderr);
    drop(listener);
    // One of each event was received in the forms of Cloud.
    let run = sandbox.run(&["validate", "--profile", "cloud", "--json", "kept"]);
    let mut known: Vec<String> = run
        .json()
        .iter()
        .filter(|line| line["verdict"] == "clean")
        .filter_map(|line| line["event"].as_str().map(str::to_owned))
        .collect();
    known.sort();
    known.dedup();
    assert_eq!(known.len(), cfwh::profiles::cloud::PROFILE.events.all().len(), "{known:?}");
}

#[test]
fn cloud_bodies_to_a_url_without_the_event_are_warned_about() {
    let sandbox = Sandbox::new();
    let listener = Listener::start(&sandbox, &["--secret", "s"]);
    let run = sandbox.run(&["probe", &listener.url, "--secret", "s", "--profile", "cloud", "--only", "sig/valid"]);
    assert!(run.expect(0).stderr.contains("bodies of Confluence Cloud do not name their event\n  fix: put {event}"));
}

#[test]
fn a_slow_body_has_a_separate_time_limit() {
    let receiver = Receiver::start(Flaw::None);
    let (code, failed, _) = probe(&Sandbox::new(), &receiver.url(), &["--only", "body/slow", "--timeout", "1s"]);
    assert_eq!((code, failed.len()), (0, 0));
}

#[test]
fn case_patterns_may_have_several_stars() {
    let sandbox = Sandbox::new();
    let list = |pattern: &str| {
        let run = sandbox.run(&["probe", "--list", "--json", "--only", pattern]).expect(0);
        run.json().iter().map(|case| case["case"].as_str().expect("an id").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(list("*/m*g"), ["sig/missing"]);
    assert!(list("sig/*a*").iter().all(|id| id.starts_with("sig/") && id.contains('a')) && list("sig/*a*").len() > 2);
    assert_eq!(list("body"), list("body/*"));
    let run = sandbox.run(&["probe", "--list", "--only", "sig/*q*q*"]).expect(2);
    assert!(run.stderr.contains("unknown case `sig/*q*q*`"), "{run:?}");
}

#[test]
fn formats_that_contradict_each_other_are_refused() {
    let sandbox = Sandbox::new();
    for arguments in [
        &["probe", "http://127.0.0.1:1/", "--format", "junit", "--json"][..],
        &["probe", "--list", "--format", "junit"],
        &["fake", "page_created", "--json", "--format", "pretty"],
        &["fake", "page_created", "--json", "--format", "json"],
    ] {
        let run = sandbox.run(arguments).expect(2);
        assert!(run.text().is_empty() && run.stderr.contains("--format"), "{run:?}");
    }
    for arguments in [
        &["fake", "page_created", "--seed", "1", "--json", "--format", "ndjson"][..],
        &["fake", "page_created", "--seed", "1", "--json"],
        &["probe", "--list", "--json", "--format", "json"],
    ] {
        sandbox.run(arguments).expect(0);
    }
}

#[test]
fn a_404_to_a_url_that_names_its_event_is_called_that() {
    let wire = RawServer::answering("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n");
    let run = Sandbox::new().run(&["probe", &wire.url(), "--only", "event/absent"]).expect(0);
    assert!(!run.text().contains("reads the event name from the body only"), "{}", run.text());
    assert!(run.text().contains("has no route for URLs that end with the event name"), "{}", run.text());
}

#[test]
fn a_redirect_is_shown_with_its_location_and_credentials_are_sent() {
    let wire = RawServer::answering("HTTP/1.1 301 Moved\r\nLocation: /hooks/\r\nContent-Length: 0\r\n\r\n");
    let url = wire.url().replace("http://", "http://user:pw@");
    let run = Sandbox::new().run(&["probe", &url, "--only", "event/known", "--save", "saved"]).expect(1);
    assert!(run.text().contains("This receiver redirects") && run.text().contains("301 to /hooks/"), "{}", run.text());
    assert!(!run.text().contains("pw") && !run.stderr.contains("pw"), "{run:?}");
    let authorization = |request: &Vec<u8>| header(request, "Authorization");
    assert!(wire.requests().iter().all(|request| authorization(request).as_deref() == Some("Basic dXNlcjpwdw==")));
}
