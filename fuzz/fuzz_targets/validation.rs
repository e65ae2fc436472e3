//! Validates a body with the fast path and the full check, and writes every report.

#![no_main]

#[path = "../../tests/it/properties.rs"]
#[allow(dead_code, unreachable_pub, reason = "each target runs one of the properties")]
mod properties;

use std::sync::LazyLock;

use cfwh::validation::Validator;

static VALIDATORS: LazyLock<[Validator; cfwh::profiles::ALL.len()]> = LazyLock::new(|| cfwh::profiles::ALL.map(Validator::new));

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| properties::validation(&*VALIDATORS, bytes));
