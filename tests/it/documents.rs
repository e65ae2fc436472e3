//! Types against document: the published document, the table of events, the models and the generator say the same.

use crate::support::{all_events, event_kind};
use std::collections::BTreeSet;

use cfwh::auth::hub_signature;
use cfwh::generator::Generator;
use cfwh::models::body::EventBody;
use cfwh::models::event::EventKind;
use cfwh::models::payload::{
    AttachmentPayload, AttachmentType, BlogPostPayload, BlogPostType, CommentPayload, CommentType, ContainerPayload,
    ContainerType, ContentStatus, ItemStatus, LabelPayload, PagePayload, PageType, SpacePayload, SpaceStatus,
    SpaceType, VersionPayload,
};
use cfwh::models::request;
use cfwh::profiles::document::Document;
use cfwh::profiles::{ALL, BodyType, published};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// 2026-01-15T09:30:00Z, in milliseconds since the Unix epoch.
const NOW: i64 = 1_768_469_400_000;

fn document() -> Value {
    serde_json::from_str(published::PROFILE.json).expect("JSON")
}

/// Resolves a `$ref`. Returns any other schema unchanged.
fn resolve<'d>(document: &'d Value, value: &'d Value) -> &'d Value {
    match value["$ref"].as_str() {
        Some(reference) => {
            let target = document.pointer(reference.trim_start_matches('#'));
            resolve(document, target.unwrap_or_else(|| panic!("{reference} leads nowhere")))
        }
        None => value,
    }
}

/// Everything that is declared on an object, `$ref` and `allOf` followed: an own reading of the document, so that the
/// program's reader is not tested with itself.
fn properties<'d>(document: &'d Value, schema: &'d Value) -> Vec<(&'d str, &'d Value)> {
    let schema = resolve(document, schema);
    let mut all: Vec<_> =
        schema["allOf"].as_array().into_iter().flatten().flat_map(|part| properties(document, part)).collect();
    all.extend(schema["properties"].as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value)));
    all
}

fn schema<'d>(document: &'d Value, name: &str) -> &'d Value {
    document.pointer(&format!("/components/schemas/{name}")).unwrap_or_else(|| panic!("there is no schema {name}"))
}

#[test]
fn the_yaml_is_byte_for_byte_as_published() {
    let digest = hex::encode(Sha256::digest(published::PROFILE.yaml.as_bytes()));
    assert_eq!(digest, "205218969b58595289acca07d7b2850495703bf8a6a579699abb6f05ee4b3d21");
}

#[test]
fn the_json_equals_the_yaml() {
    for profile in ALL {
        let yaml: Value = serde_saphyr::from_str(profile.yaml).expect("the document is YAML");
        let json: Value = serde_json::from_str(profile.json).expect("JSON");
        assert!(yaml == json, "{profile}: run `CFWH_UPDATE=1 cargo test committed_files`");
    }
}

#[test]
fn the_document_has_exactly_one_message_per_event() {
    let document = document();
    let messages = document["components"]["messages"].as_object().expect("messages");
    let declared: BTreeSet<&str> = messages.values().filter_map(|message| message["name"].as_str()).collect();
    assert_eq!(declared, all_events().map(EventKind::name).collect());
    assert_eq!(messages.len(), 19);
    for kind in all_events() {
        let message = messages.values().find(|message| message["name"] == kind.name()).expect("it is declared");
        assert_eq!(message["summary"], kind.description(), "{kind}");
        let payload = json!({ "$ref": format!("#/components/schemas/{}", published::PROFILE.body(kind).expect("a form").schema) });
        assert_eq!(message["payload"], payload, "{kind}");
        let own = properties(&document, &message["payload"]);
        assert!(own.iter().any(|(name, _)| *name == kind.entity().key()), "{kind} has no {}", kind.entity().key());
    }
    let order: Vec<&str> = messages.values().filter_map(|message| message["name"].as_str()).collect();
    assert_eq!(order, all_events().map(EventKind::name).collect::<Vec<_>>(), "the document's order");
}

#[test]
fn the_schema_of_an_entity_lists_the_events_about_it() {
    let document = document();
    for BodyType { schema: name, entity, .. } in published::PROFILE.bodies {
        let declared = properties(&document, schema(&document, name));
        let listed =
            declared.iter().filter(|(name, _)| *name == "event").find_map(|(_, event)| event["enum"].as_array());
        let about: Vec<&str> = all_events().filter(|kind| kind.entity() == *entity).map(EventKind::name).collect();
        assert_eq!(listed.map(|names| names.iter().filter_map(Value::as_str).collect()), Some(about), "{entity:?}");
    }
}

/// The values of an enum in the models, which are all those that read as one.
fn values_of<T: DeserializeOwned>(declared: &[&str]) -> bool {
    let reads = |word: &str| serde_json::from_value::<T>(word.into()).is_ok();
    declared.iter().all(|word| reads(word))
        && ![
            "page",
            "blogpost",
            "comment",
            "attachment",
            "current",
            "draft",
            "trashed",
            "global",
            "personal",
            "archived",
        ]
        .iter()
        .any(|word| reads(word) && !declared.contains(word))
}

