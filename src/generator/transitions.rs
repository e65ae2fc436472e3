//! What each kind of event does to a story's world, and when it can happen.

use rand::RngExt;

use crate::models::event::{Action, Entity, EventKind};

use super::entities::{Attachment, Comment, Content, ContentType, Item, Label};
use super::site::Site;
use super::story::{ATTACHMENTS, COMMENTS, CONTENTS, LABELS, Place, SPACES, Story};
use super::text;

impl Story {
    /// Lets an event of this kind happen: who did it, and to what. `None` when it cannot now.
    pub(super) fn happen(&mut self, kind: EventKind, actor: usize) -> Option<(EventKind, usize, Place)> {
        let place = match (kind.entity(), kind.action()) {
            (Entity::Page, Action::Created) => self.create(ContentType::Page, actor)?,
            (Entity::BlogPost, Action::Created) => self.create(ContentType::BlogPost, actor)?,
            (Entity::Page, Action::Updated) => self.update(ContentType::Page, actor)?,
            (Entity::BlogPost, Action::Updated) => self.update(ContentType::BlogPost, actor)?,
            (Entity::Page, Action::Trashed) => self.trash()?,
            (Entity::Page, Action::Restored) => self.restore()?,
            (Entity::Page, Action::Removed) => self.remove(ContentType::Page)?,
            (Entity::BlogPost, Action::Removed) => self.remove(ContentType::BlogPost)?,
            (Entity::Space, Action::Created) => {
                let (owner, place) = self.create_space(actor)?;
                return Some((kind, owner, place));
            }
            (Entity::Space, Action::Updated) => self.rename(actor)?,
            (Entity::Space, Action::Removed) => self.delete_space()?,
            (Entity::Comment, Action::Created) => self.comment(actor)?,
            (Entity::Comment, Action::Updated) => self.update_comment(actor)?,
            (Entity::Comment, Action::Removed) => self.delete_comment()?,
            (Entity::Attachment, Action::Created) => self.attach(actor)?,
            (Entity::Attachment, Action::Updated) => self.replace(actor)?,
            (Entity::Attachment, Action::Removed) => self.detach()?,
            (Entity::Label, Action::Created) => self.label(actor)?,
            (Entity::Label, Action::Removed) => self.unlabel()?,
            _ => return None,
        };
        Some((kind, actor, place))
    }

    fn create(&mut self, content_type: ContentType, actor: usize) -> Option<Place> {
        let space = self.world.spaces.draw(&mut self.rng, |_| true)?;
        if self.contents.len() == CONTENTS {
            return None;
        }
        let item = Item::new(self.world.next_id(&mut self.rng), actor, self.now);
        let mut content = Content { content_type, item, space, ..Content::default() };
        match content_type {
            ContentType::Page => self.world.words.page(&mut self.rng, &mut content.title),
            ContentType::BlogPost => self.world.words.blog_post(&mut self.rng, &mut content.title),
        }
        self.make_title_unique(&mut content);
        Some(Place::Content(self.contents.put(content)))
    }

    /// No other page of the space has the title, as Confluence wants it.
    fn make_title_unique(&self, content: &mut Content) {
        if content.content_type == ContentType::BlogPost {
            return;
        }
        let plain = content.title.len();
        for copy in 2_u32.. {
            let taken = |other: &Content| {
                other.content_type == ContentType::Page && other.space == content.space && other.title == content.title
            };
            if !self.contents.iter().any(taken) {
                return;
            }
            content.title.truncate(plain);
            content.title.extend([" (", &copy.to_string(), ")"]);
        }
    }

    /// One of eight updates changes the title too.
    fn update(&mut self, content_type: ContentType, actor: usize) -> Option<Place> {
        let place =
            self.contents.draw(&mut self.rng, |content| content.content_type == content_type && !content.trashed)?;
        let (message, minor) = (text::version_message(&mut self.rng), self.rng.random_ratio(1, 5));
        self.contents[place].item.change(actor, self.now, message, minor);
        if self.rng.random_ratio(1, 8) {
            let mut content = std::mem::take(&mut self.contents[place]);
            text::rename(&mut content.title, &mut self.rng);
            self.make_title_unique(&mut content);
            self.contents[place] = content;
        }
        Some(Place::Content(place))
    }

    fn trash(&mut self) -> Option<Place> {
        let place = self
            .contents
            .draw(&mut self.rng, |content| content.content_type == ContentType::Page && !content.trashed)?;
        self.contents[place].trashed = true;
        Some(Place::Content(place))
    }

    fn restore(&mut self) -> Option<Place> {
        let place = self.contents.draw(&mut self.rng, |content| content.trashed)?;
        self.contents[place].trashed = false;
        Some(Place::Content(place))
    }

    /// A page goes from the trash, a blog post from where it is; what is on it goes with it.
    fn remove(&mut self, content_type: ContentType) -> Option<Place> {
        let trashed = content_type == ContentType::Page;
        let place = self
            .contents
            .draw(&mut self.rng, |content| content.content_type == content_type && content.trashed == trashed)?;
        self.take(place);
        Some(Place::Content(place))
    }

    fn take(&mut self, content: usize) {
        self.comments.retain_not(|comment| comment.on == content);
        self.attachments.retain_not(|attachment| attachment.on == content);
        self.labels.retain_not(|label| label.on == content);
        self.contents.take(content);
    }

