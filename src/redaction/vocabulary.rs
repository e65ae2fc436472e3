//! Words that identify nobody and stay unchanged: keys and values in the documents of senders, and words in URLs, headers and times.

use std::collections::{HashMap, HashSet};

use crate::profiles::document::Document;
use crate::profiles::shape::Shape;
use crate::profiles::{ALL, KnownEvent};

use super::dictionary::words_of;
use super::forms::SHORT;
use super::technical;

/// Members with times, counts and sizes. They identify nobody, and rules depend on them.
const MEASURES: [&str; 17] = [
    "timestamp",
    "creationDate",
    "modificationDate",
    "createdDate",
    "dueDate",
    "when",
    "version",
    "number",
    "fileSize",
    "width",
    "height",
    "results",
    "retryCount",
    "bytes",
    "ms",
    "status",
    "size",
];

/// Common members that no document declares: of other senders, callbacks and REST APIs.
const COMMON_KEYS: &[&str] = &[
    "_links",
    "app",
    "avatarUrls",
    "base",
    "baseUrl",
    "body",
    "clientKey",
    "context",
    "data",
    "displayUrl",
    "emailAddress",
    "environment",
    "error",
    "excerpt",
    "fields",
    "href",
    "html",
    "installerAccountId",
    "issue",
    "oauthClientId",
    "ok",
    "payload",
    "permissions",
    "pluginsVersion",
    "productType",
    "project",
    "publicKey",
    "representation",
    "secret",
    "serverVersion",
    "sharedSecret",
    "storage",
    "summary",
    "test",
    "text",
    "token",
    "url",
    "value",
    "webhookEvent",
    "webui",
];

/// Path segments that every site has.
const PATH_WORDS: &[&str] = &[
    "1.0",
    "aa-avatar",
    "api",
    "attachment",
    "attachments",
    "blog",
    "browse",
    "child",
    "comment",
    "confluence",
    "content",
    "default-space-logo-256.png",
    "default-space-logo.svg",
    "disabled",
    "display",
    "download",
    "enabled",
    "event",
    "events",
    "ex",
    "hook",
    "hooks",
    "icons",
    "images",
    "installed",
    "label",
    "labels",
    "latest",
    "logo",
    "overview",
    "page",
    "pages",
    "people",
    "plugins",
    "rest",
    "servlet",
    "space",
    "spaces",
    "thumbnails",
    "uninstalled",
    "user",
    "users",
    "v1",
    "v2",
    "v3",
    "webhook",
    "webhooks",
    "wiki",
];

/// Query parameters with values that stay unchanged.
const PLAIN_PARAMETERS: [&str; 5] = ["api", "cacheVersion", "lic", "modificationDate", "version"];
/// The values of these parameters, besides numbers.
const PARAMETER_VALUES: [&str; 6] = ["active", "false", "none", "true", "v1", "v2"];

/// Query parameters with names that stay unchanged.
const PARAMETERS: &[&str] = &[
    "event",
    "focusedCommentId",
    "homepageId",
    "key",
    "pageId",
    "parentId",
    "preview",
    "secret",
    "signature",
    "spaceKey",
    "title",
    "token",
];

/// File extensions.
const ENDINGS: &[&str] = &[
    "csv", "doc", "docx", "drawio", "gif", "gz", "html", "jpeg", "jpg", "json", "md", "mov", "mp3", "mp4", "pdf",
    "png", "ppt", "pptx", "svg", "tar", "txt", "vsdx", "xls", "xlsx", "xml", "zip",
];

/// The names and values that stay unchanged.
#[derive(Debug)]
pub(super) struct PlainWords {
    keys: HashSet<&'static str>,
    /// Headers, in lower case.
    headers: HashSet<String>,
    /// Values, by key.
    values: HashMap<&'static str, HashSet<&'static str>>,
}

impl PlainWords {
    /// Reads the documents of all senders.
    pub(super) fn new() -> Self {
        let (keys, headers) = (COMMON_KEYS.iter().copied().collect(), HashSet::new());
        let mut vocabulary = Self { keys, headers, values: HashMap::new() };
        for profile in ALL {
            let document = Document::new(profile);
            let shapes = profile.bodies.iter().map(|body| document.shape(body));
            shapes.chain([document.base_shape()]).for_each(|shape| vocabulary.add(&shape));
            let headers = document.header_shape().properties;
            vocabulary.headers.extend(headers.iter().map(|header| header.name.to_ascii_lowercase()));
            vocabulary.keys.insert(profile.event_key());
            vocabulary.keys.extend(profile.envelope);
        }
        vocabulary
    }

