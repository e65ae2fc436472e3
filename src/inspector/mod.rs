//! What is known about saved deliveries: a row of a list, everything about one, and which of them match a filter. Commands
//! print this, and the web inspector shows it.

pub mod filter;
mod inspect;
pub mod inspection;
pub mod summary;

pub use inspect::{InspectError, Inspector};
