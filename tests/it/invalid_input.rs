//! Bad input gets one clear sentence, the right exit code, and never a panic.

use std::net::TcpListener;

use crate::support::{Endpoint, Run, Sandbox};

/// Fails unless this is one sentence: a line that begins with `error: `, nothing on stdout, and nothing about panics.
#[track_caller]
fn assert_one_sentence(run: Run, sentence: &str) {
    let run = run.expect(2);
    assert_eq!(run.text(), "");
    assert!(run.stderr.starts_with(&format!("error: {sentence}")), "{}", run.stderr);
    assert_no_panic(&run);
    let errors = run.stderr.lines().filter(|line| line.starts_with("error")).count();
    assert_eq!(errors, 1, "{}", run.stderr);
}

#[track_caller]
fn assert_no_panic(run: &Run) {
    assert!(!run.stderr.contains("panicked") && !run.stderr.contains("RUST_BACKTRACE"), "{}", run.stderr);
    assert!(!run.stderr.contains("Error:") && !run.stderr.contains("error: error"), "{}", run.stderr);
}

#[test]
fn an_unknown_event_gets_a_suggestion() {
    let sandbox = Sandbox::new();
    for arguments in [&["fake", "page_create"][..], &["schema", "page_create"], &["validate", "--event", "page_create"]]
    {
        let run = sandbox.run(arguments).expect(2);
        assert!(run.stderr.contains("unknown event `page_create`; did you mean `page_created`?"), "{}", run.stderr);
        assert_no_panic(&run);
    }
    let send = sandbox.run(&["send", "pageCreated", "--to", "http://receiver.test/"]);
    assert_one_sentence(
        send,
        "`pageCreated` is not an event, and no such file exists\n  fix: did you mean `page_created`?\n",
    );
    let far = sandbox.run(&["fake", "hello"]).expect(2);
    assert!(far.stderr.contains("unknown event `hello`; `cfwh events` lists them"), "{}", far.stderr);
}

#[test]
fn a_missing_file_is_named() {
    let sandbox = Sandbox::new();
    for arguments in [
        &["sign", "missing.json", "--secret", "s3cret"][..],
        &["verify", "missing.json", "--secret", "s3cret"],
        &["validate", "missing.json", "-q"],
        &["validate", "missing.ndjson", "-q"],
    ] {
        let run = sandbox.run(arguments);
        let file = arguments[1];
        assert_one_sentence(run, &format!("cannot read {file}: No such file or directory"));
    }
    let run = sandbox.run(&["sign", "--secret-file", "missing"]);
    assert_one_sentence(run, "cannot read the secret from missing: No such file or directory");
}

#[test]
#[cfg(unix)]
fn an_unreadable_file_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::new();
    let path = sandbox.write("locked.json", "{}");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).expect("it is ours");
    let mut command = sandbox.command(&["validate", "-q", "locked.json"]);
    if std::fs::read(&path).is_ok() {
        command = as_nobody(&sandbox, &["validate", "-q", "locked.json"]);
    }
    assert_one_sentence(sandbox.finish(command), "cannot read locked.json: Permission denied");
}

/// The program run by a user who, unlike root, may not read every file.
#[cfg(unix)]
fn as_nobody(sandbox: &Sandbox, arguments: &[&str]) -> std::process::Command {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    const NOBODY: u32 = 65534;
    // The folders above the program may be root's alone.
    let program = sandbox.path().join("program");
    // Another process writes the copy: a file that this one has open while it starts a process cannot be run.
    let mut copy = std::process::Command::new("cp");
    assert!(copy.arg(env!("CARGO_BIN_EXE_cfwh")).arg(&program).status().expect("cp runs").success());
    std::fs::set_permissions(sandbox.path(), std::fs::Permissions::from_mode(0o755)).expect("it is ours");
    let mut command = std::process::Command::new(program);
    command.args(arguments).current_dir(sandbox.path()).env_clear().uid(NOBODY).gid(NOBODY);
    command
}

#[test]
fn a_folder_instead_of_a_file_is_reported() {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.path().join("folder.json")).expect("a folder");
    assert_one_sentence(
        sandbox.run(&["sign", "folder.json", "--secret", "s3cret"]),
        "cannot read folder.json: Is a directory",
    );
    assert_one_sentence(
        sandbox.run(&["sign", "--secret-file", "folder.json"]),
        "cannot read the secret from folder.json: Is a directory",
    );
}

