//! `cfwh sign`: prints the signature of bodies. They are streamed, so their size does not matter.

use std::fs::File;
use std::io;
use std::iter;
use std::path::Path;

use anyhow::Context;

use crate::auth::hub_signature::signature::Signature;
use crate::auth::secret::Secret;
use crate::cli;
use crate::output::Terminal;
use crate::output::signatures::SignedInput;

use super::exit::Exit;
use super::input;
use super::input::batches::Input;
use super::input::file_format::{FileFormat, is_stdin};
use super::secret;

pub(super) fn run(arguments: &cli::signatures::Sign, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let stdin = [Path::new("-").to_owned()];
    let files = if arguments.files.is_empty() { stdin.as_slice() } else { arguments.files.as_slice() };
    input::check_stdin(files.iter().chain(&arguments.secret.secret_file), terminal)?;
    let secret = secret::required(&arguments.secret, terminal)?;
    let mut exit = Exit::Yes;
    for path in files {
        let is_named = files.len() > 1 || FileFormat::from_path(path) == FileFormat::Lines;
        let signed = input::for_each(signatures(path, &secret), terminal, |(input, signature), terminal| {
            let (signature, has_header) = (signature.to_string(), arguments.header);
            terminal.print(&SignedInput { input: &input, signature, is_named, has_header })?;
            Ok(Exit::Yes)
        })?;
        exit = exit.max(signed);
    }
    Ok(exit)
}

type Signatures<'a> = Box<dyn Iterator<Item = anyhow::Result<(String, Signature)>> + 'a>;

/// The signatures of the bodies in a file, with an error in the place of each that cannot be read.
fn signatures<'a>(path: &Path, secret: &'a Secret) -> Signatures<'a> {
    // Stdin is one body here, whatever it contains: the same bytes that `openssl dgst` would sign.
    if !is_stdin(path) && FileFormat::from_path(path) != FileFormat::Body {
        let sign = |input: Input| (input.name(), secret.sign(input.request.body()));
        return Box::new(input::read(vec![path.to_owned()]).map(move |input| input.map(sign)));
    }
    let name = path.to_string_lossy().into_owned();
    let signed = stream(path, secret).with_context(|| format!("cannot read {name}"));
    Box::new(iter::once(signed.map(|signature| (name, signature))))
}

fn stream(path: &Path, secret: &Secret) -> io::Result<Signature> {
    let mut body: Box<dyn io::Read> = if is_stdin(path) { Box::new(io::stdin()) } else { Box::new(File::open(path)?) };
    let mut signer = secret.signer();
    io::copy(&mut body, &mut signer)?;
    Ok(signer.finish())
}
