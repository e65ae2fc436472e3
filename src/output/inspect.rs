//! The results of `inspect`.

use serde::Serialize;

use super::escape;
use super::show::Show;
use super::style::Style;

/// The page is served.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "ready")]
pub struct InspectorReady<'a> {
    /// The URL, with its token.
    pub url: &'a str,
    /// The number of deliveries in the folder.
    pub deliveries: usize,
}

/// The page is written.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "written")]
pub struct SavedPage {
    /// The file.
    pub file: String,
    /// The number of deliveries in the file.
    pub deliveries: usize,
    /// The size of the file, in bytes.
    pub bytes: usize,
}

impl Show for InspectorReady<'_> {
    fn text(&self, style: Style) -> String {
        let noun = if self.deliveries == 1 { "delivery" } else { "deliveries" };
        format!("{} {}  ({} {noun})\n", style.bold("ready"), self.url, self.deliveries)
    }
}

impl Show for SavedPage {
    fn text(&self, _: Style) -> String {
        let noun = if self.deliveries == 1 { "delivery" } else { "deliveries" };
        format!("wrote {}: {} {noun}, {} KiB\n", escape::line(&self.file), self.deliveries, self.bytes.div_ceil(1024))
    }
}
