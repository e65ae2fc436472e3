//! Saves deliveries on disk, and reads them.

pub mod capture_format;
pub mod captures;
pub mod folder;
mod folder_limit;
pub mod har;
pub mod journal;
pub mod journal_entry;
pub mod unnamed_file;
