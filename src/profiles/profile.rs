//! The description of a sender.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;

use crate::json::{self, Node};
use crate::models::breaker::BreakerRule;
use crate::models::event::{Action, Catalogue, Entity, EventKind};
use crate::models::request::{Headers, Request};
use crate::models::retry::Retry;
use crate::models::snapshot::{BodyChoice, Snapshot};

/// A sender of deliveries: its events, bodies, headers and delivery rules.
#[derive(Debug)]
pub struct Profile {
    /// The name on the command line: `spec`, `cloud`.
    pub name: &'static str,
    /// The name of the sender, for messages: `Confluence Cloud`.
    pub sender: &'static str,
    /// The AsyncAPI document of the sender, in YAML.
    pub yaml: &'static str,
    /// The same document in JSON, which takes 0.1 ms to read instead of 1.7 ms.
    pub json: &'static str,
    /// The events of the sender.
    pub events: Catalogue,
    /// The types of bodies. The first one that fits an event applies.
    pub bodies: &'static [BodyType],
    /// Where a delivery names its event.
    pub event_in: EventIn,
    /// The member of the envelope that contains the body, if the sender uses one.
    pub envelope: Option<&'static str>,
    /// The default authentication scheme: `hmac`.
    pub scheme: &'static str,
    /// Whether the sender authenticates deliveries if it has the keys. Confluence Cloud does not, but a gateway before the receiver
    /// may.
    pub signs: bool,
    /// Adds the headers of a delivery, except those for authentication.
    pub write_headers: fn(&DeliveryContext<'_>, &mut Headers),
    /// The time limit for a response. `None` if unknown.
    pub timeout: Option<Duration>,
    /// The retries of the sender.
    pub retries: Retries,
    /// The circuit breaker of the sender, if it has one.
    pub breaker: Option<&'static BreakerRule>,
    /// The request of a connection test, if the sender has one.
    pub ping: Option<&'static Ping>,
    /// The authentication scheme of lifecycle callbacks, if the sender makes them.
    pub callbacks: Option<&'static str>,
    /// Marks a delivery as a retry, and replaces the mark of an earlier retry. The caller authenticates the delivery after that.
    pub write_retry: fn(&Profile, Retry, &mut Request),
    /// Whether every declared property is expected, or only the required ones.
    pub expects_all_declared: bool,
    /// Whether validation under other profiles recognizes its bodies.
    pub is_recognised_by_others: bool,
    /// The body options that a user may set.
    pub choices: &'static [BodyChoice],
    /// Appends the body of an event, on one line.
    pub write_body: fn(&Snapshot<'_>, &mut Vec<u8>),
    /// Example bodies for probes.
    pub examples: &'static Examples,
}

/// A type of body.
#[derive(Debug)]
pub struct BodyType {
    /// The name of the schema in the document: `PageEvent`.
    pub schema: &'static str,
    /// The entity of the events.
    pub entity: Entity,
    /// The actions of the events. Empty for all actions that no earlier type has.
    pub actions: &'static [Action],
    /// The key of the payload: `blogPost` in the published document, `blog` in deliveries of Confluence Cloud. Empty if the body has
    /// none.
    pub key: &'static str,
}

/// The data for the headers of a delivery.
#[derive(Clone, Copy, Debug)]
pub struct DeliveryContext<'a> {
    /// The event name, if known.
    pub event: Option<&'a str>,
    /// The UUID of the delivery.
    pub identifier: &'a str,
}

/// How a sender retries failed deliveries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retries {
    /// The maximum number of retries.
    pub count: u32,
    /// The delay before each retry.
    pub delay: Duration,
}

