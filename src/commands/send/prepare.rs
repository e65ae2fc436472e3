//! Builds the request of an item: its URL, headers, signature and faults.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::SystemTime;

use anyhow::{Context, bail};

use crate::auth::{self, Fault, RejectionKind, Scheme, SchemeInfo, faults};
use crate::cli;
use crate::cli::values::RetryCount;
use crate::client::load::{PreparedRequest, RequestDraft};
use crate::client::url::{self, EVENT_PLACEHOLDER, Url, UrlTemplate};
use crate::commands::authentication::{self, SchemeUse};
use crate::commands::generation;
use crate::commands::secret;
use crate::models::request::{self, Request};
use crate::models::retry::Retry;
use crate::output::Terminal;
use crate::profiles::KnownEvent;

use super::item::{Item, ItemContent};

/// Builds requests.
pub(super) struct RequestBuilder<'a> {
    /// The URL of each event. The empty name has the URL for bodies without an event, unless the URL needs the event.
    urls: HashMap<&'static str, Arc<Url>>,
    /// A URL on the host that all requests go to.
    host: Arc<Url>,
    arguments: &'a cli::send::Send,
    scheme: Option<Arc<dyn Scheme>>,
    faults: Vec<&'static Fault>,
    /// The scheme for faults: the chosen scheme, or one without a key.
    fault_scheme: Arc<dyn Scheme>,
}

impl<'a> RequestBuilder<'a> {
    pub(super) fn new(
        arguments: &'a cli::send::Send,
        faults: Vec<&'static Fault>,
        terminal: &mut Terminal,
    ) -> anyhow::Result<Self> {
        let template = UrlTemplate::parse(&arguments.to)?;
        let scheme_use = SchemeUse::signing_for(template.url());
        let scheme = authentication::scheme(&arguments.auth, (&arguments.secret).into(), &scheme_use, terminal)?;
        if arguments.resign && scheme.is_none() {
            bail!("--resign needs a secret: {}", secret::NONE);
        }
        if let Some(fault) = faults.iter().find(|fault| fault.needs_secret && scheme.is_none()) {
            bail!("--fault {} needs a secret: {}", fault.name, secret::NONE);
        }
        if let Some((name, _)) = arguments.headers.iter().find(|(name, _)| request::is_hop_by_hop(name)) {
            bail!("-H cannot set `{name}`, which belongs to the connection");
        }
        authentication::name_built_in_key(&arguments.auth, terminal);
        let header = scheme.as_ref().and_then(|scheme| scheme.info().header);
        if header.is_some_and(url::replaces_credentials) && url::authorization(template.url()).is_some() {
            bail!("the user and password of the URL use the same header as the token; leave them out");
        }
        // Credentials of the URL are added when a request is sent, unless -H sets others.
        let has_credentials = arguments.headers.iter().any(|(name, _)| url::replaces_credentials(name));
        let url_for = |event: &str| {
            let url = template.url_for(event);
            Arc::new(if has_credentials { url::without_credentials(&url) } else { url })
        };
        let host = url_for("event");
        let events = KnownEvent::all().map(|event| (event.name(), url_for(event.name())));
        let callbacks = authentication::info(&arguments.auth).callbacks.iter().map(|name| (*name, url_for(name)));
        let without_event = (!template.has_placeholder()).then(|| ("", Arc::clone(&host)));
        Ok(Self {
            urls: events.chain(callbacks).chain(without_event).collect(),
            host,
            fault_scheme: scheme.clone().unwrap_or_else(|| authentication::info(&arguments.auth).without_credentials()),
            arguments,
            scheme,
            faults,
        })
    }

    /// A URL on the host that all requests go to.
    pub(super) fn host(&self) -> &Url {
        &self.host
    }

    /// Returns whether bodies are signed.
    pub(super) fn signs(&self) -> bool {
        self.scheme.is_some()
    }

    /// Returns whether bodies are signed with the sender's default scheme, which does not sign connection tests.
    pub(super) fn leaves_pings_unsigned(&self) -> bool {
        let own = self.arguments.events.profile.scheme;
        self.scheme.as_deref().is_some_and(|scheme| scheme.info().name == own)
    }

