//! A body's JSON as the libraries of other languages rewrite it: by far the commonest thing that is signed instead of
//! the raw bytes.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write;

use crate::json::{self, Member, Node, Value};

use crate::auth::explanation::Cause;

/// One way of rewriting JSON.
#[derive(Clone, Copy, Debug)]
pub(super) struct Form {
    id: &'static str,
    message: &'static str,
    layout: Layout,
    order: Order,
    escapes: Escapes,
    numbers: Numbers,
}

#[derive(Clone, Copy, Debug)]
enum Layout {
    /// `{"a":1,"b":2}`
    Compact,
    /// `{"a": 1, "b": 2}`
    Spaced,
    /// On lines, indented by this number of spaces.
    Indented(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Kept,
    Sorted,
    /// As JavaScript objects have it: keys that are array indices first, by value.
    IndicesFirst,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Escapes {
    /// What JSON demands and no more.
    Needed,
    /// Everything outside ASCII as `\u00e9`.
    Ascii,
    /// The slash as `\/`.
    Slash,
    /// Both, as PHP does.
    AsciiAndSlash,
    /// `<`, `>`, `&`, U+2028 and U+2029, as Go does.
    Html,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Numbers {
    AsWritten,
    /// All numbers are doubles; exponents from 1e21 and below 1e-6 (ECMA-262, `Number::toString`).
    JavaScript,
    /// Integers of any length, floats with a point; exponents from 1e16 and below 1e-4 (`repr`).
    Python,
}

impl Escapes {
    /// Everything else goes as it is, in one piece.
    const fn may_escape(self, character: char) -> bool {
        match character {
            '\0'..='\u{1f}' | '"' | '\\' => true,
            '/' => matches!(self, Self::Slash | Self::AsciiAndSlash),
            '<' | '>' | '&' => matches!(self, Self::Html),
            '\u{7f}'.. => !matches!(self, Self::Needed | Self::Slash),
            _ => false,
        }
    }
}

impl Form {
    pub(super) const fn cause(&self) -> Cause {
        Cause {
            id: self.id,
            message: self.message,
            help: "sign and verify the raw bytes of the request: keep them before the framework parses them",
        }
    }
}

const PLAIN: Form = Form {
    id: "minified-json",
    message: "the JSON was parsed and rewritten, minified",
    layout: Layout::Compact,
    order: Order::Kept,
    escapes: Escapes::Needed,
    numbers: Numbers::AsWritten,
};

/// The forms that are tried, the likeliest first.
#[rustfmt::skip]
pub(super) const FORMS: [Form; 20] = [
    Form { id: "javascript-json", message: "JSON.stringify(JSON.parse(body)) was signed", order: Order::IndicesFirst, numbers: Numbers::JavaScript, ..PLAIN },
    PLAIN,
    Form { id: "python-json", message: "Python's json.dumps(json.loads(body)) was signed", layout: Layout::Spaced, escapes: Escapes::Ascii, numbers: Numbers::Python, ..PLAIN },
    Form { id: "python-compact-json", message: "Python's json.dumps(…, separators=(',', ':')) was signed", escapes: Escapes::Ascii, numbers: Numbers::Python, ..PLAIN },
    Form { id: "python-unicode-json", message: "Python's json.dumps(…, ensure_ascii=False) was signed", layout: Layout::Spaced, numbers: Numbers::Python, ..PLAIN },
    Form { id: "python-sorted-json", message: "Python's json.dumps(…, sort_keys=True) was signed", layout: Layout::Spaced, order: Order::Sorted, escapes: Escapes::Ascii, numbers: Numbers::Python },
    Form { id: "python-compact-sorted-json", message: "Python's json.dumps(…, separators=(',', ':'), sort_keys=True) was signed", order: Order::Sorted, escapes: Escapes::Ascii, numbers: Numbers::Python, ..PLAIN },
    Form { id: "php-json", message: "PHP's json_encode(json_decode($body)) was signed, which escapes slashes and all but ASCII", escapes: Escapes::AsciiAndSlash, ..PLAIN },
    Form { id: "go-json", message: "Go's json.Marshal of a map was signed, which sorts keys and escapes <, > and &", order: Order::Sorted, escapes: Escapes::Html, numbers: Numbers::JavaScript, ..PLAIN },
    Form { id: "go-struct-json", message: "Go's json.Marshal of a struct was signed, which escapes <, > and &", escapes: Escapes::Html, ..PLAIN },
    Form { id: "sorted-json", message: "the JSON was rewritten, minified, with sorted keys", order: Order::Sorted, ..PLAIN },
    Form { id: "ascii-json", message: "the JSON was rewritten, minified, with all but ASCII escaped", escapes: Escapes::Ascii, ..PLAIN },
    Form { id: "slash-escaped-json", message: "the JSON was rewritten, minified, with escaped slashes", escapes: Escapes::Slash, ..PLAIN },
    Form { id: "pretty-json-2", message: "the JSON was rewritten, indented by two spaces", layout: Layout::Indented(2), ..PLAIN },
    Form { id: "pretty-json-4", message: "the JSON was rewritten, indented by four spaces", layout: Layout::Indented(4), ..PLAIN },
    Form { id: "javascript-pretty-json-2", message: "JSON.stringify(JSON.parse(body), null, 2) was signed", layout: Layout::Indented(2), order: Order::IndicesFirst, numbers: Numbers::JavaScript, ..PLAIN },
    Form { id: "javascript-pretty-json-4", message: "JSON.stringify(JSON.parse(body), null, 4) was signed", layout: Layout::Indented(4), order: Order::IndicesFirst, numbers: Numbers::JavaScript, ..PLAIN },
    Form { id: "python-pretty-json-2", message: "Python's json.dumps(…, indent=2) was signed", layout: Layout::Indented(2), escapes: Escapes::Ascii, numbers: Numbers::Python, ..PLAIN },
    Form { id: "python-pretty-json-4", message: "Python's json.dumps(…, indent=4) was signed", layout: Layout::Indented(4), escapes: Escapes::Ascii, numbers: Numbers::Python, ..PLAIN },
    Form { id: "python-pretty-sorted-json-2", message: "Python's json.dumps(…, indent=2, sort_keys=True) was signed", layout: Layout::Indented(2), order: Order::Sorted, escapes: Escapes::Ascii, numbers: Numbers::Python },
];

/// The body in every form, where it is JSON.
pub(super) fn all(body: &[u8]) -> impl Iterator<Item = (&'static Form, Vec<u8>)> {
    let tree = json::parse(body).ok();
    FORMS.iter().map_while(move |form| {
        let mut text = String::with_capacity(body.len() + body.len() / 4);
        Writer { form, text: &mut text }.value(tree.as_ref()?, 0);
        Some((form, text.into_bytes()))
    })
}

struct Writer<'a> {
    form: &'a Form,
    text: &'a mut String,
}

impl Writer<'_> {
    fn value(&mut self, node: &Node<'_>, depth: usize) {
        match &node.value {
            Value::Null => self.text.push_str("null"),
            Value::Boolean(value) => self.text.push_str(if *value { "true" } else { "false" }),
            Value::Number(number) => self.text.push_str(&self.form.numbers.write(number)),
            Value::String(text) => self.string(text),
            Value::Array(items) => {
                self.items('[', ']', items.iter(), depth, |writer, item| writer.value(item, depth + 1));
            }
            Value::Object(members) => {
                let members = arranged(members, self.form.order);
                self.items('{', '}', members.into_iter(), depth, |writer, member| {
                    writer.string(&member.key);
                    writer.text.push_str(if matches!(writer.form.layout, Layout::Compact) { ":" } else { ": " });
                    writer.value(&member.node, depth + 1);
                });
            }
        }
    }

    fn items<T>(
        &mut self,
        open: char,
        close: char,
        items: impl ExactSizeIterator<Item = T>,
        depth: usize,
        mut write: impl FnMut(&mut Self, T),
    ) {
        let is_empty = items.len() == 0;
        self.text.push(open);
        for (index, item) in items.enumerate() {
            match self.form.layout {
                Layout::Compact => self.text.push_str(if index > 0 { "," } else { "" }),
                Layout::Spaced => self.text.push_str(if index > 0 { ", " } else { "" }),
                Layout::Indented(_) => {
                    self.text.push_str(if index > 0 { "," } else { "" });
                    self.line(depth + 1);
                }
            }
            write(self, item);
        }
        if !is_empty && matches!(self.form.layout, Layout::Indented(_)) {
            self.line(depth);
        }
        self.text.push(close);
    }

    fn line(&mut self, depth: usize) {
        if let Layout::Indented(width) = self.form.layout {
            self.text.push('\n');
            self.text.extend(std::iter::repeat_n(' ', width * depth));
        }
    }

    fn string(&mut self, text: &str) {
        self.text.push('"');
        let mut written = 0;
        for (index, character) in text.char_indices() {
            if self.form.escapes.may_escape(character) {
                self.text.push_str(&text[written..index]);
                self.character(character);
                written = index + character.len_utf8();
            }
        }
        self.text.push_str(&text[written..]);
        self.text.push('"');
    }

    fn character(&mut self, character: char) {
        let escapes = self.form.escapes;
        match character {
            '"' => self.text.push_str("\\\""),
            '\\' => self.text.push_str("\\\\"),
            '\n' => self.text.push_str("\\n"),
            '\r' => self.text.push_str("\\r"),
            '\t' => self.text.push_str("\\t"),
            '\u{8}' => self.text.push_str("\\b"),
            '\u{c}' => self.text.push_str("\\f"),
            '\0'..='\u{1f}' => self.escape(character),
            '/' if matches!(escapes, Escapes::Slash | Escapes::AsciiAndSlash) => self.text.push_str("\\/"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' if escapes == Escapes::Html => self.escape(character),
            // Python counts DEL as no ASCII, PHP does.
            '\u{7f}'.. if escapes == Escapes::Ascii => self.escape(character),
            '\u{80}'.. if escapes == Escapes::AsciiAndSlash => self.escape(character),
            other => self.text.push(other),
        }
    }

    /// As `\u` and four lower-case hex digits for each unit of UTF-16.
    fn escape(&mut self, character: char) {
        for unit in character.encode_utf16(&mut [0; 2]) {
            // Writing to a String cannot fail.
            let _ = write!(self.text, "\\u{unit:04x}");
        }
    }
}

/// Members as a parser keeps them: of a repeated key the first place and the last value, then in the form's order.
fn arranged<'m, 'a>(members: &'m [Member<'a>], order: Order) -> Vec<&'m Member<'a>> {
    // Most objects are small, and comparing a few keys is quicker than hashing them.
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
    match order {
        Order::Kept => {}
        Order::Sorted => kept.sort_by(|a, b| a.key.cmp(&b.key)),
        Order::IndicesFirst if kept.iter().all(|member| array_index(&member.key).is_none()) => {}
        Order::IndicesFirst => kept.sort_by_key(|member| array_index(&member.key).map_or(u64::MAX, u64::from)),
    }
    kept
}

/// ECMA-262: an array index is a canonical number below 2^32 - 1.
fn array_index(key: &str) -> Option<u32> {
    if !key.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let index: u32 = key.parse().ok().filter(|&index| index != u32::MAX)?;
    (index.to_string() == key).then_some(index)
}

impl Numbers {
    fn write(self, number: &str) -> Cow<'_, str> {
        let is_integer = !number.contains(['.', 'e', 'E']);
        match self {
            Self::AsWritten => Cow::Borrowed(number),
            Self::Python if is_integer => Cow::Borrowed(if number == "-0" { "0" } else { number }),
            Self::Python => Cow::Owned(decimal(number, -4, 16, ".0")),
            Self::JavaScript => Cow::Owned(decimal(number, -6, 21, "")),
        }
    }
}

