//! The JSON of a body as other libraries rewrite it. Signing rewritten JSON instead of the raw bytes is by far the most common
//! mistake.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use super::bodies::BYTE_ORDER_MARK;
use super::json_numbers::Numbers;
use crate::auth::explanation::Cause;
use crate::json::{self, Member, Node, SyntaxError, Value};

/// How a library writes JSON.
#[derive(Clone, Copy, Debug)]
pub(super) struct Form {
    layout: Layout,
    order: Order,
    escapes: Escapes,
    numbers: Numbers,
    /// Whether null members are omitted.
    drops_null: bool,
}

/// The white space between tokens.
#[derive(Clone, Copy, Debug)]
struct Layout {
    comma: &'static str,
    colon: &'static str,
    /// The number of spaces per level. `None` writes one line.
    indent: Option<usize>,
}

#[derive(Clone, Copy, Debug)]
enum Order {
    Kept,
    Sorted,
    /// The order of JavaScript: keys that are array indices first, by value.
    IndicesFirst,
}

/// The characters that are escaped besides those that JSON requires.
#[derive(Clone, Copy, Debug)]
struct Escapes {
    /// Whether a slash is written as `\/`.
    slash: bool,
    /// Whether a character is written as `\u00e9`.
    unicode: fn(char) -> bool,
    /// Whether escapes are in upper case: `\u00E9`.
    upper_case: bool,
}

const HELP: &str = "sign and verify the raw bytes of the request: save them before a framework parses them";

const fn rewritten(id: &'static str, message: &'static str) -> Cause {
    Cause::new(id, message, HELP)
}

const COMPACT: Layout = Layout { comma: ",", colon: ":", indent: None };
const SPACED: Layout = Layout { comma: ", ", colon: ": ", indent: None };

const fn indented(width: usize) -> Layout {
    Layout { comma: ",", colon: ": ", indent: Some(width) }
}

const REQUIRED: Escapes = Escapes { slash: false, unicode: |_| false, upper_case: false };
const SLASH: Escapes = Escapes { slash: true, ..REQUIRED };
/// Python's escapes. It escapes DEL too.
const ASCII: Escapes = Escapes { unicode: |character| character >= '\u{7f}', ..REQUIRED };
const PHP: Escapes = Escapes { slash: true, unicode: |character| !character.is_ascii(), ..REQUIRED };
const GO: Escapes =
    Escapes { unicode: |character| matches!(character, '<' | '>' | '&' | '\u{2028}' | '\u{2029}'), ..REQUIRED };
/// `GsonBuilder` without `disableHtmlEscaping`.
const GSON: Escapes = Escapes {
    unicode: |character| matches!(character, '<' | '>' | '&' | '=' | '\'' | '\u{2028}' | '\u{2029}'),
    ..REQUIRED
};
/// `JavaScriptEncoder.Default`.
const DOT_NET: Escapes = Escapes {
    unicode: |character| character >= '\u{7f}' || matches!(character, '<' | '>' | '&' | '\'' | '"' | '+' | '`'),
    upper_case: true,
    ..REQUIRED
};

const PLAIN: Form =
    Form { layout: COMPACT, order: Order::Kept, escapes: REQUIRED, numbers: Numbers::AsWritten, drops_null: false };

