//! `cfwh send --set`, `--unset` and `--edit`: a delivery is edited, signed again and sent.

#[cfg(unix)]
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::{Endpoint, Listener, Run, Sandbox, tool, wait_until};

const BODY: &str = "{ \"event\":\"page_created\",\t\"page\": {\"id\":1.50e0, \"title\" : \"\\u00e9\"} }";

/// Writes a program that edits the file that it gets.
#[cfg(unix)]
fn editor(sandbox: &Sandbox, name: &str, script: &str) -> String {
    let path = sandbox.write(name, format!("#!/bin/sh\n{script}\n"));
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("it can be run");
    path.display().to_string()
}

/// Runs `send` with this editor and with a new folder for temporary files.
fn edit(sandbox: &Sandbox, editor: &str, arguments: &[&str]) -> Run {
    let mut command = sandbox.command(&[&["send", "--edit"], arguments].concat());
    std::fs::create_dir_all(sandbox.path().join("temporary")).expect("a folder");
    command.env("EDITOR", editor).env("PATH", "/usr/bin:/bin").env("TMPDIR", sandbox.path().join("temporary"));
    let run = sandbox.finish(command);
    assert_eq!(left(sandbox), 0, "the file is removed");
    run
}

/// How many temporary files are left.
fn left(sandbox: &Sandbox) -> usize {
    std::fs::read_dir(sandbox.path().join("temporary")).expect("the folder").count()
}

fn capture(head: &str, body: &str) -> String {
    format!("POST /hook/page_created HTTP/1.1\r\nHost: a\r\n{head}\r\n{body}")
}

#[test]
fn the_head_of_an_edited_capture_changes_only_in_its_length() {
    let (sandbox, endpoint) = (Sandbox::new(), Endpoint::start(&[500]));
    let head = |length: usize| format!("x-odd-Case: 1\r\ncontent-LENGTH: {length}\r\nX-B: 2\r\n");
    sandbox.write("call.http", capture(&head(BODY.len()), BODY));
    let to = endpoint.url("/hook");
    let edits = ["--set", "page.id=20000000000000000001", "--unset", "page.title"];
    sandbox.run(&[&["send", "call.http", "--to", &to, "--failed", "again"], &edits[..]].concat()).expect(1);
    let edited = BODY.replace("1.50e0", "20000000000000000001").replace(", \"title\" : \"\\u00e9\"", "");
    assert_eq!(String::from_utf8_lossy(&endpoint.received()[0].body), edited);
    let saved = std::fs::read_to_string(sandbox.path().join("again/000001-page_created.http")).expect("a capture");
    assert!(saved.ends_with(&format!("\r\n{}\r\n{edited}", head(edited.len()))), "{saved}");
    // The saved one can be sent: its length is right.
    sandbox.run(&["send", "again", "--to", &to]).expect(0);
}

#[test]
fn a_capture_is_valid_after_it_was_edited_and_signed_again_with_every_scheme() {
    for scheme in [
        &["--secret", "s3cret"][..],
        &["--auth", "connect", "--secret", "s3cret"],
        &["--auth", "forge"],
        &["--auth", "token", "--token", "hook=of-nobody"],
    ] {
        let (sandbox, forge) = (Sandbox::new(), scheme.contains(&"forge"));
        // The profile is about generated events only.
        let profile: &[&str] = if forge { &["--profile", "forge"] } else { &[] };
        let mut listener = Listener::start(&sandbox, &[scheme, profile, &["--capture", "calls"]].concat());
        let to = listener.url.clone();
        sandbox.run(&[&["send", "page_created", "--to", &to], scheme, profile].concat()).expect(0);
        let first = listener.next()["capture"].as_str().expect("a file").to_owned();
        let edit = ["send", &first, "--to", &to, "--set", "added=1"];
        if !scheme.contains(&"token") {
            let refused = sandbox.run(&edit).expect(2);
            assert!(refused.stderr.contains("\n  fix: sign it again"), "{refused:?}");
        }
        sandbox.run(&[&edit[..], scheme, &["--resign"]].concat()).expect(0);
        let second = listener.next();
        assert_eq!(second["signature"], "valid", "{scheme:?}");
        let second = second["capture"].as_str().expect("a file").to_owned();
        let edited = std::fs::read_to_string(sandbox.path().join(&second)).expect("a capture");
        assert!(edited.trim_end().ends_with("\"added\":1}"), "{edited}");
        let verified = sandbox.run(&[&["verify", second.as_str()], scheme].concat()).expect(0);
        assert!(verified.text().starts_with("valid"), "{scheme:?}: {}", verified.text());
    }
}

