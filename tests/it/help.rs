//! The text of `--help`: a summary and examples first, exit codes last, and at most two screens.

use cfwh::cli::Cli;
use cfwh::cli::help::all_commands;
use clap::CommandFactory;
use insta_cmd::assert_cmd_snapshot;

use serde_json::Value;

use crate::support::{ClosedPort, Sandbox};

/// The arguments that call a command, and others after them.
fn call<'a>(words: &'a str, others: &[&'a str]) -> Vec<&'a str> {
    words.split(' ').chain(others.iter().copied()).collect()
}

/// All commands, as clap knows them, so that a new one cannot be forgotten here.
fn commands() -> Vec<String> {
    all_commands(&Cli::command()).into_iter().map(|(words, _)| words).collect()
}

/// The help of the whole and of every command.
fn all_help() -> Vec<(String, String)> {
    let sandbox = Sandbox::new();
    let whole = ("cfwh".to_owned(), sandbox.run(&["--help"]).expect(0).text().to_owned());
    let each = commands().into_iter().map(|name| {
        let text = sandbox.run(&call(&name, &["--help"])).expect(0).text().to_owned();
        (name, text)
    });
    std::iter::once(whole).chain(each).collect()
}

#[test]
fn top_level_help() {
    assert_cmd_snapshot!(Sandbox::new().command(&["--help"]));
}

#[test]
fn the_help_of_every_command() {
    for name in commands() {
        assert_cmd_snapshot!(
            format!("help_{}", name.replace(' ', "_")),
            Sandbox::new().command(&call(&name, &["--help"]))
        );
    }
}

#[test]
fn help_begins_with_a_summary_and_examples_and_ends_with_the_exit_codes() {
    for (name, text) in all_help() {
        assert!(text.starts_with(|first: char| first.is_uppercase()), "{name}: {text}");
        let (summary, rest) = text.split_once("\n\nUsage: cfwh").expect("a usage line");
        assert!(summary.lines().count() == 1, "{name}: {summary}");
        let examples = rest.split_once("\n\n").expect("examples").1;
        assert!(examples.starts_with("Example"), "{name}: {text}");
        assert!(examples.lines().nth(1).is_some_and(|line| line.starts_with("  cfwh ")), "{name}: {text}");
        let (_, end) = text.split_once("\nExit codes: 0 ").unwrap_or_else(|| panic!("{name} has no exit codes"));
        assert!(end.contains(", 2 "), "{name}: {end}");
        assert!(end.lines().count() <= 2, "{name}: more stands behind the exit codes: {end}");
    }
}

#[test]
fn help_fits_a_screen_or_two() {
    for (name, text) in all_help() {
        assert!(text.lines().count() <= 120, "{name} has {} lines", text.lines().count());
        for line in text.lines() {
            assert!(line.chars().count() <= 100, "{name} has a line of {} columns: {line}", line.chars().count());
        }
    }
}

#[test]
fn help_and_version_are_results_and_usage_errors_are_not() {
    let sandbox = Sandbox::new();
    for arguments in [["--help"], ["-h"], ["--version"], ["-V"], ["help"]] {
        let run = sandbox.run(&arguments).expect(0);
        assert!(!run.stdout.is_empty() && run.stderr.is_empty(), "{arguments:?}");
    }
    for arguments in [&[][..], &["nope"], &["fake"], &["send"], &["send", "page_created"], &["sign", "--nope"]] {
        let run = sandbox.run(arguments).expect(2);
        assert!(run.stdout.is_empty() && !run.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn dash_h_is_a_summary_and_the_help_command_says_the_same_as_dash_dash_help() {
    let sandbox = Sandbox::new();
    for name in commands() {
        let long = sandbox.run(&call(&name, &["--help"])).expect(0);
        assert_eq!(sandbox.run(&call(&format!("help {name}"), &[])).expect(0).text(), long.text());
        let short = sandbox.run(&call(&name, &["-h"])).expect(0);
        assert!(short.text().lines().count() <= 50, "{name}: {}", short.text());
        assert!(short.text().contains(&format!("`cfwh {name} --help` shows all options")), "{}", short.text());
    }
    assert_eq!(sandbox.run(&["help"]).expect(0).text(), sandbox.run(&["--help"]).expect(0).text());
    let run = sandbox.run(&["help", "sned"]).expect(2);
    assert_eq!(run.stderr, "error: unknown command `sned`\n  fix: did you mean `send`?\n");
}

#[test]
fn the_summary_of_send() {
    assert_cmd_snapshot!(Sandbox::new().command(&["send", "-h"]));
}

#[test]
fn help_as_json_describes_every_command_with_its_options_and_exit_codes() {
    let lines = Sandbox::new().run(&["help", "--json"]).expect(0).json();
    let names: Vec<_> = lines.iter().map(|line| line["command"].as_str().expect("a name").to_owned()).collect();
    assert_eq!(names, [vec![String::new()], commands()].concat());
    for line in &lines {
        let codes = line["exit_codes"].as_array().expect("exit codes");
        assert!(
            codes.first().is_some_and(|code| code["code"] == 0) && codes.last().is_some_and(|code| code["code"] == 2),
            "{line}"
        );
        assert!(line["about"].as_str().is_some_and(|about| !about.is_empty()), "{line}");
    }
    let send = lines.iter().find(|line| line["command"] == "send").expect("send");
    let to = send["arguments"].as_array().expect("arguments").iter().find(|argument| argument["name"] == "--to");
    assert_eq!(to.expect("--to")["value"], "URL");
    let source = send["arguments"].as_array().expect("arguments").iter().find(|argument| argument["name"] == "SOURCE");
    let values = source.expect("SOURCE")["values"].as_array().expect("values");
    assert!(values.contains(&"page_created".into()) && values.contains(&"story".into()), "{values:?}");
    let one = Sandbox::new().run(&["help", "fake", "--json"]).expect(0).json();
    assert_eq!(one.len(), 1);
}

#[test]
fn errors_are_json_lines_with_a_stable_code() {
    let sandbox = Sandbox::new();
    sandbox.write("body.json", "{}");
    let closed = ClosedPort::new();
    for (arguments, code, fix) in [
        (
            &["validate", "missing.json"][..],
            "not-found",
            Some("correct the path: a relative path starts in the current folder"),
        ),
        (&["send", "page_creatd", "--to", "http://127.0.0.1:1/"], "usage", Some("did you mean `page_created`?")),
        (&["sign", "body.json", "--nope"], "usage", None),
        (&["nope"], "usage", None),
        (&["probe", &closed.url("/")], "connection-refused", None),
        (&["listen", "--port", "0", "--capture", "body.json"], "io", None),
    ] {
        let run = sandbox.run(&[arguments, &["--json"]].concat()).expect(2);
        let last = run.stderr.lines().rfind(|line| line.starts_with('{')).unwrap_or_else(|| panic!("{}", run.stderr));
        let line: Value = serde_json::from_str(last).expect("a JSON line");
        assert_eq!((&line["type"], &line["exit_code"]), (&"error".into(), &2.into()), "{line}");
        assert_eq!(line["code"], code, "{line}");
        assert!(line["message"].as_str().is_some_and(|text| !text.is_empty() && !text.contains("error:")), "{line}");
        if let Some(fix) = fix {
            assert_eq!(line["fix"], fix, "{line}");
        }
    }
}