/// The forms to try, the most likely first.
#[rustfmt::skip]
pub(super) static FORMS: [(Cause, Form); 26] = [
    (rewritten("javascript-json", "JSON.stringify(JSON.parse(body)) was signed"), Form { order: Order::IndicesFirst, numbers: Numbers::JavaScript, ..PLAIN }),
    (rewritten("minified-json", "the JSON was parsed and minified"), PLAIN),
    (rewritten("python-json", "Python's json.dumps(json.loads(body)) was signed"), Form { layout: SPACED, escapes: ASCII, numbers: Numbers::Python, ..PLAIN }),
    (rewritten("python-compact-json", "Python's json.dumps(…, separators=(',', ':')) was signed"), Form { escapes: ASCII, numbers: Numbers::Python, ..PLAIN }),
    (rewritten("python-unicode-json", "Python's json.dumps(…, ensure_ascii=False) was signed"), Form { layout: SPACED, numbers: Numbers::Python, ..PLAIN }),
    (rewritten("python-sorted-json", "Python's json.dumps(…, sort_keys=True) was signed"), Form { layout: SPACED, order: Order::Sorted, escapes: ASCII, numbers: Numbers::Python, ..PLAIN }),
    (rewritten("python-compact-sorted-json", "Python's json.dumps(…, separators=(',', ':'), sort_keys=True) was signed"), Form { order: Order::Sorted, escapes: ASCII, numbers: Numbers::Python, ..PLAIN }),
    (rewritten("php-json", "PHP's json_encode(json_decode($body)) was signed, which escapes slashes and non-ASCII characters"), Form { escapes: PHP, ..PLAIN }),
    (rewritten("go-json", "Go's json.Marshal of a map was signed, which sorts keys and escapes <, > and &"), Form { order: Order::Sorted, escapes: GO, numbers: Numbers::JavaScript, ..PLAIN }),
    (rewritten("go-struct-json", "Go's json.Marshal of a struct was signed, which escapes <, > and &"), Form { escapes: GO, ..PLAIN }),
    (rewritten("sorted-json", "the JSON was parsed and minified, with sorted keys"), Form { order: Order::Sorted, ..PLAIN }),
    (rewritten("ascii-json", "the JSON was parsed and minified, with non-ASCII characters escaped"), Form { escapes: ASCII, ..PLAIN }),
    (rewritten("slash-escaped-json", "the JSON was parsed and minified, with escaped slashes"), Form { escapes: SLASH, ..PLAIN }),
    (rewritten("pretty-json-2", "the JSON was parsed and indented with two spaces"), Form { layout: indented(2), ..PLAIN }),
    (rewritten("pretty-json-4", "the JSON was parsed and indented with four spaces"), Form { layout: indented(4), ..PLAIN }),
    (rewritten("javascript-pretty-json-2", "JSON.stringify(JSON.parse(body), null, 2) was signed"), Form { layout: indented(2), order: Order::IndicesFirst, numbers: Numbers::JavaScript, ..PLAIN }),
    (rewritten("javascript-pretty-json-4", "JSON.stringify(JSON.parse(body), null, 4) was signed"), Form { layout: indented(4), order: Order::IndicesFirst, numbers: Numbers::JavaScript, ..PLAIN }),
    (rewritten("python-pretty-json-2", "Python's json.dumps(…, indent=2) was signed"), Form { layout: indented(2), escapes: ASCII, numbers: Numbers::Python, ..PLAIN }),
    (rewritten("python-pretty-json-4", "Python's json.dumps(…, indent=4) was signed"), Form { layout: indented(4), escapes: ASCII, numbers: Numbers::Python, ..PLAIN }),
    (rewritten("python-pretty-sorted-json-2", "Python's json.dumps(…, indent=2, sort_keys=True) was signed"), Form { layout: indented(2), order: Order::Sorted, escapes: ASCII, numbers: Numbers::Python, ..PLAIN }),
    (rewritten("gson-json", "Gson's toJson(JsonParser.parseString(body)) was signed, which escapes <, >, &, = and ' and omits nulls"), Form { escapes: GSON, drops_null: true, ..PLAIN }),
    (rewritten("gson-nulls-json", "Gson's toJson with serializeNulls was signed, which escapes <, >, &, = and '"), Form { escapes: GSON, ..PLAIN }),
    (rewritten("gson-map-json", "Gson's toJson(fromJson(body, Map.class)) was signed, which turns integers into 1.0"), Form { escapes: GSON, numbers: Numbers::Java, drops_null: true, ..PLAIN }),
    (rewritten("system-text-json", "System.Text.Json's JsonSerializer.Serialize was signed, which escapes quotes, <, >, &, ', +, ` and non-ASCII characters"), Form { escapes: DOT_NET, ..PLAIN }),
    (rewritten("system-text-json-indented", "System.Text.Json's JsonSerializer.Serialize with WriteIndented was signed"), Form { layout: indented(2), escapes: DOT_NET, ..PLAIN }),
    (rewritten("minified-without-nulls-json", "the JSON was parsed and minified, without nulls"), Form { drops_null: true, ..PLAIN }),
];

/// Returns the body in every form, without its byte order mark.
///
/// # Errors
///
/// Returns an error if the body is not JSON.
pub(super) fn all(body: &[u8]) -> Result<impl Iterator<Item = (Cause, Vec<u8>)>, SyntaxError> {
    let body = body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body);
    let tree = json::parse(body)?;
    Ok(FORMS.iter().map(move |(cause, form)| {
        let mut writer = Writer { form, body, text: String::with_capacity(body.len() + body.len() / 4), depth: 0 };
        writer.value(&tree);
        (cause.clone(), writer.text.into_bytes())
    }))
}

