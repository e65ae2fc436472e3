//! What is replaced in texts, URLs and names. The same code reads a folder first, to learn its words, and then writes it.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::profiles::KnownEvent;

use super::dictionary::{Dictionary, WordKind, is_picture, lower, upper, words_of};
use super::encoded::{Encoding, TextEdit, apply};
use super::vocabulary::{
    PlainWords, is_action, is_event_key, is_file_ending, is_measure, is_parameter, is_path_word, is_plain_parameter,
    is_time, named_segments,
};

/// Digits that say nothing about anybody: fewer than in any id.
const SHORT: usize = 4;
/// Hexadecimal digits from this number on are one word: a digest, a trace, an account.
const HEX: usize = 16;

/// Words of the names of events, resources and algorithms, which stay where such a name stands.
const NAME_WORDS: &[&str] = &[
    "app",
    "ari",
    "avi",
    "cloud",
    "confluence",
    "content",
    "ecosystem",
    "environment",
    "forge",
    "identity",
    "installation",
    "jira",
    "page",
    "site",
    "space",
    "user",
];
/// Words of captures and of the journal that are nobody's.
const FORM: &str = "POST HTTP localhost example \
    number at event subject target bytes auth signature verdict findings omitted status ms capture forwarded response \
    profile spec cloud datacenter forge \
    rule severity pointer header line column message url error headers body base64 truncated name value null true false";
/// Words of headers that authenticate.
const CREDENTIAL_WORDS: &[&str] = &["basic", "bearer", "jwt", "sha1", "sha256", "sha512"];
/// Labels of host names that say nothing.
const HOST_LABELS: &[&str] =
    &["api", "app", "confluence", "docs", "hooks", "jira", "webhooks", "wiki", "www", "localhost"];
/// Domains with names of sites in front.
const SITE_DOMAINS: [&str; 2] = ["atlassian.net", "jira.com"];
/// Domains that are Atlassian's own.
const OWN_DOMAINS: [&str; 4] = ["atlassian.com", "atlassian-dev.net", "atl-paas.net", "atlassian.io"];
/// Domains that are reserved for tests and documentation (RFC 2606).
const RESERVED: [&str; 4] = ["example", "invalid", "localhost", "test"];

/// Replaces what could identify somebody.
#[derive(Debug)]
pub struct Redactor {
    pub(super) dictionary: Dictionary,
    vocabulary: PlainWords,
    /// The apps and the installations that tokens are for now.
    pub(super) app_ids: BTreeSet<String>,
    pub(super) client_keys: BTreeSet<String>,
}

impl Redactor {
    /// Returns a redactor that draws its words from this seed. Whoever knows the seed and the originals could draw them again.
    pub fn new(seed: u64) -> Self {
        let mut dictionary = Dictionary::new(seed);
        dictionary.keep(FORM);
        let (app_ids, client_keys) = (BTreeSet::new(), BTreeSet::new());
        Self { dictionary, vocabulary: PlainWords::new(), app_ids, client_keys }
    }

    /// Does a document declare such a header?
    pub(super) fn has_header(&self, lower: &str) -> bool {
        self.vocabulary.has_header(lower)
    }

    /// Draws a word for every word that was found: from now on they are replaced.
    pub fn complete(&mut self) {
        self.dictionary.complete();
        // Those found so far are the original ones.
        self.app_ids.clear();
        self.client_keys.clear();
    }

    /// Replaces the words of a text.
    pub fn text(&mut self, text: &str) -> String {
        let edits = self.text_edits(text, &[]);
        apply(text, &edits)
    }

    /// Replaces what a sentence of ours quotes, and nothing else of it.
    pub(super) fn sentence(&mut self, text: &str) -> String {
        let mut edits = Vec::new();
        let mut rest = 0;
        while let Some(start) = text[rest..].find(['`', '"']).map(|at| rest + at) {
            edits.extend(shifted(self.prose_edits(&text[rest..start]), rest));
            let quote = &text[start..=start];
            let Some(end) = text[start + 1..].find(quote).map(|at| start + 1 + at) else { break };
            let quoted = &text[start + 1..end];
            if !self.is_key_kept(quoted) && KnownEvent::find(quoted).is_none() && !self.is_value_kept(quoted) {
                edits.extend(shifted(self.text_edits(quoted, &[]), start + 1));
            }
            rest = end + 1;
        }
        edits.extend(shifted(self.prose_edits(&text[rest..]), rest));
        apply(text, &edits)
    }

