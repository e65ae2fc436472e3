//! What a sender's way to authenticate deliveries has to offer.

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

/// A way to authenticate deliveries, with its keys.
///
/// Signing and verifying see the whole request: its method, its target with the query, its headers and its body. Times are
/// passed in, so that schemes with expiring credentials can be tested.
pub trait Scheme: fmt::Debug + Send + Sync {
    /// The part of the scheme that needs no keys.
    fn info(&self) -> &'static SchemeInfo;

    /// Adds what authenticates the request at this time, in place of what is there. Without a key it adds nothing.
    fn authenticate(&self, request: &mut Request, at: SystemTime);

    /// Authenticates the request with the second key of a key set, as after a rotation of keys. Schemes without key sets
    /// change nothing.
    fn authenticate_with_second_key(&self, _request: &mut Request, _at: SystemTime) {}

    /// Adds credentials that somebody copied from elsewhere, with or without the name of their header.
    fn attach(&self, request: &mut Request, credentials: &str);

    /// The credentials that the request should carry at this time, as the scheme writes them; `None` without a key.
    fn expected(&self, request: &Request, at: SystemTime) -> Option<String>;

    /// Checks whether the request carries valid credentials at this time.
    fn verify(&self, request: &Request, at: SystemTime) -> Verdict;

    /// Finds out why the credentials of a request are not valid at this time.
    fn explain(&self, request: &Request, at: SystemTime, effort: Effort) -> Explanation;

    /// Makes one of the scheme's own faults in an authenticated request.
    fn inject(&self, fault: &'static Fault, request: Request) -> Request;

    /// The same request authenticated in ways that receivers are known to take by mistake, each with what that says about
    /// the receiver. `probe` sends them when a receiver rejects what is right.
    fn mistaken(&self, request: &Request) -> Vec<(RootCause, Request)>;

    /// Returns the body of one of [`SchemeInfo::callbacks`]; `None` without a key that can be written as text.
    fn callback_body(&self, _name: &str) -> Option<Vec<u8>> {
        None
    }

    /// Returns the target of a request as it may be shown: without what must stay secret.
    fn shown_target<'a>(&self, target: &'a str) -> Cow<'a, str> {
        Cow::Borrowed(target)
    }
}

/// What is known about a scheme without any key.
#[derive(Debug)]
pub struct SchemeInfo {
    /// The word on the command line: `hmac`.
    pub name: &'static str,
    /// What it is, in a few words: `X-Hub-Signature`.
    pub description: &'static str,
    /// The header that carries the credentials; `None` if the URL does, so that they are the secret itself.
    pub header: Option<&'static str>,
    /// The option, without its dashes, with which credentials are given to `verify` that were copied from elsewhere.
    pub copied_with: Option<&'static str>,
    /// Do credentials have times, so that it matters when they are made and verified?
    pub has_times: bool,
    /// Do credentials depend on the method and the target?
    pub covers_target: bool,
    /// Do credentials depend on the body?
    pub covers_body: bool,
    /// What it cannot do without.
    pub required: Option<Parameter>,
    /// What else it is configured with.
    pub optional: &'static [Parameter],
    /// Makes the scheme. Without what is required, it authenticates nothing, and no delivery is valid.
    pub with: fn(Credentials) -> Arc<dyn Scheme>,
    /// The fault of a sender that has other credentials. It is one of `faults`.
    pub wrong_credentials: &'static Fault,
    /// The faults that can be simulated.
    pub faults: &'static [Fault],
    /// How a receiver is tested for it.
    pub cases: &'static [AuthCase],
    /// What patterns of failures among these cases point to, from the wide to the narrow.
    pub patterns: &'static [FailurePattern],
    /// The callbacks about an installation that its sender makes beside deliveries, by name: `installed`.
    pub callbacks: &'static [&'static str],
}

impl SchemeInfo {
    /// Returns whether it is configured with this.
    pub fn takes(&self, parameter: Parameter) -> bool {
        self.required == Some(parameter) || self.optional.contains(&parameter)
    }

    /// Returns whether nothing but a key makes deliveries authentic, so that receivers find its public half in a key set.
    pub fn has_key_set(&self) -> bool {
        self.takes(Parameter::Key) && self.required.is_none()
    }

    /// Makes the scheme without keys: it authenticates nothing, and no delivery is valid.
    pub fn without_credentials(&self) -> Arc<dyn Scheme> {
        (self.with)(Credentials::default())
    }
}
