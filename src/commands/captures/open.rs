//! Opens the folder of a command.

use std::path::Path;

use anyhow::{Context, bail};

use crate::output::Terminal;
use crate::store::folder::{self, Folder};
use crate::store::journal;

/// Lists a folder. Warns about unreadable lines in its journal.
pub(super) fn open(folder: &Path, terminal: &mut Terminal) -> anyhow::Result<Folder> {
    let listed = folder::list(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    if listed.deliveries.is_empty() {
        bail!("no captures in {}; save some with `cfwh listen --capture DIR`", folder.display());
    }
    if listed.unreadable_lines > 0 {
        let lines = if listed.unreadable_lines == 1 {
            "1 line".to_owned()
        } else {
            format!("{} lines", listed.unreadable_lines)
        };
        terminal.warn(&format!("{} has {lines} that cannot be read", folder.join(journal::FILE_NAME).display()));
    }
    Ok(listed)
}
