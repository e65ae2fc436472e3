//! The results of `jwks`.

use serde::Serialize;

use crate::auth::jwt::keys::JsonWebKey;

use super::show::Show;
use super::style::Style;

/// A key set (RFC 7517, section 5).
#[derive(Clone, Debug, Serialize)]
pub struct KeySet {
    /// The keys.
    pub keys: Vec<JsonWebKey>,
}

impl KeySet {
    /// Returns the key set as JSON text.
    pub fn document(&self) -> String {
        // This cannot fail, because all keys of maps are text.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }
}

impl Show for KeySet {
    fn text(&self, _: Style) -> String {
        self.document()
    }
}

/// The key set is served.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type", rename = "ready")]
pub struct KeySetReady {
    /// The URL.
    pub url: String,
    /// The ids of the keys.
    pub kids: Vec<String>,
}

impl Show for KeySetReady {
    fn text(&self, style: Style) -> String {
        format!("{} {}\n", style.bold("ready"), self.url)
    }
}
