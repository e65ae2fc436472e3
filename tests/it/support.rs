//! Shared by all tests: a sandbox to run the program, a running `cfwh listen`, and an independent endpoint.

use std::collections::{BTreeSet, VecDeque};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use cfwh::models::event::EventKind;
use cfwh::profiles::{find_event, published};
use serde_json::Value;
use tempfile::TempDir;

use crate::raw_client::{Response, address, read_response};
use crate::secret_leaks::{self, Secrets};

/// The event of this name.
#[track_caller]
pub fn event_kind(name: &str) -> EventKind {
    find_event(name).expect("the name of an event")
}

/// The events of the published document.
pub fn all_events() -> impl ExactSizeIterator<Item = EventKind> + Clone {
    published::PROFILE.events.all()
}

/// Where a tool is that a test needs. The test is ignored as `needs TOOL`, and `.ci/run` runs it where `TOOL` is installed.
///
/// # Panics
///
/// When the tool is not in `PATH`: a test that cannot run must not pass.
pub fn tool(name: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let file = std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file());
    file.unwrap_or_else(|| panic!("{name} is not installed"))
}

/// Runs a command to its end, which must be a success. Returns its stdout.
#[track_caller]
pub fn expect_success(command: &mut Command) -> String {
    let output = command.stdin(Stdio::null()).output().expect("it runs");
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{command:?}: {stderr}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Removes the variables that `cargo test` sets for a test. A build script of a dependency reads some of them, so a nested
/// cargo would compile that dependency and this crate again, and replace the running test.
pub fn without_cargo_test_variables(command: &mut Command) -> &mut Command {
    let variables = std::env::vars_os().map(|(name, _)| name).filter(|name| {
        let name = name.to_string_lossy();
        ["CARGO_MANIFEST_", "CARGO_PKG_", "CARGO_BIN_", "CARGO_CRATE_"].iter().any(|start| name.starts_with(start))
    });
    for variable in variables {
        command.env_remove(variable);
    }
    command
}

/// Returns a command for a nested cargo.
pub fn cargo() -> Command {
    let mut command = Command::new(env!("CARGO"));
    without_cargo_test_variables(&mut command);
    command
}

/// The captures in a folder, in the order of their names.
pub fn captures(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut captures: Vec<_> = entries.filter(|path| path.extension().is_some_and(|ending| ending == "http")).collect();
    captures.sort();
    captures
}

/// A new folder and an empty environment, so that settings of a developer do not affect tests.
pub struct Sandbox {
    folder: TempDir,
    secrets: Secrets,
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        if !thread::panicking() {
            self.secrets.expect_none_in(self.path());
        }
    }
}

/// The exit code and the output of a run.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub stdout: Vec<u8>,
    pub stderr: String,
}

impl Run {
    /// Stdout as text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.stdout).expect("stdout is UTF-8")
    }

    /// Stdout as JSON lines.
    pub fn json(&self) -> Vec<Value> {
        self.text().lines().map(|line| serde_json::from_str(line).expect("a JSON line")).collect()
    }

    /// Stdout as one JSON value.
    pub fn json_whole(&self) -> Value {
        serde_json::from_slice(&self.stdout).expect("JSON")
    }

    /// Fails the test when a stream shows one of these secrets.
    #[track_caller]
    fn without(self, secrets: &BTreeSet<Vec<u8>>) -> Self {
        secret_leaks::expect_none(secrets, &self.stdout, "stdout");
        secret_leaks::expect_none(secrets, self.stderr.as_bytes(), "stderr");
        self
    }

    /// Fails the test with everything that was said, unless the run ended so.
    #[track_caller]
    pub fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout: {}\nstderr: {}", String::from_utf8_lossy(&self.stdout), self.stderr);
        self
    }
}

impl Sandbox {
    pub fn new() -> Self {
        Self { folder: TempDir::new().expect("a temporary folder"), secrets: Secrets::default() }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file into the folder.
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder is made");
        std::fs::write(&path, bytes).expect("the file is written");
        self.secrets.except(&path);
        path
    }