fn reads_all_of<T: DeserializeOwned>(declared: &[&str]) -> bool {
    declared.iter().all(|word| serde_json::from_value::<T>((*word).into()).is_ok())
}

#[test]
fn the_enums_have_exactly_the_declared_values() {
    let document = document();
    for (schema_name, path, agrees) in [
        ("PagePayload", "type", values_of::<PageType> as fn(&[&str]) -> bool),
        ("PagePayload", "status", values_of::<ContentStatus>),
        ("SpacePayload", "type", values_of::<SpaceType>),
        ("SpacePayload", "status", values_of::<SpaceStatus>),
        ("CommentPayload", "type", values_of::<CommentType>),
        ("CommentPayload", "status", values_of::<ItemStatus>),
        ("CommentPayload", "container/properties/type", values_of::<ContainerType>),
        // Attachments and labels are on fewer kinds of content than comments; one model serves all three.
        ("AttachmentPayload", "container/properties/type", reads_all_of::<ContainerType>),
        ("LabelEvent", "associatedContent/properties/type", reads_all_of::<ContainerType>),
        ("AttachmentPayload", "type", values_of::<AttachmentType>),
        ("AttachmentPayload", "status", values_of::<ItemStatus>),
        ("BlogPostPayload", "type", values_of::<BlogPostType>),
        ("BlogPostPayload", "status", values_of::<ContentStatus>),
    ] {
        let schema = schema(&document, schema_name);
        let at = |base: &str| schema.pointer(&format!("{base}/properties/{path}/enum"));
        let values = at("").or_else(|| at("/allOf/1"));
        let values = values.and_then(Value::as_array).unwrap_or_else(|| panic!("{schema_name}/{path} has no enum"));
        let values: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
        assert!(agrees(&values), "{schema_name}/{path}: {values:?}");
    }
}

/// Every list of values in the document, so that a new one is not overlooked above.
#[test]
fn the_document_declares_no_enum_that_no_model_has() {
    fn enums(value: &Value, at: &str, found: &mut Vec<String>) {
        match value {
            Value::Object(members) => {
                for (key, member) in members {
                    if key == "enum" && member.is_array() {
                        found.push(at.to_owned());
                    }
                    enums(member, &format!("{at}/{key}"), found);
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    enums(item, &format!("{at}/{index}"), found);
                }
            }
            _ => {}
        }
    }
    let document = document();
    let mut found = Vec::new();
    enums(&document["components"]["schemas"], "", &mut found);
    insta::assert_snapshot!(found.join("\n"));
}

/// Does this JSON have exactly the properties that are declared, at every depth? Says where it does not.
fn compare(document: &Value, schema: &Value, value: &Value, at: &str, wrong: &mut Vec<String>) {
    let Value::Object(members) = value else { return };
    let declared = properties(document, schema);
    for (name, property) in &declared {
        match members.get(*name) {
            Some(member) => compare(document, resolve(document, property), member, &format!("{at}/{name}"), wrong),
            None => wrong.push(format!("{at}/{name} is declared and missing")),
        }
    }
    for name in members.keys().filter(|key| !declared.iter().any(|(name, _)| name == key)) {
        wrong.push(format!("{at}/{name} is not declared"));
    }
}

fn written(generator: &mut Generator, kind: EventKind) -> Vec<u8> {
    let mut body = Vec::new();
    generator.write(kind, &mut body);
    body
}

#[test]
fn a_generated_event_has_exactly_the_declared_properties() {
    let document = document();
    for seed in 0..20 {
        let mut generator = Generator::new(seed, NOW, &published::PROFILE);
        for kind in all_events() {
            let body = written(&mut generator, kind);
            let value: Value = serde_json::from_slice(&body).expect("a body is JSON");
            let mut wrong = Vec::new();
            let declared = schema(&document, published::PROFILE.body(kind).expect("a form").schema);
            compare(&document, declared, &value, "", &mut wrong);
            assert!(wrong.is_empty(), "{kind} with seed {seed}: {wrong:?}");
            let event: EventBody = serde_json::from_slice(&body).expect("a body is an event");
            assert_eq!(serde_json::to_vec(&event).expect("an event is JSON"), body, "{kind}: the same bytes");
        }
    }
}

#[test]
fn a_generated_event_satisfies_the_published_schema() {
    let published = Document::new(&published::PROFILE);
    for form in published::PROFILE.bodies {
        let schema = published.body_schema(form);
        let validator = jsonschema::options().should_validate_formats(true).build(&schema).expect("a schema");
        for seed in 0..20 {
            let mut generator = Generator::new(seed, NOW, &published::PROFILE);
            for kind in all_events().filter(|kind| kind.entity() == form.entity) {
                let value = serde_json::from_slice(&written(&mut generator, kind)).expect("JSON");
                assert!(validator.is_valid(&value), "{kind}: {:?}", validator.validate(&value));
            }
        }
    }
}

