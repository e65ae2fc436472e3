//! Receives, signs, verifies, validates, sends and fakes Confluence Cloud webhooks.
//!
//! A delivery is bytes and headers. The bytes are never rewritten; everything else is an opinion about them.

pub mod captures;
pub mod cli;
pub mod commands;
pub mod documents;
pub mod drift;
pub mod expectations;
pub mod faults;
pub mod generator;
pub mod json;
pub mod models;
pub mod probe;
pub mod signature;
pub mod terminal;
pub mod transport;
pub mod validation;
