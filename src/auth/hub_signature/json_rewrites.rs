//! A body's JSON as the libraries of other languages rewrite it: by far the commonest thing that is signed instead of
//! the raw bytes.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::auth::explanation::Cause;
use crate::json::{self, Member, Node, Value};

/// One way of rewriting JSON.
#[derive(Clone, Copy, Debug)]
pub(super) struct Form {
    pub(super) cause: Cause,
    layout: Layout,
    order: Order,
    escapes: Escapes,
    numbers: Numbers,
}

/// What stands between the tokens.
#[derive(Clone, Copy, Debug)]
struct Layout {
    comma: &'static str,
    colon: &'static str,
    /// The spaces of one level; `None` keeps everything on one line.
    indent: Option<usize>,
}

#[derive(Clone, Copy, Debug)]
enum Order {
    Kept,
    Sorted,
    /// As JavaScript objects have it: keys that are array indices first, by value.
    IndicesFirst,
}

/// What is escaped, besides what JSON demands.
#[derive(Clone, Copy, Debug)]
struct Escapes {
    /// The slash as `\/`?
    slash: bool,
    /// This character as `\u00e9`? It is asked for `<`, `>`, `&` and characters from U+007F on.
    unicode: fn(char) -> bool,
}

#[derive(Clone, Copy, Debug)]
enum Numbers {
    AsWritten,
    /// All numbers are doubles; exponents from 1e21 and below 1e-6 (ECMA-262, `Number::toString`).
    JavaScript,
    /// Integers of any length, floats with a point; exponents from 1e16 and below 1e-4 (`repr`).
    Python,
}

const HELP: &str = "sign and verify the raw bytes of the request: keep them before the framework parses them";

const fn rewritten(id: &'static str, message: &'static str) -> Cause {
    Cause { id, message, help: HELP }
}

const COMPACT: Layout = Layout { comma: ",", colon: ":", indent: None };
const SPACED: Layout = Layout { comma: ", ", colon: ": ", indent: None };

const fn indented(width: usize) -> Layout {
    Layout { comma: ",", colon: ": ", indent: Some(width) }
}

const NEEDED: Escapes = Escapes { slash: false, unicode: |_| false };
const SLASH: Escapes = Escapes { slash: true, ..NEEDED };
/// As Python does, which does not count DEL as ASCII.
const ASCII: Escapes = Escapes { unicode: |character| character >= '\u{7f}', ..NEEDED };
const PHP: Escapes = Escapes { slash: true, unicode: |character| !character.is_ascii() };
const GO: Escapes =
    Escapes { unicode: |character| matches!(character, '<' | '>' | '&' | '\u{2028}' | '\u{2029}'), ..NEEDED };

const PLAIN: Form = Form {
    cause: rewritten("minified-json", "the JSON was parsed and rewritten, minified"),
    layout: COMPACT,
    order: Order::Kept,
    escapes: NEEDED,
    numbers: Numbers::AsWritten,
};

