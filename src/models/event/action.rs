//! What events do.

/// What an event does to its entity. Senders use the same word for different actions (`removed` is "moved to the trash"
/// on Data Center and "deleted for good" on Cloud), so the action is a column of the catalogue and not read from the
/// name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Action {
    /// It was created.
    Created,
    /// It got a new version, or changed in another way.
    Updated,
    /// It was deleted for good.
    Removed,
    /// It was moved to the trash.
    Trashed,
    /// It was moved back from the trash.
    Restored,
    /// It was moved to another place.
    Moved,
    /// It is a copy of another.
    Copied,
    /// The pages below it were put into another order.
    ChildrenReordered,
    /// It was archived.
    Archived,
    /// It was taken out of the archive.
    Unarchived,
    /// The people who may see or edit it are others.
    PermissionsUpdated,
    /// Somebody looked at it.
    Viewed,
    /// Somebody likes it.
    Liked,
    /// A label was put on content.
    Added,
    /// A label ceased to exist: it is on nothing any more.
    Deleted,
    /// A space got another logo.
    LogoUpdated,
    /// A page was created from a template of an app.
    CreatedFromBlueprint,
    /// An account was deactivated.
    Deactivated,
    /// An account was activated again.
    Reactivated,
    /// Somebody follows somebody.
    Followed,
    /// It was switched on.
    Enabled,
    /// A search was made.
    Performed,
    /// A live document was opened for the first time.
    Initialized,
    /// An edit of a live document began.
    Started,
    /// A version of a live document was saved.
    Snapshotted,
    /// A live document became a page.
    Published,
}
