//! What the docs, `--help` and the schemas list is what the program does: events, exit codes, statuses, grades, numbers.

use std::collections::BTreeSet;
use std::path::Path;

use cfwh::auth::cases::{Failure, Level, Role};
use cfwh::auth::hub_signature;
use cfwh::cli::Cli;
use cfwh::cli::help::all_commands;
use cfwh::probe::cases::{self, Case};
use cfwh::probe::{CaseResult, ReceivedResponses, grade};
use cfwh::profiles::{cloud, published};
use clap::CommandFactory;

use crate::links::pages_under;
use crate::support::{ClosedPort, Endpoint, Listener, Sandbox, all_events, listen_meanwhile};

fn read(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap_or_else(|_| panic!("{name}"))
}

/// The pages with facts that are written by hand.
const COMMAND_LINE: &str = "docs/reference/command-line.md";
const LIMITS: &str = "docs/reference/statuses-and-limits.md";

/// The section of a page with this heading.
fn section(page: &str, heading: &str) -> String {
    let text = read(page);
    let (_, rest) = text.split_once(&format!("\n{heading}\n")).unwrap_or_else(|| panic!("{page} has no {heading}"));
    let level = heading.split(' ').next().expect("a heading");
    let is_end =
        |line: &&str| line.starts_with('#') && line.split(' ').next().is_some_and(|other| other.len() <= level.len());
    rest.lines().take_while(|line| !is_end(line)).fold(String::new(), |text, line| text + line + "\n")
}

/// The rows of the tables in a text, without their heads.
fn rows(text: &str) -> Vec<Vec<String>> {
    let cells = |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
    let lines: Vec<_> = text.lines().filter(|line| line.starts_with('|')).map(cells).collect();
    lines.split(|row: &Vec<String>| row[0] == "---").skip(1).flatten().cloned().collect()
}

/// The help of a command on one line; of the whole program without a name.
fn help(command: &str) -> String {
    let arguments: Vec<_> = command.split_whitespace().chain(["--help"]).collect();
    let run = Sandbox::new().run(&arguments).expect(0);
    run.text().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The part of the text between these two.
fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let rest = text.split_once(start).unwrap_or_else(|| panic!("no {start:?} in {text}")).1;
    rest.split_once(end).map_or(rest, |(part, _)| part)
}

/// The statuses in a text: words of three digits from 200 on.
fn statuses(text: &str) -> BTreeSet<u16> {
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != ',' && letter != '.');
    let words = words.map(|word| word.trim_matches([',', '.']));
    words.filter(|word| word.len() == 3).filter_map(|word| word.parse().ok()).filter(|status| *status >= 200).collect()
}

#[test]
fn events_prints_a_line_for_each_event() {
    let printed = Sandbox::new().run(&["events"]).expect(0);
    assert_eq!(printed.text().lines().count(), all_events().len());
    for (line, kind) in printed.text().lines().zip(all_events()) {
        let start = format!("{kind:18}  {:13}  published   ", kind.entity().key());
        assert_eq!(line.strip_prefix(&start), Some(kind.description()));
    }
}

/// The exit codes that a help lists, each with its meaning.
fn exit_codes(help: &str) -> Vec<(i32, String)> {
    let list = between(help, "Exit codes: ", "`cfwh COMMAND").trim().trim_end_matches('.');
    let mut codes = Vec::new();
    for part in format!(" {list}").split(", ") {
        let (code, meaning) = part.trim().split_once(' ').expect("a meaning");
        match (code.parse(), codes.last_mut()) {
            (Ok(code), _) => codes.push((code, meaning.to_owned())),
            // A comma inside a meaning.
            (Err(_), Some((_, meaning))) => *meaning = format!("{meaning}, {part}"),
            (Err(_), None) => panic!("{list}"),
        }
    }
    codes
}

#[test]
fn the_table_of_exit_codes_is_that_of_the_help() {
    let documented = rows(&section(COMMAND_LINE, "## Exit codes"));
    let listed = exit_codes(&help(""));
    assert_eq!(documented, listed.iter().map(|(code, text)| vec![code.to_string(), text.clone()]).collect::<Vec<_>>());
}

