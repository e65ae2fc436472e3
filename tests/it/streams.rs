//! Stdout is the result and stderr everything else; a stdout that is closed is success, one that is full is trouble.

use std::io::Read;
use std::process::Stdio;

use serde_json::Value;

use crate::support::{Endpoint, Sandbox};

/// Whoever reads only the first line, as `head -1` does, has made no mistake, and neither has the program.
#[test]
fn a_closed_stdout_is_success() {
    let sandbox = Sandbox::new();
    let many = sandbox.run(&["fake", "all", "--count", "1000", "--format", "ndjson", "--seed", "1"]).expect(0);
    sandbox.write("many.ndjson", &many.stdout);
    sandbox.write("bad.ndjson", "{\"event\":7}\n".repeat(20_000));
    for arguments in [
        &["fake", "all", "--count", "1000", "--seed", "1"][..],
        &["fake", "all", "--count", "1000", "--seed", "1", "--format", "json"],
        &["sign", "many.ndjson", "--secret", "s3cret"],
        &["sign", "many.ndjson", "--secret", "s3cret", "--json"],
        &["validate", "many.ndjson", "--json"],
        &["send", "all", "--count", "200", "--seed", "1", "--dry-run", "--to", "http://receiver.test/"],
    ] {
        let mut child =
            sandbox.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        let mut stdout = child.stdout.take().expect("a pipe");
        stdout.read_exact(&mut [0; 16]).expect("the beginning");
        drop(stdout);
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(
            (output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()),
            (Some(0), ""),
            "{arguments:?}"
        );
    }
    // Of a run that says no, the no stays when it is known, but nobody waits for it.
    let mut child = sandbox
        .command(&["validate", "bad.ndjson"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    drop(child.stdout.take());
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
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
        assert!(stderr.contains("error: ") && stderr.contains("No space left on device"), "{arguments:?}: {stderr}");
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
