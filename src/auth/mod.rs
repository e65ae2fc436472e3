//! How senders authenticate deliveries.

pub mod faults;
pub mod hub_signature;
