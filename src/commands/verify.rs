//! `cfwh verify`: is this signature the one of this body?

use anyhow::bail;

use crate::auth::hub_signature::explain::{self, Effort};
use crate::auth::hub_signature::{self, Verdict};
use crate::cli;
use crate::models::request;
use crate::output::Terminal;
use crate::output::results::Verified;

use super::exit::Exit;
use super::input::{self, Form};
use super::secret;

pub(super) fn run(arguments: &cli::signatures::Verify, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let files = input::files(&arguments.files)?;
    input::stdin_at_most_once(files.iter().chain(&arguments.secrets.secret_file))?;
    let secrets = secret::all(&arguments.secrets.secret_file, &arguments.secrets.secret)?;
    if secrets.is_empty() {
        bail!(secret::NONE);
    }
    let given = arguments.signature.as_deref().map(without_name);
    let mut exit = Exit::Yes;
    for input in input::deliveries(files) {
        let input = match input {
            Ok(input) => input,
            Err(error) => {
                terminal.error(&error);
                exit = Exit::Trouble;
                continue;
            }
        };
        let body = input.delivery.body();
        let values: Vec<&[u8]> = match given {
            Some(signature) => vec![signature.as_bytes()],
            None => input.delivery.headers().all(request::SIGNATURE).collect(),
        };
        let verdict = hub_signature::verify_any(&secrets, body, values.iter().copied());
        // Each of several signatures may have its own story; the first is the one that most receivers look at.
        let value = values.first().filter(|_| arguments.explain && !verdict.is_valid());
        let diagnosis = value.map(|value| explain::explain(&secrets, body, value, Effort::Thorough));
        // With several secrets, the first stands for the current one.
        let expected = (arguments.show_expected && !verdict.is_valid()).then(|| secrets[0].sign(body).to_string());
        terminal.verified(&Verified::new(&input.name(), &verdict, expected, diagnosis.as_ref()))?;
        if matches!(verdict, Verdict::Unsigned) && input.form != Form::Capture {
            terminal.say("a body alone has no signature of its own: give it with --signature");
        }
        exit = exit.max(Exit::when(verdict.is_valid()));
    }
    Ok(exit)
}

/// A signature with or without the header's name in front.
fn without_name(text: &str) -> &str {
    match text.split_once(':') {
        Some((name, value)) if name.trim().eq_ignore_ascii_case(request::SIGNATURE) => value.trim(),
        _ => text,
    }
}
