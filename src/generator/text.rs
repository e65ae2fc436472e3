//! Phrases with their slots filled in. The templates are taken apart once, and names are drawn once, from `fake`: a title
//! costs a few copies.

use fake::Fake;
use fake::faker::company::en::CompanyName;
use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use rand::seq::IndexedRandom;

use super::phrases::{self, ContentType, FileKind};

/// The companies that a site's people write of.
const COMPANIES: usize = 12;

/// What titles are made of on one site.
#[derive(Debug)]
pub(super) struct Words {
    pages: Hundred,
    blog_posts: Hundred,
    descriptions: Vec<Template>,
    later_spaces: Vec<Template>,
    stems: Vec<Template>,
    people: Vec<String>,
    companies: Vec<String>,
}

/// A phrase, taken apart at its slots.
#[derive(Debug)]
struct Template(Vec<Part>);

#[derive(Debug)]
enum Part {
    Text(&'static str),
    Slot(Slot),
}

#[derive(Clone, Copy, Debug)]
enum Slot {
    Team,
    Thing,
    Quarter,
    Person,
    Company,
    Number,
}

/// Templates by their share of a hundred.
#[derive(Debug)]
struct Hundred {
    sorts: Vec<Vec<Template>>,
    /// For each of a hundred draws, its content_type.
    shares: Vec<u8>,
}

impl Hundred {
    fn new(sorts: &'static [ContentType]) -> Self {
        let shares = sorts
            .iter()
            .zip(0_u8..)
            .flat_map(|(content_type, index)| (0..content_type.percent).map(move |_| index))
            .collect();
        Self { sorts: sorts.iter().map(|content_type| templates(content_type.templates)).collect(), shares }
    }

    fn draw(&self, rng: &mut ChaCha8Rng) -> &Template {
        let content_type = *self.shares.choose(rng).expect("the shares add up to a hundred");
        self.sorts[usize::from(content_type)].choose(rng).expect("every content_type has templates")
    }
}

fn templates(phrases: &'static [&'static str]) -> Vec<Template> {
    phrases.iter().map(|phrase| Template::new(phrase)).collect()
}

impl Template {
    fn new(phrase: &'static str) -> Self {
        let mut parts = Vec::new();
        let mut rest = phrase;
        while let Some((before, after)) = rest.split_once('{') {
            let (slot, after) = after.split_once('}').expect("every slot is closed");
            parts.push(Part::Text(before));
            parts.push(Part::Slot(Slot::named(slot)));
            rest = after;
        }
        parts.push(Part::Text(rest));
        parts.retain(|part| !matches!(part, Part::Text("")));
        Self(parts)
    }
}

impl Slot {
    fn named(name: &str) -> Self {
        match name {
            "team" => Self::Team,
            "thing" => Self::Thing,
            "quarter" => Self::Quarter,
            "person" => Self::Person,
            "company" => Self::Company,
            "number" => Self::Number,
            other => unreachable!("no word for {other}"),
        }
    }
}

