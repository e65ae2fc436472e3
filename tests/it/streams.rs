//! Stdout is the result and stderr everything else; a stdout that is closed is success, one that is full is trouble.

use std::io::Read;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::support::{ClosedPort, Endpoint, Sandbox};

/// Runs the program with a reader that closes stdout after this many bytes, like `head`.
fn run_closing_after(bytes: usize, command: &mut Command) -> Output {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let mut stdout = child.stdout.take().expect("a pipe");
    stdout.read_exact(&mut vec![0; bytes]).expect("the beginning");
    drop(stdout);
    child.wait_with_output().expect("it ends")
}

/// A user who reads only the first line, as `head -1` does, has made no mistake, and neither has the program.
#[test]
fn a_closed_stdout_is_success() {
    let sandbox = Sandbox::new();
    let many = sandbox.run(&["fake", "all", "--count", "1000", "--format", "ndjson", "--seed", "1"]).expect(0);
    sandbox.write("many.ndjson", &many.stdout);
    for arguments in [
        &["fake", "all", "--count", "100000000", "--seed", "1"][..],
        &["fake", "all", "--count", "1000", "--seed", "1", "--format", "json"],
        &["sign", "many.ndjson", "--secret", "s3cret"],
        &["sign", "many.ndjson", "--secret", "s3cret", "--json"],
        &["validate", "many.ndjson", "--json", "--quiet"],
        &[
            "send",
            "all",
            "--count",
            "100000000",
            "--seed",
            "1",
            "--auth",
            "none",
            "--dry-run",
            "--to",
            "http://receiver.test/",
        ],
    ] {
        let bytes = if arguments.contains(&"--quiet") { 0 } else { 16 };
        let output = run_closing_after(bytes, &mut sandbox.command(arguments));
        assert_eq!(
            (output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()),
            (Some(0), ""),
            "{arguments:?}"
        );
    }
}