    /// The program, to be run in the folder.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cfwh"));
        command.args(arguments).current_dir(self.path()).env_clear().stdin(Stdio::null());
        command
    }

    /// Runs the program to its end.
    pub fn run(&self, arguments: &[&str]) -> Run {
        self.finish(self.command(arguments))
    }

    /// Runs a command of this sandbox to its end.
    pub fn finish(&self, command: Command) -> Run {
        self.finish_with(command, Vec::new())
    }

    /// Runs the program with these bytes on stdin.
    pub fn run_with(&self, arguments: &[&str], stdin: impl Into<Vec<u8>>) -> Run {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped());
        self.finish_with(command, stdin.into())
    }

    fn finish_with(&self, mut command: Command, stdin: Vec<u8>) -> Run {
        let given = self.secrets.learn(&command);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        // A program that ends before it has read everything is none of the writer's business.
        let writer = child.stdin.take().map(|mut pipe| thread::spawn(move || drop(pipe.write_all(&stdin))));
        let run = finish(child);
        if let Some(writer) = writer {
            writer.join().expect("the writer ends");
        }
        run.without(&given)
    }
}

fn finish(child: Child) -> Run {
    let output = child.wait_with_output().expect("it ends");
    Run {
        code: output.status.code().unwrap_or(-1),
        stdout: output.stdout,
        stderr: String::from_utf8(output.stderr).expect("stderr is UTF-8"),
    }
}

/// A running `cfwh listen --json --port 0`.
pub struct Listener {
    child: Option<Child>,
    lines: BufReader<ChildStdout>,
    said: Option<BufReader<ChildStderr>>,
    given: BTreeSet<Vec<u8>>,
    /// Where it receives.
    pub url: String,
    /// Its first line.
    pub ready: Value,
}

impl Listener {
    /// Starts it and waits until it is ready.
    pub fn start(sandbox: &Sandbox, arguments: &[&str]) -> Self {
        let mut all = vec!["listen", "--json", "--port", "0"];
        all.extend(arguments);
        Self::spawn(sandbox, sandbox.command(&all))
    }

    /// Starts a command that is a `cfwh listen --json` and waits until it is ready.
    pub fn spawn(sandbox: &Sandbox, mut command: Command) -> Self {
        let given = sandbox.secrets.learn(&command);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe"));
        let said = child.stderr.take().map(BufReader::new);
        let ready = read_line(&mut lines).expect("it gets ready");
        let url = ready["url"].as_str().expect("it says its URL").to_owned();
        Self { child: Some(child), lines, said, given, url, ready }
    }

    /// The next JSON line; waits for it.
    pub fn next(&mut self) -> Value {
        let line = read_line(&mut self.lines).expect("another line");
        secret_leaks::expect_none(&self.given, line.to_string().as_bytes(), "stdout");
        line
    }

    /// The next line on its stderr, without the line end; waits for it.
    pub fn said(&mut self) -> String {
        let mut line = String::new();
        self.said.as_mut().expect("a pipe").read_line(&mut line).expect("another line");
        secret_leaks::expect_none(&self.given, line.as_bytes(), "stderr");
        line.trim_end().to_owned()
    }

    /// The process, to be signalled.
    pub fn id(&self) -> u32 {
        self.child.as_ref().expect("it runs").id()
    }

    /// Ends it as Ctrl-C does.
    pub fn interrupt(&self) {
        self.signal("-INT");
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: &str) {
        let status = Command::new("kill").args([signal, &self.id().to_string()]).status().expect("kill runs");
        assert!(status.success());
    }

    /// Has the process ended?
    pub fn has_ended(&mut self) -> bool {
        self.child.as_mut().expect("it runs").try_wait().expect("its status").is_some()
    }

    /// Waits for the end without reading the output. Returns the exit code.
    pub fn wait_unread(&mut self) -> Option<i32> {
        self.child.as_mut().expect("it runs").wait().expect("it ends").code()
    }

    /// Sends a POST request with these header lines and this body, on a new connection.
    pub fn post(&self, target: &str, headers: &[&str], body: &[u8]) -> Response {
        self.request("POST", target, &[headers, &[&format!("Content-Length: {}", body.len())]].concat(), body)
    }

    /// Sends a request on a new connection. Only `Host` and `Connection` are added.
    pub fn request(&self, method: &str, target: &str, headers: &[&str], body: &[u8]) -> Response {
        let mut request =
            format!("{method} {target} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", address(&self.url));
        for header in headers {
            request.extend([header, "\r\n"]);
        }
        let mut stream = TcpStream::connect(address(&self.url)).expect("it listens");
        stream.write_all(format!("{request}\r\n").as_bytes()).expect("it reads");
        // One that refuses from the head alone may close before it has read the body.
        let _ = stream.write_all(body);
        let response = read_response(&mut stream).expect("a response");
        secret_leaks::expect_none(
            &self.given,
            format!("{}{}", response.head, response.body).as_bytes(),
            "the response",
        );
        response
    }

