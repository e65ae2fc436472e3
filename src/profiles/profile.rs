//! What there is to know about a sender.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;

use crate::json::{self, Node};
use crate::models::breaker::BreakerRule;
use crate::models::event::{Action, Catalogue, Entity, EventKind};
use crate::models::request::{Headers, Request};
use crate::models::retry::Retry;
use crate::models::snapshot::{BodyChoice, Snapshot};

/// A sender of deliveries: its events, its bodies and what to expect of them.
#[derive(Debug)]
pub struct Profile {
    /// The name on the command line: `spec`, `cloud`.
    pub name: &'static str,
    /// The sender in a sentence: `Confluence Cloud`.
    pub sender: &'static str,
    /// The AsyncAPI document of the sender, in YAML.
    pub yaml: &'static str,
    /// The same document in JSON, which takes 0.1 ms to read instead of 1.7.
    pub json: &'static str,
    /// The events that it sends.
    pub events: Catalogue,
    /// The forms of its bodies. Of those that fit an event, the first is meant.
    pub bodies: &'static [BodyType],
    /// Where a delivery names its event.
    pub event_in: EventIn,
    /// The member that may hold the whole body: some senders wrap it.
    pub envelope: Option<&'static str>,
    /// The authentication scheme that it uses unless another is chosen: `hmac`.
    pub scheme: &'static str,
    /// Does it authenticate deliveries if it has the keys? Confluence Cloud does not, although a gateway in front of the
    /// receiver may.
    pub signs: bool,
    /// Adds the headers of a delivery besides those for authentication.
    pub write_headers: fn(&DeliveryContext<'_>, &mut Headers),
    /// How long it waits for a response; `None` if that is unknown.
    pub timeout: Option<Duration>,
    /// How it retries.
    pub retries: Retries,
    /// When it stops sending to a receiver that fails, if it does.
    pub breaker: Option<&'static BreakerRule>,
    /// How an administrator can test the connection, if that sends a request.
    pub ping: Option<&'static Ping>,
    /// The authentication scheme of the apps that it tells about their installation, if it does.
    pub callbacks: Option<&'static str>,
    /// Says in a delivery that it is sent again, in place of what an earlier retry said. The delivery is authenticated
    /// afterwards.
    pub write_retry: fn(&Profile, Retry, &mut Request),
    /// Is every declared property expected, or only those that the document requires?
    pub expects_all_declared: bool,
    /// Does validation under the other profiles recognise its bodies, and name it in one finding?
    pub is_recognised_by_others: bool,
    /// What a user may choose about its bodies, because sites differ.
    pub choices: &'static [BodyChoice],
    /// Writes the body of an event on one line, at the end of the bytes.
    pub write_body: fn(&Snapshot<'_>, &mut Vec<u8>),
    /// Bodies for probes.
    pub examples: &'static Examples,
}

/// The form of the bodies about some events.
#[derive(Debug)]
pub struct BodyType {
    /// The name of its schema in the document: `PageEvent`.
    pub schema: &'static str,
    /// What the events are about.
    pub entity: Entity,
    /// What they do to it; empty for everything that no earlier form is for.
    pub actions: &'static [Action],
    /// The key of the payload: `blogPost` in the published document, `blog` in deliveries of Confluence Cloud. Empty if
    /// there is none.
    pub key: &'static str,
}

/// What the headers of a delivery depend on.
#[derive(Clone, Copy, Debug)]
pub struct DeliveryContext<'a> {
    /// The name of the event, if it is known.
    pub event: Option<&'a str>,
    /// A UUID of the delivery.
    pub identifier: &'a str,
}

/// How a sender retries a delivery that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retries {
    /// How often, at most.
    pub count: u32,
    /// How long it waits before each.
    pub delay: Duration,
}

