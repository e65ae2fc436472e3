//! Checks documents, help, messages and comments against the word lists in `styles/cfwh`, which Vale reads too.
//!
//! `cargo test plain_english -- --nocapture` prints every visible text of the program, and what is still to rewrite.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use regex::{Regex, RegexBuilder};
use serde::Deserialize;

use crate::prose;

/// Files and folders that still have words of the lists. Remove a line when its text is rewritten, and add none.
const NOT_YET_REWRITTEN: &str = include_str!("not_yet_rewritten.txt");

/// A style in Vale's format: `existence` lists words to avoid, `substitution` what to write instead.
#[derive(Deserialize)]
struct Style {
    message: String,
    ignorecase: bool,
    #[serde(default)]
    tokens: Vec<String>,
    #[serde(default)]
    exceptions: Vec<String>,
    #[serde(default)]
    swap: BTreeMap<String, String>,
}

/// A style as one pattern, which has a group for each token.
struct Rule {
    style: Style,
    pattern: Regex,
}

impl Rule {
    fn new(style: Style) -> Self {
        let tokens = style.tokens.iter().chain(style.swap.keys());
        let groups: Vec<_> = tokens.map(|token| format!("({})", token.replace(' ', r"\s+"))).collect();
        let pattern = format!(r"(?-u:\b)(?:{})(?-u:\b)", groups.join("|"));
        let pattern = RegexBuilder::new(&pattern).case_insensitive(style.ignorecase).build().expect("a valid pattern");
        Self { style, pattern }
    }

