//! `cfwh fake --invalid`: bodies with one invalid_body each.

use std::path::Path;

use anyhow::{Context, bail};

use crate::cli;
use crate::cli::generation::{Format, Made};
use crate::commands::exit::Exit;
use crate::commands::generation;
use crate::generator::Generator;
use crate::generator::body::{Layout, Recipe};
use crate::generator::invalid_bodies::{INVALID_BODIES, InvalidBody, Shown};
use crate::generator::invalid_stories::{InvalidStory, invalid_stories};
use crate::models::event::EventKind;
use crate::models::request::{self, Headers, Request};
use crate::output::Terminal;
use crate::profiles::ALL;
use crate::store::captures;

use super::write_file;

/// In the order of the rules; what a body alone does not show is told, or with `--out` written so that it is shown.
pub(super) fn run(
    recipe: &Recipe,
    arguments: &cli::generation::Fake,
    format: Format,
    terminal: &mut Terminal,
) -> anyhow::Result<Exit> {
    if !arguments.making.profile.expects_all_declared {
        bail!("--invalid breaks the rules of the published document: leave out --profile cloud");
    }
    generation::disorder(&arguments.making, false)?;
    if arguments.made == Made::Story {
        return stories(arguments, terminal);
    }
    let seed = generation::seed(&arguments.making, terminal);
    let mut generators = ALL.map(|profile| Generator::new(seed, generation::now(&arguments.making), profile));
    let mut count = 0_u64;
    for &kind in &recipe.kinds {
        let [clean, observed] = generators.each_mut().map(|generator| {
            let mut bytes = Vec::new();
            generator.write(kind, &mut bytes);
            serde_json::from_slice::<serde_json::Value>(&bytes)
        });
        let (clean, observed) = (clean?, observed?);
        for invalid_body in INVALID_BODIES {
            let Some(body) = invalid_body.make(kind, clean.clone(), observed.clone(), recipe.layout) else {
                terminal.explain(&format!("no body about {kind} can break `{}` alone", invalid_body.rule));
                continue;
            };
            match &arguments.out {
                Some(folder) => {
                    let folder = if recipe.kinds.len() > 1 { folder.join(kind.name()) } else { folder.clone() };
                    write(&folder, invalid_body, kind, &body, terminal)?;
                }
                None if invalid_body.shown == Shown::Alone => print(&body, format, count, terminal)?,
                None => {
                    terminal.say(&format!("left out: `{}`, which a body alone does not break", invalid_body.rule));
                    continue;
                }
            }
            count += 1;
        }
    }
    match &arguments.out {
        Some(folder) => terminal.say(&format!("{count} written to {}", folder.display())),
        None if format == Format::Json => terminal.bytes(b"]\n")?,
        None => {}
    }
    Ok(Exit::Yes)
}

/// A file for each rule of stories, named by it: `story/version.ndjson`.
fn stories(arguments: &cli::generation::Fake, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let folder = arguments.out.as_ref().context("one story a rule needs a file each: name a folder with --out")?;
    let seed = generation::seed(&arguments.making, terminal);
    let stories = invalid_stories(seed, generation::now(&arguments.making));
    for InvalidStory { rule, events } in &stories {
        let path = folder.join(format!("{rule}.ndjson"));
        let parent = path.parent().unwrap_or(folder);
        std::fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
        let mut bytes = Vec::new();
        for event in events {
            Layout::Compact.append(event, &mut bytes);
            bytes.push(b'\n');
        }
        write_file(&path, &bytes)?;
    }
    terminal.say(&format!("{} written to {}", stories.len(), folder.display()));
    Ok(Exit::Yes)
}

fn print(body: &[u8], format: Format, before: u64, terminal: &mut Terminal) -> anyhow::Result<()> {
    if format == Format::Json {
        terminal.bytes(if before == 0 { b"[" } else { b",\n" })?;
    }
    terminal.bytes(body)?;
    if format == Format::Ndjson {
        terminal.bytes(b"\n")?;
    }
    Ok(())
}

/// A file that is named by the rule.
fn write(
    folder: &Path,
    invalid_body: InvalidBody,
    kind: EventKind,
    body: &[u8],
    terminal: &mut Terminal,
) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    if invalid_body.shown == Shown::InPath {
        let mut headers = Headers::new();
        headers.append("Host", "127.0.0.1:8080");
        headers.append(request::CONTENT_TYPE, request::JSON);
        let delivery = Request::post(format!("/webhooks/confluence/{kind}"), headers, body.to_vec());
        return write_file(
            &folder.join(format!("{}.{}", invalid_body.rule, captures::EXTENSION)),
            &captures::message(&delivery),
        );
    }
    let by = match invalid_body.shown {
        Shown::Alone | Shown::InPath => None,
        Shown::Expected => Some(format!("--event {kind}")),
        Shown::InCloud => Some("--profile cloud".to_owned()),
    };
    if let Some(by) = by {
        terminal.say(&format!("`{}` is found by: cfwh validate {by}", invalid_body.rule));
    }
    write_file(&folder.join(format!("{}.json", invalid_body.rule)), body)
}