struct Writer<'a> {
    form: &'a Form,
    /// The original body.
    body: &'a [u8],
    text: String,
    /// The number of open arrays and objects.
    depth: usize,
}

impl Writer<'_> {
    fn value(&mut self, node: &Node<'_>) {
        match &node.value {
            Value::Null => self.text.push_str("null"),
            Value::Boolean(value) => self.text.push_str(if *value { "true" } else { "false" }),
            Value::Number(number) => self.text.push_str(&self.form.numbers.write(number)),
            Value::String(text) => self.string(text, node.span()),
            Value::Array(items) => self.items(['[', ']'], items, Self::value),
            Value::Object(members) => {
                self.items(['{', '}'], &ordered_members(members, self.form), |writer, member| {
                    writer.string(&member.key, member.key_span());
                    writer.text.push_str(writer.form.layout.colon);
                    writer.value(&member.node);
                });
            }
        }
    }

    fn items<T>(&mut self, [open, close]: [char; 2], items: &[T], write: impl Fn(&mut Self, &T)) {
        self.text.push(open);
        self.depth += 1;
        for (index, item) in items.iter().enumerate() {
            self.text.push_str(if index > 0 { self.form.layout.comma } else { "" });
            self.break_line();
            write(self, item);
        }
        self.depth -= 1;
        if !items.is_empty() {
            self.break_line();
        }
        self.text.push(close);
    }

    fn break_line(&mut self) {
        if let Some(width) = self.form.layout.indent {
            self.text.push('\n');
            self.text.extend(std::iter::repeat_n(' ', width * self.depth));
        }
    }

    /// Writes a string. `token` is its place in the body.
    fn string(&mut self, text: &str, token: Range<usize>) {
        let has_replaced = text.contains(char::REPLACEMENT_CHARACTER);
        let token = if has_replaced { String::from_utf8_lossy(&self.body[token]) } else { Cow::Borrowed("") };
        let mut replaced = replaced_units(&token).into_iter();
        self.text.push('"');
        let mut written = 0;
        for (index, character) in text.char_indices() {
            let unpaired = if character == char::REPLACEMENT_CHARACTER { replaced.next().flatten() } else { None };
            let unpaired = unpaired.map(|unit| self.form.escapes.escape_unit(unit).into());
            if let Some(escaped) = unpaired.or_else(|| self.form.escapes.escape(character)) {
                self.text.push_str(&text[written..index]);
                self.text.push_str(&escaped);
                written = index + character.len_utf8();
            }
        }
        self.text.push_str(&text[written..]);
        self.text.push('"');
    }
}

impl Escapes {
    /// Returns the escape of a character, or `None` if it needs none.
    fn escape(self, character: char) -> Option<Cow<'static, str>> {
        let escaped = match character {
            _ if (self.unicode)(character) => return Some(self.unicode_escape(character).into()),
            '"' => "\\\"",
            '\\' => "\\\\",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            '\u{8}' => "\\b",
            '\u{c}' => "\\f",
            '\0'..='\u{1f}' => return Some(self.unicode_escape(character).into()),
            '/' if self.slash => "\\/",
            _ => return None,
        };
        Some(escaped.into())
    }

    /// Returns `\u` and four hex digits for each UTF-16 unit.
    fn unicode_escape(self, character: char) -> String {
        character.encode_utf16(&mut [0; 2]).iter().map(|unit| self.escape_unit(*unit)).collect()
    }

    fn escape_unit(self, unit: u16) -> String {
        if self.upper_case { format!("\\u{unit:04X}") } else { format!("\\u{unit:04x}") }
    }
}

/// Returns, for each U+FFFD in a decoded string, the unpaired surrogate that it replaces, or `None` if the body itself has U+FFFD.
/// Other libraries keep unpaired surrogates.
fn replaced_units(token: &str) -> Vec<Option<u16>> {
    let mut units = Vec::new();
    let mut rest = token.char_indices();
    let unit_at = |at: usize| u16::from_str_radix(token.get(at..at + 6)?.strip_prefix("\\u")?, 16).ok();
    while let Some((at, character)) = rest.next() {
        let unit = if character == '\\' { unit_at(at) } else { None };
        match (character, unit) {
            (char::REPLACEMENT_CHARACTER, _) | (_, Some(0xFFFD)) => units.push(None),
            // Skip the second escape of a pair.
            (_, Some(0xD800..=0xDBFF)) if unit_at(at + 6).is_some_and(|low| (0xDC00..=0xDFFF).contains(&low)) => {
                let _ = rest.nth(10);
            }
            (_, Some(unit @ 0xD800..=0xDFFF)) => units.push(Some(unit)),
            // Skip the escaped character: it may be a backslash.
            ('\\', None) => _ = rest.next(),
            _ => {}
        }
    }
    units
}