#[test]
fn a_closed_stdout_changes_no_exit_code_of_a_check() {
    let sandbox = Sandbox::new();
    sandbox.write("bad.ndjson", "{\"event\":7}\n".repeat(2_000));
    sandbox.write("good-then-bad.ndjson", "{\"event\":\"page_removed\",\"page\":{\"id\":\"1\"}}\n".repeat(2_000) + "{");
    sandbox.write("a.ndjson", "{}\n".repeat(2_000));
    let refusing = Endpoint::start(&[401; 2_000]);
    let refusing = refusing.url("/h");
    let closed = ClosedPort::new();
    let closed = closed.url("/h");
    for (arguments, code) in [
        (&["validate", "bad.ndjson"][..], 1),
        (&["validate", "bad.ndjson", "--json"], 1),
        (&["validate", "bad.ndjson", "--format", "github"], 1),
        (&["validate", "good-then-bad.ndjson", "--json"], 1),
        (&["validate", "bad.ndjson", "missing.json"], 2),
        (&["verify", "a.ndjson", "--secret", "s3cret"], 1),
        (&["sign", "a.ndjson", "missing", "--secret", "s3cret"], 2),
        (&["send", "all", "--to", &refusing], 1),
        (&["send", "all", "--count", "20", "--concurrency", "2", "--json", "--to", &refusing], 1),
        (&["send", "page_created", "bad.ndjson", "--json", "--to", &closed], 2),
        (&["probe", &refusing], 1),
        (&["listen", "--port", "0", "--expect", "page_created=5", "--within", "300ms"], 1),
        (&["listen", "--port", "0", "--json", "--expect", "page_created=5", "--within", "300ms"], 1),
        (&["listen", "--port", "0", "--", "sh", "-c", "exit 7"], 7),
    ] {
        let output = run_closing_after(1, &mut sandbox.command(arguments));
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn a_stdout_closed_from_the_start_is_success_for_every_command() {
    let sandbox = Sandbox::new();
    for arguments in [
        &["--help"][..],
        &["send", "--help"],
        &["--version"],
        &["events"],
        &["rules"],
        &["schema"],
        &["man"],
        &["completions", "bash"],
    ] {
        let mut child =
            sandbox.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(
            (output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()),
            (Some(0), ""),
            "{arguments:?}"
        );
    }
}

#[test]
#[cfg(unix)]
fn a_program_that_is_started_without_streams_does_not_panic() {
    let sandbox = Sandbox::new();
    for arguments in ["events", "fake all --seed 1", "validate missing.json", "nope", "--help"] {
        let line = format!("exec \"$0\" {arguments} >&- 2>&- <&-");
        let mut shell = std::process::Command::new("sh");
        let status = shell.args(["-c", &line, env!("CARGO_BIN_EXE_cfwh")]).current_dir(sandbox.path()).status();
        let code = status.expect("sh runs").code();
        // A panic would be 101.
        assert!(code.is_some_and(|code| code <= 2), "{arguments}: {code:?}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_exits_2_for_every_command() {
    let sandbox = Sandbox::new();
    sandbox.write("body.json", "{\"event\":7}");
    let endpoint = Endpoint::start(&[]);
    let url = endpoint.url("/");
    for arguments in [
        &["--help"][..],
        &["fake", "--help"],
        &["--version"],
        &["events"],
        &["events", "--json"],
        &["rules"],
        &["schema", "page_created"],
        &["schema", "--asyncapi"],
        &["completions", "fish"],
        &["man", "send"],
        &["fake", "page_created", "--seed", "1"],
        &["sign", "body.json", "--secret", "s3cret"],
        &["verify", "body.json", "--secret", "s3cret", "--signature", "sha256=00"],
        &["validate", "body.json"],
        &["send", "page_created", "--seed", "1", "--to", &url],
        &["send", "page_created", "--seed", "1", "--to", &url, "--dry-run"],
        &["listen", "--port", "0"],
        &["listen", "--demo"],
    ] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("Linux has it");
        let output = sandbox.command(arguments).stdout(full).output().expect("it runs");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {stderr}");
        assert!(stderr.contains("error") && stderr.contains("No space left on device"), "{arguments:?}: {stderr}");
    }
}

#[test]
fn quiet_keeps_errors_and_the_exit_code() {
    let sandbox = Sandbox::new();
    let endpoint = Endpoint::start(&[200, 500]);
    let url = endpoint.url("/");
    sandbox.write("good.json", sandbox.run(&["fake", "page_created", "--seed", "1"]).expect(0).stdout);
    sandbox.write("bad.json", "{\"event\":7}");
    for (arguments, code) in [
        (&["sign", "good.json", "--secret", "s3cret"][..], 0),
        (&["verify", "good.json", "--secret", "s3cret"], 1),
        (&["validate", "good.json"], 0),
        (&["validate", "bad.json"], 1),
        (&["send", "page_created", "--to", &url], 0),
        (&["send", "page_created", "--to", &url], 1),
        (&["fake", "page_created"], 0),
        (&["fake", "page_created", "--out", "out"], 0),
    ] {
        for json in [&["--quiet"][..], &["-q", "--json"]] {
            if json.len() == 2 && arguments[0] == "send" {
                continue;
            }
            let run = sandbox.run(&[arguments, json].concat()).expect(code);
            assert_eq!((run.text(), run.stderr.as_str()), ("", ""), "{arguments:?}");
        }
    }
    let missing = sandbox.run(&["validate", "missing.json", "-q"]).expect(2);
    assert!(missing.stderr.starts_with("error: cannot read missing.json"), "{}", missing.stderr);
}

#[test]
fn results_go_to_stdout_and_notes_to_stderr() {
    let sandbox = Sandbox::new();
    sandbox.write("bad.json", "{\"event\":7}");
    let validated = sandbox.run(&["validate", "bad.json"]).expect(1);
    assert!(validated.text().contains("error[type]") && !validated.text().contains("validated"));
    assert_eq!(validated.stderr, "1 validated: 0 clean, 0 with warnings, 1 with errors\n");
    let faked = sandbox.run(&["fake", "page_created"]).expect(0);
    assert!(serde_json::from_slice::<Value>(&faked.stdout).is_ok() && faked.stderr.starts_with("seed "));
}
