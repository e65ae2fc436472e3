//! Every link of the pages leads to a file and to an anchor in it.
//!
//! The book of docs/ has only the files of that folder. So its pages link to other files by their URL in the repository.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use crate::committed_files::{expect_none, fresh};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const REPOSITORY: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/");

/// The pages of a folder and of its folders.
pub fn pages_under(folder: &Path) -> Vec<PathBuf> {
    let mut pages = Vec::new();
    for entry in folder.read_dir().expect("a folder of pages") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            pages.extend(pages_under(&path));
        } else if path.extension().is_some_and(|extension| extension == "md") {
            pages.push(path);
        }
    }
    pages.sort();
    pages
}

fn docs() -> PathBuf {
    Path::new(ROOT).join("docs")
}

/// The text without code: blocks and spans.
fn prose(page: &str) -> String {
    let mut in_block = false;
    let mut prose = String::new();
    for line in page.lines() {
        if line.trim_start().starts_with("```") {
            in_block = !in_block;
        } else if !in_block {
            let spans = line.split('`').enumerate().filter(|(index, _)| index % 2 == 0);
            prose += &spans.map(|(_, span)| span).collect::<Vec<_>>().join("``");
            prose.push('\n');
        }
    }
    prose
}

/// The targets of the links and pictures in a page.
fn targets(page: &str) -> Vec<String> {
    let text = prose(page);
    let inline = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let attributes = ["href=\"", "src=\"", "srcset=\""];
    let html = attributes.iter().flat_map(|name| text.split(name).skip(1).filter_map(|rest| rest.split('"').next()));
    inline.chain(html).map(str::to_owned).collect()
}

/// The anchor of a heading, as GitHub and mdBook make it.
fn slug(heading: &str) -> String {
    let kept = heading.trim().chars().filter(|letter| letter.is_alphanumeric() || " -_".contains(*letter));
    kept.map(|letter| if letter == ' ' { '-' } else { letter.to_ascii_lowercase() }).collect()
}

/// The anchors in a page: its headings, and those that it sets.
fn anchors(page: &str) -> BTreeSet<String> {
    let mut in_block = false;
    let mut anchors = BTreeSet::new();
    let mut counts: HashMap<String, usize> = HashMap::new();
    for line in page.lines() {
        if line.starts_with("```") {
            in_block = !in_block;
        }
        if !in_block && line.starts_with('#') {
            let slug = slug(line.trim_start_matches('#'));
            let count = counts.entry(slug.clone()).or_default();
            anchors.insert(if *count == 0 { slug } else { format!("{slug}-{count}") });
            *count += 1;
        }
        anchors.extend(line.split("id=\"").skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned));
    }
    anchors
}

/// Says what is wrong with a link in a page, if anything is.
fn broken(page: &Path, target: &str) -> Option<String> {
    let (path, anchor) = target.split_once('#').map_or((target, None), |(path, anchor)| (path, Some(anchor)));
    let in_repository = path.strip_prefix(REPOSITORY);
    if in_repository.is_none() && path.contains(':') {
        return None;
    }
    let folder = page.parent().expect("a folder");
    let file = match in_repository {
        Some(path) => Path::new(ROOT).join(path),
        None if path.is_empty() => page.to_owned(),
        None => folder.join(path),
    };
    if !file.exists() {
        return Some("no such file".to_owned());
    }
    let is_in_docs = |file: &Path| file.canonicalize().is_ok_and(|file| file.starts_with(docs()));
    if in_repository.is_none() && is_in_docs(page) && !is_in_docs(&file) {
        return Some(format!("the file is not in docs/: link to {REPOSITORY}…"));
    }
    let is_page = file.extension().is_some_and(|extension| extension == "md");
    let text = if is_page { std::fs::read_to_string(&file).expect("a page") } else { String::new() };
    anchor.filter(|anchor| is_page && !anchors(&text).contains(*anchor)).map(|anchor| format!("no anchor #{anchor}"))
}

