//! What reaches a terminal: colour only where it is wanted, a stranger's text made safe, streams kept apart, and a closed
//! or full stdout.

use std::io::Read;
use std::process::Stdio;

use cfwh::models::event::EventKind;
use serde_json::{Value, json};

use crate::support::{Endpoint, Listener, Run, Sandbox, listen_meanwhile};

const ESC: char = '\u{1b}';
const JSON: &str = "Content-Type: application/json";

/// A title that would clear the screen, turn the direction of writing and hide.
const HOSTILE: &str = "\u{1b}[2J\u{1b}]0;owned\u{7}\u{202e}evil\u{200b}\u{feff}\u{9b}31m";

/// Fails when anything in a text would do something to a terminal.
#[track_caller]
fn assert_safe(text: &str) {
    let unsafe_ = text.chars().find(|&character| {
        character.is_control() && character != '\n'
            || matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    });
    assert_eq!(unsafe_, None, "{text:?}");
}

/// Validates a body with a finding under these variables.
fn validate(variables: &[(&str, &str)], arguments: &[&str]) -> Run {
    let sandbox = Sandbox::new();
    sandbox.write("body.json", "{\"event\":7}");
    let mut command = sandbox.command(&[&["validate", "body.json", "missing.json"], arguments].concat());
    let output = command.envs(variables.iter().copied()).output().expect("it runs");
    Run {
        code: output.status.code().expect("a code"),
        stdout: output.stdout,
        stderr: String::from_utf8(output.stderr).expect("text"),
    }
}

