//! The settings of the web inspector.

use crate::client::url::UrlTemplate;

use super::inspect::Inspector;

/// The settings of the web inspector.
#[derive(Debug)]
pub struct InspectorSettings {
    /// The command that serves it: `cfwh listen`.
    pub name: &'static str,
    /// The source of the deliveries, in a few words.
    pub source: String,
    /// The URL of the running receiver, if there is one.
    pub receiver: Option<String>,
    /// The default URL for replays.
    pub to: Option<UrlTemplate>,
    /// Inspects deliveries. Its scheme also signs replays.
    pub inspector: Inspector,
    /// The command that sends a first delivery.
    pub first_command: String,
}

impl InspectorSettings {
    /// Returns the name of the scheme, or `none`.
    pub(super) fn auth(&self) -> &'static str {
        self.inspector.scheme.as_ref().map_or("none", |scheme| scheme.info().name)
    }
}