/// Runs that end with each exit code of each command but `listen`: the words of the help that they show.
const RUNS: &[(&str, i32, &str)] = &[
    ("send page_created --secret s --to GOOD", 0, "all responses passed"),
    ("send page_created --secret s --to BAD", 1, "a response did not"),
    ("send page_created --secret s --to CLOSED", 2, "no response"),
    ("send absent.json --secret s --to GOOD", 2, "unreadable input"),
    ("send page_created", 2, "usage"),
    ("probe GOOD --only http/query", 0, "all MUST cases pass"),
    ("probe ANY --only http/get", 0, "all MUST cases pass"),
    ("probe ANY --only http/get --strict", 1, "a case fails"),
    ("probe BAD --only http/query", 1, "a case fails"),
    ("probe ANY --only http/get --against recording.json", 0, "--against: none regressed"),
    ("probe BAD --only http/query --against recording.json", 1, "a case fails or regressed"),
    ("probe GOOD --against absent.json", 2, "unreadable recording"),
    ("probe CLOSED", 2, "no receiver"),
    ("probe", 2, "usage"),
    ("fake page_created", 0, "done"),
    ("fake nonsense", 2, "usage"),
    ("fake all --out good.json/folder", 2, "a folder that cannot be written"),
    ("sign good.json --secret s", 0, "signed"),
    ("sign good.json", 2, "no secret"),
    ("sign absent.json --secret s", 2, "unreadable input"),
    ("verify valid.http --secret s", 0, "all valid"),
    ("verify valid.http --secret other", 1, "at least one is not"),
    ("verify valid.http", 2, "no secret"),
    ("verify absent.http --secret s", 2, "unreadable input"),
    ("validate good.json", 0, "no errors"),
    ("validate warned.json", 0, "no errors"),
    ("validate warned.json --strict", 1, "with --strict: or warnings"),
    ("validate bad.json", 1, "errors"),
    ("validate bad.json absent.json", 2, "unreadable"),
    ("validate empty", 2, "no input"),
    ("drift good.json --baseline drift.json", 0, "with --baseline: no new one"),
    ("drift bad.json", 1, "differences"),
    ("drift absent.json", 2, "unreadable"),
    ("drift empty", 2, "no input"),
    ("captures list calls", 0, "listed"),
    ("captures list calls --event blog_created", 1, "no delivery matches"),
    ("captures list empty", 2, "no captures"),
    ("captures list torn", 2, "one is unreadable"),
    ("captures show calls 1", 0, "shown"),
    ("captures show calls 2", 2, "no such delivery"),
    ("captures show torn 1", 2, "it is unreadable"),
    ("captures diff good.json good.json", 0, "no difference"),
    ("captures diff good.json warned.json", 1, "differences"),
    ("captures diff good.json absent.json", 2, "unreadable"),
    ("captures diff good.json not.json", 2, "not JSON"),
    ("captures export calls --format har", 0, "exported"),
    ("captures export calls --format ndjson --event blog_created", 1, "no delivery matches"),
    ("captures export empty --format har", 2, "no captures"),
    ("captures redact calls --out shared", 0, "written"),
    ("captures redact empty --out shared2", 2, "no captures"),
    ("captures redact calls --out good.json/x", 2, "not written"),
    ("inspect calls --html page.html", 0, "file written"),
    ("inspect absent", 2, "unreadable folder"),
    ("inspect", 2, "usage"),
    ("jwks", 0, "printed"),
    ("jwks --port 1", 2, "usage"),
    ("jwks --key absent.pem", 2, "unreadable key"),
    ("events", 0, "listed"),
    ("events nonsense", 2, "usage"),
    ("schema page_created", 0, "printed"),
    ("schema nonsense", 2, "usage"),
    ("rules", 0, "listed"),
    ("rules nonsense", 2, "usage"),
    ("completions bash", 0, "printed"),
    ("completions nonsense", 2, "usage"),
    ("help send", 0, "printed"),
    ("help nonsense", 2, "usage"),
    ("man send", 0, "printed"),
    ("man nonsense", 2, "usage"),
];

/// Exit codes that only a mistake in the program can show.
const WITHOUT_RUN: &[(&str, i32)] = &[("captures redact", 1)];

