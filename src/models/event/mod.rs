//! Events as rows of a catalogue. Each profile has its own catalogue.

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
