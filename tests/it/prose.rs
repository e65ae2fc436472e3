//! Finds the prose in a file. Everything else is masked: each character of code becomes `·`, so that lines keep their
//! numbers and no phrase reaches across code.

use std::sync::LazyLock;

use regex::Regex;

/// Stands for a character that is not prose.
const MASK: char = '·';

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a valid pattern")
}

/// Code blocks, code in lines, comments for machines, addresses and placeholders.
static NOT_PROSE: LazyLock<[Regex; 3]> = LazyLock::new(|| {
    [
        pattern(r"(?s)```.*?```|<!--.*?-->"),
        pattern(r"`[^`\n]*`|\]\([^)\n]*\)|https?://\S+"),
        pattern(r#"\{[^{}\n "]*\}"#),
    ]
});

fn mask(text: &str) -> String {
    text.chars().map(|c| if c.is_whitespace() { c } else { MASK }).collect()
}

/// Masks code in Markdown.
pub fn of_markdown(text: &str) -> String {
    NOT_PROSE.iter().fold(text.to_owned(), |text, pattern| {
        pattern.replace_all(&text, |found: &regex::Captures<'_>| mask(&found[0])).into_owned()
    })
}

/// Masks everything in Rust but comments and strings of several words.
pub fn of_rust(text: &str) -> String {
    of_markdown(&scan(text, true))
}

/// Masks everything in Rust but the texts of users: doc comments, which clap prints as help in `cli/`, and strings of
/// several words.
pub fn strings_of_rust(text: &str) -> String {
    scan(text, false)
}

/// A line without its masked characters.
pub fn unmasked(line: &str) -> String {
    let words = line.split_whitespace().map(|word| word.trim_matches(MASK));
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Comments, strings, raw strings and characters of Rust.
static TOKENS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?s)(?<doc>///[^\n]*)|(?<comment>//[^\n]*)|",
        r##"r#"(?<raw>.*?)"#|r"(?<plain_raw>[^"]*)"|"##,
        r#""(?<string>(?:[^"\\]|\\.)*)"|'(?:[^'\\\n]|\\[^\n]{1,8}?)'"#,
    ))
});

/// An escape in a string: a line that goes on in the next one, or a character.
static ESCAPES: LazyLock<Regex> = LazyLock::new(|| pattern(r#"\\(?:\n|[nrt0"'\\]|x..|u\{[^}]*\})"#));

fn scan(text: &str, with_comments: bool) -> String {
    let (mut masked, mut end) = (String::with_capacity(text.len()), 0);
    for token in TOKENS.captures_iter(text) {
        let whole = token.get(0).expect("a match");
        masked.push_str(&mask(&text[end..whole.start()]));
        end = whole.end();
        let comment = token.name("comment").filter(|_| with_comments).or_else(|| token.name("doc"));
        let string = ["string", "raw", "plain_raw"].iter().find_map(|name| token.name(name));
        match (comment, string.filter(|string| string.as_str().trim().contains(' '))) {
            (Some(comment), _) => {
                let content = comment.as_str().trim_start_matches(['/', '!']);
                masked.push_str(&" ".repeat(comment.as_str().len() - content.len()));
                masked.push_str(content);
            }
            (None, Some(string)) => {
                masked.push(MASK);
                masked.push_str(&ESCAPES.replace_all(string.as_str(), |found: &regex::Captures<'_>| {
                    if found[0].ends_with('\n') { " \n".to_owned() } else { " ".repeat(found[0].len()) }
                }));
                masked.push(MASK);
            }
            (None, None) => masked.push_str(&mask(whole.as_str())),
        }
    }
    masked.push_str(&mask(&text[end..]));
    masked
}
