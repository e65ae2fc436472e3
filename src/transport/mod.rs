//! Deliveries over HTTP: taking them in and sending them out. Nothing here knows secrets, schemas or the terminal.

pub mod address;
pub mod answer;
mod connection;
mod conversation;
pub mod export;
pub mod forwarder;
mod framing;
pub mod load;
pub mod manners;
mod peers;
pub mod receiver;
pub mod retries;
pub mod sender;
pub mod tally;
pub mod tls;
pub mod url;
mod wire;
mod workers;
