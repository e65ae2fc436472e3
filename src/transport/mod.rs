//! Deliveries over HTTP: taking them in and sending them out. Nothing here knows secrets, schemas or the terminal.

mod connection;
pub mod export;
pub mod load;
pub mod manners;
pub mod receiver;
pub mod retries;
pub mod sender;
pub mod tally;
pub mod tls;