    /// The ids in a sentence of ours.
    fn prose_edits(&mut self, text: &str) -> Vec<TextEdit> {
        let mut edits = Vec::new();
        let mut at = 0;
        for word in text.split(|character: char| !character.is_alphanumeric()) {
            match self.digits(word.trim_start_matches('0')) {
                Some(new) => edits.push((at + word.len() - new.len()..at + word.len(), new)),
                None => self.dictionary.keep(word),
            }
            at += word.len() + text[at + word.len()..].chars().next().map_or(0, char::len_utf8);
        }
        edits
    }

    fn is_value_kept(&self, text: &str) -> bool {
        ["status", "type", "contentType"].iter().any(|key| self.vocabulary.is_plain(key, text))
    }

    /// What changes in the text of a member; nothing if it says nothing about anybody.
    pub(super) fn value_edits(&mut self, key: &str, text: &str) -> Vec<TextEdit> {
        if self.vocabulary.is_plain(key, text) {
            self.dictionary.keep(text);
            return Vec::new();
        }
        if is_event_key(key) || text.starts_with("ari:") {
            return self.text_edits(text, NAME_WORDS);
        }
        if text.starts_with('/') && !text.contains(char::is_whitespace) {
            return self.target_edits(text);
        }
        self.text_edits(text, &[])
    }

    /// What changes in the name of a member.
    pub(super) fn key_edits(&mut self, key: &str) -> Vec<TextEdit> {
        if self.is_key_kept(key) {
            self.dictionary.keep(key);
            return Vec::new();
        }
        self.text_edits(key, &[])
    }

    /// Names stay that a document declares, and those that look like names of programmers and have no word that is replaced
    /// elsewhere.
    pub(super) fn is_key_kept(&self, key: &str) -> bool {
        self.vocabulary.has_key(key)
            || is_identifier(key) && words_of_identifier(key).all(|word| !self.dictionary.is_replaced(&word))
    }

    /// What changes in a number that is written like this.
    pub(super) fn number(&mut self, key: &str, number: &str) -> Option<String> {
        if is_measure(key) {
            self.dictionary.keep(number);
            return None;
        }
        let (mantissa, exponent) = number.find(['e', 'E']).map_or((number, ""), |at| number.split_at(at));
        let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        // The id 123456 may be written as 1.23456e5.
        if let Ok(places @ 0..=30) = exponent.trim_start_matches(['e', 'E']).trim_start_matches('+').parse::<usize>()
            && fraction.trim_end_matches('0').len() <= places
        {
            let (sign, leading) = integer.strip_prefix('-').map_or(("", integer), |digits| ("-", digits));
            let fraction = fraction.trim_end_matches('0');
            let whole = format!("{leading}{fraction}{}", "0".repeat(places - fraction.len()));
            let new = self.digits(whole.trim_start_matches('0'))?;
            return Some(format!("{sign}{}.{}e{}", &new[..1], &new[1..], new.len() - 1));
        }
        let start = integer.len() - integer.trim_start_matches(['-', '+', '0']).len();
        let new = self.digits(&integer[start..])?;
        Some(format!("{}{new}{}", &number[..start], &number[integer.len()..]))
    }

    fn digits(&mut self, digits: &str) -> Option<String> {
        let is_id = digits.len() >= SHORT && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_id.then(|| self.dictionary.replace(WordKind::Digits, digits))
    }

    /// What changes in a text: its words, the URLs in it, the domains of mail addresses.
    pub(super) fn text_edits(&mut self, text: &str, kept: &[&str]) -> Vec<TextEdit> {
        let is_short_number = text.bytes().filter(u8::is_ascii_digit).count() < SHORT
            && !text.chars().any(|character| character.is_alphabetic() || is_picture(character));
        if is_short_number || is_time(text) {
            self.dictionary.keep(text);
            return Vec::new();
        }
        let mut edits = Vec::new();
        let mut rest = 0;
        while let Some((start, end)) = find_url(text, rest) {
            self.words(text, rest..start, kept, &mut edits);
            edits.extend(shifted(self.url_edits(&text[start..end]), start));
            rest = end;
        }
        self.words(text, rest..text.len(), kept, &mut edits);
        edits
    }

