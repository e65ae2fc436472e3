//! Every command of the README and of `docs/` is run, as it stands there.
//!
//! A `console` block is a session: lines that begin with `$ ` are commands. `cfwh listen` without an end of its own stays
//! while its section lasts, and must then end well. What differs from what a reader types: ports are free ones, long
//! loads last a second, and `# exit code N` at the end of a line is held.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::send_export::{skipped, tool};
use crate::support::{Sandbox, listen_meanwhile};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Commands that are not run, and why.
const LEFT_OUT: &[(&str, &str)] = &[
    ("cargo test", "it runs this"),
    ("cargo install --path .", "the test of the packages installs"),
    ("ssh ", "it needs a host of one's own"),
];

/// Programs beside ours that a command may need; without them it is left out, aloud.
const TOOLS: &[&str] = &["curl", "k6", "man", "python3", "vegeta"];

/// A `cfwh listen` that stays, with the secret that it made, if it made one.
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
        let says_secret = command.get_args().any(|argument| argument.to_string_lossy().contains("--secret --port"));
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

/// What the pages speak of: a receiver, a body, captures, a secret, a system that makes pages.
struct Reader {
    sandbox: Sandbox,
    /// The receiver at port 8080 where the section has started none, and the one at port 3000.
    ours: Session,
    theirs: Session,
    sessions: Vec<Session>,
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
        Self { ours, theirs, sandbox, sessions: Vec::new(), ran: 0 }
    }

    fn run(&mut self, line: &str) {
        let (command, code) = match line.rsplit_once("# exit code ") {
            Some((command, code)) => (command, code.trim().parse().expect("a code")),
            None => (line, 0),
        };
        if LEFT_OUT.iter().any(|(prefix, _)| command.starts_with(prefix)) {
            return;
        }
        let mut programs = command.split('|').filter_map(|part| part.split_whitespace().next());
        if let Some(missing) = programs.find(|program| TOOLS.contains(program) && tool(program).is_none()) {
            return skipped(&format!("`{command}`, because {missing} is not installed"));
        }
        let command = self.here(command);
        self.ran += 1;
        let ends = [" -- ", "--demo", "--count", "--within"].iter().any(|option| command.contains(option));
        if command.starts_with("cfwh listen") && !ends {
            return self.sessions.push(Session::start(shell(&self.sandbox, &format!("exec {command} --port 0"))));
        }
        let run = self.sandbox.finish(shell(&self.sandbox, &command));
        assert_eq!(run.code, code, "{command}\n{}\n{}", String::from_utf8_lossy(&run.stdout), run.stderr);
    }

    /// The command with what is only true on the page replaced.
    fn here(&self, command: &str) -> String {
        let ours = self.sessions.last().unwrap_or(&self.ours);
        let made = self.sessions.last().and_then(|session| session.made.as_deref()).unwrap_or("6d1f0e…");
        command
            .replace("cargo run --release -- ", "cfwh ")
            .replace("127.0.0.1:8080", &ours.authority)
            .replace("127.0.0.1:3000", &self.theirs.authority)
            .replace("127.0.0.1:3001", &self.theirs.authority)
            .replace("uration 30s", "uration 1s")
            .replace("uration=30s", "uration=1s")
            .replace("6d1f0e…", made)
    }

    fn end_section(&mut self) {
        self.sessions.drain(..).for_each(Session::end);
    }
}

fn shell(sandbox: &Sandbox, line: &str) -> Command {
    let bin = Path::new(env!("CARGO_BIN_EXE_cfwh")).parent().expect("a folder").to_owned();
    let tools = std::env::var_os("CFWH_TEST_TOOLS").map(PathBuf::from);
    let system = ["/usr/local/bin", "/usr/bin", "/bin"].map(PathBuf::from);
    let path = std::env::join_paths(std::iter::once(bin).chain(tools).chain(system)).expect("a PATH");
    let mut command = Command::new("bash");
    command.args(["-o", "pipefail", "-c", line]).current_dir(sandbox.path()).env_clear().stdin(Stdio::null());
    command.env("PATH", path).env("HOME", sandbox.path()).env("MANPAGER", "cat").env("TZ", "UTC");
    command
}

/// The commands of a page, with `None` where a section begins.
fn commands(page: &str) -> Vec<Option<&str>> {
    let mut in_block = None;
    let mut commands = Vec::new();
    for line in page.lines() {
        match (line.strip_prefix("```"), in_block) {
            (Some(language), None) => in_block = Some(language),
            (Some(_), Some(_)) => in_block = None,
            (None, Some("console")) => commands.extend(line.strip_prefix("$ ").map(Some)),
            (None, None) if line.starts_with('#') => commands.push(None),
            (None, _) => {}
        }
    }
    commands
}

/// Runs a page's commands; how many there were.
fn follow(path: &Path) -> usize {
    let page = std::fs::read_to_string(path).expect("a page");
    let mut reader = Reader::new();
    for command in commands(&page) {
        match command {
            Some(command) => reader.run(command),
            None => reader.end_section(),
        }
    }
    reader.end_section();
    reader.ran
}

#[test]
fn every_command_of_the_readme_runs() {
    let ran = follow(&Path::new(ROOT).join("README.md"));
    assert!(ran > 30, "only {ran} commands were found");
}

#[test]
fn every_command_of_the_cookbook_runs() {
    let mut pages: Vec<_> = Path::new(ROOT)
        .join("docs")
        .read_dir()
        .expect("the pages")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
        .collect();
    pages.sort();
    let index = std::fs::read_to_string(Path::new(ROOT).join("docs/README.md")).expect("the index");
    for page in pages.iter().filter(|page| !page.ends_with("README.md")) {
        let name = page.file_name().expect("a name").to_string_lossy();
        assert!(index.contains(&format!("]({name})")), "docs/README.md does not lead to {name}");
        assert!(follow(page) > 0, "{name} has no command");
    }
}

#[test]
fn what_is_left_out_is_on_a_page() {
    let pages = ["README.md", "docs/develop-behind-a-tunnel.md"];
    let text = pages.map(|page| std::fs::read_to_string(Path::new(ROOT).join(page)).expect("a page")).concat();
    for (prefix, why) in LEFT_OUT {
        assert!(text.contains(prefix), "{prefix} is nowhere ({why})");
    }
}
