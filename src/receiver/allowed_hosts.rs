//! Refuses requests that web pages send to a receiver on this machine. A page of any site can send requests to 127.0.0.1,
//! with the page's `Origin`. A site that points its own name to 127.0.0.1 (DNS rebinding) can also read the responses, but
//! its name is in `Host`.

use std::net::IpAddr;

use http::header::{HOST, HeaderValue, ORIGIN};

use crate::models::response::Response;
use crate::server::RequestHead;

/// The hosts that requests to a loopback address may use.
#[derive(Clone, Debug, Default)]
pub struct AllowedHosts {
    /// Other host names than this machine, in lower case: hosts of tunnels, and of pages that may send requests.
    pub names: Vec<String>,
}

impl AllowedHosts {
    /// Checks that a request is for this machine or an allowed host, and that it is not from a web page, except a page of an
    /// allowed host.
    ///
    /// # Errors
    /// Returns the response 403 to any other request.
    pub fn check(&self, head: &RequestHead) -> Result<(), Response> {
        for origin in head.headers.get_all(ORIGIN) {
            let origin = String::from_utf8_lossy(origin.as_bytes());
            let host = host_name(origin.split_once("://").map_or("", |(_, authority)| authority));
            if !self.is_named(host) {
                return Err(refuse("a web page sent this request", &origin, host));
            }
        }
        let authority = head.uri.authority().map(|authority| authority.as_str().as_bytes());
        for host in authority.into_iter().chain(head.headers.get_all(HOST).iter().map(HeaderValue::as_bytes)) {
            let text = String::from_utf8_lossy(host);
            let host = host_name(&text);
            if !is_this_machine(host) && !self.is_named(host) {
                return Err(refuse("this request is for another host", &text, host));
            }
        }
        Ok(())
    }

    fn is_named(&self, host: &str) -> bool {
        self.names.iter().any(|name| name.eq_ignore_ascii_case(host))
    }
}

fn refuse(reason: &str, value: &str, host: &str) -> Response {
    // A page without a host, with the origin `null`, cannot be allowed.
    let advice =
        if host.is_empty() { String::new() } else { format!("; to accept it, run `cfwh listen --allow-host {host}`") };
    Response::text(403, format!("{reason} ({value}){advice}"))
}

/// Returns the host of an authority, without port, brackets and final dot.
fn host_name(authority: &str) -> &str {
    let host = match authority.strip_prefix('[') {
        Some(address) => address.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    host.strip_suffix('.').unwrap_or(host)
}

/// Returns whether this is `localhost`, a subdomain of it, or a loopback address. Resolving these needs no name server.
fn is_this_machine(host: &str) -> bool {
    let is_local_address = |address: IpAddr| {
        let address = address.to_canonical();
        address.is_loopback() || address.is_unspecified()
    };
    let is_localhost = |name: &str| name.eq_ignore_ascii_case("localhost");
    is_localhost(host.rsplit('.').next().unwrap_or(host)) || host.parse().is_ok_and(is_local_address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_has_several_names() {
        for host in [
            "localhost",
            "LOCALHOST:8080",
            "localhost.",
            "hooks.localhost:1",
            "127.0.0.1:8080",
            "127.9.9.9",
            "[::1]",
            "[::1]:8080",
            "[::ffff:127.0.0.1]:80",
            "0.0.0.0:8080",
        ] {
            assert!(is_this_machine(host_name(host)), "{host}");
        }
        for host in [
            "",
            ":8080",
            ".",
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "notlocalhost",
            "[::2]",
            "10.0.0.1",
            "192.168.0.7:8080",
            "127.0.0.1@evil.example",
            "evil.example:127.0.0.1",
        ] {
            assert!(!is_this_machine(host_name(host)), "{host}");
        }
    }

    fn status(names: &[&str], target: &str, fields: &[(&str, &str)]) -> Option<u16> {
        let mut request = http::Request::post(target);
        for (name, value) in fields {
            request = request.header(*name, *value);
        }
        let (head, ()) = request.body(()).expect("a request").into_parts();
        let hosts = AllowedHosts { names: names.iter().copied().map(str::to_owned).collect() };
        hosts.check(&head).err().map(|response| response.status)
    }

    #[test]
    fn pages_and_other_hosts_are_refused_unless_they_are_allowed() {
        const HERE: (&str, &str) = ("Host", "127.0.0.1:8080");
        for (names, target, fields, expected) in [
            (&[][..], "/", &[HERE][..], None),
            (&[], "/", &[], None),
            (&[], "/", &[("Host", "evil.example:8080")], Some(403)),
            (&[], "/", &[HERE, ("Host", "evil.example")], Some(403)),
            (&[], "/", &[("Host", "caf\u{e9}")], Some(403)),
            (&[], "http://evil.example/", &[HERE], Some(403)),
            (&[], "http://localhost:8080/", &[HERE], None),
            (&[], "/", &[HERE, ("Origin", "http://evil.example")], Some(403)),
            (&[], "/", &[HERE, ("Origin", "null")], Some(403)),
            (&[], "/", &[HERE, ("Origin", "")], Some(403)),
            (&[], "/", &[HERE, ("Origin", "http://localhost:3000")], Some(403)),
            (&["localhost"], "/", &[HERE, ("Origin", "http://LOCALHOST:3000")], None),
            (&["a.example"], "/", &[("Host", "A.example.:443")], None),
            (&["a.example"], "/", &[("Host", "b.a.example")], Some(403)),
            (&["a.example"], "http://a.example/", &[("Host", "a.example")], None),
            (&["a.example"], "/", &[("Host", "a.example"), ("Origin", "https://b.example")], Some(403)),
            (&["a.example"], "/", &[("Host", "a.example"), ("Origin", "null")], Some(403)),
        ] {
            assert_eq!(status(names, target, fields), expected, "{names:?} {target} {fields:?}");
        }
    }
}
