//! Compares one value with its shape.

use crate::json::json_type::JsonType;
use crate::json::{Value, number};
use crate::models::event::nearest;
use crate::models::rule::Rule;
use crate::profiles::shape::{Format, Shape};

use super::formats;
use super::wording::{Wording, join, quote, truncate};

/// Returns the rule that a value breaks, with a pointer to its declaration in the document. Does not check items and members.
#[inline]
pub(super) fn find_mismatch<'s>(shape: &'s Shape, value: &Value<'_>) -> Option<(Rule, &'s str)> {
    if let Some(types) = &shape.types
        && !types.value.iter().any(|&declared| has_type(value, declared))
    {
        return Some((Rule::Type, &types.pointer));
    }
    let format = shape.format.as_ref();
    match value {
        Value::String(text) => {
            if let Some(values) = &shape.values
                && !values.value.iter().any(|value| value == text)
            {
                return Some((Rule::Enum, &values.pointer));
            }
            if let Some(seen) = &shape.seen
                && !seen.value.iter().any(|value| value == text)
            {
                return Some((Rule::UnseenValue, &seen.pointer));
            }
            format
                .filter(|format| !formats::has_format(text, format.value))
                .map(|format| (Rule::Format, format.pointer.as_str()))
        }
        Value::Number(number) => format
            .filter(|format| format.value == Format::Int64 && number::to_i64(number).is_none())
            .map(|format| (Rule::Int64, format.pointer.as_str())),
        _ => None,
    }
}

/// Describes how a value breaks the rule that [`find_mismatch`] returned. `noun` is the subject of the sentence.
pub(super) fn describe_mismatch(rule: Rule, shape: &Shape, noun: &str, value: &Value<'_>) -> Wording {
    let shown = match value {
        Value::String(text) => quote(text),
        Value::Number(number) => truncate(number).into_owned(),
        other => other.json_type().to_string(),
    };
    match rule {
        Rule::Type => {
            let types = shape.types.as_ref().map(|types| types.value.as_slice()).unwrap_or_default();
            let found = match value {
                Value::Number(_) if types.contains(&JsonType::Integer) => format!("the number {shown}"),
                other => other.json_type().to_string(),
            };
            let declared: Vec<String> = types.iter().map(JsonType::to_string).collect();
            Wording {
                message: format!("{noun} is {found}, but the document declares {}", declared.join(" or ")),
                help: types.iter().find_map(|&declared| conversion(value, declared)).map(Into::into),
            }
        }
        Rule::Enum => {
            let values = shape.values.as_ref().map(|values| values.value.as_slice()).unwrap_or_default();
            let declared: Vec<String> = values.iter().map(|value| quote(value)).collect();
            let similar = match value {
                Value::String(text) => nearest(text, values.iter().copied()),
                _ => None,
            };
            Wording {
                message: format!("{noun} is {shown}, but the document declares {}", join(&declared, "or")),
                help: similar.map(|value| format!("did you mean \"{value}\"?").into()),
            }
        }
        Rule::UnseenValue => {
            let values = shape.seen.as_ref().map(|values| values.value.as_slice()).unwrap_or_default();
            let seen: Vec<String> = values.iter().map(|value| quote(value)).collect();
            format!("{noun} is {shown}, but captures have only {}", join(&seen, "or")).into()
        }
        Rule::Int64 => format!("{noun} is {shown}, which does not fit 64 bits").into(),
        _ if shape.format.as_ref().is_some_and(|format| format.value == Format::DateTime) => {
            let help = "write an RFC 3339 time with an offset: 2026-01-15T10:30:00.000Z";
            (format!("{noun} is {shown}, which is not a date-time"), help).into()
        }
        _ => {
            let help = "write an RFC 3986 URI, with a scheme and without spaces: https://example.atlassian.net/wiki";
            (format!("{noun} is {shown}, which is not a URI"), help).into()
        }
    }
}

fn has_type(value: &Value<'_>, declared: JsonType) -> bool {
    match value {
        Value::Number(number) if declared == JsonType::Integer => number::is_integer(number),
        other => other.json_type() == declared,
    }
}

/// Returns how to write a value in the declared type.
fn conversion(value: &Value<'_>, declared: JsonType) -> Option<String> {
    match (value, declared) {
        (Value::Number(number), JsonType::String) => Some(format!("write it in quotes: \"{}\"", truncate(number))),
        (Value::String(text), JsonType::Integer) if text.parse::<i64>().is_ok() => {
            Some(format!("write it without quotes: {text}"))
        }
        (Value::String(text), JsonType::Boolean) if matches!(text.as_ref(), "true" | "false") => {
            Some(format!("write it without quotes: {text}"))
        }
        (Value::Null, _) => Some("omit a property without a value".to_owned()),
        _ => None,
    }
}
