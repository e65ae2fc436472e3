//! Redacts text, URLs and keys. The same code first collects the words of a folder and then replaces them.

use std::collections::BTreeSet;

use crate::profiles::KnownEvent;

use super::dictionary::{Dictionary, WordKind, is_picture};
use super::encoded::{NAMED, TextEdit, apply, shifted};
use super::forms::{SHORT, find_url, is_identifier, words_of_identifier};
use super::vocabulary::{PlainWords, is_event_key, is_measure, is_time};

/// Words in names of events, resources and algorithms. They stay unchanged in such names.
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
/// Words of the capture format and the journal.
const FORM: &str = "POST HTTP localhost example \
    number at event subject target bytes auth signature verdict findings omitted status fault ms capture forwarded response \
    profile spec cloud datacenter forge \
    rule severity pointer header line column message url error headers body base64 truncated name value null true false";
/// Words in headers with credentials.
const CREDENTIAL_WORDS: &[&str] = &["basic", "bearer", "jwt", "sha1", "sha256", "sha512"];

/// Redacts deliveries.
#[derive(Debug)]
pub struct Redactor {
    pub(super) dictionary: Dictionary,
    vocabulary: PlainWords,
    /// The new apps and installations in tokens.
    pub(super) app_ids: BTreeSet<String>,
    pub(super) client_keys: BTreeSet<String>,
}

impl Redactor {
    /// Creates a redactor with a seed. Anyone who knows the seed and the original words can compute the replacements.
    pub fn new(seed: u64) -> Self {
        let mut dictionary = Dictionary::new(seed);
        dictionary.keep(FORM);
        dictionary.keep(&NAMED.join(" "));
        let (app_ids, client_keys) = (BTreeSet::new(), BTreeSet::new());
        Self { dictionary, vocabulary: PlainWords::new(), app_ids, client_keys }
    }
    /// Returns whether a document declares a header.
    pub(super) fn has_header(&self, lower: &str) -> bool {
        self.vocabulary.has_header(lower)
    }
    /// Draws the replacements of all words. From now on, words are replaced.
    pub fn complete(&mut self) {
        self.dictionary.complete();
        // The tokens so far are original.
        self.app_ids.clear();
        self.client_keys.clear();
    }
    /// Redacts text.
    pub fn text(&mut self, text: &str) -> String {
        let edits = self.text_edits(text, &[]);
        apply(text, &edits)
    }
    /// Redacts the quoted values in a message of `cfwh`, and nothing else in it.
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
    /// Returns the edits of ids in a message of `cfwh`.
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
    /// Returns the edits of a value. Empty if the value identifies nobody.
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
    /// Returns the edits of a key.
    pub(super) fn key_edits(&mut self, key: &str) -> Vec<TextEdit> {
        if self.is_key_kept(key) {
            self.leave_key(key);
            return Vec::new();
        }
        self.text_edits(key, &[])
    }
    /// Records a key that stays unchanged.
    pub(super) fn leave_key(&mut self, key: &str) {
        if self.vocabulary.has_key(key) {
            self.dictionary.keep(key);
        } else {
            self.dictionary.avoid(key);
        }
    }
    /// Returns whether a key stays unchanged: a declared key, or an identifier without words that are replaced elsewhere.
    pub(super) fn is_key_kept(&self, key: &str) -> bool {
        self.vocabulary.has_key(key)
            || is_identifier(key) && words_of_identifier(key).all(|word| !self.dictionary.is_replaced(&word))
    }
    /// Returns the replacement of a number in any notation.
    pub(super) fn number(&mut self, key: &str, number: &str) -> Option<String> {
        if is_measure(key) {
            self.dictionary.keep(number);
            return None;
        }
        let (mantissa, exponent) = number.find(['e', 'E']).map_or((number, ""), |at| number.split_at(at));
        let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        // An id such as 123456 may be written as 1.23456e5.
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
        let mut new = match self.digits(&integer[start..]) {
            Some(new) => format!("{}{new}", &number[..start]),
            None => integer.to_owned(),
        };
        let zeros = fraction.len() - fraction.trim_start_matches('0').len();
        let significant = integer.len() - start + fraction.len();
        let is_exact = significant - if integer.len() == start { zeros } else { 0 } >= SHORT;
        if is_exact && zeros < fraction.len() && fraction.bytes().all(|byte| byte.is_ascii_digit()) {
            // Coordinates may identify a place, and amounts a person.
            new.push('.');
            new.push_str(&fraction[..zeros]);
            new.push_str(&self.dictionary.replace(WordKind::Digits, &fraction[zeros..]));
        } else {
            new.push_str(&number[integer.len()..mantissa.len()]);
        }
        new.push_str(exponent);
        (new != number).then_some(new)
    }
    /// Returns the edits of text: words, URLs, and domains of email addresses.
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
    /// Redacts the value of a header with credentials.
    pub(super) fn credentials(&mut self, value: &str) -> String {
        let edits = self.text_edits(value, CREDENTIAL_WORDS);
        apply(value, &edits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::gzip::gzip;

    /// Redacts bodies after reading all of them.
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
        let decoded = super::super::encoded::decode_all(super::super::encoded::Encoding::Html, &html).into_owned();
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
    fn invalid_json_stays_invalid_at_the_same_place() {
        for body in [
            r#"{"title":"Secret"#,
            r#"{"title":"Sec\x ret\u12g4"}"#,
            "{title: 'Secret'}",
            r#"{"title":"Secret",}"#,
            "Secret 123456",
            r#"{"title":"Secret">10.20.30.40}"#,
        ] {
            let [redacted] = redact([body]);
            let error = |body: &str| crate::json::parse(body.as_bytes()).map(drop).map_err(|error| error.span.start);
            assert_eq!(error(&redacted), error(body), "{redacted}");
            assert!(!["Sec", "123456", "10.20.30.40"].iter().any(|word| redacted.contains(word)), "{redacted}");
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
    fn the_replacements_depend_on_the_seed() {
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
