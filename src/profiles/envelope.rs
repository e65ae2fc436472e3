//! The object that some senders wrap their bodies in, sometimes.

use std::borrow::Cow;

use crate::json::{self, Node};

use super::profile::Profile;

impl Profile {
    /// Returns the body in its envelope, if it has one; else the body itself.
    pub fn unwrap<'n, 'a>(&self, body: &'n Node<'a>) -> &'n Node<'a> {
        self.wrapped(body).unwrap_or(body)
    }

    /// Returns the object under the key of the envelope if it names an event, and the body itself does not.
    pub fn wrapped<'n, 'a>(&self, body: &'n Node<'a>) -> Option<&'n Node<'a>> {
        let names_event = |node: &Node<'_>| node.get(self.event_key()).is_some();
        let wrapped = body.get(self.envelope.filter(|_| !names_event(body))?)?;
        names_event(wrapped).then_some(wrapped)
    }

    /// Returns the name that a body gives its event, whether or not it is in an envelope.
    pub fn event_name<'a>(&self, body: &'a [u8]) -> Option<Cow<'a, str>> {
        let find = |body: &'a [u8], key: &str| json::find_text(body, key).ok().flatten();
        let key = self.event_key();
        find(body, key).or_else(|| {
            // Without a tree: anybody may have sent this.
            let wrapped = json::find_span(body, self.envelope?).ok().flatten()?;
            find(&body[wrapped], key)
        })
    }

    /// Returns a body in the envelope of this sender; all its bytes stay as they are.
    pub fn wrap(&self, envelope: &str, body: &[u8]) -> Vec<u8> {
        [b"{\"", envelope.as_bytes(), b"\":", body.trim_ascii_end(), b"}"].concat()
    }
}
