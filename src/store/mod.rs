//! Deliveries saved on disk.

pub mod captures;
mod folder_limit;
pub mod unnamed_file;
