//! The exit codes of all commands.

use std::process::ExitCode;

/// An exit code: 0, 1 or 2, as `grep` and `diff` have them. Of several, the highest counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// 0: yes, or done.
    #[default]
    Yes,
    /// 1: no, a check failed.
    No,
    /// 2: it is not known: usage, unreadable input, no response.
    Trouble,
    /// The exit code of a command that failed, which `cfwh` ran.
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
