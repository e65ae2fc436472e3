//! What the web inspector knows besides the deliveries.

use crate::client::url::UrlTemplate;

use super::inspect::Inspector;

/// What the web inspector knows besides the deliveries.
#[derive(Debug)]
pub struct InspectorSettings {
    /// The command that serves it: `cfwh listen`.
    pub name: &'static str,
    /// Where deliveries are from, in a few words.
    pub source: String,
    /// Where deliveries can be sent to, if they are received now.
    pub receiver: Option<String>,
    /// Where replays go unless another URL is typed.
    pub to: Option<UrlTemplate>,
    /// Says everything about a delivery. Its scheme also signs.
    pub inspector: Inspector,
    /// The command that makes a first delivery.
    pub first_command: String,
}

impl InspectorSettings {
    /// The name of the scheme, or `none`.
    pub(super) fn auth(&self) -> &'static str {
        self.inspector.scheme.as_ref().map_or("none", |scheme| scheme.info().name)
    }
}
