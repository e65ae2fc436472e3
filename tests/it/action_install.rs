//! How the GitHub action gets the program: from a release on a server of this machine, or else from source.

use std::collections::BTreeMap;
use std::os::unix::fs::symlink;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;

use tiny_http::{Response, Server};

use crate::action::script;
use crate::support::{Run, Sandbox, expect_success, tool};

const VERSION: &str = env!("CARGO_PKG_VERSION");
const LINUX: &str = "cfwh-x86_64-unknown-linux-musl.tgz";
const INPUTS: &[(&str, &str)] = &[];

/// A server of files. It remembers the paths that were requested.
struct FileServer {
    server: Arc<Server>,
    requested: Arc<Mutex<Vec<String>>>,
}

impl FileServer {
    fn start(files: BTreeMap<String, Vec<u8>>) -> Self {
        let server = Arc::new(Server::http("127.0.0.1:0").expect("a free port"));
        let requested = Arc::new(Mutex::new(Vec::new()));
        thread::spawn({
            let (server, requested) = (Arc::clone(&server), Arc::clone(&requested));
            move || {
                for request in server.incoming_requests() {
                    requested.lock().expect("nobody panicked").push(request.url().to_owned());
                    let _ = match files.get(request.url()) {
                        Some(file) => request.respond(Response::from_data(file.clone())),
                        None => request.respond(Response::empty(404)),
                    };
                }
            }
        });
        Self { server, requested }
    }

    fn url(&self) -> String {
        format!("http://{}/releases", self.server.server_addr())
    }

    fn requested(&self) -> Vec<String> {
        self.requested.lock().expect("nobody panicked").clone()
    }
}

impl Drop for FileServer {
    fn drop(&mut self) {
        self.server.unblock();
    }
}

/// A runner with the tools that the action needs, and no others.
fn runner() -> Sandbox {
    let sandbox = Sandbox::new();
    let tools = sandbox.path().join("tools");
    std::fs::create_dir(&tools).expect("a folder");
    for name in ["bash", "curl", "gzip", "head", "mkdir", "mv", "rm", "sed", "sha256sum", "tar", "unzip"] {
        symlink(tool(name), tools.join(name)).expect("a link");
    }
    sandbox
}

/// What the workflow uploads for a platform: a program that prints the name of its archive, and its checksum.
fn release(sandbox: &Sandbox, archive: &str) -> BTreeMap<String, Vec<u8>> {
    let (name, format) = archive.rsplit_once('.').expect("a format");
    let program = if format == "zip" { "cfwh.exe" } else { "cfwh" };
    sandbox.write(&format!("{name}/README.md"), "read me");
    let program = sandbox.write(&format!("{name}/{program}"), format!("#!/bin/sh\necho {archive}\n"));
    expect_success(Command::new("chmod").arg("+x").arg(program));
    let mut pack = if format == "zip" { Command::new(tool("zip")) } else { Command::new(tool("tar")) };
    pack.args(if format == "zip" { ["-qr", archive] } else { ["czf", archive] });
    expect_success(pack.arg(name).current_dir(sandbox.path()));
    let checksum = expect_success(Command::new(tool("sha256sum")).arg(archive).current_dir(sandbox.path()));
    let bytes = std::fs::read(sandbox.path().join(archive)).expect("the archive");
    let path = format!("/releases/v{VERSION}/{archive}");
    BTreeMap::from([(format!("{path}.sha256"), checksum.into_bytes()), (path, bytes)])
}

/// Runs the installation on a runner of this kind.
fn install(sandbox: &Sandbox, platform: (&str, &str), base: &str, inputs: &[(&str, &str)]) -> Run {
    let script = sandbox.write("script.sh", script("Install cfwh"));
    let runner = sandbox.path().join("runner");
    std::fs::create_dir_all(&runner).expect("a folder");
    let mut command = Command::new(tool("bash"));
    command.args(["--noprofile", "--norc", "-eo", "pipefail"]).arg(script).current_dir(sandbox.path()).env_clear();
    command.env("PATH", sandbox.path().join("tools")).env("RUNNER_TEMP", runner);
    command.env("RUNNER_OS", platform.0).env("RUNNER_ARCH", platform.1).env("BASE_URL", base);
    command.env("SOURCE", env!("CARGO_MANIFEST_DIR")).env("SERVER", "https://127.0.0.1:1");
    command.envs([("REPOSITORY", ""), ("VERSION", "")]).envs(inputs.iter().copied());
    sandbox.finish(command)
}

/// What the program prints that was installed.
fn installed(sandbox: &Sandbox) -> Option<String> {
    let bin = sandbox.path().join("runner/cfwh/bin");
    let program = ["cfwh", "cfwh.exe"].map(|name| bin.join(name)).into_iter().find(|path| path.exists())?;
    Some(expect_success(&mut Command::new(program)))
}