    /// The words in a part of a text.
    fn words(&mut self, text: &str, part: Range<usize>, kept: &[&str], edits: &mut Vec<TextEdit>) {
        if text[part.clone()].contains("&#") {
            // References to characters, as in HTML.
            let html = &text[part.clone()];
            let edited = Encoding::Html.rewrite(html, |decoded| {
                let mut inner = Vec::new();
                self.plain_words(decoded, 0..decoded.len(), kept, &mut inner);
                inner
            });
            edits.extend(edited.map(|new| (part, new)));
        } else {
            self.plain_words(text, part, kept, edits);
        }
    }

    fn plain_words(&mut self, text: &str, part: Range<usize>, kept: &[&str], edits: &mut Vec<TextEdit>) {
        let mut at = part.start;
        while let Some(first) = text[at..part.end].chars().next() {
            if !is_word_character(first) {
                at += first.len_utf8();
                if first == '@'
                    && let Some(length) = mail_domain(text, at, part.end)
                {
                    if &text[at..at + length] != "example.com" {
                        edits.push((at..at + length, "example.com".to_owned()));
                        text[at..at + length].split('.').for_each(|label| self.dictionary.learn(label));
                    }
                    at += length;
                }
                continue;
            }
            let end = text[at..part.end].find(|c| !is_word_character(c)).map_or(part.end, |length| at + length);
            if let Some(length) = uuid(&text[at..part.end]) {
                let digits: String = text[at..at + length].chars().filter(|character| *character != '-').collect();
                let mut new = self.word(WordKind::Hex, &digits);
                for hyphen in [8, 13, 18, 23] {
                    new.insert(hyphen, '-');
                }
                edits.push((at..at + length, new));
                at += length;
                continue;
            }
            let word = &text[at..end];
            let is_ending = at > 0 && text.as_bytes()[at - 1] == b'.' && at > part.start + 1 && is_file_ending(word);
            if is_ending || kept.contains(&word.to_ascii_lowercase().as_str()) {
                self.dictionary.keep(word);
            } else if let Some(digits) = word.strip_prefix("att").filter(|digits| self.digits(digits).is_some()) {
                // The ids of attachments in some versions of the REST interface.
                edits.extend(self.digits(digits).map(|new| (end - digits.len()..end, new)));
            } else {
                let zeros = word.len() - word.trim_start_matches('0').len();
                let (kind, start) = match word {
                    word if word.bytes().all(|byte| byte == b'0') => (WordKind::Text, 0),
                    word if word.bytes().all(|byte| byte.is_ascii_digit()) => (WordKind::Digits, zeros),
                    word if is_hex(word) => (WordKind::Hex, 0),
                    _ => (WordKind::Text, 0),
                };
                let new = self.word(kind, &word[start..]);
                edits.push((at + start..end, new));
            }
            at = end;
        }
    }

    /// What stands for a word, with its upper and lower case.
    fn word(&mut self, kind: WordKind, word: &str) -> String {
        let key: String = word.chars().map(lower).collect();
        let new = self.dictionary.replace(kind, &key);
        if key == word {
            return new;
        }
        let mut cases = word.chars().map(|character| lower(character) != character);
        let mut is_upper = false;
        new.chars()
            .map(|character| {
                is_upper = cases.next().unwrap_or(is_upper);
                if is_upper { upper(character) } else { character }
            })
            .collect()
    }

