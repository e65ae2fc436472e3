//! Envelopes: objects in which some senders wrap their bodies.

use std::borrow::Cow;

use crate::json::{self, Node};

use super::profile::Profile;

impl Profile {
    /// Returns the body inside its envelope, or the body itself if it has no envelope.
    pub fn unwrap<'n, 'a>(&self, body: &'n Node<'a>) -> &'n Node<'a> {
        self.wrapped(body).unwrap_or(body)
    }

    /// Returns the object in the envelope, if it names an event and the outer object does not.
    pub fn wrapped<'n, 'a>(&self, body: &'n Node<'a>) -> Option<&'n Node<'a>> {
        let names_event = |node: &Node<'_>| node.get(self.event_key()).is_some();
        let wrapped = body.get(self.envelope.filter(|_| !names_event(body))?)?;
        names_event(wrapped).then_some(wrapped)
    }

    /// Returns the event name in a body, with or without an envelope.
    pub fn event_name<'a>(&self, body: &'a [u8]) -> Option<Cow<'a, str>> {
        let find = |body: &'a [u8], key: &str| json::find_text(body, key).ok().flatten();
        let key = self.event_key();
        find(body, key).or_else(|| {
            // Do not build a tree: the body may be from an attacker.
            let wrapped = json::find_span(body, self.envelope?).ok().flatten()?;
            find(&body[wrapped], key)
        })
    }

    /// Wraps a body in an envelope without changing its bytes.
    pub fn wrap(&self, envelope: &str, body: &[u8]) -> Vec<u8> {
        [b"{\"", envelope.as_bytes(), b"\":", body.trim_ascii_end(), b"}"].concat()
    }
}
