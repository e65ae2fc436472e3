//! The code in docs/how-to/probe-fixes.md works: it is part of receivers that pass every case.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::interop::{Guarded, free_port, wait_for};
use crate::receivers::{FRAMEWORKS, page};
use crate::support::{Sandbox, cargo, tool};

const APP_ID: &str = "ari:cloud:ecosystem::app/2a0f7a68-9f6b-4c2e-8d61-3f6a1f1f5c11";
const CLIENT_KEY: &str = "11111111-2222-3333-4444-555555555555";
const TOKEN: &str = "a-long-random-token";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The receiver with the fixes for a framework.
fn receiver(framework: &str) -> PathBuf {
    root().join(match framework {
        "Express" => "tests/receivers/fixes/express.cjs",
        "FastAPI" => "tests/receivers/fixes/fastapi_receiver.py",
        "Flask" => "tests/receivers/fixes/flask_receiver.py",
        "Go" => "tests/receivers/fixes/receiver.go",
        "Spring" => "tests/receivers/fixes/Receiver.java",
        "axum" => "examples/fixed_receiver.rs",
        other => panic!("no receiver for {other}"),
    })
}

/// Text without its white space: tables have no line ends.
fn compact(text: &str) -> String {
    text.split_whitespace().collect()
}

#[test]
fn the_receivers_contain_the_code_of_the_page() {
    let page = page("how-to/probe-fixes.md");
    let mut missing = Vec::new();
    for framework in FRAMEWORKS {
        let code = compact(&std::fs::read_to_string(receiver(framework)).expect("a receiver"));
        let row = format!("| {framework} | ");
        let rows: Vec<_> = page.lines().filter_map(|line| line.strip_prefix(&row)).collect();
        assert!(rows.len() > 10, "{framework}");
        let spans = rows.iter().flat_map(|row| row.split('`').skip(1).step_by(2));
        // The names of packages are not in the code as they are in registries.
        let spans = spans.filter(|span| !["json-bigint", "atlassian-jwt", "jose"].contains(span));
        missing.extend(spans.filter(|span| !code.contains(&compact(span))).map(|span| format!("{framework}: {span}")));
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

/// Starts the receiver of a framework, with this scheme and the keys at this URL.
fn start(framework: &str, auth: &str, jwks: &str, sandbox: &Sandbox) -> (Guarded, String) {
    let port = free_port().to_string();
    let file = receiver(framework);
    let folder = file.parent().expect("a folder");
    let mut command = match framework {
        "Express" => Command::new(tool("node")),
        "FastAPI" | "Flask" => Command::new(tool("python3")),
        "Go" => {
            let mut build = Command::new(tool("go"));
            build.args(["build", "-o"]).arg(sandbox.path().join("receiver")).arg(&file);
            // Where Debian installs the sources of packages.
            build.env("GO111MODULE", "off").env("GOPATH", "/usr/share/gocode");
            assert!(build.status().expect("go runs").success());
            Command::new(sandbox.path().join("receiver"))
        }
        "axum" => {
            let programs = Path::new(env!("CARGO_BIN_EXE_cfwh")).parent().expect("a folder");
            Command::new(programs.join("examples/fixed_receiver"))
        }
        other => panic!("nobody starts {other}"),
    };
    match framework {
        "Express" => command.arg(&file),
        "FastAPI" => {
            command.args(["-m", "uvicorn", "fastapi_receiver:app", "--port", &port, "--log-level", "critical"])
        }
        "Flask" => command.args(["-m", "flask", "--app", "flask_receiver", "run", "--port", &port]),
        _ => &mut command,
    };
    command.current_dir(folder).env("PORT", &port).env("AUTH", auth).env("PYTHONDONTWRITEBYTECODE", "1");
    command.env("SECRET_FILE", sandbox.write("secret", "s\n")).env("TOKEN", TOKEN);
    command.env("CLIENT_KEY", CLIENT_KEY).env("APP_ID", APP_ID).env("JWKS_URL", jwks).env("BASE_URL", "");
    command.env("DB", sandbox.path().join("receiver.db"));
    let child = Guarded(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts"));
    wait_for(port.parse().expect("a port"));
    (child, format!("http://127.0.0.1:{port}"))
}

/// Probes the receiver of a framework with every scheme.
fn expect_every_case_passes(framework: &str, has_database: bool) {
    let token = format!("token={TOKEN}");
    let keys = free_port().to_string();
    let jwks = format!("http://127.0.0.1:{keys}/.well-known/jwks.json");
    let signed = ["--secret", "s"];
    let data_center = ["--profile", "datacenter", "--secret", "s"];
    let with_token = ["--profile", "cloud", "--auth", "token", "--token", &token];
    let connect = ["--profile", "cloud", "--auth", "connect", "--secret", "s", "--client-key", CLIENT_KEY];
    let forge = ["--profile", "forge", "--app-id", APP_ID, "--jwks-port", &keys];
    for (auth, path, arguments) in [
        ("hmac", "/hooks", &signed[..]),
        ("hmac", "/hooks", &data_center),
        ("token", "/hooks/{event}", &with_token),
        ("connect", "/hooks/{event}", &connect),
        ("forge", "/hooks", &forge),
    ] {
        let sandbox = Sandbox::new();
        let (_receiver, url) = start(framework, auth, &jwks, &sandbox);
        let (receiver, state) = (format!("{url}{path}"), format!("{url}/state"));
        let mut arguments = [&["probe", &receiver, "--strict"], arguments].concat();
        if has_database && auth == "hmac" && !arguments.contains(&"datacenter") {
            arguments.extend(["--state", &state]);
        }
        let run = sandbox.run(&arguments).expect(0);
        assert!(run.text().contains("\ngrade A: all cases pass"), "{auth}: {}", run.text());
    }
}

#[test]
#[ignore = "needs node, express, atlassian-jwt, jose, json-bigint, node-sqlite3-wasm"]
fn the_fixes_for_express_pass_every_case() {
    expect_every_case_passes("Express", true);
}

#[test]
#[ignore = "needs python3, uvicorn, fastapi, jwt, cryptography"]
fn the_fixes_for_fastapi_pass_every_case() {
    expect_every_case_passes("FastAPI", true);
}

#[test]
#[ignore = "needs python3, flask, jwt, cryptography"]
fn the_fixes_for_flask_pass_every_case() {
    expect_every_case_passes("Flask", true);
}

#[test]
#[ignore = "needs go, github.com/golang-jwt/jwt"]
fn the_fixes_for_go_pass_every_case() {
    expect_every_case_passes("Go", false);
}

#[test]
#[ignore = "runs cargo"]
fn the_fixes_for_axum_pass_every_case() {
    let mut build = cargo();
    build.args(["build", "--quiet", "--locked", "--offline", "--example", "fixed_receiver"]).current_dir(root());
    assert!(build.status().expect("cargo runs").success());
    expect_every_case_passes("axum", false);
}

#[test]
#[ignore = "needs javac, spring3-web, jackson-databind"]
fn the_fixes_for_spring_compile() {
    let sandbox = Sandbox::new();
    let jars = ["spring3-web", "spring3-core", "jackson-databind", "jackson-core", "jackson-annotations"];
    let path = jars.map(|jar| format!("/usr/share/java/{jar}.jar")).join(":");
    let mut compile = Command::new(tool("javac"));
    compile.args(["-cp", &path, "-d"]).arg(sandbox.path()).arg(receiver("Spring"));
    assert!(compile.status().expect("javac runs").success());
}
