//! The differences of two JSON values in their structure: the order of members and white space do not count, the form of a
//! number does.

mod align;
mod comparison;
mod difference;
mod identity;

pub use comparison::diff;
pub use difference::{Change, Difference, Differences, Limits};
