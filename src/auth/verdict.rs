//! The result of verification.

use std::borrow::Cow;

/// The result of verifying a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Verdict {
    /// The credentials are valid.
    Valid,
    /// The credentials are missing or not valid.
    Rejected(Rejection),
}

/// Why verification failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {message}", kind.name())]
#[non_exhaustive]
pub struct Rejection {
    /// The reason in one word.
    pub kind: RejectionKind,
    /// The reason in one sentence. It never contains the expected credentials.
    pub message: Cow<'static, str>,
    /// What the sender may have done instead, if the request shows it.
    pub hint: Option<String>,
}

/// Why verification failed, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RejectionKind {
    /// The credentials are missing.
    Unsigned,
    /// The credentials have the wrong form.
    Malformed,
    /// The credentials belong to a different body or key.
    Mismatch,
    /// The credentials have expired.
    Expired,
    /// The credentials are not valid yet.
    NotYetValid,
    /// The credentials are for a different receiver.
    WrongAudience,
    /// The credentials are from a different issuer.
    WrongIssuer,
    /// The credentials use an algorithm that the scheme does not allow.
    WrongAlgorithm,
    /// The credentials name an unknown key.
    UnknownKey,
    /// The credentials are for a different method, path or query.
    WrongQsh,
}

impl RejectionKind {
    /// All kinds.
    pub const ALL: [Self; 10] = [
        Self::Unsigned,
        Self::Malformed,
        Self::Mismatch,
        Self::Expired,
        Self::NotYetValid,
        Self::WrongAudience,
        Self::WrongIssuer,
        Self::WrongAlgorithm,
        Self::UnknownKey,
        Self::WrongQsh,
    ];

    /// Returns the word for results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unsigned => "unsigned",
            Self::Malformed => "malformed",
            Self::Mismatch => "mismatch",
            Self::Expired => "expired",
            Self::NotYetValid => "not-yet-valid",
            Self::WrongAudience => "wrong-audience",
            Self::WrongIssuer => "wrong-issuer",
            Self::WrongAlgorithm => "wrong-algorithm",
            Self::UnknownKey => "unknown-key",
            Self::WrongQsh => "wrong-qsh",
        }
    }
}

impl Rejection {
    /// Creates a rejection.
    pub fn new(kind: RejectionKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, message: message.into(), hint: None }
    }

    /// Returns the message. Returns `None` for a mismatch and a missing header, where the kind says it all.
    pub fn detail(&self) -> Option<&str> {
        let speaks_for_itself = matches!(self.kind, RejectionKind::Unsigned | RejectionKind::Mismatch);
        self.hint.as_deref().or_else(|| (!speaks_for_itself).then_some(&*self.message))
    }
}

impl Verdict {
    /// Creates a verdict that rejects a delivery.
    pub fn rejected(kind: RejectionKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self::Rejected(Rejection::new(kind, message))
    }

    /// Returns the verdict in one word, for results.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Rejected(rejection) => rejection.kind.name(),
        }
    }

    /// Returns whether the credentials are valid.
    pub const fn is_valid(&self) -> bool {
        matches!(self, Self::Valid)
    }

    /// Returns why the delivery is rejected.
    pub const fn rejection(&self) -> Option<&Rejection> {
        match self {
            Self::Valid => None,
            Self::Rejected(rejection) => Some(rejection),
        }
    }

    /// Returns the verdict as a `Result`, for `?`.
    ///
    /// # Errors
    ///
    /// Returns the rejection if the delivery is rejected.
    pub fn into_result(self) -> Result<(), Rejection> {
        match self {
            Self::Valid => Ok(()),
            Self::Rejected(rejection) => Err(rejection),
        }
    }
}
