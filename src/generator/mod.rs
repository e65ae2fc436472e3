//! Generates plausible events from a seed. The same seed and time produce the same bytes on every machine.

pub mod body;
pub mod coverage;
pub mod disorder;
pub mod edit;
pub mod invalid_bodies;
pub mod invalid_stories;
mod objects;
mod random;
mod single_event;
mod site;
pub mod story;
mod text;
mod transitions;

pub use random::Identifiers;
pub use single_event::Generator;
