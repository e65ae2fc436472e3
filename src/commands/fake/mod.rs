//! `cfwh fake`: generates bodies.

mod invalid;
mod write;

use anyhow::bail;

use crate::cli::generation::{BodyFormat, EventSource, Fake};
use crate::commands::exit::Exit;
use crate::commands::generation::{self, Start};
use crate::generator::body::{Layout, Recipe};
use crate::generator::coverage;
use crate::output::Terminal;
use write::{Bodies, print, write_files};

pub(super) fn run(arguments: &Fake, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    terminal.end_with_reader();
    if terminal.is_json() && arguments.given.has("format") && arguments.format != BodyFormat::Ndjson {
        bail!("--json prints one body per line; leave out --json or --format");
    }
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
        bail!("--coverage does not apply to `story`; give an event or `all`");
    }
    let start = Start::new(options, terminal)?;
    if is_story {
        let story = recipe.clone().story_bodies(start.story());
        return Ok(if disorder.is_none() { Box::new(story) } else { Box::new(disorder.apply(start.seed, story)) });
    }
    if arguments.coverage {
        let profile = options.profile;
        let cover = move |kind| {
            let bodies = coverage::bodies(start.seed, start.at, profile, start.options, kind);
            bodies.into_iter().map(move |body| (kind, body))
        };
        let covering = recipe.kinds.iter().copied().flat_map(cover);
        return Ok(Box::new(covering.map(|(kind, body)| Ok((kind, recipe.finish_value(kind, &body)?)))));
    }
    Ok(Box::new(recipe.bodies(start.generator())))
}
