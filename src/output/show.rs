//! The interface of results, which are shown as text or JSON.

use serde::Serialize;

use super::escape;
use super::style::Style;

/// A result that can be shown as text for people, and as one JSON object for programs.
pub trait Show: ToJson {
    /// Renders whole lines of text.
    fn text(&self, style: Style) -> String;
}

/// Serializes trait objects as JSON.
pub trait ToJson {
    /// Renders one JSON object on one line, without a line end.
    fn to_json(&self) -> String;
}

impl<T: Serialize> ToJson for T {
    fn to_json(&self) -> String {
        let json = serde_json::to_string(self).expect("results have no keys but strings");
        escape::json(&json).into_owned()
    }
}
