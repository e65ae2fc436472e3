//! What counts bodies.

use std::sync::Arc;

use crate::json::{self, Node};
use crate::models::request::Request;
use crate::profiles::identify::last_segment;
use crate::profiles::{ALL, KnownEvent};

use super::event_group::EventGroup;

/// What counts bodies. Each part of the bodies can be counted on its own; parts are merged in any order.
pub trait Observer {
    /// Adds the body that begins on this line (from 1) of a file (`-` for stdin). `expected` is its event, if the caller
    /// knows it.
    fn add(&mut self, file: &Arc<str>, line: usize, request: &Request, expected: Option<KnownEvent>);

    /// Adds what was counted in another part.
    fn merge(&mut self, part: Self);
}

/// Returns whether the body is a JSON object and not a connection test.
fn is_delivery(request: &Request, body: &Node<'_>) -> bool {
    body.members().is_some() && !ALL.iter().any(|profile| profile.is_ping(request.body()))
}

/// Calls `count` with the body of a delivery and its group. Returns false if the request is not a delivery.
pub(super) fn identify(
    request: &Request,
    expected: Option<KnownEvent>,
    count: impl FnOnce(&Node<'_>, EventGroup),
) -> bool {
    let Some(body) = json::parse(request.body()).ok().filter(|body| is_delivery(request, body)) else {
        return false;
    };
    // Some senders wrap their bodies. What is counted is the body.
    let body = ALL.iter().find_map(|profile| profile.wrapped(&body)).unwrap_or(&body);
    let mut keys = ALL.iter().map(|profile| profile.event_key());
    let event = keys.find_map(|key| body.get(key).and_then(Node::as_str));
    let name = event.or_else(|| last_segment(request.target())).unwrap_or_default();
    count(body, EventGroup::identify(body, name, expected));
    true
}