    /// Returns the options for building requests.
    pub(super) const fn arguments(&self) -> &'a cli::send::Send {
        self.arguments
    }

    /// Returns the number of requests for one item.
    pub(super) fn copies(&self) -> usize {
        self.faults.iter().map(|fault| fault.copies).product()
    }

    /// Returns the body of a callback about an installation.
    ///
    /// # Errors
    /// Returns an error if the secret cannot be written as text.
    pub(super) fn callback_body(&self, name: &str) -> anyhow::Result<Vec<u8>> {
        let body = self.scheme.as_ref().and_then(|scheme| scheme.callback_body(name));
        body.with_context(|| format!("the body of `{name}` contains the secret as text; give a secret in UTF-8"))
    }

    /// Builds the request of an item.
    ///
    /// # Errors
    /// Returns an error if the URL needs the event, and the item does not name one.
    pub(super) fn build(&self, item: Item) -> anyhow::Result<PreparedRequest> {
        let is_ping = matches!(item.content, ItemContent::Ping(_));
        if is_ping && !self.urls.contains_key("") {
            bail!("a ping has no event; leave {EVENT_PLACEHOLDER} out of the URL");
        }
        let url = self.urls.get(item.event.unwrap_or_default()).cloned().with_context(|| {
            let problem = "the URL contains {event}, but the event is unknown for";
            format!("{problem} {}; give it with --event", item.source)
        })?;
        let target = url::target(&url);
        let draft = match item.content {
            ItemContent::Body(body, identifier) => {
                let profile = self.arguments.events.profile;
                let body = self.arguments.envelope.map_or(body.clone(), |key| profile.wrap(key, &body).into());
                let request = generation::request(profile, item.event, &target, body, identifier, None);
                RequestDraft { request, is_signed: true }
            }
            ItemContent::Capture(mut capture) => {
                // A capture goes to this URL, not to its original target.
                capture.set_target(target.as_str());
                if item.is_edited {
                    self.check_editable(&capture, &item.source)?;
                }
                self.check_scheme(&capture, &item.source)?;
                self.replay(capture)
            }
            ItemContent::Ping(ping) => {
                // A scheme other than the sender's default belongs to the URL, so it also applies to a ping.
                let is_signed = !self.leaves_pings_unsigned();
                RequestDraft { request: ping.request(target.as_str()), is_signed }
            }
        };
        let is_retried = self.arguments.retries != RetryCount::UpTo(0);
        let kept = is_retried.then(|| draft.clone());
        let request = self.complete(draft);
        let shown_url = Arc::clone(&url);
        let url = if request.target() == target { url } else { Arc::new(url::with_target(&url, request.target())) };
        Ok(PreparedRequest { url, shown_url, request, source: item.source, event: item.event, is_ping, draft: kept })
    }

    /// Returns the request of a retry, marked as a retry like the sender does it, with new credentials.
    pub(super) fn retry(&self, prepared: &PreparedRequest, retry: Retry) -> Request {
        let Some(mut draft) = prepared.draft.clone() else { return prepared.request.clone() };
        let profile = self.arguments.events.profile;
        (profile.write_retry)(profile, retry, &mut draft.request);
        self.complete(draft)
    }

    /// Adds credentials, faults and the headers of the command line.
    fn complete(&self, RequestDraft { mut request, is_signed }: RequestDraft) -> Request {
        if let Some(scheme) = self.scheme.as_deref().filter(|_| is_signed) {
            scheme.authenticate(&mut request, SystemTime::now());
        }
        for fault in &self.faults {
            request = faults::inject(fault, request, self.fault_scheme.as_ref());
        }
        for (name, value) in &self.arguments.headers {
            request.headers_mut().set(name, value.as_str());
        }
        request
    }

    /// Returns the request for a capture.
    fn replay(&self, mut capture: Request) -> RequestDraft {
        if !self.arguments.keep_credentials {
            for name in url::FOREIGN_CREDENTIALS {
                capture.headers_mut().remove(name);
            }
        }
        RequestDraft { request: capture, is_signed: self.arguments.resign }
    }

    /// Checks that a capture is signed again with its original scheme, unless `--auth` is given.
    ///
    /// # Errors
    /// Returns an error if it has credentials of another scheme, and `--auth` is not given.
    fn check_scheme(&self, capture: &Request, source: &str) -> anyhow::Result<()> {
        if !self.arguments.resign || self.arguments.given.has("auth") {
            return Ok(());
        }
        let Some(scheme) = self.scheme.as_deref() else { return Ok(()) };
        let carries = |info: &&&SchemeInfo| {
            let verdict = info.without_credentials().verify(capture, SystemTime::now());
            let kind = verdict.rejection().map(|rejection| rejection.kind);
            !matches!(kind, Some(RejectionKind::Unsigned | RejectionKind::Malformed))
        };
        let schemes: Vec<_> = auth::ALL.iter().filter(carries).map(|info| info.name).collect();
        let own = scheme.info().name;
        match schemes.first() {
            Some(other) if !schemes.contains(&own) => {
                bail!("{source} has credentials of --auth {other}; add --auth {other}, or --auth {own} to replace them")
            }
            _ => Ok(()),
        }
    }

    /// Checks that an edited capture is signed again, because its original credentials do not match the new body.
    ///
    /// # Errors
    /// Returns an error if the capture is signed, and is not signed again.
    pub(super) fn check_editable(&self, capture: &Request, source: &str) -> anyhow::Result<()> {
        if !self.arguments.resign && is_signed(capture, &self.arguments.auth) {
            bail!("an edit would invalidate the signature of {source}; sign it again with --resign and a secret");
        }
        Ok(())
    }
}

/// Returns whether a delivery has credentials of this scheme, valid or not.
fn is_signed(delivery: &Request, auth: &cli::Auth) -> bool {
    let chosen = authentication::info(auth).name;
    auth::ALL.iter().any(|scheme| {
        let verdict = scheme.without_credentials().verify(delivery, SystemTime::now());
        verdict.rejection().is_none_or(|rejection| match rejection.kind {
            RejectionKind::Unsigned => false,
            // A header with other credentials, for example the user and password of a proxy.
            RejectionKind::Malformed => scheme.name == chosen,
            _ => true,
        })
    })
}
