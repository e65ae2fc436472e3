//! `cfwh fake`: generated payloads.

mod invalid;

use std::path::Path;

use anyhow::{Context, bail};

use crate::cli::generation::{BodyFormat, EventSource, Fake};
use crate::commands::atomic_write;
use crate::commands::exit::Exit;
use crate::commands::generation;
use crate::generator::body::{Layout, Recipe};
use crate::generator::coverage;
use crate::generator::edit::EditError;
use crate::models::event::EventKind;
use crate::output::Terminal;

/// The bodies to print or to write, each with its event.
type Bodies<'a> = Box<dyn Iterator<Item = Result<(EventKind, Vec<u8>), EditError>> + 'a>;

/// How many bytes are gathered before they are written: one write for a hundred bodies.
const BLOCK: usize = 64 * 1024;

pub(super) fn run(arguments: &Fake, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    terminal.end_with_reader();
    let format = if terminal.is_json() { BodyFormat::Ndjson } else { arguments.format };
    let layout = if format == BodyFormat::Pretty { Layout::Pretty } else { Layout::Compact };
    let recipe = generation::recipe(&arguments.source, &arguments.events, layout)?;
    if arguments.invalid {
        return invalid::run(&recipe, arguments, format, terminal);
    }
    let is_story = arguments.source == EventSource::Story;
    let has_several = recipe.count > 1 || is_story || arguments.coverage;
    let is_array = format == BodyFormat::Json && (has_several || recipe.total() > 1);
    let bodies = bodies(&recipe, arguments, is_story, terminal)?;
    match &arguments.out {
        Some(folder) => write_files(bodies, folder, format, has_several, terminal),
        None => print(bodies, layout, is_array, terminal),
    }
}

fn bodies<'a>(
    recipe: &'a Recipe,
    arguments: &Fake,
    is_story: bool,
    terminal: &mut Terminal,
) -> anyhow::Result<Bodies<'a>> {
    let options = &arguments.events;
    let disorder = generation::disorder(options, is_story)?;
    if arguments.coverage && is_story {
        bail!("--coverage is about single events: name an event or `all` instead of `story`");
    }
    let seed = generation::seed(options, terminal);
    if is_story {
        let story = recipe.clone().story_bodies(generation::story(seed, options));
        return Ok(if disorder.is_none() { Box::new(story) } else { Box::new(disorder.apply(seed, story)) });
    }
    if arguments.coverage {
        let (now, profile) = (generation::now(options), options.profile);
        let cover = move |kind| coverage::bodies(seed, now, profile, kind).into_iter().map(move |body| (kind, body));
        let covering = recipe.kinds.iter().copied().flat_map(cover);
        return Ok(Box::new(covering.map(|(kind, body)| Ok((kind, recipe.finish_value(kind, body)?)))));
    }
    Ok(Box::new(recipe.bodies(generation::generator(seed, options))))
}

/// Prints the bodies one after another, or as one array.
fn print(bodies: Bodies<'_>, layout: Layout, is_array: bool, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let (start, separator, end): (&[u8], &[u8], &[u8]) = match layout {
        _ if is_array => (b"[", b",\n", b"]\n"),
        Layout::Pretty => (b"", b"", b""),
        Layout::Compact => (b"", b"\n", b"\n"),
    };
    let mut block = Vec::with_capacity(BLOCK + BLOCK / 8);
    block.extend_from_slice(start);
    let mut is_first = true;
    for body in bodies {
        let (_, body) = match body {
            Ok(body) => body,
            Err(error) => {
                terminal.bytes(&block)?;
                return Err(error.into());
            }
        };
        if !is_first {
            block.extend_from_slice(separator);
        }
        is_first = false;
        block.extend_from_slice(&body);
        if block.len() >= BLOCK {
            terminal.bytes(&block)?;
            block.clear();
        }
    }
    if is_array || !is_first {
        block.extend_from_slice(end);
    }
    terminal.bytes(&block)?;
    Ok(Exit::Yes)
}

/// Writes one file for each body: `page_created.json`, or `0001-page_created.json` if there are several of a kind.
fn write_files(
    bodies: Bodies<'_>,
    folder: &Path,
    format: BodyFormat,
    is_numbered: bool,
    terminal: &mut Terminal,
) -> anyhow::Result<Exit> {
    create_folder(folder)?;
    let extension = if format == BodyFormat::Ndjson { "ndjson" } else { "json" };
    let mut count = 0_u64;
    for body in bodies {
        let (kind, mut body) = body?;
        count += 1;
        if format == BodyFormat::Ndjson {
            body.push(b'\n');
        }
        let name = if is_numbered { format!("{count:04}-{kind}.{extension}") } else { format!("{kind}.{extension}") };
        write_file(&folder.join(name), &body)?;
    }
    terminal.say(&format!("{count} written to {}", folder.display()));
    Ok(Exit::Yes)
}

fn create_folder(folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))
}

fn write_file(path: &Path, body: &[u8]) -> anyhow::Result<()> {
    atomic_write::write(path, body).with_context(|| format!("cannot write {}", path.display()))
}
