//! `cfwh events`, `schema` and `rules`: commands without input.

use anyhow::Context;
use serde_json::Value;

use crate::cli;
use crate::models::rule::Rule;
use crate::output::Terminal;
use crate::output::catalogue::EventLine;
use crate::profiles::document::Document;
use crate::profiles::{KnownEvent, Profile};

use super::exit::Exit;

pub(super) fn events(arguments: &cli::catalogue::Events, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let events = arguments.profile.events;
    let width = events.all().map(|kind| kind.name().len()).max().unwrap_or_default();
    events.all().try_for_each(|kind| terminal.print(&EventLine { row: kind.row(), width }))?;
    Ok(Exit::Yes)
}

pub(super) fn rules(terminal: &mut Terminal) -> anyhow::Result<Exit> {
    terminal.print_all(Rule::ALL.iter().map(|rule| rule.info()))?;
    Ok(Exit::Yes)
}

pub(super) fn schema(arguments: &cli::catalogue::Schema, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let schema = if arguments.asyncapi {
        arguments.profile.yaml.to_owned()
    } else if let Some(output) = arguments.output.filter(|schema| !schema.is_empty()) {
        output.to_owned()
    } else {
        let document = Document::new(arguments.profile);
        let schema = match arguments.event {
            Some(event) => event_schema(&document, arguments.profile, event)?,
            None => document.any_body_schema(),
        };
        format!("{schema:#}\n")
    };
    if arguments.asyncapi {
        terminal.bytes(schema.as_bytes())?;
    } else {
        terminal.json(schema.as_bytes())?;
    }
    Ok(Exit::Yes)
}

/// Returns the schema of an event's bodies, with the event's name.
fn event_schema(document: &Document, profile: &'static Profile, event: KnownEvent) -> anyhow::Result<Value> {
    let kind = profile.own_kind(event)?;
    let form = profile.body(kind).context("every event has a form of body")?;
    let mut schema = document.body_schema(form);
    if let Some(members) = schema.as_object_mut() {
        members.shift_insert(1, "title".to_owned(), kind.name().into());
        members.shift_insert(2, "description".to_owned(), kind.description().into());
    }
    Ok(schema)
}
