//! The interface of an authentication scheme.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use crate::models::request::Request;

use super::cases::{AuthCase, FailurePattern, RootCause};
use super::credentials::{Credentials, Parameter};
use super::explanation::{Effort, Explanation};
use super::fault::Fault;
use super::verdict::Verdict;

/// A scheme with its credentials.
///
/// Signing and verifying take the whole request: method, target with query, headers and body. The time is a parameter, so
/// that tests can check credentials that expire.
pub trait Scheme: fmt::Debug + Send + Sync {
    /// Returns the description of the scheme, which needs no credentials.
    fn info(&self) -> &'static SchemeInfo;

    /// Authenticates the request at this time, and replaces existing credentials. Without a key it changes nothing.
    fn authenticate(&self, request: &mut Request, at: SystemTime);

    /// Authenticates the request with the second key of a key set, as after a key rotation. Schemes without key sets change
    /// nothing.
    fn authenticate_with_second_key(&self, _request: &mut Request, _at: SystemTime) {}

    /// Adds copied credentials, with or without the name of their header.
    fn attach(&self, request: &mut Request, credentials: &str);

    /// Returns the credentials that the request should have at this time. Returns `None` without a key.
    fn expected(&self, request: &Request, at: SystemTime) -> Option<String>;

    /// Verifies the credentials of the request at this time.
    fn verify(&self, request: &Request, at: SystemTime) -> Verdict;

    /// Explains why the credentials of a request are not valid at this time.
    fn explain(&self, request: &Request, at: SystemTime, effort: Effort) -> Explanation;

    /// Injects one of the scheme's own faults into an authenticated request.
    fn inject(&self, fault: &'static Fault, request: Request) -> Request;

    /// Returns the request with the credentials that buggy receivers are known to expect, each with the bug. `probe` sends
    /// these when a receiver refuses valid deliveries.
    fn mistaken(&self, request: &Request) -> Vec<(RootCause, Request)>;

    /// Returns the body of one of [`SchemeInfo::callbacks`]. Returns `None` without a secret that is text.
    fn callback_body(&self, _name: &str) -> Option<Vec<u8>> {
        None
    }

    /// Returns the target of a request without secrets, for output.
    fn shown_target<'a>(&self, target: &'a str) -> Cow<'a, str> {
        Cow::Borrowed(target)
    }
}

/// The description of a scheme.
#[derive(Debug)]
pub struct SchemeInfo {
    /// The name on the command line: `hmac`.
    pub name: &'static str,
    /// A short description: `X-Hub-Signature`.
    pub description: &'static str,
    /// The header with the credentials. `None` if the URL has them; then the credentials are the secret itself.
    pub header: Option<&'static str>,
    /// The option of `verify` that takes copied credentials, without dashes.
    pub copied_with: Option<&'static str>,
    /// Whether credentials expire.
    pub has_times: bool,
    /// Whether credentials cover the method and the target.
    pub covers_target: bool,
    /// Whether credentials cover the body.
    pub covers_body: bool,
    /// The parameter that the scheme requires.
    pub required: Option<Parameter>,
    /// The optional parameters.
    pub optional: &'static [Parameter],
    /// Creates the scheme. Without the required parameter it signs nothing, and no delivery is valid.
    pub with: fn(Credentials) -> Arc<dyn Scheme>,
    /// The fault of a sender with different credentials. It is one of `faults`.
    pub wrong_credentials: &'static Fault,
    /// The faults that the scheme can inject.
    pub faults: &'static [Fault],
    /// The probe cases.
    pub cases: &'static [AuthCase],
    /// The bugs that failures of these cases point to, from general to specific.
    pub patterns: &'static [FailurePattern],
    /// The names of the installation callbacks that the sender makes besides deliveries: `installed`.
    pub callbacks: &'static [&'static str],
}

impl SchemeInfo {
    /// Returns whether the scheme uses a parameter.
    pub fn takes(&self, parameter: Parameter) -> bool {
        self.required == Some(parameter) || self.optional.contains(&parameter)
    }

    /// Returns whether the scheme requires a key, so that receivers need a key set.
    pub fn has_key_set(&self) -> bool {
        self.takes(Parameter::Key) && self.required.is_none()
    }

    /// Creates the scheme without credentials. It signs nothing, and no delivery is valid.
    pub fn without_credentials(&self) -> Arc<dyn Scheme> {
        (self.with)(Credentials::default())
    }
}