/// The forms that are tried, the likeliest first.
#[rustfmt::skip]
pub(super) const FORMS: [Form; 20] = [
    Form { cause: rewritten("javascript-json", "JSON.stringify(JSON.parse(body)) was signed"), order: Order::IndicesFirst, numbers: Numbers::JavaScript, ..PLAIN },
    PLAIN,
    Form { cause: rewritten("python-json", "Python's json.dumps(json.loads(body)) was signed"), layout: SPACED, escapes: ASCII, numbers: Numbers::Python, ..PLAIN },
    Form { cause: rewritten("python-compact-json", "Python's json.dumps(…, separators=(',', ':')) was signed"), escapes: ASCII, numbers: Numbers::Python, ..PLAIN },
    Form { cause: rewritten("python-unicode-json", "Python's json.dumps(…, ensure_ascii=False) was signed"), layout: SPACED, numbers: Numbers::Python, ..PLAIN },
    Form { cause: rewritten("python-sorted-json", "Python's json.dumps(…, sort_keys=True) was signed"), layout: SPACED, order: Order::Sorted, escapes: ASCII, numbers: Numbers::Python },
    Form { cause: rewritten("python-compact-sorted-json", "Python's json.dumps(…, separators=(',', ':'), sort_keys=True) was signed"), order: Order::Sorted, escapes: ASCII, numbers: Numbers::Python, ..PLAIN },
    Form { cause: rewritten("php-json", "PHP's json_encode(json_decode($body)) was signed, which escapes slashes and all but ASCII"), escapes: PHP, ..PLAIN },
    Form { cause: rewritten("go-json", "Go's json.Marshal of a map was signed, which sorts keys and escapes <, > and &"), order: Order::Sorted, escapes: GO, numbers: Numbers::JavaScript, ..PLAIN },
    Form { cause: rewritten("go-struct-json", "Go's json.Marshal of a struct was signed, which escapes <, > and &"), escapes: GO, ..PLAIN },
    Form { cause: rewritten("sorted-json", "the JSON was rewritten, minified, with sorted keys"), order: Order::Sorted, ..PLAIN },
    Form { cause: rewritten("ascii-json", "the JSON was rewritten, minified, with all but ASCII escaped"), escapes: ASCII, ..PLAIN },
    Form { cause: rewritten("slash-escaped-json", "the JSON was rewritten, minified, with escaped slashes"), escapes: SLASH, ..PLAIN },
    Form { cause: rewritten("pretty-json-2", "the JSON was rewritten, indented by two spaces"), layout: indented(2), ..PLAIN },
    Form { cause: rewritten("pretty-json-4", "the JSON was rewritten, indented by four spaces"), layout: indented(4), ..PLAIN },
    Form { cause: rewritten("javascript-pretty-json-2", "JSON.stringify(JSON.parse(body), null, 2) was signed"), layout: indented(2), order: Order::IndicesFirst, numbers: Numbers::JavaScript, ..PLAIN },
    Form { cause: rewritten("javascript-pretty-json-4", "JSON.stringify(JSON.parse(body), null, 4) was signed"), layout: indented(4), order: Order::IndicesFirst, numbers: Numbers::JavaScript, ..PLAIN },
    Form { cause: rewritten("python-pretty-json-2", "Python's json.dumps(…, indent=2) was signed"), layout: indented(2), escapes: ASCII, numbers: Numbers::Python, ..PLAIN },
    Form { cause: rewritten("python-pretty-json-4", "Python's json.dumps(…, indent=4) was signed"), layout: indented(4), escapes: ASCII, numbers: Numbers::Python, ..PLAIN },
    Form { cause: rewritten("python-pretty-sorted-json-2", "Python's json.dumps(…, indent=2, sort_keys=True) was signed"), layout: indented(2), order: Order::Sorted, escapes: ASCII, numbers: Numbers::Python },
];

/// The body in every form, where it is JSON.
pub(super) fn all(body: &[u8]) -> impl Iterator<Item = (Cause, Vec<u8>)> {
    let tree = json::parse(body).ok();
    FORMS.iter().map_while(move |form| {
        let mut writer = Writer { form, text: String::with_capacity(body.len() + body.len() / 4), depth: 0 };
        writer.value(tree.as_ref()?);
        Some((form.cause, writer.text.into_bytes()))
    })
}

struct Writer<'a> {
    form: &'a Form,
    text: String,
    /// How many arrays and objects are open.
    depth: usize,
}

impl Writer<'_> {
    fn value(&mut self, node: &Node<'_>) {
        match &node.value {
            Value::Null => self.text.push_str("null"),
            Value::Boolean(value) => self.text.push_str(if *value { "true" } else { "false" }),
            Value::Number(number) => self.text.push_str(&self.form.numbers.write(number)),
            Value::String(text) => self.string(text),
            Value::Array(items) => self.items(['[', ']'], items, Self::value),
            Value::Object(members) => {
                self.items(['{', '}'], &arranged(members, self.form.order), |writer, member| {
                    writer.string(&member.key);
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

    fn string(&mut self, text: &str) {
        self.text.push('"');
        let mut written = 0;
        for (index, character) in text.char_indices() {
            if let Some(escaped) = self.form.escapes.escape(character) {
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
    /// Returns how a character is escaped, and `None` if it is written as it is.
    fn escape(self, character: char) -> Option<Cow<'static, str>> {
        let escaped = match character {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            '\u{8}' => "\\b",
            '\u{c}' => "\\f",
            '\0'..='\u{1f}' => return Some(unicode_escape(character).into()),
            '<' | '>' | '&' | '\u{7f}'.. if (self.unicode)(character) => return Some(unicode_escape(character).into()),
            '/' if self.slash => "\\/",
            _ => return None,
        };
        Some(escaped.into())
    }
}

/// `\u` and four lower-case hex digits for each unit of UTF-16.
fn unicode_escape(character: char) -> String {
    character.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect::<Vec<_>>().concat()
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
        let (_, text) = all(body.as_bytes()).find(|(cause, _)| cause.id == id).expect("a form of this name");
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
