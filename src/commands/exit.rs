//! The answers of every command.

use std::process::ExitCode;

/// 0, 1 or 2, as `grep` and `diff` have them. The worst of several is the greatest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// It is so, or it is done.
    #[default]
    Yes,
    /// It is not so: a signature, a payload, an endpoint failed the check.
    No,
    /// It could not be found out: usage, unreadable input, no answer.
    Trouble,
    /// A command that was run for the user failed; this is its own exit code.
    Passed(u8),
}

impl Exit {
    /// `Yes` when it is so.
    #[must_use]
    pub const fn when(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Yes => 0,
            Exit::No => 1,
            Exit::Trouble => 2,
            Exit::Passed(code) => code,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Exit;

    #[test]
    fn the_worst_wins() {
        assert_eq!([Exit::No, Exit::Yes, Exit::Trouble].into_iter().max(), Some(Exit::Trouble));
        assert_eq!([Exit::No, Exit::Yes].into_iter().max(), Some(Exit::No));
        assert_eq!([Exit::Passed(7), Exit::No].into_iter().max(), Some(Exit::Passed(7)));
    }
}
