//! What `--help` says: an example first, exit codes last, and no more than a screen or two.

use cfwh::cli::Cli;
use clap::CommandFactory;
use insta_cmd::assert_cmd_snapshot;

use crate::support::Sandbox;

/// All commands, as clap knows them, so that a new one cannot be forgotten here.
fn commands() -> Vec<String> {
    Cli::command().get_subcommands().map(|command| command.get_name().to_owned()).collect()
}

/// The help of the whole and of every command.
fn all_help() -> Vec<(String, String)> {
    let sandbox = Sandbox::new();
    let whole = ("cfwh".to_owned(), sandbox.run(&["--help"]).expect(0).text().to_owned());
    let each = commands().into_iter().map(|name| {
        let text = sandbox.run(&[&name, "--help"]).expect(0).text().to_owned();
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
        assert_cmd_snapshot!(format!("help_{name}"), Sandbox::new().command(&[&name, "--help"]));
    }
}

#[test]
fn help_begins_with_an_example_and_ends_with_the_exit_codes() {
    for (name, text) in all_help() {
        assert!(text.starts_with("Example"), "{name}: {text}");
        assert!(text.lines().nth(1).is_some_and(|line| line.starts_with("  cfwh ")), "{name}: {text}");
        let (_, end) = text.split_once("\nExit codes: 0 ").unwrap_or_else(|| panic!("{name} has no exit codes"));
        assert!(end.contains(", 2 "), "{name}: {end}");
        assert!(end.lines().count() <= 2, "{name}: more stands behind the exit codes: {end}");
    }
}

#[test]
fn help_fits_a_screen_or_two() {
    for (name, text) in all_help() {
        assert!(text.lines().count() <= 80, "{name} has {} lines", text.lines().count());
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
fn dash_h_and_the_help_command_say_the_same_as_dash_dash_help() {
    let sandbox = Sandbox::new();
    for name in commands() {
        let long = sandbox.run(&[&name, "--help"]).expect(0);
        assert_eq!(sandbox.run(&[&name, "-h"]).expect(0).text(), long.text());
        assert_eq!(sandbox.run(&["help", &name]).expect(0).text(), long.text());
    }
}
