//! Deliveries saved on disk.

pub mod capture_format;
pub mod captures;
mod folder_limit;
pub mod unnamed_file;
