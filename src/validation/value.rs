//! One value against what is declared about it.

use crate::json::json_type::JsonType;
use crate::json::{Node, Value};
use crate::models::event::nearest;
use crate::profiles::shape::{Declared, Format, Shape};

use super::findings::{Findings, in_body};
use super::formats;
use super::rules::{self, Rule};
use super::wording::{code, cut, one_of, quote};

/// How a value is spoken of.
pub(super) struct Name<'a> {
    pub(super) pointer: &'a str,
    pub(super) noun: &'a str,
}

/// Judges a value without going into it: its type, and of a string or a number its values, its format, its range.
pub(super) fn check_value(findings: &mut Findings, node: &Node<'_>, shape: &Shape, name: &Name<'_>) {
    let mut add = |rule: &'static Rule, pointer: &str, message: String, help: Option<String>| {
        findings.add(rule, in_body(name.pointer, node.span.clone()), message, help, Some(pointer.to_owned()));
    };
    let noun = if name.pointer.is_empty() { name.noun.to_owned() } else { code(name.noun) };
    if let Some(types) = &shape.types
        && !types.value.iter().any(|&declared| has_type(&node.value, declared))
    {
        let found = match &node.value {
            Value::Number(number) if shape.allows(JsonType::Integer) => format!("the number {}", cut(number)),
            other => other.json_type().to_string(),
        };
        let declared: Vec<String> = types.value.iter().map(JsonType::to_string).collect();
        let message = format!("{noun} is {found}; the document declares {}", declared.join(" or "));
        let help = types.value.iter().find_map(|&declared| mend(&node.value, declared));
        return add(&rules::TYPE, &types.pointer, message, help);
    }
    match &node.value {
        Value::String(text) => {
            if let Some(values) = &shape.values
                && !values.value.iter().any(|value| value == text)
            {
                let message = format!("{noun} is {}; the document declares {}", quote(text), one_of(&values.value));
                let help = nearest(text, values.value.iter().copied());
                add(&rules::ENUM, &values.pointer, message, help.map(|value| format!("did you mean \"{value}\"?")));
            }
            if let Some(format) = &shape.format
                && !formats::text_has(format.value, text)
            {
                let (what, help) = describe(format.value);
                add(
                    &rules::FORMAT,
                    &format.pointer,
                    format!("{noun} is {}, which is no {what}", quote(text)),
                    Some(help.to_owned()),
                );
            }
        }
        Value::Number(number) => {
            if let Some(Declared { value: Format::Int64, pointer }) = &shape.format
                && !formats::is_int64(number)
            {
                add(&rules::INT64, pointer, format!("{noun} is {}, which does not fit 64 bits", cut(number)), None);
            }
        }
        _ => {}
    }
}

fn has_type(value: &Value<'_>, declared: JsonType) -> bool {
    match value {
        Value::Number(number) if declared == JsonType::Integer => formats::is_integer(number),
        other => other.json_type() == declared,
    }
}

/// How a value becomes what is declared, where that can be facts.
fn mend(value: &Value<'_>, declared: JsonType) -> Option<String> {
    match (value, declared) {
        (Value::Number(number), JsonType::String) => Some(format!("write it in quotes: \"{}\"", cut(number))),
        (Value::String(text), JsonType::Integer) if text.parse::<i64>().is_ok() => {
            Some(format!("write it without quotes: {text}"))
        }
        (Value::String(text), JsonType::Boolean) if matches!(text.as_ref(), "true" | "false") => {
            Some(format!("write it without quotes: {text}"))
        }
        (Value::Null, _) => Some("leave the property out where there is no value".to_owned()),
        _ => None,
    }
}

const fn describe(format: Format) -> (&'static str, &'static str) {
    match format {
        Format::DateTime => ("date-time", "RFC 3339, with an offset from UTC: 2026-01-15T10:30:00.000Z"),
        Format::Uri => ("URI", "RFC 3986, with a scheme and without spaces: https://example.atlassian.net/wiki"),
        Format::Int64 => ("int64", "from -9223372036854775808 to 9223372036854775807"),
    }
}
