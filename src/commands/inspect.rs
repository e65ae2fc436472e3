//! `cfwh inspect`: serves a page with a folder of captures, or writes it to a file.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::thread;

use anyhow::{Context, bail};

use crate::cli;
use crate::client::url::UrlTemplate;
use crate::inspector::Inspector;
use crate::inspector::delivery_log::DeliveryLog;
use crate::inspector::folder_reader::FolderReader;
use crate::inspector::inspector_settings::InspectorSettings;
use crate::inspector::saved_page::saved_page;
use crate::inspector::web::PageServer;
use crate::output::Terminal;
use crate::output::inspect::{InspectorReady, SavedPage};
use crate::server::{Stop, exit_at_second_signal};

use super::atomic_write;
use super::authentication::{self, SchemeUse};
use super::exit::Exit;
use super::input;

/// The default number of deliveries in a file.
const DEFAULT_LAST: usize = 1000;
/// The largest file, in bytes. Browsers take long to open larger ones.
const MAX_PAGE: usize = 128 * 1024 * 1024;
/// The exit code at a second signal.
const INTERRUPTED: i32 = 2;

pub(super) fn run(arguments: &cli::inspect::Inspect, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    input::check_stdin(&arguments.secrets.secret_file, terminal)?;
    authentication::check(&arguments.auth, (&arguments.secrets).into())?;
    let scheme_use = SchemeUse { signs: false, url: arguments.to.as_ref().map(UrlTemplate::url), lifetime: None };
    let scheme = authentication::scheme(&arguments.auth, (&arguments.secrets).into(), &scheme_use, terminal)?;
    let folder = &arguments.folder;
    let settings = InspectorSettings {
        name: "cfwh inspect",
        source: folder.display().to_string(),
        receiver: None,
        to: arguments.to.clone(),
        inspector: Inspector { profile: arguments.profile, scheme },
        first_command: format!("cfwh listen --capture {}", folder.display()),
    };
    let log = Arc::<DeliveryLog>::default();
    let last = arguments.last.unwrap_or(DEFAULT_LAST);
    let newest = if arguments.html.is_some() { last } else { usize::MAX };
    let mut reader = FolderReader::new(folder, &settings).newest(newest);
    let unreadable = reader.read(&log).with_context(|| format!("cannot read the captures in {}", folder.display()))?;
    if unreadable > 0 {
        terminal.warn(&format!("{unreadable} lines of the journal are unreadable and are skipped"));
    }
    match &arguments.html {
        // An empty page would be useless. A served folder may be empty at first.
        Some(_) if log.total() == 0 => {
            bail!("no captures in {}; save some with `cfwh listen --capture DIR`", folder.display())
        }
        Some(path) => write(path, last, &log, &settings, terminal),
        None => serve(arguments.port.unwrap_or(0), reader, &log, settings, terminal),
    }
}

fn write(
    path: &Path,
    last: usize,
    log: &DeliveryLog,
    settings: &InspectorSettings,
    terminal: &mut Terminal,
) -> anyhow::Result<Exit> {
    let (page, count) = saved_page(log, settings, last);
    if page.len() > MAX_PAGE {
        bail!("the page would be {} MiB, which is too large; include fewer deliveries with --last N", page.len() >> 20);
    }
    // Deliveries are for their owner.
    atomic_write::write_private(path, page.as_bytes())?;
    let all = log.total();
    if count < all {
        terminal.say(&format!("the page contains the newest {count} of {all} deliveries; include more with --last N"));
    }
    terminal.print(&SavedPage { file: path.display().to_string(), deliveries: count, bytes: page.len() })?;
    Ok(Exit::Yes)
}

fn serve(
    port: u16,
    reader: FolderReader,
    log: &Arc<DeliveryLog>,
    settings: InspectorSettings,
    terminal: &mut Terminal,
) -> anyhow::Result<Exit> {
    exit_at_second_signal(INTERRUPTED).context("cannot receive signals")?;
    let deliveries = log.total();
    let (server, inspector, url) = PageServer::bind(port, Arc::clone(log), Arc::new(settings))?;
    let (end, ended) = channel();
    let follow = {
        let log = Arc::clone(log);
        move || reader.follow(&log, &ended)
    };
    thread::Builder::new().name("folder".to_owned()).spawn(follow).context("cannot start the thread `folder`")?;
    let stop = Stop::default();
    let mut shown = Ok(());
    server.serve(inspector, &stop, || {
        let ready = InspectorReady { url: &url, deliveries };
        shown = terminal.print_always(&ready).and_then(|()| terminal.flush());
        if shown.is_err() {
            stop.stop();
        }
    })?;
    drop(end);
    shown.map(|()| Exit::Yes)
}
