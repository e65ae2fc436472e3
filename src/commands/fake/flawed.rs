//! `cfwh fake --invalid`: bodies with one flaw each.

use std::path::Path;

use anyhow::{Context, bail};

use crate::captures;
use crate::cli;
use crate::cli::making::{Format, Made};
use crate::commands::exit::Exit;
use crate::commands::making;
use crate::generator::Generator;
use crate::generator::bad_stories::{BadStory, bad_stories};
use crate::generator::body::{Layout, Recipe};
use crate::generator::flaws::{FLAWS, Flaw, Shown};
use crate::models::delivery::{self, Delivery, Headers};
use crate::models::event::EventKind;
use crate::models::profile::Profile;
use crate::terminal::Terminal;

use super::write_file;

/// In the order of the rules; what a body alone does not show is told, or with `--out` written so that it is shown.
pub(super) fn run(
    recipe: &Recipe,
    arguments: &cli::making::Fake,
    format: Format,
    terminal: &mut Terminal,
) -> anyhow::Result<Exit> {
    if arguments.making.profile == Profile::Cloud {
        bail!("--invalid breaks the rules of the published document: leave out --profile cloud");
    }
    making::disorder(&arguments.making, false)?;
    if arguments.made == Made::Story {
        return stories(arguments, terminal);
    }
    let seed = making::seed(&arguments.making, terminal);
    let mut generators = Profile::ALL.map(|profile| Generator::new(seed, making::now(&arguments.making), profile));
    let mut count = 0_u64;
    for &kind in &recipe.kinds {
        let [clean, observed] = generators.each_mut().map(|generator| {
            let mut bytes = Vec::new();
            generator.write(kind, &mut bytes);
            serde_json::from_slice::<serde_json::Value>(&bytes)
        });
        let (clean, observed) = (clean?, observed?);
        for flaw in FLAWS {
            let Some(body) = flaw.make(kind, clean.clone(), observed.clone(), recipe.layout) else {
                terminal.explain(&format!("no body about {kind} can break `{}` alone", flaw.rule));
                continue;
            };
            match &arguments.out {
                Some(folder) => {
                    let folder = if recipe.kinds.len() > 1 { folder.join(kind.name()) } else { folder.clone() };
                    write(&folder, flaw, kind, &body, terminal)?;
                }
                None if flaw.shown == Shown::Alone => print(&body, format, count, terminal)?,
                None => {
                    terminal.say(&format!("left out: `{}`, which a body alone does not break", flaw.rule));
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
fn stories(arguments: &cli::making::Fake, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let folder = arguments.out.as_ref().context("one story a rule needs a file each: name a folder with --out")?;
    let seed = making::seed(&arguments.making, terminal);
    let stories = bad_stories(seed, making::now(&arguments.making));
    for BadStory { rule, events } in &stories {
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
fn write(folder: &Path, flaw: Flaw, kind: EventKind, body: &[u8], terminal: &mut Terminal) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    if flaw.shown == Shown::InPath {
        let mut headers = Headers::new();
        headers.append("Host", "127.0.0.1:8080");
        headers.append(delivery::CONTENT_TYPE, delivery::JSON);
        let delivery = Delivery::new(format!("/webhooks/confluence/{kind}"), headers, body.to_vec());
        return write_file(
            &folder.join(format!("{}.{}", flaw.rule, captures::EXTENSION)),
            &captures::message(&delivery),
        );
    }
    let by = match flaw.shown {
        Shown::Alone | Shown::InPath => None,
        Shown::Expected => Some(format!("--event {kind}")),
        Shown::InCloud => Some("--profile cloud".to_owned()),
    };
    if let Some(by) = by {
        terminal.say(&format!("`{}` is found by: cfwh validate {by}", flaw.rule));
    }
    write_file(&folder.join(format!("{}.json", flaw.rule)), body)
}
