//! The events of Forge, in the order of Atlassian's documentation
//! (developer.atlassian.com/platform/forge/events-reference/confluence). Three events are only in the npm package `@forge/manifest`
//! 13.7.0.

use crate::models::event::Action::{
    Added, Archived, ChildrenReordered, Copied, Created, Deleted, Initialized, Liked, Moved, Performed,
    PermissionsUpdated, Published, Removed, Restored, Snapshotted, Started, Trashed, Unarchived, Updated, Viewed,
};
use crate::models::event::Entity::{
    Attachment, BlogPost, Comment, CustomContent, Database, Embed, Folder, Group, Label, Page, Relation, Search, Space,
    Task, User, Whiteboard,
};
use crate::models::event::{Action, Catalogue, Entity, EventRow, Evidence};

const fn row(name: &'static str, entity: Entity, action: Action, weight: u16, description: &'static str) -> EventRow {
    EventRow { name, alias: None, entity, action, weight, description, evidence: Evidence::Documented }
}

impl EventRow {
    /// Sets the name of the same event in the published document.
    const fn also(self, alias: &'static str) -> Self {
        Self { alias: Some(alias), ..self }
    }

    /// Marks an event that is not in the documentation.
    const fn only_in_source(self) -> Self {
        Self { evidence: Evidence::Source, ..self }
    }
}

