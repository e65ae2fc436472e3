//! Runs every command in the README, in `SKILL.md` and in `docs/`.
//!
//! A `console` block is a session: lines that begin with `$ ` are commands. `cfwh listen` without an end of its own stays
//! while its section lasts, and must then end well. What differs from what a reader types: ports are free ones, loads
//! last a second or send less, and `# exit code N` at the end of a line is held.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use cfwh::cli::help::SKILL;

use crate::links::pages_under;
use crate::support::{Sandbox, listen_meanwhile, tool};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Commands that are not run, and why.
const LEFT_OUT: &[(&str, &str)] = &[
    ("cargo test", "it runs this"),
    ("cargo install --path .", "the test of the packages installs"),
    ("ssh ", "it needs a server"),
];

/// Programs that some commands need. Such a command is left out of the default run; the ignored test of its program runs
/// the sections that it is in.
const TOOLS: &[&str] = &["curl", "k6", "man", "python3", "vegeta"];

/// The programs of `TOOLS` that a command needs.
fn tools_of(command: &str) -> impl Iterator<Item = &str> {
    let programs = command.split('|').filter_map(|part| part.split_whitespace().next());
    programs.filter(|program| TOOLS.contains(program))
}

/// A `cfwh listen` or `cfwh inspect` that stays, with the secret that it made, if it made one.
struct Session {
    child: Child,
    authority: String,
    made: Option<String>,
}

impl Session {
    fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines().map_while(Result::ok);
        let ready = lines.next().unwrap_or_default();
        let url = ready.strip_prefix("ready http://").unwrap_or_else(|| panic!("{command:?} says {ready:?}"));
        let authority = url.split('/').next().expect("a URL").to_owned();
        let says_secret = command.get_args().any(|argument| argument.to_string_lossy().ends_with("--secret"));
        let mut said = BufReader::new(child.stderr.take().expect("a pipe"));
        let made = says_secret.then(|| {
            let mut line = String::new();
            said.read_line(&mut line).expect("it says its secret");
            line.trim().rsplit(' ').next().expect("a word").to_owned()
        });
        // Both are read to their ends, or it would wait for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        std::thread::spawn(move || said.lines().for_each(drop));
        Self { child, authority, made }
    }

    /// Ends it as Ctrl-C does.
    fn end(mut self) {
        assert!(
            Command::new("kill").args(["-INT", &self.child.id().to_string()]).status().expect("kill runs").success()
        );
        let status = self.child.wait().expect("it ends");
        assert!(status.success(), "a session ends with {status}");
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The environment of the pages: a receiver, a body, captures and a secret.
struct Reader {
    sandbox: Sandbox,
    /// The receiver at port 8080 where the section has started none, and the one at port 3000.
    ours: Session,
    theirs: Session,
    sessions: Vec<Session>,
    /// The variables that the section has exported.
    exported: Vec<(String, String)>,
    ran: usize,
}

impl Reader {
    fn new() -> Self {
        let sandbox = Sandbox::new();
        let folder = sandbox.path();
        for name in ["samples", "tests"] {
            std::os::unix::fs::symlink(Path::new(ROOT).join(name), folder.join(name)).expect("a link");
        }
        std::fs::create_dir_all(folder.join(".local/share/bash-completion/completions")).expect("a folder");
        std::fs::copy(Path::new(ROOT).join("samples/page_created.json"), folder.join("body.json")).expect("a copy");
        // What Python writes on the page, for where that command is left out.
        let body = std::fs::read_to_string(folder.join("body.json")).expect("a sample");
        sandbox.write("rewritten.json", body.replace('\n', "").replace("  ", ""));
        sandbox.write("secret.txt", "s\n");
        let script = sandbox
            .write("create-two-pages.sh", "#!/bin/sh\nexec cfwh send page_created page_created --to \"$CFWH_URL\"\n");
        std::fs::set_permissions(script, std::fs::Permissions::from_mode(0o755)).expect("it is ours");
        let capturing = ["--secret", "s", "--path", "/hooks", "--capture", "calls", "--count", "3"];
        listen_meanwhile(&sandbox, &capturing, |url| {
            let events = ["page_created", "page_updated", "comment_created"];
            sandbox.run(&[&["send", "--secret", "s", "--seed", "1", "--to", url][..], &events].concat()).expect(0);
        })
        .expect(0);
        let start =
            |path| Session::start(shell(&sandbox, &format!("exec cfwh listen --port 0 --secret s --path {path}")));
        let (ours, theirs) = (start("/webhooks/confluence"), start("/hooks"));
        Self { ours, theirs, sandbox, sessions: Vec::new(), exported: Vec::new(), ran: 0 }
    }

    fn run(&mut self, line: &str) {
        let (command, code) = match line.rsplit_once("# exit code ") {
            Some((command, code)) => (command, code.trim().parse().expect("a code")),
            None => (line, 0),
        };
        if LEFT_OUT.iter().any(|(prefix, _)| command.starts_with(prefix)) {
            return;
        }
        let command = self.here(command);
        if let Some(variables) = command.strip_prefix("export ") {
            let pairs = variables.split_whitespace().filter_map(|pair| pair.split_once('='));
            self.exported.extend(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())));
            return;
        }
        self.ran += 1;
        let ends = [" -- ", "--demo", "--count", "--within"].iter().any(|option| command.contains(option));
        let serves = command.starts_with("cfwh listen") && !ends;
        if serves || (command.starts_with("cfwh inspect") && !command.contains("--html")) {
            return self.sessions.push(Session::start(self.shell(&format!("exec {command}"))));
        }
        let run = self.sandbox.finish(self.shell(&command));
        assert_eq!(run.code, code, "{command}\n{}\n{}", String::from_utf8_lossy(&run.stdout), run.stderr);
    }

    fn shell(&self, line: &str) -> Command {
        let mut command = shell(&self.sandbox, line);
        command.envs(self.exported.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Returns the command with the ports and paths of this run.
    fn here(&self, command: &str) -> String {
        let ours = self.sessions.last().unwrap_or(&self.ours);
        let made = self.sessions.last().and_then(|session| session.made.as_deref()).unwrap_or("6d1f0e…");
        let listen = if command.contains("--port ") { "cfwh listen" } else { "cfwh listen --port 0" };
        command
            .replace("cargo run --release -- ", "cfwh ")
            .replace("cfwh listen", listen)
            .replace("127.0.0.1:8080", &ours.authority)
            .replace("127.0.0.1:3000", &self.theirs.authority)
            .replace("localhost:3000", &self.theirs.authority)
            .replace("127.0.0.1:3001", &self.theirs.authority)
            .replace("--jwks-port 8081", "--jwks-port 0")
            .replace("uration 30s", "uration 1s")
            .replace("uration=30s", "uration=1s")
            .replace("--count 1000 --concurrency", "--count 20 --concurrency")
            .replace("6d1f0e…", made)
    }

    fn end_section(&mut self) {
        self.sessions.drain(..).for_each(Session::end);
        self.exported.clear();
    }
}

fn shell(sandbox: &Sandbox, line: &str) -> Command {
    let bin = Path::new(env!("CARGO_BIN_EXE_cfwh")).parent().expect("a folder").to_owned();
    let system = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(std::iter::once(bin).chain(std::env::split_paths(&system))).expect("a PATH");
    let mut command = Command::new("/bin/sh");
    // A failure at the start of a pipe counts where the shell can tell it.
    let line = format!("(set -o pipefail) 2>/dev/null && set -o pipefail\n{line}");
    command.args(["-c", &line]).current_dir(sandbox.path()).env_clear().stdin(Stdio::null());
    command.env("PATH", path).env("HOME", sandbox.path()).env("MANPAGER", "cat").env("TZ", "UTC");
    command
}

/// The commands of a page, section by section.
fn sections(page: &str) -> Vec<Vec<&str>> {
    let mut in_block = None;
    let mut sections = vec![Vec::new()];
    for line in page.lines() {
        match (line.strip_prefix("```"), in_block) {
            (Some(language), None) => in_block = Some(language),
            (Some(_), Some(_)) => in_block = None,
            (None, Some("console")) => {
                sections.last_mut().expect("there is one").extend(line.strip_prefix("$ "));
            }
            (None, None) if line.starts_with('#') => sections.push(Vec::new()),
            (None, _) => {}
        }
    }
    sections
}

/// Runs the commands of these sections that need no program of `TOOLS`, or this one; how many there were.
fn follow(sections: &[Vec<&str>], with: Option<&str>) -> usize {
    let mut reader = Reader::new();
    for section in sections {
        for command in section {
            if tools_of(command).all(|tool| with == Some(tool)) {
                reader.run(command);
            }
        }
        reader.end_section();
    }
    reader.ran
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).expect("a page")
}

