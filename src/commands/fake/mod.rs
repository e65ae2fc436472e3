//! `cfwh fake`: payloads from a seed.

mod invalid;

use std::path::Path;

use anyhow::{Context, bail};

use crate::cli;
use crate::cli::generation::{Format, Made};
use crate::commands::atomic_write;
use crate::commands::exit::Exit;
use crate::commands::generation;
use crate::generator::body::{Layout, Recipe};
use crate::generator::coverage;
use crate::generator::edit::EditError;
use crate::models::event::EventKind;
use crate::output::Terminal;

/// Bodies, one after another: each call writes the next behind what is there, and says its kind.
type Bodies<'a> = Box<dyn FnMut(&mut Vec<u8>) -> Option<Result<EventKind, EditError>> + 'a>;

/// So much is gathered before it is written: one write for a hundred bodies.
const BLOCK: usize = 64 * 1024;

pub(super) fn run(arguments: &cli::generation::Fake, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let format = if terminal.is_json() { Format::Ndjson } else { arguments.format };
    let layout = if format == Format::Pretty { Layout::Pretty } else { Layout::Compact };
    let recipe = generation::recipe(&arguments.made, &arguments.making, layout)?;
    if arguments.invalid {
        return invalid::run(&recipe, arguments, format, terminal);
    }
    let bodies = bodies(&recipe, arguments, terminal)?;
    let several = recipe.count > 1 || arguments.made == Made::Story || arguments.coverage;
    if let Some(folder) = &arguments.out {
        return write_files(bodies, folder, format, several, terminal);
    }
    let array = format == Format::Json && (several || recipe.total() > 1);
    print(bodies, layout, array, terminal)
}

fn bodies<'a>(
    recipe: &'a Recipe,
    arguments: &cli::generation::Fake,
    terminal: &mut Terminal,
) -> anyhow::Result<Bodies<'a>> {
    let is_story = arguments.made == Made::Story;
    let disorder = generation::disorder(&arguments.making, is_story)?;
    if arguments.coverage && is_story {
        bail!("a story covers what happens, not what a body may be: name an event, or `all`");
    }
    let seed = generation::seed(&arguments.making, terminal);
    if arguments.coverage {
        let (now, profile) = (generation::now(&arguments.making), arguments.making.profile);
        let of_kind = move |&kind: &EventKind| {
            coverage::bodies(seed, now, profile, kind).into_iter().map(move |body| (kind, body))
        };
        let mut covering = recipe.kinds.iter().flat_map(of_kind);
        return Ok(Box::new(move |bytes| {
            let (kind, mut body) = covering.next()?;
            Some(recipe.append_edited(kind, &mut body, bytes).map(|()| kind))
        }));
    }
    if !is_story {
        let mut generator = generation::generator(seed, &arguments.making);
        let mut kinds = recipe.rounds();
        return Ok(Box::new(move |bytes| {
            let kind = kinds.next()?;
            Some(recipe.append(&mut generator, kind, bytes).map(|()| kind))
        }));
    }
    let mut story = generation::story(seed, &arguments.making);
    if disorder.is_none() {
        let mut events = 0..recipe.count;
        return Ok(Box::new(move |bytes| events.next().map(|_| recipe.append_story_event(&mut story, bytes))));
    }
    let mut told = disorder.of(seed, recipe.clone().events_of(story));
    Ok(Box::new(move |bytes| {
        let told = told.next()?;
        Some(told.map(|(kind, body)| {
            bytes.extend(body);
            kind
        }))
    }))
}

/// One after another, or as one array.
fn print(mut bodies: Bodies<'_>, layout: Layout, array: bool, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let mut block = Vec::with_capacity(BLOCK + BLOCK / 8);
    let mut first = true;
    loop {
        let start = block.len();
        if array {
            block.extend_from_slice(if first { b"[" } else { b",\n" });
        }
        let Some(made) = bodies(&mut block) else {
            block.truncate(start);
            break;
        };
        if let Err(error) = made {
            block.truncate(start);
            terminal.bytes(&block)?;
            return Err(error.into());
        }
        first = false;
        if !array && layout == Layout::Compact {
            block.push(b'\n');
        }
        if block.len() >= BLOCK {
            terminal.bytes(&block)?;
            block.clear();
        }
    }
    if array {
        block.extend_from_slice(if first { b"[]\n" } else { b"]\n" });
    }
    terminal.bytes(&block)?;
    Ok(Exit::Yes)
}

/// One file each: `page_created.json`, or `0001-page_created.json` where there are several of a kind.
fn write_files(
    mut bodies: Bodies<'_>,
    folder: &Path,
    format: Format,
    numbered: bool,
    terminal: &mut Terminal,
) -> anyhow::Result<Exit> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let ending = if format == Format::Ndjson { "ndjson" } else { "json" };
    let mut count = 0_u64;
    let mut body = Vec::new();
    while let Some(made) = bodies(&mut body) {
        let kind = made?;
        count += 1;
        if format == Format::Ndjson {
            body.push(b'\n');
        }
        let name = if numbered { format!("{count:04}-{kind}.{ending}") } else { format!("{kind}.{ending}") };
        write_file(&folder.join(name), &body)?;
        body.clear();
    }
    terminal.say(&format!("{count} written to {}", folder.display()));
    Ok(Exit::Yes)
}

fn write_file(path: &Path, body: &[u8]) -> anyhow::Result<()> {
    atomic_write::write(path, body).with_context(|| format!("cannot write {}", path.display()))
}
