//! Deliveries saved on disk.

pub mod captures;
