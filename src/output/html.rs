//! Converts HTML error pages to plain text.

/// Elements without readable content.
const LEFT_OUT: [&str; 8] = ["head", "title", "script", "style", "svg", "template", "noscript", "iframe"];
/// Inline elements. All other elements begin and end a line.
const INLINE: [&str; 24] = [
    "a", "abbr", "acronym", "b", "big", "cite", "code", "em", "font", "i", "img", "input", "kbd", "label", "mark", "q",
    "s", "small", "span", "strong", "sub", "sup", "u", "wbr",
];
/// The character references that are decoded. Others do not change.
const REFERENCES: [(&str, char); 14] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", ' '),
    ("mdash", '—'),
    ("ndash", '–'),
    ("hellip", '…'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("copy", '©'),
];

/// The longest character reference that is decoded: `#x0010ffff`.
const LONGEST_REFERENCE: usize = 10;

/// Returns whether a text begins like an HTML document.
pub(super) fn is_html(text: &str) -> bool {
    let text = text.trim_start();
    ["<!doctype html", "<html"].iter().any(|start| has_prefix(text, start))
}

/// Returns the text of HTML: a line for each block, without tags, comments, scripts and styles. The title is first, unless the
/// text repeats it. Invalid HTML is never an error.
pub(super) fn text(html: &str) -> String {
    let title =
        between(html, "<title", "</title").map(|title| one_line(title.split_once('>').map_or("", |(_, text)| text)));
    let lines = lines(html);
    let title = title.filter(|title| !title.is_empty() && !lines.contains(title));
    title.into_iter().chain(lines).collect::<Vec<_>>().join("\n")
}

/// Returns the text between two markers, ignoring case.
fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    let text = &text[find(text, start)? + start.len()..];
    Some(&text[..find(text, end)?])
}

fn lines(html: &str) -> Vec<String> {
    let (mut lines, mut line, mut rest) = (Vec::new(), String::new(), html);
    let mut preformatted = 0_usize;
    let mut end_line = |line: &mut String, is_preformatted: bool| {
        let text = if is_preformatted { decode(line.trim_end()) } else { one_line(line) };
        if !text.trim().is_empty() {
            lines.extend(text.lines().map(str::to_owned));
        }
        line.clear();
    };
    while let Some(start) = rest.find('<') {
        line.push_str(&rest[..start]);
        rest = &rest[start..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        let closes = rest.starts_with("</");
        let name = &rest[if closes { 2 } else { 1 }..];
        let name = &name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())];
        if name.is_empty() && !rest.starts_with("<!") && !rest.starts_with("<?") {
            // A `<` that begins no tag is text.
            line.push('<');
            rest = &rest[1..];
            continue;
        }
        let name = name.to_ascii_lowercase();
        rest = after_tag(rest);
        if LEFT_OUT.contains(&name.as_str()) && !closes {
            let end = find(rest, &format!("</{name}"));
            rest = end.map_or("", |end| after_tag(&rest[end..]));
        } else if !INLINE.contains(&name.as_str()) {
            end_line(&mut line, preformatted > 0);
            if name == "pre" {
                preformatted = if closes { preformatted.saturating_sub(1) } else { preformatted + 1 };
            }
        }
    }
    line.push_str(rest);
    end_line(&mut line, preformatted > 0);
    lines
}

/// Returns the text after a tag. A `>` in quotes does not end the tag.
fn after_tag(tag: &str) -> &str {
    let mut quote = None;
    for (index, character) in tag.char_indices() {
        match (quote, character) {
            (None, '>') => return &tag[index + 1..],
            (None, '"' | '\'') => quote = Some(character),
            (Some(open), other) if open == other => quote = None,
            _ => {}
        }
    }
    // The quotes do not match, so the first `>` ends the tag.
    tag.find('>').map_or("", |end| &tag[end + 1..])
}

/// Returns text with single blanks, and character references decoded.
fn one_line(text: &str) -> String {
    decode(&text.split_ascii_whitespace().collect::<Vec<_>>().join(" "))
}

fn decode(text: &str) -> String {
    let (mut decoded, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(start) = rest.find('&') {
        decoded.push_str(&rest[..start]);
        rest = &rest[start + 1..];
        let end = rest.bytes().take(LONGEST_REFERENCE + 1).position(|byte| byte == b';');
        let reference = end.map(|end| (&rest[..end], &rest[end + 1..]));
        match reference.and_then(|(name, after)| Some((character(name)?, after))) {
            Some((character, after)) => {
                decoded.push(character);
                rest = after;
            }
            None => decoded.push('&'),
        }
    }
    decoded + rest
}

fn character(reference: &str) -> Option<char> {
    if let Some(number) = reference.strip_prefix('#') {
        let number = match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(number);
    }
    REFERENCES.iter().find(|(name, _)| *name == reference).map(|(_, character)| *character)
}

fn has_prefix(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// Finds ASCII text that begins with `<`, ignoring case.
fn find(text: &str, part: &str) -> Option<usize> {
    text.match_indices('<').map(|(at, _)| at).find(|at| has_prefix(&text[*at..], part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_page_becomes_its_title_headings_and_paragraphs() {
        let html = "<!DOCTYPE html><html><head><title>500 &ndash; Oops</title><style>p { color: red }</style>\
                    <script>alert('<p>no</p>')</script></head>\n<body><h1>Internal\n  Server Error</h1>\
                    <p>It is <b>not</b> you &amp; not &#x6d;e: 1 < 2.<br>Try <a title='a>b' href=x>again</a></p>\
                    <!-- <p>hidden</p> --><SCRIPT>if (a<b) {}</SCRIPT ><pre>  Traceback:\n    line 7</pre></body></html>";
        assert!(is_html(html));
        assert_eq!(
            text(html),
            "500 – Oops\nInternal Server Error\nIt is not you & not me: 1 < 2.\nTry again\n  Traceback:\n    line 7"
        );
    }

    #[test]
    fn a_title_that_the_text_repeats_is_not_shown_twice() {
        assert_eq!(text("<html><title>Not Found</title><h1>Not Found</h1><p>x</p>"), "Not Found\nx");
    }

    #[test]
    fn broken_html_ends() {
        for (html, expected) in [
            ("", ""),
            ("<", "<"),
            ("<p", ""),
            ("a<script>b", "a"),
            ("a<!-- b", "a"),
            ("a<p title=\"x>b", "a\nb"),
            ("&", "&"),
            ("&#xffffffff;&#0;&nope;", "&#xffffffff;\0&nope;"),
            ("é<é>é", "é<é>é"),
            ("</", "</"),
        ] {
            assert_eq!(text(html), expected, "{html}");
        }
    }

    #[test]
    fn hostile_html_costs_no_more_than_its_length() {
        let start = std::time::Instant::now();
        for part in ["<", "<script", "<p title=\"", "<!--", "<title", "&", "<pre>", "</"] {
            text(&part.repeat(64 * 1024 / part.len()));
        }
        assert!(start.elapsed() < std::time::Duration::from_secs(5));
    }
}