#[test]
fn a_folder_without_payloads_is_reported() {
    let sandbox = Sandbox::new();
    sandbox.write("folder/readme.txt", "{}");
    let nothing = "no input: folder contains no .json, .ndjson, .jsonl, .http or .har file\n";
    assert_one_sentence(sandbox.run(&["validate", "folder"]), nothing);
    assert_one_sentence(sandbox.run(&["verify", "folder", "--secret", "s3cret"]), nothing);
    assert_one_sentence(sandbox.run(&["send", "folder", "--to", "http://receiver.test/"]), nothing);
}

#[test]
fn an_http_file_that_is_not_a_capture_is_reported() {
    let sandbox = Sandbox::new();
    for (text, reason) in [
        ("{}", "the empty line before the body is missing"),
        ("{}\n\n", "the first line is not `POST … HTTP/1.1`"),
        ("GET / HTTP/1.1\n\n", "the first line is not `POST … HTTP/1.1`"),
        ("POST / HTTP/1.1\nno colon\n\n{}", "a header line has no colon"),
    ] {
        sandbox.write("c.http", text);
        let run = sandbox.run(&["validate", "-q", "c.http"]);
        assert_one_sentence(run, &format!("cannot read c.http: not a capture: {reason}\n"));
    }
}

/// A body that is not JSON is a finding and not an error, because the file is readable.
#[test]
fn a_body_that_is_not_json_is_one_finding() {
    let deep = "[".repeat(100_000);
    let deep_objects = "{\"a\":".repeat(100_000);
    let closed = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let utf16: Vec<u8> = "\u{feff}{\"event\":\"page_created\"}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let utf16_without_mark: Vec<u8> =
        "{\"event\":\"page_created\"}".encode_utf16().flat_map(u16::to_be_bytes).collect();
    for (what, body, sentence) in [
        ("text", b"nonsense".to_vec(), "not JSON"),
        ("nothing", Vec::new(), "empty"),
        ("blank", b" \n".to_vec(), "empty"),
        ("two values", b"{} {}".to_vec(), "not JSON"),
        ("cut off", b"{\"event\":".to_vec(), "not JSON"),
        ("a comma too many", b"{\"event\":\"page_created\",}".to_vec(), "not JSON"),
        ("a byte order mark", b"\xef\xbb\xbf{\"event\":\"page_created\"}".to_vec(), "byte order mark"),
        ("UTF-16", utf16, "UTF-16"),
        ("UTF-16 without a mark", utf16_without_mark, "UTF-16"),
        ("no UTF-8", b"{\"event\":\"\xff\"}".to_vec(), "UTF-8"),
        ("zeros", vec![0; 10], ""),
        ("deep", deep.into_bytes(), ""),
        ("deep objects", deep_objects.into_bytes(), ""),
        ("deep and closed", closed.into_bytes(), ""),
        ("one long line", vec![b'x'; 5_000_000], "not JSON"),
    ] {
        let sandbox = Sandbox::new();
        sandbox.write("body.json", body);
        let run = sandbox.run(&["validate", "body.json"]).expect(1);
        assert_no_panic(&run);
        assert_eq!(run.text().matches("error[").count(), 1, "{what}: {}", run.text());
        assert!(run.text().starts_with("error[json]: "), "{what}: {}", run.text());
        let first = run.text().lines().next().unwrap_or_default();
        assert!(first.contains(sentence), "{what}: {first}");
        assert!(run.text().len() < 2000, "{what}: the excerpt is cut");
        assert_eq!(run.stderr, "1 validated: 0 clean, 0 with warnings, 1 with errors\n", "{what}");
    }
}

/// `sign` and `send` accept any bytes, because a user may want to test how a receiver handles them.
#[test]
fn a_body_that_is_not_json_is_still_signed_and_sent() {
    let sandbox = Sandbox::new();
    let endpoint = Endpoint::start(&[]);
    let deep = "[".repeat(100_000);
    sandbox.write("body.json", &deep);
    sandbox.run(&["sign", "body.json", "--secret", "s3cret"]).expect(0);
    let run = sandbox.run(&["send", "body.json", "--secret", "s3cret", "--to", &endpoint.url("/")]).expect(0);
    assert_no_panic(&run);
    assert_eq!(endpoint.received()[0].body, deep.as_bytes());
}

