//! Serves the inspector beside what a command does.

use std::sync::Arc;
use std::thread::{self, JoinHandle};

use anyhow::Context;

use crate::inspector::delivery_log::DeliveryLog;
use crate::inspector::inspector_settings::InspectorSettings;
use crate::inspector::web::PageServer;
use crate::server::{ServerError, Stop, StopReason};

/// The thread that serves the inspector. It ends when this is dropped.
pub(super) struct ServedInspector {
    log: Arc<DeliveryLog>,
    stop: Stop,
    thread: Option<JoinHandle<Result<StopReason, ServerError>>>,
    /// Where the page is.
    pub(super) url: String,
}

impl ServedInspector {
    /// Binds a port, 0 for a free one, and serves the page.
    pub(super) fn start(port: u16, log: &Arc<DeliveryLog>, settings: InspectorSettings) -> anyhow::Result<Self> {
        let (server, inspector, url) = PageServer::bind(port, Arc::clone(log), Arc::new(settings))?;
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

impl Drop for ServedInspector {
    fn drop(&mut self) {
        // Pages that are open say that this is the end.
        self.log.end();
        self.stop.stop();
        // What the server says when it ends changes no result.
        let _ = self.thread.take().map(JoinHandle::join);
    }
}