#[test]
fn colour_is_off_where_nothing_is_a_terminal_and_on_where_it_is_asked_for() {
    for (variables, arguments, colored) in [
        (&[][..], &[][..], false),
        (&[("TERM", "xterm-256color")], &[], false),
        (&[], &["--color", "auto"], false),
        (&[], &["--color", "always"], true),
        (&[], &["--color=never"], false),
        (&[("CLICOLOR_FORCE", "1")], &[], true),
        (&[("FORCE_COLOR", "1")], &[], true),
        (&[("CLICOLOR_FORCE", "0")], &[], false),
        (&[("CLICOLOR_FORCE", "")], &[], false),
        (&[("CLICOLOR_FORCE", "1")], &["--color", "never"], false),
        (&[("NO_COLOR", "1")], &["--color", "always"], true),
        (&[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")], &[], false),
        (&[("NO_COLOR", ""), ("CLICOLOR_FORCE", "1")], &[], true),
    ] {
        let run = validate(variables, arguments).expect(2);
        let is_colored = (run.text().contains(ESC), run.stderr.contains(ESC));
        assert_eq!(is_colored, (colored, colored), "{variables:?} {arguments:?}");
    }
}

#[test]
fn usage_errors_heed_the_flag_too() {
    let sandbox = Sandbox::new();
    assert!(sandbox.run(&["nope", "--color", "always"]).expect(2).stderr.contains(ESC));
    assert!(sandbox.run(&["--color=always", "nope"]).expect(2).stderr.contains(ESC));
    let output = sandbox.command(&["nope", "--color", "never"]).env("CLICOLOR_FORCE", "1").output().expect("it runs");
    assert!(!String::from_utf8_lossy(&output.stderr).contains(ESC));
}

#[test]
fn machine_output_is_never_coloured() {
    for arguments in [
        &["events", "--json"][..],
        &["schema"],
        &["fake", "page_created", "--seed", "1"],
        &["man"],
        &["completions", "zsh"],
    ] {
        let run = Sandbox::new().run(&[arguments, &["--color", "always"]].concat()).expect(0);
        assert!(!run.text().contains(ESC), "{arguments:?}");
    }
    assert!(!validate(&[], &["--json", "--color", "always"]).expect(2).text().contains(ESC));
}

/// `script` gives the program a terminal.
#[test]
#[cfg(target_os = "linux")]
fn colour_is_on_on_a_terminal_unless_the_environment_says_no() {
    let sandbox = Sandbox::new();
    sandbox.write("body.json", "{\"event\":7}");
    for (variables, flag, colored) in [
        ("TERM=xterm", "", true),
        ("TERM=dumb", "", false),
        ("TERM=xterm NO_COLOR=1", "", false),
        ("TERM=xterm", "--color=never", false),
        ("TERM=dumb", "--color=always", true),
    ] {
        let line = format!("env {variables} '{}' validate body.json {flag}", env!("CARGO_BIN_EXE_cfwh"));
        let mut script = std::process::Command::new("script");
        let script = script.args(["-qec", &line, "/dev/null"]).env_remove("NO_COLOR").stdin(Stdio::null());
        let Ok(output) = script.current_dir(sandbox.path()).output() else {
            return eprintln!("skipped: there is no script(1)");
        };
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(text.contains("[type]"), "{text}");
        assert_eq!(text.contains(ESC), colored, "{line}: {text}");
    }
}

#[test]
fn a_strangers_text_is_made_visible_by_validate() {
    let sandbox = Sandbox::new();
    let body = format!("{{\"event\":\"{HOSTILE}\",\"{HOSTILE}\":\"{HOSTILE}\"}}");
    let as_escapes =
        json!({ "event": HOSTILE, HOSTILE: HOSTILE, "page": { "id": HOSTILE, "status": HOSTILE, "self": HOSTILE } });
    for (name, bytes) in [("raw.json", body), ("escaped.json", as_escapes.to_string())] {
        sandbox.write(name, bytes);
        for arguments in [&["validate", name][..], &["validate", name, "--event", "page_created", "-v"]] {
            let run = sandbox.run(arguments).expect(1);
            assert_safe(run.text());
            assert_safe(&run.stderr);
            assert!(
                run.text().contains("\\u{1b}") && run.text().contains("\\u{202e}") || run.text().contains("\\u001b"),
                "{}",
                run.text()
            );
        }
    }
}

#[test]
fn a_strangers_headers_are_made_visible_by_validate_and_verify() {
    let sandbox = Sandbox::new();
    let head =
        format!("Content-Type: {HOSTILE}\r\nX-Hub-Signature: {HOSTILE}\r\nX-Atlassian-Webhook-Identifier: {HOSTILE}");
    sandbox.write("c.http", format!("POST /{HOSTILE} HTTP/1.1\r\n{head}\r\n\r\n{{\"event\":\"page_created\"}}"));
    for arguments in [&["validate", "c.http"][..], &["verify", "c.http", "--secret", "s"]] {
        let run = sandbox.run(arguments);
        assert!(run.code < 2, "{}", run.stderr);
        assert!(!run.text().is_empty());
        assert_safe(run.text());
        assert_safe(&run.stderr);
    }
    let run = sandbox.run(&["send", "c.http", "--to", "http://127.0.0.1:1/", "-v"]);
    assert_safe(run.text());
    assert_safe(&run.stderr);
}

#[test]
fn a_strangers_text_is_made_visible_by_listen() {
    let sandbox = Sandbox::new();
    let body = json!({ "event": "page_created", HOSTILE: 1, "page": { "title": HOSTILE, "id": 7, "status": HOSTILE } })
        .to_string();
    sandbox.write("body.json", body.replace("\\u001b", "\u{1b}"));
    sandbox.write("clean.json", body);
    for verbose in [&["--count", "2"][..], &["--count", "2", "-v"]] {
        let run = listen_meanwhile(&sandbox, verbose, |url| {
            let to = format!("{url}/page_created?{}", "%1b[31m");
            sandbox.run(&["send", "body.json", "clean.json", "--to", &to, "-H", "X-Odd: \u{202e}\u{200b}"]);
        })
        .expect(0);
        assert_safe(run.text());
        assert_safe(&run.stderr);
        assert!(run.text().contains("\\u{1b}[2J"), "the title is shown: {}", run.text());
    }
}

#[test]
fn a_refused_strangers_target_is_made_visible() {
    let sandbox = Sandbox::new();
    let listener = Listener::start(&sandbox, &[]);
    assert_eq!(listener.request("GET", "/\u{202e}x", &[JSON], b"").status / 100, 4);
    listener.interrupt();
    assert_safe(&listener.finish().expect(0).stderr);
}

#[test]
#[cfg(unix)]
fn a_hostile_file_name_is_made_visible() {
    let sandbox = Sandbox::new();
    let name = "a\u{1b}[31m\u{202e}.json";
    sandbox.write(name, "{}");
    let folder = "b\u{1b}[31m";
    sandbox.write(&format!("{folder}/c\u{200b}.json"), "{}");
    std::fs::create_dir(sandbox.path().join("c\u{1b}[31m")).expect("a folder");
    let runs = [
        sandbox.run(&["validate", name, folder]),
        sandbox.run(&["validate", "missing\u{1b}[31m"]),
        sandbox.run(&["validate", "c\u{1b}[31m"]),
        sandbox.run(&["sign", name, name, "--secret", "s"]),
        sandbox.run(&["verify", name, "--secret", "s"]),
        sandbox.run(&["send", name, "--to", "http://127.0.0.1:1/"]),
        sandbox.run(&["send", "missing\u{1b}[31m", "--to", "http://127.0.0.1:1/"]),
        sandbox.run(&["sign", "--secret-file", "missing\u{1b}[31m"]),
        sandbox.run(&["fake", "page_created", "--seed", "1", "--out", name]),
        sandbox.run(&["fake", "page_created", "--seed", "1", "--out", folder]),
        sandbox.run(&["listen", "--capture", name]),
    ];
    for run in runs {
        assert_safe(run.text());
        assert_safe(&run.stderr);
        assert!(format!("{}{}", run.text(), run.stderr).contains("\\u{1b}[31m"), "{} {}", run.text(), run.stderr);
    }
}

#[test]
fn data_is_passed_on_unaltered() {
    let sandbox = Sandbox::new();
    let text = sandbox.run(&["fake", "page_created", "--seed", "1", "--set", "page.title=\"\u{202e}x\""]).expect(0);
    assert!(text.text().contains('\u{202e}'));
}

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
        &["sign", "many.ndjson", "--secret", "s"],
        &["sign", "many.ndjson", "--secret", "s", "--json"],
        &["validate", "many.ndjson", "--json"],
        &["send", "all", "--count", "200", "--seed", "1", "--dry-run", "--to", "http://127.0.0.1:1/"],
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
fn a_stdout_that_was_never_read_is_success_for_every_command() {
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
fn a_full_stdout_is_trouble_for_every_command() {
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
        &["sign", "body.json", "--secret", "s"],
        &["verify", "body.json", "--secret", "s", "--signature", "sha256=00"],
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
fn quiet_leaves_errors_and_the_exit_code() {
    let sandbox = Sandbox::new();
    let endpoint = Endpoint::start(&[200, 500]);
    let url = endpoint.url("/");
    sandbox.write("good.json", sandbox.run(&["fake", "page_created", "--seed", "1"]).expect(0).stdout);
    sandbox.write("bad.json", "{\"event\":7}");
    for (arguments, code) in [
        (&["sign", "good.json", "--secret", "s"][..], 0),
        (&["verify", "good.json", "--secret", "s"], 1),
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
fn results_go_to_stdout_and_talk_to_stderr() {
    let sandbox = Sandbox::new();
    sandbox.write("bad.json", "{\"event\":7}");
    let validated = sandbox.run(&["validate", "bad.json"]).expect(1);
    assert!(validated.text().contains("error[type]") && !validated.text().contains("validated"));
    assert_eq!(validated.stderr, "1 validated: 0 clean, 0 with warnings, 1 with errors\n");
    let faked = sandbox.run(&["fake", "page_created"]).expect(0);
    assert!(serde_json::from_slice::<Value>(&faked.stdout).is_ok() && faked.stderr.starts_with("seed "));
}

/// The schema with every object closed: a field that is printed and not described is then found.
fn closed(mut schema: Value) -> Value {
    fn close(value: &mut Value) {
        match value {
            Value::Object(members) => {
                members.values_mut().for_each(close);
                if members.get("properties").is_some_and(Value::is_object) {
                    members.insert("additionalProperties".to_owned(), false.into());
                }
            }
            Value::Array(items) => items.iter_mut().for_each(close),
            _ => {}
        }
    }
    close(&mut schema);
    schema
}

/// Holds every line against `cfwh schema --output COMMAND`.
#[track_caller]
fn assert_described(command: &str, lines: &[Value], at_least: usize) {
    let schema = Sandbox::new().run(&["schema", "--output", command]).expect(0);
    let schema = closed(serde_json::from_slice(&schema.stdout).expect("JSON"));
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).expect("a schema");
    assert!(lines.len() >= at_least, "{command}: {lines:?}");
    for line in lines {
        assert!(
            validator.is_valid(line),
            "{command}: {line}\n{:?}",
            validator.iter_errors(line).map(|error| error.to_string()).collect::<Vec<_>>()
        );
    }
    assert!(!validator.is_valid(&json!({ "nonsense": true })), "{command}: the schema takes anything");
}

/// Bodies that bring many rules to speak.
fn bodies(sandbox: &Sandbox) {
    sandbox.write("clean.json", sandbox.run(&["fake", "page_created", "--seed", "1"]).expect(0).stdout);
    sandbox.write("many.json", "{\"event\":\"page_trashed\",\"a\":1,\"a\":2,\"page\":{\"id\":7,\"status\":\"current\",\"self\":\"x\",\"version\":{\"when\":\"now\"}}}");
    sandbox.write("none.json", "nonsense");
    sandbox.write("lines.ndjson", "{\"event\":\"page_moved\"}\n{}\n{\"event\":\"space_created\",\"page\":{}}\n");
    sandbox.write("kept.http", "POST /hook/page_created HTTP/1.1\r\nContent-Type: text/plain\r\nX-Hub-Signature: x\r\n\r\n{\"event\":\"page_removed\"}");
}

#[test]
fn the_json_lines_of_the_offline_commands_are_as_their_schemas_say() {
    let sandbox = Sandbox::new();
    bodies(&sandbox);
    let lines = |arguments: &[&str]| sandbox.run(&[arguments, &["--json"]].concat()).json();
    assert_described("events", &lines(&["events"]), 19);
    assert_described("rules", &lines(&["rules"]), 15);
    assert_described("sign", &lines(&["sign", "clean.json", "lines.ndjson", "kept.http", "--secret", "s"]), 5);
    let validated = lines(&["validate", "clean.json", "many.json", "none.json", "lines.ndjson", "kept.http"]);
    assert_described("validate", &validated, 7);
    assert_described(
        "validate",
        &lines(&["validate", "many.json", "kept.http", "--strict", "--event", "space_created"]),
        2,
    );
    let of_headers = validated
        .iter()
        .flat_map(|line| line["findings"].as_array().expect("a list"))
        .filter(|finding| finding["header"].is_string());
    assert!(of_headers.count() > 0, "a finding in the headers is among them");

    let signature = sandbox.run(&["sign", "clean.json", "--secret", "s"]).expect(0).text().trim().to_owned();
    for (given, verdict) in [(signature.as_str(), "valid"), ("sha256=00", "malformed")] {
        let verified = lines(&["verify", "clean.json", "--secret", "s", "--signature", given, "--show-expected"]);
        assert_described("verify", &verified, 1);
        assert_eq!(verified[0]["verdict"], verdict);
    }
    let mismatched = lines(&["verify", "none.json", "--secret", "s", "--signature", &signature, "--show-expected"]);
    assert_described("verify", &mismatched, 1);
    assert_described("verify", &lines(&["verify", "none.json", "kept.http", "--secret", "s"]), 2);
}

#[test]
fn the_json_lines_of_send_and_listen_are_as_their_schemas_say() {
    let sandbox = Sandbox::new();
    bodies(&sandbox);
    let endpoint = Endpoint::start(&[200, 500]);
    let to = endpoint.url("/");
    let sent = sandbox
        .run(&["send", "page_created", "kept.http", "lines.ndjson", "--seed", "1", "--to", &to, "--json"])
        .expect(1);
    assert_described("send", &sent.json(), 5);
    let unanswered = sandbox.run(&["send", "none.json", "--to", "http://127.0.0.1:1/", "--json"]).expect(2);
    assert_described("send", &unanswered.json(), 1);

    for (arguments, secret) in
        [(&["--secret", "s", "--capture", "kept"][..], "given"), (&["--strict"], "none"), (&["--secret"], "generated")]
    {
        let mut listener = Listener::start(&sandbox, arguments);
        let mut lines = vec![listener.ready.clone()];
        assert_eq!(listener.ready["secret"], secret);
        for source in ["clean.json", "many.json", "none.json", "lines.ndjson"] {
            sandbox.run(&["send", source, "--secret", "s", "--to", &listener.url]);
        }
        listener.post("/webhooks/confluence", &[JSON, "X-Hub-Signature: rubbish"], b"{}");
        lines.extend((0..7).map(|_| listener.next()));
        listener.interrupt();
        lines.extend(listener.finish().expect(0).json());
        assert_described("listen", &lines, 9);
    }
    let demo = sandbox.run(&["listen", "--demo", "--json"]).expect(0).json();
    assert_described("listen", &demo, EventKind::all().len() + 2);
}

/// The fields that scripts were promised, whatever else is printed.
#[test]
fn the_promised_fields_are_required_by_the_schemas() {
    let finding = ["rule", "severity", "origin", "pointer", "line", "column", "message", "help"];
    for (command, place, fields) in [
        ("listen", "/oneOf/0", &["type", "url", "secret"][..]),
        (
            "listen",
            "/oneOf/1",
            &[
                "type",
                "number",
                "at",
                "event",
                "target",
                "bytes",
                "signature",
                "verdict",
                "findings",
                "status",
                "ms",
                "capture",
                "forwarded",
            ],
        ),
        ("listen", "/oneOf/2", &["type", "received", "accepted", "refused", "expectations"]),
        ("listen", "/definitions/finding", &finding),
        ("verify", "", &["input", "verdict"]),
        ("validate", "", &["input", "line", "event", "verdict", "findings"]),
        ("validate", "/definitions/finding", &finding),
        ("send", "", &["event", "source", "url", "status", "ms", "attempts", "error"]),
        ("events", "", &["event", "entity", "description"]),
    ] {
        let schema: Value =
            serde_json::from_slice(&Sandbox::new().run(&["schema", "--output", command]).expect(0).stdout)
                .expect("JSON");
        let required = schema
            .pointer(place)
            .and_then(|part| part["required"].as_array())
            .unwrap_or_else(|| panic!("{command}{place}"));
        for field in fields {
            assert!(required.iter().any(|name| name == field), "{command}{place} does not promise {field}");
        }
    }
}