/// Files for `RUNS`.
fn inputs(sandbox: &Sandbox) {
    let good = sandbox.run(&["fake", "page_created", "--seed", "1"]).expect(0).stdout;
    sandbox.write("good.json", &good);
    sandbox.write("not.json", "{");
    sandbox.write("warned.json", "{\"event\":\"page_created\"}");
    sandbox.write("bad.json", "{\"event\":\"page_created\",\"timestamp\":true}");
    std::fs::create_dir(sandbox.path().join("empty")).expect("a folder");
    let signature = sandbox.run(&["sign", "good.json", "--secret", "s"]).expect(0).text().trim().to_owned();
    let head =
        format!("POST /hooks HTTP/1.1\r\nContent-Type: application/json\r\nX-Hub-Signature: {signature}\r\n\r\n");
    sandbox.write("valid.http", [head.as_bytes(), &good].concat());
    sandbox.write("calls/000001-page_created.http", [head.as_bytes(), &good].concat());
    sandbox.write("torn/000001-page_created.http", head.as_bytes().split_at(20).0);
    sandbox.write(
        "recording.json",
        r#"{"type":"recording","format":1,"cfwh":"0.1.0","profile":"spec","auth":"none","cases":[{"case":"http/get","verdict":"fail"},{"case":"http/query","verdict":"pass"}]}"#,
    );
    let known = sandbox.run(&["drift", "good.json", "--json"]).stdout;
    sandbox.write("drift.json", known);
}

/// Does a command line begin with these words?
fn calls(line: &str, words: &str) -> bool {
    format!("{line} ").starts_with(&format!("{words} "))
}

#[test]
fn every_exit_code_of_the_help_has_a_run_that_ends_with_it() {
    let sandbox = Sandbox::new();
    let cli = Cli::command();
    let leaves = all_commands(&cli).into_iter().filter(|(_, command)| !command.has_subcommands());
    let commands: Vec<_> = leaves.map(|(words, _)| words).collect();
    inputs(&sandbox);
    let (closed, bad, any) = (ClosedPort::new(), Endpoint::start(&[404; 9]), Endpoint::start(&[]));
    let good = Listener::start(&sandbox, &["-q"]);
    let urls = [("GOOD", good.url.clone()), ("BAD", bad.url("/")), ("ANY", any.url("/")), ("CLOSED", closed.url("/"))];
    for (line, code, words) in RUNS {
        let line = urls.iter().fold((*line).to_owned(), |line, (name, url)| line.replace(name, url));
        let run = sandbox.run(&line.split(' ').collect::<Vec<_>>());
        assert_eq!(run.code, *code, "cfwh {line}: {}{}", run.text(), run.stderr);
        let command = commands.iter().filter(|words| calls(&line, words)).max().expect("a command");
        let meanings = exit_codes(&help(command));
        let meaning = meanings.iter().find(|(other, _)| other == code).map_or("", |(_, meaning)| meaning);
        assert!(meaning.contains(words), "{command}: {code} means {meaning:?}, and {line:?} shows {words:?}");
    }
    for command in commands.iter().filter(|words| *words != "listen") {
        for (code, _) in exit_codes(&help(command)) {
            let has_run = |(line, other, _): &(&str, i32, &str)| *other == code && calls(line, command);
            let is_shown = RUNS.iter().any(has_run) || WITHOUT_RUN.contains(&(command, code));
            assert!(is_shown, "{command}: no run ends with {code}");
        }
    }
}

