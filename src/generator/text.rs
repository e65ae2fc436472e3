//! Titles, names, labels and messages: phrases of `phrases.json` with filled placeholders.
//!
//! Two thirds of the titles are English, as in international companies. Some titles have emoji or are long. Quarters have no year,
//! because `--at` sets the year.

use std::sync::LazyLock;

use fake::Fake;
use fake::faker::company::en::CompanyName;
use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use rand::seq::IndexedRandom;
use serde::Deserialize;

use crate::models::event::Entity;

/// The number of companies that the people of a site write about.
const COMPANIES: usize = 12;

pub(super) static PHRASES: LazyLock<Phrases> =
    LazyLock::new(|| serde_json::from_str(include_str!("phrases.json")).expect("a test reads phrases.json"));

/// Phrases. The placeholders are `{team}`, `{system}`, `{quarter}`, `{person}`, `{company}` and `{number}`.
#[derive(Debug, Deserialize)]
pub(super) struct Phrases {
    pages: Vec<PhraseGroup>,
    blog_posts: Vec<PhraseGroup>,
    /// The first global spaces of a site.
    pub(super) spaces: Vec<SpaceName>,
    /// Later global spaces. Their keys get a number.
    pub(super) later_spaces: Vec<SpaceName>,
    space_descriptions: Vec<String>,
    teams: Vec<String>,
    systems: Vec<String>,
    quarters: Vec<String>,
    labels: Vec<String>,
    version_messages: Vec<String>,
    /// Suffixes that a rename adds to a title or removes from it.
    title_suffixes: Vec<String>,
    groups: Vec<String>,
    queries: Vec<String>,
    /// Names of relations from a user to content.
    relations: Vec<String>,
    /// The module keys of themes.
    themes: Vec<String>,
    files: Vec<FileType>,
}

/// Titles in one language or style.
#[derive(Debug, Deserialize)]
struct PhraseGroup {
    /// The weight, in percent of all titles.
    weight: u8,
    phrases: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct SpaceName {
    pub(super) key: String,
    pub(super) name: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct FileType {
    pub(super) name: String,
    pub(super) media_type: String,
    /// The smallest and the largest plausible size, in bytes.
    pub(super) sizes: [i64; 2],
}

/// The names for `{person}` and `{company}` on one site.
#[derive(Debug)]
pub(super) struct Vocabulary {
    first_names: Vec<String>,
    companies: Vec<String>,
}

impl Vocabulary {
    pub(super) fn new(first_names: Vec<String>, rng: &mut ChaCha8Rng) -> Self {
        Self { first_names, companies: (0..COMPANIES).map(|_| CompanyName().fake_with_rng(rng)).collect() }
    }

    /// Returns a title of content. All content except blog posts has titles like pages.
    pub(super) fn title(&self, entity: Entity, rng: &mut ChaCha8Rng) -> String {
        let groups = if entity == Entity::BlogPost { &PHRASES.blog_posts } else { &PHRASES.pages };
        let group = groups.choose_weighted(rng, |group| group.weight).expect("there are groups with weights");
        self.capitalized(choose(&group.phrases, rng), rng)
    }

    pub(super) fn space_description(&self, rng: &mut ChaCha8Rng) -> String {
        self.fill(choose(&PHRASES.space_descriptions, rng), rng)
    }

    pub(super) fn group_name(&self, rng: &mut ChaCha8Rng) -> String {
        self.fill(choose(&PHRASES.groups, rng), rng)
    }

    /// Returns a search query.
    pub(super) fn query(&self, rng: &mut ChaCha8Rng) -> String {
        self.fill(choose(&PHRASES.queries, rng), rng)
    }

    /// Fills a phrase and capitalizes its first word, which may be a placeholder.
    pub(super) fn capitalized(&self, phrase: &str, rng: &mut ChaCha8Rng) -> String {
        let mut text = self.fill(phrase, rng);
        if let Some(first) = text.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        text
    }

    pub(super) fn fill(&self, phrase: &str, rng: &mut ChaCha8Rng) -> String {
        let mut text = String::with_capacity(64);
        let mut rest = phrase;
        while let Some((before, after)) = rest.split_once('{') {
            let (slot, after) = after.split_once('}').expect("a test fills every phrase");
            text.push_str(before);
            match slot {
                "team" => text.push_str(choose(&PHRASES.teams, rng)),
                "system" => text.push_str(choose(&PHRASES.systems, rng)),
                "quarter" => text.push_str(choose(&PHRASES.quarters, rng)),
                "person" => text.push_str(choose(&self.first_names, rng)),
                "company" => text.push_str(choose(&self.companies, rng)),
                "number" => text.push_str(itoa::Buffer::new().format(rng.random_range(2..60_u8))),
                other => unreachable!("a test fills every phrase, but not {other}"),
            }
            rest = after;
        }
        text.push_str(rest);
        text
    }
}

fn choose<'a>(texts: &'a [String], rng: &mut ChaCha8Rng) -> &'a str {
    texts.choose(rng).expect("a test chooses from every list")
}

