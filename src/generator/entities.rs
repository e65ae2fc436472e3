//! What there is on a site, as the world knows it. Bodies events_of parts of it, each profile in its own words.
//!
//! People and spaces are named by where they stand in the world; times are in milliseconds since the Unix epoch.

/// A space.
#[derive(Clone, Debug, Default)]
pub(super) struct Space {
    pub(super) id: u64,
    pub(super) key: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) personal: bool,
    pub(super) archived: bool,
    /// The id of its home page.
    pub(super) home: u64,
    pub(super) creator: usize,
    pub(super) created: i64,
    pub(super) modifier: usize,
    pub(super) modified: i64,
}

/// A version of something: who made it when, and what was said of it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Version {
    /// From 1.
    pub(super) number: u32,
    pub(super) when: i64,
    pub(super) by: usize,
    /// Empty where the author wrote none.
    pub(super) message: &'static str,
    pub(super) minor: bool,
}

/// What everything that is written has: an id of the site's one sequence, an author, versions.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Item {
    pub(super) id: u64,
    pub(super) creator: usize,
    pub(super) created: i64,
    pub(super) version: Version,
}

/// The two sorts of content that a space holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum ContentType {
    #[default]
    Page,
    BlogPost,
}

/// A page or a blog post.
#[derive(Clone, Debug, Default)]
pub(super) struct Content {
    pub(super) content_type: ContentType,
    pub(super) item: Item,
    pub(super) title: String,
    pub(super) space: usize,
    pub(super) trashed: bool,
    /// The labels on it.
    pub(super) labels: Vec<String>,
}

/// A comment on a page or a blog post.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Comment {
    pub(super) item: Item,
    pub(super) on: usize,
    /// The comment that it answers: its place and its id.
    pub(super) answers: Option<(usize, u64)>,
    /// How many answer it.
    pub(super) replies: u32,
}

/// A file on a page or a blog post.
#[derive(Clone, Debug, Default)]
pub(super) struct Attachment {
    pub(super) item: Item,
    pub(super) on: usize,
    pub(super) name: String,
    pub(super) media_type: &'static str,
    /// In bytes.
    pub(super) size: u64,
}

/// A label on a page or a blog post.
#[derive(Clone, Debug, Default)]
pub(super) struct Label {
    pub(super) name: String,
    pub(super) prefix: &'static str,
    pub(super) on: usize,
    pub(super) owner: usize,
}

impl Item {
    /// Something new.
    pub(super) const fn new(id: u64, creator: usize, now: i64) -> Self {
        let version = Version { number: 1, when: now, by: creator, message: "", minor: false };
        Self { id, creator, created: now, version }
    }

    /// The next version.
    pub(super) const fn change(&mut self, by: usize, now: i64, message: &'static str, minor: bool) {
        self.version = Version { number: self.version.number + 1, when: now, by, message, minor };
    }
}