/// The test of a connection: a request that is no delivery. It carries no event and no credentials.
#[derive(Debug)]
pub struct Ping {
    /// Its whole body.
    pub body: &'static [u8],
    /// Is this such a body, however it is laid out?
    pub is_body: fn(&Node<'_>) -> bool,
    /// Adds its headers.
    pub write_headers: fn(&mut Headers),
}

impl Ping {
    /// Returns the request, without authentication.
    pub fn request(&self, target: impl Into<String>) -> Request {
        let mut headers = Headers::new();
        (self.write_headers)(&mut headers);
        Request::post(target, headers, self.body)
    }
}

/// Bodies about one page, as the sender writes them and in other forms that a receiver must read too.
#[derive(Debug)]
pub struct Examples {
    /// The same body in five forms, each with a name.
    pub spellings: [(&'static str, &'static str); 5],
    /// Writes a body up to its payload, of an event and a time in milliseconds since the Unix epoch.
    pub head: fn(&str, i64) -> String,
    /// Writes a page of this id, title and version.
    pub page: fn(i64, &str, u32) -> String,
}

/// Where a delivery names its event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventIn {
    /// In its body, under this key: `event`.
    Body(&'static str),
    /// In the URL that was registered for the event.
    Url,
}

impl BodyType {
    /// Returns the form of the bodies about an entity, whatever happens to it.
    pub const fn new(schema: &'static str, entity: Entity, key: &'static str) -> Self {
        Self { schema, entity, actions: &[], key }
    }

    /// Returns the same form for these actions only.
    pub const fn only(self, actions: &'static [Action]) -> Self {
        Self { actions, ..self }
    }

    /// Returns the first of these forms that fits an event.
    pub fn of(forms: &'static [Self], kind: EventKind) -> Option<&'static Self> {
        forms.iter().find(|form| form.fits(kind))
    }

    fn fits(&self, kind: EventKind) -> bool {
        self.entity == kind.entity() && (self.actions.is_empty() || self.actions.contains(&kind.action()))
    }
}

impl Retries {
    /// It sends once.
    pub const NONE: Self = Self { count: 0, delay: Duration::ZERO };
}

impl Profile {
    /// Returns the index in [`Profile::bodies`] of the form of the bodies about an event, or `None` if the profile does not
    /// have the event.
    pub fn body_index(&self, kind: EventKind) -> Option<usize> {
        self.bodies.iter().position(|body| body.fits(kind))
    }

    /// Returns the form of the bodies about an event.
    pub fn body(&self, kind: EventKind) -> Option<&'static BodyType> {
        BodyType::of(self.bodies, kind)
    }

    /// Returns the key of the payload in a body about an event: `blogPost` in the published document, `blog` in deliveries
    /// of Confluence Cloud.
    pub fn key(&self, kind: EventKind) -> &'static str {
        self.body(kind).map_or("", |body| body.key)
    }

    /// Returns the key of the member that names the event, or would if the sender did not leave it to the URL.
    pub const fn event_key(&self) -> &'static str {
        match self.event_in {
            EventIn::Body(key) => key,
            EventIn::Url => "event",
        }
    }

    /// Is this the body of the test of a connection?
    pub fn is_ping(&self, body: &[u8]) -> bool {
        // The body of a delivery is longer, and is read once.
        const MAX_PING: usize = 64;
        let Some(ping) = self.ping.filter(|_| body.len() <= MAX_PING) else { return false };
        json::parse(body).is_ok_and(|body| (ping.is_body)(&body))
    }

    /// Returns this sender's event that another sender's event is by its name, or by its name in the published document.
    pub fn counterpart(&self, kind: EventKind) -> Option<EventKind> {
        let by_alias = || kind.row().alias.and_then(|alias| self.events.find(alias));
        self.events.find(kind.name()).or_else(by_alias)
    }

    /// Returns what its document is called in a sentence.
    pub fn document_name(&self) -> String {
        if self.is_default() { self.sender.to_owned() } else { format!("the document of {}", self.sender) }
    }

    /// Returns the request that delivers a body, without authentication. `event` is the name, if it is known.
    pub fn delivery(
        &self,
        target: &str,
        event: Option<&str>,
        body: impl Into<Bytes>,
        identifier: impl fmt::Display,
    ) -> Request {
        let mut headers = Headers::new();
        (self.write_headers)(&DeliveryContext { event, identifier: &identifier.to_string() }, &mut headers);
        Request::post(target, headers, body)
    }

    /// Does a delivery name its event in the URL alone?
    pub fn names_event_in_url(&self) -> bool {
        self.event_in == EventIn::Url
    }
}

/// Profiles of the same name are equal.
impl PartialEq for Profile {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Profile {}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name)
    }
}
