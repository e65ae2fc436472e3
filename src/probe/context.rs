//! What cases are made of: deliveries of one small world, signed.

use std::sync::Mutex;

use crate::auth::faults::Fault;
use crate::auth::hub_signature::Secret;
use crate::client::request_variant::RequestVariant;
use crate::client::url_template::UrlTemplate;
use crate::generator::body::{Layout, Recipe};
use crate::generator::{Generator, Identifiers};
use crate::models::event::EventKind;
use crate::models::request::{self, Headers, Request};
use crate::profiles::Profile;

use super::{CaseRequest, ExpectedResponse, bodies};

/// The same world for every receiver and every run, so that verdicts are the same too.
const SEED: u64 = 19;
/// 2026-01-15T09:30:00Z
const NOW: i64 = 1_768_469_400_000;

/// Makes deliveries.
#[derive(Debug)]
pub struct CaseContext {
    address: UrlTemplate,
    profile: &'static Profile,
    secret: Option<Secret>,
    page_created: EventKind,
    source: Mutex<(Generator, Identifiers)>,
}

impl CaseContext {
    pub(super) fn new(address: UrlTemplate, profile: &'static Profile, secret: Option<Secret>) -> Self {
        // Identifiers are new in every run: a receiver that knows the last run's must not take these for duplicates.
        let source = (Generator::new(SEED, NOW, profile), Identifiers::new(rand::random()));
        let page_created = profile.events.find(bodies::EVENT).expect("every profile has the event of the plain case");
        Self { address, profile, secret, page_created, source: Mutex::new(source) }
    }

    pub(super) const fn profile(&self) -> &'static Profile {
        self.profile
    }

    /// Does the URL of a delivery name its event?
    pub(super) fn names_events(&self) -> bool {
        self.address.names_events()
    }

    pub(super) const fn secret(&self) -> Option<&Secret> {
        self.secret.as_ref()
    }

    /// A body about an event, on one line, in ASCII: other characters have cases of their own.
    pub(super) fn body(&self, kind: EventKind) -> Vec<u8> {
        let recipe = Recipe { kinds: Vec::new(), count: 1, edits: Vec::new(), layout: Layout::Compact };
        let mut source = self.source.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        loop {
            // Most titles are English, so this ends.
            let body = recipe.body(&mut source.0, kind).expect("nothing is edited");
            if body.is_ascii() {
                return body;
            }
        }
    }

    /// A body as a delivery: with its media type, its signature where there is a secret, its identifier.
    pub(super) fn delivery(&self, body: impl Into<bytes::Bytes>) -> Request {
        let body = body.into();
        let mut headers = Headers::new();
        headers.append(request::CONTENT_TYPE, request::JSON);
        if let Some(secret) = &self.secret {
            headers.append(request::SIGNATURE, secret.sign(&body).to_string());
        }
        let identifier = self.source.lock().unwrap_or_else(std::sync::PoisonError::into_inner).1.draw();
        headers.append(request::IDENTIFIER, identifier.to_string());
        Request::new("", headers, body)
    }

    /// A body about an event, rightly signed.
    pub(super) fn about(
        &self,
        event: &str,
        body: impl Into<bytes::Bytes>,
        expectation: ExpectedResponse,
    ) -> CaseRequest {
        let (url, delivery) = (self.address.of(event), self.delivery(body));
        CaseRequest { label: event.to_owned(), url, delivery, variant: RequestVariant::Plain, expectation }
    }

    /// The creation of a page, rightly signed.
    pub(super) fn signed(
        &self,
        label: &str,
        body: impl Into<bytes::Bytes>,
        expectation: ExpectedResponse,
    ) -> CaseRequest {
        CaseRequest { label: label.to_owned(), ..self.about(bodies::EVENT, body, expectation) }
    }

    /// A page was created, and all is right with it.
    pub(super) fn plain(&self) -> CaseRequest {
        self.signed("page_created", self.body(self.page_created), ExpectedResponse::Accepted)
    }

    /// All is right in another variant.
    pub(super) fn in_manner(&self, variant: RequestVariant, expectation: ExpectedResponse) -> CaseRequest {
        CaseRequest { variant, expectation, ..self.plain() }
    }

    /// One thing is wrong.
    pub(super) fn faulty(&self, fault: Fault, expectation: ExpectedResponse) -> CaseRequest {
        let right = self.plain();
        CaseRequest {
            delivery: fault.apply(right.delivery, self.secret()),
            expectation,
            label: fault.name().to_owned(),
            ..right
        }
    }
}
