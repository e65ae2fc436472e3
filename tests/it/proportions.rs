//! Time and memory stay in proportion to the input, in every command, with inputs that are all of one thing.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::{Endpoint, Listener, Sandbox};

/// The size of each input, in bytes: enough that what grows with it can be told from what the program takes anyway.
const SIZE: usize = 192 * 1024;
/// How many times the input a run may take, in bytes, beside what it takes for an empty body. A thousand findings and the
/// properties of a thousand bodies are some of that.
const FACTOR: u64 = 64;
/// The maximum memory for an empty body, in KiB.
const BASE: u64 = 38 * 1024;
/// How long a run may take that is compiled without optimization, on a machine that has other things to do. What grows with the square takes
/// an hour.
const TIME: Duration = Duration::from_secs(60);

/// Text with as many items as fit, separated by commas.
fn filled(start: &str, mut item: impl FnMut(usize) -> String, end: &str) -> String {
    let mut text = start.to_owned();
    for index in 0.. {
        if text.len() >= SIZE {
            break;
        }
        if index > 0 {
            text.push(',');
        }
        text += &item(index);
    }
    text + end
}

/// The awkward inputs, each with its name.
fn inputs() -> Vec<(&'static str, String)> {
    let page = "{\"event\":\"page_created\",\"timestamp\":1,\"userAccountId\":\"a\",\"page\":{";
    let label = |index: usize| {
        format!(
            "{{\"timestamp\":{index},\"event\":\"label_created\",\"userAccountId\":\"a\",\"label\":{{\"name\":\"{index}\",\
             \"prefix\":\"global\",\"self\":\"https://a.test/\"}},\"associatedContent\":{{\"id\":\"1\",\"type\":\"page\",\
             \"title\":\"P\",\"self\":\"https://a.test/\"}}}}\n"
        )
    };
    let lines = |line: &dyn Fn(usize) -> String| {
        (0..)
            .map(line)
            .scan(0, |length, line| {
                *length += line.len();
                (*length <= SIZE).then_some(line)
            })
            .collect::<String>()
    };
    vec![
        ("brackets.json", "[".repeat(SIZE)),
        ("braces.json", "{\"\":".repeat(SIZE / 4)),
        ("arrays.json", filled("[", |_| "[]".into(), "]")),
        ("numbers.json", filled("{\"event\":[", |_| "1".into(), "]}")),
        ("objects.json", filled("[", |_| "{}".into(), "]")),
        ("members.json", filled(page, |index| format!("\"{index:x}\":1"), "}}")),
        ("texts.json", filled(page, |index| format!("\"{index:x}\":\"\""), "}}")),
        ("repeated.json", filled(page, |_| "\"a\":1".into(), "}}")),
        (
            "nested.json",
            filled(
                page,
                |index| {
                    let members = (0..150).map(|member| format!("\"{member:x}\":1")).collect::<Vec<_>>().join(",");
                    format!("\"{index}\":{{{members}}}")
                },
                "}}",
            ),
        ),
        (
            "long_key.json",
            format!("{page}\"{}\":{}}}}}", "k".repeat(SIZE / 2), filled("{", |index| format!("\"{index:x}\":1"), "}")),
        ),
        ("long_text.json", format!("{page}\"title\":\"{}\"}}}}", "\\u00e9".repeat(SIZE / 6))),
        ("surrogates.json", filled(page, |_| "\"\\ud800\":\"\\udfff\"".into(), "}}")),
        ("long_number.json", format!("{page}\"version\":1.{}e5}}}}", "0".repeat(SIZE))),
        ("empty_objects.ndjson", "{}\n".repeat(SIZE / 3)),
        ("blank.ndjson", format!("{}{{}}", "\n".repeat(SIZE))),
        ("labels.ndjson", lines(&label)),
        ("headers.http", format!("POST / HTTP/1.1\n{}\n{{}}", "Content-Type: x\n".repeat(SIZE / 16))),
    ]
}

/// The highest resident memory of a process so far, in KiB; nothing when it has ended.
fn peak_memory(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    peak.trim().trim_end_matches("kB").trim().parse().ok()
}

