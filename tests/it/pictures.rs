//! The pictures in the README: what the program really prints on a terminal, drawn. Times and ports, which differ from run
//! to run, are put in by hand; everything else is compared with what it prints now.

use std::collections::BTreeSet;

use anstyle_svg::Term;

use crate::committed_files::{expect_none, fresh};
use crate::flawed_receiver::{Flaw, Receiver};
use crate::support::{Sandbox, listen_meanwhile};

/// A shell's line, then what came.
fn picture(command: &str, printed: &[u8]) -> String {
    let printed = String::from_utf8_lossy(printed);
    Term::new().render_svg(&format!("\u{1b}[32m$\u{1b}[0m \u{1b}[1m{command}\u{1b}[0m\n{}", printed.trim_end())) + "\n"
}

/// Puts `value` in the place of the number, and the spaces in front of it, that stands before each `unit`.
fn settle(text: &str, unit: &str, value: &str) -> String {
    let mut parts: Vec<_> = text.split(unit).collect();
    let last = parts.pop().unwrap_or_default();
    let is_number = |character: char| character.is_ascii_digit() || " .".contains(character);
    parts.iter().map(|part| part.trim_end_matches(is_number).to_owned() + value + unit).collect::<String>() + last
}

/// Puts the same time in the place of each time of day.
fn at_half_past_nine(text: &str) -> String {
    let is_time = |time: &str| {
        time.len() == 8
            && time.bytes().enumerate().all(|(at, byte)| if at % 3 == 2 { byte == b':' } else { byte.is_ascii_digit() })
    };
    let starts = (0..text.len()).filter(|&at| text.get(at..at + 8).is_some_and(is_time));
    let mut settled = text.to_owned();
    for at in starts {
        settled.replace_range(at..at + 8, "09:30:00");
    }
    settled
}

fn listening(sandbox: &Sandbox) -> String {
    let fake = ["fake", "page_updated", "--seed", "8", "--at", "2026-01-15T09:30:00Z", "--set", "page.id=3530414121"];
    sandbox.write("flawed.json", sandbox.run(&fake).expect(0).stdout);
    let arguments = ["--color", "always", "--secret", "s3cret", "--count", "4"];
    let run = listen_meanwhile(sandbox, &arguments, |url| {
        let send = |source: &str, secret: &str| {
            // A file has its own time.
            let at = if source.contains('.') { &[][..] } else { &["--at", "2026-01-15T09:30:00Z"] };
            let arguments = ["send", source, "--seed", "5", "--to", url, "--secret", secret];
            sandbox.run(&[&arguments[..], at].concat());
        };
        send("page_updated", "s3cret");
        send("comment_created", "s3cret");
        send("flawed.json", "s3cret");
        send("attachment_created", "an0ther");
    });
    let port = String::from_utf8_lossy(&run.stdout)
        .split("127.0.0.1:")
        .nth(1)
        .map_or(String::new(), |rest| rest.chars().take_while(char::is_ascii_digit).collect());
    let text = String::from_utf8_lossy(&run.stdout).replace(&format!("127.0.0.1:{port}"), "127.0.0.1:8080");
    let text = at_half_past_nine(&settle(&text, " ms", "  0.12"));
    picture("cfwh listen --secret-file secret.txt", text.as_bytes())
}

fn finding(sandbox: &Sandbox) -> String {
    let mut command = sandbox.command(&["validate", "--color", "always", "samples/invalid/page_id_is_a_number.json"]);
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    let run = sandbox.finish(command).expect(1);
    picture("cfwh validate samples/invalid/page_id_is_a_number.json", &run.stdout)
}

fn probing(sandbox: &Sandbox) -> String {
    let receiver = Receiver::start(Flaw::Reserialises);
    let run = sandbox.run(&["probe", &receiver.url(), "--secret", "s3cret", "--color", "always"]).expect(1);
    let text = settle(run.text(), " s)", " 1.1");
    picture("cfwh probe http://127.0.0.1:3000/hooks --secret-file secret.txt", text.as_bytes())
}

#[test]
fn committed_files_of_pictures_are_current() {
    let sandbox = Sandbox::new();
    let mut stale = Vec::new();
    for (name, drawn) in
        [("listen", listening(&sandbox)), ("validate", finding(&sandbox)), ("probe", probing(&sandbox))]
    {
        fresh(format!("docs/pictures/{name}.svg"), drawn.as_bytes(), &mut stale);
    }
    expect_none(&stale);
}

#[test]
fn the_readme_shows_every_picture() {
    let readme = include_str!("../../README.md");
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/pictures");
    let names = std::fs::read_dir(folder).expect("the pictures").map(|entry| entry.expect("an entry").file_name());
    let missing: BTreeSet<_> =
        names.filter(|name| !readme.contains(&format!("(docs/pictures/{})", name.to_string_lossy()))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
