//! What cases are made of: deliveries of one small world, signed.

use std::sync::Mutex;

use crate::faults::Fault;
use crate::generator::body::{Layout, Recipe};
use crate::generator::{Generator, Identifiers};
use crate::models::delivery::{self, Delivery, Headers};
use crate::models::event::EventKind;
use crate::models::profile::Profile;
use crate::signature::Secret;
use crate::transport::address::Address;
use crate::transport::manners::Manner;

use super::{Expectation, Shot, bodies};

/// The same world for every receiver and every run, so that verdicts are the same too.
const SEED: u64 = 19;
/// 2026-01-15T09:30:00Z
const NOW: i64 = 1_768_469_400_000;

/// Makes deliveries.
#[derive(Debug)]
pub struct Kit {
    address: Address,
    profile: Profile,
    secret: Option<Secret>,
    source: Mutex<(Generator, Identifiers)>,
}

impl Kit {
    pub(super) fn new(address: Address, profile: Profile, secret: Option<Secret>) -> Self {
        // Identifiers are new in every run: a receiver that knows the last run's must not take these for duplicates.
        let source = (Generator::new(SEED, NOW, profile), Identifiers::new(rand::random()));
        Self { address, profile, secret, source: Mutex::new(source) }
    }

    pub(super) const fn profile(&self) -> Profile {
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
    pub(super) fn delivery(&self, body: impl Into<bytes::Bytes>) -> Delivery {
        let body = body.into();
        let mut headers = Headers::new();
        headers.append(delivery::CONTENT_TYPE, delivery::JSON);
        if let Some(secret) = &self.secret {
            headers.append(delivery::SIGNATURE, secret.sign(&body).to_string());
        }
        let identifier = self.source.lock().unwrap_or_else(std::sync::PoisonError::into_inner).1.draw();
        headers.append(delivery::IDENTIFIER, identifier.to_string());
        Delivery::new("", headers, body)
    }

    /// A body about an event, rightly signed.
    pub(super) fn about(&self, event: &str, body: impl Into<bytes::Bytes>, expectation: Expectation) -> Shot {
        let (url, delivery) = (self.address.of(event), self.delivery(body));
        Shot { label: event.to_owned(), url, delivery, manner: Manner::Plain, expectation }
    }

    /// The creation of a page, rightly signed.
    pub(super) fn signed(&self, label: &str, body: impl Into<bytes::Bytes>, expectation: Expectation) -> Shot {
        Shot { label: label.to_owned(), ..self.about(bodies::EVENT, body, expectation) }
    }

    /// A page was created, and all is right with it.
    pub(super) fn plain(&self) -> Shot {
        self.signed("page_created", self.body(EventKind::PageCreated), Expectation::Accepted)
    }

    /// All is right in another manner.
    pub(super) fn in_manner(&self, manner: Manner, expectation: Expectation) -> Shot {
        Shot { manner, expectation, ..self.plain() }
    }

    /// One thing is wrong.
    pub(super) fn faulty(&self, fault: Fault, expectation: Expectation) -> Shot {
        let right = self.plain();
        Shot {
            delivery: fault.apply(right.delivery, self.secret()),
            expectation,
            label: fault.name().to_owned(),
            ..right
        }
    }
}
