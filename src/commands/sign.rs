//! `cfwh sign`: bytes in, signature out. A body is streamed, so its size does not matter.

use std::fs::File;
use std::io;
use std::path::Path;

use anyhow::Context;

use crate::cli;
use crate::signature::{Secret, Signature};
use crate::terminal::Terminal;
use crate::terminal::results::Signed;

use super::exit::Exit;
use super::input::{self, Form};
use super::secret;

pub(super) fn run(arguments: &cli::signatures::Sign, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let stdin = [Path::new("-").to_owned()];
    let files = if arguments.files.is_empty() { stdin.as_slice() } else { arguments.files.as_slice() };
    input::stdin_at_most_once(files.iter().chain(&arguments.secret.secret_file))?;
    let secret = secret::required(&arguments.secret)?;
    let mut exit = Exit::Yes;
    for path in files {
        let named = files.len() > 1;
        let mut show = |name: &str, signature: Signature, named: bool| {
            let signature = signature.to_string();
            terminal.signed(&Signed { input: name, signature, named, header: arguments.header })
        };
        // Stdin is one body here, whatever it holds: these are the bytes that `openssl dgst` would sign.
        let signed = if input::is_stdin(path) {
            stream(io::stdin().lock(), &secret).map(|signature| show("-", signature, named))
        } else if Form::of(path) == Form::Body {
            File::open(path)
                .and_then(|file| stream(file, &secret))
                .map(|signature| show(&path.to_string_lossy(), signature, named))
        } else {
            for input in input::deliveries(vec![path.clone()]) {
                let input = input?;
                show(&input.name(), secret.sign(input.delivery.body()), named || input.form == Form::Lines)?;
            }
            continue;
        };
        match signed.with_context(|| format!("cannot read {}", path.display())) {
            Ok(shown) => shown?,
            Err(error) => {
                terminal.error(&error);
                exit = Exit::Trouble;
            }
        }
    }
    Ok(exit)
}

fn stream(mut body: impl io::Read, secret: &Secret) -> io::Result<Signature> {
    let mut signer = secret.signer();
    io::copy(&mut body, &mut signer)?;
    Ok(signer.finish())
}
