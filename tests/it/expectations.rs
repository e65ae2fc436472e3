//! `listen` as a CI check: expectations about deliveries, and the exit code.

use std::io::Write;
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::raw_client::{BODY, SECRET, connect, exchange, read_response, request};
use super::support::{Listener, Run, Sandbox, wait_until};

/// Runs `listen` with a command that sends these events.
fn run(sandbox: &Sandbox, options: &[&str], events: &str) -> Run {
    let program = env!("CARGO_BIN_EXE_cfwh");
    let send = if events.is_empty() { "true".to_owned() } else { format!("{program} send {events} --to $CFWH_URL") };
    let all = [&["listen", "--port", "0", "--secret"], options, &["--", "/bin/sh", "-c", &send]].concat();
    sandbox.run(&all)
}

#[test]
fn expectations_decide_the_exit_code() {
    let sandbox = Sandbox::new();
    for (options, events, code) in [
        (&["--expect", "page_created=2"][..], "page_created page_created", 0),
        (&["--expect", "page_created=2"], "page_created", 1),
        (&["--expect", "page_created=2"], "page_created page_created page_created", 1),
        (&["--expect", "page_*"], "page_created page_updated", 0),
        (&["--expect", "page_*"], "", 1),
        (&["--expect", "page_created", "--expect", "page_updated", "--in-order"], "page_created page_updated", 0),
        (&["--expect", "page_created", "--expect", "page_updated", "--in-order"], "page_updated page_created", 1),
        (&["--forbid", "space_*"], "page_created", 0),
        (&["--forbid", "space_*"], "page_created space_removed", 1),
        (&["--count", "2"], "page_created", 1),
        (&["--count", "2"], "page_created page_created", 0),
        (&[], "", 0),
    ] {
        let run = run(&sandbox, options, events);
        assert_eq!(run.code, code, "{options:?} {events}: {}{}", run.text(), run.stderr);
    }
}

