//! The types that everything else uses: events, payloads, snapshots of a site, requests and responses.

pub mod body;
pub mod breaker;
pub mod error_code;
pub mod event;
pub mod gzip;
mod header_difference;
mod headers;
pub mod json_escape;
mod message;
pub mod payload;
pub mod recorded_response;
pub mod request;
pub mod response;
pub mod retry;
pub mod rule;
pub mod snapshot;
pub mod status_pattern;
pub mod text;

pub use header_difference::HeaderDifference;
