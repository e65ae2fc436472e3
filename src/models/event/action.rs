//! The actions of events.

/// What happened to the subject of an event.
///
/// Senders use the same word for different actions: `removed` means "moved to the trash" on Data Center and "permanently
/// deleted" on Cloud. So the catalogue states the action, and code never derives it from the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Action {
    /// Created.
    Created,
    /// Changed, usually with a new version.
    Updated,
    /// Permanently deleted.
    Removed,
    /// Moved to the trash.
    Trashed,
    /// Restored from the trash.
    Restored,
    /// Moved to a new parent or space.
    Moved,
    /// Created as a copy.
    Copied,
    /// Its child pages were reordered.
    ChildrenReordered,
    /// Archived.
    Archived,
    /// Restored from the archive.
    Unarchived,
    /// Its view or edit permissions changed.
    PermissionsUpdated,
    /// Viewed.
    Viewed,
    /// Liked.
    Liked,
    /// A label was added to content.
    Added,
    /// A label was deleted, because no content has it anymore.
    Deleted,
    /// The logo of a space changed.
    LogoUpdated,
    /// A page was created from a blueprint.
    CreatedFromBlueprint,
    /// A user was deactivated.
    Deactivated,
    /// A user was reactivated.
    Reactivated,
    /// A user followed another user.
    Followed,
    /// A theme was enabled.
    Enabled,
    /// A search was performed.
    Performed,
    /// A live doc was opened for the first time.
    Initialized,
    /// An editing session of a live doc started.
    Started,
    /// A version of a live doc was saved.
    Snapshotted,
    /// A live doc was converted to a page.
    Published,
}