    /// Waits for its end; the JSON lines that were not read yet are its stdout.
    pub fn finish(mut self) -> Run {
        let mut child = self.child.take().expect("it runs");
        let mut stderr = self.said.take().expect("a pipe");
        let said = thread::spawn(move || {
            let mut text = String::new();
            stderr.read_to_string(&mut text).map(|_| text)
        });
        let mut stdout = Vec::new();
        self.lines.read_to_end(&mut stdout).expect("its stdout");
        let status = child.wait().expect("it ends");
        let stderr = said.join().expect("the reader ends").expect("its stderr");
        Run { code: status.code().unwrap_or(-1), stdout, stderr }.without(&self.given)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn read_line(lines: &mut impl BufRead) -> Option<Value> {
    let mut line = String::new();
    lines.read_line(&mut line).ok().filter(|&bytes| bytes > 0)?;
    Some(serde_json::from_str(&line).expect("a JSON line"))
}

/// Runs `cfwh listen --port 0` with these arguments, calls `deliver` with its URL once it is ready, and waits for its
/// end, which the arguments must bring about. Its stdout is whole, the ready line too.
pub fn listen_meanwhile(sandbox: &Sandbox, arguments: &[&str], deliver: impl FnOnce(&str)) -> Run {
    let mut command = sandbox.command(&[&["listen", "--port", "0"], arguments].concat());
    let given = sandbox.secrets.learn(&command);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut ready = Vec::new();
    lines.read_until(b'\n', &mut ready).expect("it gets ready");
    let text = String::from_utf8_lossy(&ready).into_owned();
    let url = text.split([' ', '"', '\n']).map(|word| word.trim_start_matches("\u{1b}[0m"));
    deliver(url.into_iter().find(|word| word.starts_with("http://")).expect("it says its URL"));
    lines.read_to_end(&mut ready).expect("its stdout");
    let mut run = finish(child);
    run.stdout = ready;
    run.without(&given)
}

/// Waits until something is so; fails the test when it does not become so.
#[track_caller]
pub fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !is_so() {
        assert!(Instant::now() < deadline, "it does not come to this: {what}");
        thread::sleep(Duration::from_millis(5));
    }
}

/// A port that refuses every connection: it is bound, but has no listener.
pub struct ClosedPort(socket2::Socket);

impl ClosedPort {
    pub fn new() -> Self {
        let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).expect("a socket");
        socket.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).expect("a free port");
        Self(socket)
    }

    /// Its URL, with this path.
    pub fn url(&self, path: &str) -> String {
        let address = self.0.local_addr().ok().and_then(|address| address.as_socket()).expect("an address");
        format!("http://{address}{path}")
    }
}

/// A request as parsed by a different HTTP implementation.
#[derive(Clone, Debug)]
pub struct Received {
    pub method: String,
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Received {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// An endpoint on `tiny_http`. It saves requests, and responds with statuses from a list and then with 200.
pub struct Endpoint {
    server: Arc<tiny_http::Server>,
    thread: Option<thread::JoinHandle<()>>,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Endpoint {
    pub fn start(statuses: &[u16]) -> Self {
        Self::answering(statuses, "thanks\n")
    }

    pub fn answering(statuses: &[u16], text: &'static str) -> Self {
        let server = Arc::new(tiny_http::Server::http("127.0.0.1:0").expect("a free port"));
        let received = Arc::new(Mutex::new(Vec::new()));
        let thread = thread::spawn({
            let (server, received) = (Arc::clone(&server), Arc::clone(&received));
            let mut statuses: VecDeque<u16> = statuses.iter().copied().collect();
            move || {
                for mut request in server.incoming_requests() {
                    let mut body = Vec::new();
                    let _ = request.as_reader().read_to_end(&mut body);
                    received.lock().expect("nobody panicked").push(Received {
                        method: request.method().to_string(),
                        url: request.url().to_owned(),
                        headers: request
                            .headers()
                            .iter()
                            .map(|header| (header.field.to_string(), header.value.to_string()))
                            .collect(),
                        body,
                    });
                    let status = statuses.pop_front().unwrap_or(200);
                    let _ = request.respond(tiny_http::Response::from_string(text).with_status_code(status));
                }
            }
        });
        Self { server, thread: Some(thread), received }
    }

    /// Its URL, with this path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.server.server_addr())
    }

    /// What has come so far.
    pub fn received(&self) -> Vec<Received> {
        self.received.lock().expect("nobody panicked").clone()
    }
}

impl Drop for Endpoint {
    fn drop(&mut self) {
        self.server.unblock();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
