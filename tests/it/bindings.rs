//! The modules for Python and Node.js: their tests, with a receiver in each language, the types that are generated from the
//! schemas, and the code on the pages about them.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use cfwh::output::schemas::SCHEMAS;

use crate::committed_files::{expect_none, fresh};
use crate::support::{Sandbox, tool};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
/// The outputs that the modules have types for.
const TYPED: [&str; 7] = ["error", "listen", "probe", "send", "sign", "validate", "verify"];
const TYPES_FOR_PYTHON: &str = "--input-file-type jsonschema --output-model-type typing.TypedDict --disable-timestamp \
    --target-python-version 3.10 --formatters builtin --use-title-as-name --use-double-quotes --enum-field-as-literal all \
    --use-schema-description --use-field-description --no-use-closed-typed-dict --input schemas --output types";
const TYPES_FOR_TYPESCRIPT: &str = "--no-additionalProperties --input schemas --output types";

/// A tool that finds the program and the module for Python.
fn command(name: &str, arguments: &str, folder: impl AsRef<Path>) -> Command {
    let mut command = Command::new(tool(name));
    command.args(arguments.split_whitespace()).current_dir(folder).stdin(Stdio::null());
    command.env("CFWH_BINARY", env!("CARGO_BIN_EXE_cfwh")).env_remove("CFWH_SECRET").env_remove("CFWH_URL");
    command.env("PYTHONPATH", Path::new(ROOT).join("python")).env("PYTHONDONTWRITEBYTECODE", "1").env("NO_COLOR", "1");
    command
}

/// Runs a command; whether it succeeded, and what it printed.
fn run(command: &mut Command) -> (bool, String) {
    let output = command.output().expect("it runs");
    let text = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    (output.status.success(), text.join("\n"))
}

#[track_caller]
fn expect_success(mut command: Command) -> String {
    let (succeeded, text) = run(&mut command);
    assert!(succeeded, "{command:?}\n{text}");
    text
}

/// Generates types from the schemas, and compares them with the committed ones.
fn expect_fresh_types(generator: &str, arguments: &str, file: impl Fn(&str) -> (String, PathBuf)) {
    let sandbox = Sandbox::new();
    for (output, schema) in SCHEMAS.iter().filter(|(output, _)| TYPED.contains(output)) {
        sandbox.write(&format!("schemas/{output}.json"), schema);
    }
    expect_success(command(generator, arguments, sandbox.path()));
    let mut stale = Vec::new();
    for output in TYPED {
        let (generated, committed) = file(output);
        fresh(committed, &fs::read(sandbox.path().join("types").join(generated)).expect("types"), &mut stale);
    }
    expect_none(&stale);
}

#[test]
#[ignore = "needs datamodel-codegen"]
fn the_types_for_python_are_generated_from_the_schemas() {
    expect_fresh_types("datamodel-codegen", TYPES_FOR_PYTHON, |output| {
        (format!("{output}.py"), Path::new("python/cfwh/types").join(format!("_{output}.pyi")))
    });
}

#[test]
#[ignore = "needs json2ts"]
fn the_types_for_typescript_are_generated_from_the_schemas() {
    expect_fresh_types("json2ts", TYPES_FOR_TYPESCRIPT, |output| {
        (format!("{output}.d.ts"), Path::new("npm/cfwh/types").join(format!("{output}.d.ts")))
    });
}

#[test]
#[ignore = "needs mypy, ruff, pytest"]
fn the_module_for_python_passes_strict_type_checks_and_lints() {
    for folder in ["python/cfwh", "tests/python"] {
        expect_success(command("mypy", &format!("--strict --cache-dir /dev/null {folder}"), ROOT));
    }
    for check in ["check", "format --check"] {
        let arguments = format!("{check} --no-cache --config python/ruff.toml python tests/python");
        expect_success(command("ruff", &arguments, ROOT));
    }
}

const PYTEST: &str = "-q -p cfwh.pytest_plugin -p no:cacheprovider";

#[test]
#[ignore = "needs pytest, uvicorn, fastapi"]
fn the_module_for_python_works_with_a_receiver_on_fastapi() {
    expect_success(command("pytest", &format!("{PYTEST} tests/python"), ROOT));
}

