//! Infers a schema that accepts all observed bodies.

use serde_json::{Map, Value};

use crate::json::json_type::JsonType;

use super::path_stats::{EventStats, PathStats};

/// Returns a Draft 7 schema: the schema of a single event, or `anyOf` for several events.
pub(super) fn schema<'s>(events: impl Iterator<Item = (Option<String>, &'s EventStats)>) -> Value {
    let mut schemas: Vec<Value> = events
        .map(|(event, stats)| {
            let mut schema = path_schema(&stats.root);
            let title = event.unwrap_or_else(|| "an unknown event".to_owned());
            schema.shift_insert(0, "title".to_owned(), title.into());
            Value::Object(schema)
        })
        .collect();
    let mut schema = Map::new();
    schema.insert("$schema".to_owned(), "http://json-schema.org/draft-07/schema#".into());
    match (schemas.len(), schemas.pop()) {
        (1, Some(Value::Object(only))) => schema.extend(only),
        (_, last) => {
            schemas.extend(last);
            schema.insert("anyOf".to_owned(), schemas.into());
        }
    }
    Value::Object(schema)
}

fn path_schema(stats: &PathStats) -> Map<String, Value> {
    // In JSON Schema, every integer is a number.
    let has_numbers = stats.types.contains_key(&JsonType::Number);
    let types = stats.types.keys().filter(|json_type| !has_numbers || **json_type != JsonType::Integer);
    let mut alternatives: Vec<_> = types.map(|json_type| type_schema(stats, *json_type)).collect();
    // Several types become `anyOf`, because strict validators refuse a list of types. Without values, as in an array that was always
    // empty, accept any value.
    if alternatives.len() > 1 {
        let alternatives: Vec<Value> = alternatives.into_iter().map(Value::Object).collect();
        return [("anyOf".to_owned(), alternatives.into())].into_iter().collect();
    }
    alternatives.pop().unwrap_or_default()
}

fn type_schema(stats: &PathStats, json_type: JsonType) -> Map<String, Value> {
    let mut schema = Map::new();
    schema.insert("type".to_owned(), json_type.name().into());
    // A dictionary has no fixed properties.
    let objects = stats.types.get(&json_type).filter(|_| json_type == JsonType::Object && stats.members.rest.is_none());
    if let Some(objects) = objects {
        let members = &stats.members.known;
        let required: Vec<&str> =
            members.iter().filter(|(_, member)| member.count() == objects.count).map(|(key, _)| &**key).collect();
        if !required.is_empty() {
            schema.insert("required".to_owned(), required.into());
        }
        let properties: Map<String, Value> =
            members.iter().map(|(key, member)| (key.to_string(), path_schema(member).into())).collect();
        schema.insert("properties".to_owned(), properties.into());
    }
    if let Some(items) = stats.items.as_ref().filter(|_| json_type == JsonType::Array) {
        schema.insert("items".to_owned(), path_schema(items).into());
    }
    schema
}
