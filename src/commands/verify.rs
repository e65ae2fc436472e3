//! `cfwh verify`: checks the signatures of bodies and captures.

use std::time::SystemTime;

use anyhow::bail;

use crate::auth::{Effort, RejectionKind, SchemeInfo};
use crate::cli;
use crate::output::Terminal;
use crate::output::signatures::VerifiedInput;

use super::authentication;
use super::exit::Exit;
use super::input::file_format::FileFormat;
use super::input::{self, ReadOptions};
use super::secret;

pub(super) fn run(arguments: &cli::signatures::Verify, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let files = input::list_files(&arguments.files)?;
    input::check_stdin(files.iter().chain(&arguments.secrets.secret_file), terminal)?;
    if authentication::is_off(&arguments.auth) {
        bail!("--auth none leaves nothing to verify");
    }
    let Some(scheme) = authentication::scheme(&arguments.auth, (&arguments.secrets).into(), terminal)? else {
        bail!(secret::NONE)
    };
    refuse_unused(arguments, scheme.info())?;
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
            .then(|| scheme.explain(&input.request, now, Effort::Thorough))
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

/// Refuses the options that fit other schemes only.
fn refuse_unused(arguments: &cli::signatures::Verify, scheme: &SchemeInfo) -> anyhow::Result<()> {
    if arguments.signature.is_some() && scheme.copied_with != Some("signature") {
        bail!("--signature is for --auth hmac: leave it out, or --auth {}", scheme.name);
    }
    if arguments.show_expected && scheme.header.is_none() {
        bail!("--show-expected would print the {0} itself: leave it out, or --auth {0}", scheme.name);
    }
    Ok(())
}