/// Returns the members in the order of the form. A repeated key keeps its first place and its last value, as in most parsers.
fn ordered_members<'m, 'a>(members: &'m [Member<'a>], form: &Form) -> Vec<&'m Member<'a>> {
    // Most objects are small, and comparing a few keys is faster than hashing them.
    const SMALL: usize = 16;
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut kept: Vec<&Member<'_>> = Vec::with_capacity(members.len());
    for member in members {
        let place = if members.len() <= SMALL {
            kept.iter().position(|known| known.key == member.key).unwrap_or(kept.len())
        } else {
            *places.entry(member.key.as_ref()).or_insert(kept.len())
        };
        if place == kept.len() {
            kept.push(member);
        } else {
            kept[place] = member;
        }
    }
    if form.drops_null {
        kept.retain(|member| !matches!(member.node.value, Value::Null));
    }
    match form.order {
        Order::Kept => {}
        Order::Sorted => kept.sort_by(|a, b| a.key.cmp(&b.key)),
        Order::IndicesFirst if kept.iter().all(|member| array_index(&member.key).is_none()) => {}
        Order::IndicesFirst => kept.sort_by_key(|member| array_index(&member.key).map_or(u64::MAX, u64::from)),
    }
    kept
}

/// Returns an array index: a canonical number below 2^32 - 1 (ECMA-262).
fn array_index(key: &str) -> Option<u32> {
    if !key.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let index: u32 = key.parse().ok().filter(|&index| index != u32::MAX)?;
    (index.to_string() == key).then_some(index)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(id: &str, body: &str) -> String {
        let (_, text) =
            all(body.as_bytes()).expect("JSON").find(|(cause, _)| cause.id == id).expect("a form of this name");
        String::from_utf8(text).expect("text")
    }

    /// The expected texts are the output of Node 20 and Python 3.11, and the documented behavior of Go and PHP.
    #[test]
    fn json_is_rewritten_as_libraries_write_it() {
        let body = "{ \"b\": [1.0, 1e3, 1E21, 1.5e-7, 0.00001, -0, -0.0, 12345678901234567890, 1e16, 0.1],\n \
                    \"10\": \"é/😀<&>\\u2028\", \"9\": {}, \"b\": [], \"a\": {\"\\u0001\\b\": \"\\u007f\"} }";
        assert_eq!(
            written("javascript-json", body),
            "{\"9\":{},\"10\":\"é/😀<&>\u{2028}\",\"b\":[],\"a\":{\"\\u0001\\b\":\"\u{7f}\"}}"
        );
        assert_eq!(
            written("python-json", body),
            "{\"b\": [], \"10\": \"\\u00e9/\\ud83d\\ude00<&>\\u2028\", \"9\": {}, \"a\": {\"\\u0001\\b\": \"\\u007f\"}}"
        );
        assert_eq!(
            written("python-pretty-json-2", "{\"a\":[1,{\"b\":[]}],\"c\":{}}"),
            "{\n  \"a\": [\n    1,\n    {\n      \"b\": []\n    }\n  ],\n  \"c\": {}\n}"
        );
        assert_eq!(written("go-json", "{\"b\":\"<é/>\",\"a\":1.0}"), "{\"a\":1,\"b\":\"\\u003cé/\\u003e\"}");
        assert_eq!(written("php-json", "{\"a\":\"é/\"}"), "{\"a\":\"\\u00e9\\/\"}");
    }

    /// The expected texts are the output of Python 3.11 and Node 20.
    #[test]
    fn unpaired_surrogates_are_kept() {
        let body = r#"{"\uDC00" : "\uD83D\ude00 \\uD800 \uD800x\uFFFD�\udfff\uD800\uD83D\uDE00"}"#;
        let python = r#"{"\udc00": "\ud83d\ude00 \\uD800 \ud800x\ufffd\ufffd\udfff\ud800\ud83d\ude00"}"#;
        assert_eq!(written("python-json", body), python);
        assert_eq!(written("javascript-json", r#"{"a": "x\uD800"}"#), r#"{"a":"x\ud800"}"#);
    }
}
