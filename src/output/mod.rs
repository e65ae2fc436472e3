//! All output: results go to stdout, messages to stderr. Only [`Terminal`] writes to these streams.
//!
//! Results implement [`show::Show`]. Checks are [`emit::check::Check`]s, which every report format renders.

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
