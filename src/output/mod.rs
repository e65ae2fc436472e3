//! Everything that is shown: results on stdout, everything else on stderr. Only [`Terminal`] writes to either.
//!
//! Results are data that implements [`show::Show`]. What a command checks is described as [`emit::check::Check`]s, which every
//! report format renders.

mod background;
pub mod captures;
pub mod catalogue;
pub mod command_help;
pub mod drift;
pub mod emit;
pub mod error_line;
pub mod escape;
mod excerpt;
pub mod findings;
mod highlight;
mod html;
pub mod inspect;
mod json_layout;
pub mod jwks;
pub mod listen;
pub mod probe;
pub mod progress;
pub mod record;
mod response;
pub mod schemas;
pub mod sending;
pub mod show;
pub mod shrinking;
pub mod signatures;
mod snippet;
pub mod style;
mod terminal;
pub mod validation;
pub mod validation_summary;

pub use terminal::{Settings, Terminal};
