//! `--edit`: opens bodies in the user's editor before anything is sent.

use std::io::{self, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;
#[cfg(unix)]
use std::time::Instant;

use anyhow::{Context, bail};
use tempfile::NamedTempFile;

use crate::cli;
use crate::client::interrupt::Interrupt;
use crate::commands::input::{self, too_large};
use crate::generator::edit::COMPRESSED;
use crate::json;
use crate::models::gzip;
use crate::output::Terminal;
use crate::profiles::KnownEvent;
use crate::store::capture_format;

use super::item::{Item, ItemContent};
use super::prepare::RequestBuilder;

/// The most bodies that are edited in one run.
const MAX_EDITED: usize = 20;
/// How long the editor may take to end after this process was interrupted.
#[cfg(unix)]
const TERMINATION_TIMEOUT: Duration = Duration::from_millis(500);
/// How often the editor is checked.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// Opens the body of each item in the editor, in order. Returns the items to send.
///
/// # Errors
/// Returns an error if a body cannot be edited, the editor fails or leaves an empty file, or there are too many bodies. Then
/// no delivery is sent.
pub(super) fn edit_all(
    items: impl Iterator<Item = anyhow::Result<Item>>,
    builder: &RequestBuilder<'_>,
    terminal: &mut Terminal,
) -> anyhow::Result<Vec<Item>> {
    let editor = Editor::from_environment()?;
    let items = items.take(MAX_EDITED + 1).collect::<anyhow::Result<Vec<_>>>()?;
    if items.len() > MAX_EDITED {
        bail!("--edit would open the editor more than {MAX_EDITED} times; give fewer files");
    }
    // Check everything before the user types anything.
    for item in &items {
        check(item, builder)?;
    }
    let arguments = builder.arguments();
    items.into_iter().map(|item| edit(item, &editor, arguments, terminal).context("no delivery was sent")).collect()
}

fn check(item: &Item, builder: &RequestBuilder<'_>) -> anyhow::Result<()> {
    if let ItemContent::Capture(capture) = &item.content {
        builder.check_editable(capture, &item.source)?;
    }
    let body = item.body();
    let reason = if body.starts_with(gzip::MAGIC) {
        COMPRESSED
    } else if capture_format::is_utf16(&body) {
        "the body is in UTF-16"
    } else if body.starts_with("\u{feff}".as_bytes()) {
        "the body starts with a byte order mark"
    } else if std::str::from_utf8(&body).is_err() {
        "the body is not UTF-8"
    } else {
        return Ok(());
    };
    bail!("{} cannot be edited: {reason}", item.source)
}

fn edit(item: Item, editor: &Editor, arguments: &cli::send::Send, terminal: &mut Terminal) -> anyhow::Result<Item> {
    let body = item.body();
    let Some(edited) = editor.edit(item.event.unwrap_or("body"), &body, arguments.limits.max_body)? else {
        terminal.say(&format!("{} is unchanged", item.source));
        return Ok(item);
    };
    if let Err(error) = json::parse(&edited) {
        terminal.warn(&format!("{} is sent unchanged: {}", item.source, error.message));
    }
    let target = if let ItemContent::Capture(capture) = &item.content { capture.target() } else { "" };
    // A body may be about another event now.
    let event = arguments.event.or_else(|| arguments.events.profile.identify(target, &edited));
    let event = event.map(KnownEvent::name).or(item.event);
    Ok(Item { event, ..item.with_body(edited) })
}

/// The user's editor.
struct Editor {
    program: String,
    arguments: Vec<String>,
    /// Leaves Ctrl-C to the editor.
    interrupt: Interrupt,
}

impl Editor {
    /// Returns the editor of `$VISUAL` or else `$EDITOR`, with arguments split as in a shell.
    fn from_environment() -> anyhow::Result<Self> {
        let value = |name| std::env::var(name).ok().filter(|value: &String| !value.trim().is_empty());
        let (name, command) = ["VISUAL", "EDITOR"]
            .into_iter()
            .find_map(|name| Some((name, value(name)?)))
            .context("--edit needs an editor; set VISUAL or EDITOR, for example EDITOR='code --wait'")?;
        let mut words = shlex::split(&command).unwrap_or_default().into_iter();
        let program = words.next().with_context(|| format!("{name} does not name a program: {command}"))?;
        let interrupt = Interrupt::beside_editor().context("cannot catch signals")?;
        Ok(Self { program, arguments: words.collect(), interrupt })
    }

    /// Opens a body in the editor and waits until the editor exits. Returns the changed body, or `None` if it is unchanged. An
    /// added final line end is not a change, because many editors add one.
    fn edit(&self, name: &str, body: &[u8], max_body: usize) -> anyhow::Result<Option<Vec<u8>>> {
        let prefix: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        // Only its owner can read the file. It is always removed when this function ends.
        let file = tempfile::Builder::new().prefix(&format!("{prefix}-")).suffix(".json").tempfile();
        let mut file = file.context("cannot create a file for the editor")?;
        file.write_all(body).context("cannot write the file for the editor")?;
        let status = self.run(&file)?;
        if !status.success() {
            bail!("the editor `{}` exited with {status}", self.program);
        }
        // Some editors replace the file instead of writing to it.
        let edited = input::read_file(file.path(), max_body).context("cannot read the edited file")?;
        let edited = edited.ok_or_else(|| too_large(max_body))?;
        if edited == body || edited.strip_suffix(b"\n").is_some_and(|rest| is_without_line_end(rest, body)) {
            return Ok(None);
        }
        if edited.trim_ascii().is_empty() {
            bail!("the edited file is empty");
        }
        Ok(Some(edited))
    }

    /// Runs the editor. Its output goes to stderr, because stdout has the results. If this process is interrupted, the editor
    /// ends first, and then the file is removed.
    fn run(&self, file: &NamedTempFile) -> anyhow::Result<ExitStatus> {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).arg(file.path()).stdout(Stdio::from(io::stderr()));
        let mut editor = command.spawn().with_context(|| format!("cannot run the editor `{}`", self.program))?;
        loop {
            if let Some(status) = editor.try_wait().context("cannot wait for the editor")? {
                return Ok(status);
            }
            if self.interrupt.is_triggered() {
                end(&mut editor);
                bail!("interrupted while the editor was open");
            }
            thread::sleep(POLL_INTERVAL);
        }
    }
}

/// Ends an editor. It gets a moment to restore the terminal.
fn end(editor: &mut Child) {
    #[cfg(unix)]
    {
        use rustix::process::{Pid, Signal, kill_process};
        let _ = kill_process(Pid::from_child(editor), Signal::TERM);
        let start = Instant::now();
        while start.elapsed() < TERMINATION_TIMEOUT && matches!(editor.try_wait(), Ok(None)) {
            thread::sleep(POLL_INTERVAL);
        }
    }
    let _ = editor.kill();
    let _ = editor.wait();
}

/// Returns whether this is the unchanged body, perhaps with an added line end.
fn is_without_line_end(text: &[u8], body: &[u8]) -> bool {
    let text = text.strip_suffix(b"\r").unwrap_or(text);
    text == body && !body.ends_with(b"\n")
}