/// The keys that a model has when every field is set.
fn keys<T: Serialize>(full: &T) -> BTreeSet<String> {
    let value = serde_json::to_value(full).expect("a model is JSON");
    value.as_object().expect("a model is an object").keys().cloned().collect()
}

/// A typed model must read all declared properties and write them back unchanged.
fn takes<T: Serialize + DeserializeOwned>(value: &Value) -> Result<(), String> {
    let model: T = serde_json::from_value(value.clone()).map_err(|error| error.to_string())?;
    let back = serde_json::to_value(&model).expect("a model is JSON");
    if back == *value { Ok(()) } else { Err(format!("{value} reads back as {back}")) }
}

/// A value that satisfies a schema: the first of its enum, or something of its type.
fn sample(document: &Value, schema: &Value) -> Value {
    let resolved = resolve(document, schema);
    if let Some(first) = resolved["enum"].get(0) {
        return first.clone();
    }
    match resolved["type"].as_str() {
        Some("string") => match resolved["format"].as_str() {
            Some("date-time") => json!("2026-01-15T09:30:00.000Z"),
            Some("uri") => json!("https://example.atlassian.net/wiki/rest/api/content/1"),
            _ => json!("text"),
        },
        Some("integer") => json!(7),
        Some("boolean") => json!(true),
        _ => properties(document, resolved)
            .into_iter()
            .map(|(name, value)| (name.to_owned(), sample(document, value)))
            .collect(),
    }
}

#[test]
fn every_schema_has_a_model() {
    let document = document();
    let schemas = document["components"]["schemas"].as_object().expect("schemas");
    assert_eq!(schemas.len(), 13, "{:?}", schemas.keys());
    for (name, schema) in schemas {
        let full = sample(&document, schema);
        let taken = match name.as_str() {
            // The headers have no struct: they are the constants of `models::request`.
            "WebhookHeaders" => {
                let declared: Vec<&str> = properties(&document, schema).into_iter().map(|(name, _)| name).collect();
                let ours = [request::CONTENT_TYPE, hub_signature::HEADER, request::IDENTIFIER];
                let same = declared.len() == ours.len() && ours.iter().all(|name| declared.contains(name));
                if same { Ok(()) } else { Err(format!("{declared:?}")) }
            }
            "WebhookBase" | "PageEvent" => with_event::<EventBody>(&full, event_kind("page_created")),
            "SpaceEvent" => with_event::<EventBody>(&full, event_kind("space_created")),
            "CommentEvent" => with_event::<EventBody>(&full, event_kind("comment_created")),
            "AttachmentEvent" => with_event::<EventBody>(&full, event_kind("attachment_created")),
            "LabelEvent" => with_event::<EventBody>(&full, event_kind("label_created")),
            "BlogPostEvent" => with_event::<EventBody>(&full, event_kind("blog_created")),
            "PagePayload" => takes::<PagePayload>(&full),
            "SpacePayload" => takes::<SpacePayload>(&full),
            "CommentPayload" => takes::<CommentPayload>(&full),
            "AttachmentPayload" => takes::<AttachmentPayload>(&full),
            "BlogPostPayload" => takes::<BlogPostPayload>(&full),
            other => Err(format!("{other} has no model")),
        };
        assert_eq!(taken, Ok(()), "{name}");
    }
}

/// The same for a whole body, with an `event` of the document.
fn with_event<T: Serialize + DeserializeOwned>(full: &Value, kind: EventKind) -> Result<(), String> {
    let mut full = full.clone();
    full["event"] = kind.name().into();
    takes::<T>(&full)
}

#[test]
fn the_models_have_no_field_that_the_document_lacks() {
    let document = document();
    let declared = |schema: &Value| -> BTreeSet<String> {
        properties(&document, schema).into_iter().map(|(name, _)| name.to_owned()).collect()
    };
    // What the generator sets is what `a_generated_event_has_exactly_…` compares; this also sees fields that it never sets.
    let version =
        VersionPayload { number: Some(1), when: Some("".into()), message: Some("".into()), minor_edit: Some(true) };
    assert_eq!(keys(&version), declared(&schema(&document, "PagePayload")["properties"]["version"]));
    assert_eq!(keys(&version), declared(&schema(&document, "BlogPostPayload")["properties"]["version"]));
    let container = ContainerPayload { id: Some("".into()), r#type: Some(ContainerType::Page), title: Some("".into()) };
    for owner in ["CommentPayload", "AttachmentPayload"] {
        assert_eq!(keys(&container), declared(&schema(&document, owner)["properties"]["container"]), "{owner}");
    }
    let label = LabelPayload { name: Some("".into()), prefix: Some("".into()) };
    let of_label: Vec<_> = properties(&document, schema(&document, "LabelEvent"));
    let find =
        |name: &str| of_label.iter().find(|(other, _)| *other == name).map(|(_, value)| *value).expect("declared");
    assert_eq!(keys(&label), declared(find("label")));
    assert_eq!(keys(&container), declared(find("associatedContent")));
}
