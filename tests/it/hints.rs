//! Hints for users of other tools, and for forgotten arguments.

use std::process::Stdio;

use crate::support::{Endpoint, Sandbox, tool};

/// Fails with usage, and says this.
#[track_caller]
fn expect_hint(arguments: &[&str], hint: &str) {
    let run = Sandbox::new().run(arguments).expect(2);
    assert!(run.stderr.contains(hint), "{arguments:?}: {}", run.stderr);
    assert!(!run.stderr.contains("similar subcommand"), "{arguments:?}: {}", run.stderr);
}

#[test]
fn commands_of_other_tools_get_a_suggestion() {
    for (word, hint) in [
        ("trigger", "`cfwh send EVENT --to URL`"),
        ("replay", "`cfwh send CAPTURE --to URL`"),
        ("forward", "`cfwh listen --forward URL`"),
        ("serve", "`cfwh listen`"),
    ] {
        expect_hint(&[word], hint);
        expect_hint(&[word, "page_created", "--to", "http://127.0.0.1:1/"], hint);
    }
}

#[test]
fn a_port_without_an_option_is_refused_with_the_option() {
    expect_hint(&["listen", "3000"], "`--port 3000`");
    expect_hint(&["listen", "-p", "3000"], "`--port N`");
    expect_hint(&["listen", "--secret=s", "3000"], "`--port 3000`");
    expect_hint(&["listen", "http://127.0.0.1:3000/"], "`--forward URL`");
}

#[test]
fn a_url_as_a_source_is_refused_with_the_option() {
    let url = "http://127.0.0.1:1/hooks";
    expect_hint(&["send", "page_created", url], "`--to URL`");
    expect_hint(&["send", "page_created", "localhost:3000/hooks"], "`--to URL`");
    expect_hint(&["send", "page_created", url, "--to", url], "to send to a URL, use --to");
}

#[test]
fn a_count_of_zero_is_refused_with_a_fix() {
    for arguments in [
        &["fake", "page_created", "--count", "0"][..],
        &["send", "page_created", "--to", "http://127.0.0.1:1/", "--count", "0"],
        &["send", "page_created", "--to", "http://127.0.0.1:1/", "--concurrency", "0"],
        &["listen", "--count", "0"],
    ] {
        expect_hint(arguments, "expected a whole number from 1 to");
    }
    expect_hint(&["fake", "page_created", "--count", "-1"], "expected a whole number from 1 to");
    expect_hint(&["fake", "page_created", "--count", "x"], "expected a whole number from 1 to");
}

#[test]
fn cfwh_url_is_the_url_unless_one_is_given() {
    let sandbox = Sandbox::new();
    let endpoint = Endpoint::start(&[200]);
    let run = |arguments: &[&str]| {
        let mut command = sandbox.command(arguments);
        command.env("CFWH_URL", endpoint.url("/from-variable"));
        sandbox.finish(command)
    };
    run(&["send", "page_created"]).expect(0);
    assert_eq!(endpoint.received().last().map(|request| request.url.clone()).as_deref(), Some("/from-variable"));
    run(&["send", "page_created", "--to", &endpoint.url("/given")]).expect(0);
    assert_eq!(endpoint.received().last().map(|request| request.url.clone()).as_deref(), Some("/given"));
    let probed = run(&["probe", "--only", "deliver"]);
    assert!(probed.code != 2, "{}", probed.stderr);
    let mut command = sandbox.command(&["send", "page_created"]);
    command.env("CFWH_URL", "");
    assert!(sandbox.finish(command).expect(2).stderr.contains("--to URL"));
}

#[test]
#[ignore = "needs script"]
fn a_command_that_reads_the_terminal_prints_a_note() {
    let sandbox = Sandbox::new();
    let program = env!("CARGO_BIN_EXE_cfwh");
    for arguments in ["validate", "drift", "sign --secret s", "send - --to http://127.0.0.1:1/"] {
        let mut command = std::process::Command::new(tool("script"));
        command.args(["-qec", &format!("{program} {arguments}"), "/dev/null"]).current_dir(sandbox.path());
        // Ctrl-D, as the terminal takes it.
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("script runs");
        std::io::Write::write_all(&mut child.stdin.take().expect("a pipe"), b"\x04").expect("it is typed");
        let output = child.wait_with_output().expect("it ends");
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(text.contains("reading from the terminal; press Ctrl-D to end the input"), "{arguments}: {text}");
    }
    let piped = sandbox.run_with(&["validate"], "{}");
    assert!(!piped.stderr.contains("terminal"), "{}", piped.stderr);
}
