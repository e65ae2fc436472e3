//! The receivers of `examples/receivers` get an A, and those of the tutorial get better step by step, with the output that
//! the page shows. Every case has its section in probe-fixes.md.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};

use cfwh::auth::ALL;
use cfwh::probe::{Probe, cases};
use cfwh::profiles;

use crate::flawed_receiver::{Flaw, Receiver, SECRET};
use crate::interop::{Guarded, free_port, wait_for};
use crate::support::{Sandbox, tool, without_cargo_test_variables};

pub const FRAMEWORKS: [&str; 6] = ["Express", "FastAPI", "Flask", "Go", "Spring", "axum"];

pub fn page(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name)).expect("a page")
}

/// The code blocks of a page, each with its language.
fn blocks(page: &str) -> Vec<(&str, &str)> {
    let parts: Vec<_> = page.split("\n```").collect();
    parts.iter().skip(1).step_by(2).filter_map(|block| block.split_once('\n')).collect()
}

/// Starts a receiver with the secret `s`; the URL that it receives at.
fn start(framework: &str, code: &str, sandbox: &Sandbox) -> (Guarded, String) {
    let port = free_port().to_string();
    let (file, program, arguments) = match framework {
        "Express" => ("receiver.cjs", tool("node"), vec!["receiver.cjs"]),
        "FastAPI" => ("receiver.py", tool("uvicorn"), vec!["receiver:app", "--port", &port, "--log-level", "critical"]),
        "Go" => ("receiver.go", sandbox.path().join("receiver"), vec![]),
        other => panic!("nobody starts {other}"),
    };
    sandbox.write(file, code);
    if framework == "Go" {
        let mut build = Command::new(tool("go"));
        build.args(["build", "-o", "receiver", "receiver.go"]).current_dir(sandbox.path());
        assert!(build.env("GOFLAGS", "-mod=mod").status().expect("go runs").success(), "{code}");
    }
    let mut command = Command::new(program);
    command.args(arguments).current_dir(sandbox.path()).env("WEBHOOK_SECRET", "s").env("PORT", &port);
    command.env("PYTHONDONTWRITEBYTECODE", "1").stdout(Stdio::null()).stderr(Stdio::null());
    let child = Guarded(command.spawn().expect("it starts"));
    wait_for(port.parse().expect("a port"));
    (child, format!("http://127.0.0.1:{port}/hooks"))
}

/// Starts these receivers of `examples/receivers` for each sender, and probes them.
fn grade(arguments: &[&str]) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let modules = std::env::var_os("NODE_PATH").expect("NODE_PATH names the folder of Node's packages");
    let mut command = Command::new(tool("python3"));
    command.arg(root.join("examples/receivers/grade")).args(arguments).args(["--cfwh", env!("CARGO_BIN_EXE_cfwh")]);
    command.arg("--tools").arg(Path::new(&modules).parent().expect("a folder"));
    without_cargo_test_variables(&mut command);
    let output = command.stdin(Stdio::null()).output().expect("it runs");
    let [stdout, stderr] = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
    assert!(output.status.success(), "{stdout}\n{stderr}");
}

#[test]
#[ignore = "needs node, express, fastify, jose"]
fn the_receivers_in_node_get_an_a() {
    grade(&["express", "fastify"]);
}

#[test]
#[ignore = "needs uvicorn, fastapi, waitress, flask, jwt"]
fn the_receivers_in_python_get_an_a() {
    grade(&["fastapi", "flask"]);
}

#[test]
#[ignore = "needs cargo, python3"]
fn the_receiver_on_axum_gets_an_a() {
    grade(&["axum"]);
}

#[test]
#[ignore = "needs go, python3"]
fn the_receiver_in_go_gets_an_a() {
    grade(&["go"]);
}

#[test]
#[ignore = "needs javac, jackson-databind, python3"]
fn the_receiver_in_java_gets_an_a() {
    grade(&["java"]);
}

#[test]
#[ignore = "needs node, express, fastify, jose, uvicorn, fastapi, waitress, flask, jwt"]
fn the_receivers_apply_each_delivery_once() {
    grade(&["express", "fastify", "fastapi", "flask", "--sender", "forge", "--state"]);
}

/// Whoever copies a folder has all that the receiver needs.
#[test]
fn receivers_in_one_language_share_their_modules() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/receivers");
    let read = |path: &str| std::fs::read_to_string(folder.join(path)).expect("a module");
    for (one, other, modules) in
        [("express", "fastify", ["auth.js", "deliveries.js"]), ("fastapi", "flask", ["auth.py", "deliveries.py"])]
    {
        for module in modules {
            let [one, other] = [one, other].map(|folder| format!("{folder}/{module}"));
            assert_eq!(read(&one), read(&other), "copy {one} to {other}");
        }
    }
}

