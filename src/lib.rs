//! Tools for receivers of Confluence webhooks: sign, verify, validate, generate, send and receive deliveries.
//!
//! A delivery is bytes and headers. The bytes are never rewritten. Signatures, reports and findings are derived from them.
//!
//! The program `cfwh` uses this library, and you can use it without the program. This receiver verifies and validates
//! deliveries, and works with any HTTP server (`examples/receiver.rs`; `cfwh probe` gives it an A):
//!
//! ```no_run
#![doc = include_str!("../examples/receiver.rs")]
//! ```
//!
//! - [`auth`] signs and verifies deliveries. [`auth::hub_signature::explain`] explains why a signature does not match.
//! - [`models`] has types for events, bodies and deliveries.
//! - [`validation`] finds errors in bodies, with their positions.
//! - [`generator`] makes bodies for tests. The same seed makes the same bodies.
//! - [`store`] saves deliveries to files.
//! - [`server`] and [`client`] receive and send deliveries over HTTP.
//!
//! ```
//! use cfwh::generator::Generator;
//! use cfwh::models::request::{Request, Headers};
//! use cfwh::profiles::published;
//! use cfwh::auth::secret::Secret;
//! use cfwh::validation::Validator;
//!
//! let mut body = Vec::new();
//! let event = published::PROFILE.own_kind("page_created".parse()?)?;
//! Generator::new(1, 1_768_469_400_000, &published::PROFILE).write(event, &mut body);
//! let secret = Secret::new("s3cret")?;
//! let header = secret.sign(&body).to_string();
//! assert!(secret.verify([("X-Hub-Signature", header)], &body).is_valid());
//!
//! let report = Validator::new(&published::PROFILE).validate(&Request::post("", Headers::new(), body), None);
//! assert_eq!(report.kind, Some(event));
//! assert!(report.findings.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Features
//!
//! With `default-features = false`, the library has only the modules that a receiver needs: [`auth`], [`models`],
//! [`profiles`], [`json`] and [`validation`]. It then builds 41 crates. Each feature adds a module:
//!
//! | feature | adds | needs |
//! | --- | --- | --- |
//! | `client` | [`client`] | |
//! | `server` | [`server`] | |
//! | `store` | [`store`] | |
//! | `generator` | [`generator`] | |
//! | `jwt` | [`auth::connect`], [`auth::forge`], [`auth::jwt`] | |
//! | `receiver` | [`receiver`] | `client`, `server`, `store` |
//! | `probe` | [`probe`] | `client`, `generator` |
//! | `cli` (default) | the program, `cli`, `commands`, `drift`, `inspector`, `output`, `redaction`, `shrinking` | all of the above |
//!
//! Only the command line is stable across versions. These modules may change.

pub mod auth;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "client")]
pub mod client;
#[cfg(feature = "cli")]
pub mod commands;
#[cfg(feature = "cli")]
pub mod drift;
#[cfg(feature = "generator")]
pub mod generator;
#[cfg(feature = "cli")]
pub mod inspector;
pub mod json;
pub mod models;
#[cfg(feature = "cli")]
pub mod output;
#[cfg(feature = "probe")]
pub mod probe;
pub mod profiles;
#[cfg(feature = "receiver")]
pub mod receiver;
#[cfg(feature = "cli")]
pub mod redaction;
#[cfg(feature = "server")]
pub mod server;
#[cfg(feature = "cli")]
pub mod shrinking;
#[cfg(feature = "store")]
pub mod store;
pub mod validation;