/// A connection test: a request without an event and without credentials.
#[derive(Debug)]
pub struct Ping {
    /// The body.
    pub body: &'static [u8],
    /// Returns whether a body is this test, with any white space.
    pub is_body: fn(&Node<'_>) -> bool,
    /// Adds the headers.
    pub write_headers: fn(&mut Headers),
}

impl Ping {
    /// Returns the request without credentials.
    pub fn request(&self, target: impl Into<String>) -> Request {
        let mut headers = Headers::new();
        (self.write_headers)(&mut headers);
        Request::post(target, headers, self.body)
    }
}

/// Example bodies about one page, in all forms that a receiver must be able to read.
#[derive(Debug)]
pub struct Examples {
    /// The same body in five spellings, each with a name.
    pub spellings: [(&'static str, &'static str); 5],
    /// Returns the start of a body up to its payload, for an event and a time in milliseconds since the Unix epoch.
    pub head: fn(&str, i64) -> String,
    /// Returns a page with this id, title and version.
    pub page: fn(i64, &str, u32) -> String,
}

/// Where a delivery names its event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventIn {
    /// In the body, under this key: `event`.
    Body(&'static str),
    /// In the URL that is registered for the event.
    Url,
}

impl BodyType {
    /// Creates a type for all actions of an entity.
    pub const fn new(schema: &'static str, entity: Entity, key: &'static str) -> Self {
        Self { schema, entity, actions: &[], key }
    }

    /// Restricts the type to these actions.
    pub const fn only(self, actions: &'static [Action]) -> Self {
        Self { actions, ..self }
    }

    /// Returns the first type that fits an event.
    pub fn of(forms: &'static [Self], kind: EventKind) -> Option<&'static Self> {
        forms.iter().find(|form| form.fits(kind))
    }

    fn fits(&self, kind: EventKind) -> bool {
        self.entity == kind.entity() && (self.actions.is_empty() || self.actions.contains(&kind.action()))
    }
}

impl Retries {
    /// No retries.
    pub const NONE: Self = Self { count: 0, delay: Duration::ZERO };
}

impl Profile {
    /// Returns the index in [`Profile::bodies`] of the type for an event, or `None` if the profile does not have the event.
    pub fn body_index(&self, kind: EventKind) -> Option<usize> {
        self.bodies.iter().position(|body| body.fits(kind))
    }

    /// Returns the type of bodies for an event.
    pub fn body(&self, kind: EventKind) -> Option<&'static BodyType> {
        BodyType::of(self.bodies, kind)
    }

    /// Returns the key of the payload for an event: `blogPost` in the published document, `blog` in deliveries of Confluence Cloud.
    pub fn key(&self, kind: EventKind) -> &'static str {
        self.body(kind).map_or("", |body| body.key)
    }

    /// Returns the key of the member with the event, or `event` if the URL names the event.
    pub const fn event_key(&self) -> &'static str {
        match self.event_in {
            EventIn::Body(key) => key,
            EventIn::Url => "event",
        }
    }

    /// Returns whether a body is the connection test.
    pub fn is_ping(&self, body: &[u8]) -> bool {
        // Bodies of deliveries are longer. Skip them, because a body is parsed only once.
        const MAX_PING: usize = 64;
        let Some(ping) = self.ping.filter(|_| body.len() <= MAX_PING) else { return false };
        json::parse(body).is_ok_and(|body| (ping.is_body)(&body))
    }

    /// Returns the event of this sender that corresponds to an event of another sender, by name or alias.
    pub fn counterpart(&self, kind: EventKind) -> Option<EventKind> {
        let by_alias = || kind.row().alias.and_then(|alias| self.events.find(alias));
        self.events.find(kind.name()).or_else(by_alias)
    }

    /// Returns the name of the document, for messages.
    pub fn document_name(&self) -> String {
        if self.is_default() { self.sender.to_owned() } else { format!("the document of {}", self.sender) }
    }

    /// Returns the request that delivers a body, without credentials. `event` is the event name, if known.
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

    /// Returns whether only the URL names the event.
    pub fn names_event_in_url(&self) -> bool {
        self.event_in == EventIn::Url
    }
}

/// Profiles with the same name are equal.
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