#[test]
fn a_missed_expectation_lists_the_received_events_in_order() {
    let sandbox = Sandbox::new();
    let options = ["--expect", "page_created=2", "--forbid", "space_*", "--report", "junit=report.xml"];
    let run = run(&sandbox, &options, "page_created space_created").expect(1);
    let (_, verdict) = run.text().split_once("missed").expect("something is missed");
    assert_eq!(
        verdict,
        "  page_created=2         received: 1
missed  no space_*             received: 1
received, in order:
   1 page_created       200
   2 space_created      200
"
    );
    assert!(run.stderr.contains("2 received: 2 accepted, 0 refused; 0 of 2 expectations met"), "{}", run.stderr);
    let report = std::fs::read_to_string(sandbox.path().join("report.xml")).expect("a report");
    assert!(
        report.contains(r#"tests="2""#)
            && report.contains(r#"failures="2""#)
            && report.contains("expected page_created=2, received: 1")
    );
}

#[test]
fn the_report_has_every_format_that_validate_has() {
    let sandbox = Sandbox::new();
    for (format, expected) in [
        ("text", "missed  page_created           received: none\n"),
        ("json", "{\"expected\":\"page_created\",\"met\":false,\"received\":\"none\"}\n"),
        ("github", "::error title=expectation::expected page_created, received: none\n"),
        ("junit", "message=\"expected page_created, received: none\""),
        ("sarif", "\"help\":{\"text\":\"fix: compare the received deliveries with the expected ones\"}"),
        ("sarif", "\"ruleIndex\":0"),
        ("sarif", "\"artifactLocation\":{\"uri\":\"listen\"}"),
        ("sarif", "\"message\":{\"text\":\"expected page_created, received: none\"}"),
    ] {
        let report = format!("{format}=report");
        let arguments = ["listen", "--port", "0", "--expect", "page_created", "--within", "1ms", "--report", &report];
        sandbox.run(&arguments).expect(1);
        let report = std::fs::read_to_string(sandbox.path().join("report")).expect("a report");
        assert!(report.contains(expected), "{report}");
    }
}

#[test]
fn without_a_command_it_ends_when_expectations_are_met_or_time_is_up() {
    let sandbox = Sandbox::new();
    let came = Listener::start(&sandbox, &["--secret", SECRET, "--expect", "page_created=1", "--within", "60s"]);
    let bytes = request("/webhooks/confluence", "", BODY);
    assert_eq!(exchange(&came.url, &bytes).expect("an answer").status, 200);
    let run = came.finish().expect(0);
    let summary = run.json().pop().expect("a summary");
    assert_eq!(summary["expectations"][0]["expected"], "page_created=1");
    assert_eq!(summary["expectations"][0]["met"], true);
    Listener::start(&sandbox, &["--expect", "page_created", "--within", "300ms"]).finish().expect(1);
    Listener::start(&sandbox, &["--forbid", "page_*", "--within", "300ms"]).finish().expect(0);
    Listener::start(&sandbox, &["--count", "1", "--within", "300ms"]).finish().expect(1);
}

/// Sends deliveries without waiting for responses, until the receiver has ended.
fn disturb(stream: &mut TcpStream) {
    let bytes = request("/webhooks/confluence", "", r#"{"event":"space_created"}"#);
    let deadline = Instant::now() + Duration::from_secs(20);
    while stream.write_all(&bytes).is_ok() && read_response(stream).is_some() {
        assert!(Instant::now() < deadline, "other traffic keeps it alive");
    }
}

#[test]
fn it_ends_once_decided_despite_other_traffic() {
    let sandbox = Sandbox::new();
    for (times, code) in [(1, 0), (2, 1)] {
        let listener = Listener::start(&sandbox, &["--quiet", "--expect", "page_created=1"]);
        let mut stream = connect(&listener.url);
        for _ in 0..times {
            stream.write_all(&request("/webhooks/confluence", "", BODY)).expect("it reads");
            assert_eq!(read_response(&mut stream).expect("an answer").status, 200);
        }
        disturb(&mut stream);
        listener.finish().expect(code);
    }
}

#[cfg(unix)]
#[test]
fn it_ends_soon_after_its_command() {
    let sandbox = Sandbox::new();
    let options = ["--quiet", "--expect", "page_created=2", "--", "/bin/sh", "-c", ":"];
    let listener = Listener::start(&sandbox, &options);
    disturb(&mut connect(&listener.url));
    listener.finish().expect(1);
}

#[test]
fn a_refused_delivery_meets_no_expectation() {
    let sandbox = Sandbox::new();
    let listener = Listener::start(&sandbox, &["--secret", "another", "--expect", "page_created", "--within", "1s"]);
    let bytes = request("/webhooks/confluence", "", BODY);
    assert_eq!(exchange(&listener.url, &bytes).expect("an answer").status, 401);
    listener.finish().expect(1);
}

#[cfg(unix)]
#[test]
fn the_exit_code_of_the_command_is_passed_on() {
    let sandbox = Sandbox::new();
    let code = |script: &str| sandbox.run(&["listen", "--port", "0", "--", "/bin/sh", "-c", script]).code;
    assert_eq!(code("exit 7"), 7);
    assert_eq!(code("kill -9 $$"), 137);
    assert_eq!(
        code("test -n \"$CFWH_URL\" && test \"$CFWH_URL\" = \"http://127.0.0.1:$CFWH_PORT/webhooks/confluence\""),
        0
    );
    sandbox.run(&["listen", "--port", "0", "--", "./no-such-command"]).expect(2);
    let misspelt = sandbox.run(&["listen", "--expect", "page_create"]).expect(2);
    assert!(misspelt.stderr.contains("did you mean `page_created`?"), "{}", misspelt.stderr);
}

/// A command that hangs must not pass.
#[cfg(unix)]
#[test]
fn a_command_that_runs_out_of_time_is_reported() {
    let sandbox = Sandbox::new();
    let sentence = "the command was still running after 0.1 s and was terminated";
    let run = |options: &[&str]| {
        let arguments = [&["listen", "--port", "0", "--within", "100ms"], options, &["--", "/bin/sleep", "100"]];
        sandbox.run(&arguments.concat()).expect(1)
    };
    let text = run(&["--report", "junit=report.xml"]);
    assert!(text.text().contains(&format!("failed  {sentence}\n")), "{}", text.text());
    let report = std::fs::read_to_string(sandbox.path().join("report.xml")).expect("a report");
    assert!(report.contains(sentence), "{report}");
    let json = run(&["--json"]);
    assert!(json.stderr.contains(sentence), "{}", json.stderr);
}

/// What a command started may not hear that it is to end. It has our stderr, so that the end of that is its end too:
/// it comes before it has `survived`, twenty seconds later.
#[cfg(unix)]
#[test]
fn processes_that_ignore_sigterm_are_killed_with_the_command() {
    const STUBBORN: &str = "(trap '' TERM; echo > there; left=400; \
        while [ $left -gt 0 ]; do sleep 0.05; left=$((left - 1)); done; echo > survived) &";
    let sandbox = Sandbox::new();
    let listen = |script: &str| {
        let mut command = sandbox.command(&["listen", "--json", "--port", "0", "--", "/bin/sh", "-c"]);
        command.arg(format!("{STUBBORN} {script}")).env("PATH", "/usr/bin:/bin");
        command
    };
    // The command ends of itself.
    let run = sandbox.finish(listen("while [ ! -e there ]; do sleep 0.01; done; exit 7")).expect(7);
    assert!(!sandbox.path().join("survived").exists(), "{}", run.stderr);
    // The command is ended.
    std::fs::remove_file(sandbox.path().join("there")).expect("it was there");
    let listener = Listener::spawn(&sandbox, listen("sleep 100"));
    wait_until("the command has started", || sandbox.path().join("there").exists());
    listener.interrupt();
    let run = listener.finish().expect(0);
    assert!(!sandbox.path().join("survived").exists(), "{}", run.stderr);
}

#[cfg(unix)]
#[test]
fn the_command_and_its_children_end_with_the_receiver() {
    let sandbox = Sandbox::new();
    let script = "(trap 'echo gone > gone; exit' TERM; echo > there; while :; do sleep 0.05; done) & sleep 100";
    let mut command = sandbox.command(&["listen", "--json", "--port", "0", "--", "/bin/sh", "-c", script]);
    command.env("PATH", "/usr/bin:/bin");
    let listener = Listener::spawn(&sandbox, command);
    wait_until("the command has started", || sandbox.path().join("there").exists());
    listener.interrupt();
    listener.finish().expect(0);
    wait_until("all has ended", || sandbox.path().join("gone").exists());
}

#[test]
fn until_eof_ends_the_run_and_its_command_when_stdin_ends() {
    let sandbox = Sandbox::new();
    let all = ["listen", "--json", "--port", "0", "--until-eof", "--", "/bin/sh", "-c", "echo $$; exec sleep 600"];
    let mut command = sandbox.command(&all);
    let (stdin, kept) = std::io::pipe().expect("a pipe");
    command.stdin(stdin);
    let mut listener = Listener::spawn(&sandbox, command);
    let process = listener.said();
    let response = listener.post("/webhooks/confluence", &["Content-Type: application/json"], BODY.as_bytes());
    assert_eq!(response.status, 200);
    drop(kept);
    let run = listener.finish().expect(0);
    assert_eq!(run.json().last().expect("a summary")["accepted"], 1);
    let is_running = Command::new("kill").args(["-0", &process]).stderr(Stdio::null()).status().expect("kill runs");
    assert!(!is_running.success(), "the command has ended, too");
}
