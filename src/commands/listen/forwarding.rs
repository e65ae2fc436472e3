//! Which deliveries go on to which endpoints, and whose answer goes back.

use std::sync::Arc;
use std::time::Duration;

use crate::cli;
use crate::client::endpoint::SendError;
use crate::client::forward::{ForwardUrl, Forwarded, Forwarder};
use crate::client::url_template::EVENT_SLOT;
use crate::models::request::Request;
use crate::output::record::Forwarded as Row;
use crate::profiles::event_pattern::EventPattern;
use crate::server::response::Answer;

/// The ways from the receiver to endpoints.
pub(super) struct Routes {
    forwarder: Forwarder,
    routes: Vec<Route>,
}

struct Route {
    pattern: Option<EventPattern>,
    to: To,
}

enum To {
    One(Arc<ForwardUrl>),
    /// A URL for each event.
    EachEvent(String),
}

impl Routes {
    /// `None` where nothing is forwarded.
    pub(super) fn new(routes: &[cli::listen::Route], timeout: Duration) -> Result<Option<Self>, SendError> {
        if routes.is_empty() {
            return Ok(None);
        }
        let mut https = false;
        let routes = routes.iter().map(|route| {
            let url = ForwardUrl::parse(&route.url.replace(EVENT_SLOT, "event"))?;
            https |= url.is_https();
            let each = route.url.contains(EVENT_SLOT);
            let to = if each { To::EachEvent(route.url.clone()) } else { To::One(Arc::new(url)) };
            Ok(Route { pattern: route.pattern.clone(), to })
        });
        let routes = routes.collect::<Result<_, SendError>>()?;
        Ok(Some(Self { forwarder: Forwarder::new(timeout, https)?, routes }))
    }

    /// Passes a delivery on to all endpoints at once whose pattern its event matches. Back goes the first answer that is
    /// no 2xx, in the order of the command line, because the sender has to know; else the first. `None` when no pattern
    /// matches.
    pub(super) async fn forward(&self, event: &str, delivery: &Request) -> Option<(Answer, Vec<Row>)> {
        let shared = Arc::new(delivery.clone());
        let matching = self.routes.iter().filter(|route| route.pattern.as_ref().is_none_or(|p| p.matches(event)));
        let tasks: Vec<_> = matching
            .map(|route| {
                let (forwarder, delivery, to) = (self.forwarder.clone(), Arc::clone(&shared), route.to.of(event));
                tokio::spawn(async move {
                    match to {
                        Ok(url) => forwarder.forward(&url, &delivery).await,
                        Err(nowhere) => *nowhere,
                    }
                })
            })
            .collect();
        let mut answer: Option<Answer> = None;
        let mut rows = Vec::new();
        for task in tasks {
            // A task ends early only with the whole program.
            let Ok(forwarded) = task.await else { continue };
            rows.push(row(&forwarded));
            if answer.as_ref().is_none_or(|first| first.is_success() && !forwarded.answer.is_success()) {
                answer = Some(forwarded.answer);
            }
        }
        answer.map(|answer| (answer, rows))
    }
}

impl To {
    fn of(&self, event: &str) -> Result<Arc<ForwardUrl>, Box<Forwarded>> {
        let template = match self {
            Self::One(url) => return Ok(Arc::clone(url)),
            Self::EachEvent(template) => template,
        };
        let is_name = !event.is_empty() && event.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let url = is_name.then(|| ForwardUrl::parse(&template.replace(EVENT_SLOT, event)).ok()).flatten();
        url.map(Arc::new).ok_or_else(|| {
            let error = "nothing says which event it is about, and the URL has {event} in it".to_owned();
            let answer = Answer::new(502, format!("the endpoint {template}: {error}"));
            Box::new(Forwarded { url: template.clone(), answer, error: Some(error), elapsed: Duration::ZERO })
        })
    }
}

fn row(forwarded: &Forwarded) -> Row {
    let replied = forwarded.error.is_none();
    Row {
        url: forwarded.url.clone(),
        status: replied.then_some(forwarded.answer.status),
        ms: replied.then_some(forwarded.elapsed.as_secs_f64() * 1000.0),
        error: forwarded.error.clone(),
    }
}
