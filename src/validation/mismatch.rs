//! One value and what is declared about it.

use crate::json::Value;
use crate::json::json_type::JsonType;
use crate::models::event::nearest;
use crate::models::rule::Rule;
use crate::profiles::shape::{Declared, Format, Shape};

use super::formats;
use super::wording::{Wording, join, quote, truncate};

/// What a value does not match.
pub(super) enum Mismatch<'s> {
    Type(&'s Declared<Vec<JsonType>>),
    Values(&'s Declared<Vec<&'static str>>),
    Format(&'s Declared<Format>),
}

impl<'s> Mismatch<'s> {
    /// Compares a value with what is declared about it; the items and members of the value are not looked at.
    #[inline]
    pub(super) fn find(shape: &'s Shape, value: &Value<'_>) -> Option<Self> {
        if let Some(types) = &shape.types
            && !types.value.iter().any(|&declared| has_type(value, declared))
        {
            return Some(Self::Type(types));
        }
        match value {
            Value::String(text) => {
                if let Some(values) = &shape.values
                    && !values.value.iter().any(|value| value == text)
                {
                    return Some(Self::Values(values));
                }
                shape.format.as_ref().filter(|format| !formats::has_format(text, format.value)).map(Self::Format)
            }
            Value::Number(number) => {
                let int64 = shape.format.as_ref().filter(|format| format.value == Format::Int64);
                int64.filter(|_| !formats::is_int64(number)).map(Self::Format)
            }
            _ => None,
        }
    }

    pub(super) const fn rule(&self) -> Rule {
        match self {
            Self::Type(_) => Rule::Type,
            Self::Values(_) => Rule::Enum,
            Self::Format(Declared { value: Format::Int64, .. }) => Rule::Int64,
            Self::Format(_) => Rule::Format,
        }
    }

    /// Where the document declares it.
    pub(super) fn document(&self) -> &'s str {
        match self {
            Self::Type(Declared { pointer, .. })
            | Self::Values(Declared { pointer, .. })
            | Self::Format(Declared { pointer, .. }) => pointer,
        }
    }

    /// Says what is wrong with the value. `noun` is the subject of the sentence.
    pub(super) fn describe(&self, noun: &str, value: &Value<'_>) -> Wording {
        let shown = match value {
            Value::String(text) => quote(text),
            Value::Number(number) => truncate(number).into_owned(),
            other => other.json_type().to_string(),
        };
        match self {
            Self::Type(types) => {
                let found = match value {
                    Value::Number(_) if types.value.contains(&JsonType::Integer) => format!("the number {shown}"),
                    other => other.json_type().to_string(),
                };
                let declared: Vec<String> = types.value.iter().map(JsonType::to_string).collect();
                Wording {
                    message: format!("{noun} is {found}; the document declares {}", declared.join(" or ")),
                    help: types.value.iter().find_map(|&declared| conversion(value, declared)).map(Into::into),
                }
            }
            Self::Values(values) => {
                let declared: Vec<String> = values.value.iter().map(|value| quote(value)).collect();
                let similar = match value {
                    Value::String(text) => nearest(text, values.value.iter().copied()),
                    _ => None,
                };
                Wording {
                    message: format!("{noun} is {shown}; the document declares {}", join(&declared, "or")),
                    help: similar.map(|value| format!("did you mean \"{value}\"?").into()),
                }
            }
            Self::Format(format) => {
                let (defect, help) = match format.value {
                    Format::DateTime => {
                        ("is not a date-time", "write it as RFC 3339 does, with an offset: 2026-01-15T10:30:00.000Z")
                    }
                    Format::Uri => (
                        "is not a URI",
                        "write it as RFC 3986 does, with a scheme and without spaces: https://example.atlassian.net/wiki",
                    ),
                    Format::Int64 => return format!("{noun} is {shown}, which does not fit 64 bits").into(),
                };
                (format!("{noun} is {shown}, which {defect}"), help).into()
            }
        }
    }
}

fn has_type(value: &Value<'_>, declared: JsonType) -> bool {
    match value {
        Value::Number(number) if declared == JsonType::Integer => formats::is_integer(number),
        other => other.json_type() == declared,
    }
}

/// How to write a value in the declared type.
fn conversion(value: &Value<'_>, declared: JsonType) -> Option<String> {
    match (value, declared) {
        (Value::Number(number), JsonType::String) => Some(format!("write it in quotes: \"{}\"", truncate(number))),
        (Value::String(text), JsonType::Integer) if text.parse::<i64>().is_ok() => {
            Some(format!("write it without quotes: {text}"))
        }
        (Value::String(text), JsonType::Boolean) if matches!(text.as_ref(), "true" | "false") => {
            Some(format!("write it without quotes: {text}"))
        }
        (Value::Null, _) => Some("leave out a property that has no value".to_owned()),
        _ => None,
    }
}
