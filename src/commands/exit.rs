//! The exit codes of all commands.

use std::process::ExitCode;

/// An exit code: 0, 1 or 2, as in `grep` and `diff`. If there are several, the highest wins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// 0: done, or passed.
    #[default]
    Yes,
    /// 1: a check failed.
    No,
    /// 2: no result, because of usage, unreadable input or no response.
    Trouble,
    /// The exit code of a failed command that `cfwh` ran.
    Passed(u8),
}

impl Exit {
    /// `Yes` if the check passed, else `No`.
    pub const fn when(passed: bool) -> Self {
        if passed { Self::Yes } else { Self::No }
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
    fn the_highest_code_counts() {
        assert_eq!([Exit::No, Exit::Yes, Exit::Trouble].into_iter().max(), Some(Exit::Trouble));
        assert_eq!([Exit::No, Exit::Yes].into_iter().max(), Some(Exit::No));
        assert_eq!([Exit::Passed(7), Exit::No].into_iter().max(), Some(Exit::Passed(7)));
    }
}