#[test]
fn stdin_given_twice_is_reported() {
    let sandbox = Sandbox::new();
    for arguments in [
        &["sign", "-", "-", "--secret", "s3cret"][..],
        &["sign", "-", "--secret-file", "-"],
        &["verify", "-", "--secret-file", "-", "--signature", "sha256=00"],
        &["validate", "-", "-"],
        &["send", "-", "-", "--to", "http://receiver.test/"],
        &["send", "-", "--secret-file", "-", "--to", "http://receiver.test/"],
        &["listen", "--secret-file", "-", "--secret-file", "-"],
    ] {
        assert_one_sentence(sandbox.run(arguments), "stdin can be read only once\n  fix: give `-` once\n");
    }
}

/// Without a file, `sign` reads stdin, so the secret cannot be on stdin too.
#[test]
fn secret_and_body_both_from_stdin_is_reported() {
    let sandbox = Sandbox::new();
    for arguments in
        [&["sign", "--secret-file", "-"][..], &["verify", "--secret-file", "-", "--signature", "sha256=00"]]
    {
        let run = sandbox.run_with(arguments, "s");
        assert_one_sentence(run, "stdin can be read only once\n  fix: give `-` once\n");
    }
    let run = sandbox.run_with(&["listen", "--port", "0", "--secret-file", "-", "--until-eof"], "s");
    assert_one_sentence(run, "--until-eof and `--secret-file -` both read stdin");
}

#[test]
fn an_invalid_header_is_reported() {
    let sandbox = Sandbox::new();
    for (header, sentence) in [
        ("no colon", "the colon is missing"),
        (": value", "HTTP does not allow this name"),
        ("two words: x", "HTTP does not allow this name"),
        ("X-A: two\nlines", "one line of text"),
    ] {
        let run = sandbox.run(&["send", "page_created", "--to", "http://receiver.test/", "-H", header]).expect(2);
        assert!(run.stderr.contains(sentence), "{header:?}: {}", run.stderr);
        assert_no_panic(&run);
    }
}

#[test]
fn a_url_without_a_scheme_gets_a_suggestion() {
    let run = Sandbox::new().run(&["send", "page_created", "--to", "localhost:8080/hook"]);
    assert_one_sentence(
        run,
        "cannot send to `localhost:8080/hook`: the scheme is missing\n  fix: did you mean http://localhost:8080/hook?\n",
    );
}

#[test]
fn a_port_in_use_is_reported_with_advice() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let run = Sandbox::new().run(&["listen", "--port", &port]);
    assert!(run.stderr.ends_with("\n  fix: use another port, or 0 for a free one\n"), "{}", run.stderr);
    assert_one_sentence(run, &format!("cannot listen on 127.0.0.1:{port}: "));
}

#[test]
fn an_unavailable_address_is_reported() {
    // An address for documentation (TEST-NET-3).
    let run = Sandbox::new().run(&["listen", "--address", "203.0.113.1", "--port", "0"]);
    assert_one_sentence(run, "cannot listen on 203.0.113.1:0: ");
}

#[test]
fn invalid_option_values_are_reported_with_the_valid_ones() {
    let sandbox = Sandbox::new();
    for (arguments, sentence) in [
        (&["listen", "--port", "99999"][..], "expected a whole number from 0 to 65535"),
        (&["listen", "--address", "localhost"], "invalid IP address"),
        (&["listen", "--max-body", "1GB"], "expected a size in bytes, KiB, MiB or GiB"),
        (&["listen", "--path", "hook"], "a path begins with a slash"),
        (&["listen", "--count", "0"], "expected a whole number from 1 to 18446744073709551615"),
        (&["listen", "--count", "two"], "expected a whole number from 1 to"),
        (&["listen", "--within", "-1s"], "expected a duration like 500ms, 10s or 1m"),
        (&["listen", "--respond", "99"], "expected a status from 200 to 599, or close, truncate or drip"),
        (&["listen", "--respond", "lunch_*=503"], "no event matches `lunch_*`"),
        (
            &["send", "all", "--to", "http://x/", "--retries", "4294967296"],
            "expected a whole number from 0 to 4294967295",
        ),
        (&["validate", "--max-findings", "-1", "-"], "expected a whole number from 0 to"),
        (&["send", "all", "--to", "3000"], "did you mean http://localhost:3000?"),
        (&["send", "all", "--to", "http://x/", "--timeout", "soon"], "expected a duration like 500ms, 10s or 1m"),
        (&["send", "all", "--to", "http://x/", "--timeout", "0s"], "expected a duration like 500ms, 10s or 1m"),
        (&["fake", "all", "--at", "yesterday"], "as RFC 3339"),
        (&["fake", "all", "--seed", "-1"], "expected a whole number from 0 to"),
        (&["fake", "all", "--format", "yaml"], "pretty, json, ndjson"),
        (&["events", "--color", "red"], "auto, always, never"),
        (&["schema", "--output", "nope"], "listen, send, probe, inspect, validate"),
        (&["sign", "--secret", "s3cret", "--secret-file", "f"], "cannot be used with"),
        (&["events", "-q", "-v"], "cannot be used with"),
    ] {
        let run = sandbox.run(arguments).expect(2);
        assert!(run.stderr.contains(sentence), "{arguments:?}: {}", run.stderr);
        assert_eq!(run.text(), "");
        assert_no_panic(&run);
    }
}

