//! Refuses requests that are not from the page itself.
//!
//! Any website can make the browser send requests to a port of this machine. But it does not know the token, and its requests have a
//! different `Origin`. With DNS rebinding, where a domain resolves to 127.0.0.1, its requests have a different `Host`.

use std::net::SocketAddr;

use http::Method;
use http::header::{CONTENT_TYPE, HOST, HeaderMap, HeaderName, ORIGIN};

use crate::models::request;
use crate::models::response::Response;
use crate::server::RequestHead;

use super::responses::refusal;
use super::token::Token;

/// The address and the token of the page.
pub(super) struct Guard {
    pub(super) address: SocketAddr,
    pub(super) token: Token,
}

/// The path of replays, the only request with a side effect.
pub(super) const REPLAY: &str = "api/replay";

impl Guard {
    /// Returns the path after the token.
    ///
    /// # Errors
    ///
    /// Returns the response to a request that is not from the page: 403, 404, 405, 415 or 421.
    pub(super) fn check<'h>(&self, head: &'h RequestHead) -> Result<&'h str, Response> {
        let host = single(&head.headers, &HOST).filter(|host| self.is_own_host(host));
        let Some(host) = host.filter(|_| head.uri.authority().is_none()) else {
            return Err(refusal(421, "wrong host: open the URL that cfwh printed"));
        };
        let has_origin = head.headers.contains_key(ORIGIN);
        let is_own_origin = || single(&head.headers, &ORIGIN).is_some_and(|origin| origin == format!("http://{host}"));
        if has_origin && !is_own_origin() {
            return Err(refusal(403, "a different website sent this request"));
        }
        let fetch = |name: &'static str| single(&head.headers, &HeaderName::from_static(name));
        let is_own_site = fetch("sec-fetch-site").is_none_or(|site| matches!(site, "same-origin" | "none"));
        // Allow links from other pages, such as a terminal in a browser.
        let is_visit = head.method == Method::GET
            && fetch("sec-fetch-mode") == Some("navigate")
            && fetch("sec-fetch-dest") == Some("document");
        if !is_own_site && !is_visit {
            return Err(refusal(403, "a different website sent this request"));
        }
        let Some((token, rest)) = head.uri.path().strip_prefix('/').and_then(|path| path.split_once('/')) else {
            return Err(refusal(404, "open the URL that cfwh printed, with its token"));
        };
        if !self.token.is(token) {
            return Err(refusal(404, "open the URL that cfwh printed, with its token"));
        }
        if rest == REPLAY {
            check_post(head, has_origin)?;
        } else if head.method != Method::GET {
            return Err(allowing("GET"));
        }
        if !is_own_site && !rest.is_empty() {
            return Err(refusal(403, "a different website sent this request"));
        }
        Ok(rest)
    }

    fn is_own_host(&self, host: &str) -> bool {
        let Some((name, port)) = host.rsplit_once(':') else { return false };
        let is_name = name.eq_ignore_ascii_case("localhost") || name == self.address.ip().to_string();
        is_name && port == self.address.port().to_string()
    }
}

fn check_post(head: &RequestHead, has_origin: bool) -> Result<(), Response> {
    if head.method != Method::POST {
        return Err(allowing("POST"));
    }
    let is_json = single(&head.headers, &CONTENT_TYPE).is_some_and(request::is_json);
    if !is_json {
        return Err(refusal(415, "the Content-Type must be application/json"));
    }
    // Browsers send `Origin` with every POST request.
    if has_origin { Ok(()) } else { Err(refusal(403, "the Origin header is missing")) }
}

fn allowing(method: &'static str) -> Response {
    let mut response = refusal(405, "this path does not allow this method");
    response.headers.append("Allow", method);
    response
}

/// Returns the value of a field that occurs exactly once.
fn single<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok();
    value.filter(|_| values.next().is_none())
}