fn one_of(words: &[&'static str], rng: &mut ChaCha8Rng) -> &'static str {
    words.choose(rng).expect("there are words")
}

impl Words {
    /// `people` are the first names of those who write there.
    pub(super) fn new(people: Vec<String>, rng: &mut ChaCha8Rng) -> Self {
        Self {
            pages: Hundred::new(&phrases::PAGES),
            blog_posts: Hundred::new(&phrases::BLOG_POSTS),
            descriptions: templates(&phrases::SPACE_DESCRIPTIONS),
            later_spaces: phrases::LATER_SPACES.iter().map(|(_, name)| Template::new(name)).collect(),
            stems: phrases::FILES.iter().map(|file| Template::new(file.stem)).collect(),
            people,
            companies: (0..COMPANIES).map(|_| CompanyName().fake_with_rng(rng)).collect(),
        }
    }

    // Each of these puts its words in the place of what `text` held: a buffer serves for many.
    pub(super) fn page(&self, rng: &mut ChaCha8Rng, text: &mut String) {
        text.clear();
        self.fill(self.pages.draw(rng), rng, text);
        capitalise(text);
    }

    pub(super) fn blog_post(&self, rng: &mut ChaCha8Rng, text: &mut String) {
        text.clear();
        self.fill(self.blog_posts.draw(rng), rng, text);
        capitalise(text);
    }

    pub(super) fn description(&self, rng: &mut ChaCha8Rng, text: &mut String) {
        text.clear();
        self.fill(self.descriptions.choose(rng).expect("there are descriptions"), rng, text);
    }

    /// A space that came later; returns the letters of its key.
    pub(super) fn later_space(&self, rng: &mut ChaCha8Rng, name: &mut String) -> &'static str {
        name.clear();
        let index = rng.random_range(0..phrases::LATER_SPACES.len());
        self.fill(&self.later_spaces[index], rng, name);
        capitalise(name);
        phrases::LATER_SPACES[index].0
    }

    /// A file's name; returns what content_type it is.
    pub(super) fn file(&self, rng: &mut ChaCha8Rng, name: &mut String) -> &'static FileKind {
        name.clear();
        let index = rng.random_range(0..phrases::FILES.len());
        let content_type = &phrases::FILES[index];
        self.fill(&self.stems[index], rng, name);
        name.push('.');
        name.push_str(content_type.extension);
        content_type
    }

    fn fill(&self, template: &Template, rng: &mut ChaCha8Rng, text: &mut String) {
        for part in &template.0 {
            match part {
                Part::Text(words) => text.push_str(words),
                Part::Slot(Slot::Team) => text.push_str(one_of(&phrases::TEAMS, rng)),
                Part::Slot(Slot::Thing) => text.push_str(one_of(&phrases::THINGS, rng)),
                Part::Slot(Slot::Quarter) => text.push_str(one_of(&phrases::QUARTERS, rng)),
                Part::Slot(Slot::Person) => text.push_str(self.people.choose(rng).expect("a site has people")),
                Part::Slot(Slot::Company) => text.push_str(self.companies.choose(rng).expect("there are companies")),
                Part::Slot(Slot::Number) => {
                    let number: u8 = rng.random_range(2..60);
                    if number >= 10 {
                        text.push(char::from(b'0' + number / 10));
                    }
                    text.push(char::from(b'0' + number % 10));
                }
            }
        }
    }
}

/// For titles that begin with `the search index`.
fn capitalise(title: &mut str) {
    if let Some(first) = title.get_mut(..1) {
        first.make_ascii_uppercase();
    }
}

/// Renames a page or a space: an earlier addition goes, or one comes.
pub(super) fn rename(title: &mut String, rng: &mut ChaCha8Rng) {
    match phrases::RENAMED.iter().find_map(|addition| title.strip_suffix(addition)) {
        Some(plain) => title.truncate(plain.len()),
        None => title.push_str(one_of(&phrases::RENAMED, rng)),
    }
}

/// Two of three authors write no message.
pub(super) fn version_message(rng: &mut ChaCha8Rng) -> &'static str {
    if rng.random_ratio(1, 3) { one_of(&phrases::VERSION_MESSAGES, rng) } else { "" }
}

/// A label in the place of what `name` held: two in five are of a quarter, a team or a number, as people number what they tag.
pub(super) fn label(rng: &mut ChaCha8Rng, name: &mut String) {
    name.clear();
    name.push_str(one_of(&phrases::LABELS, rng));
    let tail = match rng.random_range(0..5_u8) {
        0 => one_of(&phrases::QUARTERS, rng),
        1 => one_of(&phrases::TEAMS, rng),
        _ => return,
    };
    name.push('-');
    name.extend(tail.chars().filter(|c| *c != '&').map(|c| if c == ' ' { '-' } else { c.to_ascii_lowercase() }));
}

/// Nearly all labels are global.
pub(super) fn prefix(rng: &mut ChaCha8Rng) -> &'static str {
    match rng.random_range(0..20_u8) {
        0 => "my",
        1 => "team",
        _ => "global",
    }
}

#[cfg(test)]
mod tests {
    use super::phrases::{BLOG_POSTS, PAGES};

    #[test]
    fn shares_add_up_to_a_hundred() {
        for sorts in [&PAGES[..], &BLOG_POSTS[..]] {
            assert_eq!(sorts.iter().map(|content_type| u32::from(content_type.percent)).sum::<u32>(), 100);
        }
    }
}
