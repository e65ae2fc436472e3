//! Serves the page and its data on this machine. The URL contains a token.

mod api;
mod events;
mod guard;
mod handler;
mod responses;
mod token;

pub use handler::PageServer;
