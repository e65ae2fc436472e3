//! The AsyncAPI documents, one a profile, and their reader. It knows AsyncAPI, so that nobody else has to.
//!
//! `confluence-webhooks.yaml` is the published document, byte for byte; `confluence-cloud-observed.yaml` is our own, of
//! what Confluence Cloud was seen to send. Beside each stands the same in JSON, generated from it and kept equal by a
//! test, because reading YAML takes longer than judging a body.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::schema::Schemas;
use super::shape::Shape;
use crate::models::event::Entity;
use crate::profiles::Profile;

pub(super) const SCHEMAS: &str = "#/components/schemas";
const DEFINITIONS: &str = "#/definitions";

/// An AsyncAPI document that declares the nineteen events.
#[derive(Clone, Debug)]
pub struct Document {
    profile: &'static Profile,
    schemas: Schemas<'static>,
}

/// The schemas alone: the rest of a document is two thirds of it, and nothing here asks for it.
#[derive(Deserialize)]
struct Written<S> {
    components: Components<S>,
}

#[derive(Deserialize)]
struct Components<S> {
    schemas: S,
}

/// The schemas of a profile's document: as they are written ([`Value`]), or as shapes are read from them ([`Schemas`]).
fn schemas<S: Deserialize<'static>>(profile: &'static Profile) -> S {
    let written: Written<S> = serde_json::from_str(profile.json).expect("the embedded document is JSON");
    written.components.schemas
}

impl Document {
    /// The document of a profile.
    ///
    /// # Panics
    /// Never: that the embedded texts are read is tested.
    #[must_use]
    pub fn of(profile: &'static Profile) -> Self {
        Self { profile, schemas: schemas(profile) }
    }

    /// The name of the schema of bodies about this entity: `PageEvent`.
    #[must_use]
    pub const fn body_schema_name(entity: Entity) -> &'static str {
        match entity {
            Entity::Page => "PageEvent",
            Entity::Space => "SpaceEvent",
            Entity::Comment => "CommentEvent",
            Entity::Attachment => "AttachmentEvent",
            Entity::Label => "LabelEvent",
            Entity::BlogPost => "BlogPostEvent",
        }
    }

    /// A self-contained Draft 7 schema of bodies about this entity.
    #[must_use]
    pub fn body_schema(&self, entity: Entity) -> Value {
        self.schema("allOf", &[Self::body_schema_name(entity)])
    }

    /// A self-contained Draft 7 schema of any of the nineteen bodies.
    #[must_use]
    pub fn any_body_schema(&self) -> Value {
        self.schema("anyOf", &Entity::ALL.map(Self::body_schema_name))
    }

    /// What the document declares about bodies on this entity, `$ref` and `allOf` resolved.
    #[must_use]
    pub fn shape(&self, entity: Entity) -> Shape {
        self.named_shape(Self::body_schema_name(entity))
    }

    /// What the document declares about every body.
    #[must_use]
    pub fn base_shape(&self) -> Shape {
        self.named_shape("WebhookBase")
    }

    /// What the document declares about the headers of a delivery.
    #[must_use]
    pub fn header_shape(&self) -> Shape {
        self.named_shape("WebhookHeaders")
    }

    fn named_shape(&self, name: &str) -> Shape {
        Shape::named(&self.schemas, &format!("{SCHEMAS}/{name}"))
    }

    /// All or any of the named schemas, with those that they need under `definitions`, which is where Draft 7 has them.
    fn schema(&self, combination: &str, names: &[&str]) -> Value {
        let declared: Value = schemas(self.profile);
        let mut definitions = Map::new();
        let mut wanted: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        while let Some(name) = wanted.pop() {
            if !definitions.contains_key(&name) {
                let mut schema = declared[&name].clone();
                redirect(&mut schema, &mut wanted);
                definitions.insert(name, schema);
            }
        }
        definitions.sort_keys();
        let roots: Vec<Value> = names.iter().map(|name| json!({ "$ref": format!("{DEFINITIONS}/{name}") })).collect();
        json!({ "$schema": "http://json-schema.org/draft-07/schema#", combination: roots, "definitions": definitions })
    }
}

/// Turns references into AsyncAPI's components into references into `definitions`, and collects their names.
fn redirect(schema: &mut Value, names: &mut Vec<String>) {
    match schema {
        Value::Object(members) => {
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