/// What authenticates a sender to a proxy says nothing about the body.
#[test]
fn an_unsigned_capture_is_edited_without_a_secret() {
    let (sandbox, endpoint) = (Sandbox::new(), Endpoint::start(&[]));
    sandbox.write("call.http", capture("Authorization: Basic eDp5\r\nCookie: a=b\r\n", BODY));
    for more in [&[][..], &["--keep-credentials"]] {
        let edit = ["send", "call.http", "--set", "page.id=7", "--to", &endpoint.url("/hook")];
        sandbox.run(&[&edit[..], more].concat()).expect(0);
        let received = endpoint.received().pop().expect("a delivery");
        assert_eq!(String::from_utf8_lossy(&received.body), BODY.replace("1.50e0", "7"));
    }
}

/// A second editor is ended as the first would be.
#[test]
#[cfg(unix)]
fn the_file_of_a_second_editor_is_removed_too() {
    let sandbox = Sandbox::new();
    let command = editor(&sandbox, "editor", "test -e first && { : > started; exec sleep 60; }; : > first");
    sandbox.write("a.json", BODY);
    sandbox.write("b.json", BODY);
    let run = end_while_open(&sandbox, &command, &["a.json", "b.json"], &["-TERM"]);
    assert!(run.stderr.ends_with("interrupted while the editor was open\n"), "{run:?}");
}

#[test]
fn an_edit_that_does_not_apply_is_refused_with_a_reason() {
    let sandbox = Sandbox::new();
    let utf16: Vec<u8> = BODY.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (name, body, reason) in [
        ("gzip", &b"\x1f\x8b\x08\0\0"[..], "the body is compressed with gzip\n  fix: decompress it first"),
        ("utf-16", &utf16, "the body is in UTF-16"),
        ("mark", "\u{feff}{}".as_bytes(), "the body starts with a byte order mark"),
        ("latin", b"{\"a\":\"\xe9\"}", "the body is not UTF-8"),
    ] {
        let file = format!("{name}.http");
        sandbox.write(&file, [b"POST / HTTP/1.1\r\n\r\n", body].concat());
        for options in [&["--set", "a=1"][..], &["--unset", "a"], &["--edit"]] {
            let mut command = sandbox.command(&[&["send", &file, "--to", "http://127.0.0.1:9/"], options].concat());
            command.env("EDITOR", "true");
            let run = sandbox.finish(command).expect(2);
            assert!(run.stderr.contains(&format!("{file} cannot be edited: {reason}")), "{run:?}");
        }
    }
}

#[test]
#[cfg(unix)]
fn an_editor_changes_the_body_that_is_signed_and_sent() {
    let (sandbox, endpoint) = (Sandbox::new(), Endpoint::start(&[]));
    let script =
        "test \"$1\" = --wait || exit 3\nstat -c %a \"$2\" > mode; echo \"$2\" > name\nsed -i 's/1.50e0/7/' \"$2\"";
    let command = editor(&sandbox, "my editor", script);
    sandbox.write("call.http", capture("X-Hub-Signature: sha256=00\r\nContent-Length: 69\r\n", BODY));
    sandbox.write("body.json", BODY);
    let edited = BODY.replace("1.50e0", "7");
    let to = endpoint.url("/hook");
    let signature = sandbox.run_with(&["sign", "--secret", "s3cret"], edited.as_str()).expect(0);
    for source in [&["call.http", "--resign"][..], &["body.json"]] {
        let arguments = [source, &["--secret", "s3cret", "--to", &to]].concat();
        let run = edit(&sandbox, &format!("'{command}' --wait"), &arguments).expect(0);
        assert_eq!((run.stderr.as_str(), run.text().lines().count()), ("", 1));
        let received = endpoint.received().pop().expect("a delivery");
        assert_eq!(String::from_utf8_lossy(&received.body), edited);
        assert_eq!(received.header("X-Hub-Signature"), Some(signature.text().trim()));
    }
    let read = |name: &str| std::fs::read_to_string(sandbox.path().join(name)).expect("a file");
    assert_eq!(read("mode"), "600\n");
    let name = read("name");
    let name = Path::new(name.trim());
    let stem = name.file_stem().expect("a name").to_string_lossy();
    assert!(stem.starts_with("page-created-") && name.extension().is_some_and(|ending| ending == "json"), "{name:?}");
}