/// Applies the hunks of a diff without line numbers: each is a run of lines, and its old lines occur once.
fn patch(code: &str, diff: &str) -> String {
    diff.split("\n@@\n").fold(code.to_owned(), |code, hunk| {
        let lines = |sign: char| -> String {
            let kept = hunk.lines().filter(|line| line.is_empty() || line.starts_with(' ') || line.starts_with(sign));
            kept.map(|line| line.get(1..).unwrap_or_default().to_owned() + "\n").collect()
        };
        let (old, new) = (lines('-'), lines('+'));
        assert_eq!(code.matches(&old).count(), 1, "the hunk is where it fits:\n{hunk}\n--- in\n{code}");
        code.replace(&old, &new)
    })
}

/// Text without how long things took.
fn without_times(text: &str) -> String {
    let word = |word: &str| {
        let is_number = |word: &str| word.chars().all(|c| c.is_ascii_digit() || c == '.');
        if is_number(word) && word.contains('.') { "N".to_owned() } else { word.to_owned() }
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// Follows a page of the tutorial: the code, then diffs, each with the output of the probe.
fn follow(framework: &str) {
    let page = page(&format!("tutorial/{}.md", framework.to_lowercase()));
    let (mut code, mut grades) = (String::new(), Vec::new());
    for (language, block) in blocks(&page) {
        match language {
            "sh" => {}
            "diff" => code = patch(&code, block),
            "text" => {
                let sandbox = Sandbox::new();
                let (_receiver, url) = start(framework, &code, &sandbox);
                let (command, shown) = block.split_once('\n').expect("a command");
                assert_eq!(command, "$ cfwh probe http://127.0.0.1:3000/hooks --secret s");
                let run = sandbox.run(&["probe", &url, "--secret", "s"]);
                let output = without_times(run.text());
                let mut printed = output.lines();
                for line in shown.lines().filter(|line| *line != "…") {
                    let line = without_times(line);
                    assert!(printed.any(|printed| printed == line), "{framework}: no {line:?}, but\n{}", run.text());
                }
                let grade = run.text().lines().find_map(|line| line.strip_prefix("grade ")).expect("a grade");
                assert_eq!(run.code, i32::from(!grade.starts_with(['A', 'B'])), "{}", run.text());
                grades.push(grade[..1].to_owned());
            }
            _ => code = format!("{block}\n"),
        }
    }
    assert_eq!((grades.first().map(String::as_str), grades.last().map(String::as_str)), (Some("F"), Some("A")));
    assert!(grades.is_sorted_by(|one, next| one >= next), "{grades:?}");
}

#[test]
#[ignore = "needs node, express"]
fn the_receiver_on_express_goes_from_f_to_a() {
    follow("Express");
}

#[test]
#[ignore = "needs uvicorn, fastapi"]
fn the_receiver_on_fastapi_goes_from_f_to_a() {
    follow("FastAPI");
}

#[test]
#[ignore = "needs go"]
fn the_receiver_in_go_goes_from_f_to_a() {
    follow("Go");
}

#[test]
fn every_case_has_a_link_to_a_fix_for_every_framework() {
    let page = page("how-to/probe-fixes.md");
    let ids: BTreeSet<_> = profiles::ALL
        .into_iter()
        .flat_map(|profile| ALL.iter().flat_map(move |scheme| cases::all(profile, Some(scheme))))
        .map(|case| case.id())
        .collect();
    assert!(ids.len() > 70, "{ids:?}");
    for id in ids {
        let (url, anchor) =
            id.link().split_once('#').map(|(url, anchor)| (url.to_owned(), anchor.to_owned())).expect("an anchor");
        assert_eq!(url, concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/docs/how-to/probe-fixes.md"));
        let anchor = format!("<a id=\"{anchor}\"></a>");
        let sections: Vec<_> = page.split("\n## ").filter(|section| section.contains(&anchor)).collect();
        assert_eq!(sections.len(), 1, "{id} has no section or several");
        assert_eq!(sections[0].matches(&anchor).count(), 1, "{id}");
        assert!(sections[0].contains(&format!("`{id}`")), "{id} is not named");
        for framework in FRAMEWORKS {
            assert!(sections[0].contains(&format!("\n| {framework} | ")), "{id} has no fix for {framework}");
        }
    }
}

#[test]
fn a_test_in_rust_probes_a_receiver() {
    let receiver = Receiver::start(Flaw::Reserialises);
    let outcome = Probe::new(receiver.url()).secret(SECRET).skip("body/slow").skip("time/*").run().expect("a receiver");
    assert_eq!(outcome.grade.letter, None);
    assert_eq!(
        outcome.grade.causes.iter().map(|cause| cause.cause).collect::<Vec<_>>(),
        ["verifies re-serialized JSON"]
    );
    let failed: Vec<_> = outcome.failed().map(|result| (result.case.id().0, result.follows_from)).collect();
    let cause = Some("verifies re-serialized JSON");
    assert_eq!(failed, [("sig/reserialised", cause), ("sig/raw-bytes", cause)]);
    assert!(Probe::new(receiver.url()).only("sig/nonsense").run().is_err());
    assert!(Probe::new("http://127.0.0.1:1/").run().is_err());
    assert!(Probe::new(receiver.url()).secret("").run().is_err());
}
