//! Checks lines as a story, under every profile.

#![no_main]

#[path = "../../tests/it/properties.rs"]
#[allow(dead_code, unreachable_pub, reason = "each target runs one of the properties")]
mod properties;

use std::sync::LazyLock;

use cfwh::validation::Validator;

static VALIDATORS: LazyLock<[Validator; cfwh::profiles::ALL.len()]> = LazyLock::new(|| cfwh::profiles::ALL.map(|profile| Validator::new(profile).with_story(true)));

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| properties::story(&*VALIDATORS, bytes));