#[test]
fn the_exit_codes_of_listen_are_those_of_its_help() {
    let sandbox = Sandbox::new();
    let ends = |arguments: &[&str]| listen_meanwhile(&sandbox, arguments, |_| {}).code;
    let interrupted = |arguments: &[&str]| {
        let listener = Listener::start(&sandbox, arguments);
        listener.interrupt();
        listener.finish().code
    };
    let sends = |arguments: &[&str]| {
        listen_meanwhile(&sandbox, arguments, |url| drop(sandbox.run(&["send", "page_created", "--to", url]))).code
    };
    let closed = ClosedPort::new();
    let url = closed.url("");
    let port = url.rsplit(':').next().expect("a port");
    let shown = [
        (0, "all expectations met", sends(&["--expect", "page_created"])),
        (0, "all expectations met", ends(&["--within", "1ms"])),
        (0, "all expectations met", ends(&["--demo"])),
        (0, "all expectations met", ends(&["--", "true"])),
        (0, "all expectations met", interrupted(&[])),
        (0, "all expectations met", interrupted(&["--forbid", "*"])),
        (0, "all expectations met", sends(&["--count", "1"])),
        (1, "one missed", ends(&["--expect", "page_created", "--within", "1ms"])),
        (1, "one missed", ends(&["--count", "1", "--within", "1ms"])),
        (1, "one missed", ends(&["--expect", "page_created", "--", "true"])),
        (1, "one missed", interrupted(&["--expect", "page_created"])),
        (1, "one missed", sends(&["--forbid", "page_*"])),
        (1, "--demo failed", ends(&["--demo", "--max-body", "10"])),
        (2, "usage", sandbox.run(&["listen", "--nonsense"]).code),
        (2, "cannot listen", sandbox.run(&["listen", "--port", port]).code),
    ];
    let meanings = exit_codes(&help("listen"));
    assert_eq!(meanings.iter().map(|(code, _)| *code).collect::<Vec<_>>(), [0, 1, 2]);
    for (code, words, seen) in shown {
        assert_eq!(seen, code, "{words}");
        let meaning = &meanings[usize::try_from(code).expect("a code")].1;
        assert!(meaning.contains(words), "{code} means {meaning:?}, and not {words:?}");
    }
    assert!(meanings[1].1.contains("if COMMAND failed: its exit code"), "{meanings:?}");
    assert_eq!(ends(&["--expect", "page_created", "--", "sh", "-c", "exit 7"]), 7);
    assert_eq!(ends(&["--", "sh", "-c", "kill -TERM $$"]), 128 + 15);
}

/// The statuses that the code of a room responds with.
fn statuses_of_the_code(path: &Path, found: &mut BTreeSet<u16>) {
    if path.is_dir() {
        path.read_dir()
            .expect("a folder")
            .for_each(|entry| statuses_of_the_code(&entry.expect("an entry").path(), found));
        return;
    }
    let text = std::fs::read_to_string(path).expect("a file");
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    for response in code.split("Response::text(").skip(1) {
        found.extend(response.split(',').next().and_then(|status| status.trim().parse::<u16>().ok()));
    }
}

#[test]
fn help_and_reference_list_the_statuses_of_listen() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    // Of an accepted delivery; of an endpoint that fails; of a URL that hyper does not parse; 500 would be a fault of cfwh.
    let mut found = BTreeSet::from([200, 414, 502, 504]);
    for room in ["server", "receiver"] {
        statuses_of_the_code(&source.join(room), &mut found);
    }
    found.remove(&500);
    assert!(found.len() > 10, "the code was read: {found:?}");
    let help = help("listen");
    assert_eq!(statuses(between(&help, "Responses: ", "Only deliveries")), found, "the help of listen");
    assert_eq!(statuses(&section(LIMITS, "## Responses of listen")), found, "the reference");
}

/// How a receiver is graded that fails as many cases of these levels and roles.
fn letter(failed: &[(Level, Role, usize)]) -> char {
    let all: Vec<Case> = cases::all(&published::PROFILE, Some(&hub_signature::INFO)).collect();
    let failed = failed.iter().flat_map(|(level, role, count)| {
        let alike = all.iter().filter(move |case| case.info.level == *level && case.info.role == *role);
        let failed: Vec<_> = alike.take(*count).map(Case::id).collect();
        assert_eq!(failed.len(), *count, "too few cases {level:?} {role:?}");
        failed
    });
    let failed: Vec<_> = failed.collect();
    let result = |case: &Case| {
        let failure = failed.contains(&case.id()).then_some(Failure::Accepted);
        CaseResult::from_parts(*case, ReceivedResponses::default(), failure, Vec::new())
    };
    grade::grade(&all.iter().map(result).collect::<Vec<_>>(), Vec::new()).letter.expect("a grade")
}

