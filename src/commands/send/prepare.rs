//! From an item to what goes over the wire: the URL, the headers, the signature, and what is wrong on purpose.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::SystemTime;

use anyhow::{Context, bail};

use crate::auth::faults::{self, Fault};
use crate::auth::{ALL, Scheme};
use crate::cli;
use crate::client::load::Parcel;
use crate::client::url::{self, Url};
use crate::client::url_template::UrlTemplate;
use crate::commands::generation;
use crate::commands::secret;
use crate::models::event::EventKind;
use crate::models::request;

use super::sources::{Content, Item};

/// What is remembered of a parcel on its way.
#[derive(Debug)]
pub(super) struct Tag {
    pub(super) source: Arc<str>,
    pub(super) kind: Option<EventKind>,
}

/// Makes parcels.
pub(super) struct Packer<'a> {
    /// The URL of each kind, in the order of the table; the same one where there is no slot.
    urls: HashMap<&'static str, Arc<Url>>,
    /// A URL on the host that everything goes to.
    host: Arc<Url>,
    /// Where deliveries go whose event nothing tells; `None` where the URL needs it.
    without_event: Option<Arc<Url>>,
    scheme: Option<Arc<dyn Scheme>>,
    resign: bool,
    /// `Authorization`, where the URL has a user and a password in it.
    authorization: Option<String>,
    headers: &'a [(String, String)],
    faults: Vec<&'static Fault>,
}

impl<'a> Packer<'a> {
    pub(super) fn new(arguments: &'a cli::send::Send, faults: Vec<&'static Fault>) -> anyhow::Result<Self> {
        let scheme = secret::scheme(secret::one(&arguments.secret)?);
        if arguments.resign && scheme.is_none() {
            bail!("--resign needs a secret: {}", secret::NONE);
        }
        if let Some(fault) = faults.iter().find(|fault| fault.needs_secret && scheme.is_none()) {
            bail!("--fault {} needs a secret: {}", fault.name, secret::NONE);
        }
        if let Some((name, _)) = arguments.headers.iter().find(|(name, _)| request::belongs_to_connection(name)) {
            bail!("-H cannot set `{name}`: it belongs to the connection, and is written for it");
        }
        let address = UrlTemplate::parse(&arguments.to)?;
        let url = |kind: EventKind| (kind.name(), Arc::new(url::without_credentials(&address.of(kind.name()))));
        let urls: HashMap<_, _> = arguments.events.profile.events.all().map(url).collect();
        let host = Arc::new(url::without_credentials(&address.of("event")));
        Ok(Self {
            without_event: (!address.names_events()).then(|| Arc::clone(&host)),
            authorization: url::authorization(&address.of("event")),
            urls,
            host,
            scheme,
            resign: arguments.resign,
            headers: &arguments.headers,
            faults,
        })
    }

    /// A URL on the host that everything goes to.
    pub(super) fn host(&self) -> &Url {
        &self.host
    }

    /// How many deliveries become of one item.
    pub(super) fn copies(&self) -> usize {
        self.faults.iter().map(|fault| fault.copies).product()
    }

    /// # Errors
    /// When the URL needs the event's name and nothing tells it.
    pub(super) fn pack(&self, item: Item) -> anyhow::Result<Parcel<Tag>> {
        let url = match item.kind {
            Some(kind) => self.urls.get(kind.name()),
            None => self.without_event.as_ref(),
        };
        let url =
            url.with_context(|| format!("nothing says which event {} is about: name it with --event", item.source));
        let url = Arc::clone(url.context("the URL has {event} in it")?);
        let mut delivery = match item.content {
            Content::Body(body, identifier) => generation::request(body, identifier, self.scheme.as_deref()),
            Content::Capture(mut kept) => {
                if let Some(scheme) = self.scheme.as_deref().filter(|_| self.resign) {
                    scheme.authenticate(&mut kept, SystemTime::now());
                }
                kept
            }
        };
        let unsigned;
        let scheme = match self.scheme.as_deref() {
            Some(scheme) => scheme,
            None => {
                unsigned = (ALL[0].with_secrets)(Vec::new());
                unsigned.as_ref()
            }
        };
        for fault in &self.faults {
            delivery = faults::inject(fault, delivery, scheme);
        }
        if let Some(authorization) = &self.authorization {
            delivery.headers_mut().set("Authorization", authorization.as_str());
        }
        for (name, value) in self.headers {
            delivery.headers_mut().set(name, value.as_str());
        }
        Ok(Parcel { url, delivery, tag: Tag { source: item.source, kind: item.kind } })
    }
}
