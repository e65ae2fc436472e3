//! Which deliveries are forwarded to which endpoints, and which response goes back to the sender.

use std::time::Duration;

use futures_util::future::join_all;

use crate::cli;
use crate::client::error::SendError;
use crate::client::forward::{Forwarded, Forwarder};
use crate::models::request::Request;
use crate::models::response::Response;
use crate::output::record::Forwarded as Row;
use crate::profiles::event_pattern::EventPattern;

/// The endpoints that deliveries are forwarded to.
pub(super) struct Routes(Vec<Route>);

struct Route {
    pattern: Option<EventPattern>,
    forwarder: Forwarder,
}

impl Routes {
    /// Returns `None` if nothing is forwarded.
    pub(super) fn new(routes: &[cli::listen::Route], timeout: Duration) -> Result<Option<Self>, SendError> {
        let route = |route: &cli::listen::Route| {
            Ok(Route { pattern: route.pattern.clone(), forwarder: Forwarder::new(&route.url, timeout)? })
        };
        let routes = routes.iter().map(route).collect::<Result<Vec<_>, SendError>>()?;
        Ok((!routes.is_empty()).then_some(Self(routes)))
    }

    /// Forwards a delivery concurrently to all endpoints with a pattern that matches its event. Returns the first response
    /// that is not 2xx, in the order of the command line, because the sender must know; else the first. `None` if no
    /// pattern matches.
    pub(super) async fn forward(&self, event: &str, delivery: &Request) -> Option<(Response, Vec<Row>)> {
        let matching = self.0.iter().filter(|route| route.pattern.as_ref().is_none_or(|p| p.matches(event)));
        let forwarded = join_all(matching.map(|route| route.forwarder.forward(event, delivery))).await;
        let rows = forwarded.iter().map(row).collect();
        let mut responses = forwarded.into_iter().map(Forwarded::into_response);
        let first = responses.next()?;
        let response =
            if first.is_success() { responses.find(|other| !other.is_success()).unwrap_or(first) } else { first };
        Some((response, rows))
    }
}

fn row(forwarded: &Forwarded) -> Row {
    let response = forwarded.result.as_ref();
    Row {
        url: forwarded.url.clone(),
        status: response.ok().map(|response| response.status),
        ms: response.ok().map(|_| forwarded.elapsed.as_secs_f64() * 1000.0),
        error: response.err().map(ToString::to_string),
    }
}
