//! How captured bodies differ from a document, event by event.
//!
//! [`DriftCounts`] counts the differences of bodies and stores no body. Memory grows with the number of different
//! properties (at most a thousand in one object), not with the number of bodies. The counts of parts add up, in any order,
//! and so do the [reports](report::EventDrift) that are made of them. [`InferredSchema`] counts all properties instead.

pub mod baseline;
mod compare;
mod counts;
mod declared;
mod event_group;
mod first_keys;
mod infer;
mod inferred_schema;
mod last_members;
mod merge_error;
mod observer;
mod path_stats;
pub mod report;
mod restore;
mod shape_counts;
pub mod value_stats;
mod vec_map;

pub use counts::DriftCounts;
pub use declared::DeclaredBodies;
pub use inferred_schema::InferredSchema;
pub use merge_error::MergeError;
pub use observer::Observer;
