//! The types that JSON values have.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The type of a JSON value. Integers are apart from other numbers, as in JSON Schema.
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
    /// The name in JSON Schema.
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

impl From<&Value> for JsonType {
    /// To JSON Schema `1.0` is an integer too.
    fn from(value: &Value) -> Self {
        match value {
            Value::Object(_) => Self::Object,
            Value::Array(_) => Self::Array,
            Value::String(_) => Self::String,
            Value::Number(number) if number.as_f64().is_some_and(|number| number.fract() == 0.0) => Self::Integer,
            Value::Number(_) => Self::Number,
            Value::Bool(_) => Self::Boolean,
            Value::Null => Self::Null,
        }
    }
}

/// With its article, for sentences: `an object`.
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
        for (value, name, sentence) in [
            (json!({}), "object", "an object"),
            (json!([]), "array", "an array"),
            (json!(""), "string", "a string"),
            (json!(1.0), "integer", "an integer"),
            (json!(1.5), "number", "a number"),
            (json!(true), "boolean", "a boolean"),
            (json!(null), "null", "null"),
        ] {
            let json_type = JsonType::from(&value);
            assert_eq!((json_type.name(), json_type.to_string().as_str()), (name, sentence));
            assert_eq!(serde_json::from_value(json!(name)).ok(), Some(json_type));
        }
    }
}
