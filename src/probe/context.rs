//! Builds the requests of cases: authenticated deliveries about a small site.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use bytes::Bytes;
use http::Method;

use crate::auth::cases::{AuthRequest, Role};
use crate::auth::{Fault, Scheme, default_scheme, faults};
use crate::client::request_variant::RequestVariant;
use crate::client::url::{self, Url, UrlTemplate};
use crate::generator::{Generator, Identifiers};
use crate::models::event::EventKind;
use crate::models::request::Request;
use crate::models::response::Response;
use crate::models::retry::{FailureKind, Retry};
use crate::profiles::Profile;

use super::bodies;
use super::case_request::{CaseRequest, ExpectedResponse};

/// Every run sends events of the same site, so that the verdicts are the same.
const SEED: u64 = 19;
/// 2026-01-15T09:30:00Z
const NOW: i64 = 1_768_469_400_000;

/// Builds the requests of cases.
#[derive(Debug)]
pub(super) struct CaseContext {
    url: UrlTemplate,
    profile: &'static Profile,
    scheme: Option<Arc<dyn Scheme>>,
    page_created: EventKind,
    source: Mutex<(Generator, Identifiers)>,
}

impl CaseContext {
    pub(super) fn new(url: UrlTemplate, profile: &'static Profile, scheme: Option<Arc<dyn Scheme>>) -> Self {
        // Identifiers are new in every run: a receiver must not take the deliveries for duplicates of the last run.
        let source = (Generator::new(SEED, NOW, profile), Identifiers::new(rand::random()));
        let page_created = profile.events.find(bodies::EVENT).expect("every profile has the event of the plain case");
        Self { url, profile, scheme, page_created, source: Mutex::new(source) }
    }

