//! The schemas of a document, with the keywords that a shape needs.
//!
//! Strings are borrowed and keys are not hashed, because reading the schemas takes most of the time when a single body is
//! validated.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};

use crate::json::json_type::JsonType;

/// The pointer to the schemas of a document.
pub(super) const SCHEMAS: &str = "#/components/schemas";

/// Schemas by name, in the order of the document.
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
    /// Schemas with one type each. A value has one of these types.
    #[serde(borrow, default)]
    pub(super) any_of: Vec<Schema<'d>>,
    #[serde(rename = "type")]
    pub(super) json_type: Option<JsonType>,
    #[serde(borrow, default)]
    pub(super) required: Vec<&'d str>,
    #[serde(borrow)]
    pub(super) items: Option<Box<Schema<'d>>>,
    #[serde(borrow, rename = "enum")]
    pub(super) values: Option<Vec<&'d str>>,
    #[serde(borrow, rename = "x-seen")]
    pub(super) seen: Option<Vec<&'d str>>,
    pub(super) format: Option<Format>,
    #[serde(borrow, default)]
    pub(super) properties: Schemas<'d>,
}

/// The formats in the documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// `date-time`: RFC 3339.
    DateTime,
    /// `uri`: RFC 3986, with a scheme.
    Uri,
    /// `int64`: from -2^63 to 2^63 - 1.
    Int64,
}

impl<'d> Schemas<'d> {
    pub(super) fn named(&self, name: &str) -> Option<&Schema<'d>> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, schema)| schema)
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
