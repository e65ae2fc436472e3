//! `cfwh verify`: checks the signatures of bodies and captures.

use std::time::SystemTime;

use anyhow::bail;

use crate::auth::{Effort, RejectionKind};
use crate::cli;
use crate::output::Terminal;
use crate::output::signatures::VerifiedInput;

use super::exit::Exit;
use super::input::file_format::FileFormat;
use super::input::{self, ReadOptions};
use super::secret;

pub(super) fn run(arguments: &cli::signatures::Verify, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let files = input::list_files(&arguments.files)?;
    input::check_stdin(files.iter().chain(&arguments.secrets.secret_file), terminal)?;
    if secret::is_off(arguments.auth) {
        bail!("--auth none leaves nothing to verify");
    }
    let secrets = &arguments.secrets;
    let Some(scheme) = secret::scheme(arguments.auth, &secrets.secret_file, &secrets.secret, terminal)? else {
        bail!(secret::NONE)
    };
    let now = SystemTime::now();
    let inputs = input::read(files, ReadOptions::bytes(arguments.limits.max_body));
    input::for_each(inputs, terminal, |mut input, terminal| {
        if let Some(credentials) = &arguments.signature {
            scheme.attach(&mut input.request, credentials);
        }
        let verdict = scheme.verify(&input.request, now);
        let wrong = verdict.rejection();
        let is_unsigned = wrong.is_some_and(|rejection| rejection.kind == RejectionKind::Unsigned);
        let explanation = (arguments.explain && wrong.is_some())
            .then(|| scheme.explain(&input.request, Effort::Thorough))
            .filter(|explanation| explanation.tried > 0 || !is_unsigned);
        // Of several secrets, the first is the current one.
        let expected = wrong.filter(|_| arguments.show_expected).and_then(|_| scheme.expected(&input.request, now));
        terminal.print(&VerifiedInput::new(&input.name(), &verdict, expected, explanation))?;
        if is_unsigned && input.format != FileFormat::Capture {
            terminal.say("a body alone carries no signature: give it with --signature");
        }
        Ok(Exit::when(verdict.is_valid()))
    })
}
