//! The schemas of a document, with the keywords that a shape needs. Texts are borrowed and no key is hashed: this is
//! the largest part of validating a single body.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};

/// The pointer to the schemas of a document.
pub(super) const SCHEMAS: &str = "#/components/schemas";

/// Schemas by name, in the document's order.
#[derive(Clone, Debug, Default)]
pub(super) struct Schemas<'d>(pub(super) Vec<(&'d str, Schema<'d>)>);

/// One schema.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Schema<'d> {
    #[serde(rename = "$ref")]
    pub(super) reference: Option<&'d str>,
    #[serde(borrow, default)]
    pub(super) all_of: Vec<Schema<'d>>,
    #[serde(borrow, rename = "type")]
    pub(super) types: Option<Types<'d>>,
    #[serde(borrow, default)]
    pub(super) required: Vec<&'d str>,
    #[serde(borrow)]
    pub(super) items: Option<Box<Schema<'d>>>,
    #[serde(borrow, rename = "enum")]
    pub(super) values: Option<Vec<&'d str>>,
    pub(super) format: Option<&'d str>,
    #[serde(borrow, default)]
    pub(super) properties: Schemas<'d>,
}

/// `type`: one word, or several.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Types<'d> {
    One(&'d str),
    #[serde(borrow)]
    Several(Vec<&'d str>),
}

impl<'d> Schemas<'d> {
    pub(super) fn named(&self, name: &str) -> Option<&Schema<'d>> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, schema)| schema)
    }
}

impl<'d> Types<'d> {
    pub(super) fn names(&self) -> &[&'d str] {
        match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::Several(names) => names,
        }
    }
}

impl<'de: 'd, 'd> Deserialize<'de> for Schemas<'d> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Schemas<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("schemas by their names")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Schemas<'de>, A::Error> {
                let mut schemas = Vec::new();
                while let Some(named) = map.next_entry()? {
                    schemas.push(named);
                }
                Ok(Schemas(schemas))
            }
        }

        deserializer.deserialize_map(Members)
    }
}
