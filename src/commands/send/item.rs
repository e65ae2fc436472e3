//! An item to send, before it becomes a request.

use std::borrow::Cow;

use bytes::Bytes;
use uuid::Uuid;

use crate::models::event::EventKind;
use crate::models::request::Request;
use crate::profiles::Ping;

/// An item to send.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// The source: the event's name, the file, or the file and line.
    pub(super) source: Cow<'static, str>,
    pub(super) event: Option<&'static str>,
    pub(super) content: ItemContent,
    /// Whether its body was edited.
    pub(super) is_edited: bool,
}

#[derive(Clone, Debug)]
pub(super) enum ItemContent {
    /// A body that becomes a delivery with this identifier.
    Body(Bytes, Uuid),
    /// A connection test.
    Ping(&'static Ping),
    /// A saved delivery.
    Capture(Request),
}

impl Item {
    pub(super) fn new(source: impl Into<Cow<'static, str>>, event: Option<&'static str>, content: ItemContent) -> Self {
        Self { source: source.into(), event, content, is_edited: false }
    }

    pub(super) fn generated(
        source: impl Into<Cow<'static, str>>,
        kind: EventKind,
        body: Vec<u8>,
        identifier: Uuid,
    ) -> Self {
        Self::new(source, Some(kind.name()), ItemContent::Body(body.into(), identifier))
    }

    /// Returns the body, if it can be edited.
    pub(super) fn body(&self) -> Bytes {
        match &self.content {
            ItemContent::Body(body, _) => body.clone(),
            ItemContent::Ping(_) => Bytes::new(),
            ItemContent::Capture(request) => request.shared_body(),
        }
    }

    /// Returns the item with another body.
    pub(super) fn with_body(self, body: Vec<u8>) -> Self {
        let content = match self.content {
            ItemContent::Body(_, identifier) => ItemContent::Body(body.into(), identifier),
            ItemContent::Capture(request) => ItemContent::Capture(request.with_edited_body(body)),
            ping @ ItemContent::Ping(_) => ping,
        };
        Self { content, is_edited: true, ..self }
    }
}
