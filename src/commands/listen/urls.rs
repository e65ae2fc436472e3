//! The URLs of a receiver.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use crate::cli;
use crate::client::url::EVENT_PLACEHOLDER;
use crate::profiles::EventIn;

/// The URLs of a receiver, for senders on this machine.
pub(super) struct Urls {
    pub(super) receiver: String,
    /// The URL for events. It contains `{event}` if bodies do not name their event.
    pub(super) events: String,
    pub(super) port: u16,
}

impl Urls {
    pub(super) fn new(bound: SocketAddr, arguments: &cli::listen::Listen) -> Self {
        // Not every system can send to the wildcard address.
        let host = match bound.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            other => other,
        };
        let address = SocketAddr::new(host, bound.port());
        // It has no slash at its end, so `/` is empty.
        let path = arguments.path.as_str();
        let receiver = format!("http://{address}{}", if path.is_empty() { "/" } else { path });
        let events = match arguments.profile.event_in {
            EventIn::Body(_) => receiver.clone(),
            EventIn::Url => format!("http://{address}{path}/{EVENT_PLACEHOLDER}"),
        };
        Self { receiver, events, port: address.port() }
    }
}