    /// Returns the line and the message of each match in masked text.
    fn check(&self, text: &str) -> Vec<(usize, String)> {
        let mut problems = Vec::new();
        for found in self.pattern.captures_iter(text) {
            let words = found[0].split_whitespace().collect::<Vec<_>>().join(" ");
            if self.style.exceptions.iter().any(|exception| exception.eq_ignore_ascii_case(&words)) {
                continue;
            }
            let replacements = self.style.swap.values().enumerate();
            let replacement = replacements.filter(|(at, _)| found.get(at + 1).is_some()).map(|(_, text)| text);
            let values = replacement.chain([&words]);
            let message = values.fold(self.style.message.clone(), |message, value| message.replacen("%s", value, 1));
            let start = found.get(0).expect("a match").start();
            problems.push((text[..start].matches('\n').count() + 1, message));
        }
        problems
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns the files in a folder and below it with one of these extensions.
fn files(folder: &str, extensions: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in root().join(folder).read_dir().expect("a folder").map(|entry| entry.expect("an entry").path()) {
        let path = entry.strip_prefix(root()).expect("a path below the root").to_owned();
        let has_extension = |path: &Path| path.extension().is_some_and(|own| extensions.iter().any(|one| own == *one));
        if entry.is_dir() {
            found.extend(files(&path.to_string_lossy(), extensions));
        } else if has_extension(&path) {
            found.push(path);
        }
    }
    found
}

/// Returns the text of every checked file, masked so that only prose is left.
fn texts() -> BTreeMap<String, String> {
    let documents = [
        "AGENTS.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "README.md",
        "SKILL.md",
        "fuzz/README.md",
        "samples/README.md",
    ];
    let mut texts = BTreeMap::new();
    let mut add = |path: &Path, mask: &dyn Fn(&str) -> String| {
        let text = std::fs::read_to_string(root().join(path)).expect("a text file");
        texts.insert(path.to_string_lossy().replace('\\', "/"), mask(&text));
    };
    for path in documents.iter().map(PathBuf::from).chain(files("docs", &["md"])) {
        add(&path, &prose::of_markdown);
    }
    // Released sections are history.
    add(Path::new("CHANGELOG.md"), &|text| {
        let end = text.match_indices("\n## [").nth(1).map_or(text.len(), |(at, _)| at);
        prose::of_markdown(&text[..end])
    });
    for path in files("src", &["rs"]) {
        add(&path, &prose::of_rust);
    }
    for path in files("src", &["txt", "html", "js", "json", "yaml"]) {
        // The published document is Atlassian's text, and the JSON of a document repeats its YAML.
        let is_copy = path.starts_with("src/profiles") && path.extension().is_some_and(|ending| ending == "json");
        if !path.starts_with("src/profiles/published") && !is_copy {
            add(&path, &prose::of_markdown);
        }
    }
    texts
}

fn rules() -> Vec<Rule> {
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(root().join(&path)).expect("a text file");
        Rule::new(serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
    };
    files("styles/cfwh", &["yml"]).into_iter().map(read).collect()
}

#[test]
#[allow(clippy::print_stdout, reason = "the texts that wait are for whoever rewrites them")]
fn texts_avoid_the_words_of_the_word_lists() {
    let rules = rules();
    let mut unused: BTreeSet<&str> = NOT_YET_REWRITTEN.lines().collect();
    let mut problems = Vec::new();
    for (path, text) in &texts() {
        let mut found: Vec<_> = rules.iter().flat_map(|rule| rule.check(text)).collect();
        found.sort();
        let lines = found.iter().map(|(line, message)| format!("{path}:{line}: {message}"));
        match NOT_YET_REWRITTEN.lines().find(|start| path.starts_with(start)) {
            None => problems.extend(lines),
            Some(start) => {
                lines.for_each(|line| println!("{line}"));
                if !found.is_empty() {
                    unused.remove(start);
                }
            }
        }
    }
    problems.extend(unused.iter().map(|path| format!("{path}: remove it from not_yet_rewritten.txt")));
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn the_word_lists_find_words_in_prose_and_not_in_code() {
    let rules = rules();
    let find = |text: &str| {
        let mut found: Vec<_> = rules.iter().flat_map(|rule| rule.check(text)).collect();
        found.sort();
        found
    };
    let markdown = "The colour is `anew`.\nIt is no\nlonger JSON, it is no\nJSON.\n\n```\nanew\n```\n";
    let found = find(&prose::of_markdown(markdown));
    assert_eq!(found.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [1, 3], "{found:?}");
    assert_eq!(found[0].1, "Use the American spelling 'color' instead of 'colour'.");
    let rust = "/// Sent anew.\nfn whose(told: &str) {\n    let anew = \"mend\";\n    fail(\"it is {anew} the one \\\n        that\"); // lest\n}\n";
    let found = find(&prose::of_rust(rust));
    assert_eq!(found.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [1, 4, 5], "{found:?}");
}

#[test]
#[allow(clippy::print_stdout, reason = "the list is for whoever reads it")]
fn every_visible_text_of_the_program_can_be_listed() {
    let texts = texts();
    let visible = |path: &&String| path.starts_with("src/");
    let mut list = Vec::new();
    for path in texts.keys().filter(visible) {
        let text = std::fs::read_to_string(root().join(path)).expect("a text file");
        let lines = if Path::new(path).extension().is_some_and(|ending| ending == "rs") {
            prose::strings_of_rust(&text)
        } else {
            texts[path].clone()
        };
        let lines = lines.lines().enumerate().map(|(at, line)| (at + 1, prose::unmasked(line)));
        list.extend(lines.filter(|(_, line)| !line.is_empty()).map(|(at, line)| format!("{path}:{at}: {line}")));
    }
    println!("{}", list.join("\n"));
    for (path, text) in [
        ("src/cli/help/send.txt", "Exit codes: 0 "),
        ("src/cli/send.rs", "Send to this URL"),
        ("src/models/rule.rs", "JSON"),
        ("src/store/capture_format.rs", "capture"),
        ("src/output/schemas/send.json", "description"),
    ] {
        assert!(
            list.iter().any(|line| line.starts_with(path) && line.contains(text)),
            "{path} has no text like {text}"
        );
    }
}
