//! `cfwh verify`: verifies the signatures and tokens of bodies and captures.

use std::time::SystemTime;

use anyhow::{Context, bail};
use http::Method;

use crate::auth::{Effort, RejectionKind, Scheme, SchemeInfo};
use crate::cli;
use crate::client::url;
use crate::models::request::{Headers, Request};
use crate::output::Terminal;
use crate::output::signatures::VerifiedInput;

use super::authentication::{self, SchemeUse};
use super::exit::Exit;
use super::input::file_format::FileFormat;
use super::input::{self, ReadOptions};
use super::secret;

/// The name of a token from the command line.
const TOKEN: &str = "--authorization";

pub(super) fn run(arguments: &cli::signatures::Verify, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    if authentication::is_off(&arguments.auth) {
        bail!("--auth none has no signature to verify; choose another scheme");
    }
    let info = authentication::info(&arguments.auth);
    authentication::check(&arguments.auth, (&arguments.secrets).into())?;
    refuse_unused(arguments, info)?;
    // A token needs no body.
    let is_token_alone = arguments.authorization.is_some() && arguments.files.is_empty();
    let files = if is_token_alone { Vec::new() } else { input::list_files(&arguments.files)? };
    input::check_stdin(files.iter().chain(&arguments.secrets.secret_file), terminal)?;
    let scheme_use = SchemeUse { url: arguments.url.as_ref(), ..SchemeUse::default() };
    let scheme = authentication::scheme(&arguments.auth, (&arguments.secrets).into(), &scheme_use, terminal)?;
    let scheme = scheme.context(secret::NONE)?;
    let verification = Verification { arguments, scheme: scheme.as_ref(), at: authentication::time(arguments.at) };
    if is_token_alone {
        return verification.verify(TOKEN, Request::post("", Headers::new(), &b""[..]), false, terminal);
    }
    let inputs = input::read(files, ReadOptions::bytes(arguments.limits.max_body));
    input::for_each(inputs, terminal, |input, terminal| {
        let is_body = input.format != FileFormat::Capture;
        verification.verify(&input.name(), input.request, is_body, terminal)
    })
}

struct Verification<'a> {
    arguments: &'a cli::signatures::Verify,
    scheme: &'a dyn Scheme,
    at: SystemTime,
}

impl Verification<'_> {
    fn verify(&self, name: &str, mut request: Request, is_body: bool, terminal: &mut Terminal) -> anyhow::Result<Exit> {
        let Self { arguments, scheme, at } = *self;
        if let Some(url) = &arguments.url {
            request.set_target(url::target(url));
            request = request.with_method(arguments.method.clone().unwrap_or(Method::POST));
        }
        if scheme.info().covers_target && request.target().is_empty() {
            let scheme = scheme.info().name;
            bail!("{name}: a token of --auth {scheme} covers a method and a URL; give --url URL, or a capture");
        }
        if let Some(credentials) = arguments.signature.as_ref().or(arguments.authorization.as_ref()) {
            scheme.attach(&mut request, credentials);
        }
        let verdict = scheme.verify(&request, at);
        let wrong = verdict.rejection();
        let is_unsigned = wrong.is_some_and(|rejection| rejection.kind == RejectionKind::Unsigned);
        let explanation = (arguments.explain && wrong.is_some())
            .then(|| scheme.explain(&request, at, Effort::Thorough))
            .filter(|explanation| explanation.tried > 0 || !is_unsigned);
        // If several secrets are given, the first is the current one.
        let expected = wrong.filter(|_| arguments.show_expected).and_then(|_| scheme.expected(&request, at));
        terminal.print(&VerifiedInput::new(name, &verdict, expected, explanation))?;
        if is_unsigned
            && is_body
            && let Some(option) = scheme.info().copied_with
        {
            terminal.say(&format!("a body file contains no signature; give the signature with --{option}"));
        }
        Ok(Exit::when(verdict.is_valid()))
    }
}

/// Refuses options that apply only to other schemes.
fn refuse_unused(arguments: &cli::signatures::Verify, scheme: &SchemeInfo) -> anyhow::Result<()> {
    let cli::signatures::Verify { signature, authorization, method, url, at, show_expected, .. } = arguments;
    let is_hmac: fn(&SchemeInfo) -> bool = |info| info.copied_with == Some("signature");
    authentication::refuse_unfit(scheme, &[("signature", signature.is_some())], is_hmac)?;
    let has_token: fn(&SchemeInfo) -> bool = |info| info.copied_with == Some("authorization");
    authentication::refuse_unfit(scheme, &[("authorization", authorization.is_some())], has_token)?;
    let target = [("method", method.is_some()), ("url", url.is_some())];
    authentication::refuse_unfit(scheme, &target, |info| info.covers_target)?;
    authentication::refuse_unfit(scheme, &[("at", at.is_some())], |info| info.has_times)?;
    if *show_expected && scheme.header.is_none() {
        bail!("--show-expected would print the {0} itself; leave out --show-expected or --auth {0}", scheme.name);
    }
    Ok(())
}
