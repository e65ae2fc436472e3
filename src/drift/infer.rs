//! A schema that accepts everything that was counted.

use serde_json::{Map, Value};

use super::census::{Census, Place};
use super::tally::Type;

/// A Draft 7 schema: that of the one event, or any of several.
pub(super) fn schema<'c>(events: impl Iterator<Item = (Option<String>, &'c Census)>) -> Value {
    let mut schemas: Vec<Value> = events
        .map(|(event, census)| {
            let mut schema = place(&census.root);
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

fn place(place: &Place) -> Map<String, Value> {
    let mut schema = Map::new();
    let mut types: Vec<&str> = place.types.keys().map(|found| found.name()).collect();
    if types.contains(&Type::Number.name()) {
        // To JSON Schema every integer is a number.
        types.retain(|name| *name != Type::Integer.name());
    }
    match types.as_slice() {
        // Nothing was ever here, as in an array that was always empty: anything may be.
        [] => return schema,
        [only] => schema.insert("type".to_owned(), (*only).into()),
        _ => schema.insert("type".to_owned(), types.into()),
    };
    // With more keys than are told apart it is a dictionary, and of its members nothing is said.
    if let Some(objects) = place.types.get(&Type::Object).filter(|_| place.others.is_none()) {
        let always = |(_, member): &(&String, &Place)| member.count() == objects.count;
        let required: Vec<&str> = place.members.iter().filter(always).map(|(key, _)| key.as_str()).collect();
        let properties: Map<String, Value> =
            place.members.iter().map(|(key, member)| (key.clone(), self::place(member).into())).collect();
        if !required.is_empty() {
            schema.insert("required".to_owned(), required.into());
        }
        schema.insert("properties".to_owned(), properties.into());
    }
    if let Some(items) = &place.items {
        schema.insert("items".to_owned(), self::place(items).into());
    }
    schema
}
