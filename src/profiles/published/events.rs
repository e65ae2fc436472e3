//! The events of the published document, in its order.

use crate::models::event::Action::{Created, Removed, Restored, Trashed, Updated};
use crate::models::event::Entity::{Attachment, BlogPost, Comment, Label, Page, Space};
use crate::models::event::{Action, Catalogue, Entity, EventRow, Evidence};

const fn row(name: &'static str, entity: Entity, action: Action, weight: u16, description: &'static str) -> EventRow {
    EventRow { name, alias: None, entity, action, weight, description, evidence: Evidence::Published }
}

/// The descriptions are the summaries of the document. The weights add up to 1,000.
#[rustfmt::skip]
static ROWS: &[EventRow] = &[
    row("page_created", Page, Created, 120, "A new page has been created in Confluence."),
    row("page_updated", Page, Updated, 230, "An existing page has been updated in Confluence."),
    row("page_removed", Page, Removed, 18, "A page has been permanently removed from Confluence."),
    row("page_trashed", Page, Trashed, 35, "A page has been moved to the trash in Confluence."),
    row("page_restored", Page, Restored, 12, "A page has been restored from the trash in Confluence."),
    row("space_created", Space, Created, 8, "A new space has been created in Confluence."),
    row("space_updated", Space, Updated, 14, "A space has been updated in Confluence."),
    row("space_removed", Space, Removed, 4, "A space has been removed from Confluence."),
    row("comment_created", Comment, Created, 160, "A new comment has been added to a page or blog post."),
    row("comment_updated", Comment, Updated, 45, "A comment has been updated on a page or blog post."),
    row("comment_removed", Comment, Removed, 22, "A comment has been removed from a page or blog post."),
    row("attachment_created", Attachment, Created, 80, "A file has been attached to a page or blog post."),
    row("attachment_updated", Attachment, Updated, 40, "An attachment has been updated with a new version."),
    row("attachment_removed", Attachment, Removed, 18, "An attachment has been removed from content."),
    row("label_created", Label, Created, 80, "A label has been added to content."),
    row("label_removed", Label, Removed, 30, "A label has been removed from content."),
    row("blog_created", BlogPost, Created, 36, "A new blog post has been created in Confluence."),
    row("blog_updated", BlogPost, Updated, 36, "A blog post has been updated in Confluence."),
    row("blog_removed", BlogPost, Removed, 12, "A blog post has been removed from Confluence."),
];

/// The nineteen events.
pub(super) const EVENTS: Catalogue = Catalogue::new(ROWS);

#[cfg(test)]
mod tests {
    use super::ROWS;

    #[test]
    fn weights_add_up_to_a_thousand() {
        assert_eq!(ROWS.iter().map(|row| row.weight).sum::<u16>(), 1000);
    }
}
