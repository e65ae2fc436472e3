//! Reads the AsyncAPI document of a profile, so that nobody else needs to know AsyncAPI.
//!
//! The program reads the JSON form of a document, which is generated from the YAML form; a test holds that both are
//! equal. Reading YAML takes longer than validating a body.

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

/// The schemas of a document. The rest, two thirds of it, is not needed here.
#[derive(Deserialize)]
struct AsyncApi<S> {
    components: Components<S>,
}

#[derive(Deserialize)]
struct Components<S> {
    schemas: S,
}

/// Reads the schemas of a document: as JSON ([`Value`]), or with only what a [`Shape`] needs ([`Schemas`]).
fn schemas<S: Deserialize<'static>>(profile: &'static Profile) -> S {
    let document: AsyncApi<S> = serde_json::from_str(profile.json).expect("the embedded document is JSON");
    document.components.schemas
}

impl Document {
    /// Reads the document of a profile.
    ///
    /// # Panics
    /// Never: a test reads all embedded documents.
    pub fn new(profile: &'static Profile) -> Self {
        Self { profile, schemas: schemas(profile) }
    }

    /// Returns a self-contained JSON Schema (Draft 7) of bodies of this form.
    pub fn body_schema(&self, body: &BodyType) -> Value {
        self.schema("allOf", &[body.schema])
    }

    /// Returns a self-contained JSON Schema (Draft 7) of all bodies.
    pub fn any_body_schema(&self) -> Value {
        let mut names: Vec<&str> = self.profile.bodies.iter().map(|body| body.schema).collect();
        names.dedup();
        self.schema("anyOf", &names)
    }

    /// Returns what the document declares about bodies of this form, with `$ref` and `allOf` resolved.
    pub fn shape(&self, body: &BodyType) -> Shape {
        self.named_shape(body.schema)
    }

    /// Returns what the document declares about every body.
    pub fn base_shape(&self) -> Shape {
        self.named_shape("WebhookBase")
    }

    /// Returns what the document declares about the headers of a delivery.
    pub fn header_shape(&self) -> Shape {
        self.named_shape("WebhookHeaders")
    }

    fn named_shape(&self, name: &str) -> Shape {
        Shape::named(&self.schemas, &format!("{SCHEMAS}/{name}"))
    }

    /// Combines the named schemas, with the schemas that they refer to under `definitions`, as Draft 7 has it.
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

/// Points references to the components of AsyncAPI at `definitions` instead, and collects their names. Leaves out the
/// keywords of the document's own, which strict validators refuse.
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