fn readme() -> PathBuf {
    Path::new(ROOT).join("README.md")
}

/// The pages in the folders of `docs/`.
fn cookbook() -> Vec<PathBuf> {
    let docs = Path::new(ROOT).join("docs");
    pages_under(&docs).into_iter().filter(|page| page.parent() != Some(&docs)).collect()
}

#[test]
fn every_command_of_the_readme_runs() {
    let ran = follow(&sections(&read(&readme())), None);
    assert!(ran > 15, "only {ran} commands were found");
}

#[test]
fn every_command_of_the_skill_runs() {
    let ran = follow(&sections(SKILL), None);
    assert!(ran > 8, "only {ran} commands were found");
}

#[test]
fn every_command_of_the_cookbook_runs() {
    let ran: usize = std::thread::scope(|scope| {
        let run = |page: PathBuf| {
            let text = read(&page);
            let sections = sections(&text);
            if sections.iter().all(Vec::is_empty) { 0 } else { follow(&sections, None) }
        };
        let pages: Vec<_> = cookbook().into_iter().map(|page| scope.spawn(move || run(page))).collect();
        pages.into_iter().map(|page| page.join().expect("the commands of a page run")).sum()
    });
    assert!(ran > 80, "only {ran} commands were found");
}

/// Runs every section that needs this program.
fn run_sections_with(name: &str) {
    tool(name);
    let mut ran = 0;
    for page in cookbook().into_iter().chain([readme()]) {
        let page = read(&page);
        let mut sections = sections(&page);
        sections.retain(|section| section.iter().any(|command| tools_of(command).any(|tool| tool == name)));
        if !sections.is_empty() {
            ran += follow(&sections, Some(name));
        }
    }
    assert!(ran > 0, "no page needs {name}");
}

#[test]
#[ignore = "needs curl"]
fn the_commands_with_curl_run() {
    run_sections_with("curl");
}

#[test]
#[ignore = "needs k6"]
fn the_commands_with_k6_run() {
    run_sections_with("k6");
}

#[test]
#[ignore = "needs python3"]
fn the_commands_with_python_run() {
    run_sections_with("python3");
}

#[test]
#[ignore = "needs vegeta"]
fn the_commands_with_vegeta_run() {
    run_sections_with("vegeta");
}

#[test]
fn the_commands_that_no_test_runs_are_still_on_a_page() {
    let pages = ["README.md", "docs/how-to/develop-behind-a-tunnel.md"];
    let text = pages.map(|page| std::fs::read_to_string(Path::new(ROOT).join(page)).expect("a page")).concat();
    for (prefix, why) in LEFT_OUT {
        assert!(text.contains(prefix), "{prefix} is nowhere ({why})");
    }
}