pub(super) fn file_type(rng: &mut ChaCha8Rng) -> &'static FileType {
    PHRASES.files.choose(rng).expect("a test chooses from every list")
}

/// Renames a page or a space: removes an earlier suffix, or adds one.
pub(super) fn rename(title: &mut String, rng: &mut ChaCha8Rng) {
    match PHRASES.title_suffixes.iter().find_map(|suffix| title.strip_suffix(suffix.as_str())) {
        Some(plain) => title.truncate(plain.len()),
        None => title.push_str(choose(&PHRASES.title_suffixes, rng)),
    }
}

/// Returns a version message. Two in three versions have none.
pub(super) fn version_message(rng: &mut ChaCha8Rng) -> &'static str {
    if rng.random_ratio(1, 3) { choose(&PHRASES.version_messages, rng) } else { "" }
}

/// Returns the name of a label. Two in five names end with a quarter or a team.
pub(super) fn label_name(rng: &mut ChaCha8Rng) -> String {
    let name = choose(&PHRASES.labels, rng);
    let suffix = match rng.random_range(0..5_u8) {
        0 => choose(&PHRASES.quarters, rng),
        1 => choose(&PHRASES.teams, rng),
        _ => return name.to_owned(),
    };
    format!("{name}-{}", suffix.to_ascii_lowercase().replace('&', "").replace(' ', "-"))
}

/// Returns the name of a relation.
pub(super) fn relation_name(rng: &mut ChaCha8Rng) -> &'static str {
    choose(&PHRASES.relations, rng)
}

/// Returns the key of a theme other than `old`.
pub(super) fn other_theme(old: &str, rng: &mut ChaCha8Rng) -> &'static str {
    let others: Vec<&String> = PHRASES.themes.iter().filter(|theme| *theme != old).collect();
    others.choose(rng).expect("a test chooses from every list")
}

/// Returns the prefix of a label, which is usually `global`.
pub(super) fn label_prefix(rng: &mut ChaCha8Rng) -> &'static str {
    match rng.random_range(0..20_u8) {
        0 => "my",
        1 => "team",
        _ => "global",
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    #[test]
    fn weights_add_up_to_a_hundred() {
        for groups in [&PHRASES.pages, &PHRASES.blog_posts] {
            assert_eq!(groups.iter().map(|group| u32::from(group.weight)).sum::<u32>(), 100);
        }
    }

    #[test]
    fn every_phrase_is_filled_and_no_list_is_empty() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let vocabulary = Vocabulary::new(vec!["Ana".to_owned()], &mut rng);
        let groups = PHRASES.pages.iter().chain(&PHRASES.blog_posts).map(|group| &group.phrases);
        let lists: Vec<&Vec<String>> = groups
            .chain([&PHRASES.space_descriptions, &PHRASES.teams, &PHRASES.systems, &PHRASES.quarters, &PHRASES.labels])
            .chain([&PHRASES.version_messages, &PHRASES.title_suffixes, &PHRASES.groups, &PHRASES.queries])
            .chain([&PHRASES.relations, &PHRASES.themes])
            .collect();
        assert!(lists.iter().all(|list| !list.is_empty()) && !PHRASES.later_spaces.is_empty());
        let names = PHRASES.spaces.iter().chain(&PHRASES.later_spaces).map(|space| &space.name);
        let files = PHRASES.files.iter().map(|file| &file.name);
        for phrase in lists.into_iter().flatten().chain(names).chain(files) {
            assert!(!vocabulary.fill(phrase, &mut rng).contains(['{', '}']), "{phrase}");
        }
        assert!(PHRASES.files.iter().all(|file| file.sizes[0] < file.sizes[1]));
    }
}
