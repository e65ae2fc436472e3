//! Prints bodies or writes them to files.

use std::path::Path;

use anyhow::Context;

use crate::cli::generation::BodyFormat;
use crate::commands::atomic_write;
use crate::commands::exit::Exit;
use crate::generator::body::Layout;
use crate::generator::edit::EditError;
use crate::models::event::{EventKind, in_file_name};
use crate::output::Terminal;
use crate::store::captures;

/// The bodies to print or to write, each with its event.
pub(super) type Bodies<'a> = Box<dyn Iterator<Item = Result<(EventKind, Vec<u8>), EditError>> + 'a>;

/// The number of bytes in one write, about a hundred bodies.
const BLOCK: usize = 64 * 1024;

/// Prints the bodies in sequence, or as one array.
pub(super) fn print(
    bodies: Bodies<'_>,
    layout: Layout,
    is_array: bool,
    terminal: &mut Terminal,
) -> anyhow::Result<Exit> {
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
                terminal.json(&block)?;
                return Err(error.into());
            }
        };
        if !is_first {
            block.extend_from_slice(separator);
        }
        is_first = false;
        block.extend_from_slice(&body);
        if block.len() >= BLOCK {
            terminal.json(&block)?;
            block.clear();
        }
    }
    if is_array || !is_first {
        block.extend_from_slice(end);
    }
    terminal.json(&block)?;
    Ok(Exit::Yes)
}

/// Writes one file for each body: `page_created.json`, or `0001-page_created.json` for several bodies of an event.
pub(super) fn write_files(
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
        let event = in_file_name(kind.name());
        let name = if is_numbered { format!("{count:04}-{event}.{extension}") } else { format!("{event}.{extension}") };
        atomic_write::write_private(&folder.join(name), &body)?;
    }
    terminal.say(&format!("{count} written to {}", folder.display()));
    Ok(Exit::Yes)
}

pub(super) fn create_folder(folder: &Path) -> anyhow::Result<()> {
    captures::create_folder(folder).with_context(|| format!("cannot create {}", folder.display()))
}