    /// What changes in a URL with a scheme.
    fn url_edits(&mut self, url: &str) -> Vec<TextEdit> {
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

    /// Replaces a host; its port stays.
    pub(super) fn host(&mut self, authority: &str) -> Option<String> {
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
        if let Ok(address) = bare.parse::<std::net::IpAddr>() {
            if address.is_loopback() || address.is_unspecified() {
                return None;
            }
            let kind = if address.is_ipv4() { WordKind::Address } else { WordKind::LongAddress };
            let new = self.dictionary.replace(kind, bare);
            return Some(format!("{}{port}", host.replace(bare, &new)));
        }
        let lower = host.to_ascii_lowercase();
        let is_in =
            |domain: &str| lower.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        if host.is_empty() || lower == "localhost" || OWN_DOMAINS.into_iter().any(is_in) {
            self.dictionary.keep(host);
            return None;
        }
        let names = match SITE_DOMAINS.into_iter().find(|domain| is_in(domain)) {
            Some(domain) => host.len() - domain.len(),
            None => host.rfind('.').map_or(host.len(), |at| at + 1),
        };
        let (names, end) = host.split_at(names);
        let end = if SITE_DOMAINS.contains(&end) || RESERVED.contains(&end) || end.is_empty() {
            end
        } else {
            self.dictionary.learn(end);
            "example"
        };
        self.dictionary.keep(end);
        let mut labels = Vec::new();
        for label in names.split('.') {
            if HOST_LABELS.contains(&label) {
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

    /// What changes in a path with a query and a fragment.
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

    fn parameter_edits(&mut self, parameter: &str) -> Vec<TextEdit> {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        let mut edits = Vec::new();
        if is_parameter(name) || self.is_key_kept(name) {
            self.dictionary.keep(name);
        } else {
            edits.extend(self.encoded_edits(name, &[]));
        }
        if is_plain_parameter(name) || KnownEvent::find(value).is_some() {
            self.dictionary.keep(value);
        } else if !value.is_empty() {
            edits.extend(shifted(self.encoded_edits(value, &[]), name.len() + 1));
        }
        edits
    }

    fn path_edits(&mut self, path: &str) -> Vec<TextEdit> {
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

    /// What changes in a part of a URL, as one edit.
    fn encoded_edits(&mut self, part: &str, kept: &[&str]) -> Vec<TextEdit> {
        if !part.contains('%') {
            return self.text_edits(part, kept);
        }
        let new = Encoding::Percent.rewrite(part, |decoded| self.text_edits(decoded, kept));
        new.map(|new| vec![(0..part.len(), new)]).unwrap_or_default()
    }

    /// What changes in the value of a header that authenticates.
    pub(super) fn credentials(&mut self, value: &str) -> String {
        let edits = self.text_edits(value, CREDENTIAL_WORDS);
        apply(value, &edits)
    }
}

fn shifted(edits: Vec<TextEdit>, by: usize) -> impl Iterator<Item = TextEdit> {
    edits.into_iter().map(move |(range, new)| (range.start + by..range.end + by, new))
}

fn is_word_character(character: char) -> bool {
    character.is_alphanumeric() || is_picture(character)
}

/// The next URL with a scheme in a text.
fn find_url(text: &str, from: usize) -> Option<(usize, usize)> {
    let start = ["https://", "http://"].iter().filter_map(|scheme| text[from..].find(scheme)).min()? + from;
    let is_end = |character: char| character.is_whitespace() || "\"'<>`\\".contains(character);
    Some((start, text[start..].find(is_end).map_or(text.len(), |length| start + length)))
}

/// The length of the domain of a mail address, which begins here.
fn mail_domain(text: &str, at: usize, end: usize) -> Option<usize> {
    let is_local =
        text[..at - 1].ends_with(|character: char| character.is_alphanumeric() || "._%+-".contains(character));
    let domain = &text[at..end];
    let length = domain.find(|c: char| !c.is_alphanumeric() && c != '.' && c != '-').unwrap_or(domain.len());
    let domain = domain[..length].trim_end_matches(['.', '-']);
    (is_local && domain.contains('.') && !domain.starts_with('.')).then_some(domain.len())
}

/// The length of a UUID that a text begins with.
fn uuid(text: &str) -> Option<usize> {
    const LENGTH: usize = 36;
    let bytes = text.as_bytes().get(..LENGTH)?;
    let is_uuid = bytes.iter().enumerate().all(|(at, byte)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    });
    let ends = || !text[LENGTH..].starts_with(is_word_character);
    (is_uuid && ends()).then_some(LENGTH)
}

fn is_hex(word: &str) -> bool {
    let has = |kind: fn(&u8) -> bool| word.as_bytes().iter().any(kind);
    word.len() >= HEX
        && word.bytes().all(|byte| byte.is_ascii_hexdigit())
        && has(u8::is_ascii_digit)
        && !(has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase))
}

/// `2026`, `01`, `15`
fn is_date(segments: &[&str]) -> bool {
    let is_number =
        |segment: &str, length| segment.len() == length && segment.bytes().all(|byte| byte.is_ascii_digit());
    matches!(segments, [year, month, day] if is_number(year, 4) && is_number(month, 2) && is_number(day, 2))
}

/// Does it look like the name of a member that a programmer chose?
fn is_identifier(key: &str) -> bool {
    key.len() <= 40
        && key.starts_with(|first: char| first.is_ascii_lowercase() || first == '_')
        && key.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_')
}

/// `page`, `title` and `pagetitle` for `pageTitle`.
fn words_of_identifier(key: &str) -> impl Iterator<Item = String> {
    let mut spaced = String::new();
    for character in key.chars() {
        if character.is_ascii_uppercase() {
            spaced.push(' ');
        }
        spaced.push(character);
    }
    let parts: Vec<String> = words_of(&spaced).collect();
    parts.into_iter().chain(words_of(key)).chain([key.to_ascii_lowercase()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::gzip::gzip;

    /// Redacts bodies that were all read before.
    fn redact<const N: usize>(bodies: [&str; N]) -> [String; N] {
        let mut redactor = Redactor::new(7);
        for body in bodies {
            redactor.body(body.as_bytes());
        }
        redactor.complete();
        bodies.map(|body| String::from_utf8(redactor.body(body.as_bytes())).expect("UTF-8"))
    }

    fn value(body: &str) -> String {
        let value: serde_json::Value = serde_json::from_str(body).expect("JSON");
        value.as_object().and_then(|members| members.values().next()?.as_str()).expect("a text").to_owned()
    }

    #[test]
    fn a_title_is_the_same_in_every_spelling() {
        let bodies = [
            r#"{"title":"Crème Brûlée 週次 Plan"}"#,
            r#"{"title":"Cr\u00e8me Br\u00FBl\u00e9e \u9031次 Plan"}"#,
            r#"{"title":"CRÈME brûlée 週次 plan"}"#,
            r#"{"self":"https://acme.atlassian.net/wiki/spaces/ACME/pages/123456/Cr%C3%A8me+Br%C3%BBl%C3%A9e+%E9%80%B1%E6%AC%A1+Plan"}"#,
            r#"{"excerpt":"<p>Cr&#232;me Br&#xfb;l&#xe9;e 週次 Plan</p>"}"#,
        ];
        let redacted = redact(bodies);
        let title = value(&redacted[0]);
        assert_eq!(value(&redacted[1]), title);
        assert!(redacted[1].contains("\\u00"), "the escapes stay: {}", redacted[1]);
        assert_eq!(value(&redacted[2]).to_lowercase(), title.to_lowercase());
        let url = value(&redacted[3]);
        let decoded = percent_encoding::percent_decode_str(&url).decode_utf8().expect("UTF-8").replace('+', " ");
        assert!(decoded.ends_with(&format!("/{title}")), "{decoded} {title}");
        assert!(
            url.starts_with("https://") && url.contains(".atlassian.net/wiki/spaces/") && url.contains("/pages/"),
            "{url}"
        );
        let html = value(&redacted[4]);
        let decoded = super::super::encoded::decode_all(Encoding::Html, &html).into_owned();
        assert!(decoded.contains(&title), "{decoded} {title}");
        for word in ["acme", "crème", "brûlée", "plan", "123456"] {
            assert!(redacted.iter().all(|body| !body.to_lowercase().contains(word)), "{word}: {redacted:?}");
        }
    }

    #[test]
    fn values_keep_their_form() {
        let [body] = redact([concat!(
            r#"{"event":"page_created","timestamp":1768469400000,"userAccountId":"557058:416b4511-29dd-4fac-be5d-fb222741c45b","#,
            r#""page":{"id":"9007199254740995","spaceId":-12345.0,"version":{"number":12345,"when":"2026-01-15T09:30:00Z"},"#,
            r#""status":"current","title":"😀 שלום","email":"jane.doe@acme.com","spaceKey":"~55705841"},"#,
            r#""userKey":"416b451129dd4facbe5dfb222741c45b","context":"ari:cloud:confluence::site/416b4511-29dd-4fac-be5d-fb222741c45b"}"#,
        )]);
        let value: serde_json::Value = serde_json::from_str(&body).expect("JSON");
        assert_eq!((&value["event"], &value["timestamp"]), (&"page_created".into(), &1_768_469_400_000_i64.into()));
        assert_eq!(value["page"]["version"]["number"], 12345);
        assert_eq!(value["page"]["version"]["when"], "2026-01-15T09:30:00Z");
        assert_eq!(value["page"]["status"], "current");
        let text = |pointer: &str| value.pointer(pointer).and_then(serde_json::Value::as_str).expect("a text");
        assert!(text("/page/id").parse::<u64>().expect("a number") > 1 << 53);
        assert!(body.contains(r#""spaceId":-"#) && body.contains(".0,"), "{body}");
        assert!(text("/page/email").ends_with("@example.com") && !body.contains("jane"), "{body}");
        let uuid = text("/userAccountId").split_once(':').expect("two parts").1;
        assert_eq!(uuid.len(), 36);
        assert_eq!((&uuid[14..15], &uuid[19..20]), ("4", "b"), "version and variant");
        assert_eq!(uuid.replace('-', ""), text("/userKey"));
        assert_eq!(text("/context"), format!("ari:cloud:confluence::site/{uuid}"));
        assert!(text("/page/title").chars().any(is_picture), "{body}");
        assert!(text("/page/title").chars().any(|character| ('\u{590}'..'\u{600}').contains(&character)), "{body}");
    }

    #[test]
    fn what_is_not_json_stays_so_at_the_same_place() {
        for body in [
            r#"{"title":"Secret"#,
            r#"{"title":"Sec\x ret\u12g4"}"#,
            "{title: 'Secret'}",
            r#"{"title":"Secret",}"#,
            "Secret 123456",
        ] {
            let [redacted] = redact([body]);
            let error = |body: &str| crate::json::parse(body.as_bytes()).map(drop).map_err(|error| error.span.start);
            assert_eq!(error(&redacted), error(body), "{redacted}");
            assert!(!redacted.contains("Sec") && !redacted.contains("123456"), "{redacted}");
        }
        let mut redactor = Redactor::new(1);
        let latin = b"{\"title\":\"Secret caf\xe9\"}";
        let packed = gzip(b"{\"title\":\"Secret\"}");
        let wide: Vec<u8> = "{\"title\":\"Secret\"}".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for body in [&latin[..], &packed, &wide] {
            redactor.body(body);
        }
        redactor.complete();
        let redacted = redactor.body(latin);
        assert_eq!((redacted.len(), redacted[latin.len() - 3]), (latin.len(), 0xE9));
        let unpacked = crate::models::gzip::gunzip(&redactor.body(&packed), 1000).expect("gzip");
        assert!(unpacked.starts_with(b"{\"title\":\"") && !unpacked.ends_with(b"Secret\"}"));
        assert_eq!(redactor.body(&wide).len(), wide.len());
        assert_ne!(redactor.body(&wide), wide);
    }

    #[test]
    fn names_of_members_stay_unless_their_words_are_replaced() {
        let [body] =
            redact([r#"{"brandNew":1,"acmeCorp":2,"Jane Doe":3,"title":"Acme Corporation","idAsString":"42"}"#]);
        let value: serde_json::Value = serde_json::from_str(&body).expect("JSON");
        assert_eq!(value["brandNew"], 1);
        assert_eq!(value["idAsString"], "42", "short numbers identify nobody");
        assert!(value.get("acmeCorp").is_none() && value.get("Jane Doe").is_none(), "{body}");
    }

    #[test]
    fn the_same_seed_gives_the_same_words_and_another_one_others() {
        let draw = |seed: u64| {
            let mut redactor = Redactor::new(seed);
            redactor.body(br#"{"title":"Quarterly Plan"}"#);
            redactor.complete();
            redactor.body(br#"{"title":"Quarterly Plan"}"#)
        };
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
    }

    #[test]
    fn verification_finds_words_in_every_spelling() {
        let mut redactor = Redactor::new(1);
        redactor.body(r#"{"title":"Brûlée"}"#.as_bytes());
        redactor.complete();
        for left in [r"x Br\u00fbl\u00e9e", "/Br%C3%BBl%C3%A9e?", "BRÛLÉE", "br&#251;l&#xE9;e"] {
            assert_eq!(redactor.leftovers(left.as_bytes()).len(), 1, "{left}");
        }
        let redacted = redactor.body(r#"{"title":"Brûlée"}"#.as_bytes());
        assert!(redactor.leftovers(&redacted).is_empty());
    }
}