#[test]
fn every_link_leads_to_a_file_and_an_anchor() {
    let names = [
        "AGENTS.md",
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "README.md",
        "SKILL.md",
        "fuzz/README.md",
        "samples/README.md",
    ];
    let pages = names.map(|name| Path::new(ROOT).join(name)).into_iter().chain(pages_under(&docs()));
    let (mut links, mut problems) = (0, Vec::new());
    for page in pages {
        for target in targets(&std::fs::read_to_string(&page).expect("a page")) {
            links += 1;
            problems.extend(broken(&page, &target).map(|problem| format!("{}: {target}: {problem}", page.display())));
        }
    }
    assert!(links > 100, "only {links} links were found");
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn a_broken_link_is_found() {
    let page = docs().join("README.md");
    for target in ["absent.md", "README.md#absent", "#absent", "../README.md", &format!("{REPOSITORY}absent.rs")] {
        assert!(broken(&page, target).is_some(), "{target}");
    }
    for target in ["SUMMARY.md", "README.md#how-to", "https://example.com/", &format!("{REPOSITORY}src/main.rs")] {
        assert_eq!(broken(&page, target), None, "{target}");
    }
}

/// The sections of the index: the heading, and the titles and targets of its links.
pub fn index_sections(index: &str) -> Vec<(&str, Vec<(String, String)>)> {
    let sections = index.split("\n## ").skip(1).map(|section| {
        let (heading, rest) = section.split_once('\n').expect("a heading");
        let named = links(rest).into_iter().map(|(title, target)| {
            let title = if target.contains("/commands/") { format!("cfwh {title}") } else { capitalized(&title) };
            (title, target)
        });
        (heading, named.collect())
    });
    sections.collect()
}

/// The summary of the book: the links of the index, under its headings.
fn summary(index: &str) -> String {
    let mut summary = "# Summary\n\n[Introduction](README.md)\n".to_owned();
    for (heading, links) in index_sections(index) {
        summary.extend([format!("\n# {heading}\n\n")]);
        summary.extend(links.into_iter().map(|(title, target)| format!("- [{title}]({target})\n")));
    }
    summary
}

/// The links to pages in a text: titles and targets.
fn links(text: &str) -> Vec<(String, String)> {
    let parts: Vec<_> = text.split("](").collect();
    let pairs = parts.windows(2).filter_map(|pair| {
        let title = pair[0].rsplit_once('[')?.1.split_whitespace().collect::<Vec<_>>().join(" ");
        Some((title, pair[1].split_once(')')?.0.to_owned()))
    });
    pairs.filter(|(_, target)| !target.contains(':')).collect()
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[test]
fn committed_files_of_the_book_are_current() {
    let index = std::fs::read_to_string(docs().join("README.md")).expect("a page");
    let mut stale = Vec::new();
    fresh("docs/SUMMARY.md", summary(&index).as_bytes(), &mut stale);
    expect_none(&stale);
}

#[test]
fn the_index_of_the_docs_leads_to_every_page() {
    let index = std::fs::read_to_string(docs().join("README.md")).expect("a page");
    let linked: BTreeSet<_> = targets(&index).into_iter().collect();
    for page in pages_under(&docs()) {
        let name = page.strip_prefix(docs()).expect("a page of docs/").display().to_string();
        let is_listed_elsewhere = ["README.md", "SUMMARY.md"].contains(&name.as_str());
        assert!(is_listed_elsewhere || linked.contains(&name), "docs/README.md does not lead to {name}");
    }
}

#[test]
#[ignore = "needs mdbook"]
fn the_book_builds() {
    let sandbox = crate::support::Sandbox::new();
    let mut command = std::process::Command::new(crate::support::tool("mdbook"));
    command.arg("build").arg("--dest-dir").arg(sandbox.path().join("book")).arg(ROOT);
    let output = command.output().expect("mdbook runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let log = String::from_utf8_lossy(&output.stderr);
    assert!(!log.contains("WARN") && !log.contains("ERROR"), "{log}");
    assert!(sandbox.path().join("book/how-to/probe-fixes.html").is_file());
}