#[test]
fn help_and_schema_name_the_grades_of_probe() {
    let must = |count| (Level::Must, Role::Other, count);
    let should = (Level::Should, Role::Other, 3);
    let grades = [
        ('A', "all cases pass", vec![]),
        ('B', "all MUST cases pass", vec![should]),
        ('C', "one or two MUST cases fail", vec![must(1)]),
        ('C', "one or two MUST cases fail", vec![must(2), should]),
        ('D', "three to five fail", vec![must(3)]),
        ('D', "three to five fail", vec![must(5), should]),
        ('E', "more fail", vec![must(6)]),
        ('F', "forged deliveries are accepted or valid ones refused", vec![(Level::Must, Role::Forged, 1)]),
        ('F', "forged deliveries are accepted or valid ones refused", vec![(Level::Must, Role::Valid, 1)]),
    ];
    for (expected, words, failed) in &grades {
        assert_eq!(letter(failed), *expected, "{words}");
    }
    let mut sentence: Vec<_> = grades.iter().map(|(letter, words, _)| format!("{letter} {words}")).collect();
    sentence.dedup();
    assert_eq!(between(&help("probe"), "Grades: ", "."), sentence.join(", "));
    assert_eq!(grade::RULE, sentence.join(", "));
    let schema = Sandbox::new().run(&["schema", "--output", "probe"]).expect(0).json_whole();
    let letters: BTreeSet<_> = grades.iter().map(|(letter, ..)| letter.to_string()).collect();
    // A selection of cases has no grade.
    let values: Vec<_> =
        letters.iter().map(|letter| serde_json::json!(letter)).chain([serde_json::Value::Null]).collect();
    assert!(schema.to_string().contains(&format!("\"enum\":{}", serde_json::json!(values))), "{schema}");
}

#[test]
fn the_help_counts_the_deliveries_of_probe() {
    let sandbox = Sandbox::new();
    let endpoint = Endpoint::start(&[]);
    sandbox.run(&["probe", &endpoint.url("/"), "--secret", "s", "--skip", "body/slow", "--save", "sent"]);
    let sent = endpoint.received().len();
    let tens = (sent + 5) / 10 * 10;
    assert!(help("probe").contains(&format!("Sends about {tens} deliveries")), "{sent} deliveries");
    assert!(read("README.md").contains(&format!("sends about {tens},")), "{sent} deliveries");
}

#[test]
fn verify_explains_as_many_causes_as_the_readme_promises() {
    assert!(read("README.md").contains("and over a hundred more"));
    assert!(hub_signature::causes::catalogue().len() > 102);
}

#[test]
fn numbers_in_the_docs_are_those_of_the_code() {
    const LIMITER: &str = "src/server/connection_limiter.rs";
    const CONNECTION: &str = "src/server/connection.rs";
    const TRANSITIONS: &str = "src/generator/transitions/limits.rs";
    for (page, words, file, code) in [
        (LIMITS, "2,048 connections", LIMITER, "MAX_CONNECTIONS: usize = 2048;"),
        (LIMITS, "10 s for the head", LIMITER, "CLIENT_DEADLINE: Duration = Duration::from_secs(10);"),
        (LIMITS, "64 KiB and 100 lines of headers", CONNECTION, "MAX_HEAD: usize = 64 * 1024;"),
        (LIMITS, "64 KiB and 100 lines of headers", CONNECTION, "MAX_HEADERS: usize = 100;"),
        (LIMITS, "10 s for the body", CONNECTION, "BODY_DEADLINE: Duration = Duration::from_secs(10);"),
        (LIMITS, "--max-body 1MiB", "src/server/mod.rs", "MAX_BODY: usize = 1024 * 1024;"),
        (
            LIMITS,
            "at most a thousand different properties of an object",
            "src/drift/path_stats.rs",
            "MAX_KEYS: usize = 1000;",
        ),
        (LIMITS, "408, 409, 425, 429 and 5xx", "src/client/retry.rs", "408 | 409 | 425 | 429 | 500..=599"),
        ("src/cli/send.rs", "408, 409, 425, 429 and 5xx", "src/client/retry.rs", "408 | 409 | 425 | 429 | 500..=599"),
        ("docs/explanation/stories.md", "a window of 1,000", "src/generator/disorder.rs", "WINDOW: usize = 1000;"),
        ("docs/explanation/stories.md", "10 spaces", TRANSITIONS, "SPACES: usize = 10;"),
        ("docs/explanation/stories.md", "200 pages and blog posts", TRANSITIONS, "CONTENTS: usize = 200;"),
        ("docs/explanation/stories.md", "300 comments", TRANSITIONS, "COMMENTS: usize = 300;"),
        ("docs/explanation/stories.md", "150 attachments", TRANSITIONS, "ATTACHMENTS: usize = 150;"),
        ("docs/explanation/stories.md", "150 labels", TRANSITIONS, "LABELS: usize = 150;"),
    ] {
        assert!(read(file).contains(code), "{file} lacks {code:?}: correct {page} ({words}) and this test");
        let text = read(page).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(words), "{page} lacks {words:?}");
    }
}

