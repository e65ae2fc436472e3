//! Finds the smallest body with which a receiver still fails in the same way, and what in it matters.
//!
//! Members and items are left out first, then strings and numbers are made shorter. Where another body is accepted, a part of
//! the failing one counts only if the failure goes away with what the other has in its place: otherwise a body that is merely
//! incomplete, and fails for that, would be taken for the smallest.

mod differences;
mod outline;
mod part;
mod reduction;
mod shrinker;
mod text;

pub use part::{Part, PartKind};
pub use shrinker::{SearchEnd, Shrinker, Shrunk};
