//! A formatted body, with its findings at the right lines. Only the white space between tokens changes; numbers and escapes stay as
//! written.

use std::collections::HashMap;

use serde::Serialize;

use crate::json::{self, Node, Value};

/// The maximum number of lines.
const MAX_LINES: usize = 5000;
/// The maximum length of a token, in bytes.
const MAX_TOKEN: usize = 16 * 1024;

/// A line of a formatted body.
#[derive(Debug, Serialize)]
pub(super) struct BodyLine {
    indent: usize,
    /// The tokens with their kinds: `k` key, `s` string, `n` number, `w` word such as `null`, `p` punctuation.
    tokens: Vec<(char, String)>,
    /// The JSON Pointer of the value that starts on this line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pointer: Option<String>,
    /// Whether the value is neither an array nor an object.
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<bool>,
    /// The indexes of the findings about the value.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    findings: Vec<usize>,
}

/// The lines of a body, and the number of omitted lines.
#[derive(Debug)]
pub(super) struct BodyLines {
    pub(super) lines: Vec<BodyLine>,
    pub(super) omitted: usize,
}

/// Formats a body. `findings` has the JSON Pointer of each finding, or `None` for a finding about a header. Returns `None` if the body is
/// not JSON.
pub(super) fn body_lines(body: &[u8], findings: &[Option<&str>]) -> Option<BodyLines> {
    let tree = json::parse(body).ok()?;
    let mut writer = Writer { body, lines: Vec::new(), omitted: 0 };
    writer.node(&tree, 0, String::new(), Vec::new(), "");
    let Writer { mut lines, omitted, .. } = writer;
    // The last value of a repeated key counts.
    let at: HashMap<String, usize> =
        lines.iter().enumerate().filter_map(|(at, line)| Some((line.pointer.clone()?, at))).collect();
    for (index, finding) in findings.iter().enumerate() {
        let Some(mut pointer) = *finding else { continue };
        // A missing value has no line, so its finding is at the line of its parent.
        let line = loop {
            match (at.get(pointer), pointer.rsplit_once('/')) {
                (Some(line), _) => break Some(*line),
                (None, Some((parent, _))) => pointer = parent,
                (None, None) => break None,
            }
        };
        if let Some(line) = line {
            lines[line].findings.push(index);
        }
    }
    Some(BodyLines { lines, omitted })
}

struct Writer<'b> {
    body: &'b [u8],
    lines: Vec<BodyLine>,
    omitted: usize,
}

impl Writer<'_> {
    /// Writes a value after the tokens before it on its line. The parser limits the depth of this recursion.
    fn node(
        &mut self,
        node: &Node<'_>,
        indent: usize,
        pointer: String,
        mut before: Vec<(char, String)>,
        after: &'static str,
    ) {
        let (open, close, is_empty) = match &node.value {
            Value::Object(members) => ("{", "}", members.is_empty()),
            Value::Array(items) => ("[", "]", items.is_empty()),
            value => {
                let kind = match value {
                    Value::String(_) => 's',
                    Value::Number(_) => 'n',
                    _ => 'w',
                };
                before.push((kind, self.text(node.span())));
                if !after.is_empty() {
                    before.push(('p', after.to_owned()));
                }
                return self.line(indent, before, Some(pointer), Some(true));
            }
        };
        if is_empty {
            before.push(('p', format!("{open}{close}{after}")));
            return self.line(indent, before, Some(pointer), None);
        }
        before.push(('p', open.to_owned()));
        self.line(indent, before, Some(pointer.clone()), None);
        match &node.value {
            Value::Object(members) => {
                for (index, member) in members.iter().enumerate() {
                    let mut inner = pointer.clone();
                    json::push_step(&mut inner, &member.key);
                    let key = vec![('k', self.text(member.key_span())), ('p', ": ".to_owned())];
                    self.node(&member.node, indent + 1, inner, key, separator(index, members.len()));
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    let inner = format!("{pointer}/{index}");
                    self.node(item, indent + 1, inner, Vec::new(), separator(index, items.len()));
                }
            }
            _ => {}
        }
        self.line(indent, vec![('p', format!("{close}{after}"))], None, None);
    }

    fn line(&mut self, indent: usize, tokens: Vec<(char, String)>, pointer: Option<String>, value: Option<bool>) {
        if self.lines.len() < MAX_LINES {
            self.lines.push(BodyLine { indent, tokens, pointer, value, findings: Vec::new() });
        } else {
            self.omitted += 1;
        }
    }

    fn text(&self, span: std::ops::Range<usize>) -> String {
        let text = String::from_utf8_lossy(&self.body[span]);
        if text.len() <= MAX_TOKEN {
            return text.into_owned();
        }
        let end = (0..=MAX_TOKEN).rfind(|&end| text.is_char_boundary(end)).unwrap_or_default();
        format!("{}…", &text[..end])
    }
}

const fn separator(index: usize, count: usize) -> &'static str {
    if index + 1 < count { "," } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_stand_at_their_value_or_at_what_lacks_it() {
        let body = br#"{"page":{"id":1e0,"a/b":[{},"\u00e9"]},"id":1,"id":2}"#;
        let findings = ["/page/id", "/page/title", "/page/a~1b/1", "/id", "", "/x"].map(Some);
        let BodyLines { lines, omitted } = body_lines(body, &findings).expect("it is JSON");
        let text = |line: &BodyLine| line.tokens.iter().map(|(_, text)| text.as_str()).collect::<String>();
        let shown: Vec<_> = lines.iter().map(|line| (text(line), line.findings.clone())).collect();
        let expected: [(&str, &[usize]); 10] = [
            ("{", &[4, 5]),
            ("\"page\": {", &[1]),
            ("\"id\": 1e0,", &[0]),
            ("\"a/b\": [", &[]),
            ("{},", &[]),
            ("\"\\u00e9\"", &[2]),
            ("]", &[]),
            ("},", &[]),
            ("\"id\": 1,", &[]),
            ("\"id\": 2", &[3]),
        ];
        assert_eq!(shown[..10], expected.map(|(text, at)| (text.to_owned(), at.to_vec())));
        assert_eq!((lines.len(), omitted), (11, 0));
    }
}
