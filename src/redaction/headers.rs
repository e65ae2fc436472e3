//! Header fields. A word stays unchanged only if a closed list has it.

use crate::auth::{self, SchemeInfo};
use crate::models::request::Headers;
use crate::profiles::KnownEvent;

use super::dictionary::words_of;
use super::encoded::apply;
use super::forms::SHORT;
use super::redactor::Redactor;
use super::technical::is_header_word;

/// Headers that describe the message or a program and do not identify the sender.
const DESCRIPTIVE: [&str; 20] = [
    "accept",
    "accept-charset",
    "accept-encoding",
    "accept-language",
    "cache-control",
    "connection",
    "content-encoding",
    "content-type",
    "date",
    "expect",
    "keep-alive",
    "pragma",
    "retry-after",
    "server",
    "te",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "via",
    "x-forwarded-proto",
];

/// Other headers with names that stay unchanged.
const COMMON_HEADERS: &[&str] = &[
    "authorization",
    "content-length",
    "cookie",
    "forwarded",
    "from",
    "host",
    "location",
    "origin",
    "referer",
    "set-cookie",
    "traceparent",
    "tracestate",
    "x-atlassian-webhook-retry",
    "x-b3-sampled",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-port",
    "x-real-ip",
];

impl Redactor {
    /// Redacts header fields, including credentials.
    pub(super) fn headers(&mut self, headers: &Headers) -> Headers {
        headers.iter().map(|(name, value)| (self.header_name(name), self.header_value(name, value))).collect()
    }

    fn header_name(&mut self, name: &str) -> String {
        let lower = name.to_ascii_lowercase();
        // Other senders use different names for the same header.
        let authenticating =
            |info: &&'static SchemeInfo| info.header.filter(|header| lower.starts_with(&header.to_ascii_lowercase()));
        if DESCRIPTIVE.contains(&lower.as_str()) || COMMON_HEADERS.contains(&lower.as_str()) || self.has_header(&lower)
        {
            self.dictionary.keep(name);
            return name.to_owned();
        }
        if let Some(header) = auth::ALL.iter().find_map(authenticating) {
            self.dictionary.keep(header);
            let rest = self.text(&name[header.len()..]);
            return format!("{}{rest}", &name[..header.len()]);
        }
        if words_of(&lower).all(|word| !self.dictionary.is_replaced(&word)) {
            self.dictionary.avoid(name);
            return name.to_owned();
        }
        self.text(name)
    }

    fn header_value(&mut self, name: &str, value: &[u8]) -> Vec<u8> {
        let Ok(text) = std::str::from_utf8(value) else { return self.bytes(value) };
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let redacted = match name.to_ascii_lowercase().as_str() {
            // These numbers identify nobody.
            "content-length" | "x-forwarded-port" if is_number => {
                self.dictionary.keep(text);
                return value.to_vec();
            }
            "host" | "x-forwarded-host" | "x-forwarded-for" | "x-real-ip" => self.hosts(text),
            "forwarded" => self.forwarded(text),
            lower if DESCRIPTIVE.contains(&lower) => self.description(text),
            _ if KnownEvent::find(text).is_some() => {
                self.dictionary.keep(text);
                return value.to_vec();
            }
            _ => self.credentials(text),
        };
        redacted.into_bytes()
    }

    /// Redacts every word that is not technical, and every number that is longer than a year.
    fn description(&mut self, text: &str) -> String {
        let mut edits = self.text_edits(text, &[]);
        edits.retain(|(range, _)| {
            let word = &text[range.clone()];
            let is_short = word.len() <= SHORT && word.bytes().all(|byte| byte.is_ascii_digit());
            let is_technical = is_short || is_header_word(&word.to_ascii_lowercase());
            if is_technical {
                self.dictionary.keep(word);
            }
            !is_technical
        });
        apply(text, &edits)
    }

    fn hosts(&mut self, text: &str) -> String {
        let hosts = text.split(',').map(|item| {
            let host = item.trim();
            let new = self.host(host).unwrap_or_else(|| host.to_owned());
            let start = item.len() - item.trim_start().len();
            format!("{}{new}{}", &item[..start], &item[start + host.len()..])
        });
        hosts.collect::<Vec<_>>().join(",")
    }

    /// Redacts the hosts in a `Forwarded` header (RFC 7239).
    fn forwarded(&mut self, text: &str) -> String {
        let parts = text.split_inclusive([';', ',']).map(|part| {
            let parameter = part.trim_end_matches([';', ',']);
            self.forwarded_parameter(parameter) + &part[parameter.len()..]
        });
        parts.collect()
    }

    fn forwarded_parameter(&mut self, parameter: &str) -> String {
        let Some((name, value)) = parameter.split_once('=') else { return self.description(parameter) };
        let bare = value.trim().trim_matches('"');
        let new = match name.trim().to_ascii_lowercase().as_str() {
            "for" | "by" | "host" if bare != "unknown" => self.host(bare).unwrap_or_else(|| bare.to_owned()),
            _ => self.description(bare),
        };
        let start = value.find(bare).unwrap_or_default();
        format!("{}={}{new}{}", self.description(name), &value[..start], &value[start + bare.len()..])
    }
}
