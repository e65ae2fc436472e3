//! What a sender's way to authenticate deliveries has to offer.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use crate::models::request::Request;

use super::cases::{AuthCase, FailurePattern, RootCause};
use super::explanation::{Effort, Explanation};
use super::fault::Fault;
use super::secret::Secret;
use super::verdict::Verdict;

/// A way to authenticate deliveries, with its keys.
///
/// Signing and verifying see the whole request: its method, its target with the query, its headers and its body. Times are
/// passed in, so that schemes with expiring credentials can be tested.
pub trait Scheme: fmt::Debug + Send + Sync {
    /// The part of the scheme that needs no keys.
    fn info(&self) -> &'static SchemeInfo;

    /// Adds what authenticates the request at this time, in place of what is there. Without a key it adds nothing.
    fn authenticate(&self, request: &mut Request, at: SystemTime);

    /// Adds credentials that somebody copied from elsewhere, with or without the name of their header.
    fn attach(&self, request: &mut Request, credentials: &str);

    /// The credentials that the request should carry at this time, as the scheme writes them; `None` without a key.
    fn expected(&self, request: &Request, at: SystemTime) -> Option<String>;

    /// Checks whether the request carries valid credentials at this time.
    fn verify(&self, request: &Request, at: SystemTime) -> Verdict;

    /// Finds out why the credentials of a request are not valid.
    fn explain(&self, request: &Request, effort: Effort) -> Explanation;

    /// Makes one of the scheme's own faults in an authenticated request.
    fn inject(&self, fault: &'static Fault, request: Request) -> Request;

    /// The same request authenticated in ways that receivers are known to take by mistake, each with what that says about
    /// the receiver. `probe` sends them when a receiver rejects what is right.
    fn mistaken(&self, request: &Request) -> Vec<(RootCause, Request)>;
}

/// What is known about a scheme without any key.
#[derive(Debug)]
pub struct SchemeInfo {
    /// The word on the command line: `hmac`.
    pub name: &'static str,
    /// What it is, in a few words: `X-Hub-Signature`.
    pub description: &'static str,
    /// Makes the scheme with these secrets: it signs with the first, and any of them may verify.
    pub with_secrets: fn(Vec<Secret>) -> Arc<dyn Scheme>,
    /// The faults that can be simulated.
    pub faults: &'static [Fault],
    /// How a receiver is tested for it.
    pub cases: &'static [AuthCase],
    /// What patterns of failures among these cases point to, from the wide to the narrow.
    pub patterns: &'static [FailurePattern],
}
