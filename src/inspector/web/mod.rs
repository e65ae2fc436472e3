//! Serves the page and its data to this machine, to whoever has the token.

mod api;
mod events;
mod guard;
mod handler;
mod responses;
mod token;

pub use handler::PageServer;