#[test]
#[cfg(unix)]
fn edits_apply_to_printed_requests_too() {
    let sandbox = Sandbox::new();
    let command = editor(&sandbox, "editor", "echo chatter; sed -i 's/1.50e0/7/' \"$1\"");
    sandbox.write("call.http", capture("X-Hub-Signature: sha256=00\r\n", BODY));
    let edited = BODY.replace("1.50e0", "7");
    let signature = sandbox.run_with(&["sign", "--secret", "s3cret"], edited.as_str()).expect(0);
    for form in [&["--dry-run"][..], &["--export", "curl"], &["--export", "http"]] {
        for change in [&["--set", "page.id=7"][..], &["--edit"]] {
            let arguments = ["send", "call.http", "--resign", "--secret", "s3cret", "--to", "http://127.0.0.1:9/"];
            let mut process = sandbox.command(&[&arguments[..], form, change].concat());
            process.env("EDITOR", &command).env("PATH", "/usr/bin:/bin");
            let run = sandbox.finish(process).expect(0);
            assert!(run.text().contains(signature.text().trim()) && run.text().contains(&edited), "{run:?}");
            // Output of the editor is not part of the result.
            assert!(!run.text().contains("chatter"), "{run:?}");
        }
    }
}

#[test]
#[cfg(unix)]
fn an_unchanged_body_is_sent_as_it_is() {
    let (sandbox, endpoint) = (Sandbox::new(), Endpoint::start(&[]));
    sandbox.write("call.http", capture("X-A: 1\r\n", BODY));
    sandbox.write("ended.http", capture("X-A: 1\r\n", &format!("{BODY}\n")));
    let to = endpoint.url("/hook");
    // Many editors end the last line.
    for (source, script, expected) in [
        ("call.http", "true", BODY.to_owned()),
        ("call.http", "echo >> \"$1\"", BODY.to_owned()),
        ("ended.http", "true", format!("{BODY}\n")),
    ] {
        let command = editor(&sandbox, "editor", script);
        let run = edit(&sandbox, &command, &[source, "--to", &to]).expect(0);
        assert_eq!(run.stderr, format!("{source} is unchanged\n"));
        assert_eq!(String::from_utf8_lossy(&endpoint.received().pop().expect("a delivery").body), expected);
    }
    // A line end is the user's where the body had one already, or was changed.
    for (source, script) in [("ended.http", "echo >> \"$1\""), ("call.http", "echo '{}' > \"$1\"")] {
        let command = editor(&sandbox, "editor", script);
        edit(&sandbox, &command, &[source, "--to", &to]).expect(0);
        assert!(endpoint.received().pop().expect("a delivery").body.ends_with(b"\n"));
    }
}

#[test]
#[cfg(unix)]
fn nothing_is_sent_when_the_editor_fails_or_leaves_nothing() {
    let (sandbox, endpoint) = (Sandbox::new(), Endpoint::start(&[]));
    sandbox.write("a.json", BODY);
    sandbox.write("b.json", BODY);
    let to = endpoint.url("/hook");
    // The second of two files is the one that fails.
    for (script, problem) in [
        ("exit 7", "exited with exit status: 7"),
        (": > \"$1\"", "the edited file is empty"),
        ("rm \"$1\"", "cannot read the edited file"),
        ("kill -9 $$", "exited with signal: 9"),
    ] {
        let script = format!("if test -e first; then {script}; else : > first; fi");
        let command = editor(&sandbox, "editor", &script);
        let _ = std::fs::remove_file(sandbox.path().join("first"));
        let run = edit(&sandbox, &command, &["a.json", "b.json", "--auth", "none", "--to", &to]).expect(2);
        assert!(run.stderr.contains("error: no delivery was sent: ") && run.stderr.contains(problem), "{run:?}");
    }
    for (command, problem) in
        [("/nowhere/editor", "cannot run the editor `/nowhere/editor`"), ("  ", "set VISUAL or EDITOR")]
    {
        let run = edit(&sandbox, command, &["a.json", "--auth", "none", "--to", &to]).expect(2);
        assert!(run.stderr.contains(problem), "{run:?}");
    }
    assert!(endpoint.received().is_empty());
}

#[test]
#[cfg(unix)]
fn visual_is_preferred_and_a_broken_body_is_sent_with_a_warning() {
    let (sandbox, endpoint) = (Sandbox::new(), Endpoint::start(&[]));
    let visual = editor(&sandbox, "visual", "printf '{' > \"$1\"");
    let to = endpoint.url("/hook");
    let mut command =
        sandbox.command(&["send", "page_created", "--seed", "1", "--auth", "none", "--edit", "--to", &to]);
    command.env("VISUAL", visual).env("EDITOR", "false").env("PATH", "/usr/bin:/bin");
    let run = sandbox.finish(command).expect(0);
    assert!(run.stderr.starts_with("warning: page_created is sent unchanged: the body is not JSON"), "{}", run.stderr);
    assert_eq!(endpoint.received()[0].body, b"{");
}