    fn add(&mut self, shape: &Shape) {
        for property in &shape.properties {
            self.keys.insert(property.name);
            let lists = [&property.shape.values, &property.shape.seen];
            let values = lists.into_iter().flatten().flat_map(|declared| declared.value.iter().copied());
            self.values.entry(property.name).or_default().extend(values);
            self.add(&property.shape);
        }
        shape.items.iter().for_each(|items| self.add(items));
    }

    /// Returns whether a key is declared in a document or common.
    pub(super) fn has_key(&self, key: &str) -> bool {
        self.keys.contains(key)
    }

    /// Returns whether a document declares a header. `lower` is in lower case.
    pub(super) fn has_header(&self, lower: &str) -> bool {
        self.headers.contains(lower)
    }

    /// Returns whether a value identifies nobody.
    pub(super) fn is_plain(&self, key: &str, text: &str) -> bool {
        text.is_empty()
            || self.values.get(key).is_some_and(|values| values.contains(text))
            || (is_event_key(key) && KnownEvent::find(text).is_some())
            || (is_measure(key) && text.bytes().all(|byte| byte.is_ascii_digit()))
            || (key == "mediaType" && is_media_type(text))
            || is_time(text)
    }
}

/// Returns whether a key names an event.
pub(super) fn is_event_key(key: &str) -> bool {
    key == "webhookEvent" || ALL.iter().any(|profile| profile.event_key() == key)
}

/// Returns whether a key has a number that identifies nobody.
pub(super) fn is_measure(key: &str) -> bool {
    MEASURES.contains(&key)
}

/// Returns whether a path segment stays unchanged.
pub(super) fn is_path_word(segment: &str) -> bool {
    segment.is_empty() || PATH_WORDS.contains(&segment) || is_action(segment)
}

/// Returns whether a path segment is an action of Confluence's web interface: `viewpage.action`.
pub(super) fn is_action(segment: &str) -> bool {
    segment.strip_suffix(".action").is_some_and(technical::is_action)
}

/// Returns the number of following segments that are keys, ids or titles.
pub(super) fn named_segments(segment: &str) -> usize {
    match segment {
        "pages" | "blog" | "display" | "attachments" | "thumbnails" | "label" => 2,
        "spaces" | "space" | "content" | "attachment" | "aa-avatar" | "people" | "user" | "browse" => 1,
        _ => 0,
    }
}

/// Returns whether the name of a query parameter stays unchanged.
pub(super) fn is_parameter(name: &str) -> bool {
    PARAMETERS.contains(&name) || PLAIN_PARAMETERS.contains(&name)
}

/// Returns whether the value of a query parameter stays unchanged.
pub(super) fn is_plain_parameter(name: &str, value: &str) -> bool {
    let is_number = || value.bytes().all(|byte| byte.is_ascii_digit());
    PLAIN_PARAMETERS.contains(&name) && (is_number() || PARAMETER_VALUES.contains(&value))
}

/// Returns whether a word is a file extension.
pub(super) fn is_file_ending(word: &str) -> bool {
    ENDINGS.contains(&word)
}

/// Returns whether text has the form of a date or a time: `2026-01-15`, `2026-01-15T10:30:00.000Z`.
pub(super) fn is_time(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_date = bytes.len() >= 10
        && bytes[..10].iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    is_date && bytes.len() <= 35 && bytes[10..].iter().all(|byte| byte.is_ascii_digit() || b"TtZz:.+-".contains(byte))
}

/// Returns whether text is a media type in which every word is known.
fn is_media_type(text: &str) -> bool {
    const KINDS: [&str; 6] = ["application", "audio", "font", "image", "text", "video"];
    const FILES: [&str; 5] = ["markdown", "mpeg", "ogg", "webm", "woff2"];
    let is_known = |word: String| {
        let is_number = word.len() < SHORT && word.bytes().all(|byte| byte.is_ascii_digit());
        is_number || is_file_ending(&word) || FILES.contains(&word.as_str()) || technical::is_media_word(&word)
    };
    text.split_once('/').is_some_and(|(kind, name)| KINDS.contains(&kind) && words_of(name).all(is_known))
}
