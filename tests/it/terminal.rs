//! What reaches a terminal: colour only where it is wanted, and a stranger's text made safe.

use std::process::Stdio;

use serde_json::json;

use crate::support::{ClosedPort, Listener, Run, Sandbox, listen_meanwhile, tool};

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
fn color_is_off_in_a_pipe_unless_asked_for() {
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
fn usage_errors_honor_the_color_flag() {
    let sandbox = Sandbox::new();
    assert!(sandbox.run(&["nope", "--color", "always"]).expect(2).stderr.contains(ESC));
    assert!(sandbox.run(&["--color=always", "nope"]).expect(2).stderr.contains(ESC));
    let output = sandbox.command(&["nope", "--color", "never"]).env("CLICOLOR_FORCE", "1").output().expect("it runs");
    assert!(!String::from_utf8_lossy(&output.stderr).contains(ESC));
}

#[test]
fn machine_readable_output_is_never_colored() {
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

#[test]
#[ignore = "needs script"]
#[cfg(target_os = "linux")]
fn color_is_on_in_a_terminal_unless_disabled() {
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
        let text = on_a_terminal(&sandbox, &line);
        assert!(text.contains("[type]"), "{text}");
        assert_eq!(text.contains(ESC), colored, "{line}: {text}");
    }
}

/// Returns the output on a terminal.
#[cfg(target_os = "linux")]
fn on_a_terminal(sandbox: &Sandbox, line: &str) -> String {
    let mut script = std::process::Command::new(tool("script"));
    let script = script.args(["-qec", line, "/dev/null"]).env_remove("NO_COLOR").stdin(Stdio::null());
    let output = script.current_dir(sandbox.path()).output().expect("script runs");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Prints a capture with control characters in a header.
const DRY_RUN: [&str; 5] = ["send", "call.http", "--dry-run", "--to", "http://receiver.test/"];
const CALL: &str = "POST /h HTTP/1.1\r\nX-A: \u{202e}\r\n\r\n\u{1b}]0;x\u{7}";

#[test]
fn a_dry_run_of_a_hostile_capture_is_unaltered_in_a_pipe() {
    let sandbox = Sandbox::new();
    sandbox.write("call.http", CALL);
    let printed = sandbox.run(&DRY_RUN).expect(0);
    assert!(printed.text().contains("X-A: \u{202e}\r\n") && printed.text().ends_with("\r\n\r\n\u{1b}]0;x\u{7}"));
}

#[test]
fn a_dry_run_refuses_a_header_that_http_forbids() {
    let sandbox = Sandbox::new();
    sandbox.write("call.http", "POST /h HTTP/1.1\r\nX-A: \u{1b}]0;x\u{7}\r\n\r\n{}");
    let refused = sandbox.run(&DRY_RUN).expect(2);
    assert!(
        refused.stderr.contains("cannot read call.http: not a capture: HTTP forbids the value of a header"),
        "{refused:?}"
    );
}

#[test]
#[ignore = "needs script"]
#[cfg(target_os = "linux")]
fn a_dry_run_of_a_hostile_capture_is_escaped_on_a_terminal() {
    let sandbox = Sandbox::new();
    sandbox.write("call.http", CALL);
    let line = format!("'{}' {}", env!("CARGO_BIN_EXE_cfwh"), DRY_RUN.join(" "));
    let text = on_a_terminal(&sandbox, &line);
    assert!(text.contains("X-A: \\u{202e}") && text.contains("\\u{1b}]0;x\\u{7}"), "{text}");
}

#[test]
fn validate_escapes_control_characters() {
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
fn validate_and_verify_escape_headers() {
    let sandbox = Sandbox::new();
    let capture = |text: &str| {
        let head = format!("Content-Type: {text}\r\nX-Hub-Signature: {text}\r\nX-Atlassian-Webhook-Identifier: {text}");
        format!("POST /{text} HTTP/1.1\r\n{head}\r\n\r\n{{\"event\":\"page_created\"}}")
    };
    // HTTP forbids control characters, so no request that was received has them.
    sandbox.write("c.http", capture(&HOSTILE.replace(char::is_control, "")));
    sandbox.write("forbidden.http", capture(HOSTILE));
    for command in [&["validate"][..], &["verify", "--secret", "s3cret"], &["send", "--to", "http://127.0.0.1:1/"]] {
        let run = sandbox.run(&[command, &["forbidden.http"]].concat()).expect(2);
        assert_safe(&run.stderr);
        assert!(run.stderr.contains("not a capture"), "{}", run.stderr);
    }
    for arguments in [&["validate", "c.http"][..], &["verify", "c.http", "--secret", "s3cret"]] {
        let run = sandbox.run(arguments);
        assert!(run.code < 2, "{}", run.stderr);
        assert!(!run.text().is_empty());
        assert_safe(run.text());
        assert_safe(&run.stderr);
    }
    let closed = ClosedPort::new();
    let run = sandbox.run(&["send", "c.http", "--to", &closed.url("/"), "-v"]);
    assert_safe(run.text());
    assert_safe(&run.stderr);
}

#[test]
fn listen_escapes_control_characters() {
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
fn listen_escapes_the_target_of_a_refused_request() {
    let sandbox = Sandbox::new();
    let listener = Listener::start(&sandbox, &[]);
    assert_eq!(listener.request("GET", "/\u{202e}x", &[JSON], b"").status / 100, 4);
    listener.interrupt();
    assert_safe(&listener.finish().expect(0).stderr);
}

#[test]
#[cfg(unix)]
fn file_names_are_escaped() {
    let sandbox = Sandbox::new();
    let name = "a\u{1b}[31m\u{202e}.json";
    sandbox.write(name, "{}");
    let folder = "b\u{1b}[31m";
    sandbox.write(&format!("{folder}/c\u{200b}.json"), "{}");
    std::fs::create_dir(sandbox.path().join("c\u{1b}[31m")).expect("a folder");
    let port = ClosedPort::new();
    let closed = port.url("/");
    let runs = [
        sandbox.run(&["validate", name, folder]),
        sandbox.run(&["validate", "missing\u{1b}[31m"]),
        sandbox.run(&["validate", "c\u{1b}[31m"]),
        sandbox.run(&["sign", name, name, "--secret", "s3cret"]),
        sandbox.run(&["verify", name, "--secret", "s3cret"]),
        sandbox.run(&["send", name, "--to", &closed]),
        sandbox.run(&["send", "missing\u{1b}[31m", "--to", &closed]),
        sandbox.run(&["sign", "--secret-file", "missing\u{1b}[31m"]),
        sandbox.run(&["fake", "page_created", "--seed", "1", "--out", name]),
        sandbox.run(&["fake", "page_created", "--seed", "1", "--out", folder]),
        sandbox.run(&["listen", "--port", "0", "--capture", name]),
    ];
    for run in runs {
        assert_safe(run.text());
        assert_safe(&run.stderr);
        assert!(format!("{}{}", run.text(), run.stderr).contains("\\u{1b}[31m"), "{} {}", run.text(), run.stderr);
    }
}

#[test]
fn unknown_arguments_are_escaped() {
    let sandbox = Sandbox::new();
    let strange = "--\u{9b}31m\u{202e}\u{1b}]0;T\u{7}.json";
    for arguments in [&["validate", strange][..], &["validate", "--event", strange], &[strange]] {
        let run = sandbox.run(&[&["--color", "always"], arguments].concat()).expect(2);
        assert_safe(&run.stderr);
        assert!(run.stderr.contains("\\u{202e}"), "{}", run.stderr);
    }
}

#[test]
#[ignore = "needs script"]
#[cfg(target_os = "linux")]
fn text_uses_the_width_of_the_terminal_and_json_is_colored() {
    let sandbox = Sandbox::new();
    let title = "A title that is longer than the column of a terminal with eighty columns";
    sandbox.write("body.json", json!({ "event": "page_created", "page": { "title": title, "id": "1" } }).to_string());
    let program = env!("CARGO_BIN_EXE_cfwh");
    let listen = |columns: u16| {
        let line = format!(
            "stty -F /dev/tty rows 24 cols {columns}; '{program}' listen --port 0 --count 1 --within 20s -- \
             sh -c '\"{program}\" send body.json --to $CFWH_URL'"
        );
        on_a_terminal(&sandbox, &line)
    };
    assert!(listen(160).contains(&title[..55]), "{}", listen(160));
    assert!(!listen(80).contains(&title[..30]), "{}", listen(80));
    let colored =
        on_a_terminal(&sandbox, &format!("'{program}' fake page_created --seed 1; '{program}' events --json"));
    assert!(colored.contains("\u{1b}[34m\"event\"\u{1b}[0m"), "{colored}");
    let narrow = on_a_terminal(
        &sandbox,
        &format!(
            "stty -F /dev/tty rows 24 cols 50; '{program}' probe http://127.0.0.1:1/ ; '{program}' validate body.json"
        ),
    );
    assert!(narrow.lines().count() > 3, "{narrow}");
}

#[test]
fn json_escapes_characters_that_are_unsafe_in_a_terminal() {
    let sandbox = Sandbox::new();
    let hostile = format!("{HOSTILE}\u{2028}\u{34f}\u{e0001}##vso[task.complete]");
    let body =
        json!({ "event": "page_created", &hostile: 1, "page": { "title": hostile, "id": 7, "status": hostile } });
    let title = format!("page.title={}", json!(hostile));
    // Everything that JSON allows is in the file as it is.
    sandbox.write("body.json", body.to_string().replace("\\u001b", "\\u001B"));
    for arguments in [
        &["validate", "body.json", "--json"][..],
        &["validate", "body.json", "--format", "sarif"],
        &["drift", "body.json", "--json"],
        &["drift", "body.json", "--infer"],
        &["fake", "page_created", "--json", "--set", &title],
        &["verify", "body.json", "--secret", "s3cret", "--json"],
    ] {
        let run = sandbox.run(arguments);
        assert_safe(run.text());
        assert!(!run.text().contains("##vso["), "{}", run.text());
    }
}

#[test]
fn no_text_of_a_delivery_is_a_command_to_a_ci_server() {
    let sandbox = Sandbox::new();
    let title = "\n  ::set-output name=a::b\r\n::stop-commands::x\n##[error]y\n##vso[task.complete]\n##teamcity[z]";
    let body = json!({ "event": "page_created", title: 1, "page": { "title": title, "id": 7, "status": title } });
    sandbox.write("body.json", body.to_string());
    sandbox.write("pretty.json", format!("::error::x\n{body:#}"));
    let no_command = |run: &Run| {
        for line in run.text().lines().chain(run.stderr.lines()) {
            // Runners read their own annotations, and those are the only commands.
            let is_ours = line.starts_with("::error ") || line.starts_with("::warning ");
            assert!(is_ours || !line.trim_start().starts_with("::"), "{line}");
            let line = line.to_lowercase();
            assert!(!["##[", "##vso[", "##teamcity["].iter().any(|command| line.contains(command)), "{line}");
        }
    };
    for format in ["text", "json", "github", "junit", "sarif"] {
        no_command(&sandbox.run(&["validate", "body.json", "pretty.json", "-v", "--format", format]));
    }
    for arguments in [
        &["drift", "body.json"][..],
        &["drift", "body.json", "--format", "markdown"],
        &["drift", "body.json", "--json"],
        &["validate", title],
        &["send", "::error::x", "--to", "http://127.0.0.1:9/"],
    ] {
        no_command(&sandbox.run(arguments));
    }
    for arguments in [&["--count", "2", "-v"][..], &["--count", "2", "--json", "-v"]] {
        no_command(&listen_meanwhile(&sandbox, arguments, |url| {
            no_command(&sandbox.run(&[
                "send",
                "body.json",
                "pretty.json",
                "-v",
                "--to",
                url,
                "-H",
                "X-A: ##vso[task.x]",
            ]));
        }));
    }
}

#[test]
fn data_on_stdout_is_not_escaped() {
    let sandbox = Sandbox::new();
    let text = sandbox.run(&["fake", "page_created", "--seed", "1", "--set", "page.title=\"\u{202e}x\""]).expect(0);
    assert!(text.text().contains('\u{202e}'));
}

#[test]
#[ignore = "needs script"]
fn generated_json_is_escaped_on_a_terminal() {
    let sandbox = Sandbox::new();
    let program = env!("CARGO_BIN_EXE_cfwh");
    let text = on_a_terminal(
        &sandbox,
        &format!("'{program}' fake page_created --set 'page.title=\"\u{202e}\u{85}\u{2028}x\"'"),
    );
    assert!(text.contains("\\u202e\\u0085\\u2028x"), "{text}");
}
