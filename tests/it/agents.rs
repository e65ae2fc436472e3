//! What coding agents read: `SKILL.md`, `llms.txt`, and errors with codes and fixes.

use std::collections::BTreeSet;
use std::path::Path;

use cfwh::cli::Cli;
use cfwh::cli::help::{SKILL, all_commands};
use cfwh::models::error_code::ErrorCode;
use clap::CommandFactory;
use serde_json::Value;

use crate::committed_files::{expect_none, fresh};
use crate::links::index_sections;
use crate::support::{ClosedPort, Sandbox};

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("a page")
}

/// The spans of code in Markdown, and the lines of its blocks.
fn code(page: &str) -> Vec<String> {
    let mut blocks = page.split("```");
    let mut code = Vec::new();
    while let Some(text) = blocks.next() {
        code.extend(text.split('`').skip(1).step_by(2).map(str::to_owned));
        code.extend(blocks.next().into_iter().flat_map(str::lines).map(str::to_owned));
    }
    code
}

#[test]
fn help_skill_prints_the_file_and_takes_nothing_else() {
    let sandbox = Sandbox::new();
    assert_eq!(sandbox.run(&["help", "--skill"]).expect(0).text(), read("SKILL.md"));
    for other in ["send", "--json"] {
        let run = sandbox.run(&["help", "--skill", other]).expect(2);
        assert!(run.stderr.contains("--skill") && run.stdout.is_empty(), "{}", run.stderr);
    }
}

#[test]
fn the_skill_begins_with_its_name_and_description() {
    let (front, _) = SKILL.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n")).expect("a front matter");
    let front: Value = serde_saphyr::from_str(front).expect("YAML");
    assert_eq!(front["name"], "cfwh");
    let description = front["description"].as_str().expect("a description");
    assert!((100..=1024).contains(&description.len()), "{} characters", description.len());
    assert_eq!(front.as_object().map(serde_json::Map::len), Some(2));
}

#[test]
fn the_skill_names_every_command_and_only_options_that_exist() {
    let mut cli = Cli::command();
    cli.build();
    let code = code(SKILL).join("\n");
    let words = |text: &str| -> BTreeSet<String> { text.split_whitespace().map(str::to_owned).collect() };
    for command in cli.get_subcommands().map(clap::Command::get_name) {
        assert!(code.contains(&format!("cfwh {command}")), "SKILL.md does not name `cfwh {command}`");
    }
    let commands = all_commands(&cli);
    let options: BTreeSet<_> = commands
        .iter()
        .flat_map(|(_, command)| command.get_arguments().filter_map(clap::Arg::get_long))
        .map(|long| format!("--{long}"))
        .collect();
    let named: Vec<_> = words(&code).into_iter().filter(|word| word.starts_with("--")).collect();
    assert!(named.len() > 10, "{named:?}");
    for option in named {
        assert!(options.contains(&option), "no command has {option}");
    }
}

/// The first sentence of a page.
fn first_sentence(page: &str) -> String {
    let is_prose = |text: &&str| !text.starts_with(['#', '<', '|', '-', '!']) && !text.is_empty();
    let text: String = page.split("\n```").step_by(2).collect();
    let paragraph = text.split("\n\n").map(str::trim).find(is_prose).unwrap_or_default();
    let paragraph = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
    let ends = [". ", ": "].into_iter().filter_map(|end| paragraph.find(end)).min();
    without_links(paragraph[..ends.unwrap_or(paragraph.len())].trim_end_matches(['.', ':']))
}

/// The text with the titles of links instead of the links.
fn without_links(text: &str) -> String {
    let mut parts = text.split("](");
    let first = parts.next().unwrap_or_default().to_owned();
    let rest = parts.map(|part| part.split_once(')').map_or(part, |(_, rest)| rest));
    rest.fold(first, |text, part| text + part).replace('[', "")
}

/// The index of the documentation for language models, as llmstxt.org describes it.
fn index_for_models(index: &str) -> String {
    let address = |path: &str| format!("{}/raw/main/{path}", env!("CARGO_PKG_REPOSITORY"));
    let mut text = format!(
        "# cfwh\n\n> {}.\n\n`cfwh help --skill` prints when to use which command. `cfwh help --json` describes all commands and options.\n\n\
         ## Start\n\n",
        first_sentence(&read("README.md"))
    );
    for (title, path) in [("README", "README.md"), ("Instructions for using cfwh", "SKILL.md")] {
        text.extend([format!("- [{title}]({})\n", address(path))]);
    }
    for (heading, links) in index_sections(index) {
        text.extend([format!("\n## {heading}\n\n")]);
        for (title, target) in links {
            let path = format!("docs/{target}");
            let sentence = first_sentence(&read(&path));
            let note = if sentence.is_empty() { sentence } else { format!(": {sentence}") };
            text.extend([format!("- [{title}]({}){note}\n", address(&path))]);
        }
    }
    text + &format!(
        "\n## Optional\n\n- [Instructions for changing cfwh]({})\n- [Architecture]({})\n- [Changelog]({})\n",
        address("AGENTS.md"),
        address("ARCHITECTURE.md"),
        address("CHANGELOG.md")
    )
}

