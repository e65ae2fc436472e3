//! `cfwh events`, `schema`, `rules`, `completions` and `man`: what there is to know without any input.

use cfwh::cli::Cli;
use cfwh::cli::help::all_commands;
use cfwh::profiles::published;
use clap::CommandFactory;
use serde_json::Value;

use crate::support::Sandbox;
use crate::support::all_events;

const SEEDED: [&str; 4] = ["--seed", "7", "--at", "2026-01-15T09:30:00Z"];

/// Every command that has a schema of its `--json` lines.
pub const OUTPUTS: [&str; 13] = [
    "listen", "send", "probe", "validate", "drift", "captures", "sign", "verify", "events", "rules", "help", "error",
    "fake",
];

/// A schema as this crate's own validator never sees it: compiled by an independent one, formats on, and without any
/// place to fetch a reference from.
fn compile(schema: &Value) -> jsonschema::Validator {
    jsonschema::options().should_validate_formats(true).build(schema).expect("a self-contained schema")
}

/// Fails where a reference leads out of the schema.
fn assert_self_contained(schema: &Value) {
    let text = schema.to_string();
    for reference in text.split("\"$ref\":\"").skip(1).filter_map(|rest| rest.split('"').next()) {
        let pointer = reference.strip_prefix('#').unwrap_or_else(|| panic!("{reference} leads out of the schema"));
        assert!(schema.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
}

fn schema(arguments: &[&str]) -> Value {
    let run = Sandbox::new().run(&[&["schema"], arguments].concat()).expect(0);
    serde_json::from_slice(&run.stdout).expect("a schema is JSON")
}

#[test]
fn events_lists_the_nineteen() {
    insta::assert_snapshot!(Sandbox::new().run(&["events"]).expect(0).text());
}

#[test]
fn events_as_json_have_name_entity_description_and_evidence() {
    let rows = Sandbox::new().run(&["events", "--json"]).expect(0).json();
    assert_eq!(rows.len(), 19);
    for (row, kind) in rows.iter().zip(all_events()) {
        let expected = serde_json::json!({
            "event": kind.name(), "entity": kind.entity().key(), "description": kind.description(), "evidence": "published",
        });
        assert_eq!(*row, expected);
    }
}

#[test]
fn rules_lists_every_rule_with_its_origin() {
    insta::assert_snapshot!(Sandbox::new().run(&["rules"]).expect(0).text());
}

#[test]
fn the_schema_of_every_event_is_self_contained_and_takes_the_generated_event() {
    let sandbox = Sandbox::new();
    for kind in all_events() {
        let schema = schema(&[kind.name()]);
        assert_self_contained(&schema);
        assert_eq!(schema["title"], kind.name());
        assert_eq!(schema["description"], kind.description());
        let validator = compile(&schema);
        let run = sandbox.run(&[&["fake", kind.name()], &SEEDED[..]].concat()).expect(0);
        let mut body: Value = serde_json::from_slice(&run.stdout).expect("JSON");
        assert!(validator.is_valid(&body), "{kind}: {:?}", validator.validate(&body));
        // It must be able to say no, too.
        body[kind.entity().key()] = Value::String("no object".to_owned());
        assert!(!validator.is_valid(&body), "{kind}");
    }
}

#[test]
fn without_an_event_the_schema_takes_any_of_the_nineteen() {
    let schema = schema(&[]);
    assert_self_contained(&schema);
    let validator = compile(&schema);
    let run = Sandbox::new().run(&[&["fake", "all", "--format", "ndjson"], &SEEDED[..]].concat()).expect(0);
    for body in run.json() {
        assert!(validator.is_valid(&body), "{body}");
    }
    assert!(!validator.is_valid(&serde_json::json!({ "event": "page_moved" })));
    assert!(!validator.is_valid(&serde_json::json!(7)));
}

#[test]
fn the_schema_of_every_output_is_self_contained() {
    for output in OUTPUTS {
        let schema = schema(&["--output", output]);
        assert_self_contained(&schema);
        compile(&schema);
    }
}

#[test]
fn the_asyncapi_document_is_printed_as_published() {
    let run = Sandbox::new().run(&["schema", "--asyncapi"]).expect(0);
    assert_eq!(run.stdout, published::PROFILE.yaml.as_bytes());
}

#[test]
fn every_command_has_a_man_page() {
    let sandbox = Sandbox::new();
    let whole = sandbox.run(&["man"]).expect(0);
    assert!(whole.text().contains(".TH cfwh 1"), "{}", whole.text());
    for (name, _) in all_commands(&Cli::command()) {
        let page = sandbox.run(&format!("man {name}").split(' ').collect::<Vec<_>>()).expect(0);
        let title = name.replace(' ', "-");
        assert!(page.text().contains(".SH NAME") && page.text().contains(&format!("cfwh-{title}")), "{name}");
        assert!(page.text().contains("Exit codes: 0"), "the man page of {name} lacks the exit codes");
        assert!(page.text().contains("cfwh "), "the man page of {name} lacks an example");
    }
}

#[test]
fn a_misspelt_name_gets_a_suggestion() {
    let sandbox = Sandbox::new();
    let run = sandbox.run(&["man", "sned"]).expect(2);
    assert_eq!(run.stderr, "error: unknown command `sned`\n  fix: did you mean `send`?\n");
    let run = sandbox.run(&["schema", "page_create"]).expect(2);
    assert!(run.stderr.contains("unknown event `page_create`; did you mean `page_created`?"), "{}", run.stderr);
}
