//! Receives, signs, verifies, validates, sends and fakes Confluence Cloud webhooks.
//!
//! A delivery is bytes and headers. The bytes are never rewritten; everything else is an opinion about them.
//!
//! The program `cfwh` uses this library, and you can use it without the program. A receiver that verifies and
//! validates deliveries, with any HTTP server (`examples/receiver.rs`; `cfwh probe` gives it an A):
//!
//! ```no_run
#![doc = include_str!("../examples/receiver.rs")]
//! ```
//!
//! - [`auth`]: sign and verify, and [`auth::hub_signature::explain`] when a signature does not match;
//! - [`models`]: events, payloads and deliveries as types;
//! - [`validation`]: what is wrong with a body, and where;
//! - [`generator`]: bodies for tests, the same from the same seed;
//! - [`store`]: deliveries saved to files;
//! - [`server`] and [`client`]: deliveries in and out over HTTP.
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
//! With `default-features = false` the library is what a receiver needs: [`auth`], [`models`], [`profiles`], [`json`] and
//! [`validation`], 41 crates in all. Each feature adds a module:
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
//! Only the command line is stable across versions, not these modules.

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
