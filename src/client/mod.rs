//! Sends requests over HTTP: single ones, many, and those that are forwarded.

pub mod breaker;
mod connection;
pub mod endpoint;
pub mod error;
pub mod export;
pub mod forward;
pub mod interrupt;
pub mod load;
pub mod load_examples;
pub mod load_stats;
mod original_case;
pub mod outcome_kind;
pub mod outgoing;
mod proxy;
mod receive;
pub mod request_variant;
pub mod retry;
pub mod tls;
pub mod url;
