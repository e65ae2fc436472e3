//! The results of `sign` and `verify`.

use std::fmt::Write;

use serde::Serialize;

use crate::auth::{Explanation, Rejection, Searched, Verdict};

use super::escape;
use super::show::Show;
use super::style::Style;

/// The signature of one input.
#[derive(Debug, Serialize)]
pub struct SignedInput<'a> {
    /// The file, and the line if it has one body per line; `-` is stdin.
    pub input: &'a str,
    /// The signature: `sha256=…`, or an authorization scheme and a token.
    pub signature: String,
    /// The name of its header.
    pub header: &'static str,
    /// Whether to print the input after its signature.
    #[serde(skip)]
    pub is_named: bool,
    /// Whether to print the name of the header before the signature.
    #[serde(skip)]
    pub has_header: bool,
}

/// The verdict on the signature of one input.
#[derive(Debug, Serialize)]
pub struct VerifiedInput<'a> {
    input: &'a str,
    verdict: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<String>,
    #[serde(flatten)]
    explanation: Option<Explanation>,
}

impl<'a> VerifiedInput<'a> {
    /// Returns the verdict. `expected` is the expected signature, and `explanation` why the received one differs, if they are
    /// shown.
    pub fn new(input: &'a str, verdict: &Verdict, expected: Option<String>, explanation: Option<Explanation>) -> Self {
        let reason = verdict.rejection().and_then(Rejection::detail).map(str::to_owned);
        Self { input, verdict: verdict.name(), reason, expected, explanation }
    }
}

impl Show for SignedInput<'_> {
    fn text(&self, _: Style) -> String {
        let header = if self.has_header { format!("{}: ", self.header) } else { String::new() };
        let name = if self.is_named { format!("  {}", escape::line(self.input)) } else { String::new() };
        format!("{header}{}{name}\n", self.signature)
    }
}

impl Show for VerifiedInput<'_> {
    fn text(&self, style: Style) -> String {
        let verdict = format!("{:<9}", self.verdict);
        let verdict = if self.verdict == "valid" { style.green(&verdict) } else { style.red(&verdict) };
        let mut text = format!("{verdict}  {}\n", escape::line(self.input));
        // Writing to a String cannot fail.
        if let Some(reason) = &self.reason {
            let _ = writeln!(text, "{:11}{}", "", escape::line(reason));
        }
        if let Some(expected) = &self.expected {
            let _ = writeln!(text, "{:11}expected {expected}", "");
        }
        if let Some(explanation) = &self.explanation {
            text += &causes(explanation, 11, style, true);
        }
        text
    }
}

/// The possible reasons if no cause reproduces a signature.
const OTHERWISE: &str = "another secret or body was signed, or the body was changed in another way";

/// Explains why a signature does not match, one line per cause. Without a cause, tells what was tried, and with `lists_ids`
/// all ids.
pub(super) fn causes(explanation: &Explanation, margin: usize, style: Style, lists_ids: bool) -> String {
    let Explanation { causes, tried, searched, left_out, otherwise } = explanation;
    let mut text = String::new();
    for alike in causes.chunk_by(|one, other| one.help == other.help) {
        // If several libraries write the same bytes, the most likely one is first.
        let (shown, rest) = alike.split_at(if alike.len() > 3 { 1 } else { alike.len() });
        for cause in shown {
            // Writing to a String cannot fail.
            let _ =
                writeln!(text, "{:margin$}because {} [{}]", "", style.bold(&escape::line(&cause.message)), cause.id);
        }
        if !rest.is_empty() {
            let ids: Vec<_> = rest.iter().map(|cause| cause.id).collect();
            text += &wrapped(&format!("the same bytes: {}", ids.join(", ")), margin + 2);
        }
        let _ = writeln!(text, "{:margin$}fix: {}", "", alike[0].help);
    }
    if !causes.is_empty() {
        return text;
    }
    if *tried == 0 {
        let _ = writeln!(text, "{:margin$}it does not have the form of a digest, so it cannot be compared", "");
        return text;
    }
    let _ = writeln!(text, "{:margin$}no cause found; {tried} digests compared, with changes to:", "");
    for Searched { what, compared, causes } in searched {
        let is_listed = lists_ids && !causes.is_empty();
        let list = if is_listed { format!(": {}", causes.join(", ")) } else { String::new() };
        text += &wrapped(&format!("{what}, {compared}{list}"), margin + 2);
    }
    for what in left_out {
        text += &wrapped(&format!("not tried: {}", escape::line(what)), margin);
    }
    text += &wrapped(if otherwise.is_empty() { OTHERWISE } else { otherwise }, margin);
    text
}

/// Wraps a text at 100 columns. All lines except the first are indented by two more columns.
fn wrapped(text: &str, margin: usize) -> String {
    const WIDTH: usize = 100;
    let (mut lines, mut column) = (" ".repeat(margin), margin);
    for (index, word) in text.split(' ').enumerate() {
        if column + 1 + word.len() > WIDTH {
            lines.extend(["\n", &" ".repeat(margin + 2)]);
            column = margin + 2;
        } else if index > 0 {
            lines.push(' ');
            column += 1;
        }
        lines.push_str(word);
        column += word.len();
    }
    lines + "\n"
}
