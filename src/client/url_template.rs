//! Where deliveries go: one URL, or one for each event.

use super::endpoint::SendError;
use super::url::{Url, no_url, parse_url, without_credentials};

/// What in a URL stands for the event's name.
pub const EVENT_SLOT: &str = "{event}";

/// A URL that may have the event's name in its path or query, as `{event}`.
#[derive(Clone, Debug)]
pub struct UrlTemplate {
    template: String,
}

impl UrlTemplate {
    /// # Errors
    /// When it is no URL of an endpoint, or has `{event}` in its host.
    pub fn parse(text: &str) -> Result<Self, SendError> {
        let url = parse_url(&text.replace(EVENT_SLOT, "event"))?;
        if parse_url(&text.replace(EVENT_SLOT, "other"))?.origin() != url.origin() {
            return Err(no_url(text, format!("{EVENT_SLOT} can stand in the path of a URL, not in its host")));
        }
        Ok(Self { template: text.to_owned() })
    }

    /// Has each event a URL of its own?
    #[must_use]
    pub fn names_events(&self) -> bool {
        self.template.contains(EVENT_SLOT)
    }

    /// As it may be shown: without user and password.
    #[must_use]
    pub fn shown(&self) -> String {
        // The parser writes braces in percent, as a URL wants them.
        without_credentials(&self.of(EVENT_SLOT)).to_string().replace("%7Bevent%7D", EVENT_SLOT)
    }

    /// The URL for an event. It may be any name of letters, digits and underscores.
    ///
    /// # Panics
    /// Never for such a name: behind the host it makes no URL wrong.
    #[must_use]
    pub fn of(&self, event: &str) -> Url {
        parse_url(&self.template.replace(EVENT_SLOT, event)).expect("the name of an event fits into a URL")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slot_stands_behind_the_host() {
        let address = UrlTemplate::parse("http://127.0.0.1:3000/hooks/{event}?about={event}").expect("an address");
        assert!(address.names_events());
        assert_eq!(address.of("page_moved").as_str(), "http://127.0.0.1:3000/hooks/page_moved?about=page_moved");
        assert_eq!(address.shown(), "http://127.0.0.1:3000/hooks/{event}?about={event}");
        assert!(!UrlTemplate::parse("http://127.0.0.1/hooks").expect("an address").names_events());
        assert!(UrlTemplate::parse("http://{event}.example.com/").is_err());
        assert!(UrlTemplate::parse("127.0.0.1/{event}").is_err());
    }
}
