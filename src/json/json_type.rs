//! The types of JSON values.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The type of a JSON value. Integers and numbers are different types, as in JSON Schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names of JSON Schema")]
pub enum JsonType {
    Object,
    Array,
    String,
    Integer,
    Number,
    Boolean,
    Null,
}

impl JsonType {
    /// Returns the name in JSON Schema.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Object => "object",
            Self::Array => "array",
            Self::String => "string",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Null => "null",
        }
    }
}

/// Writes the type with its article, for messages: `an object`.
impl fmt::Display for JsonType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Object | Self::Array | Self::Integer => write!(f, "an {}", self.name()),
            Self::String | Self::Number | Self::Boolean => write!(f, "a {}", self.name()),
            Self::Null => f.write_str("null"),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_type_has_a_name_and_an_article() {
        for (json_type, name, sentence) in [
            (JsonType::Object, "object", "an object"),
            (JsonType::Array, "array", "an array"),
            (JsonType::String, "string", "a string"),
            (JsonType::Integer, "integer", "an integer"),
            (JsonType::Number, "number", "a number"),
            (JsonType::Boolean, "boolean", "a boolean"),
            (JsonType::Null, "null", "null"),
        ] {
            assert_eq!((json_type.name(), json_type.to_string().as_str()), (name, sentence));
            assert_eq!(serde_json::from_value(json!(name)).ok(), Some(json_type));
        }
    }
}
