//! Serves the inspector while a command runs.

use std::io;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use anyhow::{Context, anyhow};

use crate::auth::Parameter;
use crate::inspector::delivery_log::DeliveryLog;
use crate::inspector::inspector_settings::InspectorSettings;
use crate::inspector::web::PageServer;
use crate::models::event::EventKind;
use crate::server::{ServerError, Stop, StopReason};

/// The thread that serves the inspector. It ends when this is dropped.
pub(super) struct ServedInspector {
    log: Arc<DeliveryLog>,
    stop: Stop,
    thread: Option<JoinHandle<Result<StopReason, ServerError>>>,
    /// The URL of the page.
    pub(super) url: String,
}

impl ServedInspector {
    /// Binds a port and serves the page. Port 0 picks a free port.
    pub(super) fn start(port: u16, log: &Arc<DeliveryLog>, mut settings: InspectorSettings) -> anyhow::Result<Self> {
        if settings.receiver.is_some() {
            settings.first_command = first_command(&settings);
        }
        let bound = PageServer::bind(port, Arc::clone(log), Arc::new(settings));
        let (server, inspector, url) = bound.map_err(named)?;
        let stop = Stop::default();
        let serve = {
            let stop = stop.clone();
            move || server.serve(inspector, &stop, || {})
        };
        let thread = thread::Builder::new().name("inspector".to_owned()).spawn(serve);
        let thread = thread.context("cannot start the thread `inspector`")?;
        Ok(Self { log: Arc::clone(log), stop, thread: Some(thread), url })
    }
}

/// Adds the option that chose the port to an error, because the command has two ports.
fn named(error: ServerError) -> anyhow::Error {
    match error {
        ServerError::Bind { address, source } if source.kind() == io::ErrorKind::AddrInUse => {
            anyhow!(
                "cannot serve the inspector on {address}: the port is in use; `--inspect` without a port picks a free one"
            )
        }
        other => other.into(),
    }
}

/// Returns the command that sends a first delivery, with credentials that the receiver accepts.
fn first_command(settings: &InspectorSettings) -> String {
    let profile = settings.inspector.profile(None);
    let event = profile.events.all().next().map_or("page_created", EventKind::name);
    let named = if profile.is_default() { String::new() } else { format!(" --profile {profile}") };
    let info = settings.inspector.scheme.as_ref().map(|scheme| scheme.info());
    let auth = info.filter(|info| info.name != profile.scheme).map(|info| format!(" --auth {}", info.name));
    let credentials = info.map_or_else(String::new, |info| {
        let option = |parameter: Parameter| {
            let value = if parameter == Parameter::Token { "NAME=VALUE" } else { "VALUE" };
            format!(" --{} {}", parameter.option(), if parameter == Parameter::Secret { "SECRET" } else { value })
        };
        let key = info.has_key_set().then_some([Parameter::AppId, Parameter::Key]);
        info.required.into_iter().chain(key.into_iter().flatten()).map(option).collect()
    });
    let to = settings.receiver.as_deref().unwrap_or_default();
    format!("cfwh send {event}{named}{}{credentials} --to {to}", auth.unwrap_or_default())
}

impl Drop for ServedInspector {
    fn drop(&mut self) {
        // Open pages show that the server has stopped.
        self.log.end();
        self.stop.stop();
        // An error when the server ends does not change the result.
        let _ = self.thread.take().map(JoinHandle::join);
    }
}
