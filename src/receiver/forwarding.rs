//! Decides which deliveries are forwarded to which endpoints, and which response the sender gets.

use std::sync::Arc;
use std::time::SystemTime;

use futures_util::future::join_all;
use http::HeaderMap;

use crate::auth::Scheme;
use crate::client::forward::{Forward, Forwarder};
use crate::models::request::Request;
use crate::models::response::Response;
use crate::profiles::event_pattern::EventPattern;

/// The header that a receiver adds to forwarded deliveries, with its own number. Real senders do not send it.
const HOP: &str = "Cfwh-Hop";

/// The endpoints that deliveries are forwarded to.
pub struct Forwarding {
    /// A random number that identifies this receiver.
    pub hop: u64,
    /// The endpoints, each with the events that it gets; `None` is all events.
    pub routes: Vec<(Option<EventPattern>, Forwarder)>,
    /// Whether deliveries are forwarded that failed authentication, or cannot be verified.
    pub includes_unverified: bool,
    /// The scheme that signs forwarded deliveries again. `None` keeps the credentials of the sender.
    pub signer: Option<Arc<dyn Scheme>>,
}

impl Forwarding {
    /// Returns whether this receiver already forwarded a request with these headers. Then `--forward` leads back to this
    /// receiver, perhaps through others.
    pub(super) fn is_loop(&self, headers: &HeaderMap) -> bool {
        let hop = self.hop.to_string();
        headers.get_all(HOP).iter().any(|value| value == hop.as_str())
    }

    /// Forwards a delivery concurrently to all endpoints with a pattern that matches its event. Returns the first response in
    /// the order of the routes that is not a 2xx, because the sender must know about it, or else the first response. Returns
    /// `None` if no pattern matches.
    pub async fn forward(&self, event: &str, request: &Request) -> Option<(Response, Vec<Forward>)> {
        let matching = self.routes.iter().filter(|(pattern, _)| pattern.as_ref().is_none_or(|p| p.matches(event)));
        let mut request = request.clone();
        request.headers_mut().append(HOP, self.hop.to_string());
        let sign = |request: &mut Request| {
            if let Some(signer) = &self.signer {
                signer.authenticate(request, SystemTime::now());
            }
        };
        let forwarded = join_all(matching.map(|(_, forwarder)| forwarder.forward(event, request.clone(), sign))).await;
        let (forwards, responses): (_, Vec<_>) = forwarded.into_iter().unzip();
        let mut responses = responses.into_iter();
        let first = responses.next()?;
        let response =
            if first.is_success() { responses.find(|other| !other.is_success()).unwrap_or(first) } else { first };
        Some((response, forwards))
    }
}
