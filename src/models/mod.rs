//! The nouns of the house: events, what they carry, and deliveries.

pub mod body;
pub mod event;
mod headers;
pub mod payload;
pub mod request;
pub mod response;
pub mod text;
