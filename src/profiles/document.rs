//! The AsyncAPI document of a profile.
//!
//! The program reads the JSON form of a document, because parsing YAML would take longer than validating a body. The JSON form is
//! generated from the YAML form, and a test compares both.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::profile::{BodyType, Profile};
use super::schema::{SCHEMAS, Schemas};
use super::shape::Shape;

const DEFINITIONS: &str = "#/definitions";

/// The AsyncAPI document of a profile.
#[derive(Clone, Debug)]
pub struct Document {
    profile: &'static Profile,
    schemas: Schemas<'static>,
}

/// The part of a document with its schemas. The rest, two thirds of the document, is skipped.
#[derive(Deserialize)]
struct AsyncApi<S> {
    components: Components<S>,
}

#[derive(Deserialize)]
struct Components<S> {
    schemas: S,
}

/// Reads the schemas of a document, either as JSON ([`Value`]) or as [`Schemas`], which have only what a [`Shape`] needs.
fn schemas<S: Deserialize<'static>>(profile: &'static Profile) -> S {
    let document: AsyncApi<S> = serde_json::from_str(profile.json).expect("the embedded document is JSON");
    document.components.schemas
}

impl Document {
    /// Reads the document of a profile.
    ///
    /// # Panics
    ///
    /// Never panics: a test reads all embedded documents.
    pub fn new(profile: &'static Profile) -> Self {
        Self { profile, schemas: schemas(profile) }
    }

    /// Returns a self-contained JSON Schema (Draft 7) for bodies of one type.
    pub fn body_schema(&self, body: &BodyType) -> Value {
        self.schema("allOf", &[body.schema])
    }

    /// Returns a self-contained JSON Schema (Draft 7) for all bodies.
    pub fn any_body_schema(&self) -> Value {
        let mut names: Vec<&str> = self.profile.bodies.iter().map(|body| body.schema).collect();
        names.dedup();
        self.schema("anyOf", &names)
    }

    /// Returns the shape of bodies of one type.
    pub fn shape(&self, body: &BodyType) -> Shape {
        self.named_shape(body.schema)
    }

    /// Returns the shape that all bodies share.
    pub fn base_shape(&self) -> Shape {
        self.named_shape("WebhookBase")
    }

    /// Returns the shape of the headers of a delivery.
    pub fn header_shape(&self) -> Shape {
        self.named_shape("WebhookHeaders")
    }

    fn named_shape(&self, name: &str) -> Shape {
        Shape::named(&self.schemas, &format!("{SCHEMAS}/{name}"))
    }

    /// Combines schemas. The schemas that they refer to are in `definitions`, as in Draft 7.
    fn schema(&self, combination: &str, names: &[&str]) -> Value {
        let declared: Value = schemas(self.profile);
        let mut definitions = Map::new();
        let mut missing: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        while let Some(name) = missing.pop() {
            if !definitions.contains_key(&name) {
                let mut schema = declared[&name].clone();
                redirect(&mut schema, &mut missing);
                definitions.insert(name, schema);
            }
        }
        definitions.sort_keys();
        let roots: Vec<Value> = names.iter().map(|name| json!({ "$ref": format!("{DEFINITIONS}/{name}") })).collect();
        json!({ "$schema": "http://json-schema.org/draft-07/schema#", combination: roots, "definitions": definitions })
    }
}

/// Redirects references from the components of AsyncAPI to `definitions`, and collects their names. Removes the custom keywords
/// of the document, because strict validators refuse them.
fn redirect(schema: &mut Value, names: &mut Vec<String>) {
    match schema {
        Value::Object(members) => {
            members.retain(|key, _| !key.starts_with("x-"));
            for (key, value) in members {
                match value.as_str().and_then(|reference| reference.strip_prefix(SCHEMAS)) {
                    Some(name) if key == "$ref" => {
                        let name = name.trim_start_matches('/').to_owned();
                        *value = format!("{DEFINITIONS}/{name}").into();
                        names.push(name);
                    }
                    _ => redirect(value, names),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| redirect(item, names)),
        _ => {}
    }
}
