//! Structural differences between two JSON values.
//!
//! The order of members and white space do not matter. The notation of a number does.

mod align;
mod comparison;
mod difference;
mod identity;

pub use comparison::diff;
pub use difference::{Change, Difference, Differences, Limits};
