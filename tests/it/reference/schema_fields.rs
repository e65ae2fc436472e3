//! The fields of JSON lines, from a schema.

use serde_json::Value;

use super::markdown::{cell, code_list, table};

/// Returns a table of fields for each kind of line that the schema describes.
pub fn tables(schema: &Value) -> String {
    let Some(lines) = schema["oneOf"].as_array() else { return fields(schema, schema) + "\n" };
    let line = |line: &Value| {
        let first = text(&line["required"][0]);
        let kind = line["properties"]["type"]["const"].as_str().map(|kind| format!("A line with `type` `{kind}`"));
        let title = line["title"].as_str().map(cell).or(kind).unwrap_or_else(|| format!("A line with `{first}`"));
        let description = line["description"].as_str().map(|text| cell(text) + "\n\n").unwrap_or_default();
        format!("### {title}\n\n{description}{}\n", fields(line, schema))
    };
    lines.iter().map(line).collect()
}

fn fields(line: &Value, schema: &Value) -> String {
    let mut rows = Vec::new();
    collect(line, schema, "", &mut rows);
    table(["Field", "Type", "Meaning"], rows)
}

/// Adds a row for each property, and for the properties below it.
fn collect(value: &Value, schema: &Value, path: &str, rows: &mut Vec<[String; 3]>) {
    let value = resolve(value, schema);
    let required =
        |name: &str| value["required"].as_array().is_some_and(|names| names.iter().any(|other| other == name));
    for (name, property) in value["properties"].as_object().into_iter().flatten() {
        let path = format!("{path}{name}");
        let description =
            property["description"].as_str().or_else(|| resolve(property, schema)["description"].as_str());
        let absent = if required(name) { "" } else { "May be absent. " };
        rows.push([
            code_list([&path]),
            kind(property, schema),
            format!("{absent}{}", cell(description.unwrap_or_default())).trim().to_owned(),
        ]);
        below(property, schema, &path, rows);
    }
}

/// Adds the rows of the object, or of the items of the array, that a property is.
fn below(property: &Value, schema: &Value, path: &str, rows: &mut Vec<[String; 3]>) {
    let property = resolve(property, schema);
    for alternative in property["anyOf"].as_array().into_iter().flatten() {
        below(alternative, schema, path, rows);
    }
    if property["items"].is_object() {
        below(&property["items"], schema, &format!("{path}[]"), rows);
    }
    collect(property, schema, &format!("{path}."), rows);
}

/// The type of a property in words: `string or null`.
fn kind(property: &Value, schema: &Value) -> String {
    let property = resolve(property, schema);
    if let Some(alternatives) = property["anyOf"].as_array() {
        return alternatives.iter().map(|alternative| kind(alternative, schema)).collect::<Vec<_>>().join(" or ");
    }
    if let Some(values) = property["enum"].as_array() {
        return code_list(values.iter().map(text));
    }
    if !property["const"].is_null() {
        return code_list([text(&property["const"])]);
    }
    match property["type"].as_str() {
        Some("array") => format!("array of {}", kind(&property["items"], schema)),
        Some(name) => name.to_owned(),
        None => "any".to_owned(),
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn resolve<'a>(value: &'a Value, schema: &'a Value) -> &'a Value {
    let target = value["$ref"].as_str().and_then(|reference| schema.pointer(reference.trim_start_matches('#')));
    target.unwrap_or(value)
}