#[test]
fn the_table_of_differences_names_what_the_two_documents_declare() {
    let table = rows(&section("docs/explanation/cloud-and-the-document.md", "## Field by field"));
    assert!(table.len() > 10, "{table:?}");
    // Events beyond the nineteen are in neither document.
    for row in table.iter().filter(|row| row[0] != "other events") {
        for (cell, profile) in row.iter().skip(1).zip([&published::PROFILE, &cloud::PROFILE]) {
            for name in cell.split('`').skip(1).step_by(2).filter_map(|path| path.split('.').next_back()) {
                assert!(profile.yaml.contains(name), "{}: {} has no {name}", row[0], profile.name);
            }
        }
    }
}

#[test]
fn the_help_lists_every_format() {
    let cli = Cli::command();
    let values = |command: &str, option: &str| -> BTreeSet<String> {
        let command = cli.find_subcommand(command).expect("a command");
        let option = command.get_arguments().find(|other| other.get_long() == Some(option)).expect("an option");
        option.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect()
    };
    let formats = values("validate", "format");
    assert_eq!(values("probe", "format"), formats);
    let mut lists = 0;
    for option in all_commands(&cli).into_iter().flat_map(|(_, command)| command.get_arguments()) {
        let help = option.get_help().map(ToString::to_string).unwrap_or_default();
        if help.contains("sarif") {
            lists += 1;
            assert!(formats.iter().all(|format| help.contains(format)), "--{}: {help}", option.get_id());
        }
    }
    assert!(lists >= 3, "validate, probe and listen list them");
}

#[test]
fn every_option_that_the_pages_name_exists() {
    let cli = Cli::command();
    let commands = std::iter::once(&cli).chain(all_commands(&cli).into_iter().map(|(_, command)| command));
    let options: BTreeSet<_> =
        commands.flat_map(clap::Command::get_arguments).filter_map(clap::Arg::get_long).map(str::to_owned).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut named = 0;
    for page in pages_under(&root.join("docs")).into_iter().chain([root.join("README.md")]) {
        let text = std::fs::read_to_string(&page).expect("a page");
        for option in
            text.split('`').filter_map(|span| span.strip_prefix("--")?.split(&[' ', '\n', '|', '=', '\\']).next())
        {
            named += 1;
            let exists = option.is_empty() || options.contains(option) || ["help", "version"].contains(&option);
            assert!(exists, "{}: --{option} does not exist", page.display());
        }
    }
    assert!(named > 100, "only {named} options were found");
}

#[test]
fn the_table_of_fuzz_targets_lists_every_target() {
    let documented: BTreeSet<_> =
        rows(&read("fuzz/README.md")).into_iter().map(|row| row[0].trim_matches('`').to_owned()).collect();
    let targets: BTreeSet<_> = read("fuzz/Cargo.toml")
        .lines()
        .filter_map(|line| line.strip_prefix("path = \"fuzz_targets/")?.strip_suffix(".rs\""))
        .map(str::to_owned)
        .collect();
    assert_eq!(documented, targets);
}

#[test]
fn new_names_in_the_changelog_exist() {
    let rules = Sandbox::new().run(&["rules"]).expect(0);
    let changelog = read("CHANGELOG.md");
    let renamed = between(&changelog, "**Ids of rules**", "\n**");
    let new: Vec<_> = rows(renamed).into_iter().map(|row| row[1].trim_matches('`').to_owned()).collect();
    assert!(new.len() > 5, "{renamed}");
    for rule in new {
        assert!(rules.text().lines().any(|line| line.split(' ').next() == Some(&rule)), "there is no rule {rule}");
    }
}
