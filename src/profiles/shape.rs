//! Resolved schemas: the tree that validation walks.

use crate::json::json_type::JsonType;

pub use super::schema::Format;
use super::schema::{SCHEMAS, Schema, Schemas};

/// The schema of one value, with `$ref` and `allOf` resolved. Each part has a pointer into the document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// A pointer to the schema: `#/components/schemas/PagePayload/properties/id`.
    pub pointer: String,
    /// `type`, or the types in `anyOf`.
    pub types: Option<Declared<Vec<JsonType>>>,
    /// `enum`
    pub values: Option<Declared<Vec<&'static str>>>,
    /// `x-seen`: the values in captures. There may be others.
    pub seen: Option<Declared<Vec<&'static str>>>,
    /// `format`
    pub format: Option<Declared<Format>>,
    /// `properties`, in the order of the document.
    pub properties: Vec<Property>,
    /// `required`.
    pub required: Vec<Declared<&'static str>>,
    /// `items`
    pub items: Option<Box<Shape>>,
}

/// A declared property of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Property {
    /// The key.
    pub name: &'static str,
    /// The shape of the value.
    pub shape: Shape,
}

/// The value of a keyword, with a pointer into the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared<T> {
    /// The value.
    pub value: T,
    /// A pointer to the keyword: `#/components/schemas/PagePayload/properties/id/type`.
    pub pointer: String,
}

impl Shape {
    /// Reads the schema at `pointer`: `#/components/schemas/PageEvent`.
    pub(super) fn named(schemas: &Schemas<'static>, pointer: &str) -> Self {
        let mut shape = Self { pointer: pointer.to_owned(), ..Self::default() };
        shape.refer(schemas, pointer);
        shape
    }

    fn read(schemas: &Schemas<'static>, schema: &Schema<'static>, pointer: &str) -> Self {
        let mut shape = Self { pointer: pointer.to_owned(), ..Self::default() };
        shape.add(schemas, schema, pointer);
        shape
    }

    /// Returns whether the value may have this type.
    pub fn allows(&self, json_type: JsonType) -> bool {
        self.types.as_ref().is_some_and(|types| types.value.contains(&json_type))
    }

    /// Returns whether a property is required.
    pub fn requires(&self, name: &str) -> bool {
        self.required.iter().any(|required| required.value == name)
    }

    /// Returns the shape of a property.
    pub fn property(&self, name: &str) -> Option<&Shape> {
        self.properties.iter().find(|property| property.name == name).map(|property| &property.shape)
    }

    /// Adds the schema at `pointer`.
    fn refer(&mut self, schemas: &Schemas<'static>, pointer: &str) {
        let name = pointer.strip_prefix(SCHEMAS).and_then(|rest| rest.strip_prefix('/'));
        if let Some(schema) = name.and_then(|name| schemas.named(name)) {
            self.add(schemas, schema, pointer);
        }
    }

    /// Adds `schema`, which is at `pointer`.
    fn add(&mut self, schemas: &Schemas<'static>, schema: &Schema<'static>, pointer: &str) {
        if let Some(elsewhere) = schema.reference {
            self.refer(schemas, elsewhere);
        }
        for (index, part) in schema.all_of.iter().enumerate() {
            self.add(schemas, part, &format!("{pointer}/allOf/{index}"));
        }
        let declared = |keyword: &str| [pointer, "/", keyword].concat();
        if let Some(json_type) = schema.json_type {
            self.types = Some(Declared { value: vec![json_type], pointer: declared("type") });
        }
        if !schema.any_of.is_empty() {
            let types = schema.any_of.iter().filter_map(|part| part.json_type).collect();
            self.types = Some(Declared { value: types, pointer: declared("anyOf") });
        }
        for (index, part) in schema.any_of.iter().enumerate() {
            if let Some(value) = part.format {
                self.format = Some(Declared { value, pointer: declared(&format!("anyOf/{index}/format")) });
            }
        }
        for (index, &value) in schema.required.iter().enumerate() {
            self.required.push(Declared { value, pointer: declared(&format!("required/{index}")) });
        }
        if let Some(items) = &schema.items {
            self.items = Some(Box::new(Self::read(schemas, items, &declared("items"))));
        }
        if let Some(values) = &schema.values {
            self.values = Some(Declared { value: values.clone(), pointer: declared("enum") });
        }
        if let Some(values) = &schema.seen {
            self.seen = Some(Declared { value: values.clone(), pointer: declared("x-seen") });
        }
        if let Some(value) = schema.format {
            self.format = Some(Declared { value, pointer: declared("format") });
        }
        for (name, property) in &schema.properties.0 {
            let place = [pointer, "/properties/", name].concat();
            match self.properties.iter_mut().find(|known| known.name == *name) {
                Some(known) => known.shape.add(schemas, property, &place),
                None => self.properties.push(Property { name, shape: Self::read(schemas, property, &place) }),
            }
        }
    }
}
