//! Redacts URLs, hosts, paths and queries.

use crate::profiles::KnownEvent;

use super::dictionary::WordKind;
use super::encoded::{Encoding, TextEdit, apply, shifted};
use super::forms::is_date;
use super::redactor::Redactor;
use super::vocabulary::{is_action, is_parameter, is_path_word, is_plain_parameter, named_segments};

/// Generic labels of host names.
const HOST_LABELS: &[&str] =
    &["api", "app", "confluence", "docs", "hooks", "jira", "webhooks", "wiki", "www", "localhost"];
/// Domains with a subdomain for each site.
const SITE_DOMAINS: [&str; 2] = ["atlassian.net", "jira.com"];
/// Domains of Atlassian.
const OWN_DOMAINS: [&str; 4] = ["atlassian.com", "atlassian-dev.net", "atl-paas.net", "atlassian.io"];
/// Labels of hosts of Atlassian.
const OWN_LABELS: [&str; 18] = [
    "auth",
    "avatar-management--avatars",
    "cdn",
    "community",
    "connect",
    "developer",
    "ecosystem",
    "id",
    "marketplace",
    "media",
    "prod",
    "prod-east",
    "public",
    "secure",
    "status",
    "support",
    "us-east-1",
    "us-west-2",
];
/// Domains that are reserved for tests and documentation (RFC 2606).
const RESERVED: [&str; 4] = ["example", "invalid", "localhost", "test"];

/// Returns whether many sites share a domain. Ignores case.
fn is_shared_domain(domain: &str) -> bool {
    SITE_DOMAINS.into_iter().chain(OWN_DOMAINS).any(|shared| domain.eq_ignore_ascii_case(shared))
}

impl Redactor {
    /// Returns the edits of a URL with a scheme.
    pub(super) fn url_edits(&mut self, url: &str) -> Vec<TextEdit> {
        let start = url.find("://").map_or(0, |at| at + 3);
        let end = url[start..].find(['/', '?', '#']).map_or(url.len(), |at| start + at);
        let mut edits = Vec::new();
        let host = match url[start..end].rfind('@') {
            Some(at) => {
                edits.extend(shifted(self.encoded_edits(&url[start..start + at], &[]), start));
                start + at + 1
            }
            None => start,
        };
        edits.extend(self.host(&url[host..end]).map(|new| (host..end, new)));
        edits.extend(shifted(self.target_edits(&url[end..]), end));
        edits
    }
    /// Redacts a host. Its port stays unchanged.
    pub(super) fn host(&mut self, authority: &str) -> Option<String> {
        if let Ok(address) = authority.parse() {
            return self.address(address);
        }
        let port = match authority.rfind(':') {
            Some(at)
                if authority[at + 1..].bytes().all(|byte| byte.is_ascii_digit()) && !authority[at..].contains(']') =>
            {
                at
            }
            _ => authority.len(),
        };
        let (host, port) = authority.split_at(port);
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        self.dictionary.keep(port);
        if let Ok(address) = bare.parse() {
            return self.address(address).map(|new| format!("{}{port}", host.replace(bare, &new)));
        }
        let lower = host.to_ascii_lowercase();
        let is_in =
            |domain: &str| lower.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        if host.is_empty() || lower == "localhost" {
            self.dictionary.keep(host);
            return None;
        }
        let names = match SITE_DOMAINS.into_iter().chain(OWN_DOMAINS).find(|domain| is_in(domain)) {
            Some(domain) => host.len() - domain.len(),
            None => host.rfind('.').map_or(host.len(), |at| at + 1),
        };
        let (names, end) = host.split_at(names);
        let end = if is_shared_domain(end) || RESERVED.contains(&end) || end.is_empty() {
            end
        } else {
            self.dictionary.learn(end);
            "example"
        };
        self.dictionary.keep(end);
        let is_own = OWN_DOMAINS.contains(&end);
        let mut labels = Vec::new();
        for label in names.split('.') {
            if HOST_LABELS.contains(&label) || is_own && OWN_LABELS.contains(&label) {
                self.dictionary.keep(label);
                labels.push(label.to_owned());
            } else if let Some(label) = label.strip_prefix("xn--") {
                labels.push(self.word(WordKind::Text, &label.replace('-', "")));
            } else {
                let edits = self.text_edits(label, &[]);
                labels.push(apply(label, &edits));
            }
        }
        Some(format!("{}{end}{port}", labels.join(".")))
    }
    /// Returns the edits of a path with a query and a fragment.
    pub(super) fn target_edits(&mut self, target: &str) -> Vec<TextEdit> {
        let fragment = target.find('#').unwrap_or(target.len());
        let query = target[..fragment].find('?').unwrap_or(fragment);
        let mut edits = self.path_edits(&target[..query]);
        let mut at = query;
        if query < fragment {
            at += 1;
            for parameter in target[at..fragment].split('&') {
                edits.extend(shifted(self.parameter_edits(parameter), at));
                at += parameter.len() + 1;
            }
        }
        edits.extend(shifted(self.encoded_edits(&target[fragment..], &["comment"]), fragment));
        edits
    }
    pub(super) fn parameter_edits(&mut self, parameter: &str) -> Vec<TextEdit> {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        let mut edits = Vec::new();
        if is_parameter(name) {
            self.dictionary.keep(name);
        } else if self.is_key_kept(name) {
            self.leave_key(name);
        } else {
            edits.extend(self.encoded_edits(name, &[]));
        }
        if is_plain_parameter(name, value) || KnownEvent::find(value).is_some() {
            self.dictionary.keep(value);
        } else if !value.is_empty() {
            edits.extend(shifted(self.encoded_edits(value, &[]), name.len() + 1));
        }
        edits
    }
    pub(super) fn path_edits(&mut self, path: &str) -> Vec<TextEdit> {
        let segments: Vec<&str> = path.split('/').collect();
        let (mut edits, mut at, mut named, mut dated) = (Vec::new(), 0, 0, 0);
        for (index, segment) in segments.iter().enumerate() {
            let is_last = segments[index + 1..].iter().all(|segment| segment.is_empty());
            if named > 0 && segments.get(index..index + 3).is_some_and(is_date) {
                dated = 3;
            }
            let is_event = named == 0 && is_last && KnownEvent::find(segment).is_some();
            if dated > 0 {
                dated -= 1;
                self.dictionary.keep(segment);
            } else if is_event || is_action(segment) || (named == 0 && is_path_word(segment)) {
                self.dictionary.keep(segment);
                named = named_segments(segment);
            } else {
                named = named.saturating_sub(1);
                edits.extend(shifted(self.encoded_edits(segment, &[]), at));
            }
            at += segment.len() + 1;
        }
        edits
    }
    /// Returns the edits of a part of a URL.
    pub(super) fn encoded_edits(&mut self, part: &str, kept: &[&str]) -> Vec<TextEdit> {
        Encoding::Percent.edits(part, |decoded| self.text_edits(decoded, kept))
    }
}
