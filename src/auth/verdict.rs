//! Whether a delivery is authentic.

use std::borrow::Cow;

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
    /// What the sender may have done instead, where that shows.
    pub hint: Option<String>,
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
    /// They are by somebody else.
    WrongIssuer,
    /// They are made with another algorithm than the scheme has.
    WrongAlgorithm,
    /// They are made with a key that nobody knows here.
    UnknownKey,
    /// They are for another method, path or query.
    WrongQsh,
}

impl RejectionKind {
    /// All of them.
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

    /// The word in results.
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
    /// A rejection with this explanation.
    pub fn new(kind: RejectionKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, message: message.into(), hint: None }
    }

    /// What there is to say besides the kind: a mismatch and a missing header need no sentence.
    pub fn detail(&self) -> Option<&str> {
        let speaks_for_itself = matches!(self.kind, RejectionKind::Unsigned | RejectionKind::Mismatch);
        self.hint.as_deref().or_else(|| (!speaks_for_itself).then_some(&*self.message))
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