/// The shortest digits that read back as the same double, with an exponent outside of `smallest..largest`. A whole
/// number ends in `whole`; Python has two digits of an exponent at least.
fn decimal(number: &str, smallest: i32, largest: i32, whole: &str) -> String {
    let double: f64 = number.parse().unwrap_or(f64::NAN);
    if double == 0.0 {
        let sign = if double.is_sign_negative() && !whole.is_empty() { "-" } else { "" };
        return format!("{sign}0{whole}");
    }
    let scientific = format!("{:e}", double.abs());
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let sign = if double < 0.0 { "-" } else { "" };
    if !(smallest..largest).contains(&exponent) {
        let width = if whole.is_empty() { 1 } else { 2 };
        let direction = if exponent < 0 { '-' } else { '+' };
        return format!("{sign}{mantissa}e{direction}{:0width$}", exponent.unsigned_abs());
    }
    let digits = mantissa.replace('.', "");
    let point = exponent + 1;
    let text = match usize::try_from(point) {
        Ok(0) | Err(_) => format!("0.{}{digits}", "0".repeat(point.unsigned_abs() as usize)),
        Ok(point) if point >= digits.len() => format!("{digits}{}{whole}", "0".repeat(point - digits.len())),
        Ok(point) => format!("{}.{}", &digits[..point], &digits[point..]),
    };
    format!("{sign}{text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(id: &str, body: &str) -> String {
        let (_, text) = all(body.as_bytes()).find(|(form, _)| form.id == id).expect("a form of this name");
        String::from_utf8(text).expect("text")
    }

    /// What Node 20 and Python 3.11 printed for these bodies; Go and PHP as their documentation has it.
    #[test]
    fn as_the_libraries_write_it() {
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

    #[test]
    fn numbers_as_javascript_and_python_write_them() {
        for (number, javascript, python) in [
            ("1.0", "1", "1.0"),
            ("1e3", "1000", "1000.0"),
            ("1E21", "1e+21", "1e+21"),
            ("123456e15", "123456000000000000000", "1.23456e+20"),
            ("1e16", "10000000000000000", "1e+16"),
            ("1.5e-7", "1.5e-7", "1.5e-07"),
            ("0.00001", "0.00001", "1e-05"),
            ("0.0001", "0.0001", "0.0001"),
            ("-0", "0", "0"),
            ("-0.0", "0", "-0.0"),
            ("12345678901234567890", "12345678901234567000", "12345678901234567890"),
            ("-12.50", "-12.5", "-12.5"),
        ] {
            let both = (Numbers::JavaScript.write(number), Numbers::Python.write(number));
            assert_eq!((both.0.as_ref(), both.1.as_ref()), (javascript, python), "{number}");
        }
    }
}
