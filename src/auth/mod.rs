//! How senders authenticate deliveries. A [`Scheme`] signs and verifies whole requests and brings everything else that
//! depends on it: why a delivery is rejected, which faults can be simulated, and how a receiver is tested for it.
//!
//! Adding a scheme: one file or folder here, and one line in [`ALL`].

pub mod cases;
pub mod faults;
pub mod hub_signature;
pub mod secret;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use serde::Serialize;

use crate::models::request::Request;
use cases::{AuthCase, FailurePattern, RootCause};
use faults::Fault;
use secret::Secret;

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

/// All schemes, the default first.
pub static ALL: [&SchemeInfo; 1] = [&hub_signature::INFO];

/// Returns the scheme that is used unless another is chosen.
pub fn default_scheme() -> &'static SchemeInfo {
    ALL[0]
}

/// The result of verifying a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Verdict {
    /// Its credentials are valid.
    Valid,
    /// They are not, or there are none.
    Rejected(Rejection),
}

/// Why a delivery is not authentic.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {message}", kind.name())]
#[non_exhaustive]
pub struct Rejection {
    /// In one word.
    pub kind: RejectionKind,
    /// In a sentence, which never holds what would be right.
    pub message: Cow<'static, str>,
}

/// Why a delivery is not authentic, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RejectionKind {
    /// It carries no credentials.
    Unsigned,
    /// What it carries does not have the form of credentials.
    Malformed,
    /// Its credentials are those of something else: another body, another key.
    Mismatch,
    /// They have expired.
    Expired,
    /// They are not valid yet.
    NotYetValid,
    /// They are for somebody else.
    WrongAudience,
}

impl RejectionKind {
    /// The word in results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unsigned => "unsigned",
            Self::Malformed => "malformed",
            Self::Mismatch => "mismatch",
            Self::Expired => "expired",
            Self::NotYetValid => "not-yet-valid",
            Self::WrongAudience => "wrong-audience",
        }
    }
}

impl Rejection {
    /// A rejection with this explanation.
    pub fn new(kind: RejectionKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, message: message.into() }
    }
}

impl Verdict {
    /// A verdict that rejects.
    pub fn rejected(kind: RejectionKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self::Rejected(Rejection::new(kind, message))
    }

    /// The verdict in one word, as results print it.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Rejected(rejection) => rejection.kind.name(),
        }
    }

    /// Are the credentials valid?
    pub const fn is_valid(&self) -> bool {
        matches!(self, Self::Valid)
    }

    /// Why the delivery is rejected.
    pub const fn rejection(&self) -> Option<&Rejection> {
        match self {
            Self::Valid => None,
            Self::Rejected(rejection) => Some(rejection),
        }
    }

    /// The same as a `Result`, for `?`.
    ///
    /// # Errors
    /// When the delivery is rejected.
    pub fn into_result(self) -> Result<(), Rejection> {
        match self {
            Self::Valid => Ok(()),
            Self::Rejected(rejection) => Err(rejection),
        }
    }
}

/// How much time an explanation may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// Everything is tried.
    Thorough,
    /// What takes long on large bodies is left out: 1 MiB takes less than 50 ms.
    Quick,
}

/// Why credentials are not valid, as far as it can be proven.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[must_use]
pub struct Explanation {
    /// What reproduces the credentials that were received; empty when nothing does.
    pub causes: Vec<Cause>,
    /// How many candidates were compared.
    #[serde(skip)]
    pub tried: usize,
    /// What is ruled out when nothing was found.
    #[serde(skip)]
    pub ruled_out: &'static str,
}

/// One way to get credentials wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Cause {
    /// Its stable name: `without-final-newline`.
    #[serde(rename = "cause")]
    pub id: &'static str,
    /// What happened, in one sentence.
    pub message: &'static str,
    /// How to fix it.
    pub help: &'static str,
}
