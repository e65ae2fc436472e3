//! `cfwh sign`: prints the signatures of bodies. Bodies are streamed, so they may be of any size.

use std::io::{self, Read, Write};
use std::iter;
use std::path::Path;

use anyhow::{Context, bail};
use http::Method;

use crate::auth::SchemeInfo;
use crate::auth::hub_signature::signature::Signature;
use crate::auth::secret::Secret;
use crate::cli;
use crate::cli::limits::MAX_BODY;
use crate::client::url;
use crate::models::request::{Headers, Request};
use crate::output::Terminal;
use crate::output::signatures::SignedInput;

use super::authentication::{self, SchemeUse};
use super::exit::Exit;
use super::input::batches::Input;
use super::input::file_format::{FileFormat, is_stdin};
use super::input::{self, ReadOptions};
use super::secret;

/// The number of bytes that are signed before progress is shown.
const SHORT: u64 = 16 << 20;

pub(super) fn run(arguments: &cli::signatures::Sign, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    authentication::check(&arguments.auth, (&arguments.secret).into())?;
    let info = authentication::info(&arguments.auth);
    let Some(header) = info.header.filter(|_| !authentication::is_off(&arguments.auth)) else {
        let name = if authentication::is_off(&arguments.auth) { "none" } else { info.name };
        bail!("--auth {name} has no signature; choose another scheme");
    };
    refuse_unused(arguments, info)?;
    if info.has_times {
        return sign_token(arguments, header, terminal);
    }
    let stdin = [Path::new("-").to_owned()];
    let files = if arguments.files.is_empty() { stdin.as_slice() } else { arguments.files.as_slice() };
    input::check_stdin(files.iter().chain(&arguments.secret.secret_file), terminal)?;
    let secret = secret::required(&arguments.secret, terminal)?;
    let mut exit = Exit::Yes;
    for path in files {
        let is_named = files.len() > 1 || FileFormat::from_path(path) == FileFormat::Lines;
        let signatures = signatures(path, &secret, arguments.max_body, terminal);
        let signed = input::for_each(signatures, terminal, |(input, signature), terminal| {
            let (signature, has_header) = (signature.to_string(), arguments.header);
            terminal.print(&SignedInput { input: &input, signature, header, is_named, has_header })?;
            Ok(Exit::Yes)
        })?;
        exit = exit.max(signed);
    }
    Ok(exit)
}

/// Refuses options that apply only to other schemes.
fn refuse_unused(arguments: &cli::signatures::Sign, info: &SchemeInfo) -> anyhow::Result<()> {
    let cli::signatures::Sign { files, header, method, url, at, expires_in, max_body, .. } = arguments;
    authentication::refuse_unfit(info, &[("method", method.is_some()), ("url", url.is_some())], |info| {
        info.covers_target
    })?;
    let times = [("at", at.is_some()), ("expires-in", expires_in.is_some())];
    authentication::refuse_unfit(info, &times, |info| info.has_times)?;
    if !info.has_times {
        return Ok(());
    }
    if let Some(file) = files.first() {
        bail!("the token of --auth {} does not cover a body; leave out {}", info.name, file.display());
    }
    if *header || max_body.is_some() {
        let option = if *header { "header" } else { "max-body" };
        bail!("--{option} applies only to signatures of bodies; leave it out with --auth {}", info.name);
    }
    if info.covers_target && url.is_none() {
        bail!("--auth {} signs a method and a URL; give --url URL", info.name);
    }
    Ok(())
}

/// Prints the header with a token.
fn sign_token(
    arguments: &cli::signatures::Sign,
    header: &'static str,
    terminal: &mut Terminal,
) -> anyhow::Result<Exit> {
    let cli::signatures::Sign { secret, auth, method, url, at, expires_in, .. } = arguments;
    input::check_stdin(&secret.secret_file, terminal)?;
    let scheme_use = SchemeUse { signs: true, url: url.as_ref(), lifetime: *expires_in };
    let scheme = authentication::scheme(auth, secret.into(), &scheme_use, terminal)?.context(secret::NONE)?;
    let method = method.clone().unwrap_or(Method::POST);
    let target = url.as_ref().map(url::target).unwrap_or_default();
    let input = url.as_ref().map_or_else(
        || format!("--auth {}", scheme.info().name),
        |url| format!("{method} {}", url::without_credentials(url)),
    );
    let request = Request::new(method, target, Headers::new(), &b""[..]);
    let signature = scheme.expected(&request, authentication::time(*at)).context("no key is given to sign with")?;
    terminal.print(&SignedInput { input: &input, signature, header, is_named: false, has_header: true })?;
    Ok(Exit::Yes)
}

type Signatures<'a> = Box<dyn Iterator<Item = anyhow::Result<(String, Signature)>> + 'a>;

/// Returns the signatures of the bodies in a file, with an error for each unreadable body.
fn signatures<'a>(path: &Path, secret: &'a Secret, max_body: Option<usize>, terminal: &Terminal) -> Signatures<'a> {
    // Stdin is always one body here: the same bytes that `openssl dgst` would sign.
    if !is_stdin(path) && FileFormat::from_path(path) != FileFormat::Body {
        let sign = |input: Input| (input.name(), secret.sign(input.request.body()));
        let options = ReadOptions::bytes(max_body.unwrap_or(MAX_BODY));
        return Box::new(input::read(vec![path.to_owned()], options).map(move |input| input.map(sign)));
    }
    let name = path.to_string_lossy().into_owned();
    Box::new(iter::once(stream(path, secret, max_body, terminal).map(|signature| (name, signature))))
}

fn stream(path: &Path, secret: &Secret, max_body: Option<usize>, terminal: &Terminal) -> anyhow::Result<Signature> {
    let mut signer = secret.signer();
    let length =
        copy(path, max_body, &mut signer, terminal).with_context(|| input::cannot_read(&path.to_string_lossy()))?;
    if length == 0 && is_stdin(path) {
        return Err(input::no_input(&[path.to_owned()]));
    }
    Ok(signer.finish())
}

/// Copies a body of any size, and returns its length. Shows progress for long bodies.
fn copy(path: &Path, max_body: Option<usize>, to: &mut impl Write, terminal: &Terminal) -> io::Result<u64> {
    let mut body = input::open(path)?.take(max_body.map_or(u64::MAX, |limit| limit as u64 + 1));
    let mut length = io::copy(&mut body.by_ref().take(SHORT), to)?;
    if length == SHORT {
        let progress = terminal.byte_progress(length);
        length += io::copy(&mut progress.reading(body), to)?;
        progress.end();
    }
    match max_body {
        Some(limit) if length > limit as u64 => Err(input::too_large(limit)),
        _ => Ok(length),
    }
}