    /// One of six spaces is somebody's own.
    fn create_space(&mut self, actor: usize) -> Option<(usize, Place)> {
        if self.world.spaces.len() == SPACES {
            return None;
        }
        let personal = self.rng.random_ratio(1, 6);
        let space = self.world.create_space(personal, actor, self.now, &mut self.rng);
        Some((space.creator, Place::Space(self.world.spaces.put(space))))
    }

    fn rename(&mut self, actor: usize) -> Option<Place> {
        let place = self.world.spaces.draw(&mut self.rng, |_| true)?;
        let Site { spaces, words, .. } = &mut self.world;
        let space = &mut spaces[place];
        (space.modifier, space.modified) = (actor, self.now);
        words.description(&mut self.rng, &mut space.description);
        if !space.personal && self.rng.random_ratio(1, 4) {
            text::rename(&mut space.name, &mut self.rng);
        }
        Some(Place::Space(place))
    }

    /// The last space stays: somewhere something must happen.
    fn delete_space(&mut self) -> Option<Place> {
        if self.world.spaces.len() < 2 {
            return None;
        }
        let space = self.world.spaces.draw(&mut self.rng, |_| true)?;
        while let Some(content) = self.contents.draw(&mut self.rng, |content| content.space == space) {
            self.take(content);
        }
        self.world.spaces.take(space);
        Some(Place::Space(space))
    }

    /// One of four comments answers another.
    fn comment(&mut self, actor: usize) -> Option<Place> {
        if self.comments.len() == COMMENTS {
            return None;
        }
        let contents = &self.contents;
        let mut answered = None;
        if self.rng.random_ratio(1, 4) {
            answered = self.comments.draw(&mut self.rng, |comment| !contents[comment.on].trashed);
        }
        let on = match answered {
            Some(answered) => self.comments[answered].on,
            None => self.contents.draw(&mut self.rng, |content| !content.trashed)?,
        };
        let answers = answered.map(|place| {
            self.comments[place].replies += 1;
            (place, self.comments[place].item.id)
        });
        let item = Item::new(self.world.next_id(&mut self.rng), actor, self.now);
        Some(Place::Comment(self.comments.put(Comment { item, on, answers, replies: 0 })))
    }

    fn update_comment(&mut self, actor: usize) -> Option<Place> {
        let contents = &self.contents;
        let place = self.comments.draw(&mut self.rng, |comment| !contents[comment.on].trashed)?;
        self.comments[place].item.change(actor, self.now, "", false);
        Some(Place::Comment(place))
    }

    /// Only a comment that nobody answered is taken back.
    fn delete_comment(&mut self) -> Option<Place> {
        let contents = &self.contents;
        let is_free = |comment: &Comment| comment.replies == 0 && !contents[comment.on].trashed;
        let place = self.comments.draw(&mut self.rng, is_free)?;
        if let Some((answered, _)) = self.comments[place].answers {
            self.comments[answered].replies -= 1;
        }
        self.comments.take(place);
        Some(Place::Comment(place))
    }

    fn attach(&mut self, actor: usize) -> Option<Place> {
        let on = self.contents.draw(&mut self.rng, |content| !content.trashed)?;
        if self.attachments.len() == ATTACHMENTS {
            return None;
        }
        let item = Item::new(self.world.next_id(&mut self.rng), actor, self.now);
        let mut attachment = Attachment { item, on, ..Attachment::default() };
        let content_type = self.world.words.file(&mut self.rng, &mut attachment.name);
        attachment.media_type = content_type.media_type;
        attachment.size = self.rng.random_range(content_type.sizes.clone());
        Some(Place::Attachment(self.attachments.put(attachment)))
    }

    /// The file grows or shrinks by a tenth at the most, and so stays one of its content_type.
    fn replace(&mut self, actor: usize) -> Option<Place> {
        let contents = &self.contents;
        let place = self.attachments.draw(&mut self.rng, |attachment| !contents[attachment.on].trashed)?;
        let message = text::version_message(&mut self.rng);
        let attachment = &mut self.attachments[place];
        attachment.item.change(actor, self.now, message, false);
        attachment.size = attachment.size - attachment.size / 10 + self.rng.random_range(0..=attachment.size / 5);
        Some(Place::Attachment(place))
    }

    fn detach(&mut self) -> Option<Place> {
        let contents = &self.contents;
        let place = self.attachments.draw(&mut self.rng, |attachment| !contents[attachment.on].trashed)?;
        self.attachments.take(place);
        Some(Place::Attachment(place))
    }

    /// A label that is on nothing else: so it holds that the label came into being, as Cloud means it, and that it was put
    /// on content, as the document means it.
    fn label(&mut self, actor: usize) -> Option<Place> {
        let on = self.contents.draw(&mut self.rng, |content| !content.trashed)?;
        if self.labels.len() == LABELS {
            return None;
        }
        let mut name = String::new();
        text::label(&mut self.rng, &mut name);
        if self.labels.iter().any(|label| label.name == name) {
            return None;
        }
        self.contents[on].labels.push(name.clone());
        let label = Label { name, prefix: text::prefix(&mut self.rng), on, owner: actor };
        Some(Place::Label(self.labels.put(label)))
    }

    fn unlabel(&mut self) -> Option<Place> {
        let contents = &self.contents;
        let place = self.labels.draw(&mut self.rng, |label| !contents[label.on].trashed)?;
        let Label { on, name, .. } = &self.labels[place];
        self.contents[*on].labels.retain(|label| label != name);
        self.labels.take(place);
        Some(Place::Label(place))
    }
}
