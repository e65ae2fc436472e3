//! What there is to know without any input: events, schemas, rules.

use serde_json::Value;

use crate::cli;
use crate::cli::catalogue::Output;
use crate::models::event::EventKind;
use crate::output::Terminal;
use crate::output::results::{EventRow, RuleRow};
use crate::profiles::Profile;
use crate::profiles::document::Document;
use crate::validation::rules;

use super::exit::Exit;

pub(super) fn events(terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let rows: Vec<EventRow> = Profile::default_profile()
        .events
        .all()
        .map(|kind| EventRow { event: kind.name(), entity: kind.entity().key(), description: kind.description() })
        .collect();
    terminal.events(&rows)?;
    Ok(Exit::Yes)
}

pub(super) fn rules(terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let rows = rules::CATALOGUE.map(|rule| RuleRow {
        rule: rule.id,
        severity: rule.severity.name(),
        origin: rule.origin.name(),
        description: rule.sentence,
    });
    terminal.rules(&rows)?;
    Ok(Exit::Yes)
}

pub(super) fn schema(arguments: &cli::catalogue::Schema, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    if arguments.asyncapi {
        terminal.bytes(arguments.profile.yaml.as_bytes())?;
        return Ok(Exit::Yes);
    }
    if let Some(output) = arguments.output {
        terminal.bytes(output_schema(output).as_bytes())?;
        return Ok(Exit::Yes);
    }
    let document = Document::new(arguments.profile);
    let schema = match arguments.event {
        Some(kind) => for_event(&document, kind),
        None => document.any_body_schema(),
    };
    terminal.bytes(format!("{schema:#}\n").as_bytes())?;
    Ok(Exit::Yes)
}

/// The schema of the bodies about an event's entity, under the event's name.
fn for_event(document: &Document, kind: EventKind) -> Value {
    let mut schema = document.body_schema(kind.entity());
    if let Some(members) = schema.as_object_mut() {
        members.shift_insert(1, "title".to_owned(), kind.name().into());
        members.shift_insert(2, "description".to_owned(), kind.description().into());
    }
    schema
}

#[allow(clippy::match_same_arms, reason = "each names its own file")]
const fn output_schema(output: Output) -> &'static str {
    match output {
        Output::Listen => include_str!("../output/schemas/listen.json"),
        Output::Send => include_str!("../output/schemas/send.json"),
        Output::Probe => include_str!("../output/schemas/probe.json"),
        Output::Validate => include_str!("../output/schemas/validate.json"),
        Output::Drift => include_str!("../output/schemas/drift.json"),
        Output::Sign => include_str!("../output/schemas/sign.json"),
        Output::Verify => include_str!("../output/schemas/verify.json"),
        Output::Events => include_str!("../output/schemas/events.json"),
        Output::Rules => include_str!("../output/schemas/rules.json"),
    }
}
