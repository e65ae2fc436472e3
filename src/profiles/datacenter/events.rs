//! The events of Confluence Data Center. Its words differ from those of Confluence Cloud: `removed` is "moved to the trash",
//! and `trashed` is "deleted from the trash".

use crate::models::event::Action::{
    Added, ChildrenReordered, Created, CreatedFromBlueprint, Deactivated, Deleted, Enabled, Followed, LogoUpdated,
    Moved, PermissionsUpdated, Reactivated, Removed, Restored, Trashed, Updated,
};
use crate::models::event::Entity::{Attachment, BlogPost, Comment, Content, Group, Label, Page, Space, Theme, User};
use crate::models::event::Evidence::{Captured, Documented, Source};
use crate::models::event::{Catalogue, EventRow, row};

/// The weights add up to 1,000. `documented` events have a description on Atlassian's page about webhooks. The others are only listed
/// there, and their meaning is from the source.
#[rustfmt::skip]
static ROWS: &[EventRow] = &[
    row("page_created", Page, Created, 100, Source, "A page was created."),
    row("page_updated", Page, Updated, 210, Source, "A page was edited or renamed and has a new version."),
    row("page_moved", Page, Moved, 20, Source, "A page was moved below another page or to another space."),
    row("page_children_reordered", Page, ChildrenReordered, 6, Source, "The child pages of a page were reordered."),
    row("page_removed", Page, Trashed, 30, Documented, "A page was moved to the trash."),
    row("page_trashed", Page, Removed, 12, Documented, "A page was permanently deleted from the trash."),
    row("page_restored", Page, Restored, 10, Documented, "A page was restored from the trash."),
    row("blueprint_page_created", Page, CreatedFromBlueprint, 10, Source, "A page was created from a blueprint."),
    row("blog_created", BlogPost, Created, 28, Source, "A blog post was created."),
    row("blog_updated", BlogPost, Updated, 28, Captured, "A blog post was edited and has a new version."),
    row("blog_removed", BlogPost, Trashed, 6, Documented, "A blog post was moved to the trash."),
    row("blog_trashed", BlogPost, Removed, 3, Documented, "A blog post was permanently deleted from the trash."),
    row("blog_restored", BlogPost, Restored, 3, Documented, "A blog post was restored from the trash."),
    row("comment_created", Comment, Created, 130, Source, "A comment was added to a page or a blog post."),
    row("comment_updated", Comment, Updated, 38, Source, "A comment was edited."),
    row("comment_removed", Comment, Removed, 18, Source, "A comment was deleted."),
    row("attachment_created", Attachment, Created, 66, Source, "A file was attached to a page or a blog post."),
    row("attachment_updated", Attachment, Updated, 32, Documented, "A new version of an attachment was uploaded."),
    row("attachment_removed", Attachment, Trashed, 12, Documented, "An attachment was moved to the trash."),
    row("attachment_trashed", Attachment, Removed, 6, Documented, "An attachment was permanently deleted from the trash."),
    row("attachment_restored", Attachment, Restored, 4, Documented, "An attachment was restored from the trash."),
    row("content_created", Content, Created, 10, Source, "A page or a blog post was created. Sent in addition to its own event."),
    row("content_updated", Content, Updated, 14, Source, "A page or a blog post was edited. Sent in addition to its own event."),
    row("content_trashed", Content, Removed, 3, Source, "A page or a blog post was permanently deleted from the trash. Sent in addition to its own event."),
    row("content_restored", Content, Restored, 3, Source, "A page or a blog post was restored from the trash. Sent in addition to its own event."),
    row("content_permissions_updated", Content, PermissionsUpdated, 10, Source, "The permissions of a page or a blog post were changed."),
    row("label_created", Label, Created, 30, Documented, "A label was used for the first time."),
    row("label_added", Label, Added, 60, Documented, "A label was added to a page, a blog post or other content."),
    row("label_removed", Label, Removed, 26, Source, "A label was removed from content."),
    row("label_deleted", Label, Deleted, 8, Source, "A label was deleted, because no content has it anymore."),
    row("space_created", Space, Created, 8, Source, "A space was created."),
    row("space_updated", Space, Updated, 12, Documented, "The title, the description or the status of a space was changed."),
    row("space_removed", Space, Removed, 4, Source, "A space was deleted, with everything in it."),
    row("space_logo_updated", Space, LogoUpdated, 4, Source, "The logo of a space was changed."),
    row("space_permissions_updated", Space, PermissionsUpdated, 8, Source, "The permissions of a space were changed."),
    row("group_created", Group, Created, 4, Source, "A group was created."),
    row("group_removed", Group, Removed, 2, Source, "A group was deleted."),
    row("user_created", User, Created, 6, Source, "An account was created."),
    row("user_deactivated", User, Deactivated, 3, Source, "An account was deactivated."),
    row("user_reactivated", User, Reactivated, 2, Source, "A deactivated account was reactivated."),
    row("user_removed", User, Removed, 2, Source, "An account was deleted."),
    row("user_followed", User, Followed, 5, Source, "A user followed another user. The body does not say which one."),
    row("theme_enabled", Theme, Enabled, 4, Source, "A theme was enabled for a space or for the whole site."),
];

/// The 43 events.
pub(super) const EVENTS: Catalogue = Catalogue::new(ROWS);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::event::EventKind;

    #[test]
    fn there_are_43_events_and_their_weights_add_up_to_a_thousand() {
        assert_eq!(ROWS.len(), 43);
        assert_eq!(ROWS.iter().map(|row| row.weight).sum::<u16>(), 1000);
    }

    /// Receivers for Confluence Cloud often get this wrong.
    #[test]
    fn removed_means_the_trash_and_trashed_means_permanently_deleted() {
        for word in ["page", "blog", "attachment"] {
            let action = |verb: &str| EVENTS.find(&format!("{word}_{verb}")).map(EventKind::action);
            assert_eq!(action("removed"), Some(Trashed), "{word}");
            assert_eq!(action("trashed"), Some(Removed), "{word}");
        }
        assert_eq!(EVENTS.find("content_trashed").map(EventKind::action), Some(Removed));
    }
}
