//! The events of Confluence Cloud with a captured body, or with a body that can be inferred.

use crate::models::event::Action::{
    Added, Archived, ChildrenReordered, Copied, Created, Deleted, LogoUpdated, Moved, PermissionsUpdated, Removed,
    Restored, Trashed, Unarchived, Updated, Viewed,
};
use crate::models::event::Entity::{Attachment, BlogPost, Comment, Label, Page, Space};
use crate::models::event::Evidence::{Captured, Inferred, Source};
use crate::models::event::{Catalogue, EventRow, row};

/// The events of the published document, then the others. The weights add up to 1,000.
#[rustfmt::skip]
static ROWS: &[EventRow] = &[
    row("page_created", Page, Created, 90, Captured, "A page was created."),
    row("page_updated", Page, Updated, 170, Captured, "A page was changed, renamed or moved within its space."),
    row("page_removed", Page, Removed, 18, Captured, "A page was permanently deleted."),
    row("page_trashed", Page, Trashed, 35, Captured, "A page was moved to the trash."),
    row("page_restored", Page, Restored, 12, Captured, "A page was restored from the trash."),
    row("space_created", Space, Created, 8, Source, "A space was created."),
    row("space_updated", Space, Updated, 14, Source, "A space was changed."),
    row("space_removed", Space, Removed, 4, Source, "A space was removed."),
    row("comment_created", Comment, Created, 120, Captured, "A comment was added to a page or a blog post."),
    row("comment_updated", Comment, Updated, 45, Source, "A comment was changed."),
    row("comment_removed", Comment, Removed, 22, Source, "A comment was removed."),
    row("attachment_created", Attachment, Created, 80, Source, "Files were attached to a page or a blog post."),
    row("attachment_updated", Attachment, Updated, 40, Source, "New versions of attachments were uploaded."),
    row("attachment_removed", Attachment, Removed, 18, Source, "Attachments were removed."),
    row("label_created", Label, Created, 41, Source, "A label was created. `label_added` reports that it was added to content."),
    row("label_removed", Label, Removed, 30, Source, "A label was removed from content."),
    row("blog_created", BlogPost, Created, 36, Captured, "A blog post was created."),
    row("blog_updated", BlogPost, Updated, 36, Captured, "A blog post was changed."),
    row("blog_removed", BlogPost, Removed, 12, Captured, "A blog post was removed."),
    row("page_viewed", Page, Viewed, 30, Captured, "A page was viewed."),
    row("page_moved", Page, Moved, 12, Inferred, "A page was moved to a new parent or space."),
    row("page_copied", Page, Copied, 6, Inferred, "A page was copied. The event is about the copy."),
    row("page_archived", Page, Archived, 6, Inferred, "A page was archived."),
    row("page_unarchived", Page, Unarchived, 3, Inferred, "A page was restored from the archive."),
    row("page_children_reordered", Page, ChildrenReordered, 4, Inferred, "The child pages of a page were reordered."),
    row("blog_trashed", BlogPost, Trashed, 8, Inferred, "A blog post was moved to the trash."),
    row("blog_restored", BlogPost, Restored, 4, Inferred, "A blog post was restored from the trash."),
    row("blog_moved", BlogPost, Moved, 4, Inferred, "A blog post was moved to another space."),
    row("blog_viewed", BlogPost, Viewed, 12, Inferred, "A blog post was viewed."),
    row("attachment_trashed", Attachment, Trashed, 6, Inferred, "An attachment was moved to the trash."),
    row("attachment_restored", Attachment, Restored, 4, Inferred, "An attachment was restored from the trash."),
    row("attachment_archived", Attachment, Archived, 3, Inferred, "An attachment was archived."),
    row("attachment_unarchived", Attachment, Unarchived, 2, Inferred, "An attachment was restored from the archive."),
    row("attachment_viewed", Attachment, Viewed, 12, Inferred, "An attachment was viewed."),
    row("label_added", Label, Added, 40, Source, "A label was added to content."),
    row("label_deleted", Label, Deleted, 6, Inferred, "A label was deleted."),
    row("space_logo_updated", Space, LogoUpdated, 3, Inferred, "The logo of a space was changed."),
    row("space_permissions_updated", Space, PermissionsUpdated, 4, Inferred, "The permissions of a space were changed."),
];

/// The events.
pub(super) const EVENTS: Catalogue = Catalogue::new(ROWS);

#[cfg(test)]
mod tests {
    use super::ROWS;

    #[test]
    fn weights_add_up_to_a_thousand() {
        assert_eq!(ROWS.iter().map(|row| row.weight).sum::<u16>(), 1000);
    }
}
