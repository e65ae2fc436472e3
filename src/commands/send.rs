//! `cfwh send`: events, files and captures become deliveries, and go to an endpoint one after another.

use std::borrow::Cow;
use std::path::PathBuf;

use anyhow::{Context, bail};
use bytes::Bytes;

use crate::cli::{self, Kinds};
use crate::generator::Identifiers;
use crate::generator::body::Layout;
use crate::models::delivery::{self, Delivery};
use crate::models::event::{EventKind, UnknownEvent, identify};
use crate::signature::Secret;
use crate::terminal::Terminal;
use crate::terminal::results::Sent;
use crate::transport::sender::{self, Endpoint, SendError};

use super::exit::Exit;
use super::input::{self, Form};
use super::{making, secret};

/// What in a URL stands for the event's name.
const EVENT_SLOT: &str = "{event}";

pub(super) fn run(arguments: &cli::Send, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    input::stdin_at_most_once(arguments.sources.iter().chain(&arguments.secret.secret_file))?;
    let sources = sources(&arguments.sources)?;
    let secret = secret::one(&arguments.secret)?;
    if arguments.resign && secret.is_none() {
        bail!("--resign needs a secret: {}", secret::NONE);
    }
    let url = sender::parse_url(&arguments.to.replace(EVENT_SLOT, "event"))?;
    let endpoint = if arguments.dry_run { None } else { Some(Endpoint::new(url, arguments.timeout)?) };
    let seed = arguments.making.seed.unwrap_or_else(rand::random);
    let mut outbox = Outbox { arguments, secret, endpoint, identifiers: Identifiers::new(seed), exit: Exit::Yes };
    for source in sources {
        match source {
            Source::Events(kinds) => {
                let recipe = making::recipe(&kinds, &arguments.making, Layout::Pretty)?;
                let mut generator = making::generator(&arguments.making, terminal);
                for made in recipe.bodies(&mut generator) {
                    let (kind, body) = made?;
                    let delivery = outbox.address(body);
                    outbox.dispatch(kind.name(), &delivery, Some(kind), terminal)?;
                }
            }
            Source::Files(files) => outbox.dispatch_files(files, terminal)?,
        }
    }
    Ok(outbox.exit)
}

/// Where bodies come from.
enum Source {
    Events(Vec<EventKind>),
    Files(Vec<PathBuf>),
}

/// What the words stand for: an event's name is an event, whatever files there are (`./page_created` is the file).
fn sources(words: &[PathBuf]) -> anyhow::Result<Vec<Source>> {
    words
        .iter()
        .map(|word| {
            if let Some(kinds) = word.to_str().and_then(Kinds::named) {
                return Ok(Source::Events(kinds.0));
            }
            if !input::is_stdin(word) && !word.exists() {
                let name = word.to_string_lossy();
                let UnknownEvent { nearest, .. } = match name.parse::<EventKind>() {
                    Err(unknown) => unknown,
                    Ok(kind) => return Ok(Source::Events(vec![kind])),
                };
                let meant = nearest.map(|kind| format!("; did you mean `{kind}`?")).unwrap_or_default();
                bail!("`{name}` is neither an event nor a file that is there{meant}");
            }
            Ok(Source::Files(input::files(std::slice::from_ref(word))?))
        })
        .collect()
}

/// Sends deliveries and keeps the worst that came of it.
struct Outbox<'a> {
    arguments: &'a cli::Send,
    secret: Option<Secret>,
    /// `None` on a dry run.
    endpoint: Option<Endpoint>,
    identifiers: Identifiers,
    exit: Exit,
}

impl Outbox<'_> {
    fn dispatch_files(&mut self, files: Vec<PathBuf>, terminal: &mut Terminal) -> anyhow::Result<()> {
        for input in input::deliveries(files) {
            let input = match input {
                Ok(input) => input,
                Err(error) => {
                    terminal.error(&error);
                    self.exit = Exit::Trouble;
                    continue;
                }
            };
            for _ in 0..self.arguments.making.count {
                let delivery = match input.form {
                    Form::Capture => self.replay(input.delivery.clone()),
                    Form::Body | Form::Lines => self.address(input.delivery.shared_body()),
                };
                let kind = self.arguments.event.or_else(|| identify(input.delivery.target(), input.delivery.body()));
                self.dispatch(&input.name(), &delivery, kind, terminal)?;
            }
        }
        Ok(())
    }

    fn address(&mut self, body: impl Into<Bytes>) -> Delivery {
        let mut delivery = making::address(body, self.identifiers.draw(), self.secret.as_ref());
        self.add_headers(&mut delivery);
        delivery
    }

    /// A capture goes as it was kept.
    fn replay(&self, mut delivery: Delivery) -> Delivery {
        if let Some(secret) = self.secret.as_ref().filter(|_| self.arguments.resign) {
            let signature = secret.sign(delivery.body()).to_string();
            delivery.headers_mut().set(delivery::SIGNATURE, signature);
        }
        self.add_headers(&mut delivery);
        delivery
    }

    fn add_headers(&self, delivery: &mut Delivery) {
        for (name, value) in &self.arguments.headers {
            delivery.headers_mut().set(name, value.as_str());
        }
    }

    fn dispatch(
        &mut self,
        source: &str,
        delivery: &Delivery,
        kind: Option<EventKind>,
        terminal: &mut Terminal,
    ) -> anyhow::Result<()> {
        let to: Cow<'_, str> = match kind {
            _ if !self.arguments.to.contains(EVENT_SLOT) => Cow::Borrowed(&self.arguments.to),
            Some(kind) => self.arguments.to.replace(EVENT_SLOT, kind.name()).into(),
            None => {
                let error = anyhow::anyhow!("nothing says which event {source} is about: name it with --event");
                terminal.error(&error.context("the URL has {event} in it"));
                self.exit = Exit::Trouble;
                return Ok(());
            }
        };
        let url = sender::parse_url(&to)?;
        let request = || sender::request(&url, delivery);
        let Some(endpoint) = &self.endpoint else {
            return terminal.bytes(&request()).context("cannot print the request");
        };
        if terminal.is_verbose() {
            let request = request();
            let head = &request[..request.len() - delivery.body().len()];
            terminal.explain(String::from_utf8_lossy(head).trim_end());
        }
        let result = endpoint.deliver(&url, delivery);
        let exit = match &result {
            Ok(reply) => Exit::when(reply.is_success()),
            Err(_) => Exit::Trouble,
        };
        self.exit = self.exit.max(exit);
        if let Err(error @ SendError::Header(_)) = result {
            return Err(error.into());
        }
        let reply = result.as_ref().ok();
        terminal.sent(&Sent {
            event: kind.map(EventKind::name),
            source,
            url: sender::without_credentials(&url).as_str(),
            status: reply.map(|reply| reply.status),
            ms: reply.map(|reply| reply.elapsed.as_secs_f64() * 1000.0),
            attempts: 1,
            error: result.as_ref().err().map(ToString::to_string),
            reply: reply.filter(|reply| !reply.is_success()).map(|reply| reply.body.as_slice()),
        })?;
        Ok(())
    }
}