#[test]
fn committed_files_for_language_models_are_current() {
    let mut stale = Vec::new();
    fresh("llms.txt", index_for_models(&read("docs/README.md")).as_bytes(), &mut stale);
    expect_none(&stale);
}

#[test]
fn the_schema_lists_every_error_code_once() {
    let schema = Sandbox::new().run(&["schema", "--output", "error"]).expect(0).json_whole();
    let listed: Vec<_> = schema["properties"]["code"]["enum"].as_array().expect("codes").iter().collect();
    let codes: Vec<_> = ErrorCode::ALL.iter().map(|code| code.info().name).collect();
    assert_eq!(listed, codes);
    assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), codes.len());
}

/// Mistakes that users make, the code of each, and a part of its fix.
const MISTAKES: &[(&[&str], &str, &str)] = &[
    (&["valdate", "body.json"], "usage", "'validate'"),
    (&["send", "page_creatd", "--to", "http://127.0.0.1:1/"], "usage", "`page_created`"),
    (&["send", "page_moved", "--to", "http://127.0.0.1:1/"], "usage", "--profile cloud"),
    (&["send", "page_created"], "usage", "--to <URL>"),
    (&["send", "page_created", "--to", "127.0.0.1:1/"], "invalid-url", "http://127.0.0.1:1/"),
    (&["send", "page_created", "--to", "http://127.0.0.1:1/", "--timeout", "5"], "usage", "use a duration like 500ms"),
    (&["send", "page_created", "--to", "http://127.0.0.1:1/", "--set", "page.id"], "usage", "PATH=JSON"),
    (&["send", "page_created", "--to", "http://127.0.0.1:1/", "--fault", "nope"], "usage", "--fault list"),
    (&["send", "page_created", "--to", "http://127.0.0.1:1/", "--cacert", "body.json"], "tls", "PEM"),
    (&["sign", "body.json"], "usage", "CFWH_SECRET"),
    (&["sign", "body.json", "--secret-file", "missing"], "not-found", "correct the path"),
    (&["sign", "body.json", "--secret", ""], "usage", "not empty"),
    (&["verify", "body.json", "--secret", "s", "--at", "yesterday"], "usage", "RFC 3339"),
    (&["validate", "missing.json"], "not-found", "correct the path"),
    (&["validate", "empty"], "usage", "another folder"),
    (&["validate", "body.json", "--format", "nope"], "usage", "use one of [text, json"),
    (&["captures", "list", "empty"], "usage", "cfwh listen --capture"),
    (&["captures", "redact", "calls", "--out", "calls"], "usage", "another folder"),
    (&["probe", "http://example.com/"], "usage", "--yes"),
    (&["probe", "http://127.0.0.1:1/", "--only", "nope"], "usage", "--list"),
    (&["probe", "http://127.0.0.1:1/", "--against", "body.json"], "usage", "--record"),
    (&["listen", "--port", "99999"], "usage", "from 0 to 65535"),
    (&["jwks", "--key", "body.json"], "usage", "use PEM"),
    (&["fake", "nope"], "usage", "`cfwh events`"),
    (&["help", "nope"], "usage", "`cfwh --help`"),
];

/// Runs a command that fails, and returns the error that it prints with `--json`.
fn error(sandbox: &Sandbox, arguments: &[&str]) -> Value {
    let run = sandbox.run(&[arguments, &["--json"]].concat()).expect(2);
    let line = run.stderr.lines().rfind(|line| line.starts_with('{')).unwrap_or_else(|| panic!("{}", run.stderr));
    serde_json::from_str(line).expect("a line of JSON")
}

#[test]
fn common_mistakes_have_a_code_and_a_fix() {
    let sandbox = Sandbox::new();
    sandbox.write("body.json", "{}");
    sandbox.write("calls/000001-page_created.http", "POST / HTTP/1.1\r\n\r\n{}");
    std::fs::create_dir(sandbox.path().join("empty")).expect("a folder");
    for (arguments, code, fix) in MISTAKES {
        let line = error(&sandbox, arguments);
        assert_eq!(line["code"], *code, "{arguments:?}: {line}");
        let (message, advice) =
            (line["message"].as_str().expect("a message"), line["fix"].as_str().unwrap_or_default());
        assert!(advice.contains(fix), "{arguments:?}: {line}");
        assert!(!advice.contains(message) && !message.contains("For more information"), "{arguments:?}: {line}");
    }
}

#[test]
fn network_errors_have_a_code_and_a_fix() {
    let (sandbox, closed) = (Sandbox::new(), ClosedPort::new());
    let refused = error(&sandbox, &["probe", &closed.url("/")]);
    assert_eq!(
        (&refused["code"], &refused["fix"]),
        (&"connection-refused".into(), &"start the receiver, or correct the URL".into())
    );
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let in_use = error(&sandbox, &["listen", "--port", &port]);
    assert_eq!(
        (&in_use["code"], &in_use["fix"]),
        (&"address-in-use".into(), &"use another port, or 0 for a free one".into())
    );
}
