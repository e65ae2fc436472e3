//! What happens to a delivery that was received.

pub mod expectation;
pub mod expectations;
pub mod webhook_request;