    pub(super) const fn profile(&self) -> &'static Profile {
        self.profile
    }

    /// Returns true if the URL of a delivery contains its event.
    pub(super) fn names_events(&self) -> bool {
        self.url.has_placeholder()
    }

    pub(super) fn scheme(&self) -> Option<&dyn Scheme> {
        self.scheme.as_deref()
    }

    /// Returns a response without the token in the URL of its request.
    pub(super) fn shown_response(&self, request: &CaseRequest, response: Response) -> Response {
        let target = request.delivery.target();
        let shown = self.scheme().map_or(Cow::Borrowed(target), |scheme| scheme.shown_target(target));
        response.redacted(target, &shown)
    }

    fn source(&self) -> MutexGuard<'_, (Generator, Identifiers)> {
        self.source.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns an ASCII body about an event. Other cases are about other characters.
    pub(super) fn body(&self, kind: EventKind) -> Vec<u8> {
        let mut source = self.source();
        loop {
            // This loop ends: most titles are in English.
            let body = source.0.body(kind);
            if body.is_ascii() {
                return body;
            }
        }
    }

    /// Returns a delivery with this body, the headers of its sender, and credentials if there is a key.
    fn request(&self, url: &Url, event: &str, body: Bytes) -> Request {
        let identifier = self.source().1.next_uuid();
        let mut request = self.profile.delivery(&url::target(url), Some(event), body, identifier);
        if let Some(scheme) = &self.scheme {
            scheme.authenticate(&mut request, SystemTime::now());
        }
        request
    }

    /// Returns a valid delivery of this body.
    pub(super) fn about(&self, event: &str, body: impl Into<Bytes>, expected: ExpectedResponse) -> CaseRequest {
        let url = self.url.url_for(event);
        let delivery = self.request(&url, event, body.into());
        CaseRequest { label: event.to_owned(), url, delivery, variant: RequestVariant::Plain, expected }.readdressed()
    }

    /// Returns the event of most cases: a page was created.
    pub(super) const fn kind(&self) -> EventKind {
        self.page_created
    }

    /// Returns a valid delivery about page 77. `event` is the name of the published document.
    pub(super) fn page_77(&self, event: &'static str, timestamp: i64, version: u32) -> CaseRequest {
        let name = self.profile.events.find(event).map_or(event, EventKind::name);
        self.about(name, bodies::page_77(self.profile, name, timestamp, version), ExpectedResponse::Accepted)
    }

    /// Returns a valid delivery of this body about the creation of a page.
    pub(super) fn signed(&self, label: &str, body: impl Into<Bytes>, expected: ExpectedResponse) -> CaseRequest {
        CaseRequest { label: label.to_owned(), ..self.about(self.page_created.name(), body, expected) }
    }

    /// Returns a valid delivery: a page was created.
    pub(super) fn valid(&self) -> CaseRequest {
        self.signed(self.page_created.name(), self.body(self.page_created), ExpectedResponse::Accepted)
    }

    /// Returns a valid delivery that is a retry after a timeout.
    pub(super) fn retried(&self) -> CaseRequest {
        self.again(&self.valid())
    }

    /// Returns the same delivery as the sender repeats it after a timeout.
    pub(super) fn again(&self, request: &CaseRequest) -> CaseRequest {
        let mut request = request.clone();
        let retry = Retry { number: 1, failure: FailureKind::Timeout };
        (self.profile.write_retry)(self.profile, retry, &mut request.delivery);
        if let Some(scheme) = &self.scheme {
            scheme.authenticate(&mut request.delivery, SystemTime::now());
        }
        request.readdressed()
    }

    /// Returns a valid delivery that is signed with the second key of the key set.
    pub(super) fn with_second_key(&self) -> CaseRequest {
        let mut request = self.valid();
        if let Some(scheme) = &self.scheme {
            scheme.authenticate_with_second_key(&mut request.delivery, SystemTime::now());
        }
        request
    }

    /// Returns the connection test, if the sender has one. Only credentials in the URL authenticate it.
    pub(super) fn ping(&self) -> Option<CaseRequest> {
        let ping = self.profile.ping?;
        let url = self.url.url_for(self.page_created.name());
        let mut delivery = ping.request(url::target(&url));
        if let Some(scheme) = self.scheme.as_ref().filter(|scheme| scheme.info().header.is_none()) {
            scheme.authenticate(&mut delivery, SystemTime::now());
        }
        let (label, expected) = ("ping".to_owned(), ExpectedResponse::Accepted);
        Some(CaseRequest { label, url, delivery, variant: RequestVariant::Plain, expected }.readdressed())
    }

    /// Returns the same delivery to another URL, with valid credentials for it.
    pub(super) fn sent_to(&self, url: Url, request: CaseRequest) -> CaseRequest {
        let mut delivery = request.delivery;
        delivery.set_target(url::target(&url));
        if let Some(scheme) = &self.scheme {
            scheme.authenticate(&mut delivery, SystemTime::now());
        }
        CaseRequest { url, delivery, ..request }.readdressed()
    }

    /// Returns a delivery with another method, which must be refused.
    pub(super) fn with_method(&self, method: Method) -> CaseRequest {
        let right = self.valid();
        let body = if method == Method::GET { Bytes::new() } else { right.delivery.shared_body() };
        let delivery = right.delivery.with_body(body).with_method(method);
        CaseRequest { delivery, expected: ExpectedResponse::Refused, ..right }
    }

    /// Returns a valid delivery that is sent in another way.
    pub(super) fn variant(&self, variant: RequestVariant, expected: ExpectedResponse) -> CaseRequest {
        CaseRequest { variant, expected, ..self.valid() }
    }

    /// Returns a delivery with this fault.
    pub(super) fn faulty(&self, fault: &'static Fault, expected: ExpectedResponse) -> CaseRequest {
        let right = self.valid();
        let unsigned = default_scheme().without_credentials();
        let scheme = self.scheme().unwrap_or(unsigned.as_ref());
        let delivery = faults::inject(fault, right.delivery, scheme);
        CaseRequest { delivery, expected, label: fault.name.to_owned(), ..right }.readdressed()
    }

    /// Returns a delivery that a receiver refuses if it verifies credentials.
    pub(super) fn forged(&self, expected: ExpectedResponse) -> CaseRequest {
        let mut cases = self.scheme().into_iter().flat_map(|scheme| scheme.info().cases);
        let fault = cases.find_map(|case| match case.request {
            AuthRequest::Fault(fault) if case.info.role == Role::Forged => Some(fault),
            _ => None,
        });
        fault.map_or_else(|| CaseRequest { expected, ..self.valid() }, |fault| self.faulty(fault, expected))
    }
}
