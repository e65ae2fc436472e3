//! `cfwh fake`: payloads from a seed.

use std::io::Write;
use std::path::Path;

use anyhow::Context;

use crate::cli;
use crate::cli::making::Format;
use crate::generator::Generator;
use crate::generator::body::{Layout, Recipe};
use crate::terminal::Terminal;

use super::exit::Exit;
use super::making;

pub(super) fn run(arguments: &cli::making::Fake, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let format = if terminal.is_json() { Format::Ndjson } else { arguments.format };
    let layout = if format == Format::Pretty { Layout::Pretty } else { Layout::Compact };
    let recipe = making::recipe(&arguments.kinds.0, &arguments.making, layout)?;
    let mut generator = making::generator(&arguments.making, terminal);
    if let Some(folder) = &arguments.out {
        return write_files(&recipe, &mut generator, folder, format, terminal);
    }
    let array = format == Format::Json && recipe.total() > 1;
    for (index, made) in recipe.bodies(&mut generator).enumerate() {
        let (_, body) = made?;
        if array {
            terminal.bytes(if index == 0 { b"[" } else { b",\n" })?;
        }
        terminal.bytes(&body)?;
        if !array && layout == Layout::Compact {
            terminal.bytes(b"\n")?;
        }
    }
    if array {
        terminal.bytes(b"]\n")?;
    }
    Ok(Exit::Yes)
}

/// One file each: `page_created.json`, or `0001-page_created.json` where there are several rounds.
fn write_files(
    recipe: &Recipe,
    generator: &mut Generator,
    folder: &Path,
    format: Format,
    terminal: &mut Terminal,
) -> anyhow::Result<Exit> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let ending = if format == Format::Ndjson { "ndjson" } else { "json" };
    let mut count = 0_u64;
    for made in recipe.bodies(generator) {
        let (kind, mut body) = made?;
        count += 1;
        if format == Format::Ndjson {
            body.push(b'\n');
        }
        let name = if recipe.count > 1 { format!("{count:04}-{kind}.{ending}") } else { format!("{kind}.{ending}") };
        let path = folder.join(name);
        let cannot = || format!("cannot write {}", path.display());
        // Never a partial file under its final name.
        let mut file = tempfile::NamedTempFile::new_in(folder).with_context(cannot)?;
        file.write_all(&body).with_context(cannot)?;
        file.persist(&path).map_err(|error| error.error).with_context(cannot)?;
    }
    terminal.say(&format!("{count} written to {}", folder.display()));
    Ok(Exit::Yes)
}
