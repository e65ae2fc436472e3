//! Deliveries over HTTP: taking them in and sending them out. Nothing here knows secrets, schemas or the terminal.

pub mod answer;
mod conversation;
pub mod forwarder;
mod framing;
mod peers;
pub mod receiver;
pub mod sender;
mod wire;
