//! Explains why a signature does not match.

#![no_main]

#[path = "../../tests/it/properties.rs"]
#[allow(dead_code, unreachable_pub, reason = "each target runs one of the properties")]
mod properties;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| properties::explanation(bytes));
