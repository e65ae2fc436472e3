//! The two forms of every result.

use serde::Serialize;

use super::escape;
use super::style::Style;

/// A result that is text for a person, and one JSON object for a program.
pub trait Show: ToJson {
    /// Renders whole lines for a person.
    fn text(&self, style: Style) -> String;
}

/// `Serialize` for trait objects.
pub trait ToJson {
    /// Renders one JSON object without line ends.
    fn to_json(&self) -> String;
}

impl<T: Serialize> ToJson for T {
    fn to_json(&self) -> String {
        let json = serde_json::to_string(self).expect("results have no keys but strings");
        escape::json(&json).into_owned()
    }
}
