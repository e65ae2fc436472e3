//! The nouns of the house: events, what they carry, and deliveries.

pub mod event;
pub mod event_pattern;
pub mod identify;
pub mod payload;
pub mod request;
pub mod response;