#[test]
#[ignore = "needs bash, curl, unzip, zip"]
fn the_action_installs_the_release_for_its_platform() {
    for (platform, archive) in [
        (("Linux", "X64"), LINUX),
        (("Linux", "ARM64"), "cfwh-aarch64-unknown-linux-musl.tgz"),
        (("macOS", "X64"), "cfwh-x86_64-apple-darwin.tgz"),
        (("macOS", "ARM64"), "cfwh-aarch64-apple-darwin.tgz"),
        (("Windows", "X64"), "cfwh-x86_64-pc-windows-msvc.zip"),
    ] {
        let sandbox = runner();
        let server = FileServer::start(release(&sandbox, archive));
        install(&sandbox, platform, &server.url(), INPUTS).expect(0);
        assert_eq!(installed(&sandbox), Some(format!("{archive}\n")));
        // A version that is given, a final slash, and a second installation change nothing.
        let version = format!("v{VERSION}");
        install(&sandbox, platform, &format!("{}/", server.url()), &[("VERSION", &version)]).expect(0);
        assert_eq!(installed(&sandbox), Some(format!("{archive}\n")));
    }
}

#[test]
#[ignore = "needs bash, curl, unzip"]
fn the_action_refuses_a_release_with_another_checksum() {
    let sandbox = runner();
    let mut files = release(&sandbox, LINUX);
    let archive = files.get_mut(&format!("/releases/v{VERSION}/{LINUX}")).expect("the archive");
    archive.push(b'\n');
    let server = FileServer::start(files);
    let run = install(&sandbox, ("Linux", "X64"), &server.url(), INPUTS).expect(2);
    assert!(run.text().contains("::error title=cfwh::http://127.0.0.1:"), "{}", run.text());
    assert!(run.text().contains(" has the SHA-256 "), "{}", run.text());
    assert_eq!(installed(&sandbox), None);

    // A checksum file that is empty fits nothing.
    let server = FileServer::start(BTreeMap::from([
        (format!("/releases/v{VERSION}/{LINUX}"), b"no archive".to_vec()),
        (format!("/releases/v{VERSION}/{LINUX}.sha256"), Vec::new()),
    ]));
    install(&sandbox, ("Linux", "X64"), &server.url(), INPUTS).expect(2);
    assert_eq!(installed(&sandbox), None);
}

#[test]
#[ignore = "needs bash, curl, unzip"]
fn the_action_builds_its_own_version_where_there_is_no_release() {
    let sandbox = runner();
    let server = FileServer::start(BTreeMap::new());
    let run = install(&sandbox, ("Linux", "X64"), &server.url(), INPUTS).expect(2);
    assert!(run.text().contains("there is no cargo to build it"), "{}", run.text());
    assert_eq!(server.requested(), [format!("/releases/v{VERSION}/{LINUX}.sha256")]);

    let cargo = sandbox.write("tools/cargo", "#!/bin/bash\necho \"cargo $*\"\n");
    expect_success(Command::new("chmod").arg("+x").arg(cargo));
    let root = sandbox.path().join("runner/cfwh");
    let expected = format!("cargo install --locked --path {} --root {}", env!("CARGO_MANIFEST_DIR"), root.display());
    for (platform, base) in
        [(("Linux", "X64"), server.url()), (("Linux", "RISCV64"), server.url()), (("Linux", "X64"), String::new())]
    {
        let run = install(&sandbox, platform, &base, INPUTS).expect(0);
        assert!(run.text().contains(&expected), "{platform:?}: {}", run.text());
    }
    assert_eq!(server.requested().len(), 2, "for an unknown platform nothing is requested");

    let run = install(&sandbox, ("Linux", "X64"), &server.url(), &[("VERSION", "0.0.9")]).expect(2);
    assert!(run.text().contains("cfwh 0.0.9 cannot be downloaded"), "{}", run.text());
}

#[test]
#[ignore = "needs bash, curl, unzip"]
fn the_action_takes_no_path_for_a_version_and_no_plain_http_from_other_hosts() {
    let sandbox = runner();
    for version in ["../..", "0.1.0/..", "1 2", "$(touch made)"] {
        let run = install(&sandbox, ("Linux", "X64"), "", &[("VERSION", version)]).expect(2);
        assert!(run.text().starts_with("::error title=cfwh::version is not a version"), "{}", run.text());
    }
    // 127.0.0.2 is this machine too, but not the address that may be used without TLS.
    let run = install(&sandbox, ("Linux", "X64"), "http://127.0.0.2:1", INPUTS).expect(2);
    assert!(run.stderr.contains("Protocol \"http\""), "{}", run.stderr);
}