#[test]
#[cfg(target_os = "linux")]
fn file_names_need_not_be_utf8() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let sandbox = Sandbox::new();
    let name = OsStr::from_bytes(b"caf\xe9.json");
    std::fs::write(sandbox.path().join(name), "{\"event\":\"page_created\"}").expect("the file is written");
    let output = sandbox.command(&["validate"]).arg(name).output().expect("it runs");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let output = sandbox.command(&["fake"]).arg(name).output().expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(!String::from_utf8_lossy(&output.stderr).contains("panicked"));
}

/// A folder that links to itself ends.
#[test]
#[cfg(unix)]
fn a_symlink_loop_is_not_followed() {
    let sandbox = Sandbox::new();
    sandbox.write("folder/a.json", "{\"event\":\"page_created\"}");
    std::os::unix::fs::symlink("..", sandbox.path().join("folder/up")).expect("a link");
    let run = sandbox.run(&["validate", "folder", "--json"]).expect(0);
    assert_eq!(run.json().len(), 1);
}

/// Every finding below a key has the key in its pointer, so these half a million bytes ask for eight gigabytes.
#[test]
#[cfg(target_os = "linux")]
fn many_findings_below_a_long_key_stay_within_memory() {
    let sandbox = Sandbox::new();
    let (key, repeats) = ("k".repeat(400_000), "\"a\":1,".repeat(20_000));
    sandbox.write("body.json", format!("{{\"event\":\"page_created\",\"{key}\":{{{repeats}\"a\":1}}}}"));
    let mut command = std::process::Command::new("sh");
    let line = format!("ulimit -v 1000000; exec '{}' validate body.json", env!("CARGO_BIN_EXE_cfwh"));
    command.args(["-c", &line]).current_dir(sandbox.path()).env_clear();
    let run = sandbox.finish(command).expect(0);
    assert!(run.stderr.contains("findings not shown"), "{}", run.stderr);
}

/// Each finding shows its line; here there is one line and a finding for every ten bytes of it.
#[test]
fn a_long_line_with_thousands_of_findings_is_reported_in_full() {
    let sandbox = Sandbox::new();
    sandbox.write("body.json", format!("{{{}\"event\":\"page_created\"}}", "\"event\":1,".repeat(10_000)));
    let run = sandbox.run(&["validate", "body.json"]).expect(0);
    assert_eq!(run.text().matches("[repeated-key]").count(), 10_000);
}

#[cfg(unix)]
#[test]
fn too_few_open_files_are_one_sentence() {
    let sandbox = Sandbox::new();
    let program = env!("CARGO_BIN_EXE_cfwh");
    for arguments in
        ["listen --port 0", "send page_created --to http://127.0.0.1:9/", "validate a.json", "fake page_created"]
    {
        let mut command = std::process::Command::new("sh");
        command.args(["-c", &format!("ulimit -n 7; exec {program} {arguments}")]);
        command.current_dir(sandbox.path()).env_clear().env("PATH", "/usr/bin:/bin").stdin(std::process::Stdio::null());
        assert_one_sentence(sandbox.finish(command), "this process may open only 7 files, but needs ");
    }
}
