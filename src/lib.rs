//! Receives, signs, verifies, validates, sends and fakes Confluence Cloud webhooks.
//!
//! A delivery is bytes and headers. The bytes are never rewritten; everything else is an opinion about them.
//!
//! The program `cfwh` stands on this library; its skills can be used without it. A receiver that verifies and
//! validates what comes, with any HTTP server (`examples/receiver.rs`; `cfwh probe` gives it an A):
//!
//! ```no_run
#![doc = include_str!("../examples/receiver.rs")]
//! ```
//!
//! - [`signature`]: sign and verify, and [`signature::diagnosis`] when a signature does not match;
//! - [`models`]: events, payloads and deliveries as types;
//! - [`validation`]: what is wrong with a body, and where;
//! - [`generator`]: bodies for tests, the same from the same seed;
//! - [`captures`]: deliveries kept in files;
//! - [`transport`]: deliveries in and out over HTTP.
//!
//! ```
//! use cfwh::generator::Generator;
//! use cfwh::models::delivery::{Delivery, Headers};
//! use cfwh::models::event::EventKind;
//! use cfwh::models::profile::Profile;
//! use cfwh::signature::{Secret, Verdict};
//! use cfwh::validation::Validator;
//!
//! let mut body = Vec::new();
//! Generator::new(1, 1_768_469_400_000, Profile::Spec).write(EventKind::PageCreated, &mut body);
//! let secret = Secret::new("s3cret".into())?;
//! let header = secret.sign(&body).to_string();
//! assert!(matches!(secret.verify(&body, [header.as_bytes()]), Verdict::Valid));
//!
//! let report = Validator::of(Profile::Spec).validate(&Delivery::new("", Headers::new(), body), None);
//! assert_eq!(report.kind, Some(EventKind::PageCreated));
//! assert!(report.findings.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What is promised across versions is the command line, not these modules.

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