/// The weights add up to 1,000. `label_created` in the published document means that a label was added to content, so it
/// corresponds to `added` and not to `created`.
#[rustfmt::skip]
static ROWS: &[EventRow] = &[
    row("avi:confluence:created:page", Page, Created, 80, "A page was created.").also("page_created"),
    row("avi:confluence:updated:page", Page, Updated, 130, "A page was updated and has a new version.").also("page_updated"),
    row("avi:confluence:liked:page", Page, Liked, 30, "A user liked a page or a live doc."),
    row("avi:confluence:viewed:page", Page, Viewed, 90, "A user viewed a page or a live doc."),
    row("avi:confluence:archived:page", Page, Archived, 5, "A page or a live doc was archived."),
    row("avi:confluence:unarchived:page", Page, Unarchived, 3, "A page or a live doc was restored from the archive."),
    row("avi:confluence:moved:page", Page, Moved, 15, "A page or a live doc was moved to a new parent or space."),
    row("avi:confluence:copied:page", Page, Copied, 10, "A page or a live doc was copied. The event is about the copy."),
    row("avi:confluence:children_reordered:page", Page, ChildrenReordered, 6, "The child pages of a page were reordered."),
    row("avi:confluence:permissions_updated:page", Page, PermissionsUpdated, 8, "The permissions of a page or a live doc were changed."),
    row("avi:confluence:trashed:page", Page, Trashed, 20, "A page or a live doc was moved to the trash.").also("page_trashed"),
    row("avi:confluence:restored:page", Page, Restored, 8, "A page or a live doc was restored from the trash.").also("page_restored"),
    row("avi:confluence:deleted:page", Page, Removed, 8, "A page or a live doc was permanently deleted.").also("page_removed"),
    row("avi:confluence:initialized:page", Page, Initialized, 10, "A live doc was created."),
    row("avi:confluence:started:page", Page, Started, 8, "The first editing session of a live doc ended."),
    row("avi:confluence:snapshotted:page", Page, Snapshotted, 12, "A later editing session of a live doc ended."),
    row("avi:confluence:published:page", Page, Published, 6, "A live doc was converted to a page."),
    row("avi:confluence:created:blogpost", BlogPost, Created, 25, "A blog post was created.").also("blog_created"),
    row("avi:confluence:updated:blogpost", BlogPost, Updated, 25, "A blog post was updated and has a new version.").also("blog_updated"),
    row("avi:confluence:liked:blogpost", BlogPost, Liked, 8, "A user liked a blog post."),
    row("avi:confluence:viewed:blogpost", BlogPost, Viewed, 20, "A user viewed a blog post."),
    row("avi:confluence:permissions_updated:blogpost", BlogPost, PermissionsUpdated, 3, "The permissions of a blog post were changed."),
    row("avi:confluence:trashed:blogpost", BlogPost, Trashed, 6, "A blog post was moved to the trash."),
    row("avi:confluence:restored:blogpost", BlogPost, Restored, 3, "A blog post was restored from the trash."),
    row("avi:confluence:deleted:blogpost", BlogPost, Removed, 4, "A blog post was permanently deleted.").also("blog_removed"),
    row("avi:confluence:created:whiteboard", Whiteboard, Created, 8, "A whiteboard was created."),
    row("avi:confluence:moved:whiteboard", Whiteboard, Moved, 3, "A whiteboard was moved to a new parent or space."),
    row("avi:confluence:copied:whiteboard", Whiteboard, Copied, 3, "A whiteboard was copied. The event is about the copy."),
    row("avi:confluence:permissions_updated:whiteboard", Whiteboard, PermissionsUpdated, 3, "The permissions of a whiteboard were changed."),
    row("avi:confluence:created:database", Database, Created, 6, "A database was created."),
    row("avi:confluence:moved:database", Database, Moved, 2, "A database was moved to a new parent or space."),
    row("avi:confluence:copied:database", Database, Copied, 2, "A database was copied. The event is about the copy."),
    row("avi:confluence:permissions_updated:database", Database, PermissionsUpdated, 2, "The permissions of a database were changed."),
    row("avi:confluence:created:embed", Embed, Created, 5, "A smart link was added to the content tree."),
    row("avi:confluence:moved:embed", Embed, Moved, 2, "A smart link was moved to a new parent or space."),
    row("avi:confluence:copied:embed", Embed, Copied, 2, "A smart link was copied. The event is about the copy."),
    row("avi:confluence:permissions_updated:embed", Embed, PermissionsUpdated, 1, "The permissions of a smart link were changed.").only_in_source(),
    row("avi:confluence:created:folder", Folder, Created, 6, "A folder was created."),
    row("avi:confluence:moved:folder", Folder, Moved, 3, "A folder was moved to a new parent or space."),
    row("avi:confluence:copied:folder", Folder, Copied, 2, "A folder was copied. The event is about the copy."),
    row("avi:confluence:permissions_updated:folder", Folder, PermissionsUpdated, 2, "The permissions of a folder were changed."),
    row("avi:confluence:created:task", Task, Created, 14, "An inline task was added to a page."),
    row("avi:confluence:updated:task", Task, Updated, 14, "An inline task was changed or checked off."),
    row("avi:confluence:removed:task", Task, Removed, 4, "An inline task was removed."),
    row("avi:confluence:created:comment", Comment, Created, 90, "A comment was added.").also("comment_created"),
    row("avi:confluence:updated:comment", Comment, Updated, 25, "A comment was changed.").also("comment_updated"),
    row("avi:confluence:liked:comment", Comment, Liked, 15, "A user liked a comment."),
    row("avi:confluence:deleted:comment", Comment, Removed, 12, "A comment was deleted.").also("comment_removed"),
    row("avi:confluence:permissions_updated:comment", Comment, PermissionsUpdated, 1, "The permissions of a comment were changed.").only_in_source(),
    row("avi:confluence:created:space:V2", Space, Created, 4, "A space was created.").also("space_created"),
    row("avi:confluence:updated:space:V2", Space, Updated, 5, "A space was changed.").also("space_updated"),
    row("avi:confluence:permissions_updated:space:V2", Space, PermissionsUpdated, 3, "The permissions of a space were changed."),
    row("avi:confluence:deleted:space:V2", Space, Removed, 2, "A space was deleted.").also("space_removed"),
    row("avi:confluence:created:attachment", Attachment, Created, 45, "A file was attached.").also("attachment_created"),
    row("avi:confluence:updated:attachment", Attachment, Updated, 25, "A new version of an attachment was uploaded.").also("attachment_updated"),
    row("avi:confluence:viewed:attachment", Attachment, Viewed, 15, "A user viewed an attachment."),
    row("avi:confluence:archived:attachment", Attachment, Archived, 3, "An attachment was archived."),
    row("avi:confluence:unarchived:attachment", Attachment, Unarchived, 2, "An attachment was restored from the archive."),
    row("avi:confluence:trashed:attachment", Attachment, Trashed, 8, "An attachment was moved to the trash."),
    row("avi:confluence:restored:attachment", Attachment, Restored, 4, "An attachment was restored from the trash."),
    row("avi:confluence:deleted:attachment", Attachment, Removed, 5, "An attachment was permanently deleted.").also("attachment_removed"),
    row("avi:confluence:permissions_updated:attachment", Attachment, PermissionsUpdated, 1, "The permissions of an attachment were changed.").only_in_source(),
    row("avi:confluence:created:custom_content", CustomContent, Created, 10, "Custom content of an app was created."),
    row("avi:confluence:updated:custom_content", CustomContent, Updated, 8, "Custom content of an app was updated and has a new version."),
    row("avi:confluence:permissions_updated:custom_content", CustomContent, PermissionsUpdated, 2, "The permissions of custom content were changed."),
    row("avi:confluence:trashed:custom_content", CustomContent, Trashed, 4, "Custom content was moved to the trash."),
    row("avi:confluence:restored:custom_content", CustomContent, Restored, 2, "Custom content was restored from the trash."),
    row("avi:confluence:deleted:custom_content", CustomContent, Removed, 3, "Custom content was permanently deleted."),
    row("avi:confluence:created:label", Label, Created, 12, "A label was used for the first time."),
    row("avi:confluence:added:label", Label, Added, 35, "A label was added to content, a space or a template.").also("label_created"),
    row("avi:confluence:removed:label", Label, Removed, 14, "A label was removed from content, a space or a template.").also("label_removed"),
    row("avi:confluence:deleted:label", Label, Deleted, 4, "A label was deleted."),
    row("avi:confluence:created:user", User, Created, 2, "An account was created."),
    row("avi:confluence:deleted:user", User, Removed, 1, "An account was deleted."),
    row("avi:confluence:created:group", Group, Created, 1, "A group was created."),
    row("avi:confluence:deleted:group", Group, Removed, 1, "A group was deleted."),
    row("avi:confluence:created:relation", Relation, Created, 3, "A relation was created: for example, a user watches a page."),
    row("avi:confluence:deleted:relation", Relation, Removed, 2, "A relation was deleted."),
    row("avi:confluence:performed:search", Search, Performed, 4, "A user searched."),
];

/// The 79 events.
pub(super) const EVENTS: Catalogue = Catalogue::new(ROWS);

#[cfg(test)]
mod tests {
    use super::ROWS;
    use crate::models::event::EventKind;

    #[test]
    fn weights_add_up_to_a_thousand() {
        assert_eq!(ROWS.iter().map(|row| row.weight).sum::<u16>(), 1000);
    }

    #[test]
    fn each_of_the_nineteen_is_the_other_name_of_one_event() {
        let names = crate::profiles::published::PROFILE.events.all().map(EventKind::name);
        for name in names {
            assert_eq!(ROWS.iter().filter(|row| row.alias == Some(name)).count(), 1, "{name}");
        }
        assert_eq!((ROWS.len(), ROWS.iter().filter(|row| row.alias.is_some()).count()), (79, 19));
    }
}
