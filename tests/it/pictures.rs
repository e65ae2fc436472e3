//! The pictures in the README and in docs/: what the program really prints on a terminal, drawn. Times and ports, which differ from run
//! to run, are put in by hand; everything else is compared with what it prints now.

use std::collections::BTreeSet;
use std::path::Path;

use anstyle_svg::Term;

use crate::animation::{Scene, animate};
use crate::committed_files::{expect_none, fresh};
use crate::flawed_receiver::{Flaw, Receiver};
use crate::links::pages_under;
use crate::support::{Sandbox, listen_meanwhile};

/// What a terminal shows: the command, then its output.
fn session(command: &str, printed: &str) -> String {
    format!("\u{1b}[32m$\u{1b}[0m \u{1b}[1m{command}\u{1b}[0m\n{}", printed.trim_end())
}

/// A picture that does not move.
fn still(session: &str) -> String {
    Term::new().render_svg(session) + "\n"
}

/// Replaces the number (and the spaces) before each `unit` with `value`.
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
            let arguments = ["send", source, "--seed", "1", "--to", url, "--secret", secret];
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
    session("cfwh listen --secret-file secret.txt", &text)
}

fn finding(sandbox: &Sandbox) -> String {
    let mut command = sandbox.command(&["validate", "--color", "always", "samples/invalid/page_id_is_a_number.json"]);
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    let run = sandbox.finish(command).expect(1);
    session("cfwh validate samples/invalid/page_id_is_a_number.json", run.text())
}

fn probing(sandbox: &Sandbox) -> String {
    let receiver = Receiver::start(Flaw::Reserialises);
    let run = sandbox.run(&["probe", &receiver.url(), "--secret", "s3cret", "--color", "always"]).expect(1);
    let text = settle(run.text(), " s)", " 1.1");
    session("cfwh probe http://localhost:3000/hooks --secret-file secret.txt", &text)
}

#[test]
fn committed_files_of_pictures_are_current() {
    let sandbox = Sandbox::new();
    let mut stale = Vec::new();
    let (listening, probing) = (listening(&sandbox), probing(&sandbox));
    let drawn = [("listen", still(&listening)), ("validate", still(&finding(&sandbox))), ("probe", still(&probing))];
    let scenes = [Scene { text: listening, pause: 1.0, stay: 4.0 }, Scene { text: probing, pause: 0.1, stay: 7.0 }];
    let description =
        "cfwh listen shows deliveries as it receives them. cfwh probe finds what is wrong with a receiver.";
    let moving = ("first-minute", animate(&scenes, description));
    for (name, drawn) in drawn.into_iter().chain([moving]) {
        fresh(format!("docs/pictures/{name}.svg"), drawn.as_bytes(), &mut stale);
    }
    expect_none(&stale);
}

#[test]
fn every_picture_is_on_a_page() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pages = pages_under(&root.join("docs")).into_iter().chain([root.join("README.md")]);
    let text: String = pages.map(|page| std::fs::read_to_string(page).expect("a page")).collect();
    let names = std::fs::read_dir(root.join("docs/pictures")).expect("the pictures");
    let names = names.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
    let missing: BTreeSet<_> = names.filter(|name| !text.contains(&format!("pictures/{name})"))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
