//! Events: each profile has a catalogue with one row for each event.

mod action;
mod catalogue;
mod entity;
mod kind;
mod row;
mod unknown;

pub use action::Action;
pub use catalogue::Catalogue;
pub use entity::Entity;
pub use kind::{EventKind, in_file_name};
pub use row::{EventRow, Evidence, row};
pub use unknown::{UnknownEvent, nearest};
