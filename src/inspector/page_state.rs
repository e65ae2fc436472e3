//! The settings of the page.

use serde::Serialize;

use super::inspector_settings::InspectorSettings;

/// The settings of the page.
#[derive(Serialize)]
pub(super) struct InspectorState<'a> {
    name: &'static str,
    source: &'a str,
    receiver: Option<&'a str>,
    to: Option<String>,
    auth: &'static str,
    can_sign: bool,
    #[serde(rename = "try")]
    first_command: &'a str,
}

impl<'a> InspectorState<'a> {
    pub(super) fn new(settings: &'a InspectorSettings) -> Self {
        Self {
            name: settings.name,
            source: &settings.source,
            receiver: settings.receiver.as_deref(),
            to: settings.to.as_ref().map(ToString::to_string),
            auth: settings.auth(),
            can_sign: settings.inspector.scheme.is_some(),
            first_command: &settings.first_command,
        }
    }
}
