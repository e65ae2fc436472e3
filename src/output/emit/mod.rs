//! The report formats, one file per format.
//!
//! To add a format, add one file here and one line in [`ALL`].

pub mod check;
pub mod emitter;
mod github;
mod json;
mod junit;
mod sarif;
mod text;
mod workspace;

pub use emitter::ReportFormat;
pub use json::JSON;
pub use text::TEXT;

/// All formats, with the default first.
pub static ALL: [&ReportFormat; 5] = [&TEXT, &JSON, &github::GITHUB, &junit::JUNIT, &sarif::SARIF];
