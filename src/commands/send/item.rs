//! One thing to be sent, before it is a request.

use std::borrow::Cow;

use bytes::Bytes;
use uuid::Uuid;

use crate::models::event::EventKind;
use crate::models::request::Request;
use crate::profiles::Ping;

/// One thing to be sent.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// The event's name, the file, or the file and the line.
    pub(super) source: Cow<'static, str>,
    pub(super) event: Option<&'static str>,
    pub(super) content: ItemContent,
}

#[derive(Clone, Debug)]
pub(super) enum ItemContent {
    /// A body that becomes a delivery with this identifier.
    Body(Bytes, Uuid),
    /// The test of a connection.
    Ping(&'static Ping),
    /// A saved delivery.
    Capture(Request),
}

impl Item {
    pub(super) fn new(source: impl Into<Cow<'static, str>>, kind: EventKind, body: Vec<u8>, identifier: Uuid) -> Self {
        Self { source: source.into(), event: Some(kind.name()), content: ItemContent::Body(body.into(), identifier) }
    }
}
