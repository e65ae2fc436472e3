//! Finds the smallest body with which a receiver still fails in the same way, and names the parts that matter.
//!
//! It removes members and items first, then it shortens strings and numbers. If the receiver accepts a usual body, a smaller body
//! counts only if the values of the usual body repair it. Otherwise the search would end with a body that fails because it is
//! incomplete.

mod attempts;
mod classify;
mod differences;
mod failing_body;
mod naming;
mod outline;
mod part;
mod reduction;
mod shrinker;
mod structure;
mod text;
mod values;

pub use part::{Part, PartKind};
pub use shrinker::{Shrinker, Shrunk};
