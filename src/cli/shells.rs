//! Completion in shells. Shells call the program for candidates, so all of them offer the same.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;

use clap::Command;
use clap_complete::Shell;
use clap_complete::env::{Bash, CompleteEnv, Elvish, EnvCompleter, Fish, Powershell, Shells, Zsh};

/// The variable that a completion script sets to the name of its shell.
const VARIABLE: &str = "CFWH_COMPLETE";

const SHELLS: Shells<'static> = Shells(&[&SplitWords, &Elvish, &Fish, &Powershell, &Zsh]);

/// Prints candidates and exits, if a completion script called the program.
pub fn complete_for_shell(command: fn() -> Command) {
    CompleteEnv::with_factory(command).var(VARIABLE).shells(SHELLS).complete();
}

/// Returns the completion script of a shell.
///
/// # Errors
/// Never: the script is written to memory.
pub fn script(shell: Shell) -> io::Result<Vec<u8>> {
    let mut script = Vec::new();
    if let Some(completer) = SHELLS.completer(&shell.to_string()) {
        completer.write_registration(VARIABLE, "cfwh", "cfwh", "cfwh", &mut script)?;
    }
    if shell == Shell::Zsh {
        // When zsh loads the file for the first completion, it takes the file for the function.
        script.extend(b"\nif [[ $funcstack[1] == _cfwh ]]; then\n    _clap_dynamic_completer_cfwh \"$@\"\nfi\n");
    }
    Ok(script)
}

/// Completion for Bash, which splits `--profile=cloud` into three words.
#[derive(Debug)]
struct SplitWords;

impl EnvCompleter for SplitWords {
    fn name(&self) -> &'static str {
        Bash.name()
    }

    fn is(&self, name: &str) -> bool {
        Bash.is(name)
    }

    fn write_registration(
        &self,
        variable: &str,
        name: &str,
        program: &str,
        completer: &str,
        script: &mut dyn Write,
    ) -> io::Result<()> {
        Bash.write_registration(variable, name, program, completer, script)
    }

    fn write_complete(
        &self,
        command: &mut Command,
        words: Vec<OsString>,
        folder: Option<&Path>,
        output: &mut dyn Write,
    ) -> io::Result<()> {
        let variable = |name| std::env::var(name).unwrap_or_default();
        let cursor: usize = variable("_CLAP_COMPLETE_INDEX").parse().unwrap_or_default();
        let is_separator =
            |index: usize| index > 0 && words[index] == "=" && words[index - 1].to_string_lossy().starts_with("--");
        // Without the `=`, the option and its value are two words.
        let words_left: Vec<usize> =
            (0..words.len()).filter(|&index| index == cursor || !is_separator(index)).collect();
        let cursor = words_left.iter().position(|&index| index == cursor).unwrap_or(words_left.len());
        let words = words_left.into_iter().map(|index| words[index].clone()).collect();
        let candidates = clap_complete::engine::complete(command, words, cursor, folder)?;
        let values: Vec<_> = candidates.iter().map(|candidate| candidate.get_value().to_string_lossy()).collect();
        output.write_all(values.join(&variable("_CLAP_IFS")).as_bytes())
    }
}