#[test]
fn an_edit_that_makes_no_sense_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.write("signed.http", capture("X-Hub-Signature: sha256=00\r\n", BODY));
    sandbox.write("many.ndjson", "{}\n".repeat(21));
    for (arguments, problem) in [
        (&["all"][..], "--edit does not apply to `all`"),
        (&["story"], "--edit does not apply to `story`"),
        (&["ping", "--profile", "datacenter"], "--edit does not apply to `ping`"),
        (&["page_created", "--count", "2"], "leave out --count"),
        (&["-"], "the editor uses stdin"),
        (&["page_created", "--secret-file", "-"], "the editor uses stdin"),
        (&["many.ndjson"], "more than 20 times"),
        (&["page_created", "--concurrency", "2"], "--edit"),
        (&["page_created", "--rate", "2/s"], "--edit"),
        (&["page_created", "--duration", "1s"], "--edit"),
        // Before the editor is opened, which would say something else.
        (&["signed.http"], "signature of signed.http\n  fix: sign it again with --resign"),
    ] {
        let run = edit(&sandbox, "/nowhere/editor", &[arguments, &["--to", "http://127.0.0.1:9/"]].concat()).expect(2);
        assert!(run.stderr.contains(problem), "{run:?}");
    }
}

/// Ctrl-C is for the editor, SIGTERM and SIGHUP end both; the file is gone after either.
#[test]
#[cfg(unix)]
fn the_file_is_removed_when_the_run_is_ended() {
    let sandbox = Sandbox::new();
    let command = editor(&sandbox, "editor", ": > started; exec sleep 60");
    sandbox.write("a.json", BODY);
    for signals in [&["-TERM"][..], &["-INT", "-INT", "-HUP"]] {
        let run = end_while_open(&sandbox, &command, &["a.json"], signals);
        assert_eq!(run.stderr, "error: no delivery was sent: interrupted while the editor was open\n");
    }
}

/// Runs `send --edit`, and sends it signals when the editor has made the file `started`.
#[cfg(unix)]
fn end_while_open(sandbox: &Sandbox, editor: &str, sources: &[&str], signals: &[&str]) -> Run {
    let (started, temporary) = (sandbox.path().join("started"), sandbox.path().join("temporary"));
    let _ = std::fs::remove_file(&started);
    std::fs::create_dir_all(&temporary).expect("a folder");
    let options = ["--edit", "--auth", "none", "--to", "http://127.0.0.1:9/"];
    let mut send = sandbox.command(&[&["send"], sources, &options].concat());
    send.env("EDITOR", editor).env("PATH", "/usr/bin:/bin").env("TMPDIR", temporary);
    let child = send.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    wait_until("the editor is open", || started.exists());
    assert_eq!(left(sandbox), 1);
    for signal in signals {
        let status = Command::new("kill").args([*signal, &child.id().to_string()]).status().expect("kill runs");
        assert!(status.success());
    }
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(left(sandbox), 0);
    let stderr = String::from_utf8(output.stderr).expect("text");
    Run { code: output.status.code().unwrap_or(-1), stdout: output.stdout, stderr }.expect(2)
}

/// An editor has the terminal: its stdin, and an output that is one even where stdout is a file.
#[test]
#[ignore = "needs script"]
#[cfg(target_os = "linux")]
fn an_editor_has_the_terminal() {
    let sandbox = Sandbox::new();
    let command = editor(&sandbox, "editor", "test -t 0 && test -t 1 && sed -i 's/1.50e0/7/' \"$1\"");
    sandbox.write("a.json", BODY);
    let program = env!("CARGO_BIN_EXE_cfwh");
    let line = format!("EDITOR={command} '{program}' send a.json --edit --auth none --dry-run --to http://h/ > out");
    let mut script = Command::new(tool("script"));
    let script = script.args(["-qec", &line, "/dev/null"]).stdin(Stdio::null()).current_dir(sandbox.path());
    assert!(script.status().expect("script runs").success());
    let out = std::fs::read_to_string(sandbox.path().join("out")).expect("a file");
    assert!(out.ends_with(&BODY.replace("1.50e0", "7")), "{out}");
}

#[test]
fn a_capture_is_resigned_with_its_own_scheme_by_default() {
    let sandbox = Sandbox::new();
    let endpoint = Endpoint::start(&[]);
    let to = endpoint.url("/hook");
    let export = ["send", "page_created", "--profile", "forge", "--auth", "forge", "--to", &to, "--dry-run"];
    sandbox.write("forge.http", sandbox.run(&export).expect(0).stdout);
    let resign = ["send", "forge.http", "--resign", "--secret", "s", "--to", &to];
    let run = sandbox.run(&resign).expect(2);
    assert!(run.stderr.contains("forge.http has credentials of --auth forge"), "{}", run.stderr);
    assert!(endpoint.received().is_empty());
    sandbox.run(&[&resign[..], &["--auth", "hmac"]].concat()).expect(0);
    let received = endpoint.received();
    assert!(received[0].header("X-Hub-Signature").is_some() && received[0].header("Authorization").is_none());
}
