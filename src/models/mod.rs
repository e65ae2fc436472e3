//! The nouns of the house: events, what they carry, and deliveries.

pub mod delivery;
pub mod event;
pub mod expectation;
pub mod identification;
pub mod pattern;
pub mod payload;
pub mod profile;