/// Runs a command to its end and returns its peak memory in KiB.
fn measure(mut command: Command) -> u64 {
    let start = Instant::now();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
    let mut peak = 0;
    while child.try_wait().expect("it runs").is_none() {
        peak = peak_memory(child.id()).unwrap_or(0).max(peak);
        assert!(start.elapsed() < TIME, "it takes too long: {command:?}");
        std::thread::sleep(Duration::from_millis(2));
    }
    peak
}

#[test]
fn memory_and_time_are_a_small_multiple_of_the_input() {
    // One input for each way to have many findings or much nesting.
    expect_proportions(&["brackets.json", "members.json", "nested.json", "labels.ndjson"], &[&["validate", "--json"]]);
}

#[test]
#[ignore = "takes minutes"]
fn memory_and_time_are_a_small_multiple_of_the_input_in_every_command() {
    let endpoint = Endpoint::start(&[]);
    let url = endpoint.url("/");
    let commands: [&[&str]; 12] = [
        &["validate"],
        &["validate", "--story"],
        &["validate", "--format", "github"],
        &["validate", "--format", "junit"],
        &["validate", "--format", "sarif"],
        &["validate", "--profile", "cloud"],
        &["drift"],
        &["drift", "--json"],
        &["drift", "--infer"],
        &["sign", "--secret", "s"],
        &["verify", "--secret", "s", "--signature", "sha256=00"],
        &["send", "--dry-run", "--to", &url],
    ];
    let inputs = inputs();
    let names: Vec<_> = inputs.iter().map(|(name, _)| *name).collect();
    expect_proportions(&names, &commands);
}

/// Runs each command line on the awkward inputs of these names.
#[track_caller]
fn expect_proportions(names: &[&str], commands: &[&[&str]]) {
    let sandbox = Sandbox::new();
    let mut problems = Vec::new();
    for (name, text) in inputs().into_iter().filter(|(name, _)| names.contains(name)) {
        sandbox.write(name, &text);
        let allowed = BASE + FACTOR * text.len() as u64 / 1024;
        for arguments in commands {
            if arguments[0] == "send" && name == "objects.json" {
                // A request has fifty times as many bytes as such a body.
                continue;
            }
            let peak = measure(sandbox.command(&[*arguments, &[name]].concat()));
            // A SARIF report holds up to 25,000 results in memory, and a schema is a tree.
            let allowed =
                if arguments.contains(&"sarif") || arguments.contains(&"--infer") { 2 * allowed } else { allowed };
            if peak > allowed {
                problems.push(format!("{peak} KiB instead of {allowed} KiB: {arguments:?} {name}"));
            }
        }
    }
    assert!(problems.is_empty(), "{problems:#?}");
}

/// Seven bytes for two values and a key.
#[test]
fn the_tree_of_a_body_takes_at_most_twenty_times_its_text() {
    let sandbox = Sandbox::new();
    let text = format!("{{\"event\":\"page_created\",\"x\":[{}0]}}", "{\"\":0},".repeat(600_000));
    sandbox.write("members.json", &text);
    let peak = measure(sandbox.command(&["validate", "members.json"]));
    let allowed = BASE + 20 * text.len() as u64 / 1024;
    assert!(peak <= allowed, "{peak} KiB instead of {allowed} KiB");
}

/// One untrusted delivery.
#[test]
fn memory_of_the_receiver_is_a_small_multiple_of_a_body() {
    let sandbox = Sandbox::new();
    let arguments = ["--max-body", "1MiB", "--secret", "s"];
    for (name, text) in inputs().into_iter().filter(|(_, text)| text.starts_with(['[', '{'])) {
        for headers in
            [&["Content-Type: application/json"][..], &["Content-Type: application/json", "X-Hub-Signature: sha256=00"]]
        {
            let listener = Listener::start(&sandbox, &arguments);
            listener.post("/webhooks/confluence", headers, text.as_bytes());
            let peak = peak_memory(listener.id()).expect("it runs");
            let allowed = BASE + FACTOR * text.len() as u64 / 1024;
            assert!(peak <= allowed, "{peak} KiB instead of {allowed} KiB: {name}");
        }
    }
}
