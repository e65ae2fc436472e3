//! `cfwh fake --invalid`: bodies that each break one rule.

use std::path::Path;

use anyhow::{Context, bail};

use crate::cli::generation::{BodyFormat, EventSource, Fake};
use crate::commands::atomic_write;
use crate::commands::exit::Exit;
use crate::commands::generation::{self, Start};
use crate::generator::Generator;
use crate::generator::body::{Layout, Recipe};
use crate::generator::invalid_bodies::{BROKEN_BY_BODIES, RevealedBy, ValidBody, revealed_by};
use crate::generator::invalid_stories::{InvalidStory, invalid_stories};
use crate::models::event::{EventKind, in_file_name};
use crate::models::request::{self, Headers, Request};
use crate::models::rule::Rule;
use crate::output::Terminal;
use crate::profiles::Profile;
use crate::store::capture_format;

use super::write::{create_folder, print};

/// Prints or writes the bodies in the order of the rules. A body that is invalid only in context is left out, or with
/// `--out` written with its context.
pub(super) fn run(
    recipe: &Recipe,
    arguments: &Fake,
    format: BodyFormat,
    terminal: &mut Terminal,
) -> anyhow::Result<Exit> {
    let options = &arguments.events;
    let profile = options.profile;
    generation::disorder(options, false)?;
    if arguments.source == EventSource::Story {
        return stories(arguments, terminal);
    }
    let start = Start::new(options, terminal)?;
    let mut valid_bodies = Bodies { profile, generator: start.generator() };
    let mut others: Vec<_> = profile
        .recognised_senders()
        .map(|profile| Bodies { profile, generator: Generator::new(start.seed, start.at, profile) })
        .collect();
    let mut written = 0_u64;
    let mut printed = Vec::new();
    for &kind in &recipe.kinds {
        let valid = valid_bodies.next(kind)?;
        let other =
            others.iter_mut().find_map(|bodies| Some(bodies.next(bodies.profile.counterpart(kind)?))).transpose()?;
        for rule in BROKEN_BY_BODIES {
            let Some(body) = valid.break_rule(rule, other.as_ref(), recipe.layout) else {
                terminal.explain(&format!("left out: `{rule}`, because no body about {kind} can break only this rule"));
                continue;
            };
            let revealed_by = revealed_by(rule, profile);
            match &arguments.out {
                Some(folder) => {
                    let folder =
                        if recipe.kinds.len() > 1 { folder.join(in_file_name(kind.name())) } else { folder.clone() };
                    let sender = other.as_ref().map_or(profile, |other| other.profile);
                    write(&folder, (rule, revealed_by), kind, sender, body, terminal)?;
                    written += 1;
                }
                None if revealed_by == RevealedBy::Body => printed.push(Ok((kind, body))),
                None => terminal.say(&format!("left out: `{rule}`, because a single body cannot break it")),
            }
        }
    }
    if let Some(folder) = &arguments.out {
        terminal.say(&format!("{written} written to {}", folder.display()));
        return Ok(Exit::Yes);
    }
    print(Box::new(printed.into_iter()), recipe.layout, format == BodyFormat::Json, terminal)
}

/// Returns valid bodies of a sender.
struct Bodies {
    profile: &'static Profile,
    generator: Generator,
}

impl Bodies {
    fn next(&mut self, kind: EventKind) -> anyhow::Result<ValidBody> {
        let body = serde_json::from_slice(&self.generator.body(kind))?;
        Ok(ValidBody { profile: self.profile, kind, body })
    }
}

/// Writes a file for each rule about stories, named after the rule: `story/version.ndjson`.
fn stories(arguments: &Fake, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let profile = arguments.events.profile;
    if profile.names_event_in_url() {
        bail!("bodies of the {profile} profile do not name their events, so its stories cannot be validated");
    }
    let folder =
        arguments.out.as_ref().context("story --invalid writes one file for each rule; give a folder with --out")?;
    let Start { seed, at, .. } = Start::new(&arguments.events, terminal)?;
    let stories = invalid_stories(seed, at, profile);
    for InvalidStory { rule, events } in &stories {
        let path = folder.join(format!("{rule}.ndjson"));
        create_folder(path.parent().unwrap_or(folder))?;
        let lines = events.iter().flat_map(|event| [Layout::Compact.format(event), b"\n".to_vec()]);
        atomic_write::write_private(&path, &lines.collect::<Vec<_>>().concat())?;
    }
    terminal.say(&format!("{} written to {}", stories.len(), folder.display()));
    Ok(Exit::Yes)
}

/// Writes a file named after the rule. Prints which option of `validate` finds the error, if the file alone does not show it.
fn write(
    folder: &Path,
    (rule, revealed_by): (Rule, RevealedBy),
    kind: EventKind,
    sender: &Profile,
    body: Vec<u8>,
    terminal: &mut Terminal,
) -> anyhow::Result<()> {
    create_folder(folder)?;
    let option = match revealed_by {
        RevealedBy::Body => None,
        RevealedBy::ExpectedEvent => Some(format!("--event {kind}")),
        RevealedBy::SenderProfile => Some(format!("--profile {sender}")),
        RevealedBy::Path => {
            let mut headers = Headers::new();
            headers.append("Host", "127.0.0.1:8080");
            headers.append(request::CONTENT_TYPE, request::JSON);
            let request = Request::post(format!("/webhooks/confluence/{kind}"), headers, body);
            let path = folder.join(format!("{rule}.{}", capture_format::EXTENSION));
            return atomic_write::write_private(&path, &capture_format::message(&request));
        }
    };
    if let Some(option) = option {
        terminal.say(&format!("to find `{rule}`, run: cfwh validate {option}"));
    }
    atomic_write::write_private(&folder.join(format!("{rule}.json")), &body)
}