/// The module for Node.js, built in a folder next to `node_modules`.
fn built_node_module(sandbox: &Sandbox) -> PathBuf {
    let modules = std::env::var_os("NODE_PATH").expect("NODE_PATH is the folder with packages");
    symlink(modules, sandbox.path().join("node_modules")).expect("a link");
    let package = sandbox.path().join("cfwh");
    expect_success({
        let mut copy = Command::new("cp");
        copy.arg("-r").arg(Path::new(ROOT).join("npm/cfwh")).arg(&package);
        copy
    });
    expect_success(command("tsc", "", &package));
    package
}

#[test]
#[ignore = "needs node, tsc, vitest, express, @types/node"]
fn the_module_for_node_works_with_a_receiver_on_express() {
    let sandbox = Sandbox::new();
    let package = built_node_module(&sandbox);
    expect_success(command("tsc", "--project test", &package));
    expect_success(command("vitest", "run", &package));
    expect_success(command("node", "--test test/node.mjs", &package));
}

#[test]
#[ignore = "needs node, tsc, jest, @types/node"]
fn the_module_for_node_works_with_jest() {
    let sandbox = Sandbox::new();
    let package = built_node_module(&sandbox);
    let mut jest = command("jest", "--testMatch **/test/jest.mjs --transform {}", &package);
    jest.env("NODE_OPTIONS", "--experimental-vm-modules");
    expect_success(jest);
}

/// The blocks of a page in this language.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let page = fs::read_to_string(Path::new(ROOT).join("docs/how-to").join(page)).expect("a page");
    let start = format!("\n```{language}\n");
    let blocks = page.split(&start).skip(1);
    blocks.filter_map(|block| block.split_once("\n```")).map(|(code, _)| code.to_owned()).collect()
}

/// Runs the three files on a page in a folder: they pass, and with a receiver that trusts everybody the first one fails with
/// what the page shows. Each block names its file in a comment first.
fn expect_page(page: &str, language: &str, folder: &Path, mut all: Command, mut first: Command) {
    let files = blocks(page, language);
    assert_eq!(files.len(), 3);
    for code in &files {
        let name = code.lines().next().expect("a line").trim_start_matches(['#', '/', ' ']);
        fs::write(folder.join(name), format!("{code}\n")).expect("the file is written");
    }
    all.env("WEBHOOK_SECRET", "s");
    let passed = expect_success(all);
    assert!(passed.contains("4 passed"), "{passed}");
    let (succeeded, failure) = run(first.env("TRUSTING", "1"));
    assert!(!succeeded, "{failure}");
    for line in blocks(page, "text")[0].lines() {
        assert!(failure.contains(line.trim_end_matches('…').trim_end()), "no {line:?} in\n{failure}");
    }
}

#[test]
#[ignore = "needs pytest, uvicorn, fastapi, httpx"]
fn the_tests_on_the_page_about_pytest_pass() {
    let sandbox = Sandbox::new();
    fs::copy(Path::new(ROOT).join("tests/python/receiver.py"), sandbox.path().join("receiver.py")).expect("a copy");
    let pytest = |files: &str| command("pytest", &format!("{PYTEST} {files}"), sandbox.path());
    expect_page("test-with-pytest.md", "python", sandbox.path(), pytest(""), pytest("test_receiver.py"));
}

#[test]
#[ignore = "needs node, tsc, vitest, express, @types/node"]
fn the_tests_on_the_page_about_vitest_pass() {
    let sandbox = Sandbox::new();
    let package = built_node_module(&sandbox);
    let project = sandbox.path().join("project");
    fs::create_dir_all(project.join("node_modules")).expect("a folder");
    symlink(&package, project.join("node_modules/cfwh")).expect("a link");
    fs::write(project.join("package.json"), r#"{"type":"module"}"#).expect("a file");
    fs::copy(Path::new(ROOT).join("npm/cfwh/test/receiver.mjs"), project.join("receiver.js")).expect("a copy");
    let vitest = |files: &str| command("vitest", &format!("run --testTimeout 60000 {files}"), &project);
    expect_page("test-with-vitest.md", "ts", &project, vitest(""), vitest("receiver.test.ts"));
}

#[test]
fn the_first_test_on_each_page_takes_at_most_ten_lines() {
    for (page, language) in [("test-with-pytest.md", "python"), ("test-with-vitest.md", "ts")] {
        let first = &blocks(page, language)[0];
        assert!(first.lines().skip(1).count() <= 10, "{page}: {first}");
    }
}
