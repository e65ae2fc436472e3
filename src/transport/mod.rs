//! Deliveries over HTTP: taking them in and sending them out. Nothing here knows secrets, schemas or the terminal.

pub mod receiver;
pub mod sender;
